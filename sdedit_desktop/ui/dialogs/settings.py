"""The settings dialog."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, qGray
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop import paths
from sdedit_desktop.settings import CHOICES, Settings
from sdedit_desktop.ui.actions import Action
from sdedit_desktop.ui.dialogs.pressure_page import PressurePage
from sdedit_desktop.ui.dialogs.shortcuts_page import ShortcutsPage
from sdedit_desktop.ui.translation import device_name, precision_name

_MIB = 1 << 20
_MIDDLE_GREY = 128


class SettingsDialog(QDialog):
    """Edits the settings; ``chosen`` are the new ones."""

    def __init__(self, parent: QWidget, settings: Settings, records: Sequence[Action[Any]]) -> None:
        """Shows the settings; ``records`` are the actions whose shortcuts can be changed."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(560, 480)
        self._settings = settings
        self._make_fields()
        self.shortcuts = ShortcutsPage(records, changed_shortcuts(settings))
        self.pressure = PressurePage(settings.pressure_curve)
        tabs = QTabWidget()
        tabs.addTab(self._general_page(), self.tr("General"))
        tabs.addTab(self._models_page(), self.tr("Models"))
        tabs.addTab(self.pressure, self.tr("Pen"))
        tabs.addTab(self.shortcuts, self.tr("Keyboard"))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(tabs)
        column.addWidget(buttons)

    @property
    def chosen(self) -> Settings:
        """The settings as edited."""
        changed = self.shortcuts.changed.items()
        return replace(
            self._settings,
            language=self.language.currentData(),
            theme=self.theme.currentData(),
            device=self.device.currentData(),
            precision=self.precision.currentData(),
            history_bytes=self.history.value() * _MIB,
            provenance=self.provenance.isChecked(),
            keeps_words=self.words.isChecked(),
            prompts=self._settings.prompts if self.words.isChecked() else (),
            keeps_backup=self.backup.isChecked(),
            touch_paints=self.touch.isChecked(),
            mask_color=self._mask_color,
            model_folders=tuple(
                self.folders.item(row).text() for row in range(self.folders.count())
            ),
            pressure_curve=self.pressure.text,
            shortcuts=tuple(f"{name}={keys}" for name, keys in sorted(changed)),
        )

    def _make_fields(self) -> None:
        chosen = self._settings
        self.theme = self._choice(
            CHOICES["theme"],
            (self.tr("As the system"), self.tr("Light"), self.tr("Dark")),
            chosen.theme,
            self.tr("Theme"),
            self.tr("How the window looks"),
        )
        self.language = self._choice(
            CHOICES["language"],
            (self.tr("As the system"), "English", "Deutsch"),
            chosen.language,
            self.tr("Language"),
            self.tr("Of all texts; used from the next start on"),
        )
        self.device = self._choice(
            CHOICES["device"],
            [device_name(device) for device in CHOICES["device"]],
            chosen.device,
            self.tr("Device"),
            self.tr("Where the model runs, from the next job on"),
        )
        self.precision = self._choice(
            CHOICES["precision"],
            [precision_name(precision) for precision in CHOICES["precision"]],
            chosen.precision,
            self.tr("Precision"),
            self.tr("What networks compute in, from the next job on"),
        )
        self.history = _memory_box(
            chosen.history_bytes // _MIB, self.tr("Memory for undo"), self.tr(" MiB")
        )
        self.history.setToolTip(self.tr("The oldest steps are forgotten beyond this"))
        self.provenance = _check_box(
            self.tr("Say in exported pictures how they were made"),
            self.tr("Parameters of accepted candidates, as metadata"),
            chosen.provenance,
        )
        self.words = _check_box(
            self.tr("Keep prompts"),
            self.tr("In documents and exported pictures, and those used last for the next start"),
            chosen.keeps_words,
        )
        self.backup = _check_box(
            self.tr("Keep one backup of saved documents"),
            self.tr("The file before, with ~ after its name"),
            chosen.keeps_backup,
        )
        self.touch = _check_box(
            self.tr("Paint with one finger on a touch screen"),
            self.tr("Otherwise one finger moves the picture; two always move and zoom it"),
            chosen.touch_paints,
        )
        self.mask_button = QPushButton()
        self.mask_button.setAccessibleName(self.tr("Colour of the mask"))
        self.mask_button.setToolTip(self.tr("Colour of the overlay that shows what may change"))
        self.mask_button.clicked.connect(self._ask_mask_color)
        self._show_mask_color(chosen.mask_color)

    def _general_page(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.addRow(self.tr("Theme"), self.theme)
        form.addRow(self.tr("Language"), self.language)
        form.addRow(self.tr("Device"), self.device)
        form.addRow(self.tr("Precision"), self.precision)
        form.addRow(self.tr("Memory for undo"), self.history)
        form.addRow(self.tr("Colour of the mask"), self.mask_button)
        form.addRow(self.provenance)
        form.addRow(self.words)
        form.addRow(self.backup)
        form.addRow(self.touch)
        return page

    def _models_page(self) -> QWidget:
        """The page of folders that are searched for models besides the user's own."""
        page = QWidget()
        column = QVBoxLayout(page)
        text = QLabel(
            self.tr("Models are looked for in {0} and in these folders:").format(
                paths.user_models()
            )
        )
        text.setWordWrap(True)
        column.addWidget(text)
        self.folders = QListWidget()
        self.folders.addItems(self._settings.model_folders)
        self.folders.setAccessibleName(self.tr("Folders of models"))
        self.folders.setToolTip(self.tr("Nothing is copied out of them"))
        column.addWidget(self.folders)
        row = QHBoxLayout()
        for name, tip, act in (
            (self.tr("Add folder…"), self.tr("Look for models in another folder"), self._add),
            (self.tr("Remove"), self.tr("Look there no more; nothing is deleted"), self._remove),
        ):
            button = QPushButton(name)
            button.setAccessibleName(name)
            button.setToolTip(tip)
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch()
        column.addLayout(row)
        return page

    def _add(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folders of models"))
        if name and not self.folders.findItems(name, Qt.MatchFlag.MatchExactly):
            self.folders.addItem(name)

    def _remove(self) -> None:
        self.folders.takeItem(self.folders.currentRow())

    def _choice(
        self, values: Sequence[str], texts: Sequence[str], value: str, name: str, tip: str
    ) -> QComboBox:
        box = QComboBox()
        for text, data in zip(texts, values, strict=True):
            box.addItem(text, data)
        box.setCurrentIndex(box.findData(value))
        box.setAccessibleName(name)
        box.setToolTip(tip)
        return box

    def _ask_mask_color(self) -> None:
        color = QColorDialog.getColor(QColor(self._mask_color), self)
        if color.isValid():
            self._show_mask_color(color.name())

    def _show_mask_color(self, name: str) -> None:
        self._mask_color = name
        self.mask_button.setText(name)
        text = "black" if qGray(QColor(name).rgb()) > _MIDDLE_GREY else "white"
        plain = f"background: {name}; color: {text}; border: 1px solid {name}; padding: 4px;"
        self.mask_button.setStyleSheet(
            f"QPushButton {{ {plain} }} QPushButton:focus {{ border-color: {text}; }}"
        )


def changed_shortcuts(settings: Settings) -> dict[str, str]:
    """The user's shortcuts by action, separated by spaces."""
    pairs: Mapping[str, str] = dict(
        entry.split("=", 1) for entry in settings.shortcuts if "=" in entry
    )
    return dict(pairs)


def _check_box(text: str, tip: str, checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(checked)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    return box


def _memory_box(mib: int, name: str, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(16, 65_536)
    box.setSuffix(unit)
    box.setValue(mib)
    box.setAccessibleName(name)
    return box
