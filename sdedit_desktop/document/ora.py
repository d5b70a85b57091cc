"""Documents on disk: OpenRaster, so that other paint programs can open them too.

What OpenRaster has no word for (mask, kinds of layers, parameters, attachments) lies in entries
below ``sdedit/`` of the archive; the format allows it and others ignore it.
"""

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from sdedit_desktop.document import codec
from sdedit_desktop.document.blending import straightened, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import Json, Layer
from sdedit_desktop.document.ora_reader import load
from sdedit_desktop.document.saving import saving
from sdedit_desktop.document.tiles import Pixels, Tiles

__all__ = ["load", "save"]

MIME = "image/openraster"
_THUMBNAIL = 256


def save(document: Document, path: Path) -> None:
    """Writes the document; the old file stays as it was if anything goes wrong.

    May run on another thread if ``document`` is a ``frozen`` copy.

    Raises:
        FileFormatError: The file cannot be written.
    """
    with saving(path) as new:
        _write(document, new)


def _write(document: Document, path: Path) -> None:
    rect = document.rect
    root = ElementTree.Element("image", w=str(rect.width), h=str(rect.height), version="0.0.5")
    stack = ElementTree.SubElement(root, "stack")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", MIME)
        extras: dict[str, Json] = {}
        for number, layer in reversed(list(enumerate(document.layers))):
            source = f"data/layer{number}.png"
            at = _write_tiles(archive, source, layer.tiles, document.icc)
            stack.append(_element(layer, source, at))
            extras[source] = _extras(archive, layer, number)
        archive.writestr(
            "stack.xml", ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        )
        _write_own(archive, document, extras)
        merged = straightened(document.composite(rect))
        archive.writestr("mergedimage.png", codec.to_png(merged, document.icc))
        archive.writestr("Thumbnails/thumbnail.png", _thumbnail(merged))


def _element(layer: Layer, source: str, at: tuple[int, int]) -> ElementTree.Element:
    attributes = {
        "name": _printable(layer.name),
        "src": source,
        "x": str(at[0]),
        "y": str(at[1]),
        "opacity": repr(float(layer.opacity)),
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": layer.mode.value,
    }
    if layer.locked:
        attributes["edit-locked"] = "true"
    return ElementTree.Element("layer", attributes)


def _extras(archive: zipfile.ZipFile, layer: Layer, number: int) -> dict[str, Json]:
    extras: dict[str, Json] = {
        "kind": layer.kind.value,
        "alpha_locked": layer.alpha_locked,
        "parameters": layer.parameters,
    }
    if layer.mask:
        name = f"sdedit/layer{number}-mask.png"
        extras["mask"] = name
        extras["mask_at"] = _write_tiles(archive, name, layer.mask)
    return extras


def _write_own(archive: zipfile.ZipFile, document: Document, layers: dict[str, Json]) -> None:
    own: dict[str, Json] = {
        "version": 1,
        "depth": document.depth,
        "layers": layers,
        "mask_at": _write_tiles(archive, "sdedit/mask.png", document.mask),
        "metadata": list(document.metadata),
        "attachments": list(document.attachments),
    }
    archive.writestr("sdedit/document.json", json.dumps(own, indent=1))
    if document.icc is not None:
        archive.writestr("sdedit/profile.icc", document.icc)
    for number, data in enumerate(document.metadata.values()):
        archive.writestr(f"sdedit/metadata{number}", data)
    for number, data in enumerate(document.attachments.values()):
        archive.writestr(f"sdedit/attachment{number}", data)


def _write_tiles(
    archive: zipfile.ZipFile, name: str, tiles: Tiles, icc: bytes | None = None
) -> tuple[int, int]:
    """Writes what is not empty as a PNG; returns its place."""
    rect = tiles.content_rect()
    pixels = tiles.read(rect if rect else rect._replace(right=rect.left + 1, bottom=rect.top + 1))
    archive.writestr(
        name, codec.to_png(straightened(pixels) if tiles.channels == 4 else pixels, icc)
    )
    return rect.left, rect.top


def _thumbnail(merged: Pixels) -> bytes:
    image = codec.to_vips(to_depth(merged, np.uint8))
    longest = max(image.width, image.height)
    if longest > _THUMBNAIL:
        image = image.thumbnail_image(_THUMBNAIL, height=_THUMBNAIL)
    return codec.encoded(image, ".png", 0)


def _printable(name: str) -> str:
    """A name without the control characters that XML cannot hold."""
    return "".join(c for c in name if c.isprintable())
