"""Candidates drawn over the picture at any scale."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.blending import premultiplied, scaled, spread, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import within
from sdedit_desktop.editing.candidates.placement import arranged
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.document_requests import is_see_through
from sdedit_desktop.editing.jobs import Job
from sdedit_desktop.editing.request import Candidate, Preview
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.tile_cache import TileCache
from sdedit_desktop.ui.widgets.qimages import grey_to_qimage, rgb_to_qimage, to_screen

_KEPT = 4
_TILES_BYTES = 64 << 20


class CandidateTiles:
    """Cached tiles of the candidates that were shown last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._finished: BoundedCache[tuple[int, Matrix | None], TileCache] = BoundedCache(_KEPT)
        self._forming: tuple[Preview, Matrix, QImage] | None = None
        self._alpha: tuple[Job, Matrix, Rect, QImage] | None = None

    def finished(self, slot: Slot) -> TileCache | None:
        """The tiles of a finished candidate; ``None`` if it is unfinished or damaged."""
        key = slot.id, slot.made.moved if slot.made else None
        cache = self._finished.get(key)
        if cache is None:
            candidate = self._session.strip.open(slot)
            if candidate is None:
                return None
            cache = self._finished[key] = _tiles_of(candidate, self._session.document)
        return cache

    def forming(self, slot: Slot) -> QImage | None:
        """A preview with the opacity of the request's mask, for where it belongs."""
        preview = slot.preview
        if preview is None:
            return None
        if self._forming is None or self._forming[:2] != (preview, slot.moved):
            self._forming = preview, slot.moved, self._masked(slot, preview)
        return self._forming[2]

    def clear(self) -> None:
        """Clears the cache."""
        self._finished.clear()
        self._forming = self._alpha = None

    def _masked(self, slot: Slot, preview: Preview) -> QImage:
        job, moved = slot.job, slot.moved
        image = rgb_to_qimage(arranged(preview.image, moved), self._session.document.icc)
        if self._alpha is None or self._alpha[:3] != (job, moved, preview.rect):
            mask = job.request.mask[within(preview.rect, job.request.rect)]
            alpha = grey_to_qimage(arranged(mask[..., None], moved)[..., 0])
            smooth = Qt.TransformationMode.SmoothTransformation
            self._alpha = job, moved, preview.rect, alpha.scaled(image.size(), mode=smooth)
        image = image.convertToFormat(QImage.Format.Format_ARGB32)
        image.setAlphaChannel(self._alpha[3])
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _tiles_of(candidate: Candidate, document: Document) -> TileCache:
    """Draws the same as ``result_layer``, without creating a layer."""
    dtype, icc = candidate.image.dtype.type, document.icc
    see_through = is_see_through(document, candidate.rect, candidate.alpha)

    def read(rect: Rect) -> QImage:
        part = within(rect, candidate.rect)
        shows = to_depth(candidate.alpha[part], dtype)
        if see_through:
            shows = scaled(shows, document.composite(rect)[..., 3])
        return to_screen(scaled(premultiplied(candidate.image[part]), spread(shows)), icc)

    return TileCache(read, candidate.rect, _TILES_BYTES)
