"""The window fits the screen, and its panels have room, on the smallest screens that are common."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, QTranslator
from PySide6.QtWidgets import QApplication, QScrollArea, QToolBar, QToolButton, QWidget

from sdedit_desktop.app import make_window
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui import translation, window_layout
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

ROWS = 4


@pytest.fixture(params=["en", "de"])
def make(qapp, request, fake_engine, will_close, monkeypatch):
    """Opens the window as it first comes up on a screen, in each of the languages."""
    translation.install(qapp, request.param)

    def make(width, height):
        size = window_layout.first_size(QSize(width, height))
        monkeypatch.setattr(window_layout, "first_size", lambda _available: size)
        window = will_close(make_window(Settings(language=request.param), fake_engine))
        window.show()
        QApplication.processEvents()
        assert window.size() == size
        return window

    yield make
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    translation.QLocale.setDefault(translation.QLocale.c())


@pytest.fixture
def window(make):
    """The window on a screen that is larger than it needs."""
    window = make(2560, 1440)
    assert (window.width(), window.height()) == (1440, 900)
    return window


def hidden_height(area):
    """Pixels that would have to be scrolled to."""
    QApplication.processEvents()
    return area.widget().minimumSizeHint().height() - area.viewport().height()


def test_four_layers_are_seen_at_once(window):
    rows = window.layers.list
    assert rows.viewport().height() >= ROWS * rows.sizeHintForRow(0)


@pytest.mark.parametrize("text", ["Ready", "Two lines\nof news"])
def test_all_generation_controls_are_visible_without_scrolling(window, text):
    window.generate_bar.status.text.setText(text)
    area = window._making.scroll_area
    assert hidden_height(area) <= 0
    assert window.params.width() <= area.viewport().width()


def test_the_panel_fits_with_rarely_used_settings_unfolded(window):
    area = window._making.scroll_area
    folded = hidden_height(area)
    window.params.more.setChecked(True)
    assert folded < hidden_height(area) <= 0


@pytest.mark.parametrize("screen", [(1366, 768), (1440, 900)])
def test_a_long_note_with_an_offer_takes_room_from_other_panels_and_gives_it_back(
    qtbot, make, screen
):
    window = make(*screen)
    area, dock, status = (
        window._making.scroll_area,
        window._docks["generation"],
        window.generate_bar.status,
    )
    qtbot.waitUntil(lambda: hidden_height(area) <= 0)
    status.text.setText("A note of several lines, as it is shown when colours are missing. " * 3)
    status.offer.show()
    qtbot.waitUntil(lambda: hidden_height(area) <= 0)
    grown = dock.height()
    status.text.setText("Ready")
    status.offer.hide()
    qtbot.waitUntil(lambda: dock.height() < grown)
    assert hidden_height(area) <= 0


def test_the_picture_keeps_its_place_and_sliders_their_height_with_every_tool(window):
    heights = set()
    for tool in TOOLS:
        window.actions_by_id[tool.name].trigger()
        QApplication.processEvents()
        heights.add(window.canvas.height())
        sliders = [slider for slider in window.findChildren(ValueSlider) if slider.isVisible()]
        assert all(slider.height() == slider.sizeHint().height() for slider in sliders)
    assert len(heights) == 1


SCREENS = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)]


def is_seen(widget, window):
    """Whether all of a widget lies inside the window, and in no area that scrolls."""
    box = QRect(widget.mapTo(window, QPoint()), widget.size())
    parents, parent = [], widget.parentWidget()
    while parent is not None:
        parents.append(parent)
        parent = parent.parentWidget()
    scrolled = any(isinstance(each, QScrollArea) for each in parents)
    return widget.isVisible() and window.rect().contains(box) and not scrolled


@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_window_fits_the_screen_and_shows_what_starts_and_stops(make, screen):
    window = make(*screen)
    assert window.width() < screen[0]
    assert window.height() < screen[1]
    bar = window.generate_bar
    for widget in (bar.generate, bar.stop, bar.status.bar, bar.status.text, window.statusBar()):
        assert is_seen(widget, window)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_tool_is_seen(make, screen):
    window = make(*screen)
    (bar,) = (bar for bar in window.findChildren(QToolBar) if bar.objectName() == "tools")
    actions = [action for action in bar.actions() if not action.isSeparator()]
    assert all(is_seen(bar.widgetForAction(action), window) for action in actions)


def test_where_tools_do_not_fit_a_button_leads_to_the_rest(make):
    window = make(1280, 720)
    window.setMinimumSize(0, 0)
    window.resize(1000, 560)
    QApplication.processEvents()
    (bar,) = (bar for bar in window.findChildren(QToolBar) if bar.objectName() == "tools")
    (more,) = (button for button in bar.findChildren(QToolButton) if button.defaultAction() is None)
    hidden = [
        action
        for action in bar.actions()
        if not action.isSeparator() and not is_seen(bar.widgetForAction(action), window)
    ]
    assert hidden
    assert is_seen(more, window)


def test_the_strip_of_candidates_takes_room_when_there_are_some(qtbot, open_window):
    window = open_window()
    dock = window._docks["candidates"]
    assert not dock.isVisible()
    window.actions_by_id["generate"].trigger()
    assert dock.isVisible()
    dock.toggleViewAction().trigger()
    assert not dock.isVisible()
    assert not window.settings.shows_candidates
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.actions_by_id["generate"].trigger()
    assert not dock.isVisible()  # the user closed it
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    dock.toggleViewAction().trigger()
    assert dock.isVisible()


def test_windows_do_not_lie_exactly_on_top_of_one_another(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    places = []
    for others in range(4):
        window.setGeometry(10, 10, 700, 600)
        window_layout.cascade(window, others)
        places.append(window.geometry().topLeft())
    assert len({(place.x(), place.y()) for place in places}) == 4
    assert window.screen().availableGeometry().contains(window.geometry())
