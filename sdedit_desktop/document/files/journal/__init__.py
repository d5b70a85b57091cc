"""What is not saved yet, on disk within two seconds: a crash or ``kill -9`` loses nothing older.

One append-only file for each open document, written by one background thread;
whatever the file is cut to, all that was written before the cut comes back.
"""

from sdedit_desktop.document.files.journal.journal import Journal
from sdedit_desktop.document.files.journal.recovery import Recovery, recoverable
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work

__all__ = ["Journal", "Recovery", "Snapshot", "Work", "recoverable"]
