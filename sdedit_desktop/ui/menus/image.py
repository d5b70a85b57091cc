"""The Image menu: size and orientation of the whole picture."""

from PySide6.QtWidgets import QWidget

from sdedit_desktop.document import transforms
from sdedit_desktop.document.history import Command
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.dialogs.size import CanvasSizeDialog, SizeDialog
from sdedit_desktop.ui.translation import marked as _


class ImageActions:
    """Changes all layers and the mask together; each change is one undo step."""

    def __init__(self, session: Session, window: QWidget) -> None:
        """Connects nothing; dialogs appear above ``window``."""
        self._session = session
        self._window = window

    def turn(self, quarters: int) -> None:
        """Rotates the picture clockwise by quarter turns."""
        self._push(transforms.turned(self._session.document, quarters))

    def flip(self, *, upside_down: bool = False) -> None:
        """Mirrors the picture horizontally or vertically."""
        self._push(transforms.mirrored(self._session.document, upside_down=upside_down))

    def crop_to_mask(self) -> None:
        """Crops the picture to the bounding box of the mask."""
        document = self._session.document
        rect = document.mask.content_rect() & document.rect
        if rect:
            self._push(transforms.cropped(document, rect))
        else:
            self._session.noticed.emit(self._window.tr("Mark with the mask what shall be kept."))

    def scale(self) -> None:
        """Asks for a size and scales the picture to it."""
        document = self._session.document
        size = document.rect.width, document.rect.height
        title = self._window.tr("Scale image")
        dialog = SizeDialog(self._window, title, size, proportional=True)
        if dialog.exec() == SizeDialog.DialogCode.Accepted and dialog.size_chosen != size:
            self._push(transforms.resized(document, *dialog.size_chosen))

    def change_canvas(self) -> None:
        """Asks for a size and crops or extends the canvas, without scaling."""
        document = self._session.document
        dialog = CanvasSizeDialog(self._window, (document.rect.width, document.rect.height))
        if dialog.exec() != CanvasSizeDialog.DialogCode.Accepted:
            return
        if dialog.rect_chosen != document.rect:
            label = Text("Canvas size")
            self._push(transforms.cropped(document, dialog.rect_chosen, label))

    def _push(self, command: Command | None) -> None:
        if command is not None:
            self._session.document.push(command)


MENU: Entries[ImageActions] = (
    Action(
        "scale_image",
        _("Scale image…"),
        _("Make the picture larger or smaller"),
        ImageActions.scale,
    ),
    Action(
        "canvas_size",
        _("Canvas size…"),
        _("Cut the picture or give it more room, without scaling it"),
        ImageActions.change_canvas,
        keys="Ctrl+Alt+C",
    ),
    Action(
        "crop_to_mask",
        _("Crop to mask"),
        _("Cut the picture to what is marked"),
        ImageActions.crop_to_mask,
    ),
    "|",
    Action(
        "turn_image_left",
        _("Rotate left"),
        _("Turn the picture by a quarter"),
        lambda image: image.turn(3),
    ),
    Action(
        "turn_image_right",
        _("Rotate right"),
        _("Turn the picture by a quarter"),
        lambda image: image.turn(1),
    ),
    Action(
        "flip_across",
        _("Flip horizontally"),
        _("Exchange left and right"),
        lambda image: image.flip(),
    ),
    Action(
        "flip_down",
        _("Flip vertically"),
        _("Exchange top and bottom"),
        lambda image: image.flip(upside_down=True),
    ),
)
