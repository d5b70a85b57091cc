"""The mask is seen whenever it has an effect, or it is said that it is hidden."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.geometry import Rect
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.canvas.mask_layer import HEAT
from sdedit_desktop.ui.widgets.qimages import from_qimage

BOX = Rect(100, 80, 300, 220)
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window):
    """A white picture; a box is marked, its left half fully, its right half by 100 of 255."""
    window = open_window(document=Document(400, 300))
    marked(window)
    return window


def marked(window):
    document = window.session.document
    edit = document.mask.edit()
    edit.fill(BOX, 255)
    edit.fill(Rect(200, 80, 300, 220), 100)
    edit.commit()
    document.preview(Damage(mask=(BOX,)))
    window.canvas.setFocus()


def shown(window, x, y):
    """The colour on the screen at a point of the document."""
    at = window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()
    return from_qimage(window.canvas.grab().toImage())[at.y(), at.x(), :3].astype(int)


def veiled(color, opacity):
    return [round(255 * (1 - opacity) + opacity * part) for part in color]


def test_the_veil_is_as_strong_as_the_mask_and_as_the_user_wants_it(window):
    window.actions_by_id["mask_brush"].trigger()
    color = QColor(Settings().mask_color).getRgb()[:3]
    assert shown(window, 150, 150) == pytest.approx(veiled(color, 0.45), abs=2)
    window.mask_look.opacity.set_number(80)
    assert shown(window, 150, 150) == pytest.approx(veiled(color, 0.8), abs=2)
    assert shown(window, 250, 150) == pytest.approx(veiled(color, 0.8 * 100 / 255), abs=2)
    assert window.settings.mask_opacity == 80
    assert shown(window, 50, 50).tolist() == [255] * 3


def test_colour_and_opacity_are_kept_between_starts(open_window, monkeypatch):
    kept = []
    window = open_window(document=Document(400, 300), keep=kept.append)
    marked(window)
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor(0, 200, 0))
    window.actions_by_id["mask_brush"].trigger()
    window.mask_look._button.click()
    window.mask_look.opacity.set_number(60)
    assert (kept[-1].mask_color, kept[-1].mask_opacity) == ("#00c800", 60)
    again = open_window(document=Document(400, 300), settings=kept[-1])
    marked(again)
    again.actions_by_id["mask_brush"].trigger()
    assert shown(again, 150, 150) == pytest.approx(veiled((0, 200, 0), 0.6), abs=2)


def test_any_other_tool_shows_an_outline_instead(window):
    window.actions_by_id["brush"].trigger()
    assert not window.mask_look.options.isVisible()
    assert shown(window, 150, 150).tolist() == [255] * 3
    rim = [shown(window, 100 + dx, 150).tolist() for dx in range(3)]
    assert min(min(color) for color in rim) < 160


def test_the_heat_map_tells_strengths_apart_and_has_a_legend(window):
    # Given a mask of two strengths
    window.actions_by_id["brush"].trigger()
    # When the heat map is switched on by its key
    QTest.keyClick(window.canvas, Qt.Key.Key_Q, CTRL_SHIFT)
    # Then each strength has the colour of the scale, and the scale is explained
    for x, strength in ((150, 255), (250, 100)):
        color = QColor.fromRgba(HEAT[strength]).getRgb()[:3]
        assert shown(window, x, 150) == pytest.approx(veiled(color, 0.75), abs=2)
    assert shown(window, 50, 50).tolist() == [255] * 3
    legend = window.mask_look.legend
    assert legend.isVisible()
    assert legend.geometry().bottom() < window.canvas.height()
    assert legend.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    # When it is switched off, all is as it was
    QTest.keyClick(window.canvas, Qt.Key.Key_Q, CTRL_SHIFT)
    assert not legend.isVisible()
    assert shown(window, 150, 150).min() > 220


def test_the_heat_maps_colours_differ_in_lightness_too():
    colors = [QColor.fromRgba(color) for color in HEAT[1::6]]
    luma = [0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF() for c in colors]
    assert (np.diff(luma) > 0).all()
    assert luma[-1] - luma[0] > 0.6
    assert QColor.fromRgba(HEAT[0]).alpha() == 0


def test_the_heat_map_shows_a_hidden_mask_again(window):
    window.actions_by_id["show_mask"].trigger()
    window.actions_by_id["heat_mask"].trigger()
    assert window.actions_by_id["show_mask"].isChecked()
    assert shown(window, 150, 150).max() < 255


def test_a_hidden_mask_that_works_is_outlined_and_that_is_said(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate), Document(400, 300))
    marked(window)
    said = []
    window.session.noticed.connect(said.append)
    # Given a mask that the user has hidden
    window.actions_by_id["show_mask"].trigger()
    assert (shown(window, 100, 150) == 255).all()
    assert "hidden but works" in window.statusBar()._mask.text()
    # When a job is started
    window.actions_by_id["generate"].trigger()
    # Then it is said, and the outline is seen while it works
    assert "hidden but works" in said[-1]
    rim = [shown(window, 100 + dx, 150).tolist() for dx in range(3)]
    assert min(min(color) for color in rim) < 160
    # When the job is done
    gate.set()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.candidates.choose(-1)
    # Then the picture is undisturbed again
    assert (shown(window, 100, 150) == 255).all()
    assert len(said) == 1


@pytest.mark.parametrize("mask", ["none", "everything"])
def test_a_mask_without_effect_is_not_spoken_of(qtbot, open_window, mask):
    window = open_window(document=Document(60, 50))
    said = []
    window.session.noticed.connect(said.append)
    if mask == "everything":
        window.actions_by_id["fill_mask"].trigger()
    window.actions_by_id["show_mask"].trigger()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert said == []
    assert not window.canvas.scene.mask_view.look.revealed


def test_a_setting_out_of_its_range_is_brought_into_it(open_window):
    window = open_window(settings=replace(Settings(), mask_opacity=5000))
    assert window.mask_look.opacity.number == 95


def test_nothing_of_the_mask_is_seen_while_a_result_is_judged(qtbot, window):
    # Given a candidate that is being looked at
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert window.candidates.chosen_slot() is not None
    assert shown(window, 150, 150).tolist() == [101] * 3
    plain = shown(window, 100, 150)
    # When it is compared along a line, and accepted
    window.actions_by_id["compare_slider"].trigger()
    assert np.array_equal(shown(window, 290, 150), shown(window, 291, 150))
    window.actions_by_id["compare_slider"].trigger()
    window.actions_by_id["accept"].trigger()
    # Then no outline lies over it, until something is painted
    assert np.abs(shown(window, 100, 150) - plain).max() <= 1
    at = window.canvas.viewport.transform.map(QPointF(20, 20)).toPoint()
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert np.abs(shown(window, 100, 150) - plain).max() > 20
