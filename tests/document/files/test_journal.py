import contextlib
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import children
import numpy as np
import pytest
from journals import crash
from painting import mask_stroke, noise, state, stroke, write

from sdedit_desktop import files
from sdedit_desktop.document import transforms
from sdedit_desktop.document.commands import AddLayer, RemoveLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import Journal, Snapshot, Work, record_log, recoverable
from sdedit_desktop.document.files.journal import journal as module
from sdedit_desktop.document.files.journal.record_log import RecordLog
from sdedit_desktop.document.files.journal.recovery import FOLDER_LOCK
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect

WORK = Work("photo", Path("photo.ora"), steps=3, candidates=2)


@pytest.fixture
def document():
    document = Document(300, 200)
    stroke(document, (50, 50))
    return document


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def start(folder):
    """Starts journals; each ends with the test."""
    with contextlib.ExitStack() as journals:

        def start(report=lambda _sentence: None):
            return journals.enter_context(contextlib.closing(Journal(folder, report)))

        yield start


def record(journal, document, work=WORK, attachments=None):
    journal.record(Snapshot.of(document, work, attachments), document)
    assert journal.flush(30)


def recovered(folder):
    (recovery,) = recoverable(folder)
    document = recovery.load()
    recovery.leave()
    return document


VICTIM = """
import sys
from pathlib import Path
from painting import stroke
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import Journal, Snapshot, Work

document = Document(300, 200)
stroke(document, (50, 50))
journal = Journal(Path(sys.argv[1]))
work = Work("photo", Path("photo.ora"), 3, 2)
journal.record(Snapshot.of(document, work, lambda: {"candidate": b"pixels"}), document)
assert journal.flush(60)
print("written", flush=True)
sys.stdin.read()
"""


def test_work_survives_a_killed_program(document, folder):
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=children.environment(),
    ) as victim:
        assert victim.stdout.readline() == "written\n"
        assert recoverable(folder) == []  # it is still alive
        victim.kill()
    (recovery,) = recoverable(folder)
    assert recoverable(folder) == []  # offered to one window only
    assert (recovery.title, recovery.source, recovery.steps) == ("photo", Path("photo.ora"), 3)
    assert recovery.candidates == 2
    assert recovery.thumbnail.startswith(b"\x89PNG")
    again = recovery.load()
    assert state(again) == state(document)
    assert again.attachments == {"candidate": b"pixels"}
    recovery.leave()
    (recovery,) = recoverable(folder)
    recovery.delete()
    assert [path.name for path in folder.iterdir()] == [FOLDER_LOCK]


def test_closing_normally_removes_the_journal(document, folder):
    journal = Journal(folder)
    record(journal, document)
    assert any(folder.glob("*.journal"))
    journal.close()
    assert [path.name for path in folder.iterdir()] == [FOLDER_LOCK]


@pytest.mark.parametrize("depth", [8, 16])
def test_everything_in_a_document_comes_back(folder, start, depth):
    """Given each kind of change one after another, when the program dies, all of them are there."""
    journal, document = start(), Document(200, 150, depth)
    record(journal, document)
    strokes = document.layers[1]
    write(strokes.tiles, Rect(-20, 30, 150, 170), noise((140, 170, 4), document.dtype))
    strokes.opacity, strokes.mode, strokes.alpha_locked = 0.3, BlendMode.COLOR, True
    record(journal, document)
    result = document.new_layer("Ergebnis ä")
    result.parameters = {"t0": 0.5, "seeds": [1, 2]}
    result.mask = Tiles(channels=1)
    write(result.mask, Rect(55, 60, 300, 80), noise((20, 245, 1)))
    document.push(AddLayer(result, 1))
    mask_stroke(document, (100, 100))
    record(journal, document, attachments=lambda: {"a": b"1", "b": b"2"})
    document.push(RemoveLayer(document.layers[0].id))
    document.icc, document.metadata = b"profile", {"exif": b"Exif"}
    document.push(transforms.cropped(document, Rect(10, 20, 190, 140)))
    record(journal, document)
    crash(journal)
    again = recovered(folder)
    assert state(again) == state(document)
    assert (again.depth, again.icc, dict(again.metadata)) == (depth, b"profile", {"exif": b"Exif"})
    assert again.attachments == {"a": b"1", "b": b"2"}
    assert again.placement == document.placement != Matrix()
    assert again.warnings == []


