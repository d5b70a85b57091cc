"""What can be done about a job that was not done, a button each."""

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from sdedit_desktop.editing.jobs import Job, JobQueue
from sdedit_desktop.editing.retry import RetryOption, apply_retry, retry_options


class RetryButtons(QWidget):
    """Offers what helps a job; hidden if nothing does."""

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
        for remedy, (text, tip) in texts.items():
            button = QToolButton()
            button.setObjectName("framed")
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, remedy=remedy: self._try(remedy))
            self.buttons[remedy] = button
            row.addWidget(button)
        row.addStretch()
        self.hide()

    def show_for(self, job: Job | None) -> None:
        """Offers what helps this job."""
        self._job = job
        offered = retry_options(job) if job else ()
        for remedy, button in self.buttons.items():
            button.setVisible(remedy in offered)
        self.setVisible(bool(offered))

    def _try(self, remedy: RetryOption) -> None:
        if self._job is not None:
            self._jobs.submit(apply_retry(self._job.request, remedy))
