"""What the Help menu does."""

from PySide6.QtWidgets import QWidget

from sdedit_desktop.ui.about import show_about
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.translation import marked as _

MENU: Entries[QWidget] = (
    Action("about", _("About SDEdit Desktop"), _("Version and licence"), show_about),
)
