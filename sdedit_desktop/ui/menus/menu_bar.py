"""Every action of the window, and what each menu holds."""

from sdedit_desktop.ui import (
    specs_brush,
    specs_candidates,
    specs_generate,
    specs_layers,
    specs_picture,
    specs_window,
)
from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    *specs_window.SPECS,
    *specs_brush.SPECS,
    *specs_picture.SPECS,
    *specs_layers.SPECS,
    *specs_generate.SPECS,
    *specs_candidates.SPECS,
)

MENUS: tuple[tuple[str, str], ...] = (
    (_("&File"), "new open recent | save save_as | export provenance | quit"),
    (
        _("&Edit"),
        "undo redo | cut copy copy_seen paste paste_in_place | "
        "fill_layer swap_colors default_colors | settings",
    ),
    (
        _("&View"),
        "zoom_in zoom_out fit fit_mask actual_size | turn_left turn_right mirror upright | "
        "show_mask heat_mask rulers panels hide_docks next_panel full_screen",
    ),
    (
        _("&Image"),
        "scale_image canvas_size crop_to_mask | "
        "turn_image_left turn_image_right flip_across flip_down",
    ),
    (_("&Brush"), "smaller larger softer harder | erase_mode | previous_brush next_brush"),
    (
        _("&Layer"),
        "add_layer add_picture duplicate_layer delete_layer | raise_layer lower_layer merge_down | "
        "toggle_layer lock_layer lock_alpha | flip_layer_across flip_layer_down turn_layer_left "
        "turn_layer_right | add_layer_mask paint_layer_mask remove_layer_mask",
    ),
    (
        _("&Mask"),
        "mask_from_strokes mask_from_strokes_as fill_mask invert_mask clear_mask | "
        "grow_mask shrink_mask feather_mask | load_mask save_mask | show_mask heat_mask mask_color",
    ),
    (
        _("&Generate"),
        "generate stop finish_this_one skip | "
        "more_faithful more_realistic t0_strip t0_sheet | live | train",
    ),
    (
        _("&Candidates"),
        "accept star discard | compare_slider side_by_side | more_like again make_again reuse",
    ),
    (_("&Help"), "about"),
)
"""What each menu holds; | is a line, and "recent" and "panels" are menus of their own."""
