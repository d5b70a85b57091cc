"""Controls the active tool on the canvas: its events, outline, handles and keys."""

import math

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.gestures.interactive import InteractiveTool, Phase, PointerEvent
from sdedit_desktop.editing.gestures.transform import TransformBox
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.floating_layer import FloatingLayer
from sdedit_desktop.ui.canvas.picture_view import PictureView
from sdedit_desktop.ui.canvas.pointer import modifiers_of
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.widgets.arrow_keys import ARROWS
from sdedit_desktop.ui.widgets.icons import pixmap

_HANDLE = 4.0
_APPLY = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FAR = 10
_ARROWS_SEEN = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)


class InteractionController(QObject):
    """Passes pointer and key events to the active tool, and draws its overlay.

    Attributes:
        tool: The chosen tool.
        active: The tool's event handler; ``None`` if it pans.
    """

    chosen = Signal(object, object)
    """A tool was chosen: the tool and its event handler."""

    def __init__(self, session: Session, view: PictureView, tool: Tool) -> None:
        super().__init__(view)
        self.tool = tool
        self.active: InteractiveTool | None = None
        self._session = session
        self._view = view
        self._overlay = _Overlay(view)
        self._floating: FloatingLayer | None = None
        self._made: dict[str, InteractiveTool] = {}
        view.viewport_changed.connect(self._overlay.update)
        session.document_replaced.connect(self._start_anew)
        self.choose(tool)

    def choose(self, tool: Tool) -> None:
        """Activates another tool; an open transform is applied if possible, else cancelled."""
        if self.active is not None:
            self.active.leave()
        self.tool, self.active = tool, None
        if tool.make is not None:
            if tool.name not in self._made:
                self._made[tool.name] = self._new(tool.make(self._session))
            self.active = self._made[tool.name]
            self.active.enter()
        self._overlay.show_tool(self.active)
        self.chosen.emit(tool, self.active)

    @property
    def unit(self) -> float:
        """Document pixels per pixel of the screen."""
        return self._view.devicePixelRatioF() / self._view.viewport.scale

    def lead(self, event: PointerEvent) -> None:
        """Passes a pointer event to the active tool; a double click applies an open transform."""
        active = self.active
        if active is None:
            return
        if event.phase is Phase.MOVE:
            active.move(event)
        elif event.phase is Phase.RELEASE:
            active.release(event)
        elif event.phase is Phase.DOUBLE_PRESS and active.is_open:
            _apply(active)
        else:
            active.press(event)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether the active tool handles a key now."""
        active, key = self.active, Qt.Key(event.key())
        if active is None:
            return False
        if key in ARROWS:
            return active.is_movable
        undoes = event.matches(QKeySequence.StandardKey.Undo)
        ends = key in (*_APPLY, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)
        return active.is_open and (ends or undoes)

    def press_key(self, event: QKeyEvent) -> None:
        """Handles Enter, Esc, Backspace, Undo and the arrows if the tool ``takes`` them."""
        active, key = self.active, Qt.Key(event.key())
        if active is None:
            return
        if key in ARROWS:
            far = _FAR if modifiers_of(event.modifiers()).shift else 1
            across, down = ARROWS[key]
            active.nudge(far * across, far * down)
        elif key in _APPLY:
            _apply(active)
        elif key == Qt.Key.Key_Escape:
            active.drop()
        else:
            active.step_back()

    def cursor(self, sample: Sample) -> QCursor | Qt.CursorShape:
        """The cursor for a press here; resize arrows follow the rotation of the view."""
        part = self.active.part_at(sample, self.unit) if self.active else "draw"
        if self.active is None or part == "draw":
            return Qt.CursorShape.CrossCursor
        if part == "move":
            return Qt.CursorShape.SizeAllCursor
        if part == "turn":
            return QCursor(pixmap("again", QColor(128, 128, 128), 24))
        corners = QPolygonF([QPointF(*corner) for corner in self.active.outline])
        place = self._view.viewport.transform
        way = place.map(QPointF(sample.x, sample.y)) - place.map(corners.boundingRect().center())
        eighth = round(math.atan2(way.y(), way.x()) / (math.pi / 4)) % 4
        return _ARROWS_SEEN[eighth]

    def resize(self) -> None:
        """Resizes the overlay with the view."""
        self._overlay.resize(self._view.size())

    def _new(self, tool: InteractiveTool) -> InteractiveTool:
        tool.changed.connect(self._overlay.follow)
        if isinstance(tool, TransformBox):
            tool.changed.connect(lambda: self._show_floating(tool))
        return tool

    def _show_floating(self, box: TransformBox) -> None:
        """Shows the layer at its box while that differs from where the layer is."""
        if not box.is_open:
            floating = None
        elif self._floating is None:
            floating = FloatingLayer(self._session.document, box.layer, box.box)
        else:
            floating = self._floating
        if floating is not None:
            floating.matrix = box.matrix
        if floating is not None or self._floating is not None:
            self._view.scene.show_floating(floating)
        self._floating = floating

    def _start_anew(self) -> None:
        for tool in self._made.values():
            tool.drop()
        if self.active is not None:
            self.active.enter()


def _apply(tool: InteractiveTool) -> None:
    """Applies the transform, with a wait cursor: a large photograph takes a second or two."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        tool.apply()
    finally:
        QGuiApplication.restoreOverrideCursor()


class _Overlay(QWidget):
    """Draws a tool's outline and handles over the view; transparent for the pointer.

    It is hidden while there is nothing to draw, so that painting and panning stay fast.
    """

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._tool: InteractiveTool | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def show_tool(self, tool: InteractiveTool | None) -> None:
        """Sets the tool to draw, or none."""
        self._tool = tool
        self.resize(self._view.size())
        self.follow()

    def follow(self) -> None:
        """Updates the overlay."""
        self.setVisible(self._tool is not None and len(self._tool.outline) > 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws dark and light lines, which are visible on any picture."""
        if self._tool is None or not self._tool.outline:
            return
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._view.viewport.transform
        corners = [place.map(QPointF(*corner)) / ratio for corner in self._tool.outline]
        shape = QPolygonF(corners)
        painter.setPen(QPen(QColor(0, 0, 0, 170), 1))
        painter.drawPolygon(shape)
        painter.setPen(QPen(QColor(255, 255, 255, 230), 1, Qt.PenStyle.DashLine))
        painter.drawPolygon(shape)
        painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        painter.setBrush(QColor(255, 255, 255))
        for handle in self._tool.handles(ratio / self._view.viewport.scale):
            at = place.map(QPointF(*handle)) / ratio
            side = 2 * _HANDLE
            painter.drawRect(QRectF(at.x() - _HANDLE, at.y() - _HANDLE, side, side))
        painter.end()
