"""Limits of the system that stand in for a full disk."""

from contextlib import contextmanager


@contextmanager
def room(size_bytes):
    """No file can become larger than so many bytes: each write beyond fails for real."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
