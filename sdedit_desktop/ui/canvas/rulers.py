"""Rulers along two edges of the canvas, in document pixels."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.viewport import Viewport

THICKNESS = 20
_LABEL_ROOM = 64.0
_TICK_ROOM = 6.0
_FINER = (10, 5, 2, 1)


class Axis(NamedTuple):
    """Maps a document coordinate to an edge of the view: ``device = scale * it + offset``.

    Attributes:
        scale: Device pixels per document pixel; negative if it decreases along the edge.
        offset: Device pixel of the coordinate 0.
        is_x: Whether it is the document's x or its y.
    """

    scale: float
    offset: float
    is_x: bool


class Tick(NamedTuple):
    """A line on a ruler: position, relative length, and a label for main ones."""

    value: int
    at: float
    share: float


def axis_of(viewport: Viewport, *, down: bool) -> Axis | None:
    """The axis along the view's top or left edge; ``None`` if the view is at an oblique angle.

    In a mirrored view, or one rotated by quarters, it is the other coordinate, or a reversed one.
    """
    if viewport.angle % 90:
        return None
    map_ = viewport.transform
    by_x, by_y, shift = (
        (map_.m12(), map_.m22(), map_.dy()) if down else (map_.m11(), map_.m21(), map_.dx())
    )
    along_x = abs(by_x) > abs(by_y)
    return Axis(by_x if along_x else by_y, shift, along_x)


def ticks(axis: Axis, length: float, ratio: float) -> Iterator[Tick]:
    """The ticks of a ruler of ``length`` device pixels.

    Main ones are 1, 2 or 5 times a power of ten apart, never less than a document pixel.

    Args:
        axis: Of the ruler.
        length: In device pixels.
        ratio: Device pixels per window pixel, which decides how much room labels need.
    """
    per_pixel = abs(axis.scale)
    main = _round_step(_LABEL_ROOM * ratio / per_pixel)
    finer = next(
        part
        for part in _FINER
        if (main % part == 0 and main / part * per_pixel >= _TICK_ROOM * ratio) or part == 1
    )
    step = main // finer
    ends = sorted((-axis.offset / axis.scale, (length - axis.offset) / axis.scale))
    for value in range(step * math.floor(ends[0] / step), math.ceil(ends[1]) + 1, step):
        half = finer == 10 and value % (main // 2) == 0
        share = 1.0 if value % main == 0 else 0.5 if half else 0.3
        yield Tick(value, axis.scale * value + axis.offset, share)


def _round_step(least: float) -> int:
    power = 10 ** math.floor(math.log10(max(least, 1.0)))
    return next(int(part * power) for part in (1, 2, 5, 10) if part * power >= least or part == 10)


class Ruler(QWidget):
    """A ruler with a marker at the pointer."""

    def __init__(self, canvas: CanvasView, *, down: bool) -> None:
        super().__init__()
        self._canvas = canvas
        self._down = down
        self._pointer: QPointF | None = None
        name = self.tr("Vertical ruler") if down else self.tr("Horizontal ruler")
        self.setAccessibleName(name)
        self.setToolTip(
            self.tr("Pixels of the picture; it stays empty while the view is turned askew")
        )
        canvas.viewport_changed.connect(self.update)
        canvas.pointer_moved.connect(self._follow)
        canvas.pointer_left.connect(lambda: self._show_pointer(None))

    def sizeHint(self) -> QSize:
        return QSize(THICKNESS, THICKNESS)

    def mark(self) -> float | None:
        """Position of the marker, in device pixels along the ruler."""
        if self._pointer is None:
            return None
        seen = self._canvas.viewport.transform.map(self._pointer)
        return seen.y() if self._down else seen.x()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws ticks, labels and the marker."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        ratio = self.devicePixelRatioF()
        axis = axis_of(self._canvas.viewport, down=self._down)
        if axis is not None:
            length = (self.height() if self._down else self.width()) * ratio
            small = painter.font()
            small.setPixelSize(10)
            painter.setFont(small)
            for tick in ticks(axis, length, ratio):
                self._draw_tick(painter, tick, tick.at / ratio)
        mark = self.mark()
        if mark is not None:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 1))
            self._line(painter, mark / ratio, 1.0)
        painter.end()

    def _draw_tick(self, painter: QPainter, tick: Tick, at: float) -> None:
        color = QColor(self.palette().color(QPalette.ColorRole.WindowText))
        color.setAlphaF(0.35)
        painter.setPen(QPen(color, 1))
        self._line(painter, at, tick.share)
        if tick.share < 1:
            return
        color.setAlphaF(0.85)
        painter.setPen(color)
        if self._down:
            painter.save()
            painter.translate(10, round(at) + 3)
            painter.rotate(90)
            painter.drawText(QPointF(0, 0), str(tick.value))
            painter.restore()
        else:
            painter.drawText(QPointF(round(at) + 4, 10), str(tick.value))

    def _line(self, painter: QPainter, at: float, share: float) -> None:
        """A line from the edge of the picture outwards."""
        end, start = THICKNESS, round(THICKNESS * (1 - share))
        along = math.floor(at)
        if self._down:
            painter.drawLine(start, along, end, along)
        else:
            painter.drawLine(along, start, along, end)

    def _follow(self, x: float, y: float) -> None:
        self._show_pointer(QPointF(x, y))

    def _show_pointer(self, point: QPointF | None) -> None:
        self._pointer = point
        self.update()


class RulerFrame(QWidget):
    """The canvas with its rulers, which are hidden at first."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__()
        self.canvas = canvas
        self.across = Ruler(canvas, down=False)
        self.down = Ruler(canvas, down=True)
        self._corner = QWidget()
        self._corner.setAutoFillBackground(True)
        self._corner.setBackgroundRole(QPalette.ColorRole.Mid)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0)
        grid.addWidget(self.across, 0, 1)
        grid.addWidget(self.down, 1, 0)
        grid.addWidget(canvas, 1, 1)
        for ruler in (self.across, self._corner):
            ruler.setFixedHeight(THICKNESS)
        for ruler in (self.down, self._corner):
            ruler.setFixedWidth(THICKNESS)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_rulers(False)

    @property
    def has_rulers(self) -> bool:
        """Whether the rulers are shown."""
        return not self.across.isHidden()

    def show_rulers(self, shown: bool) -> None:
        """Shows or hides the rulers."""
        for part in (self.across, self.down, self._corner):
            part.setVisible(shown)
