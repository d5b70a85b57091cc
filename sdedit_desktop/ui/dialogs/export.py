"""How a picture is written: asked once its name and format are known."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_LOSSY = (".jpg", ".jpeg", ".webp", ".avif")
_DEEP = (".png", ".tif", ".tiff", ".avif")
_WITHOUT_EXIF = (".tif", ".tiff")


@dataclass(frozen=True)
class ExportOptions:
    """What was chosen last.

    Attributes:
        quality: Of formats that lose something, 1 to 100.
        depth: Most bits per sample.
        keeps_metadata: Whether the photo's EXIF, XMP and IPTC are written; its colour profile
            always is.
        tells_provenance: Whether the file says how a model took part.
    """

    quality: int = 92
    depth: int = 16
    keeps_metadata: bool = True
    tells_provenance: bool = True


class ExportDialog(QDialog):
    """Asks only what the format and the picture leave open."""

    def __init__(
        self, parent: QWidget, path: Path, options: ExportOptions, *, depth: int, made: bool
    ) -> None:
        """Makes the dialog.

        Args:
            parent: The window it belongs to.
            path: What is going to be written.
            options: What is offered.
            depth: Bits per sample of the picture.
            made: Whether a model took part in it.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export {0}").format(path.name))
        self._options = options
        suffix = path.suffix.lower()
        self.quality = ValueSlider(self.tr("Quality"), 1, 100)
        self.quality.show_number(options.quality)
        self.quality.setToolTip(self.tr("Higher is closer to the picture, and a larger file"))
        self.depth_box = QComboBox()
        for bits in (8, 16):
            self.depth_box.addItem(self.tr("{0} bits per colour").format(bits), bits)
        self.depth_box.setCurrentIndex(self.depth_box.findData(min(options.depth, depth)))
        self._name(self.depth_box, self.tr("Depth"), self.tr("16 bits keep everything"))
        self.metadata = QCheckBox(self.tr("Keep the photo's metadata"))
        self.metadata.setChecked(options.keeps_metadata)
        tip = self.tr("Camera, date, place, author. The colour profile is always kept")
        self._name(self.metadata, self.metadata.text(), tip)
        self.provenance = QCheckBox(self.tr("Say that, and how, a model took part"))
        self.provenance.setChecked(options.tells_provenance)
        tip = self.tr("Parameters of accepted candidates, for other programs to read")
        self._name(self.provenance, self.provenance.text(), tip)
        form = QFormLayout(self)
        if suffix in _LOSSY:
            form.addRow(self.quality)
        if suffix in _DEEP and depth == 16:
            form.addRow(self.tr("Depth"), self.depth_box)
        form.addRow(self.metadata)
        if made:
            form.addRow(self.provenance)
        if suffix in _WITHOUT_EXIF:
            form.addRow(QLabel(self.tr("TIFF files get the profile, XMP and resolution, no EXIF.")))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def chosen(self) -> ExportOptions:
        """The options as they are set; what was not asked stays."""
        asked = self.depth_box.parent() is not None
        return replace(
            self._options,
            depth=self.depth_box.currentData() if asked else self._options.depth,
            quality=round(self.quality.number),
            keeps_metadata=self.metadata.isChecked(),
            tells_provenance=self.provenance.isChecked(),
        )

    def _name(self, control: QWidget, name: str, tip: str) -> None:
        control.setAccessibleName(name)
        control.setToolTip(tip)
