"""The Mask menu."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import photo
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing.operations import mask as masking
from sdedit_desktop.editing.regions import scope
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import KeepSettings, Settings
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.dialogs.mask import Amount, Change, MaskDialog
from sdedit_desktop.ui.menus.file import FileActions
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _

_MOST_PIXELS = 500
_USUAL_PIXELS = 12
_BY_SIZE = 0
"""Stands for an amount that depends on the extent of the strokes."""


class MaskActions(QObject):
    """Changes to the whole mask, each one undo step; some ask for amounts or files.

    ``brush_wanted`` is emitted when the mask brush should be activated.
    """

    brush_wanted = Signal()

    def __init__(
        self, session: Session, files: FileActions, canvas: CanvasView, keep: KeepSettings
    ) -> None:
        super().__init__(canvas)
        self._amounts = _BY_SIZE, 0
        self._canvas = canvas
        self._keep = keep
        self._session = session
        self._files = files

    def fill(self) -> None:
        """Masks everything."""
        self._push(masking.filled(self._document))

    def clear(self) -> None:
        """Clears the mask."""
        self._push(masking.cleared(self._document))

    def invert(self) -> None:
        """Inverts the mask."""
        self._push(scope.inverted(self._document))

    def edit(self) -> None:
        """Makes a mask of the region around the strokes, and activates the mask brush."""
        if command := scope.masked_around_strokes(self._document):
            self._document.push(command)
        self.brush_wanted.emit()

    def ask_to_grow(self) -> None:
        """Asks for an amount and grows the mask."""
        self._ask(self.tr("Grow mask"), masking.enlarged)

    def ask_to_shrink(self) -> None:
        """Asks for an amount and shrinks the mask."""
        self._ask(self.tr("Shrink mask"), lambda document, by: masking.enlarged(document, -by))

    def ask_to_feather(self) -> None:
        """Asks for a radius and feathers the mask."""
        self._ask(self.tr("Feather mask"), masking.feathered)

    @property
    def _document(self) -> Document:
        return self._session.document

    def _push(self, command: Command | None) -> None:
        if command is None:
            self._session.noticed.emit(self.tr("There is no mask yet."))
        else:
            self._session.document.push(command)

    def use(self, settings: Settings) -> None:
        """Sets the amounts that were used last."""
        self._amounts = settings.strokes_grow, settings.strokes_feather

    def _ask(self, title: str, change: Callable[[Document, int], Command | None]) -> None:
        """Asks for amounts, with a live preview."""
        if not self._document.mask.content_rect() & self._document.rect:
            self._session.noticed.emit(self.tr("There is no mask yet."))
            return
        tip = self.tr("By how many pixels")
        amount = Amount(self.tr("By"), tip, 1, _MOST_PIXELS, _USUAL_PIXELS)
        self._open(title, [amount], lambda document, by: change(document, by[0]))

    def ask_from_strokes(self) -> None:
        """Asks for amounts and makes a mask of the paint on the active layer."""
        layer = self._painted()
        if layer is None:
            return
        document, (grow, feather) = self._document, self._amounts
        amounts = [
            Amount(
                self.tr("Grow"),
                self.tr("How far the mask reaches beyond the paint"),
                1,
                _MOST_PIXELS,
                masking.usual_margin(document, layer) if grow == _BY_SIZE else grow,
            ),
            Amount(
                self.tr("Feather"),
                self.tr("Over how many pixels the mask fades"),
                0,
                _MOST_PIXELS,
                feather,
            ),
        ]
        dialog = self._open(
            self.tr("Mask from strokes"),
            amounts,
            lambda document, by: masking.from_strokes(document, document.layer(layer.id), *by),
        )
        dialog.accepted.connect(lambda: self._remember(*dialog.amounts))

    def _open(self, title: str, amounts: Sequence[Amount], change: Change) -> MaskDialog:
        dialog = MaskDialog(self._session, self._canvas, title, amounts, change)
        dialog.show()
        return dialog

    def _remember(self, grow: int, feather: int) -> None:
        self._amounts = grow, feather
        self._keep(strokes_grow=grow, strokes_feather=feather)

    def mark_strokes(self) -> None:
        """Makes a mask of the paint on the active layer, with the amounts that were used last."""
        if layer := self._painted():
            grow, feather = self._amounts
            margin = None if grow == _BY_SIZE else grow
            self._push(masking.from_strokes(self._document, layer, margin, feather))

    def _painted(self) -> Layer | None:
        """The active layer if there is paint on it; otherwise shows a message."""
        layer = self._document.layer(self._session.active_layer)
        if layer.tiles.content_rect() & self._document.rect:
            return layer
        text = self.tr("Nothing is painted on {0}.")
        self._session.noticed.emit(text.format(localized(layer.name)))
        return None

    def load(self) -> None:
        """Asks for a picture and loads it as the mask."""
        name, _ = QFileDialog.getOpenFileName(
            self._canvas.window(),
            self.tr("Load mask"),
            str(self._files.places.folder),
            self.tr("Pictures (*.png *.tif *.webp *.jpg)"),
        )
        if name:
            self._files.reports.attempt(lambda: self._take(Path(name)))

    def _take(self, path: Path) -> None:
        document = self._session.document
        mask = photo.open_mask(path, (document.rect.width, document.rect.height))
        document.push(masking.replaced(document, document.rect, mask, Text("Load mask")))

    def save(self) -> None:
        """Asks for a name and saves the mask as a grey picture; white may change."""
        name, _ = QFileDialog.getSaveFileName(
            self._canvas.window(),
            self.tr("Save mask"),
            str(self._files.places.folder / self.tr("mask.png")),
            self.tr("PNG (*.png)"),
        )
        if name:
            document = self._session.document
            grey = np.repeat(document.mask.read(document.rect), 3, axis=2)
            self._files.reports.attempt(lambda: photo.export(grey, Path(name).with_suffix(".png")))


MENU: Entries[MaskActions] = (
    Action(
        "mask_from_strokes",
        _("Mask from strokes"),
        _("Mark what is painted on the active layer, and a little more"),
        MaskActions.mark_strokes,
        keys="Ctrl+M",
        icon="mask",
    ),
    Action(
        "mask_from_strokes_as",
        _("Mask from strokes by…"),
        _("Choose how far the mask reaches beyond the paint, and how it fades"),
        MaskActions.ask_from_strokes,
        keys="Ctrl+Alt+M",
    ),
    Action(
        "edit_mask",
        _("Edit the mask"),
        _("Take the mask brush; without a mask, the surroundings of the strokes become one"),
        MaskActions.edit,
    ),
    Action(
        "fill_mask",
        _("Mark everything"),
        _("The whole picture may change"),
        MaskActions.fill,
        keys="Ctrl+Shift+A",
    ),
    Action(
        "invert_mask",
        _("Invert mask"),
        _("Exchange what may change and what is kept"),
        MaskActions.invert,
        keys="Ctrl+Shift+I",
        icon="invert",
    ),
    Action(
        "clear_mask",
        _("Clear mask"),
        _("Without a mask only the surroundings of the strokes may change"),
        MaskActions.clear,
        keys="Ctrl+Shift+D",
    ),
    "|",
    Action("grow_mask", _("Grow mask…"), _("Mark more, all around"), MaskActions.ask_to_grow),
    Action("shrink_mask", _("Shrink mask…"), _("Mark less, all around"), MaskActions.ask_to_shrink),
    Action(
        "feather_mask",
        _("Feather mask…"),
        _("Make the mask's edge softer"),
        MaskActions.ask_to_feather,
    ),
    "|",
    Action(
        "load_mask",
        _("Load mask…"),
        _("Open a picture as mask; white may change"),
        MaskActions.load,
    ),
    Action(
        "save_mask",
        _("Save mask…"),
        _("Write the mask as a picture; white may change"),
        MaskActions.save,
    ),
    "|",
    "show_mask",
    "heat_mask",
    "mask_color",
)
