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


def _(text: str) -> str:
    """Marks a text for translation, in the context "Actions"."""
    return text


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
    ActionSpec("undo", _("Undo"), "Ctrl+Z", "undo", _("Take the last step back")),
    ActionSpec(
        "redo", _("Redo"), "Ctrl+Shift+Z;Ctrl+Y", "redo", _("Repeat the step that was taken back")
    ),
    ActionSpec("copy", _("Copy picture"), "Ctrl+C", "", _("Put what is seen on the clipboard")),
    ActionSpec(
        "paste", _("Paste as layer"), "Ctrl+V", "", _("Put the clipboard's picture on a new layer")
    ),
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
    ActionSpec("smaller", _("Smaller brush"), "[", "", _("Make the brush smaller")),
    ActionSpec("larger", _("Larger brush"), "]", "", _("Make the brush larger")),
    ActionSpec(
        "swap_colors",
        _("Swap colours"),
        "X",
        "swap",
        _("Exchange foreground and background colour"),
    ),
    ActionSpec("grow_mask", _("Grow mask…"), "", "", _("Mark more, all around")),
    ActionSpec("shrink_mask", _("Shrink mask…"), "", "", _("Mark less, all around")),
    ActionSpec("feather_mask", _("Feather mask…"), "", "", _("Make the mask's edge softer")),
    ActionSpec("load_mask", _("Load mask…"), "", "", _("Open a picture as mask; white may change")),
    ActionSpec(
        "save_mask", _("Save mask…"), "", "", _("Write the mask as a picture; white may change")
    ),
    ActionSpec(
        "fill_mask", _("Mark everything"), "Ctrl+Shift+A", "", _("The whole picture may change")
    ),
    ActionSpec(
        "clear_mask",
        _("Clear mask"),
        "Ctrl+Shift+D",
        "",
        _("Nothing is marked: the whole picture may change"),
    ),
    ActionSpec(
        "invert_mask",
        _("Invert mask"),
        "Ctrl+Shift+I",
        "invert",
        _("Exchange what may change and what is kept"),
    ),
    ActionSpec(
        "mask_from_strokes",
        _("Mask from strokes"),
        "Ctrl+M",
        "mask",
        _("Mark what is painted on the active layer, and a little more"),
    ),
    ActionSpec("turn_image_left", _("Rotate left"), "", "", _("Turn the picture by a quarter")),
    ActionSpec("turn_image_right", _("Rotate right"), "", "", _("Turn the picture by a quarter")),
    ActionSpec("flip_across", _("Flip horizontally"), "", "", _("Exchange left and right")),
    ActionSpec("flip_down", _("Flip vertically"), "", "", _("Exchange top and bottom")),
    ActionSpec("crop_to_mask", _("Crop to mask"), "", "", _("Cut the picture to what is marked")),
    ActionSpec("scale_image", _("Scale image…"), "", "", _("Make the picture larger or smaller")),
    ActionSpec(
        "fill_layer",
        _("Fill with colour"),
        "Shift+F5",
        "",
        _("Cover the active layer with the foreground colour"),
    ),
    ActionSpec(
        "add_layer",
        _("Add layer"),
        "Ctrl+Shift+N;Ins",
        "add",
        _("Put an empty layer above the active one"),
    ),
    ActionSpec(
        "duplicate_layer",
        _("Duplicate layer"),
        "Ctrl+J",
        "duplicate",
        _("Put a copy of the active layer above it"),
    ),
    ActionSpec(
        "delete_layer", _("Delete layer"), "Shift+Del", "discard", _("Take the active layer away")
    ),
    ActionSpec(
        "raise_layer",
        _("Move layer up"),
        "Ctrl+PgUp",
        "up",
        _("Move the active layer up in the stack"),
    ),
    ActionSpec(
        "lower_layer",
        _("Move layer down"),
        "Ctrl+PgDown",
        "down",
        _("Move the active layer down in the stack"),
    ),
    ActionSpec(
        "merge_down",
        _("Merge down"),
        "Ctrl+Shift+E",
        "merge_down",
        _("Join the active layer with the one below"),
    ),
    ActionSpec(
        "generate",
        _("Generate"),
        "Ctrl+Return;Ctrl+Enter",
        "generate",
        _("Turn the strokes into a photograph, several times"),
    ),
    ActionSpec("stop", _("Stop"), "Esc", "stop", _("Stop generating; finished candidates stay")),
    ActionSpec(
        "finish_this_one",
        _("Finish this one"),
        "Shift+Esc",
        "",
        _("Finish the candidate that is being made, then stop"),
    ),
    ActionSpec(
        "skip",
        _("Skip this one"),
        "Ctrl+.",
        "",
        _("Drop the candidate that is being made and go on with the next"),
    ),
    ActionSpec(
        "accept",
        _("Accept candidate"),
        "Return;Enter",
        "accept",
        _("Put the chosen candidate into the picture as a layer"),
        "",
        False,
        True,
    ),
    ActionSpec(
        "discard",
        _("Discard candidate"),
        "Del",
        "discard",
        _("Remove the chosen candidate from the strip"),
        "",
        False,
        True,
    ),
    ActionSpec(
        "more_faithful",
        _("More faithful"),
        "Ctrl+Left",
        "faithful",
        _("Again with the same seeds, closer to the strokes"),
    ),
    ActionSpec(
        "more_realistic",
        _("More realistic"),
        "Ctrl+Right",
        "realistic",
        _("Again with the same seeds, closer to a photograph"),
    ),
    ActionSpec(
        "star", _("Star"), "*", "star", _("Keep the chosen candidate; or take its star away")
    ),
    ActionSpec(
        "reuse",
        _("Use its parameters"),
        "",
        "again",
        _("Set everything as it was for the chosen candidate, seed included"),
    ),
    ActionSpec(
        "t0_strip",
        _("t0 strip"),
        "Ctrl+T",
        "",
        _("The same seed from faithful to realistic, at five values of t0"),
    ),
    ActionSpec("about", _("About SDEdit Desktop"), "", "", _("Version and licence")),
)

MENUS: tuple[tuple[str, str], ...] = (
    (_("&File"), "new open recent | save save_as export | quit"),
    (_("&Edit"), "undo redo | copy paste | fill_layer swap_colors | smaller larger | settings"),
    (
        _("&View"),
        "zoom_in zoom_out fit actual_size | turn_left turn_right mirror upright | "
        "show_mask panels hide_docks next_panel full_screen",
    ),
    (
        _("&Image"),
        "scale_image crop_to_mask | turn_image_left turn_image_right flip_across flip_down",
    ),
    (_("&Layer"), "add_layer duplicate_layer delete_layer | raise_layer lower_layer merge_down"),
    (
        _("&Mask"),
        "mask_from_strokes fill_mask invert_mask clear_mask | grow_mask shrink_mask feather_mask | "
        "load_mask save_mask | show_mask",
    ),
    (
        _("&Generate"),
        "generate stop finish_this_one skip | more_faithful more_realistic t0_strip | accept "
        "star reuse discard",
    ),
    (_("&Help"), "about"),
)
"""What each menu holds; | is a line, and "recent" and "panels" are menus of their own."""
