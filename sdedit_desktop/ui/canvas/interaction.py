"""Gestures of several presses on the canvas: their outline, their knobs, their keys."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QGuiApplication,
    QInputEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.gestures.interactive import LongGesture
from sdedit_desktop.editing.gestures.transform import LayerFrame
from sdedit_desktop.editing.held import Held
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.floating_layer import FloatingLayer
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.widgets.icons import pixmap

_KNOB = 4.0
_APPLY = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 10
_ARROWS_SEEN = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Control)


class Handles(QObject):
    """Leads the long gesture of the chosen tool, before the canvas sees the events.

    Keeps ``session.held`` in step with the keyboard, for all gestures.
    """

    chosen = Signal(object, object)
    """A tool was chosen; its long gesture, or ``None`` if it has none."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.gesture: LongGesture | None = None
        self._session = session
        self._canvas = canvas
        self._last = Sample(0, 0)
        self._is_down = False
        self._pen_is_down = False
        self._space_is_down = False
        self._overlay = _Overlay(canvas)
        self._floating: FloatingLayer | None = None
        self._made: dict[str, LongGesture] = {}
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self._overlay.update)
        session.document_replaced.connect(self._drop)

    def choose(self, tool: Tool) -> None:
        """Follows another tool; what is open is applied where that makes sense, else dropped."""
        if self.gesture is not None:
            self.gesture.leave()
        self.gesture = None
        if tool.long is not None:
            if tool.name not in self._made:
                self._made[tool.name] = self._new(tool.long)
            self.gesture = self._made[tool.name]
            self.gesture.enter()
        self._is_down = False
        self._overlay.show_gesture(self.gesture)
        self.chosen.emit(tool, self.gesture)

    @property
    def unit(self) -> float:
        """Document pixels per pixel of the screen."""
        return self._canvas.devicePixelRatioF() / self._canvas.viewport.scale

    def _new(self, make: Callable[[Session], LongGesture]) -> LongGesture:
        gesture = make(self._session)
        gesture.changed.connect(self._overlay.update)
        if isinstance(gesture, LayerFrame):
            gesture.changed.connect(lambda: self._show_floating(gesture))
        return gesture

    def _show_floating(self, frame: LayerFrame) -> None:
        """Shows the layer where its frame is, while that is not where the layer is."""
        if not frame.is_open:
            floating = None
        elif self._floating is None:
            floating = FloatingLayer(self._session.document, frame.layer, frame.box)
        else:
            floating = self._floating
        if floating is not None:
            floating.matrix = frame.matrix
        if floating is not None or self._floating is not None:
            self._canvas.scene.show_floating(floating)
        self._floating = floating

    # --- events -----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes what belongs to the gesture; all else goes on to the canvas."""
        if isinstance(event, QInputEvent):
            self._hold(event)
        if event.type() == QEvent.Type.Resize:
            self._overlay.resize(self._canvas.size())
        elif event.type() == QEvent.Type.FocusOut:
            self._space_is_down = False
        elif self.gesture is None:
            return False
        elif isinstance(event, QKeyEvent):
            return self._key(self.gesture, event)
        elif isinstance(event, QTabletEvent):
            return self._pen(self.gesture, event)
        elif isinstance(event, QMouseEvent):
            return self._pen_is_down or self._mouse(self.gesture, event)
        return False

    def _hold(self, event: QInputEvent) -> None:
        keys = event.modifiers()
        modifier = Qt.KeyboardModifier
        held = Held(
            bool(keys & modifier.ShiftModifier),
            bool(keys & modifier.AltModifier),
            bool(keys & modifier.ControlModifier),
        )
        if held != self._session.held:
            self._session.held = held
            if isinstance(event, QKeyEvent) and event.key() in _MODIFIERS:
                self._canvas.repeat()
                if self.gesture is not None:
                    self.gesture.move(self._last)

    def _mouse(self, gesture: LongGesture, event: QMouseEvent) -> bool:
        sample = self._sample(event.position())
        if event.type() == QEvent.Type.MouseMove:
            self._move(gesture, sample)
            return self._is_down
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick and gesture.is_open:
            _apply(gesture)
            return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            return self._release(gesture)
        return self._press(gesture, sample)

    def _pen(self, gesture: LongGesture, event: QTabletEvent) -> bool:
        sample = self._sample(event.position())
        taken = False
        if event.type() == QEvent.Type.TabletPress:
            taken = event.button() == Qt.MouseButton.LeftButton and self._press(gesture, sample)
            self._pen_is_down = taken
        elif event.type() == QEvent.Type.TabletMove:
            self._move(gesture, sample)
            taken = self._is_down
        elif event.type() == QEvent.Type.TabletRelease:
            taken = self._release(gesture)
            self._pen_is_down = False
        if taken:
            event.accept()
        return taken

    def _press(self, gesture: LongGesture, sample: Sample) -> bool:
        if self._space_is_down:
            return False
        self._canvas.setFocus()
        self._canvas.stroke_started.emit()
        self._is_down = True
        gesture.press(sample, self.unit)
        return True

    def _move(self, gesture: LongGesture, sample: Sample) -> None:
        self._last = sample
        gesture.move(sample)
        if not self._space_is_down:
            self._canvas.setCursor(self._cursor(gesture, sample))

    def _release(self, gesture: LongGesture) -> bool:
        was_down, self._is_down = self._is_down, False
        if was_down:
            gesture.release()
        return was_down

    def _key(self, gesture: LongGesture, event: QKeyEvent) -> bool:
        """Enter, Esc, Backspace, Undo and the arrows, while they mean something to the gesture."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space_is_down = event.type() != QEvent.Type.KeyRelease
            return False
        ends = gesture.is_open and key in (*_APPLY, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)
        undoes = gesture.is_open and event.matches(QKeySequence.StandardKey.Undo)
        if not (ends or undoes or key in _ARROWS):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key in _ARROWS:
            far = _FAR if self._session.held.shift else 1
            across, down = _ARROWS[key]
            return gesture.nudge(far * across, far * down)
        if key in _APPLY:
            _apply(gesture)
        elif key == Qt.Key.Key_Escape:
            gesture.drop()
        else:
            gesture.step_back()
        return True

    def _cursor(self, gesture: LongGesture, sample: Sample) -> QCursor:
        """Says what a press here would do; arrows point as they are seen."""
        part = gesture.part_at(sample, self.unit)
        if part == "draw":
            return QCursor(Qt.CursorShape.CrossCursor)
        if part == "move":
            return QCursor(Qt.CursorShape.SizeAllCursor)
        if part == "turn":
            return QCursor(pixmap("again", QColor(128, 128, 128), 24))
        corners = QPolygonF([QPointF(*corner) for corner in gesture.outline])
        place = self._canvas.viewport.transform
        way = place.map(QPointF(sample.x, sample.y)) - place.map(corners.boundingRect().center())
        eighth = round(math.atan2(way.y(), way.x()) / (math.pi / 4)) % 4
        return QCursor(_ARROWS_SEEN[eighth])

    def _sample(self, position: QPointF) -> Sample:
        point = self._canvas.viewport.to_document(position * self._canvas.devicePixelRatioF())
        return Sample(point.x(), point.y())

    def _drop(self) -> None:
        for gesture in self._made.values():
            gesture.drop()
        if self.gesture is not None:
            self.gesture.enter()


def _apply(gesture: LongGesture) -> None:
    """Applies it; a whole photograph takes a second or two to be turned, and that is shown."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        gesture.apply()
    finally:
        QGuiApplication.restoreOverrideCursor()


class _Overlay(QWidget):
    """Draws a gesture's outline and knobs over the canvas; the pointer does not see it."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._gesture: LongGesture | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def show_gesture(self, gesture: LongGesture | None) -> None:
        """Draws another gesture, or none."""
        self._gesture = gesture
        self.resize(self._canvas.size())
        self.setVisible(gesture is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dark and light lines, to be seen on everything."""
        if self._gesture is None or not self._gesture.outline:
            return
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._canvas.viewport.transform
        corners = [place.map(QPointF(*corner)) / ratio for corner in self._gesture.outline]
        shape = QPolygonF(corners)
        painter.setPen(QPen(QColor(0, 0, 0, 170), 1))
        painter.drawPolygon(shape)
        painter.setPen(QPen(QColor(255, 255, 255, 230), 1, Qt.PenStyle.DashLine))
        painter.drawPolygon(shape)
        painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        painter.setBrush(QColor(255, 255, 255))
        for knob in self._gesture.knobs(ratio / self._canvas.viewport.scale):
            at = place.map(QPointF(*knob)) / ratio
            painter.drawRect(QRectF(at.x() - _KNOB, at.y() - _KNOB, 2 * _KNOB, 2 * _KNOB))
        painter.end()
