import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from sdedit_desktop import paths
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.ui import language

WORDS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context><name></name>
<message><source>{0} is damaged.</source><translation>{0} ist beschädigt.</translation></message>
<message><source>Undo</source><translation>Rückgängig</translation></message>
</context>
</TS>
"""


@pytest.fixture
def german(qapp, tmp_path, monkeypatch):
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "sdedit_de.ts").write_text(WORDS, encoding="utf-8")
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([tool, "-silent", folder / "sdedit_de.ts"], check=True)
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    language.install(qapp, "de")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    language.QLocale.setDefault(language.QLocale.c())


def test_texts_are_in_the_language_chosen(german):
    assert language.translated("Undo") == "Rückgängig"
    assert language.translated("no words for this") == "no words for this"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"  # Qt's own


def test_errors_are_told_with_their_values(german):
    assert language.told(FileFormatError("{0} is damaged.", "{a}.png")) == "{a}.png ist beschädigt."
    assert language.told(ValueError("a bug")) == "a bug"


def test_errors_are_english_where_nobody_translates():
    assert str(FileFormatError("{0} is damaged.", "{a}.png")) == "{a}.png is damaged."
    assert str(FileFormatError("50 % {odd}")) == "50 % {odd}"
