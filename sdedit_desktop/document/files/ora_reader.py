"""OpenRaster files from anywhere, read with suspicion."""

import json
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from xml.etree import ElementTree

from sdedit_desktop.document import names
from sdedit_desktop.document.blending import premultiplied, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

MAX_SIDE = 100_000
MAX_LAYERS = 1_000
MAX_LAYER_PIXELS = 4 * codec.MAX_PIXELS
MAX_TEXT_BYTES = 64 << 20
MAX_ENTRY_BYTES = 2 << 30
MOST_SWELLING = 50
"""How many times larger than in the archive a large entry may be; pictures are packed already."""

_MAX_NESTING = 32
_KNOWN = {
    *("name", "src", "x", "y", "opacity", "visibility", "composite-op"),
    *("edit-locked", "alpha-preserve", "selected", "isolation"),
}
_MYPAINT = "{http://mypaint.org/ns/openraster}"
_LEFT_OUT = {
    f"{_MYPAINT}strokemap": Text("What MyPaint remembers of single strokes was left out."),
    f"{_MYPAINT}background-tile": Text("MyPaint's background became a layer."),
}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class _Place(NamedTuple):
    """What the groups around a layer do to it."""

    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    nesting: int = 0


class _Found(NamedTuple):
    """A layer in the stack, and its picture that has not been decoded yet."""

    element: ElementTree.Element
    place: _Place
    picture: codec.Decoded


