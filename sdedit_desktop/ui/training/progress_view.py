"""Progress of a training: the loss curve and the latest samples."""

import math
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from sdedit_desktop.ui.translation import format_number

_MOST_POINTS = 600
_MARGIN = 8.0
_LINES = 3


class LossCurve(QWidget):
    """The loss over the steps, on a logarithmic scale."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[tuple[int, float]] = []
        self.setMinimumSize(240, 110)
        self.setAccessibleName(self.tr("Loss over the steps"))
        self.setToolTip(self.tr("How wrong the model is, over the steps: it falls while it learns"))

    def sizeHint(self) -> QSize:
        return QSize(480, 150)

    def clear(self) -> None:
        """Clears the curve."""
        self.points = []
        self.update()

    def add(self, step: int, loss: float | None) -> None:
        """Adds a point; every other one is removed when there are too many."""
        if loss is None or loss <= 0:
            return
        self.points.append((step, loss))
        if len(self.points) > _MOST_POINTS:
            del self.points[1:-1:2]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the curve and its scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        if len(self.points) < 2:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("The loss is drawn here")
            )
            return
        figures = painter.fontMetrics().horizontalAdvance("0.000") + 2 * _MARGIN
        below = painter.fontMetrics().height() + _MARGIN
        area = QRectF(self.rect()).adjusted(figures, 2 * _MARGIN, -2 * _MARGIN, -below)
        values = [math.log(loss) for _, loss in self.points]
        low, high = min(values), max(max(values), min(values) + 0.05)
        self._draw_scale(painter, area, low, high)
        first, last = self.points[0][0], self.points[-1][0]
        curve = QPolygonF(
            [
                QPointF(
                    area.left() + area.width() * (step - first) / (last - first),
                    area.bottom() - area.height() * (value - low) / (high - low),
                )
                for (step, _), value in zip(self.points, values, strict=True)
            ]
        )
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
        painter.drawPolyline(curve)

    def _draw_scale(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        ink = self.palette().color(QPalette.ColorRole.PlaceholderText)
        ink.setAlphaF(0.35)
        for index in range(_LINES):
            share = index / (_LINES - 1)
            height = area.bottom() - share * area.height()
            painter.setPen(ink)
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            value = math.exp(low + share * (high - low))
            box = QRectF(0, height - 10, area.left() - _MARGIN, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, format_number(value, 3))
        steps = QRectF(area.left(), area.bottom() + 2, area.width(), 20)
        texts = self.tr("step {0}"), "{0}"
        for text, (step, _), side in zip(
            texts,
            (self.points[0], self.points[-1]),
            (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight),
            strict=True,
        ):
            painter.drawText(steps, side, text.format(step))


class SampleSheet(QWidget):
    """The latest sheet of samples, scaled to the widget."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Samples"))
        self.setToolTip(
            self.tr(
                "From top to bottom: photographs that are not learned, strokes painted of them, "
                "and what the model makes of the strokes at t0 0.4, 0.5 and 0.6"
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def show_file(self, path: Path | None) -> None:
        """Shows a picture; None or no picture is an empty sheet."""
        self.picture = QPixmap() if path is None else QPixmap(str(path))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        if self.picture.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            text = self.tr("Samples appear here after some minutes")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        size = self.picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(self.rect()).center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, self.picture, QRectF(self.picture.rect()))
