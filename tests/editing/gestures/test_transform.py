import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pointing import NO_KEYS, move, press, release

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.gestures.transform import Placement, TransformBox
from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

BOX = Rect(40, 30, 80, 60)
SHIFT = Modifiers(shift=True)
SIDES = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)]
placements = st.builds(
    Placement,
    st.floats(-50, 150),
    st.floats(-50, 150),
    st.floats(0.2, 3) | st.floats(-3, -0.2),
    st.floats(0.2, 3) | st.floats(-3, -0.2),
    st.floats(-180, 180),
)


def made():
    session = Session(Document(120, 90), EditParams("none"))
    edit = session.document.layers[-1].tiles.edit()
    edit.fill(BOX, (200, 30, 30, 255))
    edit.commit()
    frame = TransformBox(session)
    frame.enter()
    return session, frame


def handle(frame, side):
    w, h = frame.box.width / 2, frame.box.height / 2
    now = frame.placement
    return now.outward(side[0] * w * now.across, side[1] * h * now.down)


def drag(frame, start, end, keys=NO_KEYS):
    frame.press(press(*start, keys))
    frame.move(move(*end, keys))
    frame.release(release(*end, keys))


def test_the_transform_box_encloses_the_painted_pixels():
    _, frame = made()
    assert frame.box == BOX
    assert list(frame.outline) == [(40, 30), (80, 30), (80, 60), (40, 60)]
    assert not frame.is_open


def test_nothing_is_changed_until_it_is_applied_and_then_in_one_step():
    session, frame = made()
    tiles = session.document.layers[-1].tiles
    drag(frame, (60, 45), (70, 50))
    assert tiles.content_rect() == BOX
    assert session.document.history.labels() == []
    drag(frame, (70, 50), (55, 50))
    frame.nudge(0, -3)
    frame.apply()
    assert tiles.content_rect() == BOX.translated(-5, 2)
    assert session.document.history.labels() == ["Transform layer"]
    assert frame.box == BOX.translated(-5, 2)
    session.document.undo()
    assert tiles.content_rect() == frame.box == BOX


def test_a_dropped_transform_adds_no_undo_step():
    session, frame = made()
    drag(frame, (60, 45), (100, 50))
    frame.drop()
    frame.apply()
    assert session.document.history.labels() == []


@given(placements, st.sampled_from(SIDES), st.floats(-80, 80), st.floats(-80, 80), st.booleans())
def test_a_handle_follows_the_pointer_and_the_opposite_stays(placement, side, dx, dy, alt):
    """In any turn and flip; with Alt the middle stays instead."""
    _, frame = made()
    frame.place(placement)
    held, fixed = handle(frame, side), handle(frame, (-side[0], -side[1]))
    grip = frame.part_at(Sample(*held), 0.01)
    drag_to = held[0] + dx, held[1] + dy
    keys = Modifiers(alt=alt)
    frame.press(press(*held, keys, 0.01))
    frame.move(move(*drag_to, keys))
    # A handle of a side moves along one axis only.
    u, v = frame.placement.inward(*drag_to)
    there = handle(frame, side)
    at = frame.placement.inward(*there)
    tiny = (
        abs(frame.placement.across) <= 1 / 40 + 1e-9 or abs(frame.placement.down) <= 1 / 30 + 1e-9
    )
    assume(not tiny)
    assert grip == side
    if side[0]:
        assert at[0] == pytest.approx(u, abs=1e-6)
    if side[1]:
        assert at[1] == pytest.approx(v, abs=1e-6)
    if alt:
        assert (frame.placement.x, frame.placement.y) == pytest.approx((placement.x, placement.y))
    else:
        assert handle(frame, (-side[0], -side[1])) == pytest.approx(fixed, abs=1e-6)


@given(placements, st.sampled_from(SIDES), st.floats(-80, 80), st.floats(-80, 80))
def test_shift_keeps_the_proportions(placement, side, dx, dy):
    _, frame = made()
    frame.place(placement)
    x, y = handle(frame, side)
    drag(frame, (x, y), (x + dx, y + dy), SHIFT)
    after = frame.placement
    assume(abs(after.across) > 1 / 40 + 1e-9 and abs(after.down) > 1 / 30 + 1e-9)
    assert after.across / after.down == pytest.approx(placement.across / placement.down, rel=1e-6)


