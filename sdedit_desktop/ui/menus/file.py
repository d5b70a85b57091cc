"""The File menu: opening and saving; every failure is reported in one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, photo
from sdedit_desktop.document.files.opening import NATIVE, open_document
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.settings import KeepSettings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.dialogs.size import SizeDialog
from sdedit_desktop.ui.menus.reports import Reports
from sdedit_desktop.ui.training.process import command
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.file_task import FileTask, Report, StoppedError
from sdedit_desktop.ui.widgets.places import FilePlaces

Done: TypeAlias = Callable[[bool], object]
"""Called once, with whether something was done: later if it takes time, or if the user cancels."""


def ignore(_is_done: bool) -> None:
    """Does nothing when an operation is done."""


class FileActions(QObject):
    """The File menu. Its dialogs appear above ``window``.

    Attributes:
        path: The document's own file; ``None`` if it was never saved.
        origin: The file it was last opened from or saved to, possibly a photo.
        reports: Shows what went wrong.
    """

    opened = Signal(Path)
    renamed = Signal()

    def __init__(self, session: Session, window: QWidget, keep: KeepSettings) -> None:
        super().__init__(window)
        self._keep = keep
        self.path: Path | None = None
        self.keeps_backup = True
        self.task = FileTask()
        self._stamp: tuple[int, int] | None = None
        self._written: ora_writer.Written | None = None
        self.origin: Path | None = None
        self.places = FilePlaces(keep)
        self.reports = Reports(window)
        self._title = ""
        self._session = session
        self._window = window

    @property
    def title(self) -> str:
        """The document's title: its file name, or the name that it was given."""
        return self.path.name if self.path else self._title or self.tr("Untitled")

    def adopt(
        self,
        document: Document,
        title: str,
        path: Path | None = None,
        origin: Path | None = None,
    ) -> None:
        """Opens a document; ``origin`` is the file that contains it."""
        self._session.replace_document(document)
        self.path, self._title, self.origin = path, title, origin
        self._stamp = self._written = None
        self.places.source = origin
        self.renamed.emit()
        if document.warnings:
            self.reports.say(
                self.tr("Opened with changes"), "\n".join(map(localized, document.warnings))
            )

    def new(self) -> None:
        """Asks for a size and creates a document."""
        dialog = SizeDialog(self._window, self.tr("New picture"), (1024, 1024))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            size = dialog.size_chosen
            self.leave(lambda: self.adopt(Document(*size), self.tr("Untitled")))

    def open(self) -> None:
        """Asks for a file and opens it."""
        if path := self._ask_what_to_open():
            self.open_path(path)

    def open_in_new_window(self) -> None:
        """Asks for a file and opens it in another window and process."""
        if path := self._ask_what_to_open():
            self.places.remember(path)
            QProcess.startDetached(*command([str(path)]))

    def _ask_what_to_open(self) -> Path | None:
        patterns = " ".join(f"*{suffix}" for suffix in (NATIVE, *photo.EXTENSIONS))
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open"),
            str(self.places.folder),
            self.tr("Pictures and documents ({0});;All files (*)").format(patterns),
        )
        return Path(name) if name else None

    def open_path(self, path: Path, done: Done = ignore) -> None:
        """Opens a photo or a document, after asking about unsaved changes."""
        self.leave(lambda: self._open(path, done), lambda: done(False))

    def _open(self, path: Path, done: Done) -> None:
        stamp, state = _stamp(path), self._session.document.history.state
        opened: list[Document] = []

        def adopt() -> None:
            is_native = path.suffix.lower() == NATIVE
            self.adopt(opened[0], path.stem, path if is_native else None, path)
            self._stamp = stamp
            self.places.remember(path)
            self.opened.emit(path)
            done(True)

        def end(is_done: bool) -> None:
            if is_done and self._session.document.history.state != state:
                self.leave(adopt, lambda: done(False))  # something was painted meanwhile
            elif is_done:
                adopt()
            else:
                done(False)

        self.in_background(
            self.tr("Opening {0}…").format(path.name),
            lambda report: opened.append(open_document(path, report=report)),
            end,
        )

    def save(self, done: Done = ignore) -> None:
        """Saves to the known file, or asks for one."""
        if self.path is None:
            self.save_as(done)
        elif self._may_replace(self.path):
            self._save_to(self.path, done)
        else:
            done(False)

    def save_as(self, done: Done = ignore) -> None:
        """Asks for a name and saves."""
        start = self.path or self.places.to_save(self.title)
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save"), str(start), self.tr("OpenRaster (*.ora)")
        )
        if not name:
            done(False)
            return
        path = Path(name)
        self._save_to(path if path.suffix.lower() == NATIVE else Path(f"{name}{NATIVE}"), done)

    def quit(self) -> None:
        """Closes the window unless the user cancels."""
        self._window.close()

    def may_leave(self, again: Callable[[], object]) -> bool:
        """Whether to go on, after asking what to do with unsaved changes.

        If they are saved first, False is returned and ``again`` is called once they are.
        """
        is_asking, may_go_on = True, False

        def then() -> None:
            nonlocal may_go_on
            may_go_on = True
            if not is_asking:
                again()

        self.leave(then)
        is_asking = False
        return may_go_on

    def leave(
        self, then: Callable[[], object], otherwise: Callable[[], object] = lambda: None
    ) -> None:
        """Asks what to do with unsaved changes, and goes on once they are saved or given up.

        Args:
            then: What follows: at once if nothing is to be saved, else after saving.
            otherwise: What follows if the user cancels, or saving fails.
        """
        button = QMessageBox.StandardButton
        answer = button.Discard
        if self.task.is_running:
            self._say_busy()
            answer = button.Cancel
        elif not self._session.document.history.is_saved:
            answer = QMessageBox.question(
                self._window,
                self.tr("Unsaved changes"),
                self.tr("{0} has changes that are not saved. Save them?").format(self.title),
                button.Save | button.Discard | button.Cancel,
                button.Save,
            )
        if answer == button.Save:
            # Again, for what was painted while it was being saved.
            self.save(lambda is_saved: self.leave(then, otherwise) if is_saved else otherwise())
        elif answer == button.Discard:
            then()
        else:
            otherwise()

    def _may_replace(self, path: Path) -> bool:
        """Asks if another program has changed the file since it was opened or saved."""
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

    def _save_to(self, path: Path, done: Done) -> None:
        """Saves a snapshot of the document; what is painted meanwhile is not saved."""
        document, packing = self._session.document, self._session.packing()
        moment, copy = document.history.moment, document.frozen()

        def save(report: Report) -> None:
            copy.attachments = packing()
            self._written = ora_writer.save(
                copy, path, earlier=self._written, backup=self.keeps_backup, report=report
            )

        def end(is_saved: bool) -> None:
            if is_saved and document is self._session.document:
                document.attachments = copy.attachments
                self.path = self.origin = path
                self._stamp = _stamp(path)
                document.history.mark_saved(moment)
                self.renamed.emit()
            if is_saved:
                self.places.remember(path)
                self.opened.emit(path)
            done(is_saved)

        self.in_background(self.tr("Saving {0}…").format(path.name), save, end)

    def in_background(self, text: str, work: Callable[[Report], object], done: Done) -> None:
        """Runs a file operation while painting goes on; shows why it failed."""
        if self.task.is_running:
            self._say_busy()
            done(False)
            return

        def end(error: BaseException | None) -> None:
            if isinstance(error, AppError):
                self.reports.show_error(error)
            done(error is None)
            if not isinstance(error, AppError | StoppedError | None):
                raise error

        self.task.start(text, work, end)

    def _say_busy(self) -> None:
        text = self.tr("Wait until it is, or cancel it.")
        self.reports.say(self.tr("A file is being written"), text)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        return stamp_of(path)
    except OSError:
        return None


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
    Action(
        "open_in_new_window",
        _("Open in new window…"),
        _("Open a photo or a document beside this one"),
        FileActions.open_in_new_window,
        keys="Ctrl+Shift+O",
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
    "export",
    "export_again",
    "provenance",
    "|",
    Action("quit", _("Quit"), _("Close the program"), FileActions.quit, keys="Ctrl+Q"),
)
