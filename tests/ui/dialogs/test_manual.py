"""The manual is whole in both languages, and leads from the window to the right page."""

import re
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from sdedit_desktop import __version__, build_info, paths
from sdedit_desktop.editing import samples
from sdedit_desktop.editing.request import Origin
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs import manual
from sdedit_desktop.ui.dialogs.manual import (
    PAGES,
    SHORTCUTS,
    ManualWindow,
    folder_for,
    page_text,
)
from sdedit_desktop.ui.menus.menu_bar import ACTIONS
from sdedit_desktop.ui.widgets.dock_title import DockTitle

FILES = [page for page in PAGES if page != SHORTCUTS]
LANGUAGES = ("en", "de")
NO_NAMES = {"how strongly", "wie stark", "bf16", "Picos de Europa"}
"""What the manual has in italics although it is no name of a menu, button or field."""


def offences_of(language, page):
    """What is wrong with a page of the manual."""
    folder = folder_for(language)
    text = page_text(folder, page)
    if folder.name != language or not text.startswith("# "):
        yield "no page of its own"
    if re.search(r"\{[a-z]+\}", text) or "http" in text:
        yield "a place that is not filled in, or an address"
    for picture, target in re.findall(r"(!?)\[[^]]*\]\(([^)]+)\)", text):
        if not (folder / target).is_file():
            yield f"no file {target}"
        elif picture and QImage(str(folder / target)).isNull():
            yield f"no picture {target}"
        elif not picture and Path(target).stem not in PAGES:
            yield f"no page {target}"


def test_pages_links_and_pictures_are_there():
    pages = [(language, page) for language in LANGUAGES for page in FILES]
    assert {each: found for each in pages if (found := list(offences_of(*each)))} == {}


def test_names_in_italics_are_those_that_the_window_shows():
    entries = ElementTree.parse(paths.resources() / "translations" / "sdedit_de.ts").iter("message")
    texts = [(entry.findtext("source"), entry.findtext("translation")) for entry in entries]
    for language, shown in zip(LANGUAGES, zip(*texts, strict=True), strict=True):
        known = {re.sub("[&…]", "", text).lower() for text in shown if text}
        for page in FILES:
            text = page_text(folder_for(language), page)
            named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)) - NO_NAMES
            parts = {part for name in named for part in re.sub("…", "", name).split(" > ")}
            assert {part for part in parts if part.lower() not in known} == set(), page


def test_both_languages_have_the_same_pages_headings_and_pictures():
    pages = [{file.name for file in folder_for(each).glob("*.md")} for each in LANGUAGES]
    assert pages[0] == pages[1] == {f"{page}.md" for page in FILES}
    for page in FILES:
        texts = [page_text(folder_for(language), page) for language in LANGUAGES]
        for pattern in (r"(?m)^#+ ", r"(?m)^- ", r"\]\([^)]+\)"):
            counts = [re.findall(pattern, text) for text in texts]
            assert counts[0] == counts[1], (page, pattern)


def test_no_page_is_wider_than_the_window(qtbot, monkeypatch):
    wide = []
    for language in LANGUAGES:
        folder = folder_for(language)
        monkeypatch.setattr(manual, "folder_for", lambda _name, folder=folder: folder)
        window = ManualWindow(ACTIONS, {})
        qtbot.addWidget(window)
        window.resize(manual._USUAL_SIZE)  # the screen of tests is smaller than any laptop's
        for page in PAGES:
            window.open(page)
            QApplication.processEvents()
            if window.browser.horizontalScrollBar().maximum():
                wide.append((language, page))
    assert wide == []


def test_a_language_without_a_manual_gets_english():
    assert folder_for("fi_FI") == paths.resources() / "manual" / "en"
    assert folder_for("de_AT").name == "de"


def test_f1_opens_the_manual_and_links_lead_on(open_window):
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F1)
    manual = window.help.manual
    assert manual.isVisible()
    assert manual.page == "tour"
    assert "first tour" in manual.browser.toPlainText()
    manual._follow(manual.browser.document().baseUrl().resolved("t0.md"))
    assert manual.page == "t0"
    manual.back.click()
    assert manual.page == "tour"
    assert manual.list.currentRow() == 0
    window.close()
    assert window.help.manual is None


def test_every_panel_has_a_way_to_its_page(open_window):
    window = open_window()
    shown = {}
    for name, dock in window._docks.items():
        title = dock.titleBarWidget()
        assert isinstance(title, DockTitle)
        title.help.click()
        shown[name] = window.help.manual.page
    assert shown["generation"] == "t0"
    assert shown["layers"] == "tools"


def test_a_panel_can_be_detached_and_closed_by_its_title(open_window):
    window = open_window()
    dock = window._docks["color"]
    title = dock.titleBarWidget()
    title.float.click()
    assert dock.isFloating()
    title.float.click()
    assert not dock.isFloating()
    title.close_.click()
    assert not dock.isVisible()


def test_the_page_of_shortcuts_lists_all_keys_as_they_are_set(open_window):
    window = open_window(settings=Settings(shortcuts=("generate=F9",)))
    window.actions_by_id["manual_shortcuts"].trigger()
    text = window.help.manual.browser.toPlainText()
    for record in ACTIONS:
        if record.keys:
            assert window.actions_by_id[record.id].text().replace("&", "") in text
    assert "F9" in text


def test_all_samples_can_be_opened(open_window):
    window = open_window()
    for action, sample in zip(window.help.samples_menu().actions(), samples.samples(), strict=True):
        window.session.document.history.mark_saved()
        action.trigger()
        assert window.files.title == str(sample.title)
        assert window.session.document.mask.content_rect()


def test_diagnostics_name_versions_and_paths_but_no_picture(open_window):
    window = open_window()
    window.files.adopt(window.session.document, "secret-name")
    window.actions_by_id["copy_diagnostics"].trigger()
    text = QApplication.clipboard().text()
    for known in (__version__, "PySide6-Essentials: ", "torch: ", str(paths.settings_file())):
        assert known in text
    assert "secret-name" not in text


def test_diagnostics_name_edition_build_torch_and_device(open_window, monkeypatch):
    window = open_window()
    text = window.help.diagnostics()
    assert "build: run from its source" in text
    assert "device: Automatic" in text
    shown = []
    monkeypatch.setattr(QMessageBox, "about", lambda *words: shown.extend(words))
    monkeypatch.setattr(build_info, "read", lambda: build_info.BuildInfo("cpu", "2026-11-29 abc"))
    window.actions_by_id["about"].trigger()
    assert re.search(r"edition cpu, build 2026-11-29 abc<br>torch [\d.]+\S*, Automatic", shown[-1])


def test_diagnostics_name_the_device_used_last(open_window, fake_engine, qtbot):
    window = open_window(fake_engine())
    job = window.session.generate()
    qtbot.waitUntil(lambda: job.state.is_final)
    window.session.slots[-1].made.origin = Origin(device="A card")
    assert "device: A card" in window.help.diagnostics()


def test_about_names_licences(open_window, monkeypatch):
    shown = []
    monkeypatch.setattr(QMessageBox, "about", lambda *words: shown.extend(words))
    open_window().actions_by_id["about"].trigger()
    assert "Apache License 2.0" in shown[-1]
    assert "LGPL" in shown[-1]
