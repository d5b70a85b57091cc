"""Documents on disk: OpenRaster, so that other paint programs can open them too.

What OpenRaster has no word for (mask, kinds of layers, parameters, attachments) lies in entries
below ``sdedit/`` of the archive; the format allows it and others ignore it. A layer with a mask of
its own is written twice, as it is seen for other programs and whole for this one.
"""

from __future__ import annotations

import json
import struct
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, strips
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work
from sdedit_desktop.document.files.ora_reader import MAX_LAYERS, load
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.document.layers import Json, Layer, as_opened, masked
from sdedit_desktop.document.tiles import TILE, Key, Pixels, SampleType, Tiles, keys_in
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.geometry import NOWHERE, Rect

__all__ = ["Written", "load", "save"]

MIME = "image/openraster"
_THUMBNAIL = 256
_LAYERS_SHARE = 0.75
"""Share of the layers in the work; the rest is the flattened picture."""


class _Band(NamedTuple):
    """Some rows of a picture in a file: where its chunk is, and what it adds to the checksum."""

    top: int
    bottom: int
    offset: int
    size_bytes: int
    adler: int
    length: int


@dataclass(frozen=True, eq=False)
class _Picture:
    """A raster that has been written: its entry, its place and what it was made from.

    Attributes:
        marks: What looks different in all of it if it differs.
        bands: Its rows from the top; offsets count from where the entry's data begin.
    """

    entry: str
    rect: Rect
    sources: tuple[Mapping[Key, Pixels], ...]
    marks: object
    bands: tuple[_Band, ...]


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
            report(_LAYERS_SHARE)
            writer.write_merged()
        finally:
            writer.close()
        archive.writestr("Thumbnails/thumbnail.png", _thumbnail(document))
        report(1.0)
    return replace(writer.written, stamp=stamp_of(path))


