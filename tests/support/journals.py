"""What a killed process leaves of a journal."""


def crash(journal):
    """Ends a journal's thread as a kill would: its files stay, and nobody holds the lock."""
    with journal._state:
        journal._is_closing = True
        writer, journal._writer = journal._writer, None
        journal._state.notify_all()
    journal._thread.join()
    if writer is not None:
        writer.close(remove=False)
    journal._lock.release()
