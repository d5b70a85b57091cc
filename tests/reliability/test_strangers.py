"""Files from strangers: refused or opened soon, and with little memory beside the document's."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import hostile
import pytest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, photo
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.errors import FileFormatError

CHILD = Path(__file__).with_name("open_files.py")
OVER_BYTES = 500 << 20
SECONDS = 2.0
"""Twice the goal: a processor that is shared or hot may be slower than the one it was set for."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_hostile_documents_cost_little(tmp_path):
    """Given files that claim to be enormous, when they are opened under limits."""
    files = {name: tmp_path / f"{number}.ora" for number, name in enumerate(hostile.KINDS)}
    for name, path in files.items():
        hostile.KINDS[name](path)
    child = subprocess.run(
        [sys.executable, str(CHILD), str(OVER_BYTES), *map(str, files.values())],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    results = [json.loads(line) for line in child.stdout.splitlines()]
    for name, result in zip(files, results, strict=True):
        assert result["outcome"] in ("opened", "refused"), (name, result)
        assert result["seconds"] < SECONDS, (name, result)


def opens(path):
    document = ora_writer.load(path)
    return document, persistence.unpack(document.attachments, frame=document.rect)


@pytest.mark.parametrize("size", [(3000, 3000), (64, 64)])
def test_documents_of_many_large_flat_layers_can_be_reopened(size, tmp_path):
    """Empty pictures pack best; there are many layers, and masks, of them."""
    document = Document(*size)
    for _ in range(6):
        layer = document.new_layer("empty")
        edit = layer.tiles.edit()
        edit.fill(document.rect, 255)
        edit.commit()
        document.layers.append(layer)
    edit = document.mask.edit()
    edit.fill(document.rect, 255)
    edit.commit()
    ora_writer.save(document, tmp_path / "a.ora")
    assert len(ora_writer.load(tmp_path / "a.ora").layers) == 8


def test_a_valid_candidate_is_kept_beside_refused_ones(tmp_path):
    _, slots = opens(hostile.with_candidates(tmp_path / "a.ora", [hostile.ENTRY], [hostile.png()]))
    assert [slot.seed for slot in slots] == [1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("opened", [ora_writer.load, photo.open_photo, photo.open_mask])
def test_pipes_and_devices_are_not_waited_for(opened, tmp_path):
    """A named pipe that nobody writes to blocks whoever opens it for reading."""
    pipe = tmp_path / "a.png"
    os.mkfifo(pipe)
    devices = [Path("/dev/zero")] if Path("/dev/zero").exists() else []
    for path in (pipe, *devices):
        assert not stat.S_ISREG(path.stat().st_mode)
        with pytest.raises(FileFormatError, match="not a file that holds data"):
            opened(path)
