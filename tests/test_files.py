import os
import signal
import subprocess
import sys

import children
import limits
import pytest

from sdedit_desktop import files, in_place
from sdedit_desktop.files import atomic_write, sweep_temporaries


def test_the_new_file_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "picture.png"
    path.write_text("old")
    with atomic_write(path) as new:
        new.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "picture.png"
    path.write_text("old")

    def fail_halfway():
        with atomic_write(path) as new:
            new.write_text("ha")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_halfway()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_named_for_the_same_format(tmp_path):
    with atomic_write(tmp_path / "picture.tiff") as new:
        assert (new.parent, new.suffix) == (tmp_path, ".tiff")
        new.touch()


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path):
    with (
        pytest.raises(OSError, match="missing"),
        atomic_write(tmp_path / "missing" / "a.png") as new,
    ):
        new.write_text("new")


def test_through_a_symbolic_link_the_file_is_replaced_and_the_link_stays(tmp_path):
    path, link = tmp_path / "real.json", tmp_path / "link.json"
    path.write_text("old")
    link.symlink_to(path)
    with atomic_write(link) as new:
        new.write_text("new")
    assert link.is_symlink()
    assert path.read_text() == "new"


@pytest.fixture
def linked(tmp_path):
    """A file of 10,000 bytes with a mode and time of its own, known by two names."""
    path, other = tmp_path / "picture.png", tmp_path / "other.png"
    path.write_bytes(OLD)
    path.chmod(0o640)
    os.utime(path, ns=(1, 10**18))
    os.link(path, other)
    return path, other


OLD, LARGER, SMALLER = b"old " * 2500, b"newer " * 2500, b"new " * 1000


def put(path, content, **how):
    with atomic_write(path, **how) as new:
        new.write_bytes(content)


@pytest.mark.parametrize("content", [LARGER, SMALLER])
def test_a_file_with_two_names_keeps_them(linked, tmp_path, content):
    path, other = linked
    mode = path.stat().st_mode
    put(path, content)
    assert path.read_bytes() == other.read_bytes() == content
    assert path.samefile(other)
    assert path.stat().st_mode == mode
    assert path.stat().st_mtime_ns != 10**18
    assert sorted(tmp_path.iterdir()) == [other, path]


def test_the_backup_of_a_file_with_two_names_is_a_file_of_its_own(linked, tmp_path):
    path, other = linked
    put(path, LARGER, backup=True)
    assert other.read_bytes() == LARGER
    assert (tmp_path / "picture.png~").read_bytes() == OLD
    put(path, SMALLER, backup=True)
    assert (tmp_path / "picture.png~").read_bytes() == LARGER
    assert len(list(tmp_path.iterdir())) == 3


CHILD = """
import os, resource, signal, sys
from pathlib import Path
from sdedit_desktop import files, in_place

path, listed, content, room = Path(sys.argv[1]), *sys.argv[2:]
files.list_temporaries(Path(listed))
overwrite = in_place.overwrite

def killed_when_out_of_room(*paths):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
    return overwrite(*paths)

os.__dict__.pop("posix_fallocate", None)  # not every system can reserve space
in_place.overwrite = killed_when_out_of_room
with files.atomic_write(path, backup=True) as new:
    new.write_text(content)
"""
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")


@needs_limits
@pytest.mark.parametrize(
    ("content", "room"), [(LARGER, 0), (LARGER, 3584), (LARGER, 12_288), (SMALLER, 3584)]
)
def test_a_kill_while_a_file_is_overwritten_leaves_the_old_one_after_the_next_start(
    linked, tmp_path, content, room
):
    path, other = linked
    listed = tmp_path / "listed"
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(listed), content.decode(), str(room)],
        env=children.environment(),
        timeout=60,
    )
    assert child.returncode == -signal.SIGXFSZ
    torn = path.read_bytes()
    assert torn == content[:room] + OLD[room:]
    copies = {one.read_bytes() for one in tmp_path.iterdir() if one.name.startswith(".")}
    assert copies == {OLD, content}
    sweep_temporaries(listed)
    assert path.read_bytes() == other.read_bytes() == OLD
    assert path.stat().st_mtime_ns == 10**18
    assert sorted(tmp_path.iterdir()) == [other, path]


def test_repair_leaves_files_that_another_program_wrote_after_the_kill(tmp_path):
    path, old, new = (tmp_path / name for name in "pon")
    old.write_bytes(OLD)
    new.write_bytes(LARGER)
    for content in (b"another's " * 500, LARGER[:512] + b"x" + OLD[513:], LARGER, b""):
        path.write_bytes(content)
        in_place.repair(path, old, new)
        assert path.read_bytes() == content
    path.write_bytes(LARGER[:1024] + bytes(512) + OLD[1536:])  # as after a loss of power
    in_place.repair(path, old, new)
    assert path.read_bytes() == OLD


@needs_limits
@pytest.mark.parametrize("room", [0, 700, 9_999, 12_000])
@pytest.mark.parametrize("reserves", [True, False])
def test_without_room_to_overwrite_it_the_file_is_replaced(linked, monkeypatch, room, reserves):
    """Given a disk that is full only then: the new is in a file, and the other name has the old."""
    path, other = linked
    overwrite = in_place.overwrite

    def with_little_room(*paths):
        with limits.room(room):
            return overwrite(*paths)

    written = []
    write = in_place._write
    monkeypatch.setattr(in_place, "_write", lambda *what: (written.append(what), write(*what)))
    if not reserves:
        monkeypatch.delattr(os, "posix_fallocate")
    monkeypatch.setattr(in_place, "overwrite", with_little_room)
    put(path, LARGER, backup=True)
    assert path.read_bytes() == LARGER
    assert other.read_bytes() == path.with_name("picture.png~").read_bytes() == OLD
    assert other.stat().st_mtime_ns == 10**18
    assert len(list(path.parent.iterdir())) == 3
    assert len(written) == (1 if reserves else 2)  # reserved in vain, it is not even tried


@needs_limits
def test_a_file_that_cannot_be_restored_is_kept_and_restored_at_the_next_start(
    linked, tmp_path, monkeypatch
):
    path, other = linked
    listed = tmp_path / "listed"
    monkeypatch.delattr(os, "posix_fallocate")
    monkeypatch.setattr(files, "_list", listed)
    put_back = in_place._put_back

    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(in_place, "_put_back", fail)
    overwrite = in_place.overwrite

    def with_little_room(*paths):
        with limits.room(1024):
            return overwrite(*paths)

    monkeypatch.setattr(in_place, "overwrite", with_little_room)
    with pytest.raises(OSError, match="Input/output"):
        put(path, LARGER)
    assert other.read_bytes() == LARGER[:1024] + OLD[1024:]
    sweep_temporaries(listed)
    assert other.read_bytes() != OLD
    assert listed.exists()
    monkeypatch.setattr(in_place, "_put_back", put_back)
    sweep_temporaries(listed)
    assert path.read_bytes() == other.read_bytes() == OLD
    assert sorted(tmp_path.iterdir()) == [other, path]
