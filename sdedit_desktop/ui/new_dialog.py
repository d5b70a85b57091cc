"""Asks how large a new picture shall be."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QWidget

LARGEST_SIDE = 20_000


class NewDialog(QDialog):
    """Width and height of an empty picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New picture"))
        self.width_box = self._side(self.tr("Width"))
        self.height_box = self._side(self.tr("Height"))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("Width"), self.width_box)
        form.addRow(self.tr("Height"), self.height_box)
        form.addRow(buttons)

    def _side(self, name: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, LARGEST_SIDE)
        box.setValue(1024)
        box.setSuffix(self.tr(" px"))
        box.setAccessibleName(name)
        box.setToolTip(self.tr("In pixels"))
        return box
