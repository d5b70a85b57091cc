"""The bar above the canvas, the kept brushes, and the pen's curve."""

from dataclasses import replace

import numpy as np
import pytest
from pens import PEN, pen, strokes
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox

from sdedit_desktop.document.brush.brush import Smoothing
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.editing.operations.brush_presets import BrushLibrary
from sdedit_desktop.editing.operations.pressure import PressureCurve
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.pressure_page import CurveEditor
from sdedit_desktop.ui.tool_options.brush_picker import BrushList

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def choose(box, data):
    """As a user would: with the keyboard."""
    box.setFocus()
    while box.currentData() != data:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        if box.currentIndex() == before:
            QTest.keyClick(box, Qt.Key.Key_Home)


def shown(options):
    return {name for name, part in options._parts.items() if part.isVisible()}


def test_every_tool_shows_its_own_options(open_window):
    window = open_window()
    expected = {
        "brush": {"picker", "mode", "diameter", "opacity", "hardness", "stroke", "erases"},
        "eraser": {"diameter", "opacity", "hardness", "stroke"},
        "mask_brush": {"diameter", "opacity", "hardness", "stroke", "erases"},
        "mask_lasso": {"opacity"},
        "fill": {"mode", "opacity", "fill"},
        "eyedropper": {"pick"},
        "hand": set(),
    }
    for tool, parts in expected.items():
        window.actions_by_id[tool].trigger()
        assert shown(window.options) == parts


def test_the_bar_sets_the_brush_and_shows_it(open_window):
    window = open_window()
    options, session = window.options, window.session
    choose(options.mode, BlendMode.SCREEN)
    choose(options.stroke.smoothing, Smoothing.STABILISER)
    QTest.mouseClick(options.stroke.pressure_size, LEFT)
    QTest.mouseClick(options.stroke.pressure_opacity, LEFT)
    QTest.mouseClick(options.erases, LEFT)
    options.stroke._sliders["grain"].set_number(40)
    brush = session.brush
    assert (brush.mode, brush.smoothing) == (BlendMode.SCREEN, Smoothing.STABILISER)
    assert (brush.pressure_size, brush.pressure_opacity) == (False, True)
    assert (brush.erase, brush.grain) == (True, 0.4)
    session.change_brush(replace(brush, mode=BlendMode.COLOR, erase=False, flow=0.25))
    assert options.mode.currentText() == "Colour"
    assert not options.erases.isChecked()
    assert options.stroke._sliders["flow"].number == 25


