"""Draws the canvas from caches: the picture, a candidate and the mask."""

from typing import Protocol

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Change
from sdedit_desktop.document.layers import Layer, LayerKind, composite
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import NOWHERE, Rect
from sdedit_desktop.ui.canvas.candidate_layer import CandidateTiles
from sdedit_desktop.ui.canvas.mask_layer import MaskView
from sdedit_desktop.ui.canvas.tile_cache import Step, TileCache, TileKey
from sdedit_desktop.ui.canvas.viewport import Viewport
from sdedit_desktop.ui.widgets.qimages import to_screen

_GRID_FROM = 8.0
_NEAREST_FROM = 2.0
_CHECK = 8
_REST_MS = 250
_PAUSE_MS = 5


class Floating(Protocol):
    """The picture while one of its layers is being transformed."""

    def draw(self, painter: QPainter, viewport: Viewport, seen: Rect, ground: QBrush) -> None:
        """Draws a part of the document in the view's orientation."""


class Scene:
    """Draws a session's document in any viewport, and keeps its caches up to date.

    ``damaged`` is emitted with the part of the document that looks different; ``mask_view``
    draws the mask.
    """

    def __init__(self, session: Session) -> None:
        self.damaged = Event[Rect]()
        self.mask_view = MaskView()
        self.mask_view.damaged.connect(self.damaged.emit)
        self.shows_before = False
        self.divider: float | None = None
        self._session = session
        self._floating: Floating | None = None
        self._slot: Slot | None = None
        self._covers = CandidateTiles(session)
        self._checks = _checkerboard()
        self._rest = QTimer(singleShot=True)
        self._rest.timeout.connect(self._catch_up)
        session.document_replaced.connect(self._make_caches)
        session.document_changed.connect(self._follow)
        self._make_caches()

    def _make_caches(self) -> None:
        self._document = document = self._session.document
        self._picture = TileCache(
            lambda rect: to_screen(document.composite(rect), document.icc), document.rect
        )
        self._remake_original()
        self.mask_view.follow(document)
        self._covers.clear()
        self._slot = None
        self.damaged.emit(document.rect)

    @property
    def shown_slot(self) -> Slot | None:
        """The candidate that covers the picture."""
        return self._slot

    def show_slot(self, slot: Slot | None) -> None:
        """Shows a finished or unfinished candidate over the picture; ``None`` hides it."""
        if slot is self._slot:
            return
        before = self._covered()
        is_damaged = slot is not None and slot.is_finished and not self._covers.finished(slot)
        self._slot = None if is_damaged else slot
        self.damaged.emit(before | self._covered())

    def show_floating(self, floating: Floating | None) -> None:
        """Draws the picture with a layer that is being transformed; ``None`` ends it."""
        self._floating = floating
        self.damaged.emit(self._document.rect)

    def show_before(self, shown: bool) -> None:
        """Shows the picture without the candidate; without one, the opened photo alone."""
        if shown != self.shows_before:
            self.shows_before = shown
            self._remake_original()
            self.damaged.emit(self._document.rect)

    def divide(self, x: float | None) -> None:
        """Shows the picture before to the left of a device pixel, and after to its right."""
        if self.divider is None:
            self._remake_original()
        self.divider = x

    def small_picture(self) -> QImage:
        """A small version of the picture without mask and candidates."""
        return QImage(self._picture.tile(TileKey(self._picture.coarsest, 0, 0)))

    def draw(self, painter: QPainter, viewport: Viewport, clip: QRectF) -> None:
        """Draws what is inside ``clip``; painter, viewport and clip are in device pixels."""
        if self.divider is None or self.shows_before:
            self._draw_side(painter, viewport, clip, self._slot, before=self.shows_before)
            return
        left, right = QRectF(clip), QRectF(clip)
        left.setRight(min(self.divider, clip.right()))
        right.setLeft(max(self.divider, clip.left()))
        for part, before in ((left, True), (right, False)):
            if part.isValid():
                painter.save()
                painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
                self._draw_side(painter, viewport, part, self._slot, before=before)
                painter.restore()

    def draw_slot(
        self, painter: QPainter, viewport: Viewport, clip: QRectF, slot: Slot | None
    ) -> None:
        """Draws the picture with another candidate than the one that is shown."""
        self._draw_side(painter, viewport, clip, slot, before=self.shows_before)

    def _draw_side(
        self,
        painter: QPainter,
        viewport: Viewport,
        clip: QRectF,
        slot: Slot | None,
        *,
        before: bool,
    ) -> None:
        document = self._document
        seen = viewport.visible(clip) & document.rect
        is_original = before and slot is None
        painter.save()
        painter.setTransform(viewport.orientation, True)
        if seen:
            painter.setBrushOrigin(round(viewport.x), round(viewport.y))
            cache = self._original if is_original else self._picture
            if self._floating is None or before:
                draw_tiles(painter, cache, viewport, seen, QBrush(self._checks))
            else:
                self._floating.draw(painter, viewport, seen, QBrush(self._checks))
            if slot is not None and not before:
                self._draw_candidate(painter, viewport, seen, slot)
            if not before and _is_to_come(slot) and self.divider is None:
                self._draw_mask(painter, viewport, seen)
            if viewport.scale >= _GRID_FROM:
                _draw_grid(painter, viewport, seen)
        painter.setPen(QPen(QColor(0, 0, 0, 110), 0))
        painter.drawRect(placed(viewport, document.rect).adjusted(-1, -1, 0, 0))
        painter.restore()

    def reduced(self, rect: Rect, longest: int) -> QImage:
        """A part of the picture without mask and candidates, on white, with a limited side."""
        scale = min(1.0, longest / max(rect.width, rect.height))
        width, height = (max(1, round(side * scale)) for side in (rect.width, rect.height))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        viewport = Viewport(x=-rect.left * scale, y=-rect.top * scale, scale=scale)
        draw_tiles(painter, self._picture, viewport, rect)
        painter.end()
        return image

    def _draw_candidate(
        self, painter: QPainter, viewport: Viewport, seen: Rect, slot: Slot
    ) -> None:
        if slot.is_finished:
            tiles = self._covers.finished(slot)
            if tiles is not None:
                draw_tiles(painter, tiles, viewport, seen & tiles.bounds)
        elif (forming := self._covers.forming(slot)) is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            assert slot.preview is not None
            there = slot.moved.bounds(slot.preview.rect)
            painter.drawImage(placed(viewport, there), forming)

    def _draw_mask(self, painter: QPainter, viewport: Viewport, seen: Rect) -> None:
        opacity, outlined = self.mask_view.layers
        marked = seen & self.mask_view.bounds
        if opacity:
            painter.setOpacity(opacity)
            draw_tiles(painter, self.mask_view.overlay, viewport, marked)
            painter.setOpacity(1.0)
        if outlined:
            draw_tiles(painter, self.mask_view.outline, viewport, marked)

    def _covered(self) -> Rect:
        """Where the document looks different because of the shown slot."""
        if self._slot is None:
            return NOWHERE
        return self._slot.rect | self._document.mask.bounds()

    def _remake_original(self) -> None:
        document = self._document
        self._original = layers_cache(document, _originals(document), document.rect)

    def _follow(self, change: Change) -> None:
        """Redraws what has changed, unless it was drawn while it changed."""
        if change.resized:
            self._make_caches()
        elif not change.previewed:
            step = Step(change.before, change.after)
            for rect in change.damage.picture:
                self._picture.refresh(rect, step)
                self._rest.start(_REST_MS)
                self.damaged.emit(rect)
            for rect in change.damage.mask:
                self.mask_view.refresh(rect, step)

    def _catch_up(self) -> None:
        """Updates hidden tiles while nobody paints, so that zooming is fast."""
        if self._picture.catch_up():
            self._rest.start(_PAUSE_MS)


