"""The brush presets, each shown by a stroke: choose, save and delete."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPalette, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.editing.operations.brush_presets import BrushLibrary, Preset, preview
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.popup import Popup
from sdedit_desktop.ui.widgets.qimages import to_qimage

_STROKE = QSize(112, 40)
_SMALL = QSize(84, 22)
_CELL = QSize(126, 66)
_COLUMNS, _ROWS = 3, 3
_FINE = 2
"""Strokes are drawn at so many times the resolution."""

_SETTLING_MS = 60
_PRESET = Qt.ItemDataRole.UserRole
_YES = QMessageBox.StandardButton.Yes


class BrushPicker(QToolButton):
    """Shows a stroke of the current brush, and opens the list of presets."""

    def __init__(self, session: Session, library: BrushLibrary) -> None:
        super().__init__()
        self._session = session
        self._drawn: Brush | None = None
        self.setObjectName("brush_picker")
        self.setIconSize(_SMALL)
        self.setAccessibleName(self.tr("Brushes"))
        self.setToolTip(self.tr("Choose a brush, or keep the one in hand (, and .)"))
        self._popup = Popup(self)
        self.library = library
        self.brushes = BrushList(session, library)
        self.brushes.done.connect(self._popup.close)
        column = QVBoxLayout(self._popup)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.brushes)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self._draw)
        session.brush_changed.connect(self._settling.start)
        self.clicked.connect(self.brushes.prepare)

    def showEvent(self, event: QShowEvent) -> None:
        """Draws the stroke when it becomes visible."""
        self._draw()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Redraws the stroke when the theme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._drawn = None
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        if not self.isVisible():
            return
        brush = replace(self._session.brush, color=(0, 0, 0))
        if brush != self._drawn:
            self._drawn = brush
            self.setIcon(_stroke(brush, _SMALL, self.palette()))


class BrushList(QWidget):
    """The list of brush presets, with buttons to save and delete."""

    done = Signal()

    def __init__(self, session: Session, library: BrushLibrary) -> None:
        super().__init__()
        self._session, self._library = session, library
        self.list = _Strokes()
        self.list.setAccessibleName(self.tr("Kept brushes"))
        self.list.setToolTip(self.tr("Click a brush, or press Enter, to paint with it"))
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.list.removed.connect(self.delete)
        self.keep_button = QPushButton(self.tr("Keep this brush…"))
        self.keep_button.setAccessibleName(self.tr("Keep this brush"))
        self.keep_button.setToolTip(self.tr("Put the brush in hand among these, by a name"))
        self.keep_button.clicked.connect(self.keep)
        self.delete_button = QPushButton(self.tr("Delete…"))
        self.delete_button.setAccessibleName(self.tr("Delete brush"))
        self.delete_button.setToolTip(self.tr("Delete the chosen one of your own brushes (Del)"))
        self.delete_button.clicked.connect(self.delete)
        self.errors = QLabel()
        self.errors.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.keep_button)
        row.addStretch()
        row.addWidget(self.delete_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self.errors)
        column.addLayout(row)
        library.changed.connect(self._fill)

    def prepare(self) -> None:
        """Draws missing strokes, and selects the preset of the current brush."""
        if not self.list.count():
            self._fill()
        like = self._library.like(self._session.brush)
        self.list.setCurrentRow(-1)
        for item in self._items():
            if item.data(_PRESET) is like:
                self.list.setCurrentItem(item)
        self._enable()
        self.list.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Redraws the strokes when the theme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self.list.clear()
        super().changeEvent(event)

    def keep(self) -> None:
        """Asks for a name and saves the current brush."""
        like = self._library.like(self._session.brush)
        suggested = like.name if like and like.is_own else self.tr("My brush")
        name, is_chosen = QInputDialog.getText(
            self, self.tr("Keep brush"), self.tr("Name of the brush"), text=suggested
        )
        if is_chosen and name.strip() and self._may_replace(name.strip()):
            self._attempt(lambda: self._library.save(name, self._session.brush))

    def delete(self) -> None:
        """Asks, then deletes the chosen brush if it is the user's own."""
        preset = self._chosen()
        if preset is None or not preset.is_own:
            return
        question = self.tr("Delete the brush {0} for good?").format(preset.name)
        if QMessageBox.question(self, self.tr("Delete brush"), question) == _YES:
            self._attempt(lambda: self._library.delete(preset))

    def _attempt(self, change: Callable[[], object]) -> None:
        try:
            change()
        except AppError as error:
            self._session.noticed.emit(localized(error))

    def _may_replace(self, name: str) -> bool:
        if all(not one.is_own or one.name != name for one in self._library.presets):
            return True
        question = self.tr("Replace the brush {0}?").format(name)
        return QMessageBox.question(self, self.tr("Keep brush"), question) == _YES

    def _take(self, item: QListWidgetItem) -> None:
        preset: Preset = item.data(_PRESET)
        self._session.change_brush(preset.applied(self._session.brush))
        self.done.emit()

    def _chosen(self) -> Preset | None:
        item = self.list.currentItem()
        preset: Preset | None = item.data(_PRESET) if item else None
        return preset

    def _fill(self) -> None:
        self.list.clear()
        for preset in self._library.presets:
            name = localized(preset.name)
            item = QListWidgetItem(_stroke(preset.brush, _STROKE, self.palette()), name)
            item.setData(_PRESET, preset)
            item.setSizeHint(_CELL)
            whose = self.tr("your own") if preset.is_own else self.tr("bundled")
            item.setToolTip(f"{name} ({whose})")
            self.list.addItem(item)
        self.errors.setText("\n".join(map(localized, self._library.errors)))
        self.errors.setVisible(bool(self._library.errors))
        self._enable()

    def _enable(self) -> None:
        preset = self._chosen()
        self.delete_button.setEnabled(preset is not None and preset.is_own)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]


class _Strokes(QListWidget):
    """Pictures in columns, with their names below."""

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setIconSize(_STROKE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth() + 2
        self.setFixedSize(_COLUMNS * _CELL.width() + room, _ROWS * _CELL.height() + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del deletes; everything else as lists do."""
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


def _stroke(brush: Brush, size: QSize, palette: QPalette) -> QIcon:
    color = palette.color(QPalette.ColorRole.WindowText)
    paint = color.red(), color.green(), color.blue()
    large = replace(brush, radius=_FINE * brush.radius)
    image = to_qimage(preview(large, _FINE * size.width(), _FINE * size.height(), paint))
    picture = QPixmap.fromImage(image)
    picture.setDevicePixelRatio(_FINE)
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
