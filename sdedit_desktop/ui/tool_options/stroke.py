"""Brush options besides size and opacity: pressure, smoothing and the shape of dabs."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from sdedit_desktop.document.brush.brush import Brush, Smoothing
from sdedit_desktop.ui.widgets.icons import icon
from sdedit_desktop.ui.widgets.popup import Popup
from sdedit_desktop.ui.widgets.value_slider import ValueSlider


class StrokeOptions(QWidget):
    """Switches for pressure, the smoothing, and a popup with further sliders.

    ``change`` is called with attributes of ``Brush`` that the user sets.
    """

    def __init__(self, change: Callable[..., None]) -> None:
        super().__init__()
        self.pressure_size = self._switch(
            self.tr("Pressure sets the size"),
            lambda on: change(pressure_size=on),
        )
        self.pressure_opacity = self._switch(
            self.tr("Pressure sets the opacity"),
            lambda on: change(pressure_opacity=on),
        )
        self.smoothing = QComboBox()
        self.smoothing.setAccessibleName(self.tr("Smoothing"))
        self.smoothing.setToolTip(
            self.tr(
                "How the brush follows the hand: at once, rounding corners, or on a string that "
                "takes up every tremble"
            )
        )
        for text, value in (
            (self.tr("Not smoothed"), Smoothing.OFF),
            (self.tr("Smoothed"), Smoothing.BASIC),
            (self.tr("Stabiliser"), Smoothing.STABILISER),
        ):
            self.smoothing.addItem(text, value)
        self.smoothing.activated.connect(
            lambda _row: change(smoothing=self.smoothing.currentData())
        )
        self.more = QToolButton()
        self.more.setAccessibleName(self.tr("More brush options"))
        self.more.setToolTip(self.tr("Flow, spacing, grain, tilt and more"))
        self._sliders = self._make_sliders()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for control in (self.pressure_size, self.pressure_opacity, self.smoothing, self.more):
            row.addWidget(control)
        popup = Popup(self.more)
        column = QVBoxLayout(popup)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        for name, slider in self._sliders.items():
            slider.setMinimumWidth(230)
            slider.value_changed.connect(lambda percent, name=name: change(**{name: percent / 100}))
            column.addWidget(slider)
        self._recolor()

    def show_brush(self, brush: Brush) -> None:
        """Shows the values of a brush."""
        self.pressure_size.setChecked(brush.pressure_size)
        self.pressure_opacity.setChecked(brush.pressure_opacity)
        self.smoothing.setCurrentIndex(self.smoothing.findData(brush.smoothing))
        for name, slider in self._sliders.items():
            slider.show_number(100 * float(getattr(brush, name)))
        self._sliders["steadiness"].setEnabled(brush.smoothing is not Smoothing.OFF)
        self._sliders["turn"].setEnabled(brush.tip is not None)
        self._sliders["tilt"].setEnabled(brush.tip is None)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._recolor()
        super().changeEvent(event)

    def _recolor(self) -> None:
        self.pressure_size.setIcon(icon("pressure_size", self.palette()))
        self.pressure_opacity.setIcon(icon("pressure_opacity", self.palette()))
        self.more.setIcon(icon("more", self.palette()))

    def _switch(self, name: str, change: Callable[[bool], None]) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(change)
        return button

    def _make_sliders(self) -> dict[str, ValueSlider]:
        texts = {
            "flow": (
                self.tr("Flow"),
                self.tr("How much of the opacity one dab brings; lingering brings more"),
            ),
            "spacing": (
                self.tr("Spacing"),
                self.tr("Distance between dabs, of the radius"),
            ),
            "steadiness": (
                self.tr("Smoothing"),
                self.tr("How much the line is smoothed, or how long the stabiliser's string is"),
            ),
            "grain": (self.tr("Grain"), self.tr("How much the paper shows through")),
            "tilt": (self.tr("Tilt"), self.tr("How much a tilted pen draws the dabs out")),
            "turn": (self.tr("Turn"), self.tr("How far a stamp turns from dab to dab")),
        }
        ranges = {"flow": (1, 100), "spacing": (5, 400)}
        sliders = {}
        for name, (text, tip) in texts.items():
            low, high = ranges.get(name, (0, 100))
            slider = ValueSlider(text, low, high, unit=" %", curve=2.0 if high > 100 else 1.0)
            slider.setToolTip(tip)
            sliders[name] = slider
        return sliders
