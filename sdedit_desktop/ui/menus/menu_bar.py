"""The menu bar: all menus in their order, and every action of the window."""

from typing import Any

from sdedit_desktop.ui.actions import Action, Entries, described_in
from sdedit_desktop.ui.canvas import tools
from sdedit_desktop.ui.menus import (
    brush,
    candidates,
    clipboard,
    drop,
    edit,
    export,
    file,
    generate,
    image,
    layer,
    mask,
    mask_display,
    models,
    train,
    view,
)
from sdedit_desktop.ui.menus import help as help_menu
from sdedit_desktop.ui.translation import marked as _

MENUS: tuple[tuple[str, Entries[Any]], ...] = (
    (_("&File"), file.MENU),
    (_("&Edit"), edit.MENU),
    (_("&View"), view.MENU),
    (_("&Image"), image.MENU),
    (_("&Brush"), brush.MENU),
    (_("&Layer"), layer.MENU),
    (_("&Mask"), mask.MENU),
    (_("&Generate"), generate.MENU),
    (_("&Candidates"), candidates.MENU),
    (_("&Help"), help_menu.MENU),
)
"""Title and entries of each; "recent", "panels" and "samples" are menus inside of them."""

ACTIONS: tuple[Action[Any], ...] = (
    *tools.ACTIONS,
    *(record for _title, entries in MENUS for record in described_in(entries)),
    *described_in(clipboard.ACTIONS),
    *described_in(export.ACTIONS),
    *described_in(drop.ACTIONS),
    *described_in(mask_display.ACTIONS),
    *described_in(models.ACTIONS),
    *described_in(train.ACTIONS),
)
"""Every action, each once."""
