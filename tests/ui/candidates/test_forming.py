"""What a running job shows on the canvas, when the picture is turned or cropped meanwhile."""

import threading

import numpy as np
import pytest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.editing.request import Candidate, Preview
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.widgets.qimages import from_qimage

MARKED = Rect(40, 30, 140, 90)
RED, BLUE = np.array([255, 0, 0], np.uint8), np.array([0, 0, 255], np.uint8)
TURNS = {
    "turn_image_right": lambda x, y: (120 - y, x),
    "turn_image_left": lambda x, y: (y, 200 - x),
    "flip_across": lambda x, y: (200 - x, y),
    "flip_down": lambda x, y: (x, 120 - y),
}


class TwoColors:
    """Its pictures are red on the left and blue on the right; it waits before it is done."""

    def __init__(self):
        self.gate = threading.Event()
        self.is_over = False

    def run(self, request, cancel):
        image = np.empty_like(request.guide)
        middle = image.shape[1] // 2
        image[:, :middle], image[:, middle:] = RED, BLUE
        for seed in request.params.seeds:
            yield Preview(image[::2, ::2], request.rect, seed)
            while not self.gate.wait(0.05) and not self.is_over:
                pass
            yield Candidate(image, request.mask, request.rect, request.params, seed)


@pytest.fixture
def forming(qtbot, open_window):
    """A white picture of 200 x 120, a part of it marked, and a candidate that is being made."""
    engine = TwoColors()
    window = open_window(engine, document=Document(200, 120))
    session = window.session
    edit = session.document.mask.edit()
    edit.fill(MARKED, 255)
    edit.commit()
    session.document.preview(Damage(mask=(MARKED,)))
    window.actions_by_id["show_mask"].setChecked(False)
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: session.slots[0].preview is not None)
    window.candidates.choose(0)
    return window


def drawn(window):
    """The middles of red and of blue on the canvas, in document pixels."""
    window.candidates.choose()
    window.candidates.choose(0)
    window.canvas.look(window.canvas.viewport.centered(window.session.document.rect, 2.0))
    pixels = from_qimage(window.canvas.grab().toImage())[..., :3].astype(int)
    found = []
    for color in (RED, BLUE):
        rows, columns = np.nonzero(np.abs(pixels - color).sum(-1) < 60)
        view = window.canvas.viewport
        found.append(((columns.mean() - view.x) / 2, (rows.mean() - view.y) / 2))
    return found


def test_a_forming_candidate_is_shown_at_the_mask(forming):
    red, blue = drawn(forming)
    assert red[0] < blue[0]
    assert red[1] == pytest.approx(60, abs=2)


@pytest.mark.parametrize("turn", list(TURNS))
def test_a_forming_candidate_turns_with_the_picture(forming, turn):
    """When the picture is turned, then what is forming lies on it as before."""
    before = drawn(forming)
    forming.actions_by_id[turn].trigger()
    for was, now in zip(before, drawn(forming), strict=True):
        assert now == pytest.approx(TURNS[turn](*was), abs=2)
