"""Metadata through every pair of formats: kept as found, without pictures of what was before."""

import io
import re
import shutil
import struct
import subprocess

import numpy as np
import pytest
from PIL import Image, IptcImagePlugin, PngImagePlugin

from sdedit_desktop.document.files import ora_reader, ora_writer
from sdedit_desktop.document.files.metadata import Keeps, described
from sdedit_desktop.document.files.photo import EXTENSIONS, as_document, export, open_photo
from sdedit_desktop.errors import FileFormatError
from tests.support.tiff_files import (
    ASCII,
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    UNDEFINED,
    gradient,
    picture_fields,
    tiff,
)

PIXELS = (gradient(30, 44) * 255).astype(np.uint8)
OTHER = (gradient(12, 16)[::-1] * 255).astype(np.uint8)
FORMATS = [".jpg", ".png", ".tif", ".webp", ".avif"]
MAKE, MODEL, ARTIST = "Maker", "Camera 5", "Joerg"
IIM = b"\x1c\2\0\0\2\0\4" + b"\x1c\2\x19\0\6" + "Hügel".encode() + b"\x1c\2\x5a\0\4Bonn"
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
    b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
    b"xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/' "
    b"xmlns:aux='http://ns.adobe.com/exif/1.0/aux/' xmp:Rating='4' "
    b"exif:GPSLatitude='48,8.5N' aux:SerialNumber='S1234'>"
    b"<xmp:Thumbnails><rdf:Alt><rdf:li>OLDFACE</rdf:li></rdf:Alt></xmp:Thumbnails>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def jpeg_of(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


THUMBNAIL, PREVIEW = jpeg_of(OTHER), jpeg_of(OTHER[:, ::-1].copy())
MAKER_NOTE = b"Maker\0\x01\x02" + bytes(range(200)) + PREVIEW + b"serial S1234" + bytes(range(50))


def exif_fields():
    place = {
        0: (BYTE, b"\2\3\0\0"),
        1: (ASCII, b"N\0"),
        2: (RATIONAL, struct.pack("<6I", 48, 1, 8, 1, 30, 1)),
    }
    inner = {
        33434: (RATIONAL, struct.pack("<2I", 1, 250)),
        36864: (UNDEFINED, b"0232"),
        36867: (ASCII, b"2024:05:06 07:08:09\0"),
        37500: (UNDEFINED, MAKER_NOTE),
        40962: (LONG, [4000]),
        40963: (SHORT, [3000]),
        42033: (ASCII, b"S1234\0"),
    }
    return {
        271: (ASCII, MAKE.encode() + b"\0"),
        272: (ASCII, MODEL.encode() + b"\0"),
        274: (SHORT, [1]),
        315: (ASCII, ARTIST.encode() + b"\0"),
        34665: inner,
        34853: place,
    }


def exif_block():
    """As a camera writes it, with a thumbnail in a second directory."""
    return tiff(exif_fields(), {259: (SHORT, [6]), 513: THUMBNAIL, 514: (LONG, [len(THUMBNAIL)])})


def resource(number, data):
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + bytes(len(data) % 2)


PHOTOSHOP = resource(1028, IIM) + resource(1036, b"28 bytes of header" + THUMBNAIL)


def source(tmp_path, suffix):
    """A file as another program would write it, with all the blocks that the format can have."""
    path = tmp_path / f"source{suffix}"
    image = Image.fromarray(PIXELS)
    block = b"Exif\0\0" + exif_block()
    match suffix:
        case ".jpg":
            image.save(path, exif=block, xmp=XMP, quality=95, subsampling=0)
            data, app13 = path.read_bytes(), b"Photoshop 3.0\0" + PHOTOSHOP
            app13 = b"\xff\xed" + struct.pack(">H", len(app13) + 2) + app13
            path.write_bytes(data[:2] + app13 + data[2:])
        case ".tif":
            fields = exif_fields() | {
                700: (BYTE, XMP),
                33723: (LONG, struct.unpack("<7I", IIM.ljust(28, b"\0"))),
                34377: (BYTE, PHOTOSHOP),
            }
            path.write_bytes(tiff(picture_fields(PIXELS) | fields))
        case ".png":
            text = PngImagePlugin.PngInfo()
            text.add_itxt("XML:com.adobe.xmp", XMP.decode())
            image.save(path, exif=block, pnginfo=text)
        case _:
            image.save(path, exif=block, xmp=XMP, quality=95)
    return path


