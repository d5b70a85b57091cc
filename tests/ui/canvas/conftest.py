import pytest

from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.tools import TOOLS


@pytest.fixture
def view(qtbot, session):
    """A shown canvas of 100 x 80 pixels that begins with the brush, at 100 %."""
    view = CanvasView(session, TOOLS[0])
    qtbot.addWidget(view)
    view.resize(100, 80)
    view.show()
    qtbot.waitExposed(view)
    view.look(view.viewport.centered(session.document.rect, 1.0))
    return view
