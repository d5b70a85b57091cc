"""The history as the user sees it: given, when, then."""

import file_work
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.settings import Settings

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def place(window, x, y):
    return window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()


def paint(window, *points):
    QTest.mousePress(window.canvas, LEFT, PLAIN, place(window, *points[0]))
    for point in points[1:]:
        QTest.mouseMove(window.canvas, place(window, *point))
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, place(window, *points[-1]))


def click_row(window, row):
    rows = window.history.list
    rows.scrollTo(rows.model().index(row))
    at = rows.visualRect(rows.model().index(row)).center()
    QTest.mouseClick(rows.viewport(), LEFT, PLAIN, at)


def rows(window):
    model = window.history.model
    return [model.index(row).data() for row in range(model.rowCount())]


def picture(window):
    return window.session.document.composite(window.session.document.rect)


def icon(window, row):
    pixmap = window.history.model.index(row).data(Qt.ItemDataRole.DecorationRole)
    return pixmap.toImage()


@pytest.fixture
def window(open_window):
    window = open_window(document=Document(400, 300))
    window._docks["history"].raise_()
    return window


def test_clicking_a_step_goes_there_and_back_again(window):
    # Given a picture with three strokes,
    states = [picture(window)]
    for y in (60, 150, 240):
        paint(window, (60, y), (340, y))
        states.append(picture(window))
    assert rows(window)[1:] == ["Brush stroke"] * 3
    # when any step is clicked, then the picture is as it was after it, and no step is lost,
    for row in (1, 3, 0, 2):
        click_row(window, row)
        assert np.array_equal(picture(window), states[row])
        assert len(rows(window)) == 4
        font = window.history.model.index(3).data(Qt.ItemDataRole.FontRole)
        assert font.italic() == (row < 3)
    # and the keyboard walks through them, too.
    window.history.list.setFocus()
    QTest.keyClick(window.history.list, Qt.Key.Key_Up)
    assert np.array_equal(picture(window), states[1])


def test_the_saved_state_is_marked(window, tmp_path):
    # Given a document that was saved after its first stroke,
    paint(window, (60, 60), (340, 60))
    window.files.path = tmp_path / "a.ora"
    assert file_work.save(window)
    assert rows(window) == ["Opened", "Brush stroke  ●"]
    # when it is painted on, then the mark stays where it was,
    paint(window, (60, 150), (340, 150))
    assert rows(window) == ["Opened", "Brush stroke  ●", "Brush stroke"]
    assert window.isWindowModified()
    # and clicking it leads to what is in the file.
    click_row(window, 1)
    assert not window.isWindowModified()
    loaded = ora_writer.load(tmp_path / "a.ora")
    assert np.array_equal(loaded.composite(loaded.rect), picture(window))


def test_a_state_is_shown_in_small_once_it_has_been_seen(window):
    model = window.history.model
    model.note_look()
    paint(window, (0, 150), (400, 150))
    assert icon(window, 1).pixelColor(22, 15).alpha() == 0  # not yet
    model.note_look()
    window.session.document.undo()
    model.note_look()
    assert icon(window, 0).pixelColor(22, 15).lightness() > 250
    assert icon(window, 1).pixelColor(22, 15).lightness() < 128
    assert icon(window, 1).pixelColor(22, 3).lightness() > 250


def test_a_stroke_in_progress_is_in_no_thumbnail(window):
    QTest.mousePress(window.canvas, LEFT, PLAIN, place(window, 200, 150))
    window.history.model.note_look()
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, place(window, 200, 150))
    assert icon(window, 0).pixelColor(22, 15).alpha() == 0


def test_the_number_of_thumbnails_is_bounded(monkeypatch, request):
    monkeypatch.setattr("sdedit_desktop.ui.history_panel._MOST_THUMBNAILS", 2)
    window = request.getfixturevalue("window")
    for y in (50, 100, 150):
        paint(window, (60, y), (340, y))
        window.history.model.note_look()
    shown = [icon(window, row).pixelColor(22, 15).alpha() for row in range(4)]
    assert shown == [0, 0, 255, 255]


def test_the_memory_is_shown_and_keeps_to_the_limit(open_window):
    # Given a limit of two MiB,
    window = open_window(document=Document(400, 300), settings=Settings(history_bytes=2 << 20))
    assert window.history.words.text() == "0 of 2 MiB"
    # when more than that is painted over and over,
    for _ in range(12):
        paint(window, (60, 60), (340, 240))
    # then the oldest steps are gone, the amount is shown, and the last ones can be undone.
    history = window.session.document.history
    assert len(history.labels()) < 12
    assert 1 << 20 < history.size_bytes <= 2 << 20
    assert window.history.words.text() == f"{history.size_bytes / 2**20:.0f} of 2 MiB"
    assert window.history.memory.value() == round(1000 * history.size_bytes / (2 << 20))
    steps = len(history.labels())
    # And when the limit is lowered, then they are forgotten at once.
    history.limit_to(1 << 20)
    assert len(history.labels()) < steps
    assert window.history.words.text().endswith("of 1 MiB")
