"""A preview at the pointer: the colour that would be picked."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.gestures.interactive import Phase
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.pointer import Pointer
from sdedit_desktop.ui.widgets.qimages import shown_color

_SIZE = 92
_THICKNESS = 13.0


class PickLens(QWidget):
    """A ring around the pointer: the colour to be picked above, the current one below."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self._found = self._before = session.brush.color
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE, _SIZE)
        self.hide()
        canvas.pointer_changed.connect(self._follow)
        canvas.pointer_left.connect(self.hide)

    def paintEvent(self, event: QPaintEvent) -> None:
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

    def _follow(self, pointer: Pointer) -> None:
        """Shows the ring at the pointer while a colour can be picked."""
        tool, event = self._canvas.tool, pointer.event
        if event.phase is not Phase.MOVE or not pointer.is_down:
            self._before = self._session.brush.color
        picks = tool.name == "eyedropper" or (tool.has_color and event.modifiers.alt)
        color = self._session.color_at(event.sample.x, event.sample.y) if picks else None
        if color is None:
            self.hide()
            return
        self._found = color
        self.move(pointer.position.toPoint() - self.rect().center())
        self.show()
        self.update()
