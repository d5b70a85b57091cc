"""What can be undone and redone after a crash is what could be before it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from painting import digest, mask_stroke, noise, state, stroke, write

from sdedit_desktop.document import transforms
from sdedit_desktop.document.commands import (
    AddLayer,
    ChangeLayer,
    CompoundCommand,
    MergeDown,
    MoveLayer,
    PaintTiles,
    RemoveLayer,
    ReplaceLayerMask,
)
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import Snapshot, Work, recoverable
from sdedit_desktop.document.files.journal.contents import UNCHANGED, Contents
from sdedit_desktop.document.files.journal.writer import Base, Writer
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.files import stamp_of
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

WORK = Work("a")


def paint(document, number):
    stroke(document, (number % 140, number % 130), layer=document.layers[number % 2 - 1])


def paint_mask(document, number):
    mask_stroke(document, (number % 140, 20))


def fill(document, number):
    layer = document.layers[number % len(document.layers)]
    change = write(layer.tiles, Rect(-9, 3, 150, 140), number % 256)
    document.push(PaintTiles(Text("Fill"), ("layer", layer.id), change))


def add(document, number):
    layer = document.new_layer("new")
    write(layer.tiles, Rect(0, 0, 20, 20), noise((20, 20, 4), document.dtype, number))
    document.push(AddLayer(layer, number % (len(document.layers) + 1)))


def duplicate(document, number):
    layer = document.layers[number % len(document.layers)]
    document.push(AddLayer(layer.duplicate("copy"), 1))


def remove(document, number):
    if len(document.layers) > 1:
        document.push(RemoveLayer(document.layers[number % len(document.layers)].id))


def merge(document, number):
    if len(document.layers) > 1:
        document.push(MergeDown(document.layers[-1].id))


def move(document, number):
    layer = document.layers[number % len(document.layers)]
    document.push(MoveLayer(layer.id, (number // 7) % len(document.layers)))


def dim(document, number):
    """A dragged slider: one step of several."""
    layer = document.layers[-1]
    for opacity in (0.5, 0.4, number % 11 / 10):
        change = ChangeLayer(layer.id, {"opacity": layer.opacity}, {"opacity": opacity})
        document.push(change, merge=True)


def mask_layer(document, number):
    layer = document.layers[-1]
    if layer.mask is None:
        mask = Tiles(channels=1)
        write(mask, Rect(10, 10, 100, 60), number % 256)
        document.push(ReplaceLayerMask(Text("Add mask"), layer.id, None, mask))
    elif number % 2:
        document.push(ReplaceLayerMask(Text("Remove mask"), layer.id, layer.mask, None))
    else:
        change = write(layer.mask, Rect(0, 0, 50, 50), number % 256)
        document.push(PaintTiles(Text("Paint mask"), ("layer mask", layer.id), change))


def accept(document, number):
    parts = AddLayer(document.new_layer("result"), 1), AddLayer(document.new_layer("paint"), 2)
    document.push(CompoundCommand(Text("Accept {0}", Text("candidate {0}", number)), parts))


def reshape(document, number):
    kinds = [
        lambda: transforms.cropped(document, Rect(20, 10, 120, 110)),
        lambda: transforms.cropped(document, Rect(-20, -10, 140, 130)),
        lambda: transforms.turned(document, 1),
    ]
    document.push(kinds[number % 3]())


def undo(document, number):
    document.go_to(max(0, document.history.position - number % 4))


def redo(document, number):
    document.go_to(document.history.position + number % 4)


ACTS = [paint, paint_mask, fill, add, duplicate, remove, merge, move, dim, mask_layer, accept]
ACTS += [reshape, undo, undo, redo]
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 1000)), max_size=14)


def walk(document):
    """Every state that can be gone to, from the first to the last; the document is as before."""
    position, states = document.history.position, []
    for number in range(len(document.history.labels()) + 1):
        document.go_to(number)
        opened = [layer.opened for layer in document.layers if layer.opened]
        opened = [tiles for tiles in opened if tiles.bounds()]
        colors = [digest(tiles.read(document.rect)) for tiles in opened]
        states.append((state(document), document.placement, document.active, colors))
    document.go_to(position)
    return states


class Session:
    """A program that tells its journal each step, dies and goes on."""

    def __init__(self, folder, depth, *, has_file):
        self.folder = Path(folder)
        self.document = Document(150, 140, depth)
        origin = Base(start=Snapshot.of(self.document, WORK))
        if has_file:
            path = self.folder / "base.ora"
            photo = self.document.layers[0]
            photo.kind = LayerKind.PHOTO
            photo.open_pixels(self.document.rect, noise((140, 150, 4), self.document.dtype))
            ora_writer.save(self.document, path)
            start = Snapshot.of(self.document, WORK)
            layers = tuple(layer.id for layer in self.document.layers)
            origin = Base(path, stamp_of(path), layers, start.rasters, start)
        self.begin(self.folder / "session-1", origin)

    def begin(self, stem, origin):
        self.writer = Writer(stem, origin)
        self.document.changed.connect(lambda change: self.record() if change.is_step else None)
        self.record()

    def record(self):
        self.writer.write(Snapshot.of(self.document, WORK))

    def do(self, sequence):
        for act, number in sequence:
            act(self.document, number)

    def die_and_recover(self):
        self.writer.close(remove=False)
        (recovery,) = recoverable(self.folder)
        self.document = recovery.load()
        assert self.document.warnings == []
        self.begin(recovery.stem, recovery.resumed(self.document))
        recovery.leave()


@pytest.mark.parametrize("base", ["none", "copied", "changed", "original"])
@given(first=acts, second=acts, depth=st.sampled_from([8, 16]), is_compacted=st.booleans())
@example([(dim, 1), (undo, 1)], [(dim, 3), (fill, 3)], 8, True)
@example([(add, 2), (remove, 2), (undo, 1), (duplicate, 1)], [(remove, 1), (undo, 2)], 16, False)
@example([(duplicate, 0)], [(merge, 0)], 8, False)
@example([(mask_layer, 4)], [(mask_layer, 1), (undo, 1)], 8, False)
@settings(max_examples=25, deadline=None)
def test_undo_and_redo_are_recovered(base, first, second, depth, is_compacted):
    """Given anything done, when the program dies and is used on and dies, every state is there."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder, depth, has_file=base != "none")
        session.do(first)
        while base == "copied" and session.writer.needs_copy:
            session.writer.copy_some()
        if base == "changed":
            (Path(folder) / "base.ora").write_bytes(b"another")
            session.writer.copy_some()
        for sequence in (second, []):
            if is_compacted:
                session.writer._compact()
            states, labels = walk(session.document), session.document.history.labels()
            position = session.document.history.position
            session.die_and_recover()
            assert session.document.history.labels() == labels
            assert session.document.history.position == position
            assert walk(session.document) == states
            session.do(sequence)
            assert walk(session.document) == walk(session.document)
        session.writer.close(remove=False)


