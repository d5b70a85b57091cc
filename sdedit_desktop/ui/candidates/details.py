"""The details of a candidate."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.candidates.image_store import small_pixels
from sdedit_desktop.editing.candidates.slot import FinishedCandidate, Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions, button_for
from sdedit_desktop.ui.translation import format_number, model_name, solver_name
from sdedit_desktop.ui.widgets.qimages import fitted, rgb_to_qimage

_WIDTH = 372
_GUIDE = 112
_DIGITS = 12


class CandidateDetails(QScrollArea):
    """Parameters, model, time and strokes of a candidate, and buttons to reuse them."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self.setFixedWidth(_WIDTH)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Details of the candidate"))
        self.setToolTip(self.tr("What the chosen candidate was made with"))
        self._guide = QLabel()
        self._guide.setAccessibleName(self.tr("Strokes it was made from"))
        self._guide.setToolTip(self.tr("The strokes it was made from"))
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName(self.tr("Parameters of the candidate"))
        self.text.setToolTip(self.tr("Can be marked and copied"))
        self._buttons = [button_for(actions[name]) for name in ("reuse", "make_again")]
        for button in self._buttons:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        left = QVBoxLayout()
        left.setSpacing(4)
        for widget in (self._guide, *self._buttons):
            left.addWidget(widget)
        left.addStretch()
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(10)
        row.addLayout(left)
        row.addWidget(self.text, 1, Qt.AlignmentFlag.AlignTop)
        self.setWidget(inner)
        self.show_slot(None)

    def show_slot(self, slot: Slot | None) -> None:
        """Shows the details of a finished or unfinished candidate."""
        self._show_guide(slot.made if slot else None)
        for button in self._buttons:
            button.setVisible(slot is not None)
        if slot is None:
            self.text.setText(html.escape(self.tr("Choose a candidate to read how it was made.")))
            return
        cells = (
            f"<tr><td style='padding-right:8px'>{html.escape(name)}</td>"
            f"<td><b>{html.escape(value)}</b></td></tr>"
            for name, value in self._facts(slot)
            if value
        )
        self.text.setText(f"<table>{''.join(cells)}</table>")

    def _facts(self, slot: Slot) -> list[tuple[str, str]]:
        params = slot.job.request.params
        rect = slot.rect
        facts = [
            (self.tr("Seed"), str(slot.seed)),
            ("t0", format_number(params.t0, 2)),
            (self.tr("Steps"), str(params.calls)),
            (self.tr("Solver"), solver_name(params.solver)),
            (self.tr("Repeats"), str(params.repeats) if params.repeats > 1 else ""),
            (
                self.tr("Resampling"),
                str(params.resamplings) if params.resamplings > 1 else "",
            ),
            (self.tr("Colours kept"), f"{format_number(100 * params.colours_kept, 0)} %"),
            (self.tr("Clipping"), "" if params.clip else self.tr("off")),
            (self.tr("Precision"), params.precision),
            (self.tr("Prompt"), params.prompt),
            (self.tr("Negative prompt"), params.negative_prompt if params.prompt else ""),
            (self.tr("Guidance"), format_number(params.guidance, 1) if params.prompt else ""),
            (self.tr("Place"), f"{rect.left}, {rect.top}"),
            (self.tr("Size"), f"{rect.width} x {rect.height}"),
            (self.tr("Model"), model_name(params.model)),
        ]
        return facts + (self._origin_of(slot.made) if slot.made else [])

    def _origin_of(self, made: FinishedCandidate) -> list[tuple[str, str]]:
        origin = made.origin
        far = "" if made.faithfulness is None else f"{format_number(100 * made.faithfulness, 1)} %"
        return [
            (self.tr("Its file"), origin.model_sha256[:_DIGITS]),
            (self.tr("Made on"), origin.device),
            (self.tr("Made at"), origin.made.replace("T", " ").removesuffix("+00:00")),
            (self.tr("Made with"), origin.program),
            (self.tr("Away from the strokes"), far),
        ]

    def _show_guide(self, made: FinishedCandidate | None) -> None:
        guide = made.guide if made else None
        small = small_pixels(guide.thumbnail) if guide and guide.thumbnail else None
        self._guide.setVisible(small is not None)
        if small is not None:
            image = fitted(rgb_to_qimage(small, self._session.document.icc), _GUIDE, _GUIDE)
            self._guide.setPixmap(QPixmap.fromImage(image))
