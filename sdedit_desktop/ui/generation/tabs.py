"""The two sides of making candidates: what with, and what of it is under way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.generation.params_panel import ParamsPanel
from sdedit_desktop.ui.generation.queue_panel import QueuePanel


class GenerationTabs(QTabWidget):
    """Parameters and queue behind one another; the tab tells how many jobs there are to do."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._jobs = session.jobs
        self.params = ParamsPanel(session, actions)
        self.queue = QueuePanel(session.jobs)
        area = QScrollArea()
        area.setWidget(self.params)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.addTab(area, self.tr("Parameters"))
        self.addTab(self.queue, "")
        self.tabBar().setAccessibleName(self.tr("Parameters or jobs"))
        session.jobs.queue_changed.connect(self._count)
        self._count()

    def recolor(self) -> None:
        """Draws the icons in the present colours."""
        self.params.recolor()
        self.queue.recolor()

    def _count(self) -> None:
        to_do = len(self._jobs.waiting) + (self._jobs.running is not None)
        self.setTabText(1, self.tr("Jobs ({0})").format(to_do) if to_do else self.tr("Jobs"))
