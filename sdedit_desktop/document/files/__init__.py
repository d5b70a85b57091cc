"""Files in and out: photographs, OpenRaster documents and the journal.

A file is written beside its target and then replaces it; a bad file is one clear sentence.
"""
