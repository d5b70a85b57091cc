"""Actions that change the picture: history, clipboard, brush, mask, image and layers."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("undo", _("Undo"), "Ctrl+Z", "undo", _("Take the last step back")),
    ActionSpec(
        "redo", _("Redo"), "Ctrl+Shift+Z;Ctrl+Y", "redo", _("Repeat the step that was taken back")
    ),
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
    ActionSpec(
        "canvas_size",
        _("Canvas size…"),
        "Ctrl+Alt+C",
        "",
        _("Cut the picture or give it more room, without scaling it"),
    ),
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
)
