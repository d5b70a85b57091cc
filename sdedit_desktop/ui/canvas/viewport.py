"""Maps document pixels to the screen.

Everything is in device pixels: 100 % means one document pixel per screen pixel, whatever the
scale factor of the screen.
"""

import math
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from sdedit_desktop.geometry import Rect

LEAST_SCALE = 0.02
MOST_SCALE = 32.0
_MARGIN = 24


@dataclass(frozen=True)
class Viewport:
    """Position, scale and rotation of the document in a view of ``width`` x ``height`` pixels.

    Attributes:
        scale: Device pixels per document pixel.
        x: Position of the document's left edge, before rotation.
        y: The same for its top edge.
        angle: Rotation about the centre of the view, clockwise, in degrees.
        mirrored: Whether left and right are exchanged.
    """

    width: float = 1.0
    height: float = 1.0
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    angle: float = 0.0
    mirrored: bool = False

    @property
    def is_upright(self) -> bool:
        """Whether the view is neither rotated nor mirrored."""
        return self.angle == 0 and not self.mirrored

    @property
    def orientation(self) -> QTransform:
        """Rotation and mirroring about the centre of the view."""
        if self.is_upright:
            return QTransform()
        turn = QTransform().translate(self.width / 2, self.height / 2)
        turn.rotate(self.angle)
        turn.scale(-1 if self.mirrored else 1, 1)
        return turn.translate(-self.width / 2, -self.height / 2)

    @property
    def transform(self) -> QTransform:
        """From document pixels to device pixels."""
        placed = QTransform(self.scale, 0, 0, self.scale, round(self.x), round(self.y))
        return placed * self.orientation

    def to_document(self, point: QPointF) -> QPointF:
        """The document point under a device pixel."""
        inverse, _ = self.transform.inverted()
        return inverse.map(point)

    def to_view(self, rect: Rect) -> QRectF:
        """The bounding box in device pixels of a document rectangle."""
        return self.transform.mapRect(QRectF(rect.left, rect.top, rect.width, rect.height))

    def visible(self, view: QRectF) -> Rect:
        """The document pixels that a rectangle of device pixels touches."""
        inverse, _ = self.transform.inverted()
        seen = inverse.mapRect(view)
        return Rect(
            math.floor(seen.left()),
            math.floor(seen.top()),
            math.ceil(seen.right()),
            math.ceil(seen.bottom()),
        )

    def resized(self, width: float, height: float) -> "Viewport":
        """For a view of another size, with the same centre."""
        dx, dy = (width - self.width) / 2, (height - self.height) / 2
        return replace(self, width=width, height=height, x=self.x + dx, y=self.y + dy)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """Moved by device pixels on the screen."""
        inverse, _ = self.orientation.inverted()
        shift = inverse.map(QPointF(dx, dy)) - inverse.map(QPointF(0, 0))
        return replace(self, x=self.x + shift.x(), y=self.y + shift.y())

    def zoomed(self, scale: float, at: QPointF) -> "Viewport":
        """At another scale, with the document point under ``at`` fixed."""
        scale = min(max(scale, LEAST_SCALE), MOST_SCALE)
        inverse, _ = self.orientation.inverted()
        fixed = inverse.map(at)
        ratio = scale / self.scale
        x = fixed.x() - (fixed.x() - self.x) * ratio
        y = fixed.y() - (fixed.y() - self.y) * ratio
        return replace(self, scale=scale, x=x, y=y)

    def turned(self, degrees: float, at: QPointF | None = None) -> "Viewport":
        """Rotated clockwise about a device pixel, by default about the centre."""
        turned = replace(self, angle=(self.angle + degrees) % 360)
        if at is None:
            return turned
        moved = at - turned.transform.map(self.to_document(at))
        return turned.panned(moved.x(), moved.y())

    def mirrored_view(self) -> "Viewport":
        """Mirrored horizontally."""
        return replace(self, mirrored=not self.mirrored)

    def fitted(self, rect: Rect, *, most: float = 1.0) -> "Viewport":
        """With a document rectangle in the centre, as large as possible, at most at ``most``."""
        box = self.orientation.mapRect(QRectF(0, 0, rect.width, rect.height))
        across = (self.width - 2 * _MARGIN) / max(box.width(), 1)
        down = (self.height - 2 * _MARGIN) / max(box.height(), 1)
        scale = min(max(min(across, down, most), LEAST_SCALE), MOST_SCALE)
        return self.centered(rect, scale)

    def centered(self, rect: Rect, scale: float) -> "Viewport":
        """With the centre of a document rectangle in the centre of the view."""
        x = self.width / 2 - scale * (rect.left + rect.right) / 2
        y = self.height / 2 - scale * (rect.top + rect.bottom) / 2
        return replace(self, scale=scale, x=x, y=y)


class ViewportWidget(Protocol):
    """A widget that shows the document through a viewport; its own lengths are in logical pixels.

    Attributes:
        viewport: The present one.
    """

    viewport: Viewport

    @property
    def fits(self) -> bool:
        """Whether the document is kept fitted."""

    def look(self, viewport: Viewport) -> None:
        """Sets the viewport."""

    def fit(self) -> None:
        """Shows the whole document."""

    def width(self) -> int:
        """The widget's own width."""

    def height(self) -> int:
        """The widget's own height."""

    def devicePixelRatioF(self) -> float:
        """Device pixels per logical pixel."""
