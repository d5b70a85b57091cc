import os
import subprocess
import sys

import pytest
from painting import state, stroke

from sdedit_desktop.document.commands import AddLayer, RemoveLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, ora_writer
from sdedit_desktop.document.files.journal import Journal, recoverable
from sdedit_desktop.errors import FileFormatError


@pytest.fixture
def document():
    document = Document(300, 200)
    document.attachments["candidate"] = b"pixels"
    stroke(document, (50, 50))
    return document


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "state")
    yield journal
    journal.close()


VICTIM = """
import sys
from pathlib import Path
from painting import stroke
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import Journal

document = Document(300, 200)
document.attachments["candidate"] = b"pixels"
stroke(document, (50, 50))
journal = Journal(Path(sys.argv[1]))
journal.write(journal.snapshot(document, Path("photo.ora")))
print("written", flush=True)
sys.stdin.read()
"""


def test_work_survives_a_killed_program(document, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, tmp_path / "state"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as victim:
        assert victim.stdout.readline() == "written\n"
        assert recoverable(tmp_path / "state") == []  # it is still alive
        victim.kill()
    (recovery,) = recoverable(tmp_path / "state")
    assert recovery.source.name == "photo.ora"
    recovered = recovery.load()
    assert state(recovered) == state(document)
    assert recovered.attachments == document.attachments
    recovery.discard()
    assert recoverable(tmp_path / "state") == []
    assert list((tmp_path / "state").iterdir()) == []


def test_a_program_that_ends_in_peace_leaves_nothing(document, tmp_path):
    journal = Journal(tmp_path)
    journal.write(journal.snapshot(document, None))
    assert any(tmp_path.glob("*.ora"))
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_the_journal_knows_when_it_is_behind(document, journal):
    assert journal.is_behind(document)
    snapshot = journal.snapshot(document, None)
    assert not journal.is_behind(document)
    journal.write(snapshot)
    assert not journal.is_behind(document)
    document.undo()
    document.redo()
    assert journal.is_behind(document)
    document.history.mark_saved()
    journal.discard()
    assert not journal.is_behind(document)
    stroke(document, (90, 90))
    assert journal.is_behind(document)
    assert not journal.is_behind(Document(10, 10))


def test_a_snapshot_is_the_document_at_that_moment(document, journal, tmp_path):
    kept = state(document)
    snapshot = journal.snapshot(document, None)
    stroke(document, (90, 90))
    journal.write(snapshot)
    (path,) = (tmp_path / "state").glob("*.ora")
    assert state(ora_writer.load(path)) == kept


def test_only_what_changed_is_encoded_again(document, journal, tmp_path, monkeypatch):
    encoded = []
    encode = codec.to_png
    monkeypatch.setattr(
        codec, "to_png", lambda pixels, *args, **options: encoded.append(1) or encode(pixels)
    )

    def write():
        encoded.clear()
        journal.write(journal.snapshot(document, None))
        (path,) = (tmp_path / "state").glob("*.ora")
        assert state(ora_writer.load(path)) == state(document)
        return len(encoded)

    assert write() == 3  # background, strokes, mask
    assert write() == 0
    stroke(document, (90, 90))
    assert write() == 1
    document.push(AddLayer(document.new_layer("new"), 1))
    assert write() == 1
    document.push(RemoveLayer(document.layers[0].id))
    assert write() == 0
    document.undo()
    assert write() == 1  # it was not in the last copy


def test_a_failed_copy_leaves_the_one_before(document, journal, tmp_path, monkeypatch):
    journal.write(journal.snapshot(document, None))
    kept = state(document)
    stroke(document, (90, 90))
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _fd: (_ for _ in ()).throw(OSError(28, "full")))
        snapshot = journal.snapshot(document, None)
        with pytest.raises(FileFormatError):
            journal.write(snapshot)
    (path,) = (tmp_path / "state").glob("*.ora")
    assert state(ora_writer.load(path)) == kept
    journal.write(journal.snapshot(document, None))
    assert state(ora_writer.load(path)) == state(document)


def test_damaged_remains_are_no_obstacle(tmp_path):
    (tmp_path / "session-1.lock").touch()
    (tmp_path / "session-2.lock").touch()
    (tmp_path / "session-2.ora").write_bytes(b"half a f")
    (tmp_path / "session-2.json").write_text("[")
    (recovery,) = recoverable(tmp_path)
    assert recovery.source is None
    with pytest.raises(FileFormatError):
        recovery.load()
    recovery.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path):
    assert recoverable(tmp_path / "none") == []
