"""What is shown at the pointer before it does something: the colour to take, the line to draw."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QSinglePointEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.widgets.qimages import shown_color

_SIZE = 92
_THICKNESS = 13.0
_LEAVING = (QEvent.Type.Leave, QEvent.Type.Hide, QEvent.Type.FocusOut)
_PRESSING = (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress)


class PickLens(QWidget):
    """A ring around the pointer: the colour that would be taken above, the one in use below."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self._at: QPointF | None = None
        self._found = self._before = session.brush.color
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE, _SIZE)
        self.hide()
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the pointer while a colour can be taken; keeps nothing from the canvas."""
        if isinstance(event, QMouseEvent | QTabletEvent | QEnterEvent):
            if event.type() in _PRESSING or not _is_down(event):
                self._before = self._session.brush.color
            self._at = event.position()
            self._follow(event.modifiers())
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            held = event.type() != QEvent.Type.KeyRelease
            self._before = self._session.brush.color
            self._follow(_ALT if held else Qt.KeyboardModifier.NoModifier)
        elif event.type() in _LEAVING:
            self.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = _THICKNESS / 2 + 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        flat = Qt.PenCapStyle.FlatCap
        for rim, wide in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(rim, _THICKNESS + wide))
            painter.drawEllipse(box)
        icc = self._session.document.icc
        for color, begin in ((self._found, 0), (self._before, 180)):
            painter.setPen(QPen(shown_color(color, icc), _THICKNESS, c=flat))
            painter.drawArc(box, begin * 16, 180 * 16)
        painter.end()

    def _follow(self, keys: Qt.KeyboardModifier) -> None:
        tool = self._canvas.tool
        picks = tool.name == "eyedropper" or (tool.has_color and bool(keys & _ALT))
        color = None
        if picks and self._at is not None:
            at = self._canvas.viewport.to_document(self._at * self._canvas.devicePixelRatioF())
            color = self._session.color_at(at.x(), at.y())
        if color is None or self._at is None:
            self.hide()
            return
        self._found = color
        self.move(self._at.toPoint() - self.rect().center())
        self.show()
        self.update()


class LineGuide(QObject):
    """The straight line that a click with Shift would draw, from where the last stroke ended."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._at: QPointF | None = None
        self._is_shown = False
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the pointer while Shift is held; keeps nothing from the canvas."""
        if isinstance(event, QMouseEvent | QTabletEvent | QEnterEvent):
            self._at = event.position()
            self._show(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Shift:
            self._show(event.type() != QEvent.Type.KeyRelease)
        elif event.type() in _LEAVING:
            self._show(False)
        return False

    def _show(self, held: bool) -> None:
        canvas, start = self._canvas, self._canvas.stroke_end
        if canvas.is_busy:
            self._is_shown = False  # whoever is at work draws outlines of its own
        elif held and start is not None and canvas.tool.brush and self._at is not None:
            end = canvas.viewport.to_document(self._at * canvas.devicePixelRatioF())
            canvas.show_outline([(start.x, start.y), (end.x(), end.y())])
            self._is_shown = True
        elif self._is_shown:
            canvas.show_outline(None)
            self._is_shown = False


def install(session: Session, canvas: CanvasView) -> None:
    """Shows guides on a canvas, for as long as it lives."""
    PickLens(session, canvas)
    LineGuide(canvas)


_ALT = Qt.KeyboardModifier.AltModifier


def _is_down(event: QSinglePointEvent) -> bool:
    return event.buttons() != Qt.MouseButton.NoButton
