import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTranslator

from sdedit_desktop import paths
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.texts import Text
from sdedit_desktop.ui import translation

WORDS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context><name></name>
<message><source>{0} is damaged.</source><translation>{0} ist beschädigt.</translation></message>
<message><source>Undo</source><translation>Rückgängig</translation></message>
<message><source>{0} is not a brush: {1}.</source>
<translation>{0} ist kein Pinsel: {1}.</translation></message>
<message><source>it is too large</source><translation>die Datei ist zu groß</translation></message>
<message numerus="yes"><source>%n waiting</source><translation>
<numerusform>%n wartet</numerusform><numerusform>%n warten</numerusform></translation></message>
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
    translation.install(qapp, "de")
    yield
    forget(qapp)


def forget(qapp):
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    translation.QLocale.setDefault(translation.QLocale.c())


def test_texts_are_in_the_language_chosen(german):
    assert translation.translated("Undo") == "Rückgängig"
    assert translation.translated("no words for this") == "no words for this"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"  # Qt's own


def test_a_text_means_the_same_in_every_class(german):
    class Panel(QObject):
        pass

    assert QObject().tr("Undo") == Panel().tr("Undo") == "Rückgängig"
    assert Panel().tr("no words for this") == "no words for this"
    assert [Panel().tr("%n waiting", "", n) for n in (1, 2)] == ["1 wartet", "2 warten"]


def test_errors_are_translated_with_their_values(german):
    assert (
        translation.localized(FileFormatError("{0} is damaged.", "{a}.png"))
        == "{a}.png ist beschädigt."
    )
    assert translation.localized(ValueError("a bug")) == "a bug"


def test_texts_within_texts_are_translated(german):
    error = FileFormatError("{0} is not a brush: {1}.", "a.json", Text("it is too large"))
    assert translation.localized(error) == "a.json ist kein Pinsel: die Datei ist zu groß."
    assert translation.localized(error.text) == "a.json ist kein Pinsel: die Datei ist zu groß."
    assert str(error) == error.text == "a.json is not a brush: it is too large."
    assert translation.localized("it is too large") == "it is too large"  # a name may be anything


def test_numbers_are_written_as_in_the_language(german):
    assert translation.format_number(0.5, 2) == "0,50"
    translation.QLocale.setDefault(translation.QLocale.c())
    assert translation.format_number(0.5, 2) == "0.50"


@pytest.mark.parametrize(
    ("code", "one", "two"), [("en", "1 minute", "2 minutes"), ("de", "1 Minute", "2 Minuten")]
)
def test_counts_have_singular_and_plural_forms(code, one, two, qapp):
    translation.install(qapp, code)
    try:
        assert [translation.translated("%n minutes", count) for count in (1, 2)] == [one, two]
    finally:
        forget(qapp)
