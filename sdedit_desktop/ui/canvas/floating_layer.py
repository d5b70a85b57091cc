"""A layer that is being transformed, drawn between the layers below and above it.

Layers above are laid over one by one where their blend modes want it. The painter has no hue,
saturation, colour and luminosity: those are shown as if blended normally. What is applied in the
end is exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode, Layer, composite
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.scene import draw_tiles, layers_cache, placed
from sdedit_desktop.ui.canvas.viewport import Viewport
from sdedit_desktop.ui.widgets.qimages import to_screen

_MOST_PIXELS = 4_000_000
_BAND = 128
_Composition = QPainter.CompositionMode
_NORMAL = _Composition.CompositionMode_SourceOver
_MODES = {
    BlendMode.ATOP: _Composition.CompositionMode_SourceAtop,
    BlendMode.MULTIPLY: _Composition.CompositionMode_Multiply,
    BlendMode.SCREEN: _Composition.CompositionMode_Screen,
    BlendMode.OVERLAY: _Composition.CompositionMode_Overlay,
    BlendMode.DARKEN: _Composition.CompositionMode_Darken,
    BlendMode.LIGHTEN: _Composition.CompositionMode_Lighten,
    BlendMode.COLOR_DODGE: _Composition.CompositionMode_ColorDodge,
    BlendMode.COLOR_BURN: _Composition.CompositionMode_ColorBurn,
    BlendMode.HARD_LIGHT: _Composition.CompositionMode_HardLight,
    BlendMode.SOFT_LIGHT: _Composition.CompositionMode_SoftLight,
    BlendMode.DIFFERENCE: _Composition.CompositionMode_Difference,
}


class FloatingLayer:
    """Draws a document with one layer transformed by ``matrix``, without changing it."""

    def __init__(self, document: Document, layer: Layer, box: Rect) -> None:
        index = document.layers.index(layer)
        self.matrix = Matrix()
        self._frame = document.rect
        self._below = layers_cache(document, document.layers[:index], document.rect)
        self._above = [
            (mode, layers_cache(document, layers, document.rect))
            for mode, layers in _runs(document.layers[index + 1 :])
            if layers
        ]
        self._box = box
        self._mode = _MODES.get(layer.mode, _NORMAL)
        self._image = _reduced_picture(replace(layer, mode=BlendMode.NORMAL), box, document)

    def draw(self, painter: QPainter, viewport: Viewport, seen: Rect, ground: QBrush) -> None:
        """Draws a part of the document in the view's orientation."""
        draw_tiles(painter, self._below, viewport, seen, ground)
        painter.save()
        painter.setClipRect(placed(viewport, self._frame))
        scale, m = viewport.scale, self.matrix
        place = QTransform(m.xx, m.yx, m.xy, m.yy, m.dx, m.dy)
        place *= QTransform(scale, 0, 0, scale, round(viewport.x), round(viewport.y))
        painter.setTransform(place, True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(self._mode)
        box = self._box
        painter.drawImage(QRectF(box.left, box.top, box.width, box.height), self._image)
        painter.restore()
        for mode, cache in self._above:
            painter.setCompositionMode(mode)
            draw_tiles(painter, cache, viewport, seen)
        painter.setCompositionMode(_NORMAL)


def _runs(layers: Sequence[Layer]) -> Iterator[tuple[QPainter.CompositionMode, list[Layer]]]:
    """Layers that can be composited together; a layer with another blend mode is alone."""
    together: list[Layer] = []
    for layer in filter(lambda layer: layer.visible, layers):
        mode = _MODES.get(layer.mode, _NORMAL)
        if mode is _NORMAL:
            together.append(layer)
            continue
        yield _NORMAL, together
        yield mode, [replace(layer, mode=BlendMode.NORMAL)]
        together = []
    yield _NORMAL, together


def _reduced_picture(layer: Layer, box: Rect, document: Document) -> QImage:
    """A layer with its opacity and mask, reduced so far that it can be drawn at once."""
    form = QImage.Format.Format_ARGB32_Premultiplied
    share = min(1.0, (_MOST_PIXELS / max(box.width * box.height, 1)) ** 0.5)
    image = QImage(max(1, round(box.width * share)), max(1, round(box.height * share)), form)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, share < 1)
    painter.scale(image.width() / box.width, image.height() / box.height)
    for top in range(box.top, box.bottom, _BAND):
        band = Rect(box.left, top, box.right, min(top + _BAND, box.bottom))
        part = to_screen(composite([layer], band, document.dtype), document.icc)
        painter.drawImage(0, top - box.top, part)
    painter.end()
    return image
