"""Room enough for the panels in a window of 1440 x 900, the smallest that is common."""

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QScrollArea

from sdedit_desktop.app import make_window
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui import translation
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

ROWS = 4


@pytest.fixture(params=["en", "de"])
def window(qapp, request, fake_engine, will_close):
    """The window as it first comes up, in each of the languages."""
    translation.install(qapp, request.param)
    window = will_close(make_window(Settings(language=request.param), fake_engine))
    window.show()
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1440, 900)
    yield window
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    translation.QLocale.setDefault(translation.QLocale.c())


def hidden_height(area):
    """Pixels that would have to be scrolled to."""
    QApplication.processEvents()
    return area.widget().minimumSizeHint().height() - area.viewport().height()


def test_four_layers_are_seen_at_once(window):
    rows = window.layers.list
    assert rows.viewport().height() >= ROWS * rows.sizeHintForRow(0)


@pytest.mark.parametrize("text", ["Ready", "Two lines\nof news"])
def test_all_that_makes_candidates_is_seen_at_once(window, text):
    window.params.status.text.setText(text)
    (area,) = (a for a in window.findChildren(QScrollArea) if a.widget() is window.params)
    assert hidden_height(area) <= 0
    assert window.params.width() <= area.viewport().width()


def test_even_what_is_rarely_changed(window):
    (area,) = (a for a in window.findChildren(QScrollArea) if a.widget() is window.params)
    folded = hidden_height(area)
    window.params.more.setChecked(True)
    assert folded < hidden_height(area) <= 0


def test_the_picture_keeps_its_place_and_sliders_their_height_with_every_tool(window):
    heights = set()
    for tool in TOOLS:
        window.actions_by_id[tool.name].trigger()
        QApplication.processEvents()
        heights.add(window.canvas.height())
        sliders = [slider for slider in window.findChildren(ValueSlider) if slider.isVisible()]
        assert all(slider.height() == slider.sizeHint().height() for slider in sliders)
    assert len(heights) == 1
