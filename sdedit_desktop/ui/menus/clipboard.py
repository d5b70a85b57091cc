"""Cut, copy and paste with the system's clipboard."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from sdedit_desktop.document import names
from sdedit_desktop.document.layers import ActiveLayer, Layer
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.menus.drop import corner_for, files_in, middle_seen
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.qimages import from_qimage, in_profile, to_qimage, with_profile

_PLACE_MIME = "application/x-sdedit-desktop-place"


class ClipboardActions(QObject):
    """Copies and pastes pictures between layers, documents and programs."""

    def __init__(
        self,
        session: Session,
        canvas: CanvasView,
        add_pictures: Callable[[list[Path]], object],
    ) -> None:
        """Connects nothing; ``add_pictures`` adds files to the document as layers."""
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._add_pictures = add_pictures

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

    def copy(self) -> None:
        """Copies the masked part of the active layer, or the whole layer."""
        self._copy(self._active)

    def copy_seen(self) -> None:
        """Copies the masked part of the visible picture."""
        self._copy(None)

    def cut(self) -> None:
        """Copies the masked part of the active layer and clears it."""
        layer = self._active
        if layer.locked or layer.alpha_locked:
            self._session.noticed.emit(
                self.tr("Nothing can be cut from {0}: it is locked.").format(localized(layer.name))
            )
        elif self._copy(layer):
            command = clipboard.cut(self._session.document, layer)
            if command is not None:
                self._session.document.push(command)

    def paste(self) -> None:
        """Adds the clipboard's picture as a layer in the middle of the view."""
        self._paste(in_place=False)

    def paste_in_place(self) -> None:
        """Adds the clipboard's picture as a layer where it was copied."""
        self._paste(in_place=True)

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
        command = clipboard.added([layer], above, Text("Paste"))
        document.push(command, active=ActiveLayer(layer.id))


def _place(data: QMimeData) -> tuple[int, int] | None:
    """The position a picture was copied from, if it was copied here."""
    try:
        left, top = bytes(data.data(_PLACE_MIME).data()).decode().split()
        return int(left), int(top)
    except ValueError:
        return None


ACTIONS: Entries[ClipboardActions] = (
    Action(
        "cut",
        _("Cut"),
        _("Take what the mask marks off the active layer and put it on the clipboard"),
        ClipboardActions.cut,
        keys="Ctrl+X",
        icon="cut",
    ),
    Action(
        "copy",
        _("Copy"),
        _("Put what the mask marks of the active layer on the clipboard, or all of the layer"),
        ClipboardActions.copy,
        keys="Ctrl+C",
    ),
    Action(
        "copy_seen",
        _("Copy visible"),
        _("Copy the visible picture where the mask marks it"),
        ClipboardActions.copy_seen,
        keys="Ctrl+Shift+C",
    ),
    Action(
        "paste",
        _("Paste as layer"),
        _("Put the clipboard's picture on a new layer, in the middle of the view"),
        ClipboardActions.paste,
        keys="Ctrl+V",
    ),
    Action(
        "paste_in_place",
        _("Paste in place"),
        _("Put the clipboard's picture on a new layer, where it was copied"),
        ClipboardActions.paste_in_place,
        keys="Ctrl+Shift+V",
    ),
)
