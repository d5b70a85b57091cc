"""Asks how large the canvas shall be, and where the picture lies on it."""

from PySide6.QtWidgets import QButtonGroup, QFormLayout, QGridLayout, QRadioButton, QWidget

from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.dialogs.size import SizeDialog


class CanvasSizeDialog(SizeDialog):
    """Width and height, and which of nine places the picture keeps."""

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
        """The new canvas in pixels of the old one; parts outside of it will be transparent."""
        width, height = self.size_chosen
        row, column = divmod(self.anchors.checkedId(), 3)
        left, top = (self._old[0] - width) * column // 2, (self._old[1] - height) * row // 2
        return Rect(left, top, left + width, top + height)
