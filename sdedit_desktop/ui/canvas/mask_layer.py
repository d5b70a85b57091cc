"""Draws the mask over the canvas: as a tint, an outline, or a heat map.

A mask in use is visible unless the user hides it; then the status bar says so, and its outline
is shown while a job runs.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent, qRgba
from PySide6.QtWidgets import QWidget

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.tiles import Tiles, within
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import NOWHERE, Rect
from sdedit_desktop.ui.canvas.tile_cache import Step, TileCache
from sdedit_desktop.ui.widgets.qimages import in_colors, tinted

MASK_COLOR = QColor(232, 38, 110)
_OUTLINE_PER_PIXELS = 1500
_HEAT_OPACITY = 0.75
_LEAST_INSTEAD = 0.4
_HEAT = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
"""Five colours of "viridis", which are distinguishable in grey and with colour blindness."""


@dataclass(frozen=True)
class MaskStyle:
    """How the mask is drawn.

    Attributes:
        shown: False if the user hid it.
        color: Of tint and outline.
        opacity: Of the tint where the mask is full, 0 to 1.
        outlined: Whether the edge is outlined.
        heat: Whether strength is shown by colours instead of the tint.
        revealed: Whether the outline of a hidden mask is shown because a job uses it.
        rests: Whether the mask is hidden for now, while a result is being judged.
    """

    shown: bool = True
    color: QColor = field(default_factory=lambda: QColor(MASK_COLOR))
    opacity: float = 0.45
    outlined: bool = False
    heat: bool = False
    revealed: bool = False
    rests: bool = False

    @property
    def layers(self) -> tuple[float, bool]:
        """Opacities of the tint (or heat map) and of the outline."""
        if self.rests:
            return 0.0, False
        if not self.shown:
            return 0.0, self.revealed
        return (_HEAT_OPACITY, False) if self.heat else (self.opacity, self.outlined)


class MaskView:
    """Cached pictures of a document's mask.

    Attributes:
        damaged: A part of the document looks different now.
        look_changed: The style of the mask has changed.
        look: The style.
        overlay: The tinted mask, or the heat map.
        outline: Its edge.
    """

    def __init__(self) -> None:
        self.damaged = Event[Rect]()
        self.look_changed = Event[()]()
        self.look = MaskStyle()
        self._document: Document | None = None
        self._instead: Tiles | None = None
        self.overlay = TileCache(self._read_overlay, NOWHERE)
        self.outline = TileCache(self._read_outline, NOWHERE)

    def follow(self, document: Document) -> None:
        """Shows the mask of another document, or of one whose size has changed."""
        self._document = document
        self.overlay = TileCache(self._read_overlay, document.rect)
        self.outline = TileCache(self._read_outline, document.rect)

    def change(self, look: MaskStyle) -> None:
        """Sets the style."""
        if look == self.look:
            return
        if (look.color, look.heat) != (self.look.color, self.look.heat):
            self.overlay.clear()
            self.outline.clear()
        self.look = look
        if self._document is not None:
            self.damaged.emit(self._document.mask.bounds())
        self.look_changed.emit()

    def show_instead(self, mask: Tiles | None) -> None:
        """Shows a preview of a changed mask; ``None`` shows the mask as it is."""
        self._instead = mask
        self.overlay.clear()
        self.outline.clear()
        if self._document is not None:
            self.damaged.emit(self._document.rect)

    @property
    def layers(self) -> tuple[float, bool]:
        """How opaque the overlay is drawn, and whether the outline is."""
        if self._instead is not None:
            return max(self.look.opacity, _LEAST_INSTEAD), True
        return self.look.layers

    @property
    def bounds(self) -> Rect:
        """The bounds of everything that is drawn."""
        mask = self._instead or (self._document.mask if self._document else None)
        return mask.bounds() if mask else NOWHERE

    def show(self, shown: bool) -> None:
        """Shows or hides it."""
        self.change(replace(self.look, shown=shown))

    def refresh(self, rect: Rect, step: Step) -> None:
        """Updates a part of the mask that has changed."""
        self.overlay.refresh(rect, step)
        around = rect.grow(self._outline_width())
        self.outline.refresh(around, step)
        self.damaged.emit(around)

    def _read_overlay(self, rect: Rect) -> QImage:
        mask = self._read(rect)
        return in_colors(mask, HEAT) if self.look.heat else tinted(mask, self.look.color, 1.0)

    def _read_outline(self, rect: Rect) -> QImage:
        width = self._outline_width()
        wider = rect.grow(width)
        marked = Image.fromarray(self._read(wider) >> 7)
        inner = np.asarray(marked.filter(ImageFilter.MinFilter(2 * width + 1)))
        rim = (np.asarray(marked) > inner).astype(np.uint8) * np.uint8(255)
        return tinted(rim[within(rect, wider)], self.look.color, 1.0)

    def _read(self, rect: Rect) -> NDArray[np.uint8]:
        assert self._document is not None
        mask = self._instead or self._document.mask
        return mask.read(rect)[..., 0].astype(np.uint8, copy=False)

    def _outline_width(self) -> int:
        """In document pixels, so that it is visible in a reduced picture as well."""
        rect = self._document.rect if self._document else NOWHERE
        return 1 + max(rect.width, rect.height) // _OUTLINE_PER_PIXELS


class HeatLegend(QWidget):
    """A legend of the heat map, in the lower left corner of the canvas."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAccessibleName(self.tr("How strongly the picture may change"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(self.sizeHint())
        self.hide()
        over.installEventFilter(self)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        width = self.fontMetrics().horizontalAdvance(self._title()) + 24
        return QSize(max(width, 200), 2 * line + 30)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.move(12, self._over.height() - self.height() - 12)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the colours as they appear over a dark ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 20, 20, 215))
        painter.drawRoundedRect(self.rect(), 6, 6)
        line = self.fontMetrics().height()
        box = QRectF(12, line + 10, self.width() - 24, 10)
        scale = QLinearGradient(box.topLeft(), box.topRight())
        for number, color in enumerate(_HEAT):
            scale.setColorAt(number / (len(_HEAT) - 1), QColor(*color))
        painter.fillRect(box, scale)
        painter.setPen(QColor(240, 240, 240))
        painter.drawText(12, 6 + self.fontMetrics().ascent(), self._title())
        below = QRectF(12, box.bottom() + 4, box.width(), line)
        for align, text in (
            (Qt.AlignmentFlag.AlignLeft, self.tr("a little")),
            (Qt.AlignmentFlag.AlignHCenter, "50 %"),
            (Qt.AlignmentFlag.AlignRight, self.tr("fully")),
        ):
            painter.drawText(below, align, text)
        painter.end()

    def _title(self) -> str:
        return self.tr("How strongly it may change")


def _heat_table() -> list[int]:
    """One colour for each strength; transparent for 0."""
    anchors = np.linspace(0, 255, len(_HEAT))
    channels = [np.interp(np.arange(256), anchors, [c[i] for c in _HEAT]) for i in range(3)]
    colors = np.rint(np.stack(channels, axis=1)).astype(int).tolist()
    return [qRgba(0, 0, 0, 0), *(qRgba(red, green, blue, 255) for red, green, blue in colors[1:])]


HEAT = _heat_table()
"""The colour of each mask strength, 0 to 255, in Qt's packed format."""
