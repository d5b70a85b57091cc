"""Names and roles for screen readers, and contrasts of what is drawn."""

import pytest
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtWidgets import QWidget

from sdedit_desktop.ui.widgets import theme

ROLE = QPalette.ColorRole
NAMELESS = {
    *(QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Grouping),
    *(QAccessible.Role.Window, QAccessible.Role.Border, QAccessible.Role.Splitter),
    *(QAccessible.Role.LayeredPane, QAccessible.Role.ToolBar, QAccessible.Role.MenuBar),
    *(QAccessible.Role.StatusBar, QAccessible.Role.ScrollBar, QAccessible.Role.Separator),
    *(QAccessible.Role.PopupMenu, QAccessible.Role.Grip, QAccessible.Role.Indicator),
    QAccessible.Role.TitleBar,
}
"""Roles of what holds other widgets together; they need no names of their own."""


def luminance(color):
    """Relative luminance as WCAG 2 defines it."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(palette, front, back, group=QPalette.ColorGroup.Active):
    light, dark = sorted(
        (luminance(palette.color(group, role)) for role in (front, back)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        (ROLE.WindowText, ROLE.Window),
        (ROLE.WindowText, ROLE.Mid),  # titles and tabs
        (ROLE.Text, ROLE.Base),
        (ROLE.Text, ROLE.AlternateBase),
        (ROLE.Text, ROLE.Window),
        (ROLE.ButtonText, ROLE.Button),
        (ROLE.ButtonText, ROLE.Midlight),
        (ROLE.HighlightedText, ROLE.Highlight),
        (ROLE.PlaceholderText, ROLE.Base),
        (ROLE.ToolTipText, ROLE.ToolTipBase),
        (ROLE.Link, ROLE.Base),
        (ROLE.LinkVisited, ROLE.Base),
    ],
)
def test_text_can_be_read(dark, front, back):
    assert contrast(theme.palette(dark=dark), front, back) >= 4.5


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        (ROLE.WindowText, ROLE.Window),
        (ROLE.WindowText, ROLE.Highlight),  # a chosen tool's icon
        (ROLE.Accent, ROLE.Window),
        (ROLE.Accent, ROLE.Base),
    ],
)
def test_icons_and_marks_can_be_seen(dark, front, back):
    assert contrast(theme.palette(dark=dark), front, back) >= 3


def test_every_control_tells_its_name_and_role(open_window):
    window = open_window()
    window.help.open("tour")
    silent = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__} ({face.role().name})"
        for top in (window, window.help.manual)
        for widget in top.findChildren(QWidget)
        for face in [QAccessible.queryAccessibleInterface(widget)]
        if widget.focusPolicy() and face is not None and face.role() not in NAMELESS
        if not face.text(QAccessible.Text.Name) and not _is_inside_a_control(widget)
    ]
    assert silent == []


def _is_inside_a_control(widget):
    """A part of a control that has a name: the field of a spin box, the list of a combo box."""
    owner = widget.parentWidget()
    return owner is not None and owner.metaObject().className() in {
        "QSpinBox", "QComboBox", "QComboBoxPrivateContainer", "QDockWidget", "QMainWindow",
    }  # fmt: skip
