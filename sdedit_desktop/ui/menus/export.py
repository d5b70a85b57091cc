"""Export of the visible picture."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import photo
from sdedit_desktop.document.layers import Json
from sdedit_desktop.editing.models import shared_name
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import KeepSettings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.dialogs.export import ExportDialog, ExportOptions
from sdedit_desktop.ui.menus.file import Done, FileActions, ignore
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.file_task import Report


class ExportActions(QObject):
    """Asks for a name and options, then writes the picture in the background."""

    def __init__(
        self, session: Session, files: FileActions, window: QWidget, keep: KeepSettings
    ) -> None:
        super().__init__(window)
        self.tells_provenance = True
        self._session = session
        self._files = files
        self._window = window
        self._keep = keep
        self._options = ExportOptions()
        self._last: tuple[Path, ExportOptions] | None = None
        session.document_replaced.connect(self._forget)

    def _forget(self) -> None:
        self._last = None

    def export(self, done: Done = ignore) -> None:
        """Asks for a name and exports the picture."""
        if self._files.places.was_lossy:
            self._session.noticed.emit(
                self.tr("A lossless copy is proposed: JPEG changes pixels outside the mask too.")
            )
        formats = (
            *("PNG (*.png)", "TIFF (*.tif *.tiff)", "JPEG (*.jpg *.jpeg)", "WebP (*.webp)"),
            "AVIF (*.avif)",
        )
        name, chosen = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export"),
            str(self._files.places.to_export(self._files.title)),
            ";;".join(formats),
        )
        if not name:
            done(False)
            return
        path = Path(name)
        if not path.suffix:
            path = Path(name + chosen[chosen.index("*") + 1 :].split()[0].rstrip(")"))
        options = self._ask_options(path)
        if options is None:
            done(False)
        else:
            self._export_to(path, options, done)

    def export_again(self) -> None:
        """Exports the picture to the same file, with the same options; asks the first time."""
        if self._last is None:
            self.export()
        else:
            self._export_to(*self._last, ignore)

    def toggle_provenance(self) -> None:
        """Sets whether exported pictures say that a model took part."""
        self.tells_provenance = not self.tells_provenance
        self._keep(provenance=self.tells_provenance)

    def _ask_options(self, path: Path) -> ExportOptions | None:
        """Asks for the options; ``None`` if cancelled."""
        document = self._session.document
        offered = replace(self._options, tells_provenance=self.tells_provenance)
        made = parameters_of(document) is not None
        dialog = ExportDialog(
            self._window, path, offered, depth=document.depth, made=made, metadata=document.metadata
        )
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        self._options = dialog.chosen
        return self._options

    def _export_to(self, path: Path, options: ExportOptions, done: Done) -> None:
        document = self._session.document.frozen()
        text = self.tr("Exporting {0}…").format(path.name)

        def write(report: Report) -> None:
            photo.export_document(
                document,
                path,
                depth=options.depth,
                keeps=options.keeps,
                parameters=parameters_of(document) if options.tells_provenance else None,
                quality=options.quality,
                report=report,
            )

        def end(is_done: bool) -> None:
            if is_done:
                self._last = path, options
                self._files.places.remember(path)
                self._session.noticed.emit(self.tr("Exported to {0}.").format(path))
            done(is_done)

        self._files.in_background(text, write, end)


def parameters_of(document: Document) -> Mapping[str, Json] | None:
    """Parameters of the candidates visible in a document; ``None`` if there are none."""
    made = [layer.parameters for layer in document.layers if layer.visible and layer.parameters]
    return {"results": [_shared(parameters) for parameters in made]} if made else None


def _shared(parameters: Mapping[str, Json]) -> Mapping[str, Json]:
    """Parameters without paths of models, which documents of earlier versions contain."""
    model = parameters.get("model")
    return {**parameters, "model": shared_name(model)} if isinstance(model, str) else parameters


ACTIONS: Entries[ExportActions] = (
    Action(
        "export",
        _("Export…"),
        _("Write the picture as PNG, JPEG, TIFF, WebP or AVIF"),
        ExportActions.export,
        keys="Ctrl+E",
        icon="export",
    ),
    Action(
        "export_again",
        _("Quick export"),
        _("Write the picture to the file that was exported last; asks for one at first"),
        ExportActions.export_again,
        keys="Ctrl+Shift+E",
    ),
    Action(
        "provenance",
        _("Note parameters in exports"),
        _("Say in exported pictures that, and how, a model took part in them"),
        ExportActions.toggle_provenance,
        checked=lambda exports: exports.tells_provenance,
    ),
)
