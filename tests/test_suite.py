"""The suite itself: it ends whatever a test does, and what it promises to notice it notices."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
JOB_RUNS = """
import threading
from PySide6.QtWidgets import QMessageBox

def test_job_runs(open_window, fake_engine):
    window = open_window(fake_engine(gate=threading.Event()))
    window.actions_by_id["generate"].trigger()
    assert window.session.jobs.running is None, "work is under way"

def test_the_next_one_has_a_window(open_window):
    assert open_window().isVisible()
"""
ASKS = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

def test_question(qtbot):
    QMessageBox.question(None, "Unsaved changes", "Save them?")

def test_box(qtbot):
    QMessageBox(QMessageBox.Icon.Warning, "Careful", "The disk is full.").exec()

def test_file(qtbot):
    QFileDialog.getSaveFileName(None, "Export picture")

def test_text(qtbot):
    QInputDialog.getText(None, "Name", "The name of the preset")

def test_dialog(open_window):
    open_window().actions_by_id["new"].trigger()

def test_while_it_waits(qtbot):
    QTimer.singleShot(0, lambda: QMessageBox.information(None, "News", "All is done."))
    qtbot.waitUntil(lambda: False)

def test_answered(monkeypatch):
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    assert QMessageBox.question(None, "May it?", "Or not?") == QMessageBox.StandardButton.Yes
"""
HANGS_IN_QT = """
from PySide6.QtCore import QEventLoop

def test_loop(qapp):
    QEventLoop().exec()
"""
TAKES_LONG = """
import threading

def test_long():
    threading.Event().wait(2)
"""
WRONG = """
import threading
import warnings
import pytest
from PySide6.QtCore import QTimer, qWarning

def test_hangs():
    threading.Event().wait()

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_of_qt(qtbot):
    qWarning("Qt is not content")

def test_in_a_slot(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0)
    qtbot.wait(1)

@pytest.mark.xfail
def test_works_after_all():
    pass
"""
RIGHT = "".join(f"def test_{number:02}(): pass\n" for number in range(20))


@pytest.fixture
def run_suite(tmp_path):
    """Runs a file of tests under the settings and fixtures of this suite, in a new process."""
    helpers = [path for path in ROOT.glob("tests/**/*.py") if not path.name.startswith("test_")]
    for source in (ROOT / "pyproject.toml", *helpers):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)

    def run_suite(code, *options, folder="tests/ui"):
        (tmp_path / folder / "test_inner.py").write_text(code)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    return run_suite


def ended(run):
    """How each test ended, in the order of the run."""
    return dict(re.findall(r"^\S+::(\w+) (PASSED|FAILED|ERROR)", run.stdout, re.MULTILINE))


def test_a_test_that_fails_while_a_job_runs_ends(run_suite):
    """Its window is closed without a question, and the next test has one again."""
    run = run_suite(JOB_RUNS, "-p", "no:randomly")
    assert ended(run) == {"test_job_runs": "FAILED", "test_the_next_one_has_a_window": "PASSED"}
    assert "work is under way" in run.stdout
    assert "waits for an answer" not in run.stdout
    assert run.returncode == 1


def test_a_dialog_that_nobody_answers_fails_its_test_with_its_text(run_suite):
    run = run_suite(ASKS)
    results = ended(run)
    assert results.pop("test_answered") == "PASSED"
    assert len(results) == 6
    assert set(results.values()) == {"FAILED"}
    for shown in (
        "QMessageBox.question waits for an answer: Unsaved changes | Save them?",
        "QDialog.exec waits for an answer: Careful | The disk is full.",
        "QFileDialog.getSaveFileName waits for an answer: Export picture",
        "QInputDialog.getText waits for an answer: Name | The name of the preset",
        "QDialog.exec waits for an answer: New picture | ",
        "QMessageBox.information waits for an answer: News | All is done.",
    ):
        assert shown in run.stdout


def test_a_loop_of_qt_that_hangs_ends_the_run_with_its_place(run_suite):
    """No exception reaches it, so that the process must go."""
    run = run_suite(HANGS_IN_QT, "-o", "faulthandler_timeout=3", folder="tests")
    assert run.returncode != 0
    assert "in test_loop" in run.stderr


def test_the_long_form_takes_as_long_as_it_takes(run_suite):
    limits = "-o", "faulthandler_timeout=1", "-o", "timeout=1"
    run = run_suite(TAKES_LONG, *limits, "--long", folder="tests")
    assert ended(run) == {"test_long": "PASSED"}
    assert run.returncode == 0
    assert run_suite(TAKES_LONG, *limits, folder="tests").returncode != 0


def test_hanging_and_warnings_fail_tests_and_the_order_is_random(run_suite):
    run = run_suite(WRONG + RIGHT, "-o", "timeout=2", folder="tests")
    wrong = {name for name, result in ended(run).items() if result == "FAILED"}
    assert wrong == set(re.findall(r"def (test_[a-z]\w*)", WRONG))
    right = [name for name, result in ended(run).items() if result == "PASSED"]
    assert sorted(right) == re.findall(r"def (\w+)", RIGHT)
    assert right != sorted(right)  # by chance once in 10^18 times
