"""A window that paints, generates and saves until it is killed; tells each thing it has done."""

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer

from sdedit_desktop import app as program
from sdedit_desktop import settings
from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import Candidate, Progress
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.autosave import Autosave

SIDE = 256


class FakeEngine:
    """Makes a candidate of one colour for each seed, at once."""

    def run(self, request, cancel):
        for seed in request.params.seeds:
            yield Progress(1, 1)
            image = np.full_like(request.guide, seed % 251)
            yield Candidate(image, request.mask, request.rect, request.params, seed)

    def inspect(self, model):
        raise NotImplementedError

    def prepare(self, params, given_up):
        """Has nothing to open."""


def tell(what, number):
    sys.stdout.write(f"{what} {number} {time.monotonic()}\n")
    sys.stdout.flush()


class Victim:
    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.folder = folder
        application = program.make_app(settings.Settings())
        self.window = program.make_window(settings.Settings(), FakeEngine)
        self.autosave = Autosave(self.window, folder / "recovery")
        self.session = self.window.session
        self.window.files.adopt(Document(SIDE, SIDE, 16), "victim")
        self.window.show()
        self.strokes = self.seeds = 0
        self.session.jobs.candidate_ready.connect(lambda _job, made: tell("candidate", made.seed))
        self.timer = QTimer(interval=40)
        self.timer.timeout.connect(self.act)
        self.timer.start()
        application.exec()

    def act(self):
        chance = self.random.random()
        if chance < 0.02:
            self.window.files.path = self.folder / "document.ora"
            strokes = self.strokes
            self.window.files.save(lambda is_saved: is_saved and tell("saved", strokes))
        elif chance < 0.06:
            self.seeds += 1
            params = replace(self.session.params, seeds=(self.seeds,))
            self.session.change_params(params)
            self.session.generate()
        else:
            self.paint()

    def paint(self):
        number = self.strokes
        self.strokes += 1
        layer = self.session.document.layers[1]
        x, y = number % SIDE, number // SIDE
        edit = layer.tiles.edit()
        edit.write(Rect(x, y, x + 1, y + 1), np.array([[[number + 1] * 3 + [65535]]], np.uint16))
        command = PaintTiles(Text("Brush stroke"), ("layer", layer.id), edit.commit())
        self.session.document.push(command)
        tell("stroke", number)


if __name__ == "__main__":
    Victim(Path(sys.argv[1]), int(sys.argv[2]))
