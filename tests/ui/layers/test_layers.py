"""Layers as a painter meets them: in the panel, with pointer and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView

from sdedit_desktop.document.commands import ReplaceLayerMask
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.layers import delegate
from sdedit_desktop.ui.layers.model import LayersModel, MaskRole

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def seen(window):
    document = window.session.document
    return document.composite(document.rect)[..., :3].astype(int)


def drag(window, *points):
    where = window.canvas.viewport.transform
    start, *others = [where.map(QPointF(*point)).toPoint() for point in points]
    QTest.mousePress(window.canvas, LEFT, PLAIN, start)
    for point in others:
        QTest.mouseMove(window.canvas, point)
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, ([start, *others])[-1])


def click_row(window, layer, part):
    """A click on a part of a layer's row."""
    rows = window.layers.list
    box = rows.visualRect(window.layers.model.index(window.layers.model.row_of(layer.id)))
    QTest.mouseClick(rows.viewport(), LEFT, PLAIN, part(box).center())


def names(window):
    """From the top down, as in the panel."""
    model = window.layers.model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


@pytest.fixture
def accepted(qtbot, open_window):
    """A window where a candidate, value 101, has been accepted: all of the picture is of it."""
    window = open_window()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.actions_by_id["accept"].trigger()
    return window


def result_of(window):
    layers = window.session.document.layers
    return next(layer for layer in layers if layer.kind is LayerKind.RESULT)


def test_a_result_is_hidden_in_part_by_painting_on_its_mask(accepted):
    window, document = accepted, accepted.session.document
    # Given a result that covers the picture
    result = result_of(window)
    pixels = result.tiles.read(document.rect)
    assert (seen(window) == 101).all()
    # When its mask is clicked in the panel and black is painted on the canvas
    click_row(window, result, delegate.mask_box)
    assert window.session.paints_layer_mask
    drag(window, (30, 40), (70, 40))
    # Then the picture below is seen there, and the result itself is untouched
    assert (seen(window)[40, 30:70] == 255).all()
    assert (seen(window)[5] == 101).all()
    assert np.array_equal(result.tiles.read(document.rect), pixels)
    assert document.history.labels()[-1] == "Paint layer mask"
    # When white is painted over it
    window.session.swap_colors()
    QTest.keyClick(window.canvas, Qt.Key.Key_BracketRight)
    drag(window, (29, 40), (71, 40))
    # Then all of the result is seen again
    assert (seen(window) == 101).all()
    # When both strokes are undone and one is redone, it is as it was then
    document.undo()
    assert (seen(window)[40, 30:70] == 255).all()
    document.undo()
    assert (seen(window) == 101).all()
    # When the layer's own thumbnail is clicked, paint goes on a layer again, not on the mask
    click_row(window, result, delegate.picture_box)
    assert not window.session.paints_layer_mask


def test_the_eraser_hides_and_grey_lets_half_of_the_layer_through(accepted):
    window = accepted
    click_row(window, result_of(window), delegate.mask_box)
    window.actions_by_id["eraser"].trigger()
    drag(window, (50, 40))
    assert (seen(window)[40, 50] == 255).all()
    window.actions_by_id["brush"].trigger()
    window.session.change_brush(replace(window.session.brush, color=(128, 128, 128)))
    drag(window, (50, 40))
    assert seen(window)[40, 50, 0] == pytest.approx(101 * 128 / 255 + 255 * 127 / 255, abs=1)


def test_the_layer_masks_thumbnail_follows_painting(qtbot, accepted):
    window, model = accepted, accepted.layers.model
    result = result_of(window)
    index = model.index(model.row_of(result.id))
    before = model.data(index, MaskRole).toImage()
    click_row(window, result, delegate.mask_box)
    with qtbot.waitSignal(model.dataChanged):
        drag(window, (10, 40), (90, 40))
    index = model.index(model.row_of(result.id))
    after = model.data(index, MaskRole).toImage()
    middle = after.rect().center()
    assert before.pixelColor(middle).lightness() == 255
    assert after.pixelColor(middle).lightness() < 128
    plain = model.index(model.row_of(window.session.document.layers[0].id))
    assert model.data(plain, MaskRole) is None


