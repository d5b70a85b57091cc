"""Pictures of the program's icon, drawn from ``resources/icons/icon.svg``."""

import io
import os
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
SVG = ROOT / "resources" / "icons" / "icon.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def draw(size: int) -> Image.Image:
    """The icon as a square picture of so many pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(buffer.data().data()))


def write(path: Path) -> None:
    """Writes all sizes into one file, an ``.ico`` of Windows or an ``.icns`` of macOS."""
    largest = draw(1024 if path.suffix == ".icns" else 256)
    largest.save(path, sizes=[(size, size) for size in SIZES if size <= 256])
