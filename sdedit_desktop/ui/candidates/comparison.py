"""Comparison of candidates on the canvas: one at a time, before and after, and side by side."""

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.candidates.strip_view import CandidatesStrip
from sdedit_desktop.ui.canvas.divider import Divider
from sdedit_desktop.ui.canvas.linked_view import LinkedView
from sdedit_desktop.ui.canvas.overlays import CornerLabel
from sdedit_desktop.ui.canvas.rulers import RulerFrame
from sdedit_desktop.ui.translation import format_number

_LINE = 4


class Comparison(QObject):
    """Connects the strip to the canvas.

    Attributes:
        stage: Contains the canvas and, side by side, a second view.
        has_line: Whether a line on the canvas divides before and after.
        has_pair: Whether two candidates are shown side by side.
    """

    def __init__(self, session: Session, frame: RulerFrame, strip: CandidatesStrip) -> None:
        super().__init__(frame)
        self.has_line = False
        self.has_pair = False
        self._session = session
        self._canvas = canvas = frame.canvas
        self._strip = strip
        self.stage = QWidget()
        self.beside = LinkedView(session, canvas)
        row = QHBoxLayout(self.stage)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(frame, 1)
        row.addWidget(self.beside, 1)
        self.divider = Divider(canvas)
        self._left, self._right = CornerLabel(canvas), CornerLabel(canvas, right=True)
        self._other = CornerLabel(self.beside)
        self.divider.valueChanged.connect(self._move_line)
        canvas.viewport_changed.connect(self._place_line)
        canvas.stroke_started.connect(self.end)
        strip.shown.connect(self._show)
        strip.chosen.connect(lambda _slot: self._show_pair())
        strip.before_held.connect(canvas.scene.show_before)
        session.document_replaced.connect(self.end)
        session.document_changed.connect(self._leave)

    @property
    def can_show_pair(self) -> bool:
        """Whether there are two candidates to show side by side."""
        return self.has_pair or len(self._finished()) == 2

    def toggle_line(self) -> None:
        """Turns the line between before and after on or off."""
        self._show_line(not self.has_line)

    def toggle_pair(self) -> None:
        """Turns the side-by-side view of two chosen candidates on or off."""
        self.has_pair = not self.has_pair
        self._show_pair()

    def end(self) -> None:
        """Returns to the plain picture."""
        self.has_pair = False
        self._show_line(False)
        self._show_pair()

    def _leave(self, change: Change) -> None:
        """Returns to the picture when the mask changes, which a candidate would cover."""
        if change.is_step and change.damage.mask and not change.damage.layers:
            self._strip.choose()

    def _finished(self) -> list[Slot]:
        return [slot for slot in self._strip.chosen_slots() if slot.is_finished]

    def _show(self, slot: Slot | None) -> None:
        """Shows a candidate on the canvas unless a stroke is being painted."""
        if not self._canvas.is_busy and not self.beside.isVisible():
            self._canvas.scene.show_slot(slot)

    # --- side by side -----------------------------------------------------------------------

    def _show_pair(self) -> None:
        """Shows two chosen candidates in two views, or one view if there are not two."""
        pair = self._finished()
        self.has_pair = self.has_pair and len(pair) == 2
        if self.has_pair:
            self._show_line(False)
            self._canvas.scene.show_slot(pair[0])
            self.beside.show_slot(pair[1])
            self._left.say(self._name(pair[0]))
            self._other.say(self._name(pair[1]))
            self.beside.show()
        elif self.beside.isVisibleTo(self.stage):
            self.beside.hide()
            self._left.say("")
            self._show(self._strip.shown_slot())

    def _name(self, slot: Slot) -> str:
        params = slot.job.request.params
        return self.tr("Seed {0}, t0 {1}").format(slot.seed, format_number(params.t0, 2))

    # --- before and after -------------------------------------------------------------------

    def _show_line(self, shown: bool) -> None:
        if shown == self.has_line:
            return
        self.has_line = shown
        if shown:
            self.has_pair = False
            self._show_pair()
            self._put_line_on_the_change()
            if self._canvas.hasFocus():
                self.divider.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.divider.hasFocus():
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.divider.setVisible(shown)
        self._left.say(self.tr("Before") if shown else "")
        self._right.say(self.tr("After") if shown else "")
        self._place_line()
        self._canvas.update()

    def _put_line_on_the_change(self) -> None:
        """Puts the line in the middle of the visible part of the difference."""
        slot, document = self._strip.shown_slot(), self._session.document
        rect = slot.rect if slot else document.rect
        seen = self._canvas.viewport.to_view(document.mask.content_rect() & rect or rect)
        x = seen.center().x() / self._canvas.devicePixelRatioF()
        margin = self._canvas.width() / 20
        self.divider.go_to(min(max(x, margin), self._canvas.width() - margin))

    def _place_line(self) -> None:
        ratio = self._canvas.devicePixelRatioF()
        self._canvas.scene.divide(round(self.divider.x_below * ratio) if self.has_line else None)

    def _move_line(self) -> None:
        """Redraws only the area between the old and the new line."""
        old = self._canvas.scene.divider
        self._place_line()
        new = self._canvas.scene.divider
        if old is None or new is None:
            return
        ratio = self._canvas.devicePixelRatioF()
        left, right = (round(x / ratio) for x in sorted((old, new)))
        width = right - left + 2 * _LINE
        self._canvas.update(QRect(left - _LINE, 0, width, self._canvas.height()))
