"""What the Mask menu does beyond the mask tools."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from sdedit_desktop.document import photo
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Command
from sdedit_desktop.editing import masking
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.file_actions import FileActions

_MOST_PIXELS = 500
_USUAL_PIXELS = 12


class MaskActions(QObject):
    """Changes to the whole mask, each one undo step; amounts and files are asked for."""

    def __init__(self, session: Session, files: FileActions, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._files = files
        self._window = window

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "fill_mask": lambda: self._push(masking.filled(self._document)),
            "clear_mask": lambda: self._push(masking.cleared(self._document)),
            "invert_mask": lambda: self._push(masking.inverted(self._document)),
            "mask_from_strokes": self._from_strokes,
            "grow_mask": lambda: self._ask(
                self.tr("Grow mask"), lambda pixels: masking.enlarged(self._document, pixels)
            ),
            "shrink_mask": lambda: self._ask(
                self.tr("Shrink mask"), lambda pixels: masking.enlarged(self._document, -pixels)
            ),
            "feather_mask": lambda: self._ask(
                self.tr("Feather mask"), lambda pixels: masking.feathered(self._document, pixels)
            ),
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

    def _ask(self, title: str, make: Callable[[int], Command | None]) -> None:
        pixels, is_chosen = QInputDialog.getInt(
            self._window, title, self.tr("By how many pixels?"), _USUAL_PIXELS, 1, _MOST_PIXELS
        )
        if is_chosen:
            self._push(make(pixels))

    def _from_strokes(self) -> None:
        document = self._session.document
        layer = document.layer(self._session.active_layer)
        command = masking.from_strokes(document, layer)
        if command is None:
            self._session.noticed.emit(self.tr("Nothing is painted on {0}.").format(layer.name))
        else:
            document.push(command)

    def _load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Load mask"), "", self.tr("Pictures (*.png *.tif *.webp *.jpg)")
        )
        if name:
            self._files.attempt(lambda: self._take(Path(name)))

    def _take(self, path: Path) -> None:
        document = self._session.document
        mask = photo.open_mask(path, (document.rect.width, document.rect.height))
        document.push(masking.replaced(document, document.rect, mask, "Load mask"))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save mask"), "mask.png", self.tr("PNG (*.png)")
        )
        if name:
            document = self._session.document
            grey = np.repeat(document.mask.read(document.rect), 3, axis=2)
            self._files.attempt(lambda: photo.export(grey, Path(name).with_suffix(".png")))
