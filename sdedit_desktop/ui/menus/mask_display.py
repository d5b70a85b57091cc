"""How the mask is displayed."""

from dataclasses import replace

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QToolButton, QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.editing.jobs import Job
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import KeepSettings, Settings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.mask_layer import HeatLegend, MaskStyle
from sdedit_desktop.ui.canvas.tools import Tool
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.value_slider import ValueSlider


class MaskLookActions(QObject):
    """Shows and hides the mask, as tint or heat map; says when a hidden mask is in use."""

    def __init__(self, session: Session, canvas: CanvasView, keep: KeepSettings) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self._keep = keep
        self._view = canvas.scene.mask_view
        self._marks_mask = False
        self._opacity = self._view.look.opacity
        self.legend = HeatLegend(canvas)
        self.options = self._made_options()
        canvas.interaction.chosen.connect(lambda tool, _active: self._follow_tool(tool))
        session.accepted.connect(lambda: self._rest(True))
        session.document_changed.connect(self._follow)
        canvas.stroke_started.connect(lambda: self._rest(False))
        session.jobs.started.connect(self._begin)
        session.jobs.changed.connect(self._end)

    @property
    def look(self) -> MaskStyle:
        """The current style."""
        return self._view.look

    def use(self, settings: Settings) -> None:
        """Applies the settings."""
        self.opacity.show_number(settings.mask_opacity)
        self._opacity = self.opacity.number / 100
        self._view.change(replace(self._view.look, color=QColor(settings.mask_color)))
        self._draw()

    def _made_options(self) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        self._button = QToolButton()
        self._button.setAccessibleName(self.tr("Colour of the mask"))
        self._button.setToolTip(self.tr("Colour of the mask overlay"))
        self._button.setIconSize(QSize(16, 16))
        self._button.clicked.connect(lambda _checked=False: self.ask_color())
        self.opacity = ValueSlider(self.tr("Veil"), 5, 95, unit=" %")
        self.opacity.setFixedWidth(120)
        self.opacity.setToolTip(self.tr("How much the mask covers of the picture on the screen"))
        self.opacity.value_changed.connect(self._change_opacity)
        self.opacity.value_settled.connect(lambda n: self._keep(mask_opacity=round(n)))
        row.addWidget(self._button)
        row.addWidget(self.opacity)
        part.hide()
        return part

    def _follow_tool(self, tool: Tool) -> None:
        self._marks_mask = tool.marks_mask
        self._rest(False)
        self.options.setVisible(tool.marks_mask)
        self._draw()

    def _change_opacity(self, percent: float) -> None:
        self._opacity = percent / 100
        self._draw()

    def _rest(self, rests: bool) -> None:
        """Hides the mask while an accepted result is viewed."""
        self._view.change(replace(self._view.look, rests=rests))

    def _follow(self, change: Change) -> None:
        if change.is_step or change.damage.mask:
            self._rest(False)

    def toggle(self) -> None:
        """Shows or hides the mask."""
        shown = not self.look.shown or self.look.rests
        self._view.change(replace(self.look, shown=shown, rests=False))
        self._draw()

    def toggle_heat(self) -> None:
        """Switches between heat map and tint; a hidden mask is shown as a heat map."""
        heat = not self.look.heat
        shown = heat or self.look.shown
        self._view.change(replace(self.look, heat=heat, shown=shown, rests=False))
        self._draw()

    def ask_color(self) -> None:
        """Asks for the colour of the mask, and saves it."""
        color = QColorDialog.getColor(self._view.look.color, self._canvas.window())
        if color.isValid():
            self._view.change(replace(self._view.look, color=color))
            self._keep(mask_color=color.name())
            self._draw()

    def _draw(self) -> None:
        opacity = (
            self._opacity if self._marks_mask else 0.0
        )  # a tint would change how the result looks
        look = replace(self._view.look, opacity=opacity, outlined=not self._marks_mask)
        self._view.change(look)
        self.legend.setVisible(look.heat and look.shown)
        picture = QPixmap(16, 16)
        picture.fill(look.color)
        self._button.setIcon(QIcon(picture))

    def _begin(self, job: Job) -> None:
        """Outlines a hidden mask that a job uses, and says so."""
        if self._view.look.shown or self._view.look.revealed or job.request.mask.min() == 255:
            return
        self._view.change(replace(self._view.look, revealed=True))
        self._session.noticed.emit(
            self.tr("The mask is hidden but works: only what is outlined may change.")
        )

    def _end(self, _job: Job) -> None:
        if self._session.jobs.running is None and self._view.look.revealed:
            self._view.change(replace(self._view.look, revealed=False))


ACTIONS: Entries[MaskLookActions] = (
    Action(
        "show_mask",
        _("Show mask"),
        _("Outline what may change; mask tools tint it"),
        MaskLookActions.toggle,
        keys="Shift+Q",
        icon="mask",
        checked=lambda mask: mask.look.shown,
    ),
    Action(
        "heat_mask",
        _("Mask as heat map"),
        _("Colours tell how strongly each part may change"),
        MaskLookActions.toggle_heat,
        keys="Ctrl+Shift+Q",
        checked=lambda mask: mask.look.heat,
    ),
    Action(
        "mask_color",
        _("Mask colour…"),
        _("Colour of the mask overlay"),
        MaskLookActions.ask_color,
    ),
)