def test_a_stroke_under_way_becomes_a_step(tmp_path):
    """Given a stroke that was not finished, it is there, and undo takes just it back."""
    session = Session(tmp_path, 8, has_file=False)
    session.do([(paint, 31), (fill, 7), (undo, 1)])
    states = walk(session.document)
    edit = session.document.layers[0].tiles.edit()
    edit.fill(Rect(5, 5, 100, 60), 9)
    session.record()
    whole = state(session.document)
    for _ in range(2):
        session.die_and_recover()
        assert state(session.document) == whole
        assert session.document.history.labels() == ["Brush stroke", "Unfinished step"]
        document = session.document
        document.undo()
        assert walk(document)[:2] == states[:2]
        document.redo()
    session.writer.close(remove=False)


def test_a_stroke_recorded_while_it_grows_is_undone_to_its_beginning(tmp_path):
    """Given three records of one stroke, and a step of it in the end, undo skips the middle."""
    session = Session(tmp_path, 8, has_file=False)
    session.do([(fill, 7)])
    before = state(session.document)
    edit = session.document.layers[0].tiles.edit()
    for number in range(3):
        edit.fill(Rect(5, 5, 60 + 20 * number, 60), 9 + number)
        session.record()
    command = PaintTiles(Text("Stroke"), ("layer", session.document.layers[0].id), edit.commit())
    session.document.push(command)
    after = state(session.document)
    session.die_and_recover()
    document = session.document
    for _ in range(2):
        document.undo()
        assert state(document) == before
        document.redo()
        assert state(document) == after
    session.writer.close(remove=False)


