"""The command line: one module per command, no Qt and no torch before a command needs them.

The only package that prints.
"""
