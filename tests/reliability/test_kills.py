"""A real process is killed at any moment; what is older than two seconds is there again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import children
import numpy as np
import pytest

from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import recoverable
from sdedit_desktop.editing.candidates.persistence import unpack

VICTIM = Path(__file__).with_name("victim.py")
SIDE = 256  # of the victim's document
DOCUMENT = ("document.ora", "document.ora~", "recovery")  # with its backup
SAFE_AFTER_SECONDS = 2.0


def killed(folder, seed):
    """Runs a victim for a while and kills it: what it had reported, and when it died."""
    reported, began = [], threading.Event()
    victim = subprocess.Popen(
        [sys.executable, str(VICTIM), str(folder), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env=children.environment(QT_QPA_PLATFORM="offscreen"),
    )

    def listen():
        for line in victim.stdout:
            what, number, when = line.split()
            reported.append((what, int(number), float(when)))
            began.set()

    listener = threading.Thread(target=listen)
    listener.start()
    assert began.wait(120)
    time.sleep(random.Random(seed).uniform(2.5, 6))  # the moment of death is what is varied
    victim.send_signal(signal.SIGKILL)
    died = time.monotonic()
    victim.wait()
    listener.join()
    victim.stdout.close()
    return reported, died


def left(folder):
    """The document after the next start, and the candidates in it."""
    found = recoverable(folder / "recovery")
    assert len(found) <= 1
    if found:
        document = found[0].load()
        assert document.warnings == []
        found[0].delete()
        check_history(document)
    else:
        document = ora_writer.load(folder / "document.ora")
    seeds = {slot.seed for slot in unpack(document.attachments)}
    return document, seeds


def check_history(document):
    """Each stroke can be undone and done again."""
    tiles, rect = document.layers[1].tiles, document.rect
    pixels, steps = tiles.read(rect), document.history.position
    assert steps == np.count_nonzero(pixels[..., 3])
    document.go_to(0)
    assert not tiles.read(rect).any()
    document.go_to(steps)
    assert np.array_equal(tiles.read(rect), pixels)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
def test_kills_lose_nothing_that_is_older_than_two_seconds(tmp_path, is_long):
    lost, late = [], 0
    for seed in range(200 if is_long else 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        reported, died = killed(folder, seed)
        document, seeds = left(folder)
        pixels = document.layers[1].tiles.read(document.rect)
        for what, number, when in reported:
            is_there = number in seeds
            if what == "stroke":
                is_there = pixels[number // SIDE, number % SIDE, 0] == number + 1
            if what != "saved" and not is_there:
                late += 1
                if when < died - SAFE_AFTER_SECONDS:
                    lost.append((seed, what, number, died - when))
        if (folder / "document.ora").exists():
            ora_writer.load(folder / "document.ora")
        strays = [p.name for p in folder.iterdir() if p.name not in DOCUMENT]
        strays += [p.name for p in (folder / "recovery").iterdir() if p.name != "folder.lock"]
        assert strays == []
    assert lost == []
