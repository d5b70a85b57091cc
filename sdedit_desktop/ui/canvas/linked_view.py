"""A second view of the picture, with another candidate on it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QWheelEvent

from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.picture_view import PictureView

_NOTCH = 120
_ZOOM_PER_NOTCH = 2**0.25


class LinkedView(PictureView):
    """Shows the same part of the picture as another view, and pans and zooms with it."""

    def __init__(self, session: Session, leading: PictureView) -> None:
        super().__init__(session, leading.scene)
        self._leading = leading
        self._slot: Slot | None = None
        self._drag_from: QPointF | None = None
        self.setAccessibleName(self.tr("Second view"))
        self.setToolTip(self.tr("The other candidate; drag and wheel move both views"))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        leading.viewport_changed.connect(self._follow)
        self.hide()

    def show_slot(self, slot: Slot | None) -> None:
        """Shows a finished candidate."""
        if slot is not self._slot:
            self._slot = slot
            self.update()

    def draw_scene(self, painter: QPainter, clip: QRectF) -> None:
        """Draws the picture with its own candidate."""
        self.scene.draw_slot(painter, self.viewport, clip, self._slot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag_from = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            shift = (event.position() - self._drag_from) * self.devicePixelRatioF()
            self._drag_from = event.position()
            self._leading.look(self._leading.viewport.panned(shift.x(), shift.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = event.position() * self.devicePixelRatioF()
        scale = self.viewport.scale * _ZOOM_PER_NOTCH ** (event.angleDelta().y() / _NOTCH)
        zoomed, other = self.viewport.zoomed(scale, at), self._leading.viewport
        self._leading.look(zoomed.panned(0, -self._lag()).resized(other.width, other.height))
        event.accept()

    def _follow(self) -> None:
        ratio = self.devicePixelRatioF()
        other = self._leading.viewport
        alike = other.resized(self.width() * ratio, self.height() * ratio)
        self.look(alike.panned(0, self._lag()))

    def _lag(self) -> float:
        """Vertical offset to the other view because of its ruler, in device pixels."""
        middles = (view.mapToGlobal(QRectF(view.rect()).center()) for view in (self._leading, self))
        lower, upper = middles
        return (lower - upper).y() * self.devicePixelRatioF()
