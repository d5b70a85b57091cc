"""The menu of files that were open lately."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget


class RecentMenu(QMenu):
    """Lists them whenever it is opened, the latest first."""

    def __init__(
        self,
        parent: QWidget,
        names: Callable[[], Sequence[str]],
        open_path: Callable[[Path], object],
    ) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open recent"))
        self._names = names
        self._open_path = open_path
        self.aboutToShow.connect(self._list)

    def _list(self) -> None:
        self.clear()
        for name in self._names():
            action = self.addAction(name)
            action.triggered.connect(lambda _=False, name=name: self._open_path(Path(name)))
        if self.isEmpty():
            self.addAction(self.tr("None yet")).setEnabled(False)
