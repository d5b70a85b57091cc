"""Actions that make candidates and choose among them."""

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.action_spec import marked as _

SPECS: tuple[ActionSpec, ...] = (
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
    ActionSpec(
        "t0_sheet",
        _("t0 x seed sheet"),
        "Ctrl+Shift+T",
        "",
        _("A row for each of as many seeds as candidates are set, at five values of t0"),
    ),
    ActionSpec(
        "live",
        _("Live"),
        "Ctrl+Shift+L",
        "live",
        _("A quick glance at the result, in the picture, whenever the brush rests"),
        "",
        True,
    ),
    ActionSpec(
        "provenance",
        _("Note parameters in exports"),
        "",
        "",
        _("Say in exported pictures that, and how, a model took part in them"),
        "",
        True,
    ),
    ActionSpec(
        "train",
        _("Train on a folder…"),
        "",
        "",
        _("Make a model of your own photographs, or train one further, offline"),
    ),
)
