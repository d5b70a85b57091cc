"""The dialog that offers recovery after a crash: open, keep for later, or delete."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.document.files.journal import Recovery
from sdedit_desktop.ui.translation import translated

_THUMBNAIL = 128


class RecoveryDialog(QDialog):
    """A list of unsaved documents. Closing it in any way keeps all of them for later.

    Attributes:
        chosen: The document to open; ``None`` for nothing.
    """

    def __init__(self, parent: QWidget, found: Sequence[Recovery]) -> None:
        super().__init__(parent)
        self.chosen: Recovery | None = None
        self._found = list(found)
        self.setWindowTitle(self.tr("Unsaved work was found"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Unsaved work"))
        self.list.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        for recovery in found:
            self.list.addItem(self._item(recovery))
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.recover = buttons.addButton(self.tr("Recover"), role.AcceptRole)
        self.later = buttons.addButton(self.tr("Later"), role.RejectRole)
        self.delete = buttons.addButton(self.tr("Delete…"), role.DestructiveRole)
        self.recover.setToolTip(self.tr("Open it in this window"))
        self.later.setToolTip(self.tr("Keep everything for the next start"))
        self.delete.setToolTip(self.tr("Remove it for good"))
        self.recover.clicked.connect(self._recover)
        self.later.clicked.connect(self.reject)
        self.delete.clicked.connect(self._delete)
        self.list.itemActivated.connect(lambda _item: self._recover())
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(self.tr("The program ended without saving:")))
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        self.list.setCurrentRow(0)
        self.resize(560, 360)

    @property
    def left(self) -> Sequence[Recovery]:
        """The entries that are neither to be opened nor deleted."""
        return [recovery for recovery in self._found if recovery is not self.chosen]

    def _item(self, recovery: Recovery) -> QListWidgetItem:
        name = recovery.title or self.tr("a picture without a name")
        moment = QDateTime.fromString(recovery.written, Qt.DateFormat.ISODate).toLocalTime()
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        steps = translated("%n steps", recovery.steps)
        candidates = translated("%n candidates", recovery.candidates)
        item = QListWidgetItem(f"{name}\n{when}\n{steps}, {candidates}")
        picture = QPixmap()
        if picture.loadFromData(recovery.thumbnail):
            size = QSize(_THUMBNAIL, _THUMBNAIL)
            ratio = Qt.AspectRatioMode.KeepAspectRatio
            item.setIcon(QIcon(picture.scaled(size, ratio)))
        return item

    def _recover(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.chosen = self._found[row]
            self.accept()

    def _delete(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        recovery = self._found[row]
        name = recovery.title or self.tr("a picture without a name")
        yes = QMessageBox.StandardButton.Yes
        for question in (
            self.tr("Delete the unsaved work on {0}?"),
            self.tr("It cannot be brought back. Delete the unsaved work on {0} for good?"),
        ):
            if QMessageBox.question(self, self.windowTitle(), question.format(name)) != yes:
                return
        recovery.delete()
        del self._found[row]
        self.list.takeItem(row)
        if not self._found:
            self.reject()
