"""Documents on disk: OpenRaster, so that other paint programs can open them too.

What OpenRaster has no word for (mask, kinds of layers, parameters, attachments) lies in entries
below ``sdedit/`` of the archive; the format allows it and others ignore it. A layer with a mask of
its own is written twice, as it is seen for other programs and whole for this one.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from sdedit_desktop.document.blending import straightened, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.ora_reader import MAX_LAYERS, load
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.document.layers import Json, Layer, masked
from sdedit_desktop.document.tiles import Key, Pixels, Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.geometry import Rect

__all__ = ["Written", "load", "save"]

MIME = "image/openraster"
_THUMBNAIL = 256
_LAYERS_SHARE = 0.75
"""How much of the work the layers are; the rest is the flattened picture."""


@dataclass(frozen=True, eq=False)
class _Picture:
    """A raster that has been written: its entry, its place and what it was made from."""

    entry: str
    place: tuple[int, int]
    sources: tuple[Mapping[Key, Pixels], ...]


@dataclass(frozen=True, eq=False)
class Written:
    """A file that has been saved, so that the next save can take from it what has not changed."""

    path: Path
    stamp: tuple[int, int] = (0, 0)
    pictures: dict[tuple[str, int], _Picture] = field(default_factory=dict)


def save(
    document: Document,
    path: Path,
    *,
    earlier: Written | None = None,
    backup: bool = False,
    report: Callable[[float], None] = lambda _share: None,
) -> Written:
    """Writes the document; the old file stays as it was if anything goes wrong.

    May run on another thread if ``document`` is a ``frozen`` copy.

    Args:
        document: What to save.
        path: Where to.
        earlier: What an earlier save returned; layers that have not changed since are copied from
            that file instead of being compressed again.
        backup: Whether the file that was there stays beside it, with a tilde after its name.
        report: Told how much is done, 0 to 1; what it raises ends the saving, and the old file
            stays.

    Raises:
        FileFormatError: The file cannot be written.
    """
    if len(document.layers) > MAX_LAYERS:
        raise FileFormatError(
            "{0} cannot be saved: it has more than {1} layers. Merge some of them.",
            path.name,
            MAX_LAYERS,
        )
    with (
        saving(path, private=True, backup=backup) as new,
        zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as archive,
    ):
        writer = _Writer(document, archive, earlier, Written(path), report)
        try:
            writer.write()
        finally:
            writer.close()
        report(_LAYERS_SHARE)
        _write_previews(document, archive)
        report(1.0)
    return replace(writer.written, stamp=stamp_of(path))


class _Writer:
    """One document on its way into an archive."""

    def __init__(
        self,
        document: Document,
        archive: zipfile.ZipFile,
        earlier: Written | None,
        written: Written,
        report: Callable[[float], None],
    ) -> None:
        self._report = report
        self.written = written
        self._document = document
        self._archive = archive
        self._earlier = earlier.pictures if earlier else {}
        self._old = zipfile.ZipFile(earlier.path) if earlier and _is_as_written(earlier) else None

    def close(self) -> None:
        """Closes the earlier file."""
        if self._old:
            self._old.close()

    def write(self) -> None:
        """Writes everything but the previews."""
        rect = self._document.rect
        root = ElementTree.Element("image", w=str(rect.width), h=str(rect.height), version="0.0.5")
        if "dpi" in self._document.metadata:
            root.attrib["xres"] = root.attrib["yres"] = self._document.metadata["dpi"].decode()
        stack = ElementTree.SubElement(root, "stack")
        self._archive.writestr("mimetype", MIME)
        extras: dict[str, Json] = {}
        for number, layer in reversed(list(enumerate(self._document.layers))):
            done = 1 - (number + 1) / len(self._document.layers)
            self._report(_LAYERS_SHARE * done)
            source = f"data/layer{number}.png"
            place = self._write_tiles(source, layer.tiles, ("seen", layer.id), layer.mask)
            stack.append(_element(layer, source, place))
            extras[source] = self._extras(layer, f"sdedit/layer{number}")
        self._archive.writestr(
            "stack.xml", ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        )
        self._write_own(extras)

    def _extras(self, layer: Layer, stem: str) -> dict[str, Json]:
        extras: dict[str, Json] = {
            "kind": layer.kind.value,
            "parameters": layer.parameters,
        }
        if layer.mask:
            mask, whole = f"{stem}-mask.png", f"{stem}.png"
            extras["mask"], extras["whole"] = mask, whole
            extras["mask_at"] = self._write_tiles(mask, layer.mask, ("mask", layer.id))
            extras["whole_at"] = self._write_tiles(whole, layer.tiles, ("whole", layer.id))
        return extras

    def _write_own(self, layers: Mapping[str, Json]) -> None:
        document, archive = self._document, self._archive
        own: dict[str, Json] = {
            "version": 1,
            "depth": document.depth,
            "layers": layers,
            "mask_at": self._write_tiles("sdedit/mask.png", document.mask, ("mask", 0)),
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
        self, entry: str, tiles: Tiles, key: tuple[str, int], mask: Tiles | None = None
    ) -> tuple[int, int]:
        """Writes what is not empty, and seen through the mask, as a PNG; returns its place."""
        sources = tuple(raster.snapshot() for raster in (tiles, mask) if raster)
        old = self._earlier.get(key)
        if old and self._old and _same(old.sources, sources):
            place = old.place
            with self._old.open(old.entry) as source, self._archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        else:
            seen = masked(tiles, mask) if mask else tiles
            rect = seen.content_rect() or Rect(0, 0, 1, 1)
            place = rect.left, rect.top
            self._archive.writestr(entry, self._encoded(seen.read(rect)))
        self.written.pictures[key] = _Picture(entry, place, sources)
        return place

    def _encoded(self, pixels: Pixels) -> bytes:
        if pixels.shape[2] == 4:
            return codec.to_png(straightened(pixels), self._document.icc, named=True)
        return codec.to_png(pixels)


def _is_as_written(earlier: Written) -> bool:
    try:
        return stamp_of(earlier.path) == earlier.stamp and zipfile.is_zipfile(earlier.path)
    except OSError:
        return False


def _same(old: Sequence[Mapping[Key, Pixels]], new: Sequence[Mapping[Key, Pixels]]) -> bool:
    """Tiles never change, so being the same object is enough."""
    return len(old) == len(new) and all(
        one.keys() == other.keys() and all(one[key] is tile for key, tile in other.items())
        for one, other in zip(old, new, strict=True)
    )


def _element(layer: Layer, source: str, place: tuple[int, int]) -> ElementTree.Element:
    attributes = {
        "name": "".join(c for c in layer.name if c.isprintable()),
        "src": source,
        "x": str(place[0]),
        "y": str(place[1]),
        "opacity": repr(float(layer.opacity)),
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": layer.mode.value,
    }
    if layer.locked:
        attributes["edit-locked"] = "true"
    if layer.alpha_locked:
        attributes["alpha-preserve"] = "true"
    return ElementTree.Element("layer", attributes)


def _write_previews(document: Document, archive: zipfile.ZipFile) -> None:
    merged = straightened(document.composite(document.rect))
    archive.writestr("mergedimage.png", codec.to_png(merged, document.icc, named=True))
    image = codec.to_vips(to_depth(merged, np.uint8))
    if max(image.width, image.height) > _THUMBNAIL:
        image = image.thumbnail_image(_THUMBNAIL, height=_THUMBNAIL)
    archive.writestr("Thumbnails/thumbnail.png", codec.encoded(image, ".png", 0))
