"""The whole program in German: nothing is left in English, nothing is cut off."""

import re

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QAction, QFontInfo
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTreeWidget,
    QWidget,
)

from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import MOST_SEED
from sdedit_desktop.ui import translation
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.dialogs.settings import SettingsDialog
from sdedit_desktop.ui.dialogs.size import SizeDialog
from sdedit_desktop.ui.menus.menu_bar import ACTIONS

SAME = {
    *("Airbrush", "Detail", "Hand", "Live", "Name", "Normal", "OK", "Position", "Zoom"),
    *("English", "Deutsch", "CUDA", "Metal", "px", "%", "MB", "MiB", "Esc", "Return", "Tab"),
    *("DPM++ 2M SDE", "DPM++ 2M", "SA-Solver", "DDIM", "DDPM", "Euler-Maruyama", "Heun"),
    *("SDEdit Desktop", "fake", "test"),
}
"""Words that are the same in both languages, and names."""


@pytest.fixture
def in_language(qapp):
    """Chooses the language of windows that are opened from then on."""
    yield lambda code: translation.install(qapp, code)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(QLocale.c())


def items_of(view):
    model = view.model()
    for row in range(model.rowCount() if model else 0):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(model.index(row, 0).data(role) or "")


SAID_BY = {
    QAbstractButton: lambda button: [button.text()],
    QAbstractItemView: items_of,
    QAbstractSpinBox: lambda box: [box.specialValueText()],
    QComboBox: lambda box: [box.itemText(row) for row in range(box.count())],
    QLabel: lambda label: [label.text()],
    QLineEdit: lambda line: [line.placeholderText()],
    QMenu: lambda menu: [menu.title()],
    QProgressBar: lambda bar: [bar.format()],
    QTabBar: lambda bar: [bar.tabText(tab) for tab in range(bar.count())],
    QTreeWidget: lambda tree: [tree.headerItem().text(0), tree.headerItem().text(1)],
}


def texts_of(widget):
    """Everything that a widget and what is in it tell, to eyes and to screen readers."""
    for child in [widget, *widget.findChildren(QWidget)]:
        yield from (child.toolTip(), child.accessibleName(), child.accessibleDescription())
        yield from (child.statusTip(), child.windowTitle())
        for kind, ask in SAID_BY.items():
            if isinstance(child, kind):
                yield from ask(child)
    for action in widget.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip())


def words_in(texts):
    """The parts of texts that are words: without markup, keys, numbers and symbols."""
    for text in texts:
        for part in re.split(r"<[^>]*>|\s·\s|\s-\s|\n|\[\*\]", text.replace("&", "")):
            words = re.sub(r"(Ctrl|Shift|Alt|Strg|Umschalt)\+\S+|#\w+|\b\d+\b", "", part).strip()
            if re.search(r"[^\W\d_]{2}", words):
                yield words


def everything_in(window):
    """What a window says with all its panels, tools and dialogs."""
    actions = window.actions_by_id
    actions["fill_mask"].trigger()
    actions["grow_mask"].trigger()
    actions["add_layer"].trigger()
    actions["train"].trigger()
    dialogs = [
        SettingsDialog(window, window.settings, ACTIONS),
        SizeDialog(window, "", (64, 64)),
    ]
    for tool in TOOLS:
        actions[tool.name].trigger()
    said = set(words_in(texts_of(window)))
    for dialog in dialogs:
        dialog.deleteLater()
    return said


def test_nothing_is_left_in_english(open_window, in_language):
    english = everything_in(open_window())
    in_language("de")
    german = everything_in(open_window())

    assert len(english) > 400
    left = sorted((english & german) - SAME)
    assert left == []
    assert len(german) > 0.95 * len(english)


def room_for_text(box):
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    control = QStyle.ComplexControl.CC_ComboBox
    return box.style().subControlRect(control, option, field, box).width()


def cut_off(window):
    """Texts of visible widgets that have more to say than room to say it in."""
    for child in window.findChildren(QWidget):
        if not child.isVisible():
            continue
        match child:
            case QComboBox():
                text = child.currentText()
                needs, has = child.fontMetrics().horizontalAdvance(text), room_for_text(child)
            case QAbstractSpinBox():
                text, has = child.text(), child.lineEdit().width() - 4
                needs = child.fontMetrics().horizontalAdvance(text)
            case QLabel() | QAbstractButton() | QTabBar():
                wraps = isinstance(child, QLabel) and child.wordWrap()
                text = child.accessibleName() or getattr(child, "text", str)()
                needs, has = 0 if wraps else child.sizeHint().width(), child.width()
            case _:
                continue
        if has < needs:
            yield f"{text!r} needs {needs} and has {has}"


@pytest.mark.parametrize("code", ["en", "de"])
def test_nothing_is_cut_off(code, qapp, open_window, in_language, qtbot):
    if QFontInfo(qapp.font()).family() != "DejaVu Sans":
        pytest.skip("Widths are judged in DejaVu Sans, a wide one.")
    in_language(code)
    window = open_window()
    window.resize(1440, 900)
    window.params.more.click()
    needed, seen = window.params.minimumSizeHint, window._making.scroll_area.viewport()
    qtbot.waitUntil(lambda: needed().height() <= seen.height())  # other panels make room
    window.session.change_params(EditParams("fake", seeds=(MOST_SEED,)))
    for tool in TOOLS:
        window.actions_by_id[tool.name].trigger()
        qtbot.wait(1)
        assert not list(cut_off(window)), tool.name


def test_keys_of_menus_are_unique(open_window, in_language):
    in_language("de")
    titles = [menu.text() for menu in open_window().menuBar().actions()]
    keys = [title[title.index("&") + 1].lower() for title in titles]
    assert len(set(keys)) == len(keys)


def test_history_layer_names_and_notices_are_german(open_window, in_language):
    in_language("de")
    window = open_window()
    window.actions_by_id["fill_layer"].trigger()
    window.actions_by_id["duplicate_layer"].trigger()
    window.actions_by_id["lock_layer"].trigger()
    window.actions_by_id["fill_layer"].trigger()

    history, layers = window.history.model, window.layers.list.model()
    assert [history.index(row).data() for row in range(4)] == [
        *("Geöffnet  ●", "Füllen", "Ebene duplizieren", "Ebene sperren")
    ]
    assert [layers.index(row).data() for row in range(3)] == [
        *("Striche Kopie", "Striche", "Hintergrund")
    ]
    assert window.statusBar().currentMessage() == "Die Ebene „Striche Kopie“ ist gesperrt."
    assert window.session.document.layers[0].name == "Background"
