"""The journal: unsaved work on disk within two seconds, safe against crashes and ``kill -9``.

One append-only file per open document, written by one background thread. If the file is truncated
anywhere, everything before that is recovered.
"""

from sdedit_desktop.document.files.journal.journal import Journal
from sdedit_desktop.document.files.journal.recovery import Recovery, recoverable
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work

__all__ = ["Journal", "Recovery", "Snapshot", "Work", "recoverable"]
