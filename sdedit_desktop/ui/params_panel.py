"""What the next candidates are made with, and the button that makes them."""

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing import models
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import SOLVERS, EditParams, ModelFacts
from sdedit_desktop.editing.session import MOST_SEED, Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.icons import icon, pixmap
from sdedit_desktop.ui.language import told
from sdedit_desktop.ui.sliders import ValueSlider

SANE_T0 = (0.3, 0.6)
_MOST_CANDIDATES = 64
_SOLVER_NAMES = {
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m": "DPM++ 2M",
    "sa_solver": "SA-Solver",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "ddpm_large": "DDPM, large variance",
    "euler_maruyama": "Euler-Maruyama",
    "heun": "Heun",
    "paper": "SDEdit, the paper's algorithm",
    "reference": "SDEdit, the published program",
}


class ModelBox(QComboBox):
    """A list of models that says when it is opened, so that somebody can look at them."""

    opened = Signal()

    def showPopup(self) -> None:
        """Opens the list."""
        self.opened.emit()
        super().showPopup()


class ParamsPanel(QWidget):
    """Shows and sets ``session.params``; starts and stops jobs; tells how far they are."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self._make_fields()
        self._make_seed_row()
        self._make_progress(actions)
        self._lay_out()
        session.params_changed.connect(self._show)
        session.jobs.changed.connect(self._follow)
        session.facts_changed.connect(self._show_facts)
        self.show_models()
        self._show()
        self.recolor()

    def recolor(self) -> None:
        """Draws the icons in the present colours."""
        self._dice.setIcon(icon("dice", self.palette()))
        white = self.palette().color(QPalette.ColorRole.HighlightedText)
        self._generate.setIcon(QIcon(pixmap("generate", white, 24)))
        self._show_lock(self._lock.isChecked())

    def show_models(self) -> None:
        """Lists the models that are on this computer now."""
        blocked = self.model.blockSignals(True)
        self.model.clear()
        self.model.addItems(list(models.found()))
        if self.model.count() == 0:
            self.model.setPlaceholderText(self.tr("No model found"))
        self.model.setCurrentText(self._session.params.model)
        self.model.blockSignals(blocked)

    def _make_fields(self) -> None:
        self.model = ModelBox()
        _introduce(self.model, self.tr("Model"), self.tr("The network that paints"))
        self.model.textActivated.connect(lambda name: self._change(model=name))
        self.t0 = ValueSlider(self.tr("Strength t0"), 0.05, 1.0, decimals=2)
        self.t0.marks = SANE_T0
        self.t0.setToolTip(
            self.tr(
                "How much noise is put over the strokes before the model takes it away again.<br>"
                "Little keeps them faithfully, much makes them realistic; the marked range from "
                "0.3 to 0.6 is usually right."
            )
        )
        self.t0.value_changed.connect(lambda t0: self._change(t0=t0))
        self.own_time = QLabel()
        self.own_time.setAccessibleName(self.tr("What t0 means to this model"))
        self.own_time.setToolTip(
            self.tr(
                "The noise-to-signal ratio that t0 stands for, the same on every model, and the "
                "model's own time at which it is reached"
            )
        )
        self.calls = self._number(self.tr("Steps"), 1, 1000, "calls")
        self.calls.setToolTip(self.tr("Network calls for each candidate: more is slower and finer"))
        self.repeats = self._number(self.tr("Repeats"), 1, 20, "repeats")
        self.repeats.setToolTip(self.tr("How often the whole descent is run, each time anew"))
        self.count = QSpinBox()
        self.count.setRange(1, _MOST_CANDIDATES)
        _introduce(self.count, self.tr("Candidates"), self.tr("How many pictures to choose from"))
        self.count.valueChanged.connect(self._set_seeds)
        self.solver = QComboBox()
        _introduce(
            self.solver, self.tr("Solver"), self.tr("How the noise is taken away, step by step")
        )
        for name in SOLVERS:
            self.solver.addItem(_SOLVER_NAMES.get(name, name), name)
        for box in (self.model, self.solver):  # a long name shall not widen the panel
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
        self.solver.activated.connect(lambda _: self._change(solver=self.solver.currentData()))

    def _make_seed_row(self) -> None:
        self.seed = QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        self.seed.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        _introduce(
            self.seed,
            self.tr("Seed"),
            self.tr("The number that chance starts from; the same seed gives the same picture"),
        )
        self.seed.valueChanged.connect(self._set_seeds)
        self._dice, self._lock = QToolButton(), QToolButton()
        _introduce(self._dice, self.tr("New seed"), self.tr("Roll another seed now"))
        self._dice.clicked.connect(self._session.draw_seeds)
        self._lock.setCheckable(True)
        _introduce(
            self._lock,
            self.tr("Keep the seed"),
            self.tr("Keep this seed; when unlocked, each Generate rolls a new one"),
        )
        self._lock.toggled.connect(self._keep_seed)

    def _make_progress(self, actions: Actions) -> None:
        self._generate, self._stop = QToolButton(), QToolButton()
        generate = actions["generate"]  # its button has an icon of its own, on colour
        self._generate.setText(generate.text())
        self._generate.setToolTip(generate.toolTip())
        self._generate.clicked.connect(generate.trigger)
        self._stop.setDefaultAction(actions["stop"])
        self._stop.addActions([actions["finish_this_one"], actions["skip"]])
        self._stop.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        for button, name in ((self._generate, "generate"), (self._stop, "stop")):
            button.setAccessibleName(actions[name].text())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(34)
            button.setObjectName(f"{name}_button")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        _introduce(self.progress, self.tr("Progress"), self.tr("How far the candidates are"))
        self.status = QLabel(self.tr("Ready"))
        self.status.setWordWrap(True)
        self.status.setAccessibleName(self.tr("State of the work"))

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        ends.addWidget(_small(QLabel(self.tr("faithful"))))
        ends.addStretch()
        ends.addWidget(_small(QLabel(self.tr("realistic"))))
        strength = QVBoxLayout()
        strength.setSpacing(1)
        strength.addWidget(self.t0)
        strength.addLayout(ends)
        strength.addWidget(_small(self.own_time), alignment=Qt.AlignmentFlag.AlignHCenter)
        seed = QHBoxLayout()
        seed.setSpacing(2)
        for widget in (self.seed, self._dice, self._lock):
            seed.addWidget(widget)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Model"), self.model)
        form.addRow(strength)
        form.addRow(self.tr("Candidates"), self.count)
        form.addRow(self.tr("Seed"), seed)
        form.addRow(self.tr("Steps"), self.calls)
        form.addRow(self.tr("Repeats"), self.repeats)
        form.addRow(self.tr("Solver"), self.solver)
        buttons = QHBoxLayout()
        buttons.addWidget(self._generate, 2)
        buttons.addWidget(self._stop, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.status)
        column.addStretch()

    def _number(self, name: str, low: int, high: int, field: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(low, high)
        box.setAccessibleName(name)
        box.valueChanged.connect(lambda value: self._change(**{field: value}))
        return box

    def _change(self, **values: object) -> None:
        self._session.change_params(_changed(self._session.params, values))

    def _set_seeds(self) -> None:
        first = self.seed.value()
        self._change(seeds=tuple(range(first, first + self.count.value())))

    def _keep_seed(self, kept: bool) -> None:
        self._session.keeps_seed = kept
        self._show_lock(kept)

    def _show_lock(self, kept: bool) -> None:
        self._lock.setIcon(icon("lock" if kept else "unlock", self.palette()))

    def _show_facts(self) -> None:
        """Puts the cards into the menu, and t0 into the model's own terms."""
        for row in range(self.model.count()):
            if facts := self._session.facts.get(self.model.itemText(row)):
                self.model.setItemData(row, _card(facts, self.tr), Qt.ItemDataRole.ToolTipRole)
        params = self._session.params
        facts = self._session.facts.get(params.model)
        text = ""
        if facts and not facts.trouble:
            sigma, own_time = facts.at(params.t0)
            text = self.tr("sigma {0:.2f}, own time {1:.3f}").format(sigma, own_time)
        self.own_time.setText(text)

    def _show(self) -> None:
        params = self._session.params
        self._show_facts()
        self._lock.setChecked(self._session.keeps_seed)
        self.t0.show_number(params.t0)
        fields = (
            (self.calls, params.calls),
            (self.repeats, params.repeats),
            (self.count, len(params.seeds)),
            (self.seed, params.seeds[0]),
        )
        for box, value in fields:
            blocked = box.blockSignals(True)
            box.setValue(min(value, box.maximum()))
            box.blockSignals(blocked)
        self.model.setCurrentText(params.model)
        self.solver.setCurrentIndex(self.solver.findData(params.solver))

    def _follow(self, job: Job) -> None:
        """Shows how far a job is, in words."""
        if job.state is JobState.QUEUED:
            return
        waiting = len(self._session.jobs.waiting)
        queued = self.tr(" · %n more waiting", "", waiting) if waiting else ""
        if job.state is JobState.RUNNING:
            self.progress.setRange(0, job.progress.total if job.progress else 0)
            self.progress.setValue(job.progress.done if job.progress else 0)
            self.status.setText(self._running(job) + queued)
        elif self._session.jobs.running is None:
            self.progress.setRange(0, 1)
            self.progress.setValue(int(job.state is JobState.FINISHED))
            self.status.setText(self._ended(job))

    def _running(self, job: Job) -> str:
        notes = "\n".join(["", *map(told, job.notes)])
        if job.progress is None:
            return self.tr("Loading the model…") + notes
        return f"{self._step(job)}{notes}"

    def _step(self, job: Job) -> str:
        assert job.progress is not None
        done, total, left_ms = job.progress.done, job.progress.total, job.progress.remaining_ms
        step = self.tr("Step {0} of {1}").format(done, total)
        return step if left_ms is None else f"{step} · {in_words(left_ms, self.tr)}"

    def _ended(self, job: Job) -> str:
        if job.state is JobState.FAILED:
            return self.tr("Not done: {0}").format(told(job.error or ""))
        if job.state is JobState.CANCELLED:
            return self.tr("Stopped. Finished candidates stay in the strip.")
        return self.tr("Done. Click a candidate to see it, Enter puts it into the picture.")


