"""The bar above the canvas: what the active tool can be told."""

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from sdedit_desktop.document.brush import Brush
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.sliders import ValueSlider
from sdedit_desktop.ui.tools import Tool

LARGEST_RADIUS = 500.0
_STEP = 1.15


class ToolOptions(QWidget):
    """Size, opacity and hardness of the active tool's brush."""

    def __init__(self, session: Session, tool: Tool) -> None:
        super().__init__()
        self._session = session
        self._tool = tool
        self._name = QLabel()
        self._name.setMinimumWidth(96)
        self.diameter = ValueSlider(self.tr("Size"), 1, 2 * LARGEST_RADIUS, unit=" px", curve=2.5)
        self.diameter.setToolTip(
            self.tr("Diameter of the brush in pixels of the picture ([ and ])")
        )
        self.opacity = ValueSlider(self.tr("Opacity"), 0, 100, unit=" %")
        self.opacity.setToolTip(self.tr("The most that one stroke covers (digits)"))
        self.hardness = ValueSlider(self.tr("Hardness"), 0, 100, unit=" %")
        self.hardness.setToolTip(self.tr("How much of the brush covers in full; the rest fades"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.addWidget(self._name)
        for slider in (self.diameter, self.opacity, self.hardness):
            slider.setMaximumWidth(220)
            row.addWidget(slider, 1)
        row.addStretch()
        self.setMinimumHeight(self.diameter.sizeHint().height() + 6)
        self.diameter.value_changed.connect(lambda size: self._change(radius=size / 2))
        self.opacity.value_changed.connect(lambda percent: self._change(opacity=percent / 100))
        self.hardness.value_changed.connect(lambda percent: self._change(hardness=percent / 100))
        session.brush_changed.connect(self._show)
        self._show()

    def show_tool(self, tool: Tool, name: str) -> None:
        """Offers the options of another tool."""
        self._tool = tool
        self._name.setText(name)
        self._show()

    def resize_brush(self, direction: int) -> None:
        """Makes the brush one step larger (1) or smaller (-1)."""
        brush = self._tool.brush_of(self._session)
        if brush is not None:
            grown = brush.radius * _STEP**direction
            step = max(abs(grown - brush.radius), 0.5)
            radius = min(max(brush.radius + direction * step, 0.5), LARGEST_RADIUS)
            self._change(radius=round(2 * radius) / 2)

    def change_opacity(self, opacity: float) -> None:
        """Sets how much one stroke covers, 0 to 1."""
        self._change(opacity=opacity)

    def _brush(self) -> Brush | None:
        """What the sliders show; areas are marked as strongly as the mask brush paints."""
        brush = self._tool.brush_of(self._session)
        return brush or (self._session.mask_brush if self._tool.marks_mask else None)

    def _change(self, **values: float) -> None:
        brush = self._brush()
        if brush is not None:
            self._tool.brush_setter(self._session)(replace(brush, **dict[str, Any](values)))

    def _show(self) -> None:
        brush = self._brush()
        self.opacity.setVisible(brush is not None)
        for slider in (self.diameter, self.hardness):
            slider.setVisible(self._tool.brush_of(self._session) is not None)
        if brush is not None:
            self.diameter.show_number(2 * brush.radius)
            self.opacity.show_number(100 * brush.opacity)
            self.hardness.show_number(100 * brush.hardness)