class _Writer:
    """Writes one document into an archive."""

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
        self._share = 0.0
        self._old = _OldFile(earlier.path) if earlier and _is_as_written(earlier) else None

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
            self._share = _LAYERS_SHARE * done
            self._report(self._share)
            source = f"data/layer{number}.png"
            place = self._write_layer(source, layer, ("seen", layer.id), layer.mask)
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
            extras["mask_at"] = self._write_mask(mask, layer.mask, ("mask", layer.id))
            extras["whole_at"] = self._write_layer(whole, layer, ("whole", layer.id))
        return extras

    def _write_own(self, layers: Mapping[str, Json]) -> None:
        document, archive = self._document, self._archive
        own: dict[str, Json] = {
            "version": 1,
            "depth": document.depth,
            "layers": layers,
            "mask_at": self._write_mask("sdedit/mask.png", document.mask, ("mask", 0)),
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

    def _write_layer(
        self, entry: str, layer: Layer, key: tuple[str, int], mask: Tiles | None = None
    ) -> tuple[int, int]:
        """Writes what is not empty, and seen through the mask, as a PNG; returns its place."""
        tiles, opened = layer.tiles, layer.opened
        sources = tuple(raster.snapshot() for raster in (tiles, mask, opened) if raster)
        old = self._earlier.get(key)
        if old and _same(old.sources, sources):
            rect, seen = old.rect, tiles
        else:
            seen = masked(tiles, mask) if mask else tiles
            hidden = opened.bounds() & self._document.rect if opened else NOWHERE
            rect = (seen.content_rect() | hidden) or Rect(0, 0, 1, 1)

        def read(part: Rect) -> Pixels:
            return as_opened(seen.read(part), [layer], part)

        self._write_png(entry, key, rect, read, (4, tiles.dtype), sources)
        return rect.left, rect.top

    def _write_mask(self, entry: str, tiles: Tiles, key: tuple[str, int]) -> tuple[int, int]:
        """Writes what is not zero as a PNG; returns its place."""
        rect = tiles.content_rect() or Rect(0, 0, 1, 1)
        self._write_png(entry, key, rect, tiles.read, (1, tiles.dtype), (tiles.snapshot(),))
        return rect.left, rect.top

    def write_merged(self) -> None:
        """Writes the flattened picture."""
        document = self._document
        shown = [layer for layer in document.layers if layer.visible]
        rasters = [
            raster for one in shown for raster in (one.tiles, one.mask, one.opened) if raster
        ]
        marks = [
            (one.id, one.opacity, one.mode, one.mask is None, one.opened is None) for one in shown
        ]
        self._write_png(
            "mergedimage.png",
            ("merged", 0),
            document.rect,
            document.straight,
            (4, document.dtype),
            tuple(raster.snapshot() for raster in rasters),
            marks,
        )

    def _write_png(
        self,
        entry: str,
        key: tuple[str, int],
        rect: Rect,
        read: Callable[[Rect], Pixels],
        kind: tuple[int, SampleType],
        sources: tuple[Mapping[Key, Pixels], ...],
        marks: object = None,
    ) -> None:
        """Writes a picture band by band; bands that are in the earlier file are copied."""
        channels, dtype = kind
        depth = 8 * np.dtype(dtype).itemsize
        icc = self._document.icc if channels == 4 else None
        shape = rect.height, rect.width, channels
        head = strips.head(shape, depth, icc, named=channels == 4)
        old = self._earlier.get(key)
        known = _reusable(old, rect, sources, (marks, depth, icc)) if old and self._old else {}
        bands, offset = list[_Band](), len(head)
        info = zipfile.ZipInfo(entry, time.localtime()[:6])
        info.file_size = rect.width * rect.height * channels * depth // 8  # at most, roughly
        with self._archive.open(info, "w") as file:
            file.write(head)
            for top in range(rect.top // TILE * TILE, rect.bottom, TILE):
                part = Rect(rect.left, max(top, rect.top), rect.right, min(top + TILE, rect.bottom))
                again = known.get((part.top, part.bottom))
                if again is not None and old is not None and self._old is not None:
                    chunk = self._old.read(old.entry, again)
                    adler, length = again.adler, again.length
                else:
                    self._report(self._share)  # the user may have cancelled
                    chunk, adler, length = strips.encode(read(part))
                file.write(chunk)
                bands.append(_Band(part.top, part.bottom, offset, len(chunk), adler, length))
                offset += len(chunk)
            file.write(strips.tail([(band.adler, band.length) for band in bands]))
        picture = _Picture(entry, rect, sources, (marks, depth, icc), tuple(bands))
        self.written.pictures[key] = picture


class _OldFile:
    """An earlier save, from which unchanged parts are copied."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self._headers = {one.filename: one.header_offset for one in archive.infolist()}
        self._file = path.open("rb")

    def close(self) -> None:
        """Closes it."""
        self._file.close()

    def read(self, entry: str, band: _Band) -> bytes:
        """A band's chunk; entries are stored as they are."""
        header = self._headers[entry]
        self._file.seek(header + 26)
        name, extra = struct.unpack("<HH", self._file.read(4))
        self._file.seek(header + 30 + name + extra + band.offset)
        return self._file.read(band.size_bytes)


def _reusable(
    old: _Picture, rect: Rect, sources: Sequence[Mapping[Key, Pixels]], marks: object
) -> dict[tuple[int, int], _Band]:
    """The bands of an earlier picture that are unchanged, by their rows."""
    sides = (old.rect.left, old.rect.right) == (rect.left, rect.right)
    if not sides or old.marks != marks or len(old.sources) != len(sources):
        return {}
    pairs = list(zip(old.sources, sources, strict=True))
    return {
        (band.top, band.bottom): band
        for band in old.bands
        if all(
            before is now or before.get(key) is now.get(key)
            for before, now in pairs
            for key in keys_in(Rect(rect.left, band.top, rect.right, band.bottom))
        )
    }


def _is_as_written(earlier: Written) -> bool:
    try:
        return stamp_of(earlier.path) == earlier.stamp and zipfile.is_zipfile(earlier.path)
    except OSError:
        return False


def _same(old: Sequence[Mapping[Key, Pixels]], new: Sequence[Mapping[Key, Pixels]]) -> bool:
    """Whether tiles are the same objects; tiles are immutable."""
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


def _thumbnail(document: Document) -> bytes:
    """A small picture of it, from every so manieth pixel and then the mean of those."""
    pixels = Snapshot.of(document, Work("")).reduced(2 * _THUMBNAIL)
    image = codec.to_vips(pixels)
    if max(image.width, image.height) > _THUMBNAIL:
        image = image.thumbnail_image(_THUMBNAIL, height=_THUMBNAIL)
    return codec.encoded(image, ".png", 0)
