"""A view of the picture: its viewport and its painting."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.scene import Scene
from sdedit_desktop.ui.canvas.viewport import Viewport

_TINY_OUTLINE = 3.0
_FEW_PARTS = 8


class PictureView(QWidget):
    """Shows a session's document at any position and scale, and an outline at the pointer.

    Attributes:
        marks: Draw over the picture; the painter is in device pixels, see ``viewport``.
    """

    viewport_changed = Signal()

    def __init__(self, session: Session, scene: Scene | None = None) -> None:
        """Creates a view with a scene of its own, or with a shared one."""
        super().__init__()
        self.scene = scene or Scene(session)
        self.viewport = Viewport()
        self._session = session
        self._pointer: QPointF | None = None
        self._fits = True
        self.marks: list[Callable[[QPainter], None]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.scene.damaged.connect(self._update_rect)
        session.document_replaced.connect(self._show_whole)
        session.document_changed.connect(self._follow_size)
        session.brush_changed.connect(self._update_outline)

    def sizeHint(self) -> QSize:
        return QSize(960, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def look(self, viewport: Viewport, *, fits: bool = False) -> None:
        """Sets the viewport; ``fits`` keeps the document fitted when the window is resized."""
        self._fits = fits
        if viewport != self.viewport:
            shift = self._shift_to(viewport)
            self.viewport = viewport
            if shift is None:
                self.update()
            else:
                self._scroll(shift)
            self.viewport_changed.emit()

    @property
    def fits(self) -> bool:
        """Whether the whole document is shown, and stays so when the window is resized."""
        return self._fits

    def fit(self) -> None:
        """Shows the whole document."""
        self.look(self.viewport.fitted(self._session.document.rect), fits=True)

    def zoom(self, scale: float) -> None:
        """Changes the scale about the centre of the view."""
        middle = QPointF(self.viewport.width / 2, self.viewport.height / 2)
        self.look(self.viewport.zoomed(scale, middle))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for part in _parts_worth_drawing(event.region()):
            painter.save()
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            self._draw_part(painter, part)
            painter.restore()
        painter.end()

    def _draw_part(self, painter: QPainter, part: QRect) -> None:
        ratio = self.devicePixelRatioF()
        painter.fillRect(part, self.palette().dark())
        placed = painter.deviceTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(round(placed.dx()) - placed.dx(), round(placed.dy()) - placed.dy())
        box = QRectF(part)
        clip = QRectF(box.topLeft() * ratio, box.size() * ratio).adjusted(-1, -1, 1, 1)
        self.draw_scene(painter, clip)
        for draw in self.marks:
            draw(painter)
        self._draw_outline(painter)

    def draw_scene(self, painter: QPainter, clip: QRectF) -> None:
        """Draws what is inside ``clip``, in device pixels."""
        self.scene.draw(painter, self.viewport, clip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the centre in the centre, or the picture fitted."""
        ratio = self.devicePixelRatioF()
        size = event.size()
        resized = self.viewport.resized(size.width() * ratio, size.height() * ratio)
        if self._fits:
            self.look(resized.fitted(self._session.document.rect), fits=True)
        else:
            self.look(resized)

    def brush_radius(self) -> float:
        """Of the outline at the pointer, in document pixels; 0 for none."""
        return 0.0

    def _shift_to(self, viewport: Viewport) -> QPoint | None:
        """Offset by which the drawn picture can be scrolled; ``None`` if it must be redrawn."""
        was, ratio = self.viewport, self.devicePixelRatioF()
        moved_only = replace(viewport, x=was.x, y=was.y) == was and was.is_upright
        if not moved_only or self.scene.divider is not None:
            return None
        across = (round(viewport.x) - round(was.x)) / ratio
        down = (round(viewport.y) - round(was.y)) / ratio
        whole = across.is_integer() and down.is_integer()
        return QPoint(int(across), int(down)) if whole else None

    def _scroll(self, shift: QPoint) -> None:
        """Scrolls the drawn picture, and redraws the exposed and the fixed parts."""
        fixed = [child.geometry() for child in self._children_seen()]
        if self._pointer is not None:
            fixed.append(self._outline_box(self._pointer))
        self.scroll(shift.x(), shift.y(), self.rect())
        for box in fixed:
            self.update(box)
            self.update(box.translated(shift))

    def _children_seen(self) -> list[QWidget]:
        return [each for each in self.children() if isinstance(each, QWidget) and each.isVisible()]

    def _outline_radius(self) -> float:
        """Of the brush, in device pixels; 0 for none."""
        radius = self.brush_radius() * self.viewport.scale
        return 0.0 if radius < _TINY_OUTLINE else radius

    def _draw_outline(self, painter: QPainter) -> None:
        radius = self._outline_radius()
        if self._pointer is None or not radius:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self._pointer * self.devicePixelRatioF()
        for color, grown in ((QColor(0, 0, 0, 150), 0.5), (QColor(255, 255, 255, 210), -0.5)):
            painter.setPen(QPen(color, 1))
            painter.drawEllipse(at, radius + grown, radius + grown)

    def _update_outline(self) -> None:
        if self._pointer is not None:
            self.update(self._outline_box(self._pointer))

    def _outline_box(self, at: QPointF) -> QRect:
        reach = self._outline_radius() / self.devicePixelRatioF() + 3
        return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach).toAlignedRect()

    def _update_rect(self, rect: Rect) -> None:
        if rect:
            ratio = self.devicePixelRatioF()
            box = self.viewport.to_view(rect).adjusted(-2, -2, 2, 2)
            self.update(
                QRect(
                    math.floor(box.left() / ratio),
                    math.floor(box.top() / ratio),
                    math.ceil(box.width() / ratio) + 1,
                    math.ceil(box.height() / ratio) + 1,
                )
            )

    def _follow_size(self, change: Change) -> None:
        if change.resized:
            self._show_whole()

    def _show_whole(self) -> None:
        self.look(replace(self.viewport, angle=0.0, mirrored=False))
        self.fit()
        self.update()


def _parts_worth_drawing(region: QRegion) -> list[QRect]:
    """The rectangles of a region if they are few and sparse, else its bounding box."""
    box = region.boundingRect()
    parts = list(cast("Iterable[QRect]", region))  # the stubs do not know that it is one
    area = sum(part.width() * part.height() for part in parts)
    few = len(parts) <= _FEW_PARTS and area < box.width() * box.height() / 2
    return parts if few else [box]
