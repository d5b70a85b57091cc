"""The parameters panel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing.presets import MOST_CANDIDATES
from sdedit_desktop.editing.request import (
    AUTOMATIC,
    DETAILS,
    DEVICES,
    PRECISIONS,
    SOLVERS,
    EditParams,
)
from sdedit_desktop.editing.session import MOST_SEED, Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.generation.model_box import ModelBox
from sdedit_desktop.ui.generation.preset_menu import PresetMenu
from sdedit_desktop.ui.generation.words_box import WordsBox
from sdedit_desktop.ui.translation import device_name, format_number, precision_name, solver_name
from sdedit_desktop.ui.widgets.icons import icon
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

SANE_T0 = (0.3, 0.6)
_NARROW = 50


class ParamsPanel(QWidget):
    """Edits ``session.params``."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self.presets = PresetMenu(session)
        self.model = ModelBox(session)
        self.model.chosen.connect(self.presets.choose_model)
        self.words = WordsBox(session)
        self.words.corrected.connect(lambda model: self.model.wanted.emit([model]))
        self._make_strength(actions)
        self._make_fields()
        self._make_seed_row()
        self._make_more()
        self._lay_out()
        session.params_changed.connect(self._show)
        session.facts_changed.connect(self._explain_t0)
        session.facts_changed.connect(self._show_precision)
        session.params_changed.connect(self._show_precision)
        self._show()
        self.recolor()

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        self._dice.setIcon(icon("dice", self.palette()))
        self._show_lock(self._lock.isChecked())

    def _make_strength(self, actions: Actions) -> None:
        self.t0 = ValueSlider(self.tr("Strength t0"), 0.05, 1.0, decimals=2)
        self.t0.marks = SANE_T0
        self.t0.value_changed.connect(lambda t0: self._change(t0=t0))
        self.colours = ValueSlider(self.tr("Colours"), 0, 100, unit=" %")
        self.colours.setAccessibleName(self.tr("Keep colours"))
        self.colours.setToolTip(
            self.tr(
                "How much of the drift of large areas away from the colours that were painted is "
                "taken back. 0 % is SDEdit as published; at 100 % all candidates have the same "
                "colours."
            )
        )
        self.colours.value_changed.connect(lambda share: self._change(colours_kept=share / 100))
        self._faithful = _following_button(actions["more_faithful"])
        self._realistic = _following_button(actions["more_realistic"])

    def _make_fields(self) -> None:
        self.count = QSpinBox()
        self.count.setRange(1, MOST_CANDIDATES)
        _introduce(self.count, self.tr("Candidates"), self.tr("How many pictures to choose from"))
        self.count.valueChanged.connect(self._set_seeds)
        self.calls = self._number(self.tr("Steps"), 1000, "calls")
        self.calls.setToolTip(self.tr("Network calls for each candidate: more is slower and finer"))
        self.repeats = self._number(self.tr("Repeats"), 20, "repeats")
        self.repeats.setToolTip(self.tr("Number of passes; each starts from the previous result"))
        self.resamplings = self._number(self.tr("Resampling"), 20, "resamplings")
        self.resamplings.setToolTip(
            self.tr("How often each step is made again to harmonise the seam; 1 is never")
        )
        self.solver = self._choice({name: solver_name(name) for name in SOLVERS}, "solver")
        _introduce(
            self.solver, self.tr("Solver"), self.tr("How the noise is taken away, step by step")
        )
        names = {precision: precision_name(precision) for precision in PRECISIONS}
        self.precision = self._choice(names, "precision")
        _introduce(
            self.precision,
            self.tr("Precision"),
            self.tr(
                "Numeric precision. Automatic is bf16 where the device is made for it and the "
                "model errs by less than 2 % in it, else fp32. fp32 is exact: no TF32 on cards."
            ),
        )
        sides = (self.tr("{0} px").format(side) for side in DETAILS[1:-1])
        details = self.tr("Model's own size"), *sides, self.tr("Full")
        self.detail = self._choice(dict(zip(DETAILS, details, strict=True)), "detail")
        _introduce(
            self.detail,
            self.tr("Detail"),
            self.tr(
                "Up to which size the detail of photographs is worked out inside the mask: as "
                "sharp as what is beside it, but slower the larger it is"
            ),
        )
        self.device = self._choice({device: device_name(device) for device in DEVICES}, "device")
        _introduce(self.device, self.tr("Device"), self.tr("Where the model runs"))

    def _make_seed_row(self) -> None:
        self.seed = QSpinBox()
        self.seed.setRange(0, MOST_SEED)
        self.seed.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        _introduce(
            self.seed,
            self.tr("Seed"),
            self.tr("Random seed: the same seed gives the same picture"),
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

    def _make_more(self) -> None:
        self.more = QToolButton()
        self.more.setCheckable(True)
        _introduce(self.more, self.tr("More"), self.tr("Repeats, solver, precision, device"))
        self.more.setText(self.more.accessibleName())
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._unfold)

    def _lay_out(self) -> None:
        self._rare = QWidget()
        rare = _grid()
        rare.setContentsMargins(0, 0, 0, 0)
        self._rare.setLayout(rare)
        rows = (
            (self.repeats, self.resamplings),
            (self.precision, self.device),
        )
        for row, fields in enumerate(rows):
            _add_row(rare, row, *fields)
        rare.addWidget(QLabel(self.solver.accessibleName()), len(rows), 0)
        rare.addWidget(self.solver, len(rows), 1, 1, 2)
        seed = QHBoxLayout()
        seed.setSpacing(0)
        seed.addWidget(self.seed, 1)
        seed.addWidget(self._dice)
        seed.addWidget(self._lock)
        grid = _grid()
        _add_row(grid, 0, self.count, self.seed, seed)
        _add_row(grid, 1, self.calls, self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 2)
        column.setSpacing(2)
        column.addLayout(_row((self.presets, 1), (self.model, 1)))
        column.addWidget(self.words)
        column.addLayout(_row((self.t0, 2), (self.colours, 1)))
        column.addLayout(_row((self._faithful, 1), (self._realistic, 1), (self.more, 0)))
        column.addLayout(grid)
        column.addWidget(self._rare)
        column.addStretch()
        self._unfold(False)

    def _unfold(self, unfolded: bool) -> None:
        """Shows or hides advanced parameters."""
        self._rare.setVisible(unfolded)
        self.more.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)

    def _number(self, name: str, most: int, field: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, most)
        box.setAccessibleName(name)
        box.valueChanged.connect(lambda value: self._change(**{field: value}))
        return box

    def _choice(self, names: Mapping[str, str], field: str) -> QComboBox:
        box = QComboBox()
        for value, name in names.items():
            box.addItem(name, value)
        box.activated.connect(lambda _: self._change(**{field: box.currentData()}))
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

    def _explain_t0(self) -> None:
        """Explains t0 in the tooltip, in general and in the model's own terms."""
        params = self._session.params
        facts = self._session.facts.get(params.model)
        text = self.tr(
            "How much noise is put over the strokes before the model takes it away again.<br>"
            "Little keeps them faithfully, much makes them realistic; the marked range from "
            "0.3 to 0.6 is usually right."
        )
        if facts and not facts.trouble:
            sigma, own_time = facts.at(params.t0)
            text += "<br>" + self.tr("A noise-to-signal ratio (sigma) of {0}.").format(
                format_number(sigma, 2)
            )
            if "pictures" not in facts.card:  # models made of photographs have no time
                text += " " + self.tr("The model's own time: {0}.").format(
                    format_number(own_time, 3)
                )
        self.t0.setToolTip(text)

    def _show_precision(self) -> None:
        """Says what "automatic" is with this model, once that is known."""
        facts = self._session.facts.get(self._session.params.model)
        used = facts.card.get("precision") if facts else None
        name = self.tr("Automatic ({0})").format(used) if used else precision_name(AUTOMATIC)
        self.precision.setItemText(0, name)

    def _show(self) -> None:
        params = self._session.params
        self._explain_t0()
        self._lock.setChecked(self._session.keeps_seed)
        self.t0.show_number(params.t0)
        self.colours.show_number(100 * params.colours_kept)
        numbers = (
            (self.calls, params.calls),
            (self.repeats, params.repeats),
            (self.resamplings, params.resamplings),
            (self.count, len(params.seeds)),
            (self.seed, params.seeds[0]),
        )
        for box, value in numbers:
            blocked = box.blockSignals(True)
            box.setValue(min(value, box.maximum()))
            box.blockSignals(blocked)
        for choice, name in (
            (self.solver, params.solver),
            (self.precision, params.precision),
            (self.device, params.device),
            (self.detail, params.detail),
        ):
            choice.setCurrentIndex(choice.findData(name))


