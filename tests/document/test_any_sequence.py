"""Whatever is done to a document: undo all is the start, redo all the end, a file the same."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from painting import mask_stroke, state, stroke, write

from sdedit_desktop.document import transforms
from sdedit_desktop.document.brush.brush import Brush, Sample, Smoothing
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import (
    AddLayer,
    ChangeLayer,
    MergeDown,
    MoveLayer,
    PaintTiles,
    RemoveLayer,
    ReplaceLayerMask,
)
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing.gestures.transform import turned_over
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.operations import mask as masking
from sdedit_desktop.editing.operations.mask_shapes import Combine, Marking, marked
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

WIDTH, HEIGHT = 150, 140
points = st.lists(
    st.tuples(st.floats(-20, WIDTH + 20), st.floats(-20, HEIGHT + 20), st.floats(0, 1)),
    min_size=1,
    max_size=3,
)
brushes = st.builds(
    Brush,
    radius=st.floats(0.5, 30),
    color=st.tuples(*[st.integers(0, 255)] * 3),
    opacity=st.floats(0, 1),
    flow=st.floats(0.1, 1),
    hardness=st.floats(0, 1),
    erase=st.booleans(),
    mode=st.sampled_from([BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.COLOR]),
    smoothing=st.sampled_from(Smoothing),
    tilt=st.floats(0, 1),
    strength=st.integers(0, 255),
)
picks = st.integers(0, 1000)
properties = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(codec="utf-8", categories=["L", "N"]), max_size=5),
        "visible": st.booleans(),
        "opacity": st.floats(0, 1),
        "mode": st.sampled_from(BlendMode),
        "locked": st.booleans(),
        "alpha_locked": st.booleans(),
    },
)


RESHAPES = {
    "crop": lambda d: transforms.cropped(d, Rect(20, 10, 100, 90)),
    "enlarge": lambda d: transforms.cropped(d, Rect(-20, -10, WIDTH, HEIGHT)),
    "turn": lambda d: transforms.turned(d, 1),
    "flip": lambda d: transforms.mirrored(d),
    "scale": lambda d: transforms.resized(d, 130, 90),
}


MASKINGS = {
    "clear": masking.cleared,
    "invert": masking.inverted,
    "fill": masking.filled,
    "grow": lambda d: masking.enlarged(d, 5),
    "shrink": lambda d: masking.enlarged(d, -5),
    "feather": lambda d: masking.feathered(d, 6),
}


class Editing(RuleBasedStateMachine):
    """A user who does anything in any order."""

    @initialize(depth=st.sampled_from([8, 16]))
    def open(self, depth):
        self.document = Document(WIDTH, HEIGHT, depth)
        self.states = [state(self.document)]

    def pick(self, number):
        return self.document.layers[number % len(self.document.layers)]

    def done(self):
        """Remembers the state after a command; what could be redone is gone."""
        position = self.document.history.position
        self.states[position:] = [state(self.document)]

    def push(self, command, *, merge=False):
        self.document.push(command, merge=merge)
        self.done()

    def push_if(self, command):
        """What changes nothing gives no command."""
        if command is not None:
            self.push(command)

    @rule(brush=brushes, path=points, number=picks)
    def paint(self, brush, path, number):
        stroke(self.document, *path, brush=brush, layer=self.pick(number))
        self.done()

    @rule(brush=brushes, path=points)
    def paint_the_mask(self, brush, path):
        mask_stroke(self.document, *path, brush=brush)
        self.done()

    @rule(number=picks)
    def add(self, number):
        index = number % (len(self.document.layers) + 1)
        self.push(AddLayer(self.document.new_layer("new"), index))

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule(number=picks)
    def remove(self, number):
        self.push(RemoveLayer(self.pick(number).id))

    @rule(number=picks, goal=picks)
    def move(self, number, goal):
        self.push(MoveLayer(self.pick(number).id, goal % len(self.document.layers)))

    @precondition(lambda self: len(self.document.layers) < 6)
    @rule(number=picks)
    def duplicate(self, number):
        layer = self.pick(number)
        index = self.document.layers.index(layer) + 1
        self.push(AddLayer(layer.duplicate(f"{layer.name} copy"), index))

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule(number=picks)
    def merge(self, number):
        layer = self.document.layers[1 + number % (len(self.document.layers) - 1)]
        self.push(MergeDown(layer.id))

    @rule(number=picks, after=properties, merge=st.booleans())
    def change(self, number, after, merge):
        layer = self.pick(number)
        before = {name: getattr(layer, name) for name in after}
        self.push(ChangeLayer(layer.id, before, after), merge=merge)

    @rule(number=picks, value=st.integers(0, 255))
    def mask_a_layer(self, number, value):
        layer = self.pick(number)
        if layer.mask is not None and value > 240:
            self.push(ReplaceLayerMask("Remove mask", layer.id, layer.mask, None))
        elif layer.mask is None:
            mask = Tiles(channels=1)
            edit = mask.edit()
            edit.fill(Rect(10, 20, 140, 100), value)
            edit.commit()
            self.push(ReplaceLayerMask("Add mask", layer.id, None, mask))
        else:
            change = write(layer.mask, Rect(0, 0, 50, 50), value)
            self.push(PaintTiles("Paint mask", ("layer mask", layer.id), change))

    @rule(kind=st.sampled_from(sorted(RESHAPES)))
    def reshape(self, kind):
        self.push(RESHAPES[kind](self.document))

    @rule(number=picks, matrix=st.tuples(*[st.floats(-1.5, 1.5)] * 4, *[st.floats(-30, 30)] * 2))
    def transform(self, number, matrix):
        matrix = Matrix(*matrix)
        if abs(matrix.xx * matrix.yy - matrix.xy * matrix.yx) > 0.01:
            layer = self.pick(number)
            self.push(transforms.layer_transformed(self.document, layer.id, matrix))

    @precondition(lambda self: any(layer.mask for layer in self.document.layers))
    @rule(brush=brushes, path=points)
    def paint_on_the_mask_of_a_layer(self, brush, path):
        layer = next(layer for layer in self.document.layers if layer.mask)
        edit = layer.mask.edit()
        stroke = Stroke(brush, edit, clip=self.document.rect)
        for point in path:
            stroke.add(Sample(*point))
        stroke.finish()
        self.push(PaintTiles("Paint layer mask", ("layer mask", layer.id), edit.commit()))

    @rule(kind=st.sampled_from(sorted(MASKINGS)))
    def change_the_mask(self, kind):
        self.push_if(MASKINGS[kind](self.document))

    @rule(
        corners=st.lists(st.tuples(*[st.floats(-20, 170)] * 2), min_size=3, max_size=5),
        combine=st.sampled_from(Combine),
        hardness=st.sampled_from([0.3, 1.0]),
        strength=st.floats(0, 1),
    )
    def mark_an_area(self, corners, combine, hardness, strength):
        marking = Marking(combine, hardness)
        self.push_if(marked(self.document, corners, marking, strength, Text("Mark")))

    @rule(number=picks, margin=st.integers(0, 9), feather=st.integers(0, 9))
    def make_the_mask_from_strokes(self, number, margin, feather):
        self.push_if(masking.from_strokes(self.document, self.pick(number), margin, feather))

    @rule(number=picks)
    def cut(self, number):
        self.push_if(clipboard.cut(self.document, self.pick(number)))

    @precondition(lambda self: len(self.document.layers) < 6)
    @rule(number=picks, seen=st.booleans(), left=st.integers(-99, 99))
    def paste(self, number, seen, left):
        layer = None if seen else self.pick(number)
        rect, pixels = clipboard.piece(self.document, layer)
        if rect:
            new = [clipboard.layer_of(self.document, pixels, left, 7, name) for name in "ab"]
            self.push(clipboard.added(new, number % len(self.document.layers), Text("Paste")))

    @rule(number=picks, degrees=st.sampled_from([0, 90, -90]), across=st.sampled_from([1, -1]))
    def turn_a_layer_over(self, number, degrees, across):
        layer = self.pick(number)
        self.push_if(turned_over(self.document, layer, across=across, degrees=degrees))

    @rule(position=picks)
    def go_to(self, position):
        self.document.go_to(position % (len(self.states) + 1))

    @rule()
    def make_old_steps_smaller(self):
        self.document.history.pack(1.0)

    @rule()
    def undo_all_and_redo_all(self):
        position = self.document.history.position
        while self.document.history.undo_label:
            self.document.undo()
        assert state(self.document) == self.states[0]
        while self.document.history.redo_label:
            self.document.redo()
        assert state(self.document) == self.states[-1]
        self.document.go_to(position)

    @rule()
    def save_and_open(self):
        with tempfile.TemporaryDirectory() as folder:
            ora_writer.save(self.document, Path(folder) / "a.ora")
            loaded = ora_writer.load(Path(folder) / "a.ora")
        assert state(loaded) == state(self.document)
        assert loaded.warnings == []

    @rule()
    def keep_a_copy(self):
        self.copy = self.document.frozen(), state(self.document)

    @invariant()
    def the_state_is_the_one_of_this_position(self):
        if hasattr(self, "document"):
            assert state(self.document) == self.states[self.document.history.position]
            assert len(self.document.history.labels()) == len(self.states) - 1

    @invariant()
    def copies_do_not_follow(self):
        if hasattr(self, "copy"):
            assert state(self.copy[0]) == self.copy[1]


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