def exif_of(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        found = image.getexif()
        found.get_ifd(34665), found.get_ifd(34853)
        return found


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("origin", FORMATS)
def test_camera_metadata_is_kept_in_every_format(origin, target, tmp_path):
    photo = open_photo(source(tmp_path, origin))
    path = tmp_path / f"b{target}"
    export(photo.pixels, path, icc=photo.icc, metadata=photo.metadata)
    found = exif_of(path)
    assert (found[271], found[272]) == (MAKE, MODEL)
    assert ARTIST.encode() in path.read_bytes()
    inner, place = found.get_ifd(34665), found.get_ifd(34853)
    assert inner[36867] == "2024:05:06 07:08:09"
    assert inner[33434] == pytest.approx(1 / 250)
    assert place[2] == (48.0, 8.0, 30.0)
    assert found.get(274, 1) == 1
    assert (inner[40962], inner[40963]) == (44, 30)
    note = inner[37500]
    assert len(note) == len(MAKER_NOTE)
    assert note.replace(bytes(len(PREVIEW)), PREVIEW) == MAKER_NOTE
    again = open_photo(path)
    assert b"xmp:Rating='4'" in again.metadata["xmp"]
    if target in (".png", ".tif"):
        assert np.array_equal(again.pixels, photo.pixels)


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("origin", FORMATS)
def test_no_file_shows_the_picture_as_it_was(origin, target, tmp_path):
    photo = open_photo(source(tmp_path, origin))
    path = tmp_path / f"b{target}"
    export(photo.pixels, path, metadata=photo.metadata)
    data = path.read_bytes()
    for old in (THUMBNAIL, PREVIEW):
        assert old[100:140] in source(tmp_path, origin).read_bytes() or origin != ".jpg"
        assert old[100:140] not in data
    assert b"OLDFACE" not in data
    with Image.open(path) as image:
        assert 513 not in image.getexif().get_ifd(1)


@pytest.mark.parametrize("target", [".jpg", ".png", ".tif"])
@pytest.mark.parametrize("origin", [".jpg", ".tif"])
def test_iptc_is_whole(origin, target, tmp_path):
    photo = open_photo(source(tmp_path, origin))
    path = tmp_path / f"b{target}"
    export(photo.pixels, path, metadata=photo.metadata)
    if target == ".png":  # Pillow does not read it there
        path = tmp_path / "c.tif"
        export(PIXELS, path, metadata=open_photo(tmp_path / "b.png").metadata)
    with Image.open(path) as image:
        found = IptcImagePlugin.getiptcinfo(image)
    assert found[(2, 25)] == "Hügel".encode()
    assert found[(2, 90)] == b"Bonn"


@pytest.mark.parametrize("target", FORMATS)
def test_place_and_serial_numbers_can_be_left_out(target, tmp_path):
    photo = open_photo(source(tmp_path, ".jpg"))
    path = tmp_path / f"b{target}"
    export(photo.pixels, path, metadata=photo.metadata, keeps=Keeps.NO_PRIVATE)
    data = path.read_bytes()
    assert b"S1234" not in data
    assert b"48,8.5N" not in data
    assert b"Bonn" not in data
    found = exif_of(path)
    assert 34853 not in found
    assert found[271] == MAKE
    assert found.get_ifd(34665)[36867] == "2024:05:06 07:08:09"
    assert struct.pack("<6I", 48, 1, 8, 1, 30, 1) not in data


@pytest.mark.parametrize("target", FORMATS)
def test_nothing_is_kept_or_invented(target, tmp_path):
    photo = open_photo(source(tmp_path, ".jpg"))
    export(photo.pixels, tmp_path / f"b{target}", metadata=photo.metadata, keeps=Keeps.NONE)
    export(PIXELS, tmp_path / f"c{target}")
    for name in ("b", "c"):
        path = tmp_path / f"{name}{target}"
        assert set(open_photo(path).metadata) <= {"dpi"} or target == ".tif"
        assert not {271, 315, 34665, 34853} & set(exif_of(path))


def test_texts_of_png_are_kept_also_by_documents(tmp_path):
    text = PngImagePlugin.PngInfo()
    for key, value in (("Author", "me"), ("parameters", "a cat, steps 20"), ("workflow", "{}")):
        text.add_text(key, value)
    text.add_itxt("Title", "Hügel", zip=True)
    text.add_text("sdedit", "old")
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=text)
    document = as_document(open_photo(tmp_path / "a.png"))
    ora_writer.save(document, tmp_path / "a.ora")
    metadata = ora_reader.load(tmp_path / "a.ora").metadata
    export(PIXELS, tmp_path / "b.png", metadata=metadata, parameters={"t0": 0.5})
    with Image.open(tmp_path / "b.png") as image:
        assert image.text == {
            "Author": "me",
            "parameters": "a cat, steps 20",
            "workflow": "{}",
            "Title": "Hügel",
            "sdedit": '{"t0": 0.5}',
        }


