"""Options of the area, transform and fill tools."""

from collections.abc import Callable
from dataclasses import asdict, replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QToolButton, QWidget

from sdedit_desktop.editing.gestures.interactive import InteractiveTool
from sdedit_desktop.editing.gestures.transform import Placement, TransformBox
from sdedit_desktop.editing.operations.mask_shapes import Combine
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.interaction import InteractionController
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.widgets.icons import icon
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_MOST = 1_000_000.0
_ICON = 18


class MarkingOptions(QWidget):
    """How an area changes the mask, and how soft its edge is."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        names = {
            Combine.ADD: self.tr("Add"),
            Combine.SUBTRACT: self.tr("Subtract"),
            Combine.REPLACE: self.tr("Replace"),
            Combine.INTERSECT: self.tr("Intersect"),
        }
        self.combine = QComboBox()
        self.combine.setAccessibleName(self.tr("What marking does"))
        self.combine.setToolTip(
            self.tr(
                "What becomes of the mask; while pressing: Shift adds, Alt subtracts, Ctrl "
                "replaces, Shift+Alt intersects"
            )
        )
        for combine, name in names.items():
            self.combine.addItem(name, combine)
        self.combine.activated.connect(
            lambda _row: self._change(combine=self.combine.currentData())
        )
        self.hardness = ValueSlider(self.tr("Hardness"), 0, 100, unit=" %")
        self.hardness.setFixedWidth(190)
        self.hardness.setToolTip(
            self.tr("How much of the way from the edge to the middle is marked in full")
        )
        self.hardness.value_changed.connect(lambda percent: self._change(hardness=percent / 100))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self.combine)
        row.addWidget(self.hardness)
        session.brush_changed.connect(self._show)
        self._show()

    def _change(self, **values: Combine | float) -> None:
        marking = self._session.marking
        combine, hardness = values.get("combine"), values.get("hardness")
        if isinstance(combine, Combine):
            marking = replace(marking, combine=combine)
        if isinstance(hardness, float):
            marking = replace(marking, hardness=hardness)
        self._session.change_marking(marking)

    def _show(self) -> None:
        marking = self._session.marking
        self.combine.setCurrentIndex(self.combine.findData(marking.combine))
        self.hardness.show_number(100 * marking.hardness)


class FrameOptions(QWidget):
    """Position and size of the transform box, with buttons to apply and cancel."""

    def __init__(self, frame: TransformBox) -> None:
        super().__init__()
        self._frame = frame
        px, percent = self.tr(" px"), self.tr(" %")
        self.fields = {
            "x": self._field("x", self.tr("X"), self.tr("Middle of the layer, from the left"), px),
            "y": self._field("y", self.tr("Y"), self.tr("Middle of the layer, from the top"), px),
            "across": self._field(
                "across", self.tr("Width"), self.tr("Width; below zero is flipped"), percent
            ),
            "down": self._field(
                "down", self.tr("Height"), self.tr("Height; below zero is upside down"), percent
            ),
            "degrees": self._field("degrees", self.tr("Angle"), self.tr("Turn, clockwise"), "°"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        for field in self.fields.values():
            field.setPrefix(f"{field.accessibleName()} ")
            row.addWidget(field)
        self._buttons = [
            self._button(self.tr("Apply"), "accept", self.tr("Enter"), frame.apply),
            self._button(self.tr("Drop"), "stop", self.tr("Esc"), frame.drop),
        ]
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch()
        frame.changed.connect(self._show)
        self._show()

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        for button, name in zip(self._buttons, ("accept", "stop"), strict=True):
            button.setIcon(icon(name, self.palette()))

    def _field(self, key: str, name: str, tip: str, suffix: str) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(-_MOST, _MOST)
        field.setDecimals(1)
        field.setSuffix(suffix)
        field.setAccessibleName(name)
        field.setToolTip(tip)
        field.setKeyboardTracking(False)
        field.setMaximumWidth(130)
        field.valueChanged.connect(lambda number: self._place(key, number))
        return field

    def _button(self, name: str, picture: str, key: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture, self.palette()))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({key})")
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _place(self, name: str, number: float) -> None:
        """Sets one of the numbers; the others keep what is behind their decimals."""
        numbers = asdict(self._frame.placement)
        numbers[name] = number / 100 if name in ("across", "down") else number
        self._frame.place(Placement(**numbers))

    def _show(self) -> None:
        for name, number in asdict(self._frame.placement).items():
            field = self.fields[name]
            blocked = field.blockSignals(True)
            field.setValue(100 * number if name in ("across", "down") else number)
            field.blockSignals(blocked)
            field.setEnabled(bool(self._frame.box))
        for button in self._buttons:
            button.setEnabled(self._frame.is_open)


class MoreOptions(QWidget):
    """The options that only the active tool has."""

    def __init__(self, session: Session, interaction: InteractionController) -> None:
        super().__init__()
        self.marking = MarkingOptions(session)
        self.frame: FrameOptions | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.marking)
        interaction.chosen.connect(self._follow)

    def add(self, part: QWidget) -> None:
        """Puts further options at the end."""
        self._row.addWidget(part)

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        if self.frame is not None:
            self.frame.recolor()

    def _follow(self, tool: Tool, active: InteractiveTool | None) -> None:
        self.marking.setVisible(tool.marks_mask and not tool.brush)
        if self.frame is None and isinstance(active, TransformBox):
            self.frame = FrameOptions(active)
            self._row.addWidget(self.frame)
        if self.frame is not None:
            self.frame.setVisible(isinstance(active, TransformBox))
        self.show()
