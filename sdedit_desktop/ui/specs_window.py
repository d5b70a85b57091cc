"""Actions of the window: files, settings, the view and the tools."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("new", _("New…"), "Ctrl+N", "new", _("Start with an empty picture")),
    ActionSpec("open", _("Open…"), "Ctrl+O", "open", _("Open a photo or a document")),
    ActionSpec(
        "save", _("Save"), "Ctrl+S", "save", _("Save the document with layers and mask (.ora)")
    ),
    ActionSpec(
        "save_as", _("Save As…"), "Ctrl+Shift+S", "", _("Save the document under another name")
    ),
    ActionSpec(
        "export",
        _("Export…"),
        "Ctrl+E",
        "export",
        _("Write the picture as PNG, JPEG, TIFF or WebP"),
    ),
    ActionSpec("settings", _("Settings…"), "Ctrl+,", "settings", _("Theme, device, keyboard")),
    ActionSpec("quit", _("Quit"), "Ctrl+Q", "", _("Close the program")),
    ActionSpec(
        "brush",
        _("Brush"),
        "B",
        "brush",
        _("Paint on the active layer; Alt picks a colour"),
        "tool",
        True,
    ),
    ActionSpec(
        "eraser", _("Eraser"), "E", "eraser", _("Take paint off the active layer"), "tool", True
    ),
    ActionSpec(
        "mask_brush",
        _("Mask brush"),
        "M",
        "mask_brush",
        _("Mark where the picture may change"),
        "tool",
        True,
    ),
    ActionSpec(
        "mask_eraser",
        _("Mask eraser"),
        "Shift+M",
        "mask_eraser",
        _("Protect the picture again"),
        "tool",
        True,
    ),
    ActionSpec(
        "mask_rectangle", _("Mask rectangle"), "R", "rectangle", _("Mark a rectangle"), "tool", True
    ),
    ActionSpec(
        "mask_ellipse", _("Mask ellipse"), "Shift+R", "ellipse", _("Mark an ellipse"), "tool", True
    ),
    ActionSpec(
        "mask_lasso",
        _("Mask lasso"),
        "L",
        "lasso",
        _("Mark what the pointer goes around"),
        "tool",
        True,
    ),
    ActionSpec(
        "eyedropper",
        _("Eyedropper"),
        "I",
        "eyedropper",
        _("Take a colour from the picture"),
        "tool",
        True,
    ),
    ActionSpec(
        "hand",
        _("Hand"),
        "H",
        "hand",
        _("Move the view; Space or the middle button do it at any time"),
        "tool",
        True,
    ),
    ActionSpec("zoom_in", _("Zoom in"), "Ctrl++;Ctrl+=;Z", "zoom_in", _("Look closer")),
    ActionSpec("zoom_out", _("Zoom out"), "Ctrl+-;Shift+Z", "zoom_out", _("See more")),
    ActionSpec("fit", _("Fit in window"), "Ctrl+0", "fit", _("Show the whole picture")),
    ActionSpec(
        "fit_mask",
        _("Fit mask in window"),
        "Ctrl+2",
        "",
        _("Show what is marked, as large as possible"),
    ),
    ActionSpec(
        "rulers",
        _("Rulers"),
        "Ctrl+R",
        "",
        _("Measure in pixels of the picture along the edges"),
        "",
        True,
    ),
    ActionSpec(
        "actual_size",
        _("Actual size"),
        "Ctrl+1",
        "",
        _("One pixel of the picture on one of the screen"),
    ),
    ActionSpec("turn_left", _("Turn view left"), "Ctrl+[", "", _("Turn the view, not the picture")),
    ActionSpec(
        "turn_right", _("Turn view right"), "Ctrl+]", "", _("Turn the view, not the picture")
    ),
    ActionSpec(
        "mirror",
        _("Mirror view"),
        "Shift+H",
        "",
        _("See the picture as in a mirror; it is not changed"),
    ),
    ActionSpec("upright", _("Reset view"), "Ctrl+Shift+0", "", _("Neither turned nor mirrored")),
    ActionSpec("full_screen", _("Full screen"), "F11", "", _("Nothing but this window"), "", True),
    ActionSpec(
        "hide_docks",
        _("Hide panels"),
        "Tab",
        "",
        _("Nothing but the picture; Tab brings the panels back"),
        "",
        True,
        True,
    ),
    ActionSpec("show_mask", _("Show mask"), "Shift+Q", "mask", _("Tint what may change"), "", True),
    ActionSpec("next_panel", _("Next panel"), "F6", "", _("Move the keyboard to the next panel")),
    ActionSpec(
        "merge_down",
        _("Merge down"),
        "Ctrl+Shift+E",
        "merge_down",
        _("Join the active layer with the one below"),
    ),
    ActionSpec("about", _("About SDEdit Desktop"), "", "", _("Version and licence")),
)
