"""The hand that works on the picture: pointers and keys become gestures."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.gestures.painting import Gesture, pick_color
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.navigation import Navigation
from sdedit_desktop.ui.canvas.picture_view import PictureView
from sdedit_desktop.ui.canvas.tools import Tool

_SHIFT = Qt.KeyboardModifier.ShiftModifier


class CanvasView(PictureView):
    """Turns pointer events on the picture into gestures of the chosen tool."""

    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    stroke_started = Signal()

    def __init__(self, session: Session, tool: Tool) -> None:
        super().__init__(session)
        self._tool = tool
        self._gesture: Gesture | None = None
        self._navigation = Navigation(self)
        self.stroke_end: Sample | None = None
        self._paints = False
        self._pen_is_down = False
        self._space_is_down = False
        self.setAccessibleName(self.tr("Canvas"))
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        session.document_replaced.connect(self._start_anew)
        self._choose_cursor()

    # --- tools ------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """What the pointer does."""
        return self._tool

    def choose_tool(self, tool: Tool) -> None:
        """Changes what the pointer does from the next press on."""
        self._tool = tool
        self._choose_cursor()
        self._update_outline()

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def small_picture(self) -> QImage | None:
        """The picture in small; ``None`` while a gesture is changing it."""
        return None if self.is_busy else self.scene.small_picture()

    def break_off(self) -> None:
        """Ends the gesture under way without a trace."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.close()
            self.show_outline(None)

    def repeat(self) -> None:
        """Leads an area's gesture on from where it is: the keys that are held have changed."""
        if self._gesture is not None and not self._tool.brush and self._pointer is not None:
            self._advance(self._sample(self._pointer))

    # --- pointers ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Starts a gesture or a pan."""
        if self._pen_is_down:
            return
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (event.button() == Qt.MouseButton.LeftButton and self._pans()):
            self._start_pan(event.position(), event.modifiers())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(self._sample(event.position()), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continues it."""
        if not self._pen_is_down:
            self._move(event.position(), self._sample(event.position()), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends it and records what it did."""
        if not self._pen_is_down:
            self._release()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The same with a pen; the mouse is deaf while it is down."""
        at = event.position()
        pressure = self._session.pressure(event.pressure())
        sample = self._sample(at, pressure, event.xTilt(), event.yTilt())
        if event.type() == QEvent.Type.TabletPress:
            self._pen_is_down = True
            if self._pans() or event.button() == Qt.MouseButton.MiddleButton:
                self._start_pan(at, event.modifiers())
            else:
                turned = event.pointerType() == QPointingDevice.PointerType.Eraser
                self._press(sample, event.modifiers(), turned_pen=turned)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(at, sample, event.modifiers())
        elif event.type() == QEvent.Type.TabletRelease:
            self._release()
            self._pen_is_down = False
        event.accept()

    def _press(
        self, sample: Sample, keys: Qt.KeyboardModifier, *, turned_pen: bool = False
    ) -> None:
        if self._gesture is not None:
            return
        gesture = self._tool.eraser if turned_pen else self._tool.gesture
        if keys & Qt.KeyboardModifier.AltModifier and self._tool.has_color:
            gesture = pick_color
        if gesture is None:
            return
        self._paints = bool(self._tool.brush) and gesture is not pick_color
        self.stroke_started.emit()
        start = self.stroke_end if self._paints and keys & _SHIFT else None
        self._gesture = gesture(self._session, start or sample)
        self._advance(start or sample, start=True)
        if start is not None and self._gesture is not None:
            self._advance(sample)

    def _move(self, position: QPointF, sample: Sample, keys: Qt.KeyboardModifier) -> None:
        if self._navigation.is_dragging:
            self._navigation.drag(position, keys)
        elif self._gesture is not None:
            self._advance(sample)
        self._update_outline()
        self._pointer = position
        self._update_outline()
        self.pointer_moved.emit(sample.x, sample.y)

    def _release(self) -> None:
        if self._navigation.is_dragging:
            self._navigation.release()
            self._choose_cursor()
        elif self._gesture is not None:
            self._advance(None)

    def _advance(self, sample: Sample | None, *, start: bool = False) -> None:
        """Leads the gesture on; ``None`` ends it."""
        gesture = self._gesture
        assert gesture is not None
        if sample is None:
            self._gesture = None  # what it pushes is announced when it is no longer under way
        try:
            self.stroke_end = sample if sample and self._paints else self.stroke_end
            outline = next(gesture) if start else gesture.send(sample)
            self.show_outline(outline)
        except StopIteration:
            self._gesture = None
            self.show_outline(None)
        except BaseException:
            self._gesture = None
            raise

    def _sample(
        self, position: QPointF, pressure: float = 1.0, tilt_x: float = 0.0, tilt_y: float = 0.0
    ) -> Sample:
        point = self.viewport.to_document(position * self.devicePixelRatioF())
        return Sample(point.x(), point.y(), pressure, tilt_x, tilt_y)

    # --- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keeps Esc for itself while a gesture runs, and follows fingers on a touch pad."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent) and self._navigation.pinch(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, backslash shows the picture as it was, Esc breaks a gesture off."""
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self.break_off()
        elif self._navigation.key(event):
            pass
        elif event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self._space_is_down = True
            self._choose_cursor()
        elif event.key() == Qt.Key.Key_Backslash:
            self.scene.show_before(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Ends what the key did."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Space:
            self._space_is_down = False
            self._choose_cursor()
        elif event.key() == Qt.Key.Key_Backslash:
            self.scene.show_before(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forgets held keys: their release will not be seen."""
        self._space_is_down = False
        self.scene.show_before(False)
        self._choose_cursor()
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the outline of the brush."""
        self._pointer = event.position()
        self._update_outline()

    def leaveEvent(self, event: QEvent) -> None:
        """Hides it."""
        self._update_outline()
        self._pointer = None
        self.pointer_left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the pointer; a touch pad pans, and zooms with Ctrl."""
        self._navigation.wheel(event)

    def _start_anew(self) -> None:
        self.break_off()
        self.stroke_end = None

    # --- details ----------------------------------------------------------------------------

    def _pans(self) -> bool:
        return self._space_is_down or self._tool.gesture is None

    def _start_pan(self, position: QPointF, keys: Qt.KeyboardModifier) -> None:
        self._navigation.press(position, keys)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _choose_cursor(self) -> None:
        if self._pans():
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def brush_radius(self) -> float:
        """Of the active tool, in document pixels."""
        brush = self._tool.brush_of(self._session)
        return brush.radius if brush and not self._pans() else 0.0