def test_another_layer_or_a_mask_that_is_gone_ends_painting_on_the_mask(accepted):
    session, do = accepted.session, accepted.actions_by_id
    result = result_of(accepted)
    session.activate_layer(result.id, mask=True)
    assert do["paint_layer_mask"].isChecked()
    do["remove_layer_mask"].trigger()
    assert result.mask is None
    assert not session.paints_layer_mask
    assert not do["remove_layer_mask"].isEnabled()
    session.document.undo()
    session.activate_layer(result.id, mask=True)
    session.activate_layer(session.document.layers[0].id)
    assert not session.paints_layer_mask
    session.activate_layer(session.document.layers[0].id, mask=True)
    assert not session.paints_layer_mask  # it has no mask


def test_a_new_layer_mask_copies_the_mask_or_shows_all(open_window):
    window = open_window()
    session, do = window.session, window.actions_by_id
    document = session.document
    drag(window, (10, 40), (90, 40))
    layer = document.layer(session.active_layer)
    before = seen(window)
    do["add_layer_mask"].trigger()
    assert session.paints_layer_mask
    assert np.array_equal(seen(window), before)
    document.undo()
    edit = document.mask.edit()
    edit.fill(type(document.rect)(0, 0, 50, 80), 255)
    edit.commit()
    do["add_layer_mask"].trigger()
    assert np.array_equal(seen(window)[:, :50], before[:, :50])
    assert (seen(window)[:, 50:] == 255).all()
    assert layer.mask is not document.mask


def test_a_locked_layer_keeps_its_mask(accepted):
    result, said = result_of(accepted), []
    click_row(accepted, result, delegate.mask_box)
    accepted.actions_by_id["lock_layer"].trigger()
    accepted.session.noticed.connect(said.append)
    drag(accepted, (50, 40))
    assert (seen(accepted) == 101).all()
    assert "locked" in said[0]


# --- the list -----------------------------------------------------------------------------------


@pytest.fixture
def stacked(open_window):
    """Five layers; from the top: c, b, a, Strokes, Background."""
    window = open_window()
    window.resize(1200, 1300)
    for name in "abc":
        window.session.add_layer(name)
    window.layers.list.scrollToTop()
    QApplication.processEvents()
    assert names(window) == ["c", "b", "a", "Strokes", "Background"]
    return window


def dropped(window, source, at):
    """Drags a row to a place in the list, with the events that a drag ends in."""
    rows, model = window.layers.list, window.layers.model
    data = model.mimeData([model.index(source)])
    where = QPointF(at)
    action = Qt.DropAction.MoveAction
    enter = QDragEnterEvent(at, action, data, LEFT, PLAIN)
    QApplication.sendEvent(rows.viewport(), enter)
    assert enter.isAccepted()
    drop = QDropEvent(where, action, data, LEFT, PLAIN)
    QApplication.sendEvent(rows.viewport(), drop)
    return drop


def edge_above(window, row):
    rows = window.layers.list
    box = rows.visualRect(window.layers.model.index(row))
    return QPoint(box.center().x(), box.top() + 1)


@pytest.mark.parametrize(
    ("source", "goal", "expected"),
    [
        (0, 2, ["b", "c", "a", "Strokes", "Background"]),
        (3, 0, ["Strokes", "c", "b", "a", "Background"]),
        (1, 4, ["c", "a", "Strokes", "b", "Background"]),
    ],
)
def test_a_layer_is_dragged_to_another_place_in_one_step(stacked, source, goal, expected):
    before = stacked.session.document.history.labels()
    dropped(stacked, source, edge_above(stacked, goal))
    assert names(stacked) == expected
    assert stacked.session.document.history.labels() == [*before, "Move layer"]
    moved = stacked.session.document.layer(stacked.session.active_layer)
    assert moved.name == expected[goal - (goal > source)]
    stacked.session.document.undo()
    assert names(stacked) == ["c", "b", "a", "Strokes", "Background"]


def test_a_layer_dropped_below_all_becomes_the_lowest(stacked):
    rows = stacked.layers.list
    below = rows.visualRect(stacked.layers.model.index(4)).bottom() + 20
    dropped(stacked, 0, QPoint(40, min(below, rows.viewport().height() - 1)))
    assert names(stacked)[-1] == "c"


