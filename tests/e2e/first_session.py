"""The first minutes of a new user, step by step, with a picture of the screen after each.

``test_first_session`` runs it without a screen. To look at the window as users see it, run it
under a window manager, once for each size, theme and language::

    xvfb-run -s "-screen 0 1366x768x24" sh -c \
        'openbox & python tests/e2e/first_session.py FOLDER dark en'

Under Wayland, in a compositor that is a window of the X server; it gives no program the keyboard,
so click on the window when the manual has been closed::

    weston --backend=x11-backend.so --socket=tour --width=1440 --height=900 &
    WAYLAND_DISPLAY=tour QT_QPA_PLATFORM=wayland python tests/e2e/first_session.py FOLDER dark en
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import file_work
from PySide6.QtCore import QDeadlineTimer, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop import paths
from sdedit_desktop.app import engine_factory, make_app, make_window, welcome
from sdedit_desktop.editing import presets
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.main_window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
PATIENCE_MS = 300_000


def tour(window: MainWindow, photo: Path, target: Path) -> Iterator[str]:
    """Yields the name of each step once it is done; generating is by keyboard alone."""
    welcome(window)
    window.canvas.setFocus()
    QTest.qWait(50)
    yield "1-welcome"
    _press(window, Qt.Key.Key_F1)
    manual = window.help.manual
    assert manual is not None
    assert manual.isVisible()
    yield "2-manual"
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()
    window.activateWindow()
    _wait(window.isActiveWindow)
    window.session.document.history.mark_saved()
    assert file_work.open_path(window, photo)
    window.canvas.setFocus()
    _press(window, Qt.Key.Key_B)
    _drag(window, (0.3, 0.6), (0.45, 0.55), (0.55, 0.62))
    assert window.scope_bar.isVisible()
    _wait(lambda: window.stroke_outline.lines)
    yield "3-stroke"
    known, _errors = presets.store().read()
    quick = next(preset for preset in known if preset.name == "Quick look")
    window.params.presets.apply(quick)
    window.session.change_params(replace(window.session.params, calls=4, detail="off"))
    _press(window, Qt.Key.Key_Return, CONTROL)
    job = window.session.jobs.running
    assert job is not None
    _wait(lambda: job.progress is not None and job.progress.done > 0)
    yield "4-forming"
    _wait(lambda: job.state.is_final)
    assert job.error is None
    assert window.candidates.chosen_slot() is not None
    assert not window.scope_bar.isVisible()
    yield "5-candidate"
    before = window.session.document.composite(window.session.document.rect)
    _press(window, Qt.Key.Key_Return)
    document = window.session.document
    result = document.composite(document.rect)
    assert (result != before).any()
    yield "6-accepted"
    _press(window, Qt.Key.Key_Z, CONTROL)
    assert (document.composite(document.rect) == before).all()
    _press(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert (document.composite(document.rect) == result).all()
    _press(window, Qt.Key.Key_M)
    _drag(window, (0.7, 0.3), (0.8, 0.35))
    assert not window.scope_bar.isVisible()
    yield "7-mask"
    window.files.path = target
    _press(window, Qt.Key.Key_S, CONTROL)
    _wait(lambda: document.history.is_saved)
    assert target.is_file()
    yield "8-saved"


def open_window(theme: str, language: str) -> MainWindow:
    """The window as a new user sees it."""
    return make_window(Settings(theme=theme, language=language), engine_factory("cpu", ()))


def _press(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, keys)
    QApplication.processEvents()


def _drag(window: MainWindow, *points: tuple[float, float]) -> None:
    """A stroke through points in shares of the picture."""
    rect, to_screen = window.session.document.rect, window.canvas.viewport.transform
    at = [
        to_screen.map(QPointF(x * rect.width, y * rect.height)).toPoint()
        / window.canvas.devicePixelRatioF()
        for x, y in points
    ]
    QTest.mousePress(window.canvas, LEFT, PLAIN, at[0])
    for point in at[1:]:
        QTest.mouseMove(window.canvas, point)
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, at[-1])
    QApplication.processEvents()


def _wait(is_there) -> None:
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not is_there():
        assert not deadline.hasExpired()
        QTest.qWait(20)


def main(folder: Path, theme: str, language: str) -> None:
    """Goes through the tour on the screen, and keeps a picture of it after each step."""
    folder.mkdir(parents=True, exist_ok=True)
    app = make_app(Settings(theme=theme, language=language))
    window = open_window(theme, language)
    window.show()
    QTest.qWait(800)
    screen = app.primaryScreen()
    size = screen.size()
    target = folder / "tour.ora"
    target.unlink(missing_ok=True)  # else it is asked whether to replace it
    for step in tour(window, paths.resources() / "samples" / "meadow.jpg", target):
        QTest.qWait(400)
        name = f"{size.width()}x{size.height()}-{theme}-{language}-{step}.png"
        screen.grabWindow(0).save(str(folder / name))
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4])
