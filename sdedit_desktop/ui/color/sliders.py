"""Sliders for red, green, blue, hue, saturation and brightness."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

_HUES = tuple(QColor.fromHsvF(step / 6 % 1, 1, 1) for step in range(7))


class ColorSliders(QWidget):
    """Six sliders whose tracks show the resulting colours."""

    rgb_picked = Signal(int, int, int)
    hsv_picked = Signal(float, float, float)

    def __init__(self) -> None:
        super().__init__()
        texts = (
            (self.tr("R"), self.tr("Red"), 255),
            (self.tr("G"), self.tr("Green"), 255),
            (self.tr("B"), self.tr("Blue"), 255),
            (self.tr("H"), self.tr("Hue"), 359),
            (self.tr("S"), self.tr("Saturation"), 100),
            (self.tr("V"), self.tr("Brightness"), 100),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self.channels = [Channel(name, most) for _, name, most in texts]
        for row, (channel, (letter, name, _)) in enumerate(zip(self.channels, texts, strict=True)):
            label = QLabel(letter)
            label.setToolTip(name)
            grid.addWidget(label, row, 0)
            grid.addWidget(channel, row, 1)
            grid.addWidget(channel.number, row, 2)
            channel.valueChanged.connect(self._pick_rgb if row < 3 else self._pick_hsv)

    def show_color(self, color: QColor, hue: float, saturation: float, value: float) -> None:
        """Shows a colour; hue and saturation are passed because grey does not determine them."""
        parts = color.red(), color.green(), color.blue()
        shown = (*parts, round(360 * hue) % 360, round(100 * saturation), round(100 * value))
        for channel, number in zip(self.channels, shown, strict=True):
            channel.show_number(number)
        for at, channel in enumerate(self.channels[:3]):
            channel.show_track(
                [QColor(*(end if i == at else v for i, v in enumerate(parts))) for end in (0, 255)]
            )
        self.channels[3].show_track(_HUES)
        self.channels[4].show_track([QColor.fromHsvF(hue, end, value) for end in (0, 1)])
        self.channels[5].show_track([QColor.fromHsvF(hue, saturation, end) for end in (0, 1)])

    def _pick_rgb(self) -> None:
        self.rgb_picked.emit(*(channel.value() for channel in self.channels[:3]))

    def _pick_hsv(self) -> None:
        hue, saturation, value = (channel.value() for channel in self.channels[3:])
        self.hsv_picked.emit(hue / 360, saturation / 100, value / 100)


class Channel(QAbstractSlider):
    """A slider, and a ``number`` beside it for typing."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__()
        self._colors: Sequence[QColor] = ()
        self.setRange(0, most)
        self.setPageStep(max(most // 10, 1))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(self.tr("{0}: drag, or use the arrow keys").format(name))
        self.number = QSpinBox()
        self.number.setRange(0, most)
        self.number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setFixedWidth(44)
        self.number.setAccessibleName(name)
        self.number.setToolTip(self.tr("{0} as a number, 0 to {1}").format(name, most))
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(self.setValue)

    def show_number(self, number: int) -> None:
        """Shows a value without emitting a signal."""
        for part in (self, self.number):
            blocked = part.blockSignals(True)
            part.setValue(number)
            part.blockSignals(blocked)

    def show_track(self, colors: Sequence[QColor]) -> None:
        """Draws the resulting colours, evenly spaced from the smallest to the largest value."""
        self._colors = colors
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 17)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 17)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        track = QLinearGradient(box.topLeft(), box.topRight())
        for at, color in enumerate(self._colors):
            track.setColorAt(at / (len(self._colors) - 1), color)
        path = QPainterPath()
        path.addRoundedRect(box, 3, 3)
        painter.fillPath(path, track)
        rim = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Dark
        painter.setPen(QPen(self.palette().color(rim), 1.5 if self.hasFocus() else 1))
        painter.drawPath(path)
        x = 3.5 + self.value() / self.maximum() * (self.width() - 7)
        for color, wide in ((QColor(0, 0, 0, 190), 5.0), (QColor(255, 255, 255), 2.5)):
            pen = QPen(color, wide)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 3), QPointF(x, self.height() - 3))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = (event.position().x() - 3.5) / max(self.width() - 7, 1)
        self.setValue(round(share * self.maximum()))
