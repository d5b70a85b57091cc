"""The colour panel: square, wheel, sliders, number, swatches and recent colours."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import CHOICES, Settings
from sdedit_desktop.ui.color.sliders import ColorSliders
from sdedit_desktop.ui.color.square import ColorSquare, HueStrip, rgb_of
from sdedit_desktop.ui.color.swatches import Swatches
from sdedit_desktop.ui.color.wheel import ColorWheel
from sdedit_desktop.ui.widgets.icons import icon
from sdedit_desktop.ui.widgets.qimages import document_color, shown_color


class ColorPair(QWidget):
    """Foreground over background colour, as two overlapping squares."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFixedSize(40, 32)
        self.setAccessibleName(self.tr("Foreground and background colour"))
        self.setToolTip(self.tr("In front the colour that is painted with; X exchanges the two"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        back, front = QRect(14, 10, 24, 20), QRect(1, 1, 24, 20)
        icc = self._session.document.icc
        for box, color in ((back, self._session.background), (front, self._session.brush.color)):
            painter.fillRect(box, shown_color(color, icc))
            painter.setPen(QColor(0, 0, 0))
            painter.drawRect(box)
            painter.setPen(QColor(255, 255, 255, 120))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._session.swap_colors()


class ColorPanel(QWidget):
    """Sets the colour of the session's brush, displayed as it appears on the screen.

    The brush has the document's own values, which differ where there is a colour profile.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self._session = session
        self._hsv = 0.0, 0.0, 0.0
        self._chosen = QColor(0, 0, 0)
        self._pair = ColorPair(session)
        self.square, self.strip, self.wheel = ColorSquare(), HueStrip(), ColorWheel()
        self.sliders = ColorSliders()
        self.swatches = Swatches(settings.swatches, settings.recent_colors)
        self._make_buttons(settings.color_page)
        self._lay_out()
        for square in (self.square, self.wheel.square):
            square.picked.connect(lambda s, v: self._pick(self._hsv[0], s, v))
        for hues in (self.strip, self.wheel):
            hues.valueChanged.connect(lambda degrees: self._pick(degrees / 360, *self._hsv[1:]))
        self.sliders.hsv_picked.connect(self._pick)
        self.sliders.rgb_picked.connect(lambda *rgb: self._set(QColor(*rgb)))
        self.swatches.picked.connect(self._set)
        self.swatches.adding.connect(lambda: self.swatches.add(self._seen()))
        session.brush_changed.connect(self._show)
        session.document_replaced.connect(self._show)
        self._show()
        self.recolor()

    @property
    def kept(self) -> Mapping[str, object]:
        """The values for the settings, by name."""
        page = CHOICES["color_page"][self._pages.currentIndex()]
        return {
            "swatches": self.swatches.own,
            "recent_colors": self.swatches.recent,
            "color_page": page,
        }

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        self._swap.setIcon(icon("swap", self.palette()))
        self._reset.setIcon(icon("default_colors", self.palette()))
        for button, name in zip(
            self._choice.buttons(), ("square", "wheel", "channels"), strict=True
        ):
            button.setIcon(icon(name, self.palette()))
        self.swatches.recolor()

    def remember(self) -> None:
        """Adds the current colour to the recent ones."""
        self.swatches.remember(self._seen())

    def _make_buttons(self, page: str) -> None:
        self._swap = self._button(
            self.tr("Swap colours"), self.tr("Exchange foreground and background colour (X)")
        )
        self._swap.clicked.connect(self._session.swap_colors)
        self._reset = self._button(
            self.tr("Default colours"), self.tr("Black in front, white behind (D)")
        )
        self._reset.clicked.connect(self._session.reset_colors)
        self.hex = QLineEdit()
        self.hex.setValidator(QRegularExpressionValidator("#?[0-9a-fA-F]{6}", self.hex))
        self.hex.setMaximumWidth(74)
        self.hex.setAccessibleName(self.tr("Colour as a number"))
        self.hex.setToolTip(self.tr("The colour in hexadecimal, as in web pages"))
        self.hex.editingFinished.connect(self._take_hex)
        self._pages = QStackedWidget()
        self._choice = QButtonGroup(self)
        pages = (
            (self.tr("Square"), self.tr("Choose in a square and a strip of hues")),
            (self.tr("Wheel"), self.tr("Choose in a wheel of hues")),
            (self.tr("Sliders"), self.tr("Choose red, green, blue; hue, saturation, brightness")),
        )
        for number, (name, tip) in enumerate(pages):
            button = self._button(name, tip)
            button.setCheckable(True)
            button.setChecked(number == CHOICES["color_page"].index(page))
            self._choice.addButton(button, number)
        self._choice.idClicked.connect(self._show_page)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        for part in (self._pair, self._swap, self._reset, self.hex):
            row.addWidget(part)
        row.addStretch()
        for button in self._choice.buttons():
            row.addWidget(button)
        self._plane = QWidget()
        rows = QVBoxLayout(self._plane)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.square, 1)
        rows.addWidget(self.strip)
        for page in (self._plane, self.wheel, self.sliders):
            self._pages.addWidget(page)
        self._show_page(self._choice.checkedId())
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 2)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        column.addWidget(self.swatches)

    def _show_page(self, chosen: int) -> None:
        """Shows a page; the hidden ones take no room."""
        usual, none = QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored
        for number, page in enumerate((self._plane, self.wheel, self.sliders)):
            policy = usual if number == chosen else none
            page.setSizePolicy(policy, policy)
        self._pages.setCurrentIndex(chosen)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(tip)
        return button

    def _set(self, color: QColor) -> None:
        self._chosen = QColor(*rgb_of(color))
        paint = document_color(self._chosen, self._session.document.icc)
        self._session.change_brush(replace(self._session.brush, color=paint))

    def _seen(self) -> QColor:
        """The current colour on the screen; as chosen if the document has only rounded it."""
        icc, paint = self._session.document.icc, self._session.brush.color
        is_chosen = document_color(self._chosen, icc) == paint
        return self._chosen if is_chosen else shown_color(paint, icc)

    def _pick(self, hue: float, saturation: float, value: float) -> None:
        """Sets a colour, and keeps what 8 bits cannot hold, such as the hue of grey."""
        self._hsv = hue, saturation, value
        self._set(QColor.fromHsvF(hue, saturation, value))

    def _take_hex(self) -> None:
        self._set(QColor(f"#{self.hex.text().lstrip('#')}"))

    def _show(self) -> None:
        color = self._seen()
        if rgb_of(QColor.fromHsvF(*self._hsv)) != rgb_of(color):
            hue, saturation, value = self._hsv[0], color.saturationF(), color.valueF()
            if value == 0:
                saturation = self._hsv[1]
            elif saturation > 0:
                hue = max(color.hueF(), 0.0)
            self._hsv = hue, saturation, value
        for square in (self.square, self.wheel.square):
            square.show_color(*self._hsv)
        for hues in (self.strip, self.wheel):
            blocked = hues.blockSignals(True)
            hues.setValue(round(self._hsv[0] * 360) % 360)
            hues.blockSignals(blocked)
            hues.update()
        self.sliders.show_color(color, *self._hsv)
        self.hex.setText(color.name())
        self._pair.update()
