from painting import state, stroke

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.tiles import TILE
from sdedit_desktop.geometry import Rect


def test_saved_mark_follows_undo_and_redo():
    document = Document(64, 64)
    history = document.history
    history.mark_saved()
    stroke(document, (5, 5))
    assert not history.is_saved
    document.undo()
    assert history.is_saved
    document.redo()
    history.mark_saved()
    document.undo()
    assert not history.is_saved
    assert history.saved_position == 1
    stroke(document, (9, 9))  # the saved state can never come back
    assert history.saved_position is None
    document.undo()
    document.redo()
    assert not history.is_saved


def test_a_recovered_document_is_not_saved():
    document = Document(64, 64)
    document.history.mark_unsaved()
    assert not document.history.is_saved
    stroke(document, (5, 5))
    document.undo()
    assert not document.history.is_saved
    document.history.mark_saved()
    assert document.history.is_saved


def test_changes_without_an_undo_step_stay_unsaved_until_saving():
    document = Document(10, 10)
    history = document.history
    before = history.revision
    history.touch()
    assert history.revision > before
    assert not history.is_saved
    stroke(document, (5, 5))
    document.undo()
    assert not history.is_saved
    history.mark_saved()
    assert history.is_saved


def test_the_oldest_are_forgotten_within_the_budget():
    document = Document(64, 64)
    tile_bytes = TILE * TILE * 4
    document.history.limit_to(3 * tile_bytes)
    for i in range(10):
        stroke(document, (20 + i, 20))
    assert document.history.size_bytes == 3 * tile_bytes
    assert not document.history.is_saved
    assert document.history.saved_position is None
    undone = 0
    while document.history.undo_label:
        document.undo()
        undone += 1
    assert undone == 3
    assert document.history.size_bytes == 0


def test_one_step_can_be_undone_however_small_the_budget():
    document = Document(64, 64)
    document.history.limit_to(1)
    stroke(document, (20, 20))
    before = state(document)
    stroke(document, (30, 30))
    document.undo()
    assert state(document) == before


def test_labels_and_position_serve_a_list_to_click_on():
    document = Document(64, 64)
    states = [state(document)]
    for i in range(5):
        stroke(document, (10 + 9 * i, 20))
        states.append(state(document))
    assert document.history.labels() == ["Brush stroke"] * 5
    for position in (2, 5, 0, 3, 3):
        document.go_to(position)
        assert document.history.position == position
        assert state(document) == states[position]
    assert len(document.history.labels()) == 5
    document.go_to(99)
    assert document.history.position == 5


def test_size_is_known_without_counting_again():
    document = Document(64, 64)
    stroke(document, (20, 20))
    assert document.history.size_bytes == 0  # there was nothing before
    stroke(document, (20, 20))
    assert document.history.size_bytes == TILE * TILE * 4
    document.undo()
    assert document.history.size_bytes == 0
    document.redo()
    assert document.history.size_bytes == TILE * TILE * 4


def test_numbers_of_states_are_never_used_again():
    document = Document(64, 64)
    history = document.history
    looks = {history.state: state(document)}
    for number in range(12):
        if number % 4 == 3:
            document.undo()
            document.undo()
        else:
            stroke(document, (10 + 3 * number, 20))
        assert looks.setdefault(history.state, state(document)) == state(document)
        assert history.states()[history.position] == history.state
    assert len(looks) == 10
    history.budget_bytes = 1
    stroke(document, (50, 50))
    assert history.states()[0] in looks


def test_a_change_names_the_states_before_and_after_it():
    document = Document(64, 64)
    changes = []
    document.changed.connect(lambda change: changes.append((*change[:2], document.history.state)))
    stroke(document, (10, 10))
    stroke(document, (30, 30))
    document.undo()
    document.redo()
    document.go_to(0)
    document.go_to(0)  # nothing happens, and nothing is announced
    document.undo()
    document.history.mark_saved()
    assert changes == [(0, 1, 1), (1, 2, 2), (2, 1, 1), (1, 2, 2), (2, 0, 0), (0, 0, 0)]


def test_old_steps_are_made_smaller_and_can_still_be_undone_and_redone():
    document = Document(600, 400)
    states = [state(document)]
    for number in range(20):
        stroke(document, (20 + 27 * number, 30), (30, 390 - 18 * number))
        states.append(state(document))
    plain = document.history.size_bytes
    while document.history.pack(1.0):
        pass
    assert document.history.size_bytes < plain / 2
    revision = document.history.revision
    assert not document.history.pack(1.0)
    assert document.history.revision == revision
    for position in (20, 3, 11, 0, 20, 10, 20):
        document.go_to(position)
        assert state(document) == states[position]
        document.history.pack(1.0)
    document.go_to(0)
    assert document.history.size_bytes == 0


def test_the_latest_steps_stay_as_they_are():
    document = Document(600, 400)
    for number in range(8):
        stroke(document, (20 + 27 * number, 30), (30, 390))
    plain = document.history.size_bytes
    assert not document.history.pack(1.0)
    assert document.history.size_bytes == plain


def test_packing_takes_no_longer_than_it_may():
    document = Document(600, 400)
    for number in range(20):
        stroke(document, (20 + 27 * number, 30), (30, 390))
    plain = document.history.size_bytes
    assert document.history.pack(0.0)
    assert document.history.size_bytes == plain


def test_a_filled_area_takes_the_memory_of_one_tile_packed_or_not():
    document = Document(2000, 1500)
    layer = document.layers[-1]
    for value in (90, 200):
        edit = layer.tiles.edit()
        edit.fill(Rect(0, 0, 16 * TILE, 12 * TILE), value)
        document.push(PaintTiles("Fill", ("layer", layer.id), edit.commit()))
    assert document.history.size_bytes == TILE * TILE * 4
    for x in range(8):
        stroke(document, (20 * x, 20))
    before = state(document)
    assert not document.history.pack(1.0)
    document.go_to(1)
    document.go_to(10)
    assert state(document) == before
