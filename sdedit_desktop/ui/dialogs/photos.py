"""The dialog that makes a model of photographs."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.document.files.photo import EXTENSIONS
from sdedit_desktop.editing.banks import MOST_PICTURES
from sdedit_desktop.ui.widgets.places import FilePlaces


class PhotosDialog(QDialog):
    """A list of pictures that files and folders can be dropped on, and a name.

    Attributes:
        pictures: The chosen photographs, in order.
    """

    def __init__(self, parent: QWidget, places: FilePlaces) -> None:
        super().__init__(parent)
        self._places = places
        self.pictures: list[Path] = []
        self.setWindowTitle(self.tr("Photographs as a model"))
        self.setAcceptDrops(True)
        self.explanation = QLabel(
            self.tr(
                "Textures are taken from these photographs; nothing is trained. For each edit the "
                "ones most like what was painted are used. Choose or drop up to {0} photographs "
                "or folders of them."
            ).format(MOST_PICTURES)
        )
        self.explanation.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Photographs"))
        self.list.installEventFilter(self)
        self.list.setToolTip(self.tr("Delete removes the chosen one"))
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setPlaceholderText(self.tr("Name of the model"))
        self.name.setToolTip(self.tr("The model's name in the list of models"))
        self.name.textChanged.connect(self._show)
        files, folder = QPushButton(self.tr("Photographs…")), QPushButton(self.tr("Folder…"))
        files.setToolTip(self.tr("Choose single photographs"))
        folder.setToolTip(self.tr("Choose all photographs of a folder"))
        for button in (files, folder):
            button.setAccessibleName(button.text())
        files.clicked.connect(self._ask_files)
        folder.clicked.connect(self._ask_folder)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.count = QLabel()
        row = QHBoxLayout()
        row.addWidget(files)
        row.addWidget(folder)
        row.addStretch()
        row.addWidget(self.count)
        column = QVBoxLayout(self)
        column.addWidget(self.explanation)
        column.addWidget(self.list)
        column.addLayout(row)
        column.addWidget(self.name)
        column.addWidget(self.buttons)
        self.resize(460, 420)
        self._show()

    def add(self, paths: Iterable[Path]) -> None:
        """Adds photographs, and those directly in folders; suggests a folder's name as the name."""
        for path in paths:
            if path.is_dir():
                self.add(sorted(each for each in path.iterdir() if each.is_file()))
                if not self.name.text():
                    self.name.setText(path.name)
            elif path.suffix.lower() in EXTENSIONS and path not in self.pictures:
                self.pictures.append(path)
                self.list.addItem(path.name)
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.add(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        event.acceptProposedAction()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete removes the selected photograph."""
        row = self.list.currentRow()
        pressed = event.key() if isinstance(event, QKeyEvent) else None
        if event.type() != QEvent.Type.KeyPress or pressed != Qt.Key.Key_Delete or row < 0:
            return False
        self.list.takeItem(row)
        del self.pictures[row]
        self._show()
        return True

    def _show(self) -> None:
        chosen = len(self.pictures)
        self.count.setText(f"{chosen} / {MOST_PICTURES}")
        fits = 1 <= chosen <= MOST_PICTURES and bool(self.name.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fits)

    def _ask_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in EXTENSIONS)
        kinds = self.tr("Pictures ({0})").format(patterns)
        begin = str(self._places.photographs)
        names, _ = QFileDialog.getOpenFileNames(self, self.windowTitle(), begin, kinds)
        if names:
            self._places.remember_photographs(Path(names[0]).parent)
            self.add(map(Path, names))

    def _ask_folder(self) -> None:
        begin = str(self._places.photographs)
        name = QFileDialog.getExistingDirectory(self, self.windowTitle(), begin)
        if name:
            self._places.remember_photographs(Path(name))
            self.add([Path(name)])
