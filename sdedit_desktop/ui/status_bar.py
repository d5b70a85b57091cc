"""The status bar."""

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QLineEdit, QStatusBar

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.operations import eyedropper
from sdedit_desktop.editing.regions.scope import Scope, scope_of
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.translation import device_name, format_number, localized

_NOTICE_MS = 6000
_COLOR_MS = 40


class StatusBar(QStatusBar):
    """Position, zoom and messages."""

    def __init__(self, session: Session, canvas: CanvasView) -> None:
        super().__init__()
        self._session = session
        self._canvas = canvas
        self._mask = self._label(self.tr("Mask"), self.tr("Where the picture may change"))
        self._color = self._label(self.tr("Colour"), self.tr("What is seen under the pointer"))
        self._position = self._label(self.tr("Position"), self.tr("Pixel under the pointer"))
        self._size = self._label(self.tr("Size"), self.tr("Size of the picture, bits per sample"))
        self.zoom = QLineEdit()
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.zoom.setToolTip(self.tr("Screen pixels for each of the picture; type a percentage"))
        self.zoom.setFixedWidth(self.fontMetrics().horizontalAdvance("1234,5 % · 180°"))
        self.zoom.setFrame(False)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.zoom.editingFinished.connect(self._take_zoom)
        self.addPermanentWidget(self.zoom)
        self._memory = self._label(self.tr("Memory"), self.tr("Of the layers, and of undo's steps"))
        self._device = self._label(self.tr("Device"), self.tr("Where the model runs"))
        self._pointer = (-1.0, -1.0)
        self._soon = QTimer(self, singleShot=True, interval=_COLOR_MS)
        self._soon.timeout.connect(self._show_color)
        self.setSizeGripEnabled(False)
        canvas.pointer_moved.connect(self._show_position)
        canvas.pointer_left.connect(lambda: self._show_position(-1, -1))
        canvas.viewport_changed.connect(self._show_zoom)
        canvas.scene.mask_view.look_changed.connect(self.show_mask)
        session.document_replaced.connect(self._describe)
        session.document_changed.connect(self._follow)
        session.noticed.connect(lambda text: self.showMessage(localized(text), _NOTICE_MS))
        session.params_changed.connect(self._show_device)
        session.jobs.candidate_ready.connect(
            lambda _job, made: self._tell_device(made.origin.device)
        )
        self._describe()
        self._show_zoom()
        self._show_device()

    def _describe(self) -> None:
        self._show_size()
        self.show_mask()
        self._show_memory()

    def _follow(self, change: Change) -> None:
        if change.resized:
            self._show_size()
        if change.is_step or change.damage.mask:
            self.show_mask()
        if change.listed:
            self._show_memory()

    def show_mask(self) -> None:
        """Says whether a mask is in use, in particular a hidden one."""
        decides = scope_of(self._session.document)
        if decides is Scope.EVERYTHING:
            self._mask.setText(self.tr("No mask: the whole picture may change"))
        elif decides is Scope.STROKES:
            self._mask.setText(self.tr("No mask: only around the strokes may change"))
        elif self._canvas.scene.mask_view.look.shown:
            self._mask.setText(self.tr("Only what is marked may change"))
        else:
            self._mask.setText(self.tr("The mask is hidden but works"))

    def _label(self, name: str, tip: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setToolTip(tip)
        label.setContentsMargins(8, 0, 8, 0)
        self.addPermanentWidget(label)
        return label

    def _show_size(self) -> None:
        document = self._session.document
        text = self.tr("{0} x {1} · {2} bit")
        self._size.setText(text.format(document.rect.width, document.rect.height, document.depth))

    def _show_position(self, x: float, y: float) -> None:
        inside = self._session.document.rect.contains(x, y)
        self._position.setText(f"{int(x)}, {int(y)}" if inside else "")
        self._pointer = (x, y)
        if not self._soon.isActive():
            self._soon.start()

    def _show_color(self) -> None:
        document = self._session.document
        layer = document.layer(self._session.active_layer)
        color = eyedropper.color_at(document, layer, *self._pointer, eyedropper.PickOptions())
        self._color.setText(QColor(*color).name() if color else "")

    def _show_memory(self) -> None:
        document = self._session.document
        layers = sum(layer.tiles.size_bytes for layer in document.layers)
        total = layers + document.mask.size_bytes + document.history.size_bytes
        self._memory.setText(self.tr("{0} MB").format(format_number(total / 1e6, 0)))

    def _show_device(self) -> None:
        self._device.setText(device_name(self._session.params.device))

    def _tell_device(self, name: str) -> None:
        if name:
            self._device.setText(name)

    def _show_zoom(self) -> None:
        viewport = self._canvas.viewport
        percent = viewport.scale * 100
        text = f"{format_number(percent, 1 if percent < 10 else 0)} %"
        if viewport.angle:
            text += f" · {viewport.angle:.0f}°"
        self.zoom.setText(text)
        self.zoom.setModified(False)

    def _take_zoom(self) -> None:
        """Applies the typed zoom; invalid input is ignored."""
        typed = self.zoom.text().split("%")[0].strip()
        percent, is_number = QLocale().toDouble(typed)
        if self.zoom.isModified() and is_number and percent > 0:
            self._canvas.zoom(percent / 100)
        self._show_zoom()
