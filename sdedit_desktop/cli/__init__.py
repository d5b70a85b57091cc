"""The command line: one module per command; Qt and torch are imported only where needed.

The only package that prints.
"""
