"""The start loads, reads and draws no more than the first window needs; counted, not timed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from sdedit_desktop import app, paths
from sdedit_desktop.editing import models, presets
from sdedit_desktop.editing.cost import CostEstimator
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.settings import Settings
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.tool_options import brush_picker
from sdedit_desktop.ui.widgets import icons

# Whatever of these is wanted comes with the first picture, brush or job.
LATE = {"torch", "torchvision", "pyvips", "cffi", "PIL.PngImagePlugin", "multiprocessing.pool"}
START = """
import sys
from sdedit_desktop import app, settings
qt = app.make_app(settings.Settings(language="en"))
window = app.make_window(settings.Settings(), app.engine_factory("auto", ()))
window.show()
qt.processEvents()
assert window.canvas.isVisible()
print(*sys.modules)
window.close()
"""


def test_the_window_shows_before_pictures_brushes_and_networks_are_loaded():
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    started = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True
    )
    assert started.returncode == 0, started.stderr
    loaded = set(started.stdout.split())
    assert "sdedit_desktop.ui.main_window" in loaded
    assert not loaded & LATE


def test_no_file_of_a_brush_is_opened_before_somebody_asks(monkeypatch, open_window):
    opened = []
    read = brush_picker.BrushLibrary._load
    monkeypatch.setattr(
        brush_picker.BrushLibrary,
        "_load",
        lambda *of, **kind: opened.append(of) or read(*of, **kind),
    )
    window = open_window()
    assert opened == []
    window.options.picker.click()
    assert opened


def test_the_brush_in_hand_is_drawn_once_at_the_start(monkeypatch, open_window):
    drawn = []
    stroke = brush_picker._stroke
    monkeypatch.setattr(brush_picker, "_stroke", lambda *of: drawn.append(of) or stroke(*of))
    window = open_window()
    assert len(drawn) == 1
    assert not window.options.picker.icon().isNull()


def test_an_icon_is_read_once_for_all_its_colours_and_sizes(open_window):
    icons._renderer.cache_clear()
    icons._shape.cache_clear()
    icons._drawn.cache_clear()
    open_window()
    assert icons._renderer.cache_info().misses <= len(list(paths.resources().glob("icons/*.svg")))
    assert 0 < icons._shape.cache_info().misses < icons._drawn.cache_info().misses / 2


def test_an_icon_has_the_very_colour_that_was_asked_for():
    color = QColor(200, 40, 90)
    image = icons.pixmap("brush", color, 48).toImage()
    solid = {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert solid == {color.name()}


@pytest.mark.parametrize(("slowness", "candidates"), [(1.0, 4), (12.0, 1)])
def test_the_first_job_on_a_slow_computer_is_a_quick_look_which_is_said(
    open_window, slowness, candidates
):
    window = open_window()
    session, said = window.session, []
    session.noticed.connect(said.append)
    session.costs = CostEstimator(session.jobs, slowness=lambda: slowness)
    app.welcome(window)
    usual = EditParams(models.THIS_PHOTO, seeds=(1, 2, 3, 4), **presets.defaults(models.THIS_PHOTO))
    session.change_params(usual)
    app._keep_first_job_short(window)
    assert len(session.params.seeds) == candidates
    quick = window.params.presets.text() == "Quick look"
    assert quick is (candidates == 1) is any("Quick look" in str(text) for text in said)


@pytest.mark.parametrize("damaged", [(), (Text("Something was damaged."),)])
def test_a_model_of_the_settings_that_is_gone_is_replaced_which_is_said(
    qtbot, will_close, own_network, damaged
):
    for model, used in (
        ("nature-small", models.THIS_PHOTO),
        (str(paths.user_models() / "gone.ckpt"), models.THIS_PHOTO),
        (own_network, own_network),
        ("", models.THIS_PHOTO),
    ):
        chosen = Settings(model=model, complaints=damaged)
        window = will_close(app.make_window(chosen, lambda: None))
        app._report_replaced_settings(window, chosen)
        session = window.session
        assert session.chosen_model == used
        assert session.params == EditParams(
            session.params.model, **presets.defaults(session.params.model)
        )
        said = window.statusBar().currentMessage()
        assert damaged == () or said.startswith("Something was damaged.")
        name = Path(model).stem
        sentence = f"The model {name} was not found; This photo is used instead."
        assert (sentence in said) is (name in ("nature-small", "gone"))
