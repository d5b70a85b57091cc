"""Makes the README's pictures: drives the real window with the real engine, and looks at it.

Run ``python packaging/screenshots.py [FOLDER]``.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sdedit_desktop import app, settings
from sdedit_desktop.ui.main_window import MainWindow

SIZE = 1440, 900
WIDTH = 1200
QUALITY = 82
SEED = 20
WAIT_S = 600.0


def wait_until(qt: QApplication, done: Callable[[], bool]) -> None:
    """Lets the program run until something is so."""
    limit = time.monotonic() + WAIT_S
    while not done():
        if time.monotonic() > limit:
            sys.exit("The engine did not answer in time.")
        qt.processEvents()
        time.sleep(0.01)
    qt.processEvents()


def keep(window: MainWindow, path: Path) -> None:
    """Writes what the window shows."""
    picture = window.grab().toImage()
    smooth = Qt.TransformationMode.SmoothTransformation
    picture.scaledToWidth(WIDTH, smooth).save(str(path), "WEBP", QUALITY)
    print(path)


def main() -> None:
    """Makes all pictures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = settings.Settings(theme="dark")
    qt = app.make_app(chosen)
    window = app.make_window(chosen, app.engine_factory("auto", ()))
    window.resize(*SIZE)
    window.show()
    app.welcome(window)
    session = window.session
    seeds = tuple(range(SEED, SEED + 4))
    session.change_params(replace(session.params, seeds=seeds))
    session.keeps_seed = True
    qt.processEvents()
    keep(window, folder / "welcome.webp")
    window.actions_by_id["generate"].trigger()
    wait_until(qt, lambda: sum(slot.candidate is not None for slot in session.slots) == 2)
    wait_until(qt, lambda: session.slots[2].preview is not None)
    keep(window, folder / "generating.webp")
    wait_until(qt, lambda: session.jobs.running is None)
    window.candidates.choose(0)
    window.actions_by_id["accept"].trigger()
    qt.processEvents()
    keep(window, folder / "accepted.webp")
    session.document.history.mark_saved()
    window.close()


if __name__ == "__main__":
    main()