def in_words(remaining_ms: float, tr: Callable[[str], str]) -> str:
    """A remaining time as one would say it."""
    seconds = remaining_ms / 1000
    if seconds < 2:
        return tr("almost done")
    if seconds < 90:
        return tr("about {0} seconds left").format(max(2, round(seconds)))
    if seconds < 5400:
        return tr("about {0} minutes left").format(round(seconds / 60))
    return tr("about {0} hours left").format(round(seconds / 3600, 1))


def _changed(params: EditParams, values: dict[str, object]) -> EditParams:
    return replace(params, **dict[str, Any](values))


def _card(facts: ModelFacts, tr: Callable[[str], str]) -> str:
    """What is known of a model, a line each."""
    if facts.trouble:
        return told(facts.trouble)
    card = facts.card
    notes = card.get("notes")
    lines = [
        f"{card['name']}: {card['family']}, {card['format']}",
        tr("{parameters:,} parameters, {size} px, predicts {prediction}").format(**card),
        tr("sigma {sigma_min:.4g} to {sigma_max:.4g}").format(**card),
        *(map(told, notes) if isinstance(notes, list) else []),
    ]
    return "<br>".join(map(html.escape, lines))


def _introduce(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)


def _small(label: QLabel) -> QLabel:
    font = label.font()
    font.setPointSizeF(max(font.pointSizeF() * 0.85, 6.0))
    label.setFont(font)
    label.setEnabled(False)
    return label
