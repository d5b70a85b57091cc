"""The form of a training: photographs, name, initial model, duration and device."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.errors import ParameterError
from sdedit_desktop.settings import CHOICES
from sdedit_desktop.training import resume
from sdedit_desktop.ui.widgets.places import FilePlaces

_WEEK = 7 * 24 * 60
_USUAL_MINUTES = 60
_SHEET_MINUTES = "4"


class TrainingForm(QWidget):
    """The fields; ``words`` are the corresponding command line."""

    changed = Signal()

    def __init__(self, device: str, places: FilePlaces) -> None:
        super().__init__()
        self._places = places
        self._make_fields(device)
        folder = QHBoxLayout()
        folder.addWidget(self.folder)
        folder.addWidget(self.choose)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Photographs"), folder)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Begin with"), self.start)
        form.addRow(self.tr("Time"), self.minutes)
        form.addRow(self.tr("Device"), self.device)
        self.name.currentTextChanged.connect(self._follow_name)
        self.list_trainings()

    @property
    def output(self) -> Path:
        """The folder of the named training.

        Raises:
            ParameterError: The name cannot be that of a folder.
        """
        name = self.name.currentText().strip()
        if not name or name != Path(name).name or name.startswith("."):
            raise ParameterError("'{0}' cannot be the name of a model.", name)
        return paths.trainings() / name

    @property
    def resumes(self) -> bool:
        """Whether a training of this name exists and can be resumed."""
        try:
            return (self.output / resume.STATE).is_file()
        except ParameterError:
            return False

    def words(self) -> Sequence[str]:
        """Options and arguments of ``train``.

        Raises:
            ParameterError: With a sentence about what is missing.
        """
        folder = self.folder.text().strip()
        if not Path(folder).is_dir() or not folder:
            raise ParameterError("Choose a folder of photographs first.")
        words = [folder, "--output", str(self.output), "--device", self.device.currentData()]
        words += ["--sheet-every", _SHEET_MINUTES]
        if self.minutes.value():
            words += ["--minutes", str(self.minutes.value())]
        if self.resumes:
            words.append("--resume")
        elif self.start.currentIndex():
            words += ["--init", str(models.locate(self.start.currentText()))]
        return words

    def list_trainings(self) -> None:
        """Lists existing trainings, and models to fine-tune."""
        folder = paths.trainings()
        names = [path.parents[1].name for path in sorted(folder.glob(f"*/{resume.STATE}"))]
        _fill(self.name, names, self.name.currentText() or self.tr("My model"))
        known = [model for model in models.found() if not models.is_of_photographs(model)]
        chosen = self.start.currentText() or next(iter(known), "")
        _fill(self.start, [self.tr("A new network"), *known], chosen)

    def _make_fields(self, device: str) -> None:
        self.folder = QLineEdit()
        _introduce(
            self.folder,
            self.tr("Folder of photographs"),
            self.tr("Photographs in it, and in folders below it, are learned; some are kept apart"),
        )
        self.folder.setPlaceholderText(self.tr("20 or more photographs; hundreds are better"))
        self.folder.textChanged.connect(self.changed)
        self.choose = QPushButton(self.tr("Choose…"))
        _introduce(self.choose, self.tr("Choose a folder"), self.tr("Choose the photographs"))
        self.choose.clicked.connect(self._ask_folder)
        self.name, self.start, self.device = QComboBox(), QComboBox(), QComboBox()
        self.name.setEditable(True)
        _introduce(
            self.name,
            self.tr("Name of the model"),
            self.tr("What the model shall be called; that of an earlier training goes on with it"),
        )
        _introduce(
            self.start,
            self.tr("Model to begin with"),
            self.tr(
                "A model that is near to your photographs learns them sooner. Only U-Nets of "
                "DDPM's kind can be trained further."
            ),
        )
        self.minutes = QSpinBox()
        self.minutes.setRange(0, _WEEK)
        self.minutes.setValue(_USUAL_MINUTES)
        self.minutes.setSingleStep(15)
        self.minutes.setSuffix(self.tr(" minutes"))
        self.minutes.setSpecialValueText(self.tr("until stopped"))
        _introduce(
            self.minutes,
            self.tr("Minutes of training"),
            self.tr("0 trains until it is stopped; it can be stopped and resumed at any time"),
        )
        _introduce(self.device, self.tr("Device"), self.tr("Where to train; a GPU is far faster"))
        texts = (self.tr("Automatic"), self.tr("Processor"), "CUDA", "Metal")
        for text, kind in zip(texts, CHOICES["device"], strict=True):
            self.device.addItem(text, kind)
        self.device.setCurrentIndex(self.device.findData(device))

    def _ask_folder(self) -> None:
        start = self.folder.text() or str(self._places.photographs)
        name = QFileDialog.getExistingDirectory(self, self.tr("Photographs to learn"), start)
        if name:
            self._places.remember_photographs(Path(name))
            self.folder.setText(name)

    def _follow_name(self) -> None:
        """Fills in photographs and initial model when the name is that of an existing training."""
        if self.resumes:
            self.folder.setText(str(resume.read(self.output).get("photographs") or ""))
        self.changed.emit()


def _fill(box: QComboBox, texts: Sequence[str], chosen: str) -> None:
    blocked = box.blockSignals(True)
    box.clear()
    box.addItems(list(texts))
    if box.isEditable():
        box.setEditText(chosen)
    else:
        box.setCurrentIndex(max(0, box.findText(chosen)))
    box.blockSignals(blocked)


def _introduce(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
