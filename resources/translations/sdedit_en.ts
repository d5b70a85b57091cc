<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
<name></name>
<message numerus="yes">
<source> · %n more waiting</source>
<translation>
<numerusform> · %n more waiting</numerusform>
<numerusform> · %n more waiting</numerusform>
</translation>
</message>
</context>
</TS>
