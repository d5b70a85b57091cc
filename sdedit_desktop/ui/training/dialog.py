"""The training dialog: starts a training, shows its progress, and uses the model."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.texts import Text
from sdedit_desktop.training import events, resume
from sdedit_desktop.ui.training.form import TrainingForm
from sdedit_desktop.ui.training.process import TrainingProcess
from sdedit_desktop.ui.training.progress_view import LossCurve, SampleSheet
from sdedit_desktop.ui.translation import (
    format_number,
    localized,
    rate_in_words,
    remaining_in_words,
)
from sdedit_desktop.ui.widgets.places import FilePlaces

_MODEL_FILE = "model_index.json"
_SHEET = Path("training") / "samples.png"


class TrainingDialog(QDialog):
    """Not modal; closing it does not stop the training."""

    wanted = Signal(Path, str)
    """A trained model is to be used: its folder and its name."""

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        process: TrainingProcess,
        device: str,
        places: FilePlaces,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Train on a folder"))
        self._session = session
        self._process = process
        self._output: Path | None = None
        self._step = 0
        self._is_stopping = False
        self.form = TrainingForm(device, places)
        self.curve, self.sheet = LossCurve(), SampleSheet()
        self._make_controls()
        self._lay_out()
        self.form.changed.connect(self._show_possible)
        process.reported.connect(self._hear)
        process.ended.connect(self._end)
        session.jobs.changed.connect(lambda _job: self._show_possible())
        self._show_possible()

    def stop(self) -> None:
        """Asks the training to save and stop."""
        if self._process.is_running:
            self._is_stopping = True
            self.state.setText(self.tr("Saving…"))
            self._process.stop()
            self._show_possible()

    def _make_controls(self) -> None:
        self.start_button = self._button("", self.tr("Train, or go on with an earlier training"))
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self._start)
        self.stop_button = self._button(
            self.tr("Stop"), self.tr("Save everything and stop; it can be resumed")
        )
        self.stop_button.clicked.connect(self.stop)
        self.use_button = self._button(
            self.tr("Use this model"), self.tr("Copy the model as it is now into your own models")
        )
        self.use_button.clicked.connect(self._use)
        self.close_button = self._button(
            self.tr("Close"), self.tr("Close this window; a training goes on")
        )
        self.close_button.clicked.connect(self.close)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.progress.setToolTip(self.tr("How much of the time is over"))
        self.state = QLabel(self.tr("Not started."))
        self.state.setWordWrap(True)
        self.state.setAccessibleName(self.tr("State of the training"))
        self.slow = QLabel(self.tr("Candidates are being made as well: both are slower for it."))
        self.slow.setWordWrap(True)
        self.slow.setAccessibleName(self.tr("Two things at once"))
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.hide()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.start_button, self.stop_button):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.use_button, self.close_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addWidget(self.progress)
        column.addWidget(self.state)
        column.addWidget(self.slow)
        column.addWidget(self.notes)
        column.addWidget(self.curve, 1)
        column.addWidget(self.sheet, 2)
        column.addLayout(buttons)
        self._results: tuple[QWidget, ...] = (self.progress, self.curve, self.sheet)
        for part in self._results:
            part.hide()  # until there is something in them
        self.resize(600, self.sizeHint().height())

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    def _start(self) -> None:
        try:
            words = self.form.words()
        except AppError as error:
            self.state.setText(localized(error))
            return
        self._output = self.form.output
        self._step = 0
        self.curve.clear()
        self.notes.hide()
        self.sheet.show_file(self._output / _SHEET)
        self.progress.setRange(0, 0)
        self.state.setText(self.tr("Starting…"))
        self._process.start(words)
        for part in self._results:
            part.show()
        self.resize(max(self.width(), 600), max(self.height(), 760))
        self._show_possible()

    def _hear(self, event: events.TrainingEvent) -> None:
        match event:
            case events.Started():
                self.state.setText(
                    self.tr("{0} photographs are learned, {1} are kept apart. On {2}.").format(
                        event.photographs, event.held_out, event.device
                    )
                )
            case events.Progress():
                self._step = event.step
                self.curve.add(event.step, event.loss)
                if not self._is_stopping:
                    self._show_progress(event)
            case events.Saved():
                self._show_possible()
            case events.Shown():
                self.sheet.show_file(Path(event.sheet))
            case events.Note():
                self.notes.setText(localized(Text(event.sentence, *event.values)))
                self.notes.show()

    def _show_progress(self, progress: events.Progress) -> None:
        parts = [self.tr("Step {0}").format(progress.step)]
        if progress.loss is not None:
            parts.append(self.tr("loss {0}").format(format_number(progress.loss, 3)))
        parts.append(rate_in_words(progress.steps_per_s))
        if progress.remaining_s is None:
            self.progress.setRange(0, 0)
        else:
            self.progress.setRange(0, max(1, round(progress.elapsed_s + progress.remaining_s)))
            self.progress.setValue(round(progress.elapsed_s))
            parts.append(remaining_in_words(1000 * progress.remaining_s))
        parts.append(self.tr("next save in {0:.0f} s").format(progress.next_save_s))
        self.state.setText(" · ".join(parts))

    def _end(self, error: AppError | None) -> None:
        self._is_stopping = False
        self.progress.setRange(0, 1)
        self.progress.setValue(0 if error else 1)
        if error is not None:
            self.state.setText(self.tr("Not done: {0}").format(localized(error)))
        else:
            self.state.setText(
                self.tr("Done after {0} steps. All is saved, and can be resumed.").format(
                    self._step
                )
            )
        self.form.list_trainings()
        self._show_possible()

    def _use(self) -> None:
        output = self.form.output
        self.wanted.emit(output, f"{output.name} {resume.saved_steps(output)}")

    def _show_possible(self) -> None:
        """Enables what is possible now."""
        is_running = self._process.is_running
        self.form.setEnabled(not is_running)
        self.form.start.setEnabled(not self.form.resumes)
        self.start_button.setText(
            self.tr("Resume") if self.form.resumes and not is_running else self.tr("Start")
        )
        self.start_button.setAccessibleName(self.start_button.text())
        self.start_button.setEnabled(not is_running)
        self.stop_button.setEnabled(is_running and not self._is_stopping)
        self.use_button.setEnabled(self.form.resumes and (self.form.output / _MODEL_FILE).is_file())
        self.slow.setVisible(is_running and self._session.jobs.running is not None)
