"""Options of the eyedropper and the fill tool."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from sdedit_desktop.editing.operations.eyedropper import SIZES
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_MOST_GROWTH = 50


class PickOptionsBar(QWidget):
    """Sets where the eyedropper samples."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.size_box = QComboBox()
        self.size_box.setAccessibleName(self.tr("Sample size"))
        self.size_box.setToolTip(self.tr("Number of pixels whose mean colour is taken"))
        for size in SIZES:
            text = self.tr("1 pixel") if size == 1 else self.tr("{0} by {0} pixels").format(size)
            self.size_box.addItem(text, size)
        self.source = source_box(self)
        self.size_box.activated.connect(self._change)
        self.source.activated.connect(self._change)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.size_box)
        row.addWidget(self.source)

    def _change(self) -> None:
        self._session.pick_options = replace(
            self._session.pick_options,
            size=self.size_box.currentData(),
            of_layer=self.source.currentData(),
        )


class FillOptionsBar(QWidget):
    """Sets what the fill tool fills."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        options = session.fill_options
        self.tolerance = ValueSlider(self.tr("Tolerance"), 0, 100, unit=" %", curve=1.6)
        self.tolerance.setToolTip(self.tr("How far a colour may be from the one clicked on"))
        self.tolerance.show_number(100 * options.tolerance)
        self.grow = ValueSlider(self.tr("Grow"), 0, _MOST_GROWTH, unit=" px", curve=1.6)
        self.grow.setToolTip(self.tr("How far the fill goes beyond that, to leave no fringe"))
        self.grow.show_number(options.grow)
        self.joined = QCheckBox(self.tr("Joined"))
        self.joined.setChecked(options.joined)
        self.joined.setAccessibleName(self.joined.text())
        self.joined.setToolTip(self.tr("Fill only pixels connected to the one clicked on"))
        self.source = source_box(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for slider in (self.tolerance, self.grow):
            slider.setMinimumWidth(130)
            slider.value_changed.connect(self._change)
            row.addWidget(slider)
        row.addWidget(self.joined)
        row.addWidget(self.source)
        self.joined.toggled.connect(self._change)
        self.source.activated.connect(self._change)

    def _change(self) -> None:
        self._session.fill_options = replace(
            self._session.fill_options,
            tolerance=self.tolerance.number / 100,
            grow=round(self.grow.number),
            joined=self.joined.isChecked(),
            of_layer=self.source.currentData(),
        )


def source_box(owner: QWidget) -> QComboBox:
    """A choice between the visible picture and the active layer; its data is ``of_layer``."""
    box = QComboBox()
    box.setAccessibleName(owner.tr("Source of colours"))
    box.setToolTip(owner.tr("Use the visible picture, or the active layer alone"))
    box.addItem(owner.tr("Visible picture"), False)
    box.addItem(owner.tr("Active layer"), True)
    return box
