"""The candidates dock: the strip, its buttons and the details."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.candidates.order import Order
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.actions import Actions, button_for
from sdedit_desktop.ui.candidates.details import CandidateDetails
from sdedit_desktop.ui.candidates.strip_view import LARGEST, SMALLEST, CandidatesStrip
from sdedit_desktop.ui.widgets.icons import icon

_BUTTONS = "accept star more_like again finish_stopped discard | compare_slider side_by_side"
_MENU = "accept star more_like again finish_stopped full_detail make_again reuse discard"
_ICON = QSize(17, 17)


class CandidatesPanel(QWidget):
    """A tool bar above the strip; the details beside it when they are shown."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self.strip = CandidatesStrip(session)
        self.details = CandidateDetails(session, actions)
        self.order = QComboBox()
        for order, name in (
            (Order.AGE, self.tr("By age")),
            (Order.FAITHFULNESS, self.tr("Faithful first")),
            (Order.CLOSENESS, self.tr("Alike together")),
        ):
            self.order.addItem(name, order)
        self.order.setAccessibleName(self.tr("Order of the candidates"))
        self.order.setToolTip(
            self.tr(
                "How the candidates are sorted. Faithful: how little they differ from the strokes "
                "inside the mask. Alike: each beside the one closest to it, from the chosen one on"
            )
        )
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(SMALLEST, LARGEST)
        self.side.setFixedWidth(90)
        self.side.setAccessibleName(self.tr("Size of the thumbnails"))
        self.side.setToolTip(self.tr("Size of the thumbnails (Ctrl and the wheel)"))
        self.grid = self._toggle(self.tr("Grid"), self.tr("Several lines, or one to be scrolled"))
        self.tells = self._toggle(self.tr("Details"), self.tr("How the chosen one was made"))
        self._lay_out(actions)
        self.order.activated.connect(lambda _row: self._sort())
        self.side.valueChanged.connect(self.strip.resize_thumbnails)
        self.strip.resized_by_wheel.connect(self.side.setValue)
        self.grid.toggled.connect(self.strip.show_as_grid)
        self.tells.toggled.connect(self._open_details)
        self.strip.shown.connect(self._show_details)
        self.details.hide()
        self.strip.addActions([actions[name] for name in _MENU.split()])
        self._recolor()

    def restore(self, settings: Settings) -> None:
        """Restores the layout from the settings."""
        self.side.setValue(settings.thumbnail_size)
        self.grid.setChecked(settings.candidates_in_grid)
        self.strip.show_as_grid(settings.candidates_in_grid)
        self.tells.setChecked(settings.candidate_details)
        self.order.setCurrentIndex(self.order.findData(Order(settings.candidate_order)))
        self._sort()

    def kept(self, settings: Settings) -> Settings:
        """The settings with the current layout."""
        return replace(
            settings,
            thumbnail_size=self.side.value(),
            candidates_in_grid=self.grid.isChecked(),
            candidate_details=self.tells.isChecked(),
            candidate_order=self.order.currentData().value,
        )

    def changeEvent(self, event: QEvent) -> None:
        """Redraws the icons when the theme changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self._recolor()
        super().changeEvent(event)

    def _recolor(self) -> None:
        self.grid.setIcon(icon("grid", self.palette()))
        self.tells.setIcon(icon("details", self.palette()))

    def _lay_out(self, actions: Actions) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 2, 6, 0)
        bar.setSpacing(2)
        for name in _BUTTONS.split():
            bar.addWidget(_line() if name == "|" else _button(actions, name))
        bar.addStretch()
        for widget in (self.order, self.side, self.grid, self.tells):
            bar.addWidget(widget)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.strip, 1)
        below.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(below, 1)

    def _toggle(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setIconSize(_ICON)
        button.setAccessibleName(name)
        button.setToolTip(f"<b>{name}</b><br>{tip}")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _sort(self) -> None:
        slot = self.strip.chosen_slot()
        self.strip.strip.ordering.choose(self.order.currentData(), slot.id if slot else -1)

    def _open_details(self, wanted: bool) -> None:
        self.details.setVisible(wanted)
        self._show_details()

    def _show_details(self) -> None:
        if self.tells.isChecked():
            self.details.show_slot(self.strip.shown_slot())


def _button(actions: Actions, name: str) -> QToolButton:
    button = button_for(actions[name])
    button.setIconSize(_ICON)
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    return line
