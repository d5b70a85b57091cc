"""The generation panel: tabs for parameters and queue, above the buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.generation.generate_bar import GenerateBar
from sdedit_desktop.ui.generation.params_panel import ParamsPanel
from sdedit_desktop.ui.generation.queue_panel import QueuePanel


class GenerationTabs(QWidget):
    """Tabs for parameters and queue; the latter shows the number of open jobs.

    In a low window only the tabs shrink: the bar below them never scrolls.
    """

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._jobs = session.jobs
        self.params = ParamsPanel(session, actions)
        self.queue = QueuePanel(session.jobs)
        self.bar = GenerateBar(session, actions)
        self.bar.status.model_offered.connect(self.params.presets.choose_model)
        self.bar.status.model_offered.connect(lambda _model: actions["generate"].trigger())
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(self.params)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.addTab(self.scroll_area, self.tr("Parameters"))
        self.tabs.addTab(self.queue, "")
        self.tabs.tabBar().setAccessibleName(self.tr("Parameters or jobs"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.bar)
        session.jobs.queue_changed.connect(self._count)
        self._count()

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        self.params.recolor()
        self.queue.recolor()
        self.bar.recolor()

    def _count(self) -> None:
        to_do = len(self._jobs.waiting) + (self._jobs.running is not None)
        text = self.tr("Jobs ({0})").format(to_do) if to_do else self.tr("Jobs")
        self.tabs.setTabText(1, text)
