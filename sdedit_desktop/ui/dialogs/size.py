"""Dialogs for the size of the picture and the canvas."""

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from sdedit_desktop.geometry import Rect

LARGEST_SIDE = 20_000


class SizeDialog(QDialog):
    """Width and height in pixels."""

    def __init__(
        self, parent: QWidget, title: str, size: tuple[int, int], *, proportional: bool = False
    ) -> None:
        """Makes the dialog.

        Args:
            parent: The window it belongs to.
            title: Of the dialog.
            size: The initial size.
            proportional: Whether to offer to keep the proportions of ``size``.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self._ratio = size[0] / size[1]
        self.width_box = self._side(self.tr("Width"), size[0])
        self.height_box = self._side(self.tr("Height"), size[1])
        self.keep = QCheckBox(self.tr("Keep proportions"))
        self.keep.setToolTip(self.tr("Height follows width, and width follows height"))
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setChecked(proportional)
        self.width_box.valueChanged.connect(self._follow_width)
        self.height_box.valueChanged.connect(self._follow_height)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("Width"), self.width_box)
        form.addRow(self.tr("Height"), self.height_box)
        if proportional:
            form.addRow(self.keep)
        form.addRow(buttons)

    @property
    def size_chosen(self) -> tuple[int, int]:
        """Width and height."""
        return self.width_box.value(), self.height_box.value()

    def _side(self, name: str, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, LARGEST_SIDE)
        box.setValue(value)
        box.setSuffix(self.tr(" px"))
        box.setAccessibleName(name)
        box.setToolTip(self.tr("In pixels"))
        return box

    def _follow_width(self, width: int) -> None:
        if self.keep.isChecked():
            _show(self.height_box, width / self._ratio)

    def _follow_height(self, height: int) -> None:
        if self.keep.isChecked():
            _show(self.width_box, height * self._ratio)


def _show(box: QSpinBox, value: float) -> None:
    blocked = box.blockSignals(True)
    box.setValue(round(value))
    box.blockSignals(blocked)


class CanvasSizeDialog(SizeDialog):
    """Width and height, and where the picture stays on the new canvas."""

    def __init__(self, parent: QWidget, size: tuple[int, int]) -> None:
        super().__init__(parent, parent.tr("Canvas size"), size)
        self._old = size
        self.anchors = QButtonGroup(self)
        board = QWidget()
        grid = QGridLayout(board)
        grid.setContentsMargins(0, 0, 0, 0)
        columns = (self.tr("left"), self.tr("centre"), self.tr("right"))
        rows = (self.tr("top"), self.tr("middle"), self.tr("bottom"))
        for place in range(9):
            button = QRadioButton()
            name = self.tr("Picture at the {0}, {1}").format(rows[place // 3], columns[place % 3])
            button.setAccessibleName(name)
            button.setToolTip(name)
            self.anchors.addButton(button, place)
            grid.addWidget(button, place // 3, place % 3)
        self.anchors.button(4).setChecked(True)
        form = self.layout()
        assert isinstance(form, QFormLayout)
        form.insertRow(2, self.tr("Picture"), board)

    @property
    def rect_chosen(self) -> Rect:
        """The new canvas in pixels of the old one; new areas will be transparent."""
        width, height = self.size_chosen
        row, column = divmod(self.anchors.checkedId(), 3)
        left, top = (self._old[0] - width) * column // 2, (self._old[1] - height) * row // 2
        return Rect(left, top, left + width, top + height)
