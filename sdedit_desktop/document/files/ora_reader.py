"""Reads OpenRaster files from untrusted sources."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from xml.etree import ElementTree

from sdedit_desktop.document import names
from sdedit_desktop.document.blending import to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import archive, codec
from sdedit_desktop.document.files.archive import Archive, Picture
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

MAX_SIDE = 100_000
MAX_LAYERS = 1_000
MAX_ELEMENTS = 10_000
MAX_STACK_BYTES = 4 << 20
MAX_TEXT_BYTES = 8 << 20
MAX_BLOCK_BYTES = 64 << 20
MAX_ATTACHMENT_BYTES = 2 << 30

_MAX_NESTING = 32
_LONGEST_NAME, _LONGEST_NUMBER = 500, 30
_LONGEST_SENTENCE = 1000
_MOST_WARNINGS = 100
_KNOWN = {
    *("name", "src", "x", "y", "opacity", "visibility", "composite-op"),
    *("edit-locked", "alpha-preserve", "selected", "isolation"),
}
_MYPAINT = "{http://mypaint.org/ns/openraster}"
_LEFT_OUT = {
    f"{_MYPAINT}strokemap": Text("What MyPaint remembers of single strokes was left out."),
    f"{_MYPAINT}background-tile": Text("MyPaint's background became a layer."),
}


class _Place(NamedTuple):
    """The combined effect of the groups around a layer."""

    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    nesting: int = 0


class _Part(NamedTuple):
    """A picture in the archive, and its position in the document."""

    picture: Picture
    x: int
    y: int

    @property
    def rect(self) -> Rect:
        """The pixels it covers."""
        return Rect(self.x, self.y, self.x + self.picture.width, self.y + self.picture.height)


class _Found(NamedTuple):
    """A layer of the stack whose pixels are not decoded yet.

    Attributes:
        element: Its element in the list of layers.
        place: The effect of the groups around it.
        picture: Its own picture.
        extras: What this program has stored about it.
        pixels: What to decode: the picture, or its unmasked original if it has a mask.
        mask: Its mask.
    """

    element: ElementTree.Element
    place: _Place
    picture: Picture
    extras: Mapping[str, Any]
    pixels: _Part
    mask: _Part | None


def load(path: Path) -> Document:
    """Reads a document; features that are not supported are named in its ``warnings``.

    Raises:
        FileFormatError: The file cannot be read, is not OpenRaster, is damaged or too large.
    """
    try:
        opened = Archive(path)
    except FileNotFoundError as error:
        raise FileFormatError("There is no file {0}.", path) from error
    except OSError as error:
        raise FileFormatError("{0} cannot be read: {1}.", path, error.strerror) from error
    except archive.BROKEN as error:
        raise _no_archive(path) from error
    try:
        return _Reader(path.name, opened).document()
    except (*archive.BROKEN, OSError) as error:
        raise _no_archive(path) from error
    finally:
        opened.close()


def _no_archive(path: Path) -> FileFormatError:
    return FileFormatError("{0} is not an OpenRaster picture, or only a part of one.", path.name)


class _Bounded(ElementTree.TreeBuilder):
    """Builds an XML tree, limited in size and depth."""

    def __init__(self) -> None:
        super().__init__()
        self._count = self._depth = 0

    def start(self, tag: Any, attrs: Any) -> ElementTree.Element:  # noqa: ANN401
        """Counts an element; ``OverflowError`` if there are too many."""
        self._count += 1
        self._depth += 1
        if self._count > MAX_ELEMENTS or self._depth > 2 * _MAX_NESTING:
            raise OverflowError
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        """Leaves an element."""
        self._depth -= 1
        return super().end(tag)


class _Reader:
    """Reads one archive."""

    def __init__(self, name: str, opened: Archive) -> None:
        self._name = name
        self._archive = opened
        self._warnings: dict[Text, None] = {}
        self._frame = Rect(0, 0, 0, 0)
        self._extras: Mapping[str, Any] = {}

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
        self._frame = Rect(0, 0, width, height)
        own = self._own()
        self._extras = _mapping(own.get("layers"))
        found = []
        for stack in root.findall("stack"):
            for layer in self._layers(stack, _Place()):
                found.append(layer)
                if len(found) > MAX_LAYERS:
                    raise self._bad(Text("it has more than {0} layers", MAX_LAYERS))
        if not found:
            raise self._bad(Text("it has no layers"))
        mask = self._mask(own)
        self._archive.check_plan()
        depth = own.get("depth")
        if depth not in (8, 16):
            depth = max(layer.picture.depth for layer in found)
        document = Document(width, height, depth)
        document.layers = [self._layer(layer, document) for layer in reversed(found)]
        document.metadata = _resolution(root)
        if mask is not None:
            self._decode(mask, document.mask)
            self._read_own(own, document)
        document.warnings = list(self._warnings)
        return document

    def _stack(self) -> ElementTree.Element:
        try:
            text = self._archive.read("stack.xml", MAX_STACK_BYTES).decode("utf-8-sig")
            # Document types allow entities that expand without limit; none is needed.
            if "<!DOCTYPE" in text or "<!ENTITY" in text:
                raise self._bad(Text("its list of layers holds definitions that are not allowed"))
            parser = ElementTree.XMLParser(target=_Bounded())
            parser.feed(text)
            root: ElementTree.Element = parser.close()
            return root
        except OverflowError as error:
            raise self._bad(Text("its list of layers is too long")) from error
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
                    yield self._found(element, place, source)
                else:
                    self._warn(
                        Text('The layer "{0}" is not made of pixels.', element.get("name", ""))
                    )
            else:
                self._warn(Text('An element "{0}" of the list of layers was ignored.', element.tag))

    def _warn_of_group(self, group: ElementTree.Element) -> None:
        """Warns about properties of groups that are ignored."""
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

    def _found(self, element: ElementTree.Element, place: _Place, source: str) -> _Found:
        extras = _mapping(self._extras.get(source))
        picture, mask = self._archive.picture(source), None
        pixels = _Part(picture, place.x, place.y)
        if isinstance(extras.get("mask"), str):
            if isinstance(extras.get("whole"), str):
                whole = self._archive.picture(extras["whole"])
                pixels = _Part(whole, *_place(extras.get("whole_at")))
            mask = _Part(self._archive.picture(extras["mask"]), *_place(extras.get("mask_at")))
            self._plan(mask, channels=1)
        self._plan(pixels)
        return _Found(element, place, picture, extras, pixels, mask)

    def _layer(self, found: _Found, document: Document) -> Layer:
        element, place, extras = found.element, found.place, found.extras
        layer = document.new_layer(names.recognised(element.get("name", "")[:_LONGEST_NAME]))
        layer.visible, layer.opacity = place.visible, place.opacity
        layer.locked = element.get("edit-locked") == "true"
        try:
            layer.mode = BlendMode(element.get("composite-op", BlendMode.NORMAL.value))
        except ValueError:
            mode = element.get("composite-op", "")[:_LONGEST_NAME]
            self._warn(Text('The blend mode "{0}" of "{1}" is shown as normal.', mode, layer.name))
        # The last layer decoded is the topmost one: its profile is the document's.
        document.icc = self._decode(found.pixels, layer)
        kind = extras.get("kind")
        layer.kind = LayerKind(kind) if kind in [k.value for k in LayerKind] else LayerKind.PAINT
        if layer.kind is not LayerKind.PHOTO:
            layer.opened = None
        layer.alpha_locked = element.get("alpha-preserve") == "true"
        parameters = extras.get("parameters")
        layer.parameters = parameters if isinstance(parameters, dict) else None
        if found.mask is not None:
            layer.mask = Tiles(channels=1)
            self._decode(found.mask, layer.mask)
        return layer

    def _mask(self, own: Mapping[str, Any]) -> _Part | None:
        if not own:
            return None
        picture = self._archive.picture("sdedit/mask.png")
        mask = _Part(picture, *_place(own.get("mask_at")))
        self._plan(mask, channels=1)
        return mask

    def _own(self) -> Mapping[str, Any]:
        if "sdedit/document.json" not in self._archive:
            return {}
        try:
            return _mapping(json.loads(self._archive.read("sdedit/document.json", MAX_TEXT_BYTES)))
        except (ValueError, RecursionError) as error:
            raise self._bad(Text("its entry sdedit/document.json is not readable")) from error

    def _read_own(self, own: Mapping[str, Any], document: Document) -> None:
        profile = "sdedit/profile.icc"
        document.icc = None
        if profile in self._archive:
            document.icc = self._archive.read(profile, MAX_BLOCK_BYTES)
        document.metadata = MappingProxyType(
            {
                name: self._archive.read(f"sdedit/metadata{number}", MAX_BLOCK_BYTES)
                for number, name in enumerate(_names(own.get("metadata")))
            }
        )
        document.attachments = {
            name: self._archive.read(f"sdedit/attachment{number}", MAX_ATTACHMENT_BYTES)
            for number, name in enumerate(_names(own.get("attachments")))
        }

    def _plan(self, part: _Part, channels: int = 4) -> None:
        picture, (x, y) = part.picture, part[1:]
        if max(abs(x), abs(y)) > MAX_SIDE:
            raise self._bad(Text("a layer lies absurdly far away, at {0}, {1}", x, y))
        if not 0 < picture.width * picture.height <= codec.MAX_PIXELS:
            raise self._bad(
                Text(
                    "its entry {0} is a picture of {1} x {2} pixels",
                    *picture[:3],
                )
            )
        self._archive.plan(picture, part.rect, self._frame, channels)

    def _decode(self, part: _Part, into: Layer | Tiles) -> bytes | None:
        """Decodes a picture into a layer or a mask; returns its profile."""
        data = self._archive.planned(part.picture)
        picture = codec.open_bytes(data, f"{part.picture.entry} in {self._name}")
        if picture.width * picture.height != part.picture.width * part.picture.height:
            raise self._bad(Text("its entry {0} is damaged", part.picture.entry))
        for top, pixels in picture.bands():
            rect = Rect(part.x, part.y + top, part.x + picture.width, part.y + top + len(pixels))
            if isinstance(into, Layer):
                into.open_pixels(rect, to_depth(pixels, into.tiles.dtype))
            else:
                edit = into.edit()
                edit.write(rect, to_depth(pixels[..., :1], into.dtype))
                edit.commit()
        return picture.icc

    def _whole(self, element: ElementTree.Element, name: str, default: int | None = None) -> int:
        text = element.get(name)
        if text is None and default is not None:
            return default
        short = (text or "")[:_LONGEST_NUMBER]
        try:
            value = round(float(text or ""))
        except (ValueError, OverflowError) as error:
            raise self._bad(Text('"{0}" is no value for {1}', short, name)) from error
        if abs(value) > MAX_SIDE:
            raise self._bad(Text("{0} = {1} is absurdly large", name, short))
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
        if len(self._warnings) < _MOST_WARNINGS and len(sentence) < _LONGEST_SENTENCE:
            self._warnings[sentence] = None

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
