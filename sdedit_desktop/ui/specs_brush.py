"""Actions of brushes and colours."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "fill",
        _("Fill"),
        "G",
        "fill",
        _("Cover what is alike around the pointer with the colour; Alt picks a colour"),
        "tool",
        True,
    ),
    ActionSpec(
        "default_colors",
        _("Default colours"),
        "D",
        "default_colors",
        _("Black in front, white behind"),
    ),
    ActionSpec(
        "erase_mode",
        _("Erase with this brush"),
        "Shift+E",
        "eraser",
        _("The brush takes paint away, or protects from the mask, until this is switched off"),
        "",
        True,
    ),
    ActionSpec("smaller", _("Smaller brush"), "[", "", _("Make the brush smaller")),
    ActionSpec("larger", _("Larger brush"), "]", "", _("Make the brush larger")),
    ActionSpec("softer", _("Softer brush"), "Shift+[;{", "", _("Make the brush's edge softer")),
    ActionSpec("harder", _("Harder brush"), "Shift+];}", "", _("Make the brush's edge harder")),
    ActionSpec("next_brush", _("Next brush"), ".", "", _("Take the next saved brush")),
    ActionSpec(
        "previous_brush",
        _("Previous brush"),
        ",",
        "",
        _("Take the saved brush before"),
    ),
)
