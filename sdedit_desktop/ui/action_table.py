"""Every action of the window: its id, text, shortcuts, icon and what it is good for."""

from typing import NamedTuple


class ActionSpec(NamedTuple):
    """One action, in English; texts are translated when it is made."""

    name: str
    text: str
    shortcuts: str = ""
    icon: str = ""
    tip: str = ""
    group: str = ""
    checkable: bool = False
    here_only: bool = False


def _(context: str, text: str) -> str:
    """Marks a text for translation; ``context`` is always "Actions"."""
    return text


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "new", _("Actions", "New…"), "Ctrl+N", "new", _("Actions", "Start with an empty picture")
    ),
    ActionSpec(
        "open", _("Actions", "Open…"), "Ctrl+O", "open", _("Actions", "Open a photo or a document")
    ),
    ActionSpec(
        "save",
        _("Actions", "Save"),
        "Ctrl+S",
        "save",
        _("Actions", "Save the document with layers and mask (.ora)"),
    ),
    ActionSpec(
        "save_as",
        _("Actions", "Save As…"),
        "Ctrl+Shift+S",
        "",
        _("Actions", "Save the document under another name"),
    ),
    ActionSpec(
        "export",
        _("Actions", "Export…"),
        "Ctrl+E",
        "export",
        _("Actions", "Write the picture as PNG, JPEG, TIFF or WebP"),
    ),
    ActionSpec("quit", _("Actions", "Quit"), "Ctrl+Q", "", _("Actions", "Close the program")),
    ActionSpec(
        "undo", _("Actions", "Undo"), "Ctrl+Z", "undo", _("Actions", "Take the last step back")
    ),
    ActionSpec(
        "redo",
        _("Actions", "Redo"),
        "Ctrl+Shift+Z;Ctrl+Y",
        "redo",
        _("Actions", "Repeat the step that was taken back"),
    ),
    ActionSpec(
        "brush",
        _("Actions", "Brush"),
        "B",
        "brush",
        _("Actions", "Paint on the active layer; Alt picks a colour"),
        "tool",
        True,
    ),
    ActionSpec(
        "eraser",
        _("Actions", "Eraser"),
        "E",
        "eraser",
        _("Actions", "Take paint off the active layer"),
        "tool",
        True,
    ),
    ActionSpec(
        "mask_brush",
        _("Actions", "Mask brush"),
        "M",
        "mask_brush",
        _("Actions", "Mark where the picture may change"),
        "tool",
        True,
    ),
    ActionSpec(
        "mask_eraser",
        _("Actions", "Mask eraser"),
        "Shift+M",
        "mask_eraser",
        _("Actions", "Protect the picture again"),
        "tool",
        True,
    ),
    ActionSpec(
        "eyedropper",
        _("Actions", "Eyedropper"),
        "I",
        "eyedropper",
        _("Actions", "Take a colour from the picture"),
        "tool",
        True,
    ),
    ActionSpec(
        "hand",
        _("Actions", "Hand"),
        "H",
        "hand",
        _("Actions", "Move the view; Space or the middle button do it at any time"),
        "tool",
        True,
    ),
    ActionSpec(
        "zoom_in",
        _("Actions", "Zoom in"),
        "Ctrl++;Ctrl+=;Z",
        "zoom_in",
        _("Actions", "Look closer"),
    ),
    ActionSpec(
        "zoom_out", _("Actions", "Zoom out"), "Ctrl+-;Shift+Z", "zoom_out", _("Actions", "See more")
    ),
    ActionSpec(
        "fit",
        _("Actions", "Fit in window"),
        "Ctrl+0",
        "fit",
        _("Actions", "Show the whole picture"),
    ),
    ActionSpec(
        "actual_size",
        _("Actions", "Actual size"),
        "Ctrl+1",
        "",
        _("Actions", "One pixel of the picture on one of the screen"),
    ),
    ActionSpec(
        "turn_left",
        _("Actions", "Turn view left"),
        "Ctrl+[",
        "",
        _("Actions", "Turn the view, not the picture"),
    ),
    ActionSpec(
        "turn_right",
        _("Actions", "Turn view right"),
        "Ctrl+]",
        "",
        _("Actions", "Turn the view, not the picture"),
    ),
    ActionSpec(
        "mirror",
        _("Actions", "Mirror view"),
        "Shift+H",
        "",
        _("Actions", "See the picture as in a mirror; it is not changed"),
    ),
    ActionSpec(
        "upright",
        _("Actions", "Reset view"),
        "Ctrl+Shift+0",
        "",
        _("Actions", "Neither turned nor mirrored"),
    ),
    ActionSpec(
        "full_screen",
        _("Actions", "Full screen"),
        "F11",
        "",
        _("Actions", "Nothing but this window"),
        "",
        True,
    ),
    ActionSpec(
        "hide_docks",
        _("Actions", "Hide panels"),
        "Tab",
        "",
        _("Actions", "Nothing but the picture; Tab brings the panels back"),
        "",
        True,
        True,
    ),
    ActionSpec(
        "show_mask",
        _("Actions", "Show mask"),
        "Shift+Q",
        "mask",
        _("Actions", "Tint what may change"),
        "",
        True,
    ),
    ActionSpec(
        "next_panel",
        _("Actions", "Next panel"),
        "F6",
        "",
        _("Actions", "Move the keyboard to the next panel"),
    ),
    ActionSpec(
        "smaller", _("Actions", "Smaller brush"), "[", "", _("Actions", "Make the brush smaller")
    ),
    ActionSpec(
        "larger", _("Actions", "Larger brush"), "]", "", _("Actions", "Make the brush larger")
    ),
    ActionSpec(
        "swap_colors",
        _("Actions", "Swap colours"),
        "X",
        "swap",
        _("Actions", "Exchange foreground and background colour"),
    ),
    ActionSpec(
        "clear_mask",
        _("Actions", "Clear mask"),
        "Ctrl+Shift+D",
        "",
        _("Actions", "Nothing is marked: the whole picture may change"),
    ),
    ActionSpec(
        "invert_mask",
        _("Actions", "Invert mask"),
        "Ctrl+Shift+I",
        "invert",
        _("Actions", "Exchange what may change and what is kept"),
    ),
    ActionSpec(
        "mask_from_strokes",
        _("Actions", "Mask from strokes"),
        "Ctrl+M",
        "mask",
        _("Actions", "Mark what is painted on the active layer, and a little more"),
    ),
    ActionSpec(
        "add_layer",
        _("Actions", "Add layer"),
        "Ctrl+Shift+N;Ins",
        "add",
        _("Actions", "Put an empty layer above the active one"),
    ),
    ActionSpec(
        "duplicate_layer",
        _("Actions", "Duplicate layer"),
        "Ctrl+J",
        "duplicate",
        _("Actions", "Put a copy of the active layer above it"),
    ),
    ActionSpec(
        "delete_layer",
        _("Actions", "Delete layer"),
        "Shift+Del",
        "discard",
        _("Actions", "Take the active layer away"),
    ),
    ActionSpec(
        "raise_layer",
        _("Actions", "Move layer up"),
        "Ctrl+PgUp",
        "up",
        _("Actions", "Move the active layer up in the stack"),
    ),
    ActionSpec(
        "lower_layer",
        _("Actions", "Move layer down"),
        "Ctrl+PgDown",
        "down",
        _("Actions", "Move the active layer down in the stack"),
    ),
    ActionSpec(
        "merge_down",
        _("Actions", "Merge down"),
        "Ctrl+Shift+E",
        "merge_down",
        _("Actions", "Join the active layer with the one below"),
    ),
    ActionSpec(
        "generate",
        _("Actions", "Generate"),
        "Ctrl+Return;Ctrl+Enter",
        "generate",
        _("Actions", "Turn the strokes into a photograph, several times"),
    ),
    ActionSpec(
        "stop",
        _("Actions", "Stop"),
        "Esc",
        "stop",
        _("Actions", "Stop generating; finished candidates stay"),
    ),
    ActionSpec(
        "finish_this_one",
        _("Actions", "Finish this one"),
        "Shift+Esc",
        "",
        _("Actions", "Finish the candidate that is being made, then stop"),
    ),
    ActionSpec(
        "skip",
        _("Actions", "Skip this one"),
        "Ctrl+.",
        "",
        _("Actions", "Drop the candidate that is being made and go on with the next"),
    ),
    ActionSpec(
        "accept",
        _("Actions", "Accept candidate"),
        "Return;Enter",
        "accept",
        _("Actions", "Put the chosen candidate into the picture as a layer"),
        "",
        False,
        True,
    ),
    ActionSpec(
        "discard",
        _("Actions", "Discard candidate"),
        "Del",
        "discard",
        _("Actions", "Remove the chosen candidate from the strip"),
        "",
        False,
        True,
    ),
    ActionSpec(
        "more_faithful",
        _("Actions", "More faithful"),
        "Ctrl+Left",
        "faithful",
        _("Actions", "Again with the same seeds, closer to the strokes"),
    ),
    ActionSpec(
        "more_realistic",
        _("Actions", "More realistic"),
        "Ctrl+Right",
        "realistic",
        _("Actions", "Again with the same seeds, closer to a photograph"),
    ),
    ActionSpec(
        "about", _("Actions", "About SDEdit Desktop"), "", "", _("Actions", "Version and licence")
    ),
)

MENUS: tuple[tuple[str, str], ...] = (
    (_("Actions", "&File"), "new open recent | save save_as export | quit"),
    (_("Actions", "&Edit"), "undo redo | smaller larger swap_colors"),
    (
        _("Actions", "&View"),
        "zoom_in zoom_out fit actual_size | turn_left turn_right mirror upright | "
        "show_mask panels hide_docks next_panel full_screen",
    ),
    (
        _("Actions", "&Layer"),
        "add_layer duplicate_layer delete_layer | raise_layer lower_layer merge_down",
    ),
    (
        _("Actions", "&Mask"),
        "mask_from_strokes invert_mask clear_mask | show_mask",
    ),
    (
        _("Actions", "&Generate"),
        "generate stop finish_this_one skip | more_faithful more_realistic | accept discard",
    ),
    (_("Actions", "&Help"), "about"),
)
"""What each menu holds; | is a line, and "recent" and "panels" are menus of their own."""
