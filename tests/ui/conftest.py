import threading
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QCursor

from sdedit_desktop.app import make_window
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import (
    Cancelled,
    Candidate,
    EditParams,
    ModelFacts,
    Preview,
    Progress,
)
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import ModelError
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui import window_layout
from sdedit_desktop.ui.widgets import theme

PARAMS = EditParams("fake", seeds=(1, 2))


class FakeEngine:
    """Plays back a script of ``steps`` for each seed; ``gate``, if given, holds each step.

    Like a network call, a step at the gate cannot be cancelled; ``is_over`` opens every gate.
    """

    def __init__(self, steps=3, error=None, gate=None):
        self.steps, self.error, self.gate = steps, error, gate
        self.is_over = False
        self.thread = None
        self.requests = []
        self.log = []
        self.opens_slowly = False

    def run(self, request, cancel):
        self.thread = threading.get_ident()
        self.requests.append(request)
        self.log.append(f"run {request.params.model}")
        seeds = request.params.seeds
        for number, seed in enumerate(seeds):
            for step in range(1, self.steps + 1):
                self.pass_gate()
                cancel.check()
                yield Progress(number * self.steps + step, len(seeds) * self.steps, 1000.0)
                yield Preview(picture(request, 10 * seed + step)[::2, ::2], request.rect, seed)
            if self.error:
                raise self.error
            image = picture(request, 100 + seed)
            yield Candidate(image, request.mask, request.rect, request.params, seed)

    def pass_gate(self):
        if self.steps > 1000:  # as an engine does, leave the window time for what is shown
            threading.Event().wait(0.005)
        while self.gate and not self.gate.wait(0.05) and not self.is_over:
            pass

    def prepare(self, params, given_up):
        """Opens a model; while ``opens_slowly``, until it is given up."""
        self.thread = threading.get_ident()
        self.log.append(f"open {params.model}")
        if "broken" in params.model:
            raise ModelError("It is broken.")
        while self.opens_slowly and not self.is_over:
            if given_up():
                self.log.append(f"give up {params.model}")
                raise Cancelled
            threading.Event().wait(0.001)
        self.log.append(f"have {params.model}")

    def inspect(self, model):
        if "broken" in model:
            return ModelFacts(model, {}, trouble="It is broken.")
        card = {
            "name": model,
            "family": "DDPM",
            "format": "a test's",
            "parameters": 12345,
            "size": 64,
            "prediction": "epsilon",
            "sigma_min": 0.01,
            "sigma_max": 157.0,
            "notes": ["Something was <guessed>."],
        }
        return ModelFacts(model, card, (0.0, 3.42, 152.0), (0.0, 0.5, 1.0))


def picture(request, value):
    return np.full_like(request.guide, value % 251)


@pytest.fixture
def fake_engine():
    return FakeEngine


@pytest.fixture
def session():
    return Session(Document(100, 80), PARAMS)


@pytest.fixture
def open_window(qtbot, request, will_close, monkeypatch):
    """Opens windows with an engine of the test's choice; all are closed in the end.

    Their panels lie as on a screen that is large enough.
    """
    monkeypatch.setattr(window_layout, "first_size", lambda _available: QSize(1440, 900))

    def open_window(engine=None, document=None, settings=None, keep=lambda _settings: None):
        engine = engine or FakeEngine()
        window = will_close(make_window(settings or Settings(), lambda: engine, keep))
        request.addfinalizer(partial(setattr, engine, "is_over", True))
        window.resize(1200, 800)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.files.adopt(document or Document(100, 80), "test")
        window.session.change_params(PARAMS)
        window.session.keeps_seed = True
        return window

    return open_window


@pytest.fixture(autouse=True)
def always_collected(collected_here):
    """Whatever a test shows is freed before the next."""


@pytest.fixture(autouse=True)
def pointer_elsewhere(qapp):
    """No window is shown under a pointer that an earlier test left there."""
    QCursor.setPos(-1000, -1000)


@pytest.fixture(scope="session")
def installed(qapp):
    theme.install(qapp, "dark")


@pytest.fixture(autouse=True)
def dressed(qapp, installed):
    """The program's look, so that colours in grabbed pictures are known."""
    theme.choose(qapp, "dark")
