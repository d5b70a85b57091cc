"""The manual: Markdown pages from ``resources/manual``, shown offline in a window."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop import log, paths
from sdedit_desktop.ui.actions import Action, shown_keys
from sdedit_desktop.ui.translation import translated
from sdedit_desktop.ui.widgets.icons import icon

PAGES = ("tour", "t0", "masks", "tools", "shortcuts", "models", "training", "saving",
         "troubleshooting", "privacy")  # fmt: skip
"""In the order of the list; "shortcuts" is made of the actions, the others are files."""

SHORTCUTS = "shortcuts"

_USUAL_SIZE, _MARGIN = QSize(1020, 760), QSize(80, 90)
"""Of the window, and how much of the screen it leaves free."""


def folder_for(language: str) -> Path:
    """The manual in a language, such as "de_AT"; in English where there is none."""
    manual = paths.resources() / "manual"
    wanted = manual / language.split("_")[0]
    return wanted if wanted.is_dir() else manual / "en"


def page_text(folder: Path, page: str) -> str:
    """The Markdown of a page, with the paths on this computer filled in."""
    text = (folder / f"{page}.md").read_text("utf-8")
    places = {
        "models": paths.user_models(),
        "settings": paths.settings_file(),
        "state": paths.state(),
        "log": paths.state() / log.FILE_NAME,
    }
    for name, place in places.items():
        text = text.replace(f"{{{name}}}", str(place))
    return text


def shortcuts_text(
    records: Sequence[Action[Any]], changed: dict[str, str], title: str, heads: tuple[str, str]
) -> str:
    """A page of all actions that have shortcuts, with those of the user."""
    rows = [f"# {title}", "", f"| {heads[0]} | {heads[1]} |", "|---|---|"]
    for record in records:
        if keys := changed.get(record.id, record.keys):
            shown = "  ".join(f"`{_escaped(key)}`" for key in shown_keys(keys).split(" "))
            what = f"**{translated(record.text)}**: {translated(record.tip)}"
            rows.append(f"| {_escaped(what)} | {shown} |")
    return "\n".join(rows)


class ManualWindow(QWidget):
    """A list of pages and the current page."""

    def __init__(self, records: Sequence[Action[Any]], changed: dict[str, str]) -> None:
        """Shows nothing yet; ``changed`` are the user's shortcuts, by action."""
        super().__init__()
        self.setWindowTitle(self.tr("SDEdit Desktop manual"))
        self.resize(_USUAL_SIZE.boundedTo(self.screen().availableSize() - _MARGIN))
        self._folder = folder_for(QLocale().name())
        self._shortcuts = shortcuts_text(
            records, changed, self.tr("Shortcuts"), (self.tr("Action"), self.tr("Keys"))
        )
        self._visited: list[str] = []
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setToolTip(self.tr("Pages of the manual"))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for page in PAGES:
            item = QListWidgetItem(self._text(page).splitlines()[0].removeprefix("# "))
            item.setData(Qt.ItemDataRole.UserRole, page)
            self.list.addItem(item)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(self.tr("Page of the manual"))
        self.browser.setToolTip("")
        self.browser.setSearchPaths([str(self._folder)])
        self.browser.anchorClicked.connect(self._follow)
        self.back = QToolButton()
        self.back.setIcon(icon("undo", self.palette()))
        self.back.setText(self.tr("Back"))
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.back.setAccessibleName(self.tr("Back"))
        self.back.setToolTip(self.tr("To the page before (Alt+Left)"))
        self.back.clicked.connect(self._go_back)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Back), self, self._go_back)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self.list.currentItemChanged.connect(lambda item, _last: self._show_item(item))
        self._lay_out()

    def open(self, page: str) -> None:
        """Shows a page and raises the window."""
        self.list.setCurrentRow(PAGES.index(page))
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def page(self) -> str:
        """The current page; empty before the first one."""
        return self._visited[-1] if self._visited else ""

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addStretch()
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.browser)
        split.setStretchFactor(1, 1)
        split.setSizes([220, 800])
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(top)
        column.addWidget(split, 1)

    def _text(self, page: str) -> str:
        return self._shortcuts if page == SHORTCUTS else page_text(self._folder, page)

    def _show_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(item.data(Qt.ItemDataRole.UserRole))

    def _show(self, page: str) -> None:
        if page == self.page:
            return
        self._visited.append(page)
        document = self.browser.document()
        document.setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        document.setDefaultFont(self.font())
        document.setDocumentMargin(14)
        document.setMarkdown(self._text(page), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        self.browser.verticalScrollBar().setValue(0)
        self.back.setEnabled(len(self._visited) > 1)

    def _follow(self, link: QUrl) -> None:
        page = Path(link.path()).stem
        if page in PAGES:
            self.list.setCurrentRow(PAGES.index(page))

    def _go_back(self) -> None:
        if len(self._visited) > 1:
            self._visited.pop()
            page = self._visited.pop()
            self.list.setCurrentRow(PAGES.index(page))
            self._show(page)


def _escaped(text: str) -> str:
    """Escaped for a cell of a Markdown table."""
    return text.replace("|", "\\|")
