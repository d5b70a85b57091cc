"""The colour to paint with: a square and a strip, a number, swatches and recent colours."""

from collections import deque
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegularExpressionValidator,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.icons import icon
from sdedit_desktop.ui.pixels import rgb_to_qimage, shown_color

_SWATCHES = (
    "#000000", "#4a4a4a", "#8f8f8f", "#d0d0d0", "#ffffff", "#f2e3c6", "#c9a26b", "#8a5a34",
    "#4b2e1d", "#b5322b", "#e2672f", "#f0b43c", "#f3e37a", "#9dbb4e", "#4f8a3c", "#2a5632",
    "#2f7f79", "#78b7c9", "#b9dcec", "#4c86c6", "#274f8f", "#23264f", "#6d4a8f", "#c76d9b",
)  # fmt: skip
_RECENT = 12


class ColorSquare(QWidget):
    """Saturation to the right, brightness upwards, for one hue."""

    picked = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self._hue, self._saturation, self._value = 0.0, 0.0, 0.0
        self._field: QImage | None = None
        self.setMinimumSize(120, 72)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Saturation and brightness"))
        self.setToolTip(
            self.tr("Drag, or use the arrow keys: saturation to the right, brightness up")
        )

    def sizeHint(self) -> QSize:
        """Room to aim."""
        return QSize(190, 96)

    def show_color(self, hue: float, saturation: float, value: float) -> None:
        """Shows a colour, each part 0 to 1."""
        if hue != self._hue:
            self._field = None
        self._hue, self._saturation, self._value = hue, saturation, value
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the field and the mark."""
        if self._field is None:
            self._field = _field(self._hue)
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing
        )
        painter.drawImage(self.rect(), self._field)
        at = QPointF(self._saturation * self.width(), (1 - self._value) * self.height())
        for color, radius in ((QColor(0, 0, 0, 160), 6.0), (QColor(255, 255, 255), 5.0)):
            painter.setPen(QPen(color, 1.5))
            painter.drawEllipse(at, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Picks."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Picks."""
        at = event.position()
        self._pick(at.x() / max(self.width(), 1), 1 - at.y() / max(self.height(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the mark, with Shift faster."""
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
        key = Qt.Key
        moves = {
            key.Key_Left: (-step, 0.0),
            key.Key_Right: (step, 0.0),
            key.Key_Up: (0.0, step),
            key.Key_Down: (0.0, -step),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self._pick(self._saturation + move[0], self._value + move[1])

    def _pick(self, saturation: float, value: float) -> None:
        self.picked.emit(min(max(saturation, 0.0), 1.0), min(max(value, 0.0), 1.0))


class HueStrip(QAbstractSlider):
    """All hues in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 359)
        self.setPageStep(30)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(18)
        self.setAccessibleName(self.tr("Hue"))
        self.setToolTip(self.tr("Hue: drag, or use the arrow keys"))
        hues = [_rgb(QColor.fromHsvF(x / 180, 1, 1)) for x in range(180)]
        self._strip = rgb_to_qimage(np.array([hues], np.uint8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the hues and the mark."""
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._strip)
        x = round(self.value() / 359 * (self.width() - 1))
        painter.setPen(QColor(0, 0, 0, 160))
        painter.drawRect(x - 3, 0, 6, self.height() - 1)
        painter.setPen(QColor(255, 255, 255))
        painter.drawRect(x - 2, 1, 4, self.height() - 3)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jumps to the pointer."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows it."""
        self.setValue(round(event.position().x() / max(self.width() - 1, 1) * 359))


class ColorPair(QWidget):
    """Foreground over background, as two overlapping sheets."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFixedSize(46, 40)
        self.setAccessibleName(self.tr("Foreground and background colour"))
        self.setToolTip(self.tr("In front the colour that is painted with; X exchanges the two"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the two sheets."""
        painter = QPainter(self)
        back, front = QRect(16, 12, 28, 26), QRect(2, 2, 28, 26)
        icc = self._session.document.icc
        for box, color in ((back, self._session.background), (front, self._session.brush.color)):
            painter.fillRect(box, shown_color(color, icc))
            painter.setPen(QColor(0, 0, 0))
            painter.drawRect(box)
            painter.setPen(QColor(255, 255, 255, 120))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Exchanges the two."""
        self._session.swap_colors()


class ColorPanel(QWidget):
    """Sets the colour of the session's brush."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._hue = 0.0
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._square, self._strip, self._pair = ColorSquare(), HueStrip(), ColorPair(session)
        self._swap = QToolButton()
        self._swap.setAccessibleName(self.tr("Swap colours"))
        self._swap.setToolTip(self.tr("Exchange foreground and background colour (X)"))
        self._swap.clicked.connect(session.swap_colors)
        self._hex = QLineEdit()
        self._hex.setValidator(QRegularExpressionValidator("#?[0-9a-fA-F]{6}", self._hex))
        self._hex.setMaximumWidth(90)
        self._hex.setAccessibleName(self.tr("Colour as a number"))
        self._hex.setToolTip(self.tr("The colour in hexadecimal, as in web pages"))
        self._lay_out()
        self._square.picked.connect(lambda s, v: self._set(QColor.fromHsvF(self._hue, s, v)))
        self._strip.valueChanged.connect(self._set_hue)
        self._hex.editingFinished.connect(self._take_hex)
        session.brush_changed.connect(self._show)
        self._show()
        self.recolor()

    def recolor(self) -> None:
        """Draws the icons in the present colours."""
        self._swap.setIcon(icon("swap", self.palette()))

    def remember(self) -> None:
        """Puts the colour in use first among the recent ones."""
        name = QColor(*self._session.brush.color).name()
        if name in self._recent:
            self._recent.remove(name)
        self._recent.appendleft(name)
        for button, color in zip(self._recent_buttons, self._recent, strict=False):
            _dye(button, color)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._pair)
        row.addWidget(self._swap)
        row.addStretch()
        row.addWidget(QLabel(self.tr("Hex")))
        row.addWidget(self._hex)
        swatches = QGridLayout()
        swatches.setSpacing(2)
        for number, name in enumerate(_SWATCHES):
            button = self._swatch_button()
            _dye(button, name)
            swatches.addWidget(button, number // 12, number % 12)
        self._recent_buttons = [self._swatch_button() for _ in range(_RECENT)]
        for number, button in enumerate(self._recent_buttons):
            button.setEnabled(False)
            button.setAccessibleName(self.tr("Recent colour, none yet"))
            button.setToolTip(self.tr("Colours you painted with appear here"))
            swatches.addWidget(button, 2, number)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._square, 1)
        column.addWidget(self._strip)
        column.addLayout(row)
        column.addLayout(swatches)

    def _swatch_button(self) -> QToolButton:
        button = QToolButton()
        button.setMinimumSize(10, 16)
        button.setMaximumHeight(18)
        button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        button.clicked.connect(lambda: self._set(QColor(button.property("color"))))
        return button

    def _set(self, color: QColor) -> None:
        brush = self._session.brush
        self._session.change_brush(replace(brush, color=_rgb(color)))

    def _set_hue(self, degrees: int) -> None:
        self._hue = degrees / 360
        color = QColor(*self._session.brush.color)
        if color.saturationF() > 0 and color.valueF() > 0:
            self._set(QColor.fromHsvF(self._hue, color.saturationF(), color.valueF()))
        self._square.show_color(self._hue, color.saturationF(), color.valueF())

    def _take_hex(self) -> None:
        self._set(QColor(f"#{self._hex.text().lstrip('#')}"))

    def _show(self) -> None:
        color = QColor(*self._session.brush.color)
        if color.hueF() >= 0 and color.saturationF() > 0 and color.valueF() > 0:
            # Eight bits cannot hold every hue: keep the one chosen where it is as good.
            kept = QColor.fromHsvF(self._hue, color.saturationF(), color.valueF())
            if kept.rgb() != color.rgb():
                self._hue = color.hueF()
        self._square.show_color(self._hue, color.saturationF(), color.valueF())
        blocked = self._strip.blockSignals(True)
        self._strip.setValue(round(self._hue * 360) % 360)
        self._strip.blockSignals(blocked)
        self._strip.update()
        self._hex.setText(color.name())
        self._pair.update()


def _dye(button: QToolButton, name: str) -> None:
    button.setEnabled(True)
    button.setProperty("color", name)
    button.setStyleSheet(f"background: {name}; border: 1px solid rgba(0, 0, 0, 90);")
    button.setAccessibleName(name)
    button.setToolTip(name)


def _field(hue: float) -> QImage:
    """Saturation by brightness, 64 x 64, for a hue."""
    pure = np.array(_rgb(QColor.fromHsvF(hue, 1, 1)), np.float32)
    saturation = np.linspace(0, 1, 64, dtype=np.float32)[None, :, None]
    value = np.linspace(1, 0, 64, dtype=np.float32)[:, None, None]
    colors = value * (255 + saturation * (pure - 255))
    return rgb_to_qimage(np.rint(colors).astype(np.uint8))


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
