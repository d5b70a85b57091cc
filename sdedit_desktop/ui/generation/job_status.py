"""Progress of the running job, and retry buttons when it failed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from sdedit_desktop.editing.jobs import Job, JobQueue, JobState
from sdedit_desktop.editing.retry import RetryOption, apply_retry, retry_options
from sdedit_desktop.ui.generation.job_text import progress_in_words
from sdedit_desktop.ui.translation import error_in_words, localized


class JobStatus(QWidget):
    """Shows the running job, or the last one when nothing runs.

    Attributes:
        model_offered: The user chose another model, by its id, that may do better.
    """

    model_offered = Signal(str)

    def __init__(self, jobs: JobQueue) -> None:
        super().__init__()
        self._jobs = jobs
        self._latest = self._forgotten = 0
        self._offered = ""
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setToolTip(self.tr("How far the candidates are"))
        self.text = QLabel(self.tr("Ready"))
        self.text.setWordWrap(True)
        self.text.setAccessibleName(self.tr("State of the work"))
        self.retry_options = RetryButtons(jobs)
        self.offer = QToolButton()
        self.offer.setObjectName("framed")
        self.offer.setText(self.tr("Use other photographs as well"))
        self.offer.setAccessibleName(self.offer.text())
        self.offer.setToolTip(self.tr("Choose that model and generate again"))
        self.offer.clicked.connect(lambda: self.model_offered.emit(self._offered))
        self.offer.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.bar)
        column.addWidget(self.text)
        column.addWidget(self.retry_options)
        column.addWidget(self.offer)
        jobs.changed.connect(self._follow)

    def start_anew(self) -> None:
        """Clears the state when another document is opened."""
        self._forgotten = self._latest
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        self.text.setText(self.tr("Ready"))
        self.retry_options.show_for(None)
        self.offer.hide()

    def _follow(self, job: Job) -> None:
        self._latest = max(self._latest, job.id)
        if job.state is JobState.QUEUED or job.id <= self._forgotten:
            return
        if job.state is JobState.RUNNING or self._jobs.running is None:
            self._offered = job.offered_model
            self.offer.setVisible(bool(self._offered))
        if job.state is JobState.RUNNING:
            self.bar.setRange(0, job.progress.total if job.progress else 0)
            self.bar.setValue(job.progress.done if job.progress else 0)
            self.text.setText(self._running(job))
            self.retry_options.show_for(None)
        elif self._jobs.running is None:
            self.bar.setRange(0, 1)
            self.bar.setValue(int(job.state is JobState.FINISHED))
            self.text.setText(self._ended(job))
            self.retry_options.show_for(job if job.state is JobState.FAILED else None)

    def _running(self, job: Job) -> str:
        if job.cancel.is_stopped:
            return self.tr("Stopping…")
        waiting = len(self._jobs.waiting)
        queued = self.tr(" · %n more waiting", "", waiting) if waiting else ""
        lines = [progress_in_words(job.progress) + queued, *map(localized, job.notes)]
        return "\n".join(lines)

    def _ended(self, job: Job) -> str:
        if job.state is JobState.FAILED:
            return self.tr("Not done: {0}").format(error_in_words(job.error))
        if job.state is JobState.CANCELLED:
            return self.tr("Stopped. What was reached stays in the strip.")
        if job.offered_model:  # what the offer is about takes the room
            return "\n".join([self.tr("Done."), *map(localized, job.notes)])
        return self.tr("Done. Click a candidate to see it, Enter puts it into the picture.")


class RetryButtons(QWidget):
    """Buttons to retry a failed job in another way; hidden if there is none."""

    def __init__(self, jobs: JobQueue) -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        texts = {
            RetryOption.SMALLER: (
                self.tr("Smaller"),
                self.tr("Try again with half the width and height for the model to see"),
            ),
            RetryOption.FEWER: (
                self.tr("Fewer"),
                self.tr("Try again with half as many candidates"),
            ),
            RetryOption.AGAIN: (self.tr("Try again"), self.tr("Queue the same job once more")),
        }
        self.buttons: dict[RetryOption, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for option, (text, tip) in texts.items():
            button = QToolButton()
            button.setObjectName("framed")
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, option=option: self._try(option))
            self.buttons[option] = button
            row.addWidget(button)
        row.addStretch()
        self.hide()

    def show_for(self, job: Job | None) -> None:
        """Shows the retry options of a job."""
        self._job = job
        offered = retry_options(job) if job else ()
        for option, button in self.buttons.items():
            button.setVisible(option in offered)
        self.setVisible(bool(offered))

    def _try(self, option: RetryOption) -> None:
        if self._job is not None:
            self._jobs.submit(apply_retry(self._job.request, option), self._job.context)
