"""The canvas: dispatches pointer and keys to the view or to the active tool."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)

from sdedit_desktop.editing.gestures.interactive import DragTool, Phase
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.brush_resizing import BrushResizing
from sdedit_desktop.ui.canvas.interaction import InteractionController
from sdedit_desktop.ui.canvas.keyboard_pointer import KeyboardPointer
from sdedit_desktop.ui.canvas.navigation import Navigation
from sdedit_desktop.ui.canvas.picture_view import PictureView
from sdedit_desktop.ui.canvas.pointer import Pointer, PointerReader
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.canvas.touch import TouchInput

_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
}


class CanvasView(PictureView):
    """Shows the picture and lets the active tool edit it.

    Attributes:
        interaction: Controls the active tool.
        keyboard: Moves a pointer by arrow keys and Space.
        touch: Handles touch screens.
    """

    pointer_changed = Signal(object)
    """A ``Pointer``, emitted before the active tool gets it, after a move or a change of
    modifiers."""
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    stroke_started = Signal()

    def __init__(self, session: Session, tool: Tool) -> None:
        super().__init__(session)
        self.interaction = InteractionController(session, self, tool)
        self.keyboard = KeyboardPointer(self)
        self._resizing = BrushResizing(session)
        self._navigation = Navigation(self)
        self._reader = PointerReader(self, lambda pressure: session.pressure(pressure))
        self.touch = TouchInput(self._reader, self._navigation, self._lead, self._cancel_drag)
        self._button: Qt.MouseButton | None = None
        self._space_is_down = False
        self._cursor: QCursor | Qt.CursorShape | None = None
        self.setAccessibleName(self.tr("Canvas"))
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choose_cursor()

    # --- tools ------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The active tool."""
        return self.interaction.tool

    def choose_tool(self, tool: Tool) -> None:
        """Activates a tool."""
        self.interaction.choose(tool)
        self._choose_cursor()
        self._update_outline()

    @property
    def is_busy(self) -> bool:
        """Whether the active tool is changing the document now."""
        active = self.interaction.active
        return active is not None and active.is_busy

    def small_picture(self) -> QImage | None:
        """A small version of the picture; ``None`` while a tool is changing it."""
        return None if self.is_busy else self.scene.small_picture()

    # --- pointers ---------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Handles mouse, pen, touch and native gestures, and keys that the active tool takes."""
        if isinstance(event, QMouseEvent | QTabletEvent):
            pointer = self._reader.read(event)
            if pointer is not None:
                self._lead(pointer)
            event.accept()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.interaction.takes(event):
                event.accept()
                return True
        elif isinstance(event, QTouchEvent) and self.touch.handle(event):
            event.accept()
            return True
        elif isinstance(event, QNativeGestureEvent) and self._navigation.pinch(event):
            return True
        return super().event(event)

    def _lead(self, pointer: Pointer) -> None:
        self.pointer_changed.emit(pointer)
        if pointer.event.phase is Phase.MOVE:
            self._move(pointer)
        elif pointer.event.phase is Phase.RELEASE:
            self._release(pointer)
        else:
            self._press(pointer)

    def _press(self, pointer: Pointer) -> None:
        left, middle = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
        if pointer.button not in (left, middle) or self._button not in (None, pointer.button):
            return  # another one is down
        self._button = pointer.button
        self.setFocus()
        if pointer.button == middle or self._pans():
            self._navigation.press(pointer.position, pointer.event.modifiers)
            self._show_cursor(Qt.CursorShape.ClosedHandCursor)
        elif not self._resizing.press(pointer, self.tool):
            self._begin(pointer)

    def _begin(self, pointer: Pointer) -> None:
        self.stroke_started.emit()
        self.interaction.lead(pointer.event)

    def _move(self, pointer: Pointer) -> None:
        event = pointer.event
        if self._resizing.is_held:  # the outline stays where it is
            self._update_outline()
            self._resizing.move(pointer)
            return
        if self._navigation.is_dragging:
            self._navigation.drag(pointer.position, event.modifiers)
        else:
            self.interaction.lead(event)
            if not self._pans():
                self._show_cursor(self.interaction.cursor(event.sample))
        self._update_outline()
        self._pointer = pointer.position
        self._update_outline()
        self.pointer_moved.emit(event.sample.x, event.sample.y)

    def _release(self, pointer: Pointer) -> None:
        if pointer.button != self._button:
            return
        self._button = None
        if self._navigation.is_dragging:
            self._navigation.release()
            self._choose_cursor()
            return
        if self._resizing.is_held:
            click = self._resizing.release()
            if click is None:
                return
            self._begin(click)
        self.interaction.lead(pointer.event)

    def _cancel_drag(self) -> None:
        """Cancels a drag with one finger when a second one touches."""
        if isinstance(self.interaction.active, DragTool):
            self.interaction.active.drop()
        last = self._reader.last
        if last is not None:
            self._lead(last._replace(event=last.event._replace(phase=Phase.RELEASE)))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the brush outline and takes the keyboard focus."""
        if self.isActiveWindow():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointer = event.position()
        self._update_outline()
        pointer = self._reader.read(event)
        if pointer is not None:
            self.pointer_changed.emit(pointer)
            self.interaction.lead(pointer.event)

    def leaveEvent(self, event: QEvent) -> None:
        self._update_outline()
        self._pointer = None
        if self.interaction.active is not None:
            self.interaction.active.pointer_left()
        self.pointer_left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the pointer; a touch pad pans, and zooms with Ctrl."""
        self._navigation.wheel(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the centre in the centre, or the picture fitted."""
        super().resizeEvent(event)
        self.interaction.resize()

    # --- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, backslash shows the picture before; other keys go to the active tool."""
        self._change_modifiers(event)
        if self.interaction.takes(event):
            self.interaction.press_key(event)
        elif self.keyboard.key(event) or self._navigation.key(event):
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
        self._change_modifiers(event)
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
        """Resets keys that are down: their release will not be received."""
        self._space_is_down = False
        self.keyboard.lift()
        self.scene.show_before(False)
        self._change_pointer(self._reader.with_modifiers(Qt.KeyboardModifier.NoModifier))
        self._choose_cursor()
        super().focusOutEvent(event)

    def _change_modifiers(self, event: QKeyEvent) -> None:
        own = _MODIFIERS.get(Qt.Key(event.key()))
        if own is not None:  # systems differ in whether a key counts itself
            others = event.modifiers() & ~own
            is_down = event.type() == QEvent.Type.KeyPress
            self._change_pointer(self._reader.with_modifiers(others | own if is_down else others))

    def _change_pointer(self, pointer: Pointer | None) -> None:
        """Reports changed modifiers at an unmoved pointer."""
        if pointer is None or self._pointer is None:
            return
        self.pointer_changed.emit(pointer)
        if self.interaction.active is not None and not self._navigation.is_dragging:
            self.interaction.active.change_modifiers(pointer.event)

    # --- details ----------------------------------------------------------------------------

    def _pans(self) -> bool:
        return self._space_is_down or self.interaction.active is None

    def _choose_cursor(self) -> None:
        pans = self._pans()
        self._show_cursor(Qt.CursorShape.OpenHandCursor if pans else Qt.CursorShape.CrossCursor)

    def _show_cursor(self, cursor: QCursor | Qt.CursorShape) -> None:
        if cursor != self._cursor:
            self._cursor = cursor
            self.setCursor(cursor)

    def brush_radius(self) -> float:
        """Of the active tool, in document pixels."""
        brush = self.tool.brush_of(self._session)
        return brush.radius if brush and not self._pans() else 0.0
