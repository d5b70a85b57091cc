"""The theme of the window: neutral greys, dark or light."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_Role = QPalette.ColorRole

_DARK = {
    _Role.Window: "#323232",
    _Role.WindowText: "#d8d8d8",
    _Role.Base: "#272727",
    _Role.AlternateBase: "#2d2d2d",
    _Role.Text: "#dcdcdc",
    _Role.PlaceholderText: "#929292",
    _Role.Button: "#3d3d3d",
    _Role.ButtonText: "#d8d8d8",
    _Role.BrightText: "#ffffff",
    _Role.Light: "#4a4a4a",
    _Role.Midlight: "#444444",
    _Role.Mid: "#292929",
    _Role.Dark: "#1f1f1f",
    _Role.Shadow: "#141414",
    _Role.Highlight: "#3f73a8",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#4f8cc9",
    _Role.Link: "#7fb2e6",
    _Role.LinkVisited: "#a995d6",
    _Role.ToolTipBase: "#1f1f1f",
    _Role.ToolTipText: "#dcdcdc",
}
_LIGHT = {
    _Role.Window: "#e4e4e4",
    _Role.WindowText: "#262626",
    _Role.Base: "#f6f6f6",
    _Role.AlternateBase: "#ededed",
    _Role.Text: "#222222",
    _Role.PlaceholderText: "#6a6a6a",
    _Role.Button: "#efefef",
    _Role.ButtonText: "#262626",
    _Role.BrightText: "#000000",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#f2f2f2",
    _Role.Mid: "#c6c6c6",
    _Role.Dark: "#ababab",
    _Role.Shadow: "#8a8a8a",
    _Role.Highlight: "#3474b5",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#3f7fc0",
    _Role.Link: "#1f63a8",
    _Role.LinkVisited: "#6a4fa3",
    _Role.ToolTipBase: "#fbfbfb",
    _Role.ToolTipText: "#222222",
}
_FADED = {
    True: ("#7a7a7a", "#474747"),
    False: ("#9b9b9b", "#c9c9c9"),
}
_STYLE = """
QMainWindow::separator { width: 5px; height: 5px; background: palette(window); }
QMainWindow::separator:hover { background: palette(accent); }
QDockWidget { font-weight: 600; }
QWidget#dock_title { background: palette(mid); }
QWidget#dock_title QToolButton { padding: 0 2px; }
QDockWidget::title { padding: 3px 8px; background: palette(mid); }
QToolBar { border: 0; spacing: 1px; padding: 3px; }
QToolTip { border: 1px solid palette(dark); padding: 3px 5px; }
QStatusBar::item { border: 0; }
QToolButton { padding: 3px; border: 1px solid transparent; border-radius: 4px; }
QToolButton:hover { background: palette(midlight); }
QToolButton:checked { background: palette(highlight); }
QToolButton:pressed { background: palette(mid); }
QToolButton:focus { border-color: palette(accent); }
QToolButton#brush_picker { background: palette(base); border-color: palette(light); }
QToolButton#brush_picker:hover, QToolButton#brush_picker:focus { border-color: palette(accent); }
QToolButton#add_swatch { padding: 0; border-radius: 3px; }
QToolButton#generate_button, QToolButton#stop_button {
    background: palette(button); border: 1px solid palette(light); font-weight: 600;
}
QToolButton#generate_button { background: palette(highlight); color: palette(highlighted-text); }
QToolButton#generate_button:hover { background: palette(accent); }
QToolButton#stop_button:hover { background: palette(midlight); }
QToolButton#stop_button:disabled { color: palette(placeholder-text); }
QToolButton#framed { background: palette(button); border: 1px solid palette(light); }
QToolButton#framed:hover { background: palette(midlight); }
QToolButton#framed[popupMode="2"] { padding-right: 18px; }
QToolButton#framed::menu-indicator { subcontrol-position: right center; right: 6px; }
QListView { border: 0; }
QTabWidget::pane { border: 0; border-top: 1px solid palette(mid); }
QTabBar::tab { padding: 2px 12px; background: palette(mid); border: 0; }
QTabBar::tab { border-top: 2px solid transparent; }
QTabBar::tab:selected { background: palette(window); border-top-color: palette(accent); }
"""
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def install(app: QApplication, theme: str) -> None:
    """Applies the theme and follows changes of the system's."""
    app.setStyle("Fusion")
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: _dress(app))
    choose(app, theme)


def choose(app: QApplication, theme: str) -> None:
    """Sets the theme of all windows: "dark", "light", or "system"."""
    app.setProperty("theme", theme)
    app.styleHints().setColorScheme(_SCHEMES[theme])
    _dress(app)


def palette(*, dark: bool) -> QPalette:
    """The palette of a theme."""
    made = QPalette()
    for role, color in (_DARK if dark else _LIGHT).items():
        made.setColor(role, QColor(color))
    text, highlight = _FADED[dark]
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(text))
    made.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, QColor(highlight))
    return made


def _dress(app: QApplication) -> None:
    theme = app.property("theme")
    if theme == "system":
        # Dark where the system has no preference: it suits pictures better.
        is_dark = app.styleHints().colorScheme() != Qt.ColorScheme.Light
    else:
        is_dark = theme == "dark"
    app.setPalette(palette(dark=is_dark))
    app.setStyleSheet(_STYLE)
