"""Live mode: a fast preview of the result after each stroke."""

import logging

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing import source_photo
from sdedit_desktop.editing.document_requests import context_side, masked_part
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest, Preview
from sdedit_desktop.editing.session import Session
from sdedit_desktop.editing.variations import live_params
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.translation import error_in_words
from sdedit_desktop.ui.widgets.qimages import (
    from_qimage,
    grey_from_qimage,
    grey_to_qimage,
    rgb_to_qimage,
)

DELAY_MS = 250
"""Time without a change before a live job starts."""

LIVE_SIDE = 512
"""Longest side of the region of a live job, in pixels, so that each costs the same."""

_DISTANCE, _PADDING = 12, 8
_DARK, _BRIGHT = QColor(20, 20, 20, 200), QColor(240, 240, 240)

logger = logging.getLogger(__name__)


class LiveOverlay(QWidget):
    """The live preview over the canvas, with a label; transparent for the pointer.

    Pointers go through it to the canvas, and it never takes the keyboard.
    """

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image: QImage | None = None
        self._rect = Rect(0, 0, 0, 0)
        self.label = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Live preview"))
        canvas.viewport_changed.connect(self._settle)
        self.hide()

    @property
    def image(self) -> QImage | None:
        """The current preview, or ``None``."""
        return self._image

    def show_image(self, image: QImage, rect: Rect) -> None:
        """Shows a picture over a part of the document."""
        self._image, self._rect = image, rect
        self.update()

    def say(self, label: str) -> None:
        """Sets the label."""
        self.label = label
        self._settle()
        self.show()
        self.update()

    def clear(self) -> None:
        """Hides the preview."""
        self._image = None
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the preview, unless a candidate or the original is shown."""
        scene = self._canvas.scene
        if scene.shows_before or scene.shown_slot is not None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is not None:
            painter.save()
            ratio = self.devicePixelRatioF()
            painter.scale(1 / ratio, 1 / ratio)
            painter.setTransform(self._canvas.viewport.transform, True)
            rect = self._rect
            painter.drawImage(QRectF(rect.left, rect.top, rect.width, rect.height), self._image)
            painter.restore()
        self._draw_label(painter)
        painter.end()

    def _draw_label(self, painter: QPainter) -> None:
        width = painter.fontMetrics().horizontalAdvance(self.label) + 2 * _PADDING
        height = painter.fontMetrics().height() + _PADDING
        corner = QPointF(self.width() - width - _DISTANCE, _DISTANCE)
        box = QRectF(corner.x(), corner.y(), width, height)
        shape = QPainterPath()
        shape.addRoundedRect(box, height / 2, height / 2)
        painter.fillPath(shape, _DARK)
        painter.setPen(_BRIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.label)

    def _settle(self) -> None:
        """Takes the geometry of the canvas, and repaints for its viewport."""
        self.setGeometry(self._canvas.rect())
        self.update()


class LiveMode(QObject):
    """Starts a live job when the pointer rests, and cancels it when the pointer moves."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self.is_on = False
        self.overlay = LiveOverlay(canvas)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(DELAY_MS)
        self.timer.timeout.connect(self._look)
        self._painted = False
        self._asked: EditParams | None = None
        self._mask: QImage | None = None
        canvas.stroke_started.connect(self._begin_stroke)
        session.document_replaced.connect(self._start_anew)
        session.document_changed.connect(self._follow)
        session.params_changed.connect(self._follow_params)
        session.jobs.live_updated.connect(self._show)
        session.jobs.live_ended.connect(self._end)
        session.jobs.queue_changed.connect(self._give_way)

    def switch(self, on: bool) -> None:
        """Turns live mode on or off; turning it on starts a live job."""
        self.is_on = on
        self._drop()
        if on:
            self.timer.start()
        else:
            self.timer.stop()

    def _begin_stroke(self) -> None:
        self._painted = True
        self.timer.stop()
        self._drop()

    def _drop(self) -> None:
        """Removes the preview and cancels its job."""
        self.overlay.clear()
        self._session.jobs.drop_live()

    def _follow(self, change: Change) -> None:
        """Starts the timer when a stroke is complete; other changes do not count."""
        if change.damage.picture or change.damage.mask:
            self._drop()
        if change.is_step:
            if self.is_on and self._painted:
                self.timer.start()
            self._painted = False

    def _look(self) -> None:
        if self._canvas.is_busy or self._canvas.scene.shown_slot is not None:
            return
        self._asked = self._wanted()
        facts = self._session.facts.get(self._session.params.model)
        rect, mask = masked_part(self._session.document, context_side(facts))
        guide = self._canvas.scene.reduced(rect, LIVE_SIDE)
        self._mask = grey_to_qimage(mask).scaled(guide.size())
        pixels = from_qimage(guide)[..., :3]
        photo = source_photo.of_document(self._session.document, rect, mask)
        request = EditRequest(self._asked, pixels, grey_from_qimage(self._mask), rect, photo)
        self.overlay.say(self.tr("Live…"))
        self._session.jobs.submit_live(request)

    def _show(self, job: Job, message: Preview | Candidate) -> None:
        if self._mask is not None:
            image = rgb_to_qimage(message.image).convertToFormat(QImage.Format.Format_ARGB32)
            image.setAlphaChannel(self._mask.scaled(image.size()))
            premultiplied = QImage.Format.Format_ARGB32_Premultiplied
            self.overlay.show_image(image.convertToFormat(premultiplied), message.rect)

    def _end(self, job: Job) -> None:
        if job.cancel.is_stopped:
            return
        if job.state is JobState.FAILED:
            logger.info("There is no live preview: %s", job.error)
            self.overlay.say(self.tr("Live: {0}").format(error_in_words(job.error)))
        else:
            self.overlay.say(self.tr("Live"))

    def _give_way(self) -> None:
        """Cancels live jobs when a batch starts, unless the preview is newer."""
        jobs = self._session.jobs
        if (jobs.running or jobs.waiting) and not jobs.has_live:
            self.overlay.clear()

    def _start_anew(self) -> None:
        self.timer.stop()
        self._drop()

    def _follow_params(self) -> None:
        """Starts a live job when t0 changes."""
        if self.overlay.isVisible() and self._wanted() != self._asked:
            self.timer.start()

    def _wanted(self) -> EditParams:
        return live_params(self._session.params, keeps_seed=self._session.keeps_seed)
