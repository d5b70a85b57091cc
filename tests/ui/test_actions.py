"""One record for each action: where it stands, what it says, and when it can be done."""

from itertools import combinations

import numpy as np
import pytest

from sdedit_desktop import paths
from sdedit_desktop.document.document import Document
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.actions import Action, Actions, may_share_keys
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.menus.menu_bar import ACTIONS, MENUS

MENU_BAR = {
    "File": "new open open_in_new_window recent | save save_as | "
    "export export_again provenance | quit",
    "Edit": "undo redo | cut copy copy_seen paste paste_in_place | "
    "fill_layer swap_colors default_colors | settings",
    "View": "zoom_in zoom_out fit fit_mask actual_size | turn_left turn_right mirror upright | "
    "show_mask heat_mask rulers panels hide_docks next_panel keyboard_pointer full_screen",
    "Image": "scale_image canvas_size crop_to_mask | "
    "turn_image_left turn_image_right flip_across flip_down",
    "Brush": "smaller larger softer harder | erase_mode | previous_brush next_brush brush_menu",
    "Layer": "add_layer add_picture duplicate_layer delete_layer clear_layer | "
    "raise_layer lower_layer merge_down | toggle_layer lock_layer lock_alpha | "
    "flip_layer_across flip_layer_down turn_layer_left turn_layer_right | "
    "add_layer_mask paint_layer_mask remove_layer_mask",
    "Mask": "mask_from_strokes mask_from_strokes_as edit_mask fill_mask invert_mask clear_mask | "
    "grow_mask shrink_mask feather_mask | load_mask save_mask | "
    "show_mask heat_mask mask_color",
    "Generate": "generate repeat stop finish_this_one skip | "
    "more_faithful more_realistic t0_strip t0_sheet | live | "
    "open_model about_model show_models train",
    "Candidates": "accept star discard | compare_slider side_by_side | "
    "more_like again finish_stopped full_detail make_again reuse",
    "Help": "manual manual_shortcuts samples | show_log copy_diagnostics | about",
}
INNER_MENUS = {"recent", "panels", "samples"}
IN_TWO_MENUS = {"show_mask", "heat_mask"}


def test_the_menu_bar_has_the_usual_menus_in_order(open_window):
    window = open_window()
    inner = {"Open recent": "recent", "Panels": "panels", "Open a sample": "samples"}
    shown = {
        title.text().replace("&", ""): " ".join(
            "|" if entry.isSeparator() else entry.objectName() or inner[entry.text()]
            for entry in title.menu().actions()
        )
        for title in window.menuBar().actions()
    }
    assert shown == MENU_BAR


def test_every_action_is_described_once_and_stands_in_one_menu_or_is_a_tool():
    ids = [record.id for record in ACTIONS]
    assert sorted(ids) == sorted(set(ids))
    standing = [
        entry.id if isinstance(entry, Action) else entry
        for _title, entries in MENUS
        for entry in entries
        if entry != "|" and entry not in INNER_MENUS
    ]
    twice = {id_ for id_ in standing if standing.count(id_) > 1}
    assert twice == IN_TWO_MENUS
    tools = {tool.name for tool in TOOLS}
    assert set(standing).isdisjoint(tools)
    assert set(standing) | tools == set(ids)


def test_no_keys_are_used_twice_and_every_icon_is_there():
    for record, other in combinations(ACTIONS, 2):
        shared = set(record.keys.split()) & set(other.keys.split())
        assert not shared or may_share_keys(record, other), (record.id, other.id)
    sharing = [record.id for record in ACTIONS if "Del" in record.keys.split()]
    assert sharing == ["clear_layer", "discard"]
    icons = paths.resources() / "icons"
    assert [r.icon for r in ACTIONS if r.icon and not (icons / f"{r.icon}.svg").is_file()] == []


def test_every_action_does_something_and_says_what(open_window):
    window = open_window()
    assert set(window.actions_by_id._handlers) == set(window.actions_by_id)
    for id_, action in window.actions_by_id.items():
        assert action.toolTip(), id_
        assert action.statusTip(), id_


class Lamp:
    """Counts what is asked of it."""

    def __init__(self):
        self.shines = False
        self.has_power = True

    def switch(self):
        self.shines = not self.shines


@pytest.fixture
def lamp(qtbot, open_window):
    lamp = Lamp()
    records = (
        Action(
            "lamp",
            "Lamp",
            "Light",
            Lamp.switch,
            keys="F2 F3",
            enabled=lambda lamp: lamp.has_power,
            checked=lambda lamp: lamp.shines,
        ),
        Action("other", "Other", "Nothing", Lamp.switch),
    )
    lamp.actions = Actions(open_window(), records)
    lamp.actions.connect((records[0], "|", "other"), lamp)
    return lamp


def test_a_check_mark_shows_the_state_that_the_action_sets(lamp):
    action = lamp.actions["lamp"]
    action.trigger()
    assert lamp.shines
    assert action.isChecked()
    lamp.shines = False
    lamp.actions.refresh()
    assert not action.isChecked()
    assert not lamp.shines  # showing the state does not change it


def test_actions_that_make_no_sense_are_disabled(lamp):
    lamp.has_power = False
    lamp.actions.refresh()
    lamp.actions["lamp"].trigger()
    assert not lamp.shines


def test_names_among_the_entries_of_a_menu_are_not_connected(lamp):
    lamp.actions["other"].trigger()
    assert not lamp.shines


def test_keys_can_be_changed_and_given_back(lamp):
    def keys():
        return [key.toString() for key in lamp.actions["lamp"].shortcuts()]

    lamp.actions.rebind({"lamp": "F5"})
    assert keys() == ["F5"]
    lamp.actions.rebind({})
    assert keys() == ["F2", "F3"]


def test_looking_at_the_state_changes_nothing(qtbot, open_window):
    """``enabled`` and ``checked`` of all actions are asked often: they must not do anything."""
    window = open_window(document=Document(64, 48), settings=Settings(live=True))
    window.live.timer.stop()
    window.actions_by_id["add_layer_mask"].trigger()
    window.actions_by_id["rulers"].trigger()
    before = state(window)
    changes = []
    session = window.session
    for event in (session.document_changed, session.brush_changed, session.params_changed):
        event.connect(lambda *_: changes.append(1))
    for _ in range(3):
        window.actions_by_id.refresh()
    assert changes == []
    assert np.array_equal(state(window), before)


def state(window):
    return [
        *(action.isChecked() for action in window.actions_by_id.values()),
        *(action.isEnabled() for action in window.actions_by_id.values()),
        window.live.timer.isActive(),
        window.session.paints_layer_mask,
    ]


def test_check_marks_follow_changes_made_outside_the_menu(open_window):
    """A switch shows what it stands for, however that was changed."""
    window = open_window()
    action = window.actions_by_id["erase_mode"]
    window.options.erases.click()
    assert action.isChecked()
    assert not window.actions_by_id["paint_layer_mask"].isEnabled()
    window.actions_by_id["add_layer_mask"].trigger()
    assert window.actions_by_id["paint_layer_mask"].isChecked()
    window.session.document.undo()
    assert not window.actions_by_id["paint_layer_mask"].isEnabled()
    assert not window.actions_by_id["paint_layer_mask"].isChecked()


def test_one_tool_is_active_at_a_time(open_window):
    window = open_window()
    for tool in TOOLS:
        for _ in range(2):  # also when it is active already
            window.actions_by_id[tool.name].trigger()
            on = [t.name for t in TOOLS if window.actions_by_id[t.name].isChecked()]
            assert on == [tool.name]