def test_steps_that_were_merged_are_one_with_the_tiles_of_all():
    """Given a step that takes the place of two, both ways between its ends know every tile."""
    contents, first = Contents(), (0, 0)
    about = {"first": 0, "label": None, "active": None, "size": 0, "placement": 0, "layers": 0}
    for number, after, tiles in (
        (0, None, {first: b"a", (1, 0): b"b"}),
        (1, 0, {first: b"c", (2, 0): b"d"}),
        (2, 1, {first: b"e"}),
        (3, 0, {first: b"f", (1, 0): None}),
    ):
        contents.enter(about | {"state": number, "after": after}, {"1": tiles})
    assert [step.state for step in contents.steps] == [0, 3]
    there = {first: b"f", (1, 0): None, (2, 0): b"d"}
    assert contents.tiles == {"1": there}
    contents.enter(about | {"state": 0}, {})
    assert contents.tiles == {"1": {first: b"a", (1, 0): b"b", (2, 0): UNCHANGED}}
    contents.enter(about | {"state": 3}, {})
    assert contents.tiles == {"1": there}


MASK_STEPS = [(mask_layer, 4), (mask_layer, 2), (mask_layer, 1), (paint, 3), (mask_layer, 6)]


@pytest.mark.parametrize("before", range(len(MASK_STEPS) + 1))
@pytest.mark.parametrize("undone", [0, 1, 3])
def test_masks_are_the_same_for_steps_of_before_and_after_a_crash(tmp_path, before, undone):
    """Given masks added, painted and removed on both sides of it, every state stays what it was."""
    session = Session(tmp_path, 8, has_file=False)
    session.do([*MASK_STEPS[:before], (undo, undone)])
    session.die_and_recover()
    session.do([(undo, 0), *MASK_STEPS[before - undone if before > undone else 0 :], (paint, 40)])
    states = walk(session.document)
    for _ in range(2):
        assert walk(session.document) == states
    session.die_and_recover()
    for _ in range(3):
        assert walk(session.document) == states
    session.writer.close(remove=False)


def test_undo_after_a_crash_repaints_the_changed_area(tmp_path):
    """Steps that share their layers and masks change tiles only."""
    session = Session(tmp_path, 8, has_file=False)
    session.do([(mask_layer, 4), (paint, 31), (paint_mask, 9), (paint, 12)])
    session.die_and_recover()
    document = session.document
    for number in range(3):
        damage, _ = document.history.undo(document)
        assert not damage.layers
        assert bool(damage.mask) == (number == 1)
        assert bool(damage.picture) == (number != 1)
    session.writer.close(remove=False)


def test_steps_that_were_forgotten_are_not_kept(tmp_path):
    session = Session(tmp_path, 8, has_file=True)
    session.document.history.limit_to(1 << 18)
    session.do([(fill, number) for number in range(12)])
    states = walk(session.document)
    assert len(states) < 12
    session.writer._compact()
    names = set(session.writer._contents.names())
    tiles = [name for name, place in session.writer._contents.places.items() if place[0] == b"T"]
    assert set(tiles) == names
    session.die_and_recover()
    assert walk(session.document) == states
    session.writer.close(remove=False)


def test_a_crop_of_many_layers_is_one_step_of_few_bytes_once_packed(tmp_path):
    session = Session(tmp_path, 8, has_file=False)
    session.do([(fill, 3), (fill, 4), (reshape, 0)])
    session.die_and_recover()
    history = session.document.history
    assert history.size_bytes < 1 << 16
    session.writer.close(remove=False)