def test_kept_and_lost_metadata_is_listed(tmp_path):
    metadata = open_photo(source(tmp_path, ".jpg")).metadata
    assert described(metadata, Keeps.ALL, ".jpg") == ["camera and exposure", "place", "XMP", "IPTC"]
    assert described(metadata, Keeps.NO_PRIVATE, ".webp") == ["camera and exposure", "XMP"]
    assert described(metadata, Keeps.NONE, ".jpg") == []


def test_damaged_blocks_are_left_out_and_harm_nothing(tmp_path):
    rng = np.random.default_rng(0)
    whole = exif_block()
    for round_ in range(150):
        block = bytearray(whole)
        for place in rng.integers(4, len(block), 6):
            block[place] = rng.integers(256)
        if round_ % 3 == 0:
            block = block[: rng.integers(len(block))]
        photoshop = bytearray(PHOTOSHOP)
        photoshop[rng.integers(len(photoshop))] = rng.integers(256)
        metadata = {"exif": bytes(block), "iptc": bytes(photoshop), "xmp": XMP[: rng.integers(400)]}
        suffix = FORMATS[round_ % 3]
        export(PIXELS, tmp_path / f"a{suffix}", metadata=metadata)
        assert open_photo(tmp_path / f"a{suffix}").pixels.shape == PIXELS.shape


@pytest.mark.parametrize(("suffix", "limit"), [(".webp", 16383), (".jpg", 65500), (".avif", 16384)])
def test_pictures_beyond_a_formats_longest_side_are_refused_with_it(suffix, limit, tmp_path):
    pixels = np.zeros((1, limit + 1, 3), np.uint8)
    with pytest.raises(FileFormatError, match=rf"{limit + 1} x 1 pixels, .* {limit}\. Choose PNG"):
        export(pixels, tmp_path / f"a{suffix}")


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool judges it")
@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("origin", FORMATS)
def test_exiftool_finds_the_same_metadata_after_export(origin, target, tmp_path):
    def found_in(path):
        listed = subprocess.run(
            ["exiftool", "-a", "-s", "-G1", "-n", "-EXIF:all", "-GPS:all", "-XMP:all", path],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        fields = dict(re.findall(r"^(\[[^]]*\] *\S+) *: (.*)$", listed, re.MULTILINE))
        return {
            " ".join(key.split()): value
            for key, value in fields.items()
            if not re.search(
                r"IFD1|Thumb|Resolution|Orientation|Image(Width|Height|Size)|Strip|Planar|Bits|Samp|"
                r"Rows|Compression|Photometric|Predictor|Preview|MakerNote|XMPToolkit|Application",
                key,
            )
        }

    photo = open_photo(source(tmp_path, origin))
    path = tmp_path / f"b{target}"
    export(photo.pixels, path, metadata=photo.metadata)
    assert found_in(path) == found_in(tmp_path / f"source{origin}")


def test_all_extensions_are_tried():
    assert set(EXTENSIONS) == {*FORMATS, ".jpeg", ".tiff"}
