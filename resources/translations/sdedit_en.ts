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
<message numerus="yes">
<source>%n candidates</source>
<translation>
<numerusform>%n candidate</numerusform>
<numerusform>%n candidates</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n minutes</source>
<translation>
<numerusform>%n minute</numerusform>
<numerusform>%n minutes</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n seconds</source>
<translation>
<numerusform>%n second</numerusform>
<numerusform>%n seconds</numerusform>
</translation>
</message>
<message numerus="yes">
<source>%n steps</source>
<translation>
<numerusform>%n step</numerusform>
<numerusform>%n steps</numerusform>
</translation>
</message>
<message numerus="yes">
<source>Reading %n photographs…</source>
<translation>
<numerusform>Reading %n photograph…</numerusform>
<numerusform>Reading %n photographs…</numerusform>
</translation>
</message>
</context>
</TS>