def test_undo_and_redo_are_written_too(folder, start, document):
    journal = start()
    record(journal, document)
    kept = state(document)
    stroke(document, (90, 90))
    record(journal, document)
    document.undo()
    record(journal, document)
    crash(journal)
    assert state(recovered(folder)) == kept


def test_a_stroke_under_way_is_there(folder, start, document):
    journal = start()
    edit = document.layers[1].tiles.edit()
    edit.write(Rect(0, 0, 50, 50), np.full((50, 50, 4), 200, np.uint8))
    record(journal, document)
    edit.write(Rect(50, 50, 90, 90), np.full((40, 40, 4), 100, np.uint8))
    record(journal, document)
    kept = state(document)
    edit.rollback()
    crash(journal)
    assert state(recovered(folder)) == kept


def based(tmp_path, journal):
    """A document that was opened from a file, and a stroke on it."""
    path = tmp_path / "a.ora"
    document = Document(300, 200)
    write(document.layers[0].tiles, document.rect, noise((200, 300, 4)))
    ora_writer.save(document, path)
    document = ora_writer.load(path)
    journal.begin(document, path)
    stroke(document, (50, 50))
    record(journal, document)
    return path, document


@pytest.mark.parametrize("what", ["stays", "changes", "goes"])
def test_the_journal_does_not_repeat_tiles_of_the_opened_file(folder, start, tmp_path, what):
    """The file is copied beside the journal in time, so that it may change or go."""
    journal = start()
    path, document = based(tmp_path, journal)
    (log,) = folder.glob("*.journal")
    tiles = [record for record in record_log.read(log) if record.kind == b"T"]
    assert len(tiles) == 1
    while journal._writer.needs_copy:
        threading.Event().wait(0.01)
    crash(journal)
    if what == "changes":
        ora_writer.save(Document(10, 10), path)
    elif what == "goes":
        path.unlink()
    again = recovered(folder)
    assert state(again) == state(document)
    assert again.warnings == []


def test_a_file_that_changes_before_it_is_copied_is_done_without(folder, start, tmp_path):
    journal = start()
    path, document = based(tmp_path, journal)
    ora_writer.save(Document(10, 10), path)
    while journal._writer.needs_copy:
        threading.Event().wait(0.01)
    stroke(document, (90, 90))
    record(journal, document)
    crash(journal)
    assert state(recovered(folder)) in (state(document),)


def test_a_journal_cut_off_anywhere_yields_the_last_whole_state(folder, start, document):
    """Given states one after another, when the file is cut, the last whole one comes back."""
    journal = start()
    states, ends = [], []
    for step in range(6):
        stroke(document, (40 * step + 10, 30 * step + 10))
        record(journal, document)
        states.append(state(document))
        (log,) = folder.glob("*.journal")
        ends.append(log.stat().st_size)
    crash(journal)
    whole = log.read_bytes()
    rng = np.random.default_rng(0)
    for cut in [*ends, *(end - 1 for end in ends), *rng.integers(0, len(whole), 40)]:
        log.write_bytes(whole[:cut])
        found = recoverable(folder)
        expected = [one for one, end in zip(states, ends, strict=True) if end <= cut]
        if not found:
            assert cut < ends[0]
            log.with_suffix(".lock").touch()
            continue
        got = state(found[0].load())
        # A picture of it follows each first state: a cut within that loses nothing.
        assert got in states[max(0, len(expected) - 1) : len(expected) + 1]
        found[0].leave()
    flipped = bytearray(whole)
    flipped[ends[3] - 5] ^= 1
    log.write_bytes(flipped)
    assert state(recovered(folder)) in states[:4]


