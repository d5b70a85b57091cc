"""Photographs, OpenRaster documents and the journal.

A file is written under a temporary name and then replaces its target; an unreadable file raises
one clear sentence.
"""
