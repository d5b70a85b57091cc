"""How the program starts and ends, as a process."""

import json
import os
import subprocess
import sys

import pytest

from sdedit_desktop import app


def program(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sdedit_desktop", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_selfcheck_ends_with_a_report():
    checked = program("selfcheck", "--json", "--timeout", "150")
    assert checked.returncode == 0, checked.stderr
    report = json.loads(checked.stdout)
    assert report["candidates"] == "1"
    assert "error" not in report


def test_selfcheck_ends_with_a_report_when_the_engine_takes_too_long():
    checked = program("selfcheck", "--json", "--timeout", "0.01")
    assert checked.returncode == 2
    report = json.loads(checked.stdout)
    assert "0.01 seconds" in report["error"]
    assert report["candidates"] == "0"


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is looked for on Linux only")
def test_without_a_screen_one_sentence_says_why_no_window_opens():
    refused = program(QT_QPA_PLATFORM="xcb", DISPLAY=":987", WAYLAND_DISPLAY="")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("sdedit-desktop: No window can be opened")


def test_missing_libraries_are_named_by_their_packages(monkeypatch):
    monkeypatch.setattr(app, "missing_packages", lambda _libraries: ["libegl1", "libxcb-cursor0"])
    assert app._why_no_window("could not load xcb").endswith("apt install libegl1 libxcb-cursor0")