def test_the_journal_is_compacted(folder, start, monkeypatch):
    """Given strokes that cover each other, the file stays near what is still seen."""
    monkeypatch.setattr("sdedit_desktop.document.files.journal.writer._SLACK_BYTES", 1 << 16)
    journal, document = start(), Document(300, 200)
    for seed in range(12):
        write(document.layers[1].tiles, document.rect, noise((200, 300, 4), seed=seed))
        record(journal, document, replace(WORK, steps=seed), lambda: {"a": b"1"})
        (log,) = folder.glob("*.journal")
        assert log.stat().st_size < 3 * 300 * 200 * 4 + (1 << 17)
    crash(journal)
    assert [path.suffix for path in folder.glob("session-*.[bn]*")] == []
    again = recovered(folder)
    assert state(again) == state(document)
    assert again.attachments == {"a": b"1"}


def test_a_full_disk_is_reported_and_writing_is_tried_again(folder, start, document, monkeypatch):
    said = []
    journal = start(said.append)
    record(journal, document)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    append = RecordLog._write
    is_full = threading.Event()

    def write(self, data):
        if is_full.is_set():
            raise OSError(28, "No space left on device")
        append(self, data)

    monkeypatch.setattr(RecordLog, "_write", write)
    is_full.set()
    stroke(document, (90, 90))
    journal.record(Snapshot.of(document, WORK), document)
    assert not journal.flush(30)
    assert "No space left" in said[0]
    is_full.clear()
    while said[-1] is not None:
        threading.Event().wait(0.01)
    crash(journal)
    assert state(recovered(folder)) == state(document)


def test_a_write_that_breaks_off_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    log = RecordLog(tmp_path / "a.journal")
    log.append(b"B", bytes(16), b"first")
    real = log._file

    class Full:
        def write(self, data):
            real.write(bytes(data[:7]))
            raise OSError(28, "full")

        def __getattr__(self, name):
            return getattr(real, name)

    log._file = Full()
    with pytest.raises(OSError, match="full"):
        log.append(b"B", bytes(16), b"second")
    log._file = real
    log.append(b"B", bytes(16), b"third")
    log.close()
    assert [one.payload for one in record_log.read(tmp_path / "a.journal")] == [b"first", b"third"]


def test_the_journal_knows_when_it_is_behind(document, start):
    journal = start()
    assert journal.is_behind(document)
    record(journal, document)
    assert not journal.is_behind(document)
    document.undo()
    document.redo()
    assert journal.is_behind(document)
    journal.begin(document)
    assert not journal.is_behind(document)
    stroke(document, (90, 90))
    assert journal.is_behind(document)
    assert journal.is_behind(Document(10, 10))


def test_a_saved_document_needs_no_recovery(document, start, folder):
    journal = start()
    record(journal, document)
    record(journal, document, replace(WORK, is_saved=True))
    crash(journal)
    assert recoverable(folder) == []
    assert [path.name for path in folder.iterdir()] == [FOLDER_LOCK]


def test_an_unchanged_documents_snapshot_costs_nothing_and_is_immutable(document):
    first = Snapshot.of(document, WORK)
    stroke(document, (90, 90))
    second = Snapshot.of(document, WORK)
    background, strokes = (str(layer.id) for layer in document.layers)
    assert first.rasters[background] is second.rasters[background]
    assert first.rasters[strokes] is not second.rasters[strokes]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_journals_are_private(document, start, folder):
    record(start(), document)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_temporary_files_of_the_dead_are_swept(document, folder, start, tmp_path):
    journal = start()
    record(journal, document)
    with files.atomic_write(tmp_path / "a.ora") as left:
        pass
    crash(journal)
    files.list_temporaries(None)
    left.write_bytes(b"half")
    (recovery,) = recoverable(folder)
    assert not left.exists()
    recovery.delete()
    assert [path.name for path in folder.iterdir()] == [FOLDER_LOCK]


def test_damaged_remains_are_no_obstacle(folder):
    folder.mkdir()
    (folder / "session-1.lock").touch()
    (folder / "session-2.journal").write_bytes(b"half a f")
    (folder / "session-3.base").write_bytes(b"x")
    assert recoverable(folder) == []
    assert [path.name for path in folder.iterdir()] == [FOLDER_LOCK]


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path):
    assert recoverable(tmp_path / "none") == []
