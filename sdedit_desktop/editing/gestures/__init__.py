"""Tools: how pointer and keys change the session; a drag is a generator."""
