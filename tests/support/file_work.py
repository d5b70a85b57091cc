"""File operations of a window, waited for."""

from PySide6.QtCore import QDeadlineTimer
from PySide6.QtTest import QTest

_PATIENCE_MS = 60_000


def save(window):
    """Saves; returns whether it was saved."""
    return _result(window.files.save)


def open_path(window, path):
    """Opens a file; returns whether it was opened."""
    return _result(lambda done: window.files.open_path(path, done))


def export(window):
    """Exports; returns whether it was exported."""
    return _result(window.exports.export)


def settle(window):
    """Waits for the file that is being read or written, if one is."""
    _wait(lambda: not window.files.task.is_running)


def trigger(window, *actions):
    """Triggers actions, and waits for the files that they read or write."""
    for action in actions:
        window.actions_by_id[action].trigger()
        settle(window)


def _result(start):
    results = []
    start(results.append)
    _wait(lambda: results)
    (result,) = results
    return result


def _wait(is_over):
    deadline = QDeadlineTimer(_PATIENCE_MS)
    while not is_over():
        assert not deadline.hasExpired()
        QTest.qWait(2)