def test_turning_follows_the_pointer_and_shift_snaps():
    _, frame = made()
    above = frame.handles(1.0)[-1]
    assert frame.part_at(Sample(*above), 1.0) == "turn"
    drag(frame, above, (60 + 50, 45))  # from above the middle to its right
    assert frame.placement.degrees == pytest.approx(90)
    frame.drop()
    angle = math.radians(37)
    drag(frame, (110, 45), (60 + 50 * math.cos(angle), 45 + 50 * math.sin(angle)), SHIFT)
    assert frame.placement.degrees == 30
    frame.drop()
    drag(frame, (60, 45), (63, 65), SHIFT)
    assert (frame.placement.x, frame.placement.y) == (60, 65)


@given(placements)
def test_the_matrix_takes_the_box_to_the_outline(placement):
    _, frame = made()
    frame.place(placement)
    corners = [(40, 30), (80, 30), (80, 60), (40, 60)]
    there = [frame.matrix.applied(*corner) for corner in corners]
    for found, expected in zip(there, frame.outline, strict=True):
        assert found == pytest.approx(expected, abs=0.51)  # flips fall on whole pixels


@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
@pytest.mark.parametrize("across", [1, -1])
def test_quarter_turns_and_flips_lose_nothing(degrees, across):
    session, frame = made()
    layer = session.document.layers[-1]
    rng = np.random.default_rng(0)
    edit = layer.tiles.edit()
    pixels = np.full((30, 41, 4), 255, np.uint8)  # the middle lies between pixels one way only
    pixels[..., :3] = rng.integers(0, 256, (30, 41, 3))
    edit.write(Rect(40, 30, 81, 60), pixels)
    edit.commit()
    frame.enter()
    frame.place(replace(frame.placement, degrees=degrees, across=across))
    frame.apply()
    there = layer.tiles.content_rect()
    expected = np.rot90(pixels[:, ::across], -degrees // 90)
    assert np.array_equal(layer.tiles.read(there), expected)
    middle = (there.left + there.right) / 2, (there.top + there.bottom) / 2
    assert middle == pytest.approx((60.5, 45), abs=0.51)


def test_many_small_changes_are_resampled_once():
    """Turned forth and back before it is applied, the layer is what it was."""
    session, frame = made()
    layer = session.document.layers[-1]
    for degrees in (10, 20, 33, 0):
        frame.place(replace(frame.placement, degrees=degrees))
    assert not frame.is_open
    before = layer.tiles.read(session.document.rect)
    for degrees in (10, 20, 33, 90):
        frame.place(replace(frame.placement, degrees=degrees))
    frame.apply()
    assert set(np.unique(layer.tiles.read(session.document.rect)[..., 3])) == {0, 255}
    assert before.any()


@pytest.mark.parametrize("trouble", ["locked", "hidden", "nothing"])
def test_layers_that_cannot_be_moved_are_reported(trouble):
    session, frame = made()
    said = []
    session.noticed.connect(said.append)
    layer = session.document.layers[-1]
    if trouble == "nothing":
        session.add_layer()
    else:
        layer.locked, layer.visible = trouble == "locked", trouble != "hidden"
    drag(frame, (60, 45), (70, 45))
    frame.nudge(1, 0)
    frame.apply()
    assert len(said) == 2
    assert trouble in said[0].lower()
    assert "Transform layer" not in session.document.history.labels()


def test_another_layer_gets_the_box_and_leaving_applies():
    session, frame = made()
    frame.nudge(4, 0)
    session.add_layer()
    assert not frame.box
    session.activate_layer(session.document.layers[-2].id)
    assert frame.box == BOX  # what was not applied is dropped
    frame.nudge(4, 0)
    frame.leave()
    assert session.document.history.labels()[-1] == "Transform layer"
    assert not frame.outline


def test_a_layer_cannot_become_larger_than_a_picture_may_be():
    session, frame = made()
    said = []
    session.noticed.connect(said.append)
    frame.place(replace(frame.placement, across=1000.0, down=1000.0))
    frame.apply()
    assert "too large" in said[0]
    assert session.document.history.labels() == []


def test_saving_keeps_an_open_transform():
    session, frame = made()
    frame.nudge(4, 0)
    session.document.history.mark_saved()
    assert frame.is_open
