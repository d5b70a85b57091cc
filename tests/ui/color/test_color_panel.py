"""Choosing colours: the panel, and what is shown at the pointer."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QColorSpace
from PySide6.QtTest import QTest

from sdedit_desktop.document.document import Document
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.canvas.pointer_guides import PickLens
from sdedit_desktop.ui.color.panel import ColorPanel
from sdedit_desktop.ui.color.square import rgb_of
from sdedit_desktop.ui.color.swatches import Swatch
from sdedit_desktop.ui.widgets.qimages import shown_color

ADOBE = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile())
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def open_panel(qtbot, session):
    def open_panel(**values):
        panel = ColorPanel(session, Settings(**values))
        qtbot.addWidget(panel)
        panel.resize(280, 260)
        panel.show()
        return panel

    return open_panel


def in_adobe_rgb():
    document = Document(100, 80)
    document.icc = ADOBE
    return document


def swatch(panel, name):
    return next(s for s in panel.findChildren(Swatch) if s.accessibleName() == name)


def test_the_wheel_sets_hue_on_its_ring_and_the_rest_in_its_square(open_panel, session):
    wheel = open_panel(color_page="wheel").wheel
    session.change_brush(replace(session.brush, color=(255, 0, 0)))
    middle = wheel.rect().center()
    radius = min(wheel.width(), wheel.height()) // 2 - 9
    QTest.mouseClick(wheel, LEFT, PLAIN, middle - QPoint(radius, 0))
    assert QColor(*session.brush.color).hue() == pytest.approx(180, abs=2)
    square = wheel.square
    QTest.mouseClick(square, LEFT, PLAIN, QPoint(0, square.height() // 2))
    assert session.brush.color == pytest.approx((128, 128, 128), abs=4)
    QTest.mouseClick(square, LEFT, PLAIN, QPoint(square.width() - 1, 0))
    assert QColor(*session.brush.color).hue() == pytest.approx(180, abs=2)
    wheel.setFocus()
    QTest.keyClick(wheel, Qt.Key.Key_Up)
    assert QColor(*session.brush.color).hue() == pytest.approx(181, abs=2)


@pytest.mark.parametrize(
    ("seen", "numbers"),
    [("#ff0000", (219, 0, 0)), ("#00ff00", (144, 255, 60)), ("#808080", (127, 127, 127))],
)
def test_the_panel_shows_the_screen_colour_in_documents_of_any_profile(
    open_panel, session, seen, numbers
):
    """Given a document in Adobe RGB, whose numbers for the corners of sRGB are well known."""
    panel = open_panel()
    session.replace_document(in_adobe_rgb())
    panel.hex.setText(seen)
    panel.hex.editingFinished.emit()
    assert session.brush.color == pytest.approx(numbers, abs=1)
    assert panel.hex.text() == seen
    assert shown_color(session.brush.color, ADOBE).getRgb() == pytest.approx(
        QColor(seen).getRgb(), abs=3
    )
    panel.remember()
    panel.swatches.add_button.click()
    assert panel.swatches.recent[0] == panel.swatches.own[-1] == seen
    # Taken up with the eyedropper it is shown as the picture is, and in sRGB as it is.
    session.change_brush(replace(session.brush, color=(10, 20, 30)))
    session.change_brush(replace(session.brush, color=numbers))
    assert rgb_of(QColor(panel.hex.text())) == pytest.approx(rgb_of(QColor(seen)), abs=3)
    session.replace_document(Document(100, 80))
    assert panel.hex.text() == QColor(*numbers).name()


@pytest.mark.parametrize("page", ["square", "wheel"])
def test_a_profile_does_not_let_the_hue_drift(open_panel, session, page):
    panel = open_panel(color_page=page)
    session.replace_document(in_adobe_rgb())
    for step in range(1, 40):
        panel._pick(0.3, step / 40, 1 - step / 80)
        assert panel._hsv == (0.3, step / 40, 1 - step / 80)


def test_sliders_set_channels_and_show_each_other(open_panel, session):
    panel = open_panel(color_page="sliders")
    red, green, blue, hue, saturation, value = panel.sliders.channels
    QTest.mouseClick(green, LEFT, PLAIN, QPoint(green.width() - 1, 8))
    assert session.brush.color == (0, 255, 0)
    assert (hue.value(), saturation.value(), value.value()) == (120, 100, 100)
    hue.setFocus()
    QTest.keyClick(hue, Qt.Key.Key_End)
    assert session.brush.color == pytest.approx((255, 0, 4), abs=1)
    value.number.setFocus()
    value.number.selectAll()
    QTest.keyClicks(value.number, "50")
    QTest.keyClick(value.number, Qt.Key.Key_Return)
    assert session.brush.color == pytest.approx((128, 0, 2), abs=1)
    QTest.mouseClick(value, LEFT, PLAIN, QPoint(0, 8))
    assert session.brush.color == (0, 0, 0)
    assert (hue.value(), saturation.value()) == (359, 100)  # black does not forget them
    assert (red.value(), blue.value()) == (0, 0)


def test_a_hue_that_eight_bits_cannot_hold_is_not_lost(open_panel, session):
    panel = open_panel()
    panel.square.picked.emit(1.0, 1.0)
    panel.strip.setValue(207)
    panel.square.picked.emit(1.0, 2 / 255)
    assert max(session.brush.color) == 2
    panel.square.picked.emit(1.0, 1.0)
    assert panel.strip.value() == 207
    assert QColor(*session.brush.color).hue() == 207


def test_swatches_are_picked_added_and_removed_and_kept(open_panel, session):
    panel = open_panel(swatches=("#112233", "nonsense", "#445566"))
    QTest.mouseClick(swatch(panel, "#445566"), LEFT)
    assert session.brush.color == (0x44, 0x55, 0x66)
    session.change_brush(replace(session.brush, color=(1, 2, 3)))
    QTest.mouseClick(panel.swatches.add_button, LEFT)
    QTest.mouseClick(panel.swatches.add_button, LEFT)
    assert panel.kept["swatches"] == ("#112233", "#445566", "#010203")
    first = swatch(panel, "#112233")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Delete)
    assert panel.kept["swatches"] == ("#445566", "#010203")
    assert panel.focusWidget().accessibleName() == "#445566"
    QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Return)
    assert session.brush.color == (0x44, 0x55, 0x66)


def test_colours_painted_with_are_offered_the_last_first(open_panel, session):
    panel = open_panel(recent_colors=("#0a0b0c",))
    for color in [(1, 1, 1), (2, 2, 2), (1, 1, 1)]:
        session.change_brush(replace(session.brush, color=color))
        panel.remember()
    assert panel.kept["recent_colors"] == ("#010101", "#020202", "#0a0b0c")
    QTest.mouseClick(swatch(panel, "#0a0b0c"), LEFT)
    assert session.brush.color == (10, 11, 12)


def test_chosen_colours_are_kept_when_the_window_closes(open_window):
    kept = []
    window = open_window(keep=kept.append)
    window.color._choice.button(1).click()
    window.session.change_brush(replace(window.session.brush, color=(7, 8, 9)))
    window.color.swatches.adding.emit()
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    window.session.document.history.mark_saved()
    window.close()
    assert kept[-1].color_page == "wheel"
    assert kept[-1].swatches == (*Settings().swatches, "#070809")
    assert kept[-1].recent_colors == ("#070809",)


# --- at the pointer -----------------------------------------------------------------------------


@pytest.fixture
def window(open_window):
    window = open_window()
    canvas = window.canvas
    canvas.look(canvas.viewport.centered(window.session.document.rect, 1.0))
    return window


def place(window, x, y):
    corner = window.canvas.viewport
    return QPoint(round(corner.x + x), round(corner.y + y))


def test_the_colour_lens_compares_the_colour_under_the_pointer_with_the_present_one(window):
    session, canvas = window.session, window.canvas
    lens = canvas.findChild(PickLens)
    session.change_brush(replace(session.brush, color=(200, 0, 0), radius=8))
    QTest.mouseClick(canvas, LEFT, PLAIN, place(window, 50, 40))
    assert not lens.isVisible()
    session.change_brush(replace(session.brush, color=(0, 0, 200)))
    window.actions_by_id["eyedropper"].trigger()
    QTest.mouseMove(canvas, place(window, 50, 40))
    shown = lens.grab().toImage()
    middle = lens.width() // 2
    assert shown.pixelColor(middle, 9).getRgb()[:3] == (200, 0, 0)
    assert shown.pixelColor(middle, lens.height() - 10).getRgb()[:3] == (0, 0, 200)
    assert session.brush.color == (0, 0, 200)
    QTest.mouseClick(canvas, LEFT, PLAIN, place(window, 50, 40))
    assert session.brush.color == (200, 0, 0)
    QTest.mouseMove(canvas, place(window, -20, -20))
    assert not lens.isVisible()


def test_the_colour_lens_is_shown_while_alt_is_held(window):
    lens = window.canvas.findChild(PickLens)
    QTest.mouseMove(window.canvas, place(window, 50, 40))
    QTest.keyPress(window.canvas, Qt.Key.Key_Alt)
    assert lens.isVisible()
    QTest.keyRelease(window.canvas, Qt.Key.Key_Alt)
    assert not lens.isVisible()


def test_shift_shows_the_line_before_the_click_draws_it(window):
    canvas = window.canvas
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(canvas, LEFT, PLAIN, place(window, 20, 40))
    QTest.mouseMove(canvas, place(window, 80, 40))
    assert not canvas.interaction.active.outline
    QTest.keyPress(canvas, Qt.Key.Key_Shift)
    ends = [(round(x), round(y)) for x, y in canvas.interaction.active.outline]
    assert ends == [(20, 40), (80, 40)]
    assert strokes_at(window, 50, 40) == 0
    QTest.keyRelease(canvas, Qt.Key.Key_Shift)
    assert not canvas.interaction.active.outline
    QTest.mouseClick(canvas, LEFT, shift, place(window, 80, 40))
    assert strokes_at(window, 50, 40) == 255


def test_taking_a_colour_does_not_move_the_end_of_the_stroke(window):
    canvas, keys = window.canvas, Qt.KeyboardModifier
    QTest.mouseClick(canvas, LEFT, PLAIN, place(window, 20, 40))
    QTest.mouseClick(canvas, LEFT, keys.AltModifier, place(window, 50, 70))
    QTest.mouseClick(canvas, LEFT, keys.ShiftModifier, place(window, 80, 40))
    assert strokes_at(window, 50, 40) == 255
    assert strokes_at(window, 65, 55) == 0


def strokes_at(window, x, y):
    document = window.session.document
    return document.layers[-1].tiles.read(document.rect)[y, x, 3]