def _changed(params: EditParams, values: dict[str, object]) -> EditParams:
    return replace(params, **dict[str, Any](values))


def _introduce(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)


def _following_button(action: QAction) -> QToolButton:
    """A button that mirrors the text, state and effect of an action."""
    button = QToolButton()
    button.setObjectName("framed")
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return button


def _grid() -> QGridLayout:
    """Two fields per row; the second one stretches."""
    grid = QGridLayout()
    grid.setVerticalSpacing(3)
    grid.setHorizontalSpacing(4)
    grid.setColumnStretch(2, 1)
    return grid


def _add_row(
    grid: QGridLayout, row: int, left: QWidget, right: QWidget, instead: QHBoxLayout | None = None
) -> None:
    """Two labelled fields; ``instead`` contains the right one and more."""
    for field in (left, right):
        field.setMinimumWidth(_NARROW)  # a long name or number must not widen the panel
        if isinstance(field, QComboBox):
            adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            field.setSizeAdjustPolicy(adjust)
            field.setMinimumContentsLength(7)
    grid.addWidget(QLabel(left.accessibleName()), row, 0)
    grid.addWidget(left, row, 1)
    pair = _row((QLabel(right.accessibleName()), 0))
    if instead is None:
        pair.addWidget(right, 1)
    else:
        pair.addLayout(instead, 1)
    grid.addLayout(pair, row, 2)


def _row(*parts: tuple[QWidget | None, int]) -> QHBoxLayout:
    """Widgets in a row with their stretch factors; ``None`` is a spacer."""
    row = QHBoxLayout()
    row.setSpacing(4)
    for widget, stretch in parts:
        if widget is None:
            row.addStretch(stretch)
        else:
            row.addWidget(widget, stretch)
    return row
