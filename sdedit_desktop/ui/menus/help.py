"""The Help menu."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from PySide6.QtCore import QObject, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMenu, QMessageBox, QWidget

from sdedit_desktop import __version__, build_info, log, paths
from sdedit_desktop.editing import samples
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Actions, Entries
from sdedit_desktop.ui.dialogs.manual import SHORTCUTS, ManualWindow
from sdedit_desktop.ui.menus.file import FileActions
from sdedit_desktop.ui.translation import device_name, localized
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.dock_title import DockTitle

LIBRARIES = (
    ("PySide6-Essentials", "LGPL 3"), ("torch", "BSD 3-Clause"), ("numpy", "BSD 3-Clause"),
    ("pyvips", "MIT"), ("pillow", "MIT-CMU"), ("safetensors", "Apache 2.0"),
    ("platformdirs", "MIT"), ("filelock", "Unlicense"),
)  # fmt: skip
"""The libraries the program uses, with their licences."""

_PAGES = {"color": "tools", "layers": "tools", "history": "saving", "generation": "t0",
          "candidates": "tour"}  # fmt: skip
"""The manual page of each panel."""


class HelpActions(QObject):
    """Opens the manual and the samples, and collects diagnostics."""

    def __init__(
        self, session: Session, files: FileActions, window: QWidget, actions: Actions
    ) -> None:
        super().__init__(window)
        self._session = session
        self._files = files
        self._window = window
        self._actions = actions
        self.manual: ManualWindow | None = None

    def open(self, page: str = "tour") -> None:
        """Opens a page of the manual."""
        if self.manual is None:
            keys = {
                id_: " ".join(key.toString() for key in action.shortcuts())
                for id_, action in self._actions.items()
            }
            self.manual = ManualWindow(list(self._actions.records.values()), keys)
            self._window.destroyed.connect(self.manual.deleteLater)
        self.manual.open(page)

    def close(self) -> None:
        """Closes the manual."""
        if self.manual is not None:
            self.manual.close()
            self.manual.deleteLater()
            self.manual = None

    def add_titles(self, docks: dict[str, QDockWidget]) -> None:
        """Adds title bars with a help button to panels."""
        for name, dock in docks.items():
            title = DockTitle(dock)
            title.help_wanted.connect(lambda name=name: self.open(_PAGES[name]))
            dock.setTitleBarWidget(title)

    def samples_menu(self) -> QMenu:
        """A menu of the bundled pictures."""
        menu = QMenu(self.tr("Open a sample"), self._window)
        for sample in samples.samples():
            action = menu.addAction(localized(sample.title))
            action.triggered.connect(lambda _=False, sample=sample: self._open_sample(sample))
        return menu

    def _open_sample(self, sample: samples.Sample) -> None:
        title = localized(sample.title)
        self._files.leave(lambda: self._files.adopt(samples.document_of(sample), title))

    def show_log(self) -> None:
        """Opens the log in the desktop's text editor."""
        file = paths.state() / log.FILE_NAME
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            self._session.noticed.emit(self.tr("The log is {0}.").format(file))

    def copy_diagnostics(self) -> None:
        """Copies versions and paths, and nothing of the picture, to the clipboard."""
        QGuiApplication.clipboard().setText(self.diagnostics())
        self._session.noticed.emit(self.tr("Versions and paths are on the clipboard."))

    def diagnostics(self) -> str:
        """The lines of a problem report."""
        screens = ", ".join(
            f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}"
            for screen in QGuiApplication.screens()
        )
        params, rect = self._session.params, self._session.document.rect
        facts: dict[str, Any] = {
            "program": f"SDEdit Desktop {__version__}",
            "build": build_info.read(),
            "device": self._device(),
            "python": sys.version.split()[0],
            "qt": f"{qVersion()} ({QGuiApplication.platformName()})",
            "system": platform.platform(),
            "screens": screens,
            **{name: _version_of(name) for name, _licence in LIBRARIES},
            "picture": f"{rect.width} x {rect.height}, {self._session.document.depth} bit",
            "model": f"{params.model}, {params.solver}, {params.precision}, {params.device}",
            "settings": paths.settings_file(),
            "log": paths.state() / log.FILE_NAME,
            "models": paths.user_models(),
        }
        return "\n".join(f"{name}: {value}" for name, value in facts.items())

    def _device(self) -> str:
        """The device of the latest candidate, or the one in the settings."""
        used = [slot.made.origin.device for slot in self._session.slots if slot.made]
        return next(filter(None, reversed(used)), "") or device_name(self._session.params.device)

    def about(self) -> None:
        """Shows version and licence of the program, and its libraries."""
        parts = [("Python", sys.version.split()[0], "PSF")]
        parts += [(name, _version_of(name), licence) for name, licence in LIBRARIES]
        libraries = "<br>".join(f"{name} {number} ({licence})" for name, number, licence in parts)
        text = self.tr(
            "<b>SDEdit Desktop {0}</b><p>Paint coarse strokes, get photographs.<br>"
            "Works offline. Apache License 2.0.</p>"
        ).format(__version__)
        built = f"{build_info.read()}<br>torch {_version_of('torch')}, {self._device()}"
        made_of = self.tr("Made with")
        QMessageBox.about(
            self._window,
            self.tr("About SDEdit Desktop"),
            f"{text}<p>{built}</p><p>{made_of}<br>{libraries}</p>",
        )


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


MENU: Entries[HelpActions] = (
    Action(
        "manual",
        _("Manual"),
        _("How everything works, offline"),
        HelpActions.open,
        keys="F1",
    ),
    Action(
        "manual_shortcuts",
        _("Shortcuts"),
        _("All keys, as they are set"),
        lambda help_: help_.open(SHORTCUTS),
        keys="Shift+F1",
    ),
    "samples",
    "|",
    Action(
        "show_log",
        _("Show log"),
        _("Open the file that tells what the program did"),
        HelpActions.show_log,
    ),
    Action(
        "copy_diagnostics",
        _("Copy diagnostics"),
        _("Put versions and paths on the clipboard, to report a problem"),
        HelpActions.copy_diagnostics,
    ),
    "|",
    Action("about", _("About SDEdit Desktop"), _("Version and licence"), HelpActions.about),
)