def _is_to_come(slot: Slot | None) -> bool:
    """Whether a candidate has no preview yet; its mask is outlined until then."""
    return slot is None or not (slot.is_finished or slot.preview)


def _originals(document: Document) -> list[Layer]:
    photos = [layer for layer in document.layers if layer.kind is LayerKind.PHOTO]
    return photos or document.layers[:1]


def layers_cache(document: Document, layers: list[Layer], bounds: Rect) -> TileCache:
    """A tile cache of some of a document's layers."""

    def read(rect: Rect) -> QImage:
        return to_screen(composite(layers, rect, document.dtype), document.icc)

    return TileCache(read, bounds)


def draw_tiles(
    painter: QPainter,
    cache: TileCache,
    viewport: Viewport,
    seen: Rect,
    ground: QBrush | None = None,
) -> None:
    """Draws the visible tiles of a cache, before rotation, on ``ground`` where transparent."""
    smooth = viewport.scale < _NEAREST_FROM and viewport.scale != 1
    smooth = smooth or (viewport.scale < _NEAREST_FROM and viewport.angle % 90 != 0)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    for key in cache.keys(cache.level_for(viewport.scale), seen):
        image, place = cache.tile(key), placed(viewport, cache.shown_by(key))
        if ground is not None and not cache.is_opaque(key):
            painter.fillRect(place, ground)
        painter.drawImage(place, image)


def _draw_grid(painter: QPainter, viewport: Viewport, seen: Rect) -> None:
    painter.setPen(QPen(QColor(128, 128, 128, 90), 0))
    box = placed(viewport, seen)
    for column in range(seen.left, seen.right):
        x = round(viewport.x + column * viewport.scale)
        painter.drawLine(x, box.top(), x, box.bottom())
    for row in range(seen.top, seen.bottom):
        y = round(viewport.y + row * viewport.scale)
        painter.drawLine(box.left(), y, box.right(), y)


def placed(viewport: Viewport, rect: Rect) -> QRect:
    """The target rectangle in whole device pixels; neighbouring tiles share their edges."""
    origin_x, origin_y, scale = round(viewport.x), round(viewport.y), viewport.scale
    left, right = (origin_x + round(edge * scale) for edge in (rect.left, rect.right))
    top, bottom = (origin_y + round(edge * scale) for edge in (rect.top, rect.bottom))
    return QRect(left, top, max(right - left, 1), max(bottom - top, 1))


def _checkerboard() -> QPixmap:
    pixmap = QPixmap(2 * _CHECK, 2 * _CHECK)
    pixmap.fill(QColor(204, 204, 204))
    painter = QPainter(pixmap)
    for x in (0, 1):
        painter.fillRect(x * _CHECK, x * _CHECK, _CHECK, _CHECK, QColor(153, 153, 153))
    painter.end()
    return pixmap
