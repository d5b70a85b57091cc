"""Actions that compare candidates and make more of them."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "again",
        _("Again"),
        "Ctrl+Shift+Return;Ctrl+Shift+Enter",
        "dice",
        _("More from the same strokes and parameters, with new seeds"),
    ),
    ActionSpec(
        "more_like",
        _("More like this"),
        "Ctrl+L",
        "more_like",
        _("Others that keep this composition: the candidate itself is noised and denoised again"),
    ),
    ActionSpec(
        "make_again",
        _("Make it again"),
        "",
        "",
        _("The same candidate once more; says whether it is the same to the last bit"),
    ),
    ActionSpec(
        "compare_slider",
        _("Before and after"),
        "C",
        "compare",
        _("A line across the picture, to be moved: left of it is before, right of it is after"),
        "",
        True,
    ),
    ActionSpec(
        "side_by_side",
        _("Side by side"),
        "Shift+C",
        "side_by_side",
        _("Two chosen candidates in two views that move together"),
        "",
        True,
    ),
)
