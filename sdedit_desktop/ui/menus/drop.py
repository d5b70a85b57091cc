"""Pictures dropped on the window, or added from files."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from sdedit_desktop.document import names
from sdedit_desktop.document.blending import premultiplied
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import colors, ora_writer, photo
from sdedit_desktop.document.files.opening import NATIVE
from sdedit_desktop.document.layers import ActiveLayer, Layer
from sdedit_desktop.document.tiles import Pixels
from sdedit_desktop.editing import models
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.menus.file import FileActions
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.qimages import from_qimage, in_profile


class PictureDrops(QObject):
    """Watches a window for files and pictures that are dropped on it.

    A menu at the pointer asks whether a file is to be opened or to become a layer. Shift and the
    panel of layers mean a layer, Ctrl means open, without a question.

    Attributes:
        menu: Asks what to do with a file.
        model_dropped: The file of a model was dropped.
    """

    model_dropped = Signal(Path)

    def __init__(
        self, session: Session, files: FileActions, canvas: CanvasView, layers: QWidget
    ) -> None:
        super().__init__(canvas)
        self._session = session
        self._files = files
        self._canvas = canvas
        self._layers = layers
        self._dropped: list[Path] = []
        self.menu = QMenu(canvas)
        self.menu.setAccessibleName(self.tr("Dropped picture"))
        self._open = self.menu.addAction(self.tr("Open"))
        self._open.triggered.connect(lambda: self._files.open_path(self._dropped[0]))
        self._add = self.menu.addAction(self.tr("Add as layer"))
        self._add.triggered.connect(lambda: self.add_files(self._dropped))

    def watch(self, window: QWidget) -> None:
        """Accepts drops on a window."""
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accepts files and pictures, nothing else."""
        if isinstance(event, QDragEnterEvent):
            if files_in(event.mimeData()) or event.mimeData().hasImage():
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            event.acceptProposedAction()
            self._take(event, watched)
            return True
        return False

    def add_files(self, paths: list[Path]) -> None:
        """Adds pictures above the active layer, each as a layer; one undo step."""
        self._files.reports.attempt(
            lambda: self._add_layers([self._layer_of(path) for path in paths])
        )

    def _take(self, event: QDropEvent, window: QObject) -> None:
        data, at = event.mimeData(), event.position()
        assert isinstance(window, QWidget)
        self._dropped = files_in(data)
        if not self._dropped:
            image = data.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._add_layers(
                    [
                        self._placed(
                            from_qimage(in_profile(image, self._session.document.icc)),
                            names.DROPPED,
                        )
                    ]
                )
        elif self._dropped[0].suffix.lower() in models.SUFFIXES:
            self.model_dropped.emit(self._dropped[0])
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self._is_on_layers(
            window, at.toPoint()
        ):
            self.add_files(self._dropped)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._files.open_path(self._dropped[0])
        else:
            self.menu.setActiveAction(self._open)
            self.menu.popup(window.mapToGlobal(at.toPoint()))

    def _is_on_layers(self, window: QWidget, at: QPoint) -> bool:
        inside = self._layers.mapFrom(window, at)
        return self._layers.isVisible() and self._layers.rect().contains(inside)

    def ask(self) -> None:
        """Asks for pictures and adds them as layers."""
        patterns = " ".join(f"*{suffix}" for suffix in (NATIVE, *photo.EXTENSIONS))
        names, _ = QFileDialog.getOpenFileNames(
            self._canvas.window(),
            self.tr("Add as layer"),
            str(self._files.places.folder),
            self.tr("Pictures and documents ({0});;All files (*)").format(patterns),
        )
        if names:
            self.add_files([Path(name) for name in names])

    def _layer_of(self, path: Path) -> Layer:
        if path.suffix.lower() == NATIVE:
            other = ora_writer.load(path)
            pixels, icc = other.straight(other.rect), other.icc
        else:
            opened = photo.open_photo(path)
            pixels, icc = opened.pixels, opened.icc
        pixels = colors.converted(pixels, icc, self._session.document.icc)
        return self._placed(premultiplied(pixels), path.stem)

    def _placed(self, pixels: Pixels, name: str) -> Layer:
        document = self._session.document
        left, top = corner_for(pixels, middle_seen(self._canvas, document))
        return clipboard.layer_of(document, pixels, left, top, name)

    def _add_layers(self, layers: list[Layer]) -> None:
        document = self._session.document
        active = document.layer(self._session.active_layer)
        above = document.layers.index(active) + 1
        command = clipboard.added(layers, above, Text("Add picture"))
        document.push(command, active=ActiveLayer(layers[-1].id))


def files_in(data: QMimeData) -> list[Path]:
    """The local files in dropped data."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def middle_seen(canvas: CanvasView, document: Document) -> tuple[int, int]:
    """The document point in the middle of the view, or its centre if it is not visible."""
    view = canvas.viewport
    middle = view.to_document(QPointF(view.width, view.height) / 2)
    if document.rect.contains(middle.x(), middle.y()):
        return round(middle.x()), round(middle.y())
    return document.rect.width // 2, document.rect.height // 2


def corner_for(pixels: Pixels, middle: tuple[int, int]) -> tuple[int, int]:
    """The top left corner of a picture centred at a point."""
    return middle[0] - pixels.shape[1] // 2, middle[1] - pixels.shape[0] // 2


ACTIONS: Entries[PictureDrops] = (
    Action(
        "add_picture",
        _("Add picture as layer…"),
        _("Put a picture from a file above the active layer"),
        PictureDrops.ask,
    ),
)
