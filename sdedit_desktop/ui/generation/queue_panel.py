"""The queue panel: running, waiting and finished jobs."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.jobs import Job, JobQueue, JobState
from sdedit_desktop.ui.generation.job_status import RetryButtons
from sdedit_desktop.ui.generation.job_text import job_in_words, state_in_words
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.icons import icon

_Index = QModelIndex | QPersistentModelIndex
_ROW, _BAR, _DOT = 42, 3, 8
_RED, _GREEN = QColor(214, 84, 74), QColor(92, 158, 98)

JobRole = Qt.ItemDataRole.UserRole


class JobsModel(QAbstractListModel):
    """Presents a queue: the running job, waiting ones, then finished ones, latest first."""

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = jobs
        self._rows: list[Job] = []
        jobs.queue_changed.connect(self._list)
        jobs.changed.connect(self._change)
        self._list()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Description and progress of the job, and the job itself."""
        if not index.isValid():
            return None
        job = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return job_in_words(job)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = job_in_words(job), state_in_words(job), *map(localized, job.notes)
            return "\n".join(lines)
        return job if role == JobRole else None

    def row_of(self, job: Job | None) -> int:
        """The row of a job; -1 if it is not listed."""
        return next((row for row, other in enumerate(self._rows) if other is job), -1)

    def _list(self) -> None:
        queue = self._queue
        running = [queue.running] if queue.running else []
        self.beginResetModel()
        self._rows = [*running, *queue.waiting, *reversed(queue.ended)]
        self.endResetModel()

    def _change(self, job: Job) -> None:
        row = self.row_of(job)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


class JobDelegate(QStyledItemDelegate):
    """Draws a job in two lines, with a dot for its state and a progress bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws a job."""
        job: Job = index.data(JobRole)
        box: QRect = option.rect
        colors: QPalette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(box, colors.color(QPalette.ColorRole.Highlight))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_dot_color(job, colors))
        painter.drawEllipse(box.left() + 9, box.top() + 9, _DOT, _DOT)
        text = box.adjusted(26, 4, -8, -6)
        painter.setPen(colors.color(ink))
        cut = Qt.TextElideMode.ElideRight
        title = option.fontMetrics.elidedText(job_in_words(job), cut, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, title)
        small = painter.font()
        small.setPointSizeF(max(small.pointSizeF() * 0.85, 6.0))
        painter.setFont(small)
        painter.setOpacity(0.8)
        state = painter.fontMetrics().elidedText(state_in_words(job), cut, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, state)
        painter.setOpacity(1.0)
        if job.state is JobState.RUNNING and job.progress:
            share = job.progress.done / max(job.progress.total, 1)
            bar = QRect(box.left(), box.bottom() - _BAR + 1, box.width(), _BAR)
            painter.fillRect(bar, colors.color(QPalette.ColorRole.Dark))
            bar.setWidth(round(box.width() * share))
            role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Accent
            painter.fillRect(bar, colors.color(role))
        painter.restore()


class JobList(QListView):
    """The list; shows a placeholder text while it is empty."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            words = self.tr("Nothing to do. Generate queues a job; go on painting meanwhile.")
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(12, 0, -12, 0), flags, words)
            painter.end()


class QueuePanel(QWidget):
    """The list of jobs, and buttons for the selected one."""

    def __init__(self, jobs: JobQueue) -> None:
        super().__init__()
        self._jobs = jobs
        self.model = JobsModel(jobs, self)
        self.list = JobList()
        self.list.setModel(self.model)
        self._delegate = JobDelegate(self)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(self.tr("Jobs"))
        self.list.setToolTip(self.tr("What is being made, what waits, and what became of the rest"))
        self._kept: Job | None = None
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName(self.tr("What became of the job"))
        self.retry_options = RetryButtons(jobs)
        self.cancel = self._button(
            self.tr("Cancel"), self.tr("Take the chosen job out of the queue, or stop it now (Del)")
        )
        self.cancel.clicked.connect(self._cancel)
        self.clear = self._button(
            self.tr("Clear"), self.tr("Take what has ended off the list; candidates stay")
        )
        self.clear.clicked.connect(jobs.forget_ended)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._cancel)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(lambda now, _: self._choose(now))
        self.model.modelReset.connect(self._restore)
        jobs.changed.connect(lambda _job: self._show())
        self._restore()
        self.recolor()

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        self.cancel.setIcon(icon("stop", self.palette()))
        self.clear.setIcon(icon("discard", self.palette()))

    def chosen(self) -> Job | None:
        """The selected job."""
        job: Job | None = self.list.currentIndex().data(JobRole)
        return job

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.cancel)
        row.addWidget(self.retry_options)
        row.addStretch()
        row.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.addWidget(self.list, 1)
        column.addWidget(self.sentence)
        column.addLayout(row)

    def _cancel(self) -> None:
        job = self.chosen()
        if job is not None and not job.state.is_final:
            self._jobs.cancel(job)
            self._show()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self._kept = index.data(JobRole)
        self._show()

    def _restore(self) -> None:
        """Restores the selection; selects the first row if the job is gone."""
        row = max(0, self.model.row_of(self._kept))
        self.list.setCurrentIndex(self.model.index(row))
        self._show()

    def _show(self) -> None:
        job = self.chosen()
        self.cancel.setEnabled(job is not None and not job.state.is_final)
        self.clear.setEnabled(bool(self._jobs.ended))
        self.retry_options.show_for(job)
        failed = job is not None and job.state is JobState.FAILED
        self.sentence.setText(state_in_words(job) if job and failed else "")
        self.sentence.setVisible(failed)


def _dot_color(job: Job, colors: QPalette) -> QColor:
    match job.state:
        case JobState.RUNNING:
            return colors.color(QPalette.ColorRole.Accent)
        case JobState.FAILED:
            return _RED
        case JobState.FINISHED:
            return _GREEN
        case _:
            return colors.color(QPalette.ColorRole.PlaceholderText)
