"""Export options: asked after the name and format are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from sdedit_desktop.document.files.metadata import Keeps, described
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_LOSSY = (".jpg", ".jpeg", ".webp", ".avif")
_DEEP = (".png", ".tif", ".tiff", ".avif")


@dataclass(frozen=True)
class ExportOptions:
    """The options that were chosen last.

    Attributes:
        quality: Of formats that lose something, 1 to 100.
        depth: Most bits per sample.
        keeps: What of the photo's metadata is written; its colour profile always is.
        tells_provenance: Whether the file says how a model took part.
    """

    quality: int = 92
    depth: int = 16
    keeps: Keeps = Keeps.ALL
    tells_provenance: bool = True


class ExportDialog(QDialog):
    """Asks only for options that the format and the picture allow."""

    def __init__(
        self,
        parent: QWidget,
        path: Path,
        options: ExportOptions,
        *,
        depth: int,
        made: bool,
        metadata: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Makes the dialog.

        Args:
            parent: The window it belongs to.
            path: The file to be written.
            options: The initial values.
            depth: Bits per sample of the picture.
            made: Whether a model changed the picture.
            metadata: The metadata of the photo.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export {0}").format(path.name))
        self._options = options
        self._suffix = path.suffix.lower()
        self._found = metadata
        self._make_fields(options, depth)
        form = QFormLayout(self)
        if self._suffix in _LOSSY:
            form.addRow(self.quality)
        if self._suffix in _DEEP and depth == 16:
            form.addRow(self.tr("Depth"), self.depth_box)
        form.addRow(self.tr("Metadata"), self.metadata)
        form.addRow(self.kept)
        if made:
            form.addRow(self.provenance)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._show_kept()

    def _make_fields(self, options: ExportOptions, depth: int) -> None:
        self.quality = ValueSlider(self.tr("Quality"), 1, 100)
        self.quality.show_number(options.quality)
        self.quality.setToolTip(self.tr("Higher is closer to the picture, and a larger file"))
        self.depth_box = QComboBox()
        for bits in (8, 16):
            self.depth_box.addItem(self.tr("{0} bits per colour").format(bits), bits)
        self.depth_box.setCurrentIndex(self.depth_box.findData(min(options.depth, depth)))
        self._name(self.depth_box, self.tr("Depth"), self.tr("16 bits keep everything"))
        self.metadata = QComboBox()
        for keeps, text in (
            (Keeps.ALL, self.tr("All")),
            (Keeps.NO_PRIVATE, self.tr("All without place and serial numbers")),
            (Keeps.NONE, self.tr("None")),
        ):
            self.metadata.addItem(text, keeps)
        self.metadata.setCurrentIndex(self.metadata.findData(options.keeps))
        tip = self.tr("Camera, date, place, author. The colour profile is always kept")
        self._name(self.metadata, self.tr("Metadata"), tip)
        self.kept = QLabel()
        self.kept.setWordWrap(True)
        self.metadata.currentIndexChanged.connect(self._show_kept)
        self.provenance = QCheckBox(self.tr("Say that, and how, a model took part"))
        self.provenance.setChecked(options.tells_provenance)
        tip = self.tr("Parameters of accepted candidates, for other programs to read")
        self._name(self.provenance, self.provenance.text(), tip)

    @property
    def chosen(self) -> ExportOptions:
        """The chosen options; those that were not asked for are unchanged."""
        asked = self.depth_box.parent() is not None
        return replace(
            self._options,
            depth=self.depth_box.currentData() if asked else self._options.depth,
            quality=round(self.quality.number),
            keeps=self.metadata.currentData(),
            tells_provenance=self.provenance.isChecked(),
        )

    def _show_kept(self) -> None:
        kept = described(self._found, self.metadata.currentData(), self._suffix)
        listed = ", ".join(map(localized, kept)) or self.tr("nothing")
        self.kept.setText(
            self.tr("Kept: {0}. Never a thumbnail of the old picture.").format(listed)
        )

    def _name(self, control: QWidget, name: str, tip: str) -> None:
        control.setAccessibleName(name)
        control.setToolTip(tip)
