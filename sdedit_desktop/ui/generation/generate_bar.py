"""Buttons to start and stop generation, and its progress; always visible."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.cost import seen_rect
from sdedit_desktop.editing.document_requests import context_side
from sdedit_desktop.editing.photograph_memory import expected_bytes
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.generation.job_status import JobStatus
from sdedit_desktop.ui.translation import MUCH_MEMORY_BYTES, format_number, short_duration
from sdedit_desktop.ui.widgets.icons import pixmap


class GenerateBar(QWidget):
    """The buttons *Generate*, *Stop* and *Live* above the progress."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self.generate, self.stop, self._live = QToolButton(), QToolButton(), QToolButton()
        generate = actions["generate"]  # its button has an icon of its own, on colour
        self._tip = generate.toolTip()
        self.generate.clicked.connect(generate.trigger)
        self.stop.setDefaultAction(actions["stop"])
        session.document_replaced.connect(lambda: self.status.start_anew())
        self.stop.addActions([actions["finish_this_one"], actions["skip"]])
        self.stop.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        for button, name in ((self.generate, "generate"), (self.stop, "stop")):
            button.setAccessibleName(actions[name].text())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(30)
            button.setObjectName(f"{name}_button")
        self._live.setDefaultAction(actions["live"])
        self._live.setAccessibleName(actions["live"].text())
        self.status = JobStatus(session.jobs)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.generate, 2)
        row.addWidget(self.stop, 1)
        row.addWidget(self._live)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 2)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.status)
        self._session = session
        session.params_changed.connect(self._show_cost)
        session.document_replaced.connect(self._show_cost)
        session.document_changed.connect(self._follow)
        session.costs.changed.connect(self._show_cost)
        session.facts_changed.connect(self._show_cost)
        self._show_cost()
        self.recolor()

    def _follow(self, change: Change) -> None:
        if change.is_step:
            self._show_cost()

    def _show_cost(self) -> None:
        """Shows on the button how many candidates will be made, and how long they take."""
        params = self._session.params
        count = len(params.seeds)
        facts = self._session.facts.get(params.model)
        rect = seen_rect(self._session.document, context_side(facts))
        seconds = self._session.costs.seconds(params, rect, facts)
        if seconds is None:
            text = self.tr("Generate ({0})").format(count)
        else:
            text = self.tr("Generate ({0} · about {1})").format(count, short_duration(seconds))
        self.generate.setText(text)
        tip = self._tip
        needed = expected_bytes(params, rect, self._session.document.rect)
        if facts:
            learned = facts.memory_bytes(params.precision)
            needed = learned if needed is None else round(needed * facts.memory_ratio)
        if needed is not None and needed >= MUCH_MEMORY_BYTES:
            gigabytes = format_number(needed / 1e9, 1)
            tip += "<br>" + self.tr("Needs about {0} GB of memory.").format(gigabytes)
        self.generate.setToolTip(tip)

    def recolor(self) -> None:
        """Redraws the icon in the current colours of the window."""
        white = self.palette().color(QPalette.ColorRole.HighlightedText)
        self.generate.setIcon(QIcon(pixmap("generate", white, 24)))
