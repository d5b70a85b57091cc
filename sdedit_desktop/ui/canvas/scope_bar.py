"""The region that may change without a mask: its outline, and a bar that explains it."""

import time

import numpy as np
from PySide6.QtCore import QLineF, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.regions import scope
from sdedit_desktop.editing.regions.scope import Scope
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.overlays import OnResize

_WAIT_MS = 60
_SHARE = 8
"""The outline is updated at most after so many times the duration of the last update."""

_DISTANCE = 10
_STYLE = """
QWidget#scope_bar { background: rgba(20, 20, 20, 225); border-radius: 6px; }
QWidget#scope_bar QLabel { color: #f0f0f0; }
QWidget#scope_bar QToolButton {
    color: #f0f0f0; background: rgba(255, 255, 255, 30); border: 1px solid rgba(255, 255, 255, 70);
}
QWidget#scope_bar QToolButton:hover { background: rgba(255, 255, 255, 70); }
QWidget#scope_bar QToolButton:focus { border-color: #7fb2e6; }
"""


class StrokeOutline(QObject):
    """Outlines what may change around the strokes, also during a stroke."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.lines: list[QLineF] = []
        self._session = session
        self._canvas = canvas
        self._soon = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._soon.timeout.connect(self.find)
        canvas.marks.append(self._draw)
        session.document_changed.connect(self._follow)
        session.document_replaced.connect(self.find)

    def find(self) -> None:
        """Updates the outline."""
        began = time.perf_counter()
        document = self._session.document
        has_mask = bool(document.mask.content_rect() & document.rect)
        found = np.empty((0, 4)) if has_mask else scope.outline(document)
        self.lines = [QLineF(*line) for line in found.tolist()]
        took_ms = round(1000 * (time.perf_counter() - began))
        self._soon.setInterval(max(_WAIT_MS, _SHARE * took_ms))
        self._canvas.update()

    def _follow(self, change: Change) -> None:
        damage = change.damage
        looks_different = damage.picture or damage.mask or damage.layers or change.resized
        if looks_different and not self._soon.isActive():
            self._soon.start()

    def _draw(self, painter: QPainter) -> None:
        scene = self._canvas.scene
        slot = scene.shown_slot
        is_judged = slot is not None and (slot.is_finished or slot.preview is not None)
        if not self.lines or is_judged or scene.shows_before or scene.divider is not None:
            return
        to_screen = self._canvas.viewport.transform
        lines = [to_screen.map(line) for line in self.lines]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 2.5))
        painter.drawLines(lines)
        painter.setPen(QPen(QColor(255, 255, 255, 235), 1.0))
        painter.drawLines(lines)


class ScopeBar(QWidget):
    """Says what may change if that is not obvious, and offers the alternative."""

    def __init__(self, session: Session, canvas: CanvasView, actions: Actions) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._judges = False
        self.setObjectName("scope_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(_STYLE)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("What may change"))
        self.text = QLabel()
        self.whole = self._button(self.tr("Whole picture"), self.tr("Let everything change"))
        self.whole.clicked.connect(actions["fill_mask"].trigger)
        self.edit = self._button(
            self.tr("Edit the mask"), self.tr("Make a mask of what is outlined, and change it")
        )
        self.edit.clicked.connect(actions["edit_mask"].trigger)
        self.strokes = self._button(
            self.tr("Only around the strokes"), self.tr("Take the mask away")
        )
        self.strokes.clicked.connect(actions["clear_mask"].trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        for part in (self.text, self.whole, self.edit, self.strokes):
            row.addWidget(part)
        self.hide()
        OnResize(self, canvas, self._settle)
        session.document_changed.connect(self._follow)
        session.document_replaced.connect(self.show_scope)

    def judge(self, judges: bool) -> None:
        """Hides the bar while a candidate is shown."""
        self._judges = judges
        self.show_scope()

    def show_scope(self) -> None:
        """Updates the bar."""
        document = self._session.document
        around = scope.scope_of(document) is Scope.STROKES
        everything = (
            not around and bool(scope.painted_rect(document)) and scope.covers_everything(document)
        )
        self.text.setText(
            self.tr("Only around your strokes will change")
            if around
            else self.tr("The whole picture will change")
        )
        self.whole.setVisible(around)
        self.edit.setVisible(around)
        self.strokes.setVisible(everything)
        self.setVisible((around or everything) and not self._judges)
        self.adjustSize()
        self._settle()

    def _follow(self, change: Change) -> None:
        if change.is_step:
            self.show_scope()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _settle(self) -> None:
        """Centres the bar at the upper edge of the canvas."""
        left = (self._canvas.width() - self.width()) // 2
        self.move(max(left, 0), _DISTANCE)