def test_a_key_makes_the_brush_erase_until_it_is_pressed_again(open_window):
    window = open_window()
    canvas, session, action = window.canvas, window.session, window.actions_by_id["erase_mode"]
    middle = canvas.rect().center()
    QTest.mouseClick(canvas, LEFT, PLAIN, middle)
    assert strokes(session)[40, 50] == 255
    QTest.keyClick(canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert action.isChecked()
    QTest.mouseClick(canvas, LEFT, PLAIN, middle)
    assert strokes(session)[40, 50] == 0
    window.actions_by_id["mask_brush"].trigger()
    assert not action.isChecked()  # every brush has its own
    window.actions_by_id["brush"].trigger()
    assert action.isChecked()
    action.trigger()
    assert not session.brush.erase
    assert session.document.history.labels() == ["Brush stroke", "Erase"]


def test_keys_soften_and_harden_and_reset_colours(open_window):
    window = open_window()
    QTest.keyClick(window.canvas, Qt.Key.Key_BraceLeft)
    assert window.session.brush.hardness == 0.9
    window.actions_by_id["harder"].trigger()
    window.actions_by_id["harder"].trigger()
    assert window.session.brush.hardness == 1
    window.session.change_brush(replace(window.session.brush, color=(9, 9, 9)))
    window.session.background = (8, 8, 8)
    QTest.keyClick(window.canvas, Qt.Key.Key_D)
    assert window.session.brush.color == (0, 0, 0)
    assert window.session.background == (255, 255, 255)


def test_the_fill_tool_fills_by_a_click(open_window):
    window = open_window()
    QTest.keyClick(window.canvas, Qt.Key.Key_G)
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    assert (strokes(window.session) == 255).all()
    assert window.session.document.history.labels() == ["Fill"]
    fill = window.options._parts["fill"]
    fill.tolerance.set_number(25)
    fill.grow.set_number(3)
    QTest.mouseClick(fill.joined, LEFT, PLAIN, QPoint(8, fill.joined.height() // 2))
    choose(fill.source, True)
    chosen = window.session.fill_options
    assert (chosen.tolerance, chosen.grow, chosen.joined, chosen.of_layer) == (0.25, 3, False, True)


def test_options_set_the_eyedroppers_size_and_layer(open_window):
    window = open_window()
    pick = window.options._parts["pick"]
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    choose(pick.size_box, 5)
    choose(pick.source, True)
    assert (window.session.pick_options.size, window.session.pick_options.of_layer) == (5, True)


# --- kept brushes -------------------------------------------------------------------------------


@pytest.fixture
def brushes(qtbot, session, tmp_path):
    brushes = BrushList(session, BrushLibrary(tmp_path / "brushes"))
    qtbot.addWidget(brushes)
    brushes.show()
    brushes.prepare()
    return brushes


def item_of(brushes, name):
    return brushes.list.findItems(name, Qt.MatchFlag.MatchExactly)[0]


def test_a_kept_brush_is_applied_by_a_click_or_enter(session, brushes):
    box = brushes.list.visualItemRect(item_of(brushes, "Pencil"))
    QTest.mouseClick(brushes.list.viewport(), LEFT, PLAIN, box.center())
    assert session.brush.grain > 0.5
    brushes.list.setCurrentItem(item_of(brushes, "Glaze"))
    QTest.keyClick(brushes.list, Qt.Key.Key_Return)
    assert session.brush.mode is BlendMode.MULTIPLY


def test_the_brush_in_hand_is_kept_and_deleted_again(session, brushes, monkeypatch):
    session.change_brush(replace(session.brush, radius=33))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Thirty-three", True))
    QTest.mouseClick(brushes.keep_button, LEFT)
    brushes.prepare()
    assert brushes.list.currentItem().text() == "Thirty-three"
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    for remaining in (1, 0):
        QTest.keyClick(brushes.list, Qt.Key.Key_Delete)
        found = brushes.list.findItems("Thirty-three", Qt.MatchFlag.MatchExactly)
        assert len(found) == remaining
    brushes.list.setCurrentItem(item_of(brushes, "Pencil"))
    assert not brushes.delete_button.isEnabled()


def test_a_broken_brush_file_is_reported(qtbot, session, tmp_path):
    (tmp_path / "bad.json").write_text("{", "utf-8")
    brushes = BrushList(session, BrushLibrary(tmp_path))
    qtbot.addWidget(brushes)
    brushes.prepare()
    assert brushes.errors.text().startswith("bad.json is not a brush")


def test_a_folder_that_cannot_be_written_is_one_sentence(session, tmp_path, qtbot, monkeypatch):
    (tmp_path / "brushes").write_text("a file in the way", "utf-8")
    brushes = BrushList(session, BrushLibrary(tmp_path / "brushes"))
    qtbot.addWidget(brushes)
    said = []
    session.noticed.connect(said.append)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Mine", True))
    brushes.keep()
    assert len(said) == 1
    assert "The preset cannot be saved: " in said[0]


def test_keys_go_through_the_kept_brushes(open_window):
    window = open_window()
    QTest.keyClick(window.canvas, Qt.Key.Key_Period)
    first = window.session.brush
    QTest.keyClick(window.canvas, Qt.Key.Key_Period)
    assert window.session.brush != first
    QTest.keyClick(window.canvas, Qt.Key.Key_Comma)
    assert window.session.brush == first


def test_the_picker_opens_and_closes(open_window):
    window = open_window()
    picker = window.options.picker
    QTest.mouseClick(picker, LEFT)
    assert picker.brushes.isVisible()
    picker.brushes.list.setCurrentItem(item_of(picker.brushes, "Airbrush"))
    QTest.keyClick(picker.brushes.list, Qt.Key.Key_Return)
    assert not picker.brushes.isVisible()
    assert window.session.brush.flow < 0.1


# --- the pen ------------------------------------------------------------------------------------


def test_the_curve_is_felt_by_the_pen_and_not_by_the_mouse(open_window):
    """Given a curve that lets nothing through, the pen is weak and the mouse is not."""
    flat = str(PressureCurve(((0.0, 0.0), (1.0, 0.5))))
    window = open_window(settings=Settings(pressure_curve=flat))
    session, view = window.session, window.canvas
    view.look(view.viewport.centered(session.document.rect, 1.0))
    brush = replace(session.brush, radius=5, pressure_size=False, pressure_opacity=True)
    session.change_brush(brush)
    corner = view.viewport
    pen(view, QEvent.Type.TabletPress, corner.x + 20, corner.y + 20, 1.0)
    pen(view, QEvent.Type.TabletRelease, corner.x + 20, corner.y + 20, 0.0)
    at = QPointF(corner.x + 60, corner.y + 40).toPoint()
    QTest.mouseClick(view, LEFT, PLAIN, at)
    alpha = strokes(session)
    assert alpha[20, 20] == pytest.approx(128, abs=1)
    assert alpha[40, 60] == 255


def test_a_pen_that_also_speaks_as_a_mouse_paints_once(open_window):
    """Given a driver that sends a mouse event after each of the pen, there is one same stroke."""

    def drawn(doubled):
        window = open_window()
        session, view = window.session, window.canvas
        view.look(view.viewport.centered(session.document.rect, 1.0))
        brush = replace(session.brush, flow=0.3, pressure_opacity=True)
        session.change_brush(brush)
        path = [(view.viewport.x + 20 + 5 * i, view.viewport.y + 40) for i in range(10)]
        kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * 8, QEvent.Type.TabletRelease]
        echo = {
            QEvent.Type.TabletPress: QEvent.Type.MouseButtonPress,
            QEvent.Type.TabletMove: QEvent.Type.MouseMove,
            QEvent.Type.TabletRelease: QEvent.Type.MouseButtonRelease,
        }
        for kind, at in zip(kinds, path, strict=True):
            pen(view, kind, *at, 0.4)
            if doubled:
                where = QPointF(*at)
                mouse = QMouseEvent(echo[kind], where, where, LEFT, LEFT, PLAIN, PEN)
                QApplication.sendEvent(view, mouse)
        assert session.document.history.labels() == ["Brush stroke"]
        return strokes(session)

    assert np.array_equal(drawn(False), drawn(True))


@pytest.fixture
def editor(qtbot):
    editor = CurveEditor(PressureCurve())
    qtbot.addWidget(editor)
    editor.resize(224, 224)  # a field of 200 x 200
    editor.show()
    return editor


def drag(widget, start, end):
    QTest.mousePress(widget, LEFT, PLAIN, QPoint(*start))
    QTest.mouseMove(widget, QPoint(*end))
    QTest.mouseRelease(widget, LEFT, PLAIN, QPoint(*end))


def test_points_are_dragged_added_and_removed(editor):
    drag(editor, (112, 112), (112, 52))
    assert editor.curve.points[1] == pytest.approx((0.5, 0.8), abs=0.01)
    drag(editor, (12, 212), (100, 192))
    assert editor.curve.points[0] == pytest.approx((0.0, 0.1), abs=0.01)
    QTest.mouseClick(editor, LEFT, PLAIN, QPoint(112, 52))
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert len(editor.curve.points) == 2


def test_the_keyboard_reaches_every_point(editor):
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert editor.curve.points[-1] == pytest.approx((1, 0.98))
    QTest.keyClick(editor, Qt.Key.Key_Insert)
    QTest.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert editor.curve.points[1] == pytest.approx((0.5, 0.59))
    QTest.keyClick(editor, Qt.Key.Key_PageDown)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert editor.curve.points[0] == pytest.approx((0, 0.02))
    assert editor.accessibleDescription() == "0% 2%, 50% 59%, 100% 98%"
