"""Actions of single layers and their own masks, and tools of several presses, and the clipboard."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "mask_polygon",
        _("Mask polygon"),
        "Shift+L",
        "polygon",
        _("Click corners; Enter or a double click closes, Backspace takes one back, Esc drops"),
        "tool",
        True,
    ),
    ActionSpec(
        "transform",
        _("Move and transform"),
        "V",
        "transform",
        _("Move, scale, turn or flip the active layer; Enter applies, Esc drops"),
        "tool",
        True,
    ),
    ActionSpec(
        "mask_from_strokes_as",
        _("Mask from strokes by…"),
        "Ctrl+Alt+M",
        "",
        _("Choose how far the mask reaches beyond the paint, and how it fades"),
    ),
    ActionSpec(
        "heat_mask",
        _("Mask as heat map"),
        "Ctrl+Shift+Q",
        "",
        _("Colours tell how strongly each part may change"),
        "",
        True,
    ),
    ActionSpec("mask_color", _("Mask colour…"), "", "", _("Colour in which the mask is seen")),
    ActionSpec(
        "cut",
        _("Cut"),
        "Ctrl+X",
        "cut",
        _("Take what the mask marks off the active layer and put it on the clipboard"),
    ),
    ActionSpec(
        "copy",
        _("Copy"),
        "Ctrl+C",
        "",
        _("Put what the mask marks of the active layer on the clipboard, or all of the layer"),
    ),
    ActionSpec(
        "copy_seen",
        _("Copy what is seen"),
        "Ctrl+Shift+C",
        "",
        _("Put what is seen on the clipboard, where the mask marks it"),
    ),
    ActionSpec(
        "paste",
        _("Paste as layer"),
        "Ctrl+V",
        "",
        _("Put the clipboard's picture on a new layer, in the middle of the view"),
    ),
    ActionSpec(
        "paste_in_place",
        _("Paste in place"),
        "Ctrl+Shift+V",
        "",
        _("Put the clipboard's picture on a new layer, where it was copied"),
    ),
    ActionSpec(
        "add_picture",
        _("Add picture as layer…"),
        "",
        "",
        _("Put a picture from a file above the active layer"),
    ),
    ActionSpec(
        "toggle_layer", _("Show or hide layer"), "Ctrl+Shift+H", "", _("Of the active layer")
    ),
    ActionSpec(
        "lock_layer", _("Lock or unlock layer"), "", "", _("No tool paints on a locked one")
    ),
    ActionSpec(
        "lock_alpha",
        _("Lock or unlock transparency"),
        "/",
        "",
        _("Paint changes colours only; nothing is painted where nothing was"),
    ),
    ActionSpec(
        "flip_layer_across",
        _("Flip layer horizontally"),
        "",
        "",
        _("Exchange left and right of the active layer"),
    ),
    ActionSpec(
        "flip_layer_down",
        _("Flip layer vertically"),
        "",
        "",
        _("Exchange top and bottom of the active layer"),
    ),
    ActionSpec(
        "turn_layer_left", _("Rotate layer left"), "", "", _("Turn the active layer by a quarter")
    ),
    ActionSpec(
        "turn_layer_right", _("Rotate layer right"), "", "", _("Turn the active layer by a quarter")
    ),
    ActionSpec(
        "add_layer_mask",
        _("Add layer mask"),
        "",
        "layer_mask",
        _("Show only what is marked of the active layer, or all of it if nothing is marked"),
    ),
    ActionSpec(
        "paint_layer_mask",
        _("Paint on layer mask"),
        "Ctrl+Shift+M",
        "",
        _("White paint shows the active layer, black paint and the eraser hide it"),
        "",
        True,
    ),
    ActionSpec(
        "remove_layer_mask", _("Remove layer mask"), "", "", _("Show all of the active layer again")
    ),
)