def load(path: Path) -> Document:
    """Reads a document; what is not understood is named in its ``warnings``.

    Raises:
        FileFormatError: The file cannot be read, is not OpenRaster, is damaged or too large.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise FileFormatError("There is no file {0}.", path) from error
    except OSError as error:
        raise FileFormatError("{0} cannot be read: {1}.", path, error.strerror) from error
    with file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _Reader(path.name, archive).document()
        except (*_BROKEN, OSError) as error:
            raise FileFormatError(
                "{0} is not an OpenRaster picture, or only a part of one.", path.name
            ) from error


class _Reader:
    """One archive on its way to a document."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self._name = name
        self._archive = archive
        self._warnings: list[Text] = []
        self._pixels_read = 0

    def document(self) -> Document:
        """Reads everything."""
        root = self._stack()
        width, height = self._whole(root, "w"), self._whole(root, "h")
        if width < 1 or height < 1 or width * height > codec.MAX_PIXELS:
            raise self._bad(Text("a picture of {0} x {1} pixels cannot be opened", width, height))
        if root.get(f"{_MYPAINT}eotf", "1.0") != "1.0":
            self._warn(
                Text(
                    "MyPaint mixed the layers of this picture in linear light; here they look "
                    "a little different where they are mixed."
                )
            )
        own = self._own()
        found = [
            layer for stack in root.findall("stack") for layer in self._layers(stack, _Place())
        ]
        if not found:
            raise self._bad(Text("it has no layers"))
        depth = own.get("depth")
        if depth not in (8, 16):
            depth = max(layer.picture.depth for layer in found)
        document = Document(width, height, depth)
        document.icc = found[0].picture.icc
        extras = _mapping(own.get("layers"))
        document.layers = [
            self._layer(layer, _mapping(extras.get(layer.element.get("src", ""))), document)
            for layer in reversed(found)
        ]
        document.metadata = _resolution(root)
        self._read_own(own, document)
        document.warnings = self._warnings
        return document

    def _stack(self) -> ElementTree.Element:
        try:
            text = self._read("stack.xml", MAX_TEXT_BYTES).decode("utf-8-sig")
            # A document type is the door to entities that grow without end; none is needed.
            if "<!DOCTYPE" in text or "<!ENTITY" in text:
                raise self._bad(Text("its list of layers holds definitions that are not allowed"))
            return ElementTree.fromstring(text)
        except (UnicodeDecodeError, ElementTree.ParseError) as error:
            raise self._bad(Text("its list of layers is not readable")) from error

    def _layers(self, stack: ElementTree.Element, around: _Place) -> Iterator[_Found]:
        if around.nesting > _MAX_NESTING:
            raise self._bad(Text("its groups are nested too deeply"))
        for element in stack:
            place = _Place(
                around.x + self._whole(element, "x", 0),
                around.y + self._whole(element, "y", 0),
                around.opacity * self._fraction(element, "opacity"),
                around.visible and element.get("visibility", "visible") != "hidden",
                around.nesting + 1,
            )
            for unknown in sorted(element.attrib.keys() - _KNOWN):
                ignored = Text(
                    'The property "{0}" of layers is not known and was ignored.', unknown
                )
                self._warn(_LEFT_OUT.get(unknown, ignored))
            if element.tag == "stack":
                self._warn_of_group(element)
                yield from self._layers(element, place)
            elif element.tag == "layer":
                source = element.get("src", "")
                if source.lower().endswith(".png"):
                    yield _Found(element, place, self._picture(source))
                else:
                    self._warn(
                        Text('The layer "{0}" is not made of pixels.', element.get("name", ""))
                    )
            else:
                self._warn(Text('An element "{0}" of the list of layers was ignored.', element.tag))

    def _warn_of_group(self, group: ElementTree.Element) -> None:
        """Says what is lost because layers are mixed one by one."""
        name = group.get("name", "")
        self._warn(Text('The group "{0}" was dissolved into its layers.', name))
        mode = group.get("composite-op", BlendMode.NORMAL.value)
        if mode != BlendMode.NORMAL.value:
            self._warn(Text('The blend mode "{0}" of the group "{1}" was left out.', mode, name))
        if len(group) > 1 and self._fraction(group, "opacity") < 1:
            self._warn(
                Text(
                    'Each layer of the group "{0}" has its opacity now; it looks different where '
                    "they overlap.",
                    name,
                )
            )

    def _layer(self, found: _Found, extras: Mapping[str, Any], document: Document) -> Layer:
        element, place, picture = found
        layer = document.new_layer(names.recognised(element.get("name", "")))
        layer.visible, layer.opacity = place.visible, place.opacity
        layer.locked = element.get("edit-locked") == "true"
        try:
            layer.mode = BlendMode(element.get("composite-op", BlendMode.NORMAL.value))
        except ValueError:
            mode = element.get("composite-op")
            self._warn(Text('The blend mode "{0}" of "{1}" is shown as normal.', mode, layer.name))
        if isinstance(extras.get("mask"), str) and isinstance(extras.get("whole"), str):
            whole = self._picture(extras["whole"])
            self._decode(whole, layer.tiles, *_place(extras.get("whole_at")))
        else:
            self._decode(picture, layer.tiles, place.x, place.y)
        kind = extras.get("kind")
        layer.kind = LayerKind(kind) if kind in [k.value for k in LayerKind] else LayerKind.PAINT
        layer.alpha_locked = element.get("alpha-preserve") == "true"
        parameters = extras.get("parameters")
        layer.parameters = parameters if isinstance(parameters, dict) else None
        if isinstance(extras.get("mask"), str):
            layer.mask = Tiles(channels=1)
            self._decode(self._picture(extras["mask"]), layer.mask, *_place(extras.get("mask_at")))
        return layer

    def _own(self) -> Mapping[str, Any]:
        if "sdedit/document.json" not in self._archive.namelist():
            return {}
        try:
            return _mapping(json.loads(self._read("sdedit/document.json", MAX_TEXT_BYTES)))
        except (ValueError, RecursionError) as error:
            raise self._bad(Text("its entry sdedit/document.json is not readable")) from error

    def _read_own(self, own: Mapping[str, Any], document: Document) -> None:
        if not own:
            return
        self._decode(self._picture("sdedit/mask.png"), document.mask, *_place(own.get("mask_at")))
        has_profile = "sdedit/profile.icc" in self._archive.namelist()
        document.icc = self._read("sdedit/profile.icc", MAX_TEXT_BYTES) if has_profile else None
        document.metadata = MappingProxyType(
            {
                name: self._read(f"sdedit/metadata{number}", MAX_TEXT_BYTES)
                for number, name in enumerate(_names(own.get("metadata")))
            }
        )
        document.attachments = {
            name: self._read(f"sdedit/attachment{number}", MAX_ENTRY_BYTES)
            for number, name in enumerate(_names(own.get("attachments")))
        }

    def _picture(self, source: str) -> codec.Decoded:
        parts = source.replace("\\", "/").split("/")
        if ".." in parts or source.startswith("/") or ":" in parts[0]:
            raise self._bad(Text('it refers to "{0}", outside of itself', source))
        picture = codec.open_bytes(self._read(source, MAX_ENTRY_BYTES), f"{source} in {self._name}")
        self._pixels_read += picture.width * picture.height
        if self._pixels_read > MAX_LAYER_PIXELS:
            raise self._bad(Text("its layers have more pixels than can be opened"))
        return picture

    def _decode(self, picture: codec.Decoded, tiles: Tiles, x: int, y: int) -> None:
        if max(abs(x), abs(y)) > MAX_SIDE:
            raise self._bad(Text("a layer lies absurdly far away, at {0}, {1}", x, y))
        edit = tiles.edit()
        for top, pixels in picture.bands():
            rect = Rect(x, y + top, x + picture.width, y + top + len(pixels))
            if tiles.channels == 4:
                edit.write(rect, premultiplied(to_depth(pixels, tiles.dtype)))
            else:
                edit.write(rect, to_depth(pixels[..., :1], tiles.dtype))
        edit.commit()

    def _read(self, name: str, limit_bytes: int) -> bytes:
        try:
            info = self._archive.getinfo(name)
            swollen = info.file_size > max(MAX_TEXT_BYTES, MOST_SWELLING * info.compress_size)
            if info.file_size > limit_bytes or swollen:
                raise self._bad(Text("its entry {0} is too large", name))
            return self._archive.read(info)
        except KeyError as error:
            raise self._bad(Text("its entry {0} is missing", name)) from error
        except _BROKEN as error:
            raise self._bad(Text("its entry {0} is damaged", name)) from error

    def _whole(self, element: ElementTree.Element, name: str, default: int | None = None) -> int:
        text = element.get(name)
        if text is None and default is not None:
            return default
        try:
            value = round(float(text or ""))
        except (ValueError, OverflowError) as error:
            raise self._bad(Text('"{0}" is no value for {1}', text, name)) from error
        if abs(value) > MAX_SIDE:
            raise self._bad(Text("{0} = {1} is absurdly large", name, value))
        return value

    def _fraction(self, element: ElementTree.Element, name: str) -> float:
        try:
            value = float(element.get(name, "1"))
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            self._warn(Text('"{0}" is no value for {1}; 1 is used.', element.get(name), name))
            return 1.0
        return value

    def _warn(self, sentence: Text) -> None:
        if len(self._warnings) < MAX_LAYERS and sentence not in self._warnings:
            self._warnings.append(sentence)

    def _bad(self, reason: Text) -> FileFormatError:
        return FileFormatError("{0} cannot be opened: {1}.", self._name, reason)


def _resolution(root: ElementTree.Element) -> Mapping[str, bytes]:
    try:
        dpi = float(root.get("xres", ""))
    except ValueError:
        dpi = 0.0
    return MappingProxyType({"dpi": f"{dpi:g}".encode()} if 1 < dpi < 100_000 else {})


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _names(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _place(value: object) -> tuple[int, int]:
    match value:
        case [int(x), int(y)]:
            return x, y
    return 0, 0
