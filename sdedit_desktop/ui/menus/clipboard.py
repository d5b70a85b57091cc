"""Cut, copy and paste with the system's clipboard."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from sdedit_desktop.document import names
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.menus.drop import corner_for, files_in, middle_seen
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.qimages import from_qimage, in_profile, to_qimage, with_profile

_PLACE_MIME = "application/x-sdedit-desktop-place"


class ClipboardActions(QObject):
    """Moves pictures between layers, documents and programs; each paste is one undo step."""

    def __init__(
        self,
        session: Session,
        canvas: CanvasView,
        add_pictures: Callable[[list[Path]], object],
    ) -> None:
        """Connects nothing; ``add_pictures`` puts files into the document as layers."""
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._add_pictures = add_pictures

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "cut": self._cut,
            "copy": lambda: self._copy(self._active),
            "copy_seen": lambda: self._copy(None),
            "paste": lambda: self._paste(in_place=False),
            "paste_in_place": lambda: self._paste(in_place=True),
        }

    def possible(self) -> Mapping[str, bool]:
        """All of them, always."""
        return {}

    @property
    def _active(self) -> Layer:
        return self._session.document.layer(self._session.active_layer)

    def _copy(self, layer: Layer | None) -> bool:
        rect, pixels = clipboard.piece(self._session.document, layer)
        if not rect:
            self._session.noticed.emit(self.tr("There is nothing to copy here."))
            return False
        data = QMimeData()
        icc = self._session.document.icc
        data.setImageData(with_profile(to_qimage(pixels), icc))
        data.setData(_PLACE_MIME, f"{rect.left} {rect.top}".encode())
        QGuiApplication.clipboard().setMimeData(data)
        return True

    def _cut(self) -> None:
        layer = self._active
        if layer.locked or layer.alpha_locked:
            self._session.noticed.emit(
                self.tr("Nothing can be cut from {0}: it is locked.").format(localized(layer.name))
            )
        elif self._copy(layer):
            command = clipboard.cut(self._session.document, layer)
            if command is not None:
                self._session.document.push(command)

    def _paste(self, *, in_place: bool) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if not data.hasImage():
            if files := files_in(data):
                self._add_pictures(files)
            else:
                self._session.noticed.emit(self.tr("There is no picture on the clipboard."))
            return
        document = self._session.document
        image = in_profile(QGuiApplication.clipboard().image(), document.icc)
        pixels = from_qimage(image)
        place = _place(data) if in_place else None
        left, top = place or corner_for(pixels, middle_seen(self._canvas, document))
        layer = clipboard.layer_of(document, pixels, left, top, names.PASTED)
        above = document.layers.index(self._active) + 1
        document.push(clipboard.added([layer], above, Text("Paste")))
        self._session.activate_layer(layer.id)


def _place(data: QMimeData) -> tuple[int, int] | None:
    """Where a copied piece lay, if it was copied here."""
    try:
        left, top = bytes(data.data(_PLACE_MIME).data()).decode().split()
        return int(left), int(top)
    except ValueError:
        return None
