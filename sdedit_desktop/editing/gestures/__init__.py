"""Tools: what pointer and keys do to the session, one generator for each drag."""
