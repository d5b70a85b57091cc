"""What the Mask menu does beyond the mask tools."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import photo
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing.operations import mask as masking
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import Settings
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.dialogs.mask import Amount, Change, MaskDialog
from sdedit_desktop.ui.menus.file import FileActions
from sdedit_desktop.ui.menus.mask_display import Keep
from sdedit_desktop.ui.translation import localized

_MOST_PIXELS = 500
_USUAL_PIXELS = 12
_BY_SIZE = 0
"""Instead of an amount to grow by: as much as the size of the painting asks for."""


class MaskActions(QObject):
    """Changes to the whole mask, each one undo step; amounts and files are asked for."""

    def __init__(
        self, session: Session, files: FileActions, canvas: CanvasView, keep: Keep
    ) -> None:
        super().__init__(canvas)
        self._amounts = _BY_SIZE, 0
        self._canvas = canvas
        self._keep = keep
        self._session = session
        self._files = files

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "fill_mask": lambda: self._push(masking.filled(self._document)),
            "clear_mask": lambda: self._push(masking.cleared(self._document)),
            "invert_mask": lambda: self._push(masking.inverted(self._document)),
            "mask_from_strokes": self._from_strokes,
            "mask_from_strokes_as": self._ask_from_strokes,
            "grow_mask": lambda: self._ask(self.tr("Grow mask"), masking.enlarged),
            "shrink_mask": lambda: self._ask(
                self.tr("Shrink mask"), lambda document, by: masking.enlarged(document, -by)
            ),
            "feather_mask": lambda: self._ask(self.tr("Feather mask"), masking.feathered),
            "load_mask": self._load,
            "save_mask": self._save,
        }

    def possible(self) -> Mapping[str, bool]:
        """All of them, always."""
        return {}

    @property
    def _document(self) -> Document:
        return self._session.document

    def _push(self, command: Command | None) -> None:
        if command is None:
            self._session.noticed.emit(self.tr("There is no mask yet."))
        else:
            self._session.document.push(command)

    def use(self, settings: Settings) -> None:
        """Takes the amounts that the user set last."""
        self._amounts = settings.strokes_grow, settings.strokes_feather

    def _ask(self, title: str, change: Callable[[Document, int], Command | None]) -> None:
        """Asks by how many pixels, and shows meanwhile what comes of it."""
        if not self._document.mask.content_rect() & self._document.rect:
            self._session.noticed.emit(self.tr("There is no mask yet."))
            return
        tip = self.tr("By how many pixels")
        amount = Amount(self.tr("By"), tip, 1, _MOST_PIXELS, _USUAL_PIXELS)
        self._open(title, [amount], lambda document, by: change(document, by[0]))

    def _ask_from_strokes(self) -> None:
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

    def _from_strokes(self) -> None:
        """As it was set last."""
        if layer := self._painted():
            grow, feather = self._amounts
            margin = None if grow == _BY_SIZE else grow
            self._push(masking.from_strokes(self._document, layer, margin, feather))

    def _painted(self) -> Layer | None:
        """The active layer if there is paint on it; else that is said."""
        layer = self._document.layer(self._session.active_layer)
        if layer.tiles.content_rect() & self._document.rect:
            return layer
        text = self.tr("Nothing is painted on {0}.")
        self._session.noticed.emit(text.format(localized(layer.name)))
        return None

    def _load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._canvas.window(),
            self.tr("Load mask"),
            "",
            self.tr("Pictures (*.png *.tif *.webp *.jpg)"),
        )
        if name:
            self._files.attempt(lambda: self._take(Path(name)))

    def _take(self, path: Path) -> None:
        document = self._session.document
        mask = photo.open_mask(path, (document.rect.width, document.rect.height))
        document.push(masking.replaced(document, document.rect, mask, Text("Load mask")))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._canvas.window(), self.tr("Save mask"), self.tr("mask.png"), self.tr("PNG (*.png)")
        )
        if name:
            document = self._session.document
            grey = np.repeat(document.mask.read(document.rect), 3, axis=2)
            self._files.attempt(lambda: photo.export(grey, Path(name).with_suffix(".png")))