def test_dropping_other_data_or_at_the_same_place_changes_nothing(stacked):
    model, steps = stacked.layers.model, stacked.session.document.history.labels()
    move, nowhere = Qt.DropAction.MoveAction, QModelIndex()
    assert not model.dropMimeData(QMimeData(), move, 0, 0, nowhere)
    own = model.mimeData([model.index(1)])
    assert not model.dropMimeData(own, move, 1, 0, nowhere)
    assert not model.dropMimeData(own, move, 2, 0, nowhere)
    assert not model.dropMimeData(own, move, -1, -1, model.index(0))
    foreign = LayersModel(stacked.session).mimeData([model.index(1)])
    assert not model.dropMimeData(foreign, move, 4, 0, nowhere)
    assert stacked.session.document.history.labels() == steps


def test_the_list_drags_rows_and_keeps_the_rules_of_models(stacked, qtmodeltester):
    assert stacked.layers.list.dragDropMode() is QListView.DragDropMode.DragDrop
    model = LayersModel(stacked.session)
    assert model.dropMimeData(
        model.mimeData([model.index(0)]), Qt.DropAction.MoveAction, 3, 0, QModelIndex()
    )
    qtmodeltester.check(model)


def test_rows_are_moved_as_the_view_asks_for_it_at_the_end_of_a_drag(stacked):
    model = stacked.layers.model
    assert model.moveRow(QModelIndex(), 3, QModelIndex(), 1)
    assert names(stacked) == ["c", "Strokes", "b", "a", "Background"]


def test_a_layer_is_flipped_and_turned_exactly_and_only_where_it_is_not_locked(open_window):
    window, said = open_window(), []
    document, do = window.session.document, window.actions_by_id
    layer = document.layers[-1]
    box = Rect(20, 10, 60, 31)
    pixels = np.random.default_rng(0).integers(0, 256, (21, 40, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    edit = layer.tiles.edit()
    edit.write(box, pixels)
    edit.commit()
    for name, expected in (
        ("flip_layer_across", pixels[:, ::-1]),
        ("flip_layer_down", pixels[::-1, ::-1]),
        ("turn_layer_right", np.rot90(pixels[::-1, ::-1], -1)),
        ("turn_layer_left", pixels[::-1, ::-1]),
    ):
        do[name].trigger()
        assert np.array_equal(layer.tiles.read(layer.tiles.content_rect()), expected)
    assert document.history.labels() == ["Flip layer"] * 2 + ["Rotate layer"] * 2
    window.session.noticed.connect(said.append)
    window.session.activate_layer(document.layers[0].id)
    do["flip_layer_down"].trigger()
    assert "locked" in said[0]
    assert len(document.history.labels()) == 4


def test_locks_are_clicked_and_have_keys(stacked):
    document = stacked.session.document
    layer = document.layers[-1]
    click_row(stacked, layer, delegate.alpha_lock_box)
    assert layer.alpha_locked
    drag(stacked, (20, 40), (80, 40))
    assert not layer.tiles.content_rect()  # nothing was there to be coloured
    QTest.keyClick(stacked.canvas, Qt.Key.Key_Slash)
    assert not layer.alpha_locked
    click_row(stacked, layer, delegate.lock_box)
    assert layer.locked
    stacked.actions_by_id["toggle_layer"].trigger()
    assert not layer.visible
    assert [label for label in document.history.labels() if label.endswith(("cy", " layer"))] == [
        *["Add layer"] * 3,
        "Lock transparency",
        "Unlock transparency",
        "Lock layer",
        "Hide layer",
    ]


def test_a_masked_row_is_renamed_where_its_name_is(qtbot, stacked):
    model, rows = stacked.layers.model, stacked.layers.list
    layer = stacked.session.document.layers[-1]
    mask = Tiles(channels=1)
    stacked.session.document.push(ReplaceLayerMask("Add layer mask", layer.id, None, mask))
    rows.edit(model.index(0))
    editor = rows.findChild(QLineEdit)
    box = rows.visualRect(model.index(0))
    assert editor.geometry().left() > delegate.mask_box(box).right()
    QTest.keyClicks(editor, "Sky")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: layer.name == "Sky")


def test_a_candidate_that_forms_does_not_disturb_the_choice_of_the_mask(qtbot, accepted):
    session = accepted.session
    session.activate_layer(result_of(accepted).id, mask=True)
    job = session.generate()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert session.paints_layer_mask
