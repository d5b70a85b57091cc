"""Icons of one style, drawn as outlines in the colour of the text."""

from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sdedit_desktop import paths

_SIZES = (16, 20, 24, 32, 48)
_STATES = (
    (QIcon.Mode.Normal, QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText),
    (QIcon.Mode.Selected, QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText),
    (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText),
)


def icon(name: str, palette: QPalette) -> QIcon:
    """An icon of ``resources/icons`` in the colours of a palette."""
    made = QIcon()
    for mode, group, role in _STATES:
        color = palette.color(group, role)
        for size in _SIZES:
            made.addPixmap(pixmap(name, color, size), mode)
    for size in _SIZES:  # as it lies on a checked button
        color = palette.color(QPalette.ColorRole.HighlightedText)
        made.addPixmap(pixmap(name, color, size), QIcon.Mode.Normal, QIcon.State.On)
    return made


def pixmap(name: str, color: QColor, size: int) -> QPixmap:
    """One icon as a square picture."""
    return _drawn(name, color.name(), size)


def app_icon() -> QIcon:
    """The icon of the program."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_drawn("icon", "", size))
    return made


@cache
def _drawn(name: str, color: str, size: int) -> QPixmap:
    picture = QPixmap(_shape(name, size))
    if color:
        painter = QPainter(picture)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), QColor(color))
        painter.end()
    return picture


@cache
def _shape(name: str, size: int) -> QPixmap:
    """The shape of an icon, cached: parsing and rendering are slow, colouring is not."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _renderer(name).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


@cache
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(paths.resources() / "icons" / f"{name}.svg"))
