"""What the Help menu does."""

from PySide6.QtWidgets import QMessageBox, QWidget

from sdedit_desktop import __version__
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.translation import marked as _


def show_about(window: QWidget) -> None:
    """Names version and licence."""
    text = window.tr(
        "<b>SDEdit Desktop {0}</b><p>Paint coarse strokes, get photographs.<br>"
        "Works offline. Apache License 2.0.</p>"
    ).format(__version__)
    QMessageBox.about(window, window.tr("About SDEdit Desktop"), text)


MENU: Entries[QWidget] = (
    Action("about", _("About SDEdit Desktop"), _("Version and licence"), show_about),
)
