"""Dialogs for changes of the mask by amounts, with a live preview."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Command
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_PREVIEW_AFTER_MS = 60


class Amount(NamedTuple):
    """One of the amounts, in pixels."""

    name: str
    tip: str
    least: int
    most: int
    now: int


Change = Callable[[Document, Sequence[int]], Command | None]
"""Changes a mask by amounts; returns ``None`` if there is nothing to change."""


class MaskDialog(QDialog):
    """Sliders beside the picture; the document changes only when the dialog is accepted.

    It is not modal: the picture can be panned and zoomed meanwhile.
    """

    def __init__(
        self,
        session: Session,
        canvas: CanvasView,
        title: str,
        amounts: Sequence[Amount],
        change: Change,
    ) -> None:
        super().__init__(canvas.window())
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._view = canvas.scene.mask_view
        self._change = change
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PREVIEW_AFTER_MS)
        self._timer.timeout.connect(self.preview)
        self.sliders = [self._slider(amount) for amount in amounts]
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for slider in self.sliders:
            column.addWidget(slider)
        column.addWidget(buttons)
        self._stop_listening = session.document_replaced.connect(self.reject)
        self.finished.connect(self._end)
        self.preview()

    @property
    def amounts(self) -> list[int]:
        """The current amounts."""
        return [round(slider.number) for slider in self.sliders]

    def preview(self) -> None:
        """Shows the resulting mask."""
        twin = self._session.document.frozen()
        self._change(twin, self.amounts)
        self._view.show_instead(twin.mask)

    def accept(self) -> None:
        """Changes the mask as one undo step."""
        command = self._change(self._session.document, self.amounts)
        if command is not None:
            self._session.document.push(command)
        super().accept()

    def _slider(self, amount: Amount) -> ValueSlider:
        slider = ValueSlider(amount.name, amount.least, amount.most, unit=" px", curve=2.0)
        slider.setMinimumWidth(300)
        slider.setToolTip(amount.tip)
        slider.show_number(amount.now)
        slider.value_changed.connect(lambda _number: self._timer.start())
        return slider

    def _end(self, _result: int) -> None:
        self._timer.stop()
        self._stop_listening()
        self._view.show_instead(None)
