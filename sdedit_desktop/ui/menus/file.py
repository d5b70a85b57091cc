"""Opening, saving and exporting, with everything that can go wrong said in one sentence."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from sdedit_desktop.document.blending import straightened
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, photo
from sdedit_desktop.document.files.opening import NATIVE, open_document
from sdedit_desktop.document.layers import Json
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.settings import KeepSettings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.dialogs.export import ExportDialog, ExportOptions
from sdedit_desktop.ui.dialogs.size import SizeDialog
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.file_task import FileTask, Report, StoppedError

logger = logging.getLogger(__name__)


class FileActions(QObject):
    """What the File menu does. Questions are asked in dialogs above ``window``.

    Attributes:
        path: The document's own file; ``None`` if it has not got one yet.
        origin: The file that held all of it when it was last opened or saved, maybe a photo.
    """

    opened = Signal(Path)
    renamed = Signal()
    bug_found = Signal()

    def __init__(self, session: Session, window: QWidget, keep: KeepSettings) -> None:
        super().__init__(window)
        self._keep = keep
        self.path: Path | None = None
        self.keeps_backup = True
        self.task = FileTask()
        self._stamp: tuple[int, int] | None = None
        self._written: ora_writer.Written | None = None
        self.origin: Path | None = None
        self.tells_provenance = True
        self._options = ExportOptions()
        self._said: QMessageBox | None = None
        self._title = ""
        self._session = session
        self._window = window

    @property
    def title(self) -> str:
        """What the document is called."""
        return self.path.name if self.path else self._title or self.tr("Untitled")

    def adopt(
        self,
        document: Document,
        title: str,
        path: Path | None = None,
        origin: Path | None = None,
    ) -> None:
        """Makes a document the open one; ``origin`` holds all of it."""
        self._session.replace_document(document)
        self.path, self._title, self.origin = path, title, origin
        self._stamp = self._written = None
        self.renamed.emit()
        if document.warnings:
            self._say(self.tr("Opened with changes"), "\n".join(map(localized, document.warnings)))

    def new(self) -> None:
        """Asks for a size and starts with an empty picture."""
        dialog = SizeDialog(self._window, self.tr("New picture"), (1024, 1024))
        if dialog.exec() == QDialog.DialogCode.Accepted and self.may_leave():
            self.adopt(Document(*dialog.size_chosen), self.tr("Untitled"))

    def open(self) -> None:
        """Asks for a file and opens it."""
        patterns = " ".join(f"*{suffix}" for suffix in (NATIVE, *photo.EXTENSIONS))
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open"),
            str(self.path.parent if self.path else Path.home()),
            self.tr("Pictures and documents ({0});;All files (*)").format(patterns),
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> bool:
        """Opens a photo or a document, after asking about unsaved changes."""
        if not self.may_leave():
            return False
        stamp = _stamp(path)
        try:
            document = open_document(path)
        except AppError as error:
            self.show_error(error)
            return False
        is_native = path.suffix.lower() == NATIVE
        self.adopt(document, path.stem, path if is_native else None, path)
        self._stamp = stamp
        self.opened.emit(path)
        return True

    def save(self) -> bool:
        """Saves under the known name, or asks for one; tells whether it was saved."""
        if self.path is None:
            return self.save_as()
        return self._may_replace(self.path) and self._save_to(self.path)

    def save_as(self) -> bool:
        """Asks for a name and saves."""
        start = self.path or Path.home() / f"{self.title}{NATIVE}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save"), str(start), self.tr("OpenRaster (*.ora)")
        )
        if not name:
            return False
        path = Path(name)
        return self._save_to(path if path.suffix.lower() == NATIVE else Path(f"{name}{NATIVE}"))

    def export(self) -> bool:
        """Asks for a name and writes the picture as it is seen."""
        folder = self.path.parent if self.path else Path.home()
        formats = (
            *("PNG (*.png)", "TIFF (*.tif *.tiff)", "JPEG (*.jpg *.jpeg)", "WebP (*.webp)"),
            "AVIF (*.avif)",
        )
        name, chosen = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export"),
            str(folder / f"{Path(self.title).stem}.png"),
            ";;".join(formats),
        )
        if not name:
            return False
        path = Path(name)
        if not path.suffix:
            path = Path(name + chosen[chosen.index("*") + 1 :].split()[0].rstrip(")"))
        options = self._ask_options(path)
        return options is not None and self._export_to(path, options)

    def toggle_provenance(self) -> None:
        """Says in exported pictures from now on that a model took part, or says it no more."""
        self.tells_provenance = not self.tells_provenance
        self._keep(provenance=self.tells_provenance)

    def quit(self) -> None:
        """Closes the window, unless the user would rather stay."""
        self._window.close()

    def _ask_options(self, path: Path) -> ExportOptions | None:
        """How to write it; ``None`` if the user would rather not."""
        document = self._session.document
        offered = replace(self._options, tells_provenance=self.tells_provenance)
        made = parameters_of(document) is not None
        dialog = ExportDialog(self._window, path, offered, depth=document.depth, made=made)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        self._options = dialog.chosen
        return self._options

    def _export_to(self, path: Path, options: ExportOptions) -> bool:
        document = self._session.document.frozen()
        parameters = parameters_of(document) if options.tells_provenance else None
        text = self.tr("Exporting {0}…").format(path.name)
        return self._in_background(
            text, lambda report: export(document, path, parameters, options, report)
        )

    def may_leave(self) -> bool:
        """Asks what to do with unsaved changes; False if the user would rather stay."""
        if self.task.is_running:
            return self._say_busy()
        if self._session.document.history.is_saved:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            self.tr("Unsaved changes"),
            self.tr("{0} has changes that are not saved. Save them?").format(self.title),
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def attempt(self, work: Callable[[], object]) -> bool:
        """Does something that may fail for reasons the user can understand."""
        try:
            work()
        except AppError as error:
            self.show_error(error)
            return False
        return True

    def show_error(self, error: Exception) -> None:
        """One sentence in a dialog; what is a bug says where its details are."""
        if isinstance(error, AppError):
            self._say(self.tr("That did not work"), localized(error))
        else:
            logger.error("A bug was shown to the user", exc_info=error)
            self.bug_found.emit()
            self._say(
                self.tr("Something went wrong inside the program"),
                self.tr("Your picture is safe. Details are in the log: {0}").format(error),
            )

    def _may_replace(self, path: Path) -> bool:
        """Asks, where another program has changed the file since it was opened or saved."""
        if self._stamp is None or _stamp(path) in (None, self._stamp):
            return True
        answer = QMessageBox.question(
            self._window,
            self.tr("The file has changed"),
            self.tr(
                "{0} was changed by another program since it was opened or saved. Replace it?"
            ).format(path.name),
        )
        return answer == QMessageBox.StandardButton.Yes

    def _save_to(self, path: Path) -> bool:
        """Saves the document as it is now; what is painted meanwhile is not saved yet."""
        document, packing = self._session.document, self._session.packing()
        moment, copy = document.history.moment, document.frozen()

        def save(report: Report) -> None:
            copy.attachments = packing()
            self._written = ora_writer.save(
                copy, path, earlier=self._written, backup=self.keeps_backup, report=report
            )

        if not self._in_background(self.tr("Saving {0}…").format(path.name), save):
            return False
        if document is self._session.document:
            document.attachments = copy.attachments
            self.path = self.origin = path
            self._stamp = _stamp(path)
            document.history.mark_saved(moment)
            self.renamed.emit()
        self.opened.emit(path)
        return True

    def _in_background(self, text: str, work: Callable[[Report], object]) -> bool:
        """Does something with files while painting goes on; tells whether it was done."""
        if self.task.is_running:
            return self._say_busy()
        try:
            return self.attempt(lambda: self.task.run(text, work))
        except StoppedError:
            return False

    def _say_busy(self) -> bool:
        text = self.tr("Wait until it is, or cancel it.")
        self._say(self.tr("A file is being written"), text)
        return False

    def _say(self, title: str, text: str) -> None:
        if self._said is not None and self._said.text() == text:
            return  # it is on the screen already
        box = QMessageBox(QMessageBox.Icon.Information, title, text, parent=self._window)
        box.finished.connect(self._forget_said)
        self._said = box
        box.open()

    def _forget_said(self) -> None:
        if self._said is not None:
            self._said.deleteLater()
            self._said = None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        return stamp_of(path)
    except OSError:
        return None


def export(
    document: Document,
    path: Path,
    parameters: Mapping[str, Json] | None = None,
    options: ExportOptions | None = None,
    report: Report = lambda _share: None,
) -> None:
    """Writes the picture as it is seen, with its colours.

    Args:
        document: What is seen of it.
        path: Its extension tells the format.
        parameters: What made it, to be noted in the file.
        report: Told how much is done.
        options: How to write it; as usual unless localized.

    Raises:
        FileFormatError: With a sentence.
    """
    options = options or ExportOptions()
    pixels = straightened(document.composite(document.rect))
    report(0.4)
    if pixels[..., 3].min() == np.iinfo(pixels.dtype).max:
        pixels = pixels[..., :3]
    photo.export(
        pixels,
        path,
        depth=min(options.depth, document.depth),
        icc=document.icc,
        metadata=document.metadata if options.keeps_metadata else {},
        parameters=parameters,
        quality=options.quality,
        before_replacing=lambda: report(0.9),
    )


def parameters_of(document: Document) -> Mapping[str, Json] | None:
    """What made the candidates that are seen in a document; ``None`` if there are none."""
    made = [layer.parameters for layer in document.layers if layer.visible and layer.parameters]
    return {"results": made} if made else None


MENU: Entries[FileActions] = (
    Action(
        "new",
        _("New…"),
        _("Start with an empty picture"),
        FileActions.new,
        keys="Ctrl+N",
        icon="new",
    ),
    Action(
        "open",
        _("Open…"),
        _("Open a photo or a document"),
        FileActions.open,
        keys="Ctrl+O",
        icon="open",
    ),
    "recent",
    "|",
    Action(
        "save",
        _("Save"),
        _("Save the document with layers and mask (.ora)"),
        FileActions.save,
        keys="Ctrl+S",
        icon="save",
    ),
    Action(
        "save_as",
        _("Save As…"),
        _("Save the document under another name"),
        FileActions.save_as,
        keys="Ctrl+Shift+S",
    ),
    "|",
    Action(
        "export",
        _("Export…"),
        _("Write the picture as PNG, JPEG, TIFF or WebP"),
        FileActions.export,
        keys="Ctrl+E",
        icon="export",
    ),
    Action(
        "provenance",
        _("Note parameters in exports"),
        _("Say in exported pictures that, and how, a model took part in them"),
        FileActions.toggle_provenance,
        checked=lambda files: files.tells_provenance,
    ),
    "|",
    Action("quit", _("Quit"), _("Close the program"), FileActions.quit, keys="Ctrl+Q"),
)
