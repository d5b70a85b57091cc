"""The bar above the canvas: options of the active tool."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.editing.operations.brush_presets import LARGEST_RADIUS, MODES, BrushLibrary
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.tool_options.brush_picker import BrushPicker
from sdedit_desktop.ui.tool_options.picking import FillOptionsBar, PickOptionsBar
from sdedit_desktop.ui.tool_options.stroke import StrokeOptions
from sdedit_desktop.ui.translation import mode_name
from sdedit_desktop.ui.widgets.icons import icon
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_STEP = 1.15
_HARDNESS_STEP = 0.1
_PARTS = {
    "brush": "picker mode diameter opacity hardness stroke erases",
    "eraser": "diameter opacity hardness stroke",
    "mask_brush": "diameter opacity hardness stroke erases",
    "mask_eraser": "diameter opacity hardness stroke",
    "fill": "mode opacity fill",
    "eyedropper": "pick",
}
"""The options shown for each tool."""


class ToolOptions(QWidget):
    """Options of the active tool: size and opacity of its brush, or others."""

    def __init__(self, session: Session, tool: Tool, library: BrushLibrary) -> None:
        super().__init__()
        self._session = session
        self._tool = tool
        self._name = QLabel()
        self._name.setMinimumWidth(88)
        self.picker = BrushPicker(session, library)
        self._make_sliders()
        self.mode = self._modes()
        self.stroke = StrokeOptions(self._change)
        self.erases = QToolButton()
        self.erases.setCheckable(True)
        self.erases.setAccessibleName(self.tr("Erase with this brush"))
        self.erases.setToolTip(self.tr("The brush takes paint away (Shift+E)"))
        self.erases.clicked.connect(self.toggle_erasing)
        self._parts: dict[str, QWidget] = {
            "picker": self.picker,
            "mode": self.mode,
            "diameter": self.diameter,
            "opacity": self.opacity,
            "hardness": self.hardness,
            "erases": self.erases,
            "stroke": self.stroke,
            "pick": PickOptionsBar(session),
            "fill": FillOptionsBar(session),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.addWidget(self._name)
        for part in self._parts.values():
            row.addWidget(part, 1 if isinstance(part, ValueSlider) else 0)
        row.addStretch()
        self._row = row
        self.setMinimumHeight(self.picker.sizeHint().height() + 6)
        session.brush_changed.connect(self._show)
        self._recolor()
        self._show()

    @property
    def is_erasing(self) -> bool:
        """Whether the active tool's brush erases."""
        brush = self._brush()
        return brush is not None and brush.erase

    def add(self, part: QWidget) -> None:
        """Appends options that show and hide themselves."""
        self._row.insertWidget(self._row.count() - 1, part)

    def show_tool(self, tool: Tool, name: str) -> None:
        """Shows the options of another tool."""
        self._tool = tool
        self._name.setText(name)
        self._show()
        self._session.brush_changed.emit()  # the one in hand may be another

    def resize_brush(self, direction: int) -> None:
        """Makes the brush one step larger (1) or smaller (-1)."""
        brush = self._tool.brush_of(self._session)
        if brush is not None:
            grown = brush.radius * _STEP**direction
            step = max(abs(grown - brush.radius), 0.5)
            radius = min(max(brush.radius + direction * step, 0.5), LARGEST_RADIUS)
            self._change(radius=round(2 * radius) / 2)

    def harden_brush(self, direction: int) -> None:
        """Makes the brush one step harder (1) or softer (-1)."""
        brush = self._tool.brush_of(self._session)
        if brush is not None:
            hardness = brush.hardness + direction * _HARDNESS_STEP
            self._change(hardness=round(min(max(hardness, 0.0), 1.0), 2))

    def change_opacity(self, opacity: float) -> None:
        """Sets how much one stroke covers, 0 to 1."""
        self._change(opacity=opacity)

    def toggle_erasing(self) -> None:
        """Switches the brush between painting and erasing."""
        self._change(erase=not self.is_erasing)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._recolor()
        super().changeEvent(event)

    def _recolor(self) -> None:
        self.erases.setIcon(icon("eraser", self.palette()))

    def _make_sliders(self) -> None:
        self.diameter = ValueSlider(self.tr("Size"), 1, 2 * LARGEST_RADIUS, unit=" px", curve=2.5)
        self.diameter.setToolTip(
            self.tr("Diameter of the brush in pixels of the picture ([ and ])")
        )
        self.opacity = ValueSlider(self.tr("Opacity"), 0, 100, unit=" %")
        self.opacity.setToolTip(self.tr("The most that one stroke covers (digits)"))
        self.hardness = ValueSlider(self.tr("Hardness"), 0, 100, unit=" %")
        self.hardness.setToolTip(
            self.tr("How much of the brush covers in full; the rest fades ({ and })")
        )
        for slider in (self.diameter, self.opacity, self.hardness):
            slider.setMaximumWidth(190)
            slider.setFixedHeight(slider.sizeHint().height())
        self.diameter.value_changed.connect(lambda size: self._change(radius=size / 2))
        self.opacity.value_changed.connect(lambda percent: self._change(opacity=percent / 100))
        self.hardness.value_changed.connect(lambda percent: self._change(hardness=percent / 100))

    def _modes(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Blend mode of the brush"))
        box.setToolTip(self.tr("How the colour meets what is on the layer"))
        for mode in MODES:
            box.addItem(mode_name(mode), mode)
        box.activated.connect(lambda _row: self._change(mode=box.currentData()))
        return box

    def _brush(self) -> Brush | None:
        """The brush shown; for area tools, the mask brush."""
        if self._tool.marks_mask:
            return self._session.mask_brush
        return self._session.brush if self._shown_parts() else None

    def _shown_parts(self) -> list[str]:
        usual = "opacity" if self._tool.marks_mask else ""
        return _PARTS.get(self._tool.name, usual).split()

    def _change(self, **values: object) -> None:
        brush = self._brush()
        if brush is not None:
            self._tool.brush_setter(self._session)(replace(brush, **dict[str, Any](values)))

    def _show(self) -> None:
        brush, shown = self._brush(), self._shown_parts()
        for name, part in self._parts.items():
            part.setVisible(name in shown)
        if brush is not None:
            self.diameter.show_number(2 * brush.radius)
            self.opacity.show_number(100 * brush.opacity)
            self.hardness.show_number(100 * brush.hardness)
            self.hardness.setEnabled(brush.tip is None)
            self.mode.setCurrentIndex(self.mode.findData(brush.mode))
            self.erases.setChecked(brush.erase)
            self.stroke.show_brush(brush)
