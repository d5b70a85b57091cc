"""The shipped translations are complete, right in form, and compiled from what is beside them."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "packaging" / "translations.py"
FOLDER = ROOT / "resources" / "translations"
GERMAN = FOLDER / "sdedit_de.ts"


def entries(path):
    """Text, translations (one for each plural form) and mark of all messages."""
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        forms = [form.text or "" for form in translation] or [translation.text or ""]
        yield message.findtext("source"), forms, translation.get("type")


TRANSLATED = [(text, form) for text, forms, _ in entries(GERMAN) for form in forms]


@pytest.fixture(scope="module")
def sources():
    """What the code and the bundled files say now, as the script finds it."""
    code = "import translations; print(*map(repr, translations.sources()), sep='\\n')"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPT.parent, capture_output=True, text=True, check=True
    )
    return found.stdout.splitlines()


def test_every_text_is_translated(sources):
    done = {repr(text) for text, forms, mark in entries(GERMAN) if all(forms) and mark is None}
    missing = [text for text in sources if text not in done]
    assert not missing, "run packaging/translations.py and translate what is new"
    assert len(sources) > 900


def test_no_translation_is_of_a_text_that_is_gone(sources):
    assert {repr(text) for text, _, _ in entries(GERMAN)} <= set(sources)


def test_english_has_its_plurals():
    counting = [text for text, _, _ in entries(GERMAN) if "%n" in text]
    assert counting
    english = {text: forms for text, forms, mark in entries(FOLDER / "sdedit_en.ts") if not mark}
    assert list(english) == counting
    assert all(len(forms) == 2 and all(forms) for forms in english.values())


def places(text):
    """What is put in where, and how; the order may change."""
    return sorted(re.findall(r"\{\w*(?:![rs])?(?::[^{}]*)?\}", text))


def broken_forms(text, translation):
    """What of a text's form its translation does not keep."""
    if places(text) != places(translation):
        yield "what is put in"
    for mark in (r"%n", r"<[^>]*>", r";;", r"\*\.\w+", r"t0\b"):
        if sorted(re.findall(mark, text)) != sorted(re.findall(mark, translation)):
            yield mark
    for ending in ("…", " ", ".", "?", ":"):
        if text.endswith(ending) != translation.endswith(ending):
            yield f"the end {ending!r}"
    if text.startswith(" ") != translation.startswith(" "):
        yield "the space before"
    if ("&" in text) != ("&" in translation):
        yield "&"


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("{0} of {1}", "{0} von {0}"),
        ("%n pixels", "Pixel"),
        ("<b>Mask</b>", "<b>Maske<b>"),
        ("Raise t0", "t1 erhöhen"),
        ("Open…", "Öffnen"),
        (" steps", "Schritte"),
        ("&File", "Datei"),
    ],
)
def test_a_broken_form_is_found(text, translation):
    assert list(broken_forms(text, translation))


def test_the_form_is_kept():
    broken = [(*pair, found) for pair in TRANSLATED for found in broken_forms(*pair)]
    assert not broken


def test_nobody_is_addressed():
    """As in Krita and GIMP, what can be done is said in the infinitive."""
    assert not [
        form for _, form in TRANSLATED if re.search(r"\b(Sie|Ihre?[nmrs]?|du|dein)\b", form)
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ts")), ids=lambda path: path.stem)
def test_the_compiled_file_is_up_to_date(path, tmp_path):
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([tool, "-silent", path, "-qm", tmp_path / "new.qm"], check=True)
    shipped, new = QTranslator(), QTranslator()
    assert shipped.load(str(path.with_suffix(".qm")))
    assert new.load(str(tmp_path / "new.qm"))
    for text, forms, _ in entries(path):
        for count in range(1, len(forms) + 1):
            number = count if len(forms) > 1 else -1
            said = shipped.translate("", text, "", number)
            assert said == new.translate("", text, "", number) == forms[count - 1]
