"""The tools of the window: their gestures and brushes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.editing.gestures import mask_areas as areas
from sdedit_desktop.editing.gestures import painting
from sdedit_desktop.editing.gestures.interactive import DragFunction, DragTool, InteractiveTool
from sdedit_desktop.editing.gestures.transform import TransformBox
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action
from sdedit_desktop.ui.translation import marked as _


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: The id of its action.
        make: Creates the event handler; ``None`` pans.
        brush: The brush it paints with: "brush", "mask_brush" or none.
        has_color: Whether Alt picks a colour for it.
        marks_mask: Whether it edits the mask.
    """

    name: str
    make: Callable[[Session], InteractiveTool] | None = None
    brush: str = ""
    has_color: bool = False
    marks_mask: bool = False

    def brush_of(self, session: Session) -> Brush | None:
        """The current brush."""
        return {"brush": session.brush, "mask_brush": session.mask_brush}.get(self.brush)

    def brush_setter(self, session: Session) -> Callable[[Brush], None]:
        """The function that sets it."""
        return session.change_mask_brush if self.marks_mask else session.change_brush


def _drag(name: str, drag: DragFunction, brush: str = "", *, marks_mask: bool = False) -> Tool:
    """A tool with a drag gesture, which the eraser end of a pen can use; a brush draws lines."""
    make = partial(DragTool, drag=drag, erases=True, draws_lines=bool(brush))
    return Tool(name, make, brush, marks_mask=marks_mask)


def _coloring(name: str, drag: DragFunction, brush: str = "") -> Tool:
    """A tool with a drag gesture that uses the brush's colour; Alt picks one."""
    line = bool(brush)
    make = partial(DragTool, drag=drag, erases=line, draws_lines=line, with_alt=painting.pick_color)
    return Tool(name, make, brush, has_color=True)


TOOLS = (
    _coloring("brush", painting.paint, "brush"),
    _drag("eraser", painting.erase, "brush"),
    _drag("mask_brush", painting.paint_mask, "mask_brush", marks_mask=True),
    _drag("mask_eraser", painting.erase_mask, "mask_brush", marks_mask=True),
    _drag("mask_rectangle", areas.mark_rectangle, marks_mask=True),
    _drag("mask_ellipse", areas.mark_ellipse, marks_mask=True),
    _drag("mask_lasso", areas.mark_lasso, marks_mask=True),
    Tool("mask_polygon", areas.Polygon, marks_mask=True),
    Tool("transform", TransformBox),
    _coloring("eyedropper", painting.pick_color),
    _coloring("fill", painting.fill),
    Tool("hand"),
)
"""In the order of the tool bar."""


class ToolChoice(Protocol):
    """Holds the active tool."""

    @property
    def tool(self) -> Tool:
        """The active tool."""

    def choose_tool(self, tool: Tool) -> None:
        """Activates a tool."""


def _choosing(id_: str, text: str, tip: str, keys: str, icon: str) -> Action[ToolChoice]:
    tool = next(tool for tool in TOOLS if tool.name == id_)
    return Action(
        id_,
        text,
        tip,
        lambda choice: choice.choose_tool(tool),
        keys=keys,
        icon=icon,
        checked=lambda choice: choice.tool is tool,
    )


ACTIONS: tuple[Action[ToolChoice], ...] = (
    _choosing(
        "brush", _("Brush"), _("Paint on the active layer; Alt picks a colour"), "B", "brush"
    ),
    _choosing("eraser", _("Eraser"), _("Take paint off the active layer"), "E", "eraser"),
    _choosing(
        "mask_brush", _("Mask brush"), _("Mark where the picture may change"), "M", "mask_brush"
    ),
    _choosing(
        "mask_eraser", _("Mask eraser"), _("Protect the picture again"), "Shift+M", "mask_eraser"
    ),
    _choosing("mask_rectangle", _("Mask rectangle"), _("Mark a rectangle"), "R", "rectangle"),
    _choosing("mask_ellipse", _("Mask ellipse"), _("Mark an ellipse"), "Shift+R", "ellipse"),
    _choosing("mask_lasso", _("Mask lasso"), _("Draw a freehand mask area"), "L", "lasso"),
    _choosing(
        "mask_polygon",
        _("Mask polygon"),
        _("Click corners; Enter or a double click closes, Backspace takes one back, Esc drops"),
        "Shift+L",
        "polygon",
    ),
    _choosing(
        "transform",
        _("Move and transform"),
        _("Move, scale, turn or flip the active layer; Enter applies, Esc drops"),
        "V",
        "transform",
    ),
    _choosing(
        "eyedropper", _("Eyedropper"), _("Take a colour from the picture"), "I", "eyedropper"
    ),
    _choosing(
        "fill",
        _("Fill"),
        _("Fill an area of similar colour; Alt picks a colour"),
        "G",
        "fill",
    ),
    _choosing(
        "hand",
        _("Hand"),
        _("Move the view; Space or the middle button do it at any time"),
        "H",
        "hand",
    ),
)
