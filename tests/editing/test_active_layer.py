"""Whatever is done and undone, what is painted on is what it was in that state."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pointing import drag

from sdedit_desktop.document.commands import MergeDown, MoveLayer, RemoveLayer, ReplaceLayerMask
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import ActiveLayer
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing.gestures import painting
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.request import Candidate, EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

SIDE = 40
PARAMS = EditParams("fake")
picks = st.integers(0, 1000)


def candidate(document, seed):
    image = np.full((SIDE, SIDE, 3), seed % 256, document.dtype)
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    return Candidate(image, alpha, document.rect, PARAMS, seed)


class Steps(RuleBasedStateMachine):
    """A user who changes the stack of layers and goes back and forth in the history."""

    @initialize()
    def open(self):
        self.session = Session(Document(SIDE, SIDE), PARAMS)
        self.document = self.session.document
        self.ends = []  # what was active before and after each step
        self.heard = []
        self.session.document_changed.connect(self.hear)

    def hear(self, change):
        """Everything is consistent when the event is emitted."""
        assert change.after == self.document.history.state
        self.document.layer(self.session.active_layer)
        if change.is_step:
            self.heard.append(change)

    def step(self, act):
        """Does what makes one step, or none if there is nothing to be done."""
        history, active, self.heard = self.document.history, self.document.active, []
        position, state = history.position, history.state
        act()
        if history.state != state:
            self.ends[position:] = [(active, self.document.active)]
            assert [change[:2] for change in self.heard] == [(state, history.state)]

    def push(self, command, active=None):
        self.step(lambda: self.document.push(command, active=active))

    @rule(x=st.integers(0, SIDE - 1), y=st.integers(0, SIDE - 1))
    def paint(self, x, y):
        layer = self.document.layer(self.session.active_layer)
        if layer.locked or layer.kind.value == "result":
            return
        self.step(lambda: drag(self.session, painting.paint, (x, y)))

    @rule(seed=picks, count=st.integers(1, 2))
    def accept(self, seed, count):
        made = [candidate(self.document, seed + number) for number in range(count)]
        self.step(lambda: self.session.accept(*made))

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule()
    def delete(self):
        self.push(RemoveLayer(self.session.active_layer))

    @precondition(lambda self: self.document.layers[0].id != self.session.active_layer)
    @rule()
    def merge(self):
        self.push(MergeDown(self.session.active_layer))

    @rule(left=st.integers(-9, 9))
    def paste(self, left):
        document = self.document
        rect, pixels = clipboard.piece(document)
        layer = clipboard.layer_of(document, pixels, left, rect.top, "Pasted")
        command = clipboard.added([layer], len(document.layers), Text("Paste"))
        self.push(command, ActiveLayer(layer.id))

    @rule()
    def add_a_layer(self):
        self.step(self.session.add_layer)

    @rule(number=picks, goal=picks)
    def move(self, number, goal):
        layers = self.document.layers
        layer = layers[number % len(layers)]
        self.push(MoveLayer(layer.id, goal % len(layers)), ActiveLayer(layer.id))

    @rule()
    def give_or_take_a_mask(self):
        layer = self.document.layer(self.session.active_layer)
        if layer.mask is not None:
            self.push(ReplaceLayerMask(Text("Remove layer mask"), layer.id, layer.mask, None))
            return
        mask = Tiles(channels=1)
        edit = mask.edit()
        edit.fill(Rect(0, 0, SIDE, SIDE), 255)
        edit.commit()
        command = ReplaceLayerMask(Text("Add layer mask"), layer.id, None, mask)
        self.push(command, ActiveLayer(layer.id, on_mask=True))

    @rule(number=picks, on_mask=st.booleans())
    def choose_another_layer(self, number, on_mask):
        layers = self.document.layers
        self.session.activate_layer(layers[number % len(layers)].id, mask=on_mask)

    @rule()
    def undo(self):
        position = self.document.history.position
        self.document.undo()
        if position:
            assert self.document.active == self.ends[position - 1][0]

    @rule()
    def redo(self):
        position = self.document.history.position
        self.document.redo()
        if position < len(self.ends):
            assert self.document.active == self.ends[position][1]

    @rule(position=picks)
    def go_to(self, position):
        before = self.document.history.position
        after = position % (len(self.ends) + 1)
        self.document.go_to(after)
        if after < before:
            assert self.document.active == self.ends[after][0]
        elif after > before:
            assert self.document.active == self.ends[after - 1][1]

    @invariant()
    def it_can_be_painted_on(self):
        if hasattr(self, "document"):
            layer = self.document.layer(self.session.active_layer)
            assert layer.mask is not None or not self.session.paints_layer_mask


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
