"""The tools of the window: what each does with the pointer, and which brush it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from sdedit_desktop.document.brush import Brush
from sdedit_desktop.editing import gestures
from sdedit_desktop.editing.mask_gestures import mark_ellipse, mark_lasso, mark_rectangle
from sdedit_desktop.editing.session import Session


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: The id of its action.
        gesture: What a drag does; ``None`` pans.
        eraser: What the other end of a pen does.
        brush: Which brush it paints with: "brush", "mask_brush" or none.
        has_color: Whether Alt picks a colour for it.
        marks_mask: Whether it works on the mask.
    """

    name: str
    gesture: gestures.Tool | None
    eraser: gestures.Tool | None = None
    brush: str = ""
    has_color: bool = False
    marks_mask: bool = False

    def brush_of(self, session: Session) -> Brush | None:
        """The brush as it is set now."""
        return {"brush": session.brush, "mask_brush": session.mask_brush}.get(self.brush)

    def brush_setter(self, session: Session) -> Callable[[Brush], None]:
        """What sets it."""
        return session.change_mask_brush if self.marks_mask else session.change_brush


TOOLS = (
    Tool("brush", gestures.paint, gestures.erase, "brush", has_color=True),
    Tool("eraser", gestures.erase, gestures.erase, "brush"),
    Tool("mask_brush", gestures.paint_mask, gestures.erase_mask, "mask_brush", marks_mask=True),
    Tool("mask_eraser", gestures.erase_mask, gestures.erase_mask, "mask_brush", marks_mask=True),
    Tool("mask_rectangle", mark_rectangle, marks_mask=True),
    Tool("mask_ellipse", mark_ellipse, marks_mask=True),
    Tool("mask_lasso", mark_lasso, marks_mask=True),
    Tool("eyedropper", gestures.pick_color, has_color=True),
    Tool("fill", gestures.fill, has_color=True),
    Tool("hand", None),
)
"""In the order of the tool bar."""
