"""A disk that is full at any byte of any write: the old file stays whole.

The system's own limit of file sizes stands in for the disk: each write beyond it fails for real.
"""

import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from limits import room
from painting import noise, state, stroke, write

from sdedit_desktop import settings
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, photo
from sdedit_desktop.document.files.journal import Journal, Snapshot, Work, recoverable
from sdedit_desktop.document.files.journal import journal as module
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")


@pytest.fixture
def document():
    document = Document(120, 90)
    write(document.layers[1].tiles, Rect(0, 0, 120, 90), noise((90, 120, 4)))
    return document


def places(size_bytes, count):
    return sorted({round(size_bytes * share) for share in np.linspace(0, 0.99, count)})


def check(path, tmp_path, attempt, is_long):
    """Tries to write with room for ever more; returns how often."""
    old = path.read_bytes()
    sizes = places(path.stat().st_size, 300 if is_long else 25)
    for size in sizes:
        with room(size), pytest.raises((FileFormatError, OSError)):
            attempt()
        assert path.read_bytes() == old
        assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    attempt()
    assert path.read_bytes() != old


def test_a_full_disk_leaves_the_saved_document_whole(document, tmp_path, is_long):
    path = tmp_path / "a.ora"
    written = ora_writer.save(document, path)
    stroke(document, (50, 50))
    check(path, tmp_path, lambda: ora_writer.save(document, path, earlier=written), is_long)
    assert state(ora_writer.load(path)) == state(document)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg", "linked.png"])
def test_a_full_disk_leaves_no_partial_export(document, tmp_path, name, is_long):
    path = tmp_path / name
    pixels = noise((90, 120, 3), seed=1)
    photo.export(pixels, path)
    if name == "linked.png":
        os.link(path, tmp_path / "other.png")
    check(path, tmp_path, lambda: photo.export(255 - pixels, path), is_long)


def test_a_full_disk_leaves_the_settings_whole(tmp_path, is_long):
    path = tmp_path / "settings.json"
    settings.save(settings.Settings(), path)
    changed = replace(settings.Settings(), theme="dark", recent_files=("/a" * 200,))
    check(path, tmp_path, lambda: settings.save(changed, path), is_long)
    assert settings.load(path) == replace(changed, unknown={"version": 1})


def test_a_full_disk_leaves_the_journal_readable(document, tmp_path, monkeypatch, is_long):
    """Given a disk that is full at ever other bytes, what was kept before stays usable."""
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.005)
    for share in np.linspace(0, 1, 60 if is_long else 8):
        folder = tmp_path / f"{share:.3f}"
        journal = Journal(folder)
        journal.record(Snapshot.of(document, Work("a")), document)
        assert journal.flush(60)
        (path,) = folder.glob("*.journal")
        kept, size = state(document), path.stat().st_size
        write(document.layers[1].tiles, document.rect, noise((90, 120, 4), seed=round(99 * share)))
        with room(size + round(share * 40_000)):
            journal.record(Snapshot.of(document, Work("a")), document)
            has_room = journal.flush(60)
        try:
            if not has_room:
                image = path.read_bytes()
                other = tmp_path / f"copy{share:.3f}"
                other.mkdir()
                (other / path.name).write_bytes(image)
                (recovery,) = recoverable(other)
                assert state(recovery.load()) == kept
                recovery.delete()
            while not journal.flush(60):
                pass
        finally:
            journal.close()
