import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from sdedit_desktop.document.blending import premultiplied
from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import colors, ora_writer
from sdedit_desktop.document.files.metadata import Keeps
from sdedit_desktop.document.files.opening import open_document
from sdedit_desktop.document.files.photo import (
    EXTENSIONS,
    export,
    export_document,
    open_mask,
    open_photo,
    open_strokes,
)
from sdedit_desktop.document.transforms import cropped, mirrored, turned
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LOSSLESS = [".png", ".tif", ".tiff"]
DEPTHS = {8: np.uint8, 16: np.uint16}


def picture(depth=8, channels=3, height=30, width=50):
    rng = np.random.default_rng(0)
    return rng.integers(0, 2**depth, (height, width, channels)).astype(DEPTHS[depth])


def smooth(channels=3):
    y, x = np.mgrid[0:60, 0:80]
    planes = [x * 3, y * 4, (x + y) * 255 // 140, 255 - x][:channels]
    return np.stack(planes, axis=2).astype(np.uint8)


@pytest.mark.parametrize("extension", LOSSLESS)
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("channels", [3, 4])
def test_lossless_formats_keep_every_bit(extension, depth, channels, tmp_path):
    pixels = picture(depth, channels)
    export(pixels, tmp_path / f"a{extension}", depth=depth, icc=SRGB)
    photo = open_photo(tmp_path / f"a{extension}")
    assert photo.pixels.dtype == pixels.dtype
    assert np.array_equal(photo.pixels, pixels)
    assert (photo.depth, photo.icc, photo.name) == (depth, SRGB, f"a{extension}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.integers(1, 70),
    st.integers(1, 70),
    st.sampled_from(LOSSLESS),
    st.sampled_from([8, 16]),
    st.sampled_from([3, 4]),
)
def test_pictures_of_any_size_come_back(tmp_path, height, width, extension, depth, channels):
    pixels = picture(depth, channels, height, width)
    export(pixels, tmp_path / f"a{extension}")
    assert np.array_equal(open_photo(tmp_path / f"a{extension}").pixels, pixels)


@pytest.mark.parametrize("extension", [".jpg", ".jpeg", ".webp", ".avif"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_lossy_formats_come_close(extension, depth, tmp_path):
    pixels = smooth().astype(DEPTHS[depth]) * DEPTHS[depth](257 if depth == 16 else 1)
    export(pixels, tmp_path / f"a{extension}", icc=SRGB, quality=98)
    photo = open_photo(tmp_path / f"a{extension}")
    scale = np.iinfo(photo.pixels.dtype).max / 255
    assert np.abs(photo.pixels / scale - smooth()).mean() < 3
    assert photo.icc == SRGB


def test_depth_can_be_chosen(tmp_path):
    pixels = picture(16)
    export(pixels, tmp_path / "a.png", depth=8)
    assert np.abs(open_photo(tmp_path / "a.png").pixels - pixels / 257).max() <= 0.5
    export(picture(8), tmp_path / "b.png", depth=16)
    assert np.array_equal(open_photo(tmp_path / "b.png").pixels, picture(8).astype(int) * 257)


def test_jpeg_has_white_behind_transparent_pixels(tmp_path):
    pixels = np.zeros((32, 32, 4), np.uint8)
    export(pixels, tmp_path / "a.jpg")
    assert open_photo(tmp_path / "a.jpg").pixels.min() >= 254


# What cameras and other programs make


def saved(path, image, **options):
    image.save(path, **options)
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_not_applied_again(orientation, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera"
    upright = Image.fromarray(smooth())
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = upright if turn is None else upright.transpose(turn)
    photo = open_photo(saved(tmp_path / "a.jpg", stored, exif=exif, quality=95, subsampling=0))
    assert np.abs(photo.pixels - smooth().astype(int)).mean() < 2
    for extension in (".png", ".jpg", ".webp", ".avif"):
        path = tmp_path / f"b{extension}"
        export(photo.pixels, path, metadata=photo.metadata)
        assert np.abs(open_photo(path).pixels - photo.pixels.astype(int)).mean() < 4, extension
        with Image.open(path) as again:
            kept = again.getexif()
        assert kept[0x010F] == "Camera"
        assert kept.get(0x0112, 1) == 1


@pytest.mark.parametrize("extension", [".png", ".jpg", ".webp", ".avif", ".tif"])
def test_xmp_is_kept_and_parameters_are_noted(extension, tmp_path):
    xmp = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        b"<rdf:Description rdf:about=''><dc:title xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        b"Mine</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    path = tmp_path / f"a{extension}"
    export(smooth(), path, metadata={"xmp": xmp}, parameters={"t0": 0.5, "name": "<ä&>"})
    found = open_photo(path).metadata["xmp"]
    assert b"Mine" in found
    if extension == ".png":
        with Image.open(path) as image:
            assert image.text["sdedit"] == '{"t0": 0.5, "name": "<\\u00e4&>"}'
    else:
        assert b'{"t0": 0.5, "name": "&lt;\\u00e4&amp;&gt;"}' in found


@pytest.mark.parametrize("extension", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("with_exif", [False, True])
def test_resolution_is_kept(extension, with_exif, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    options = {"exif": exif} if with_exif and extension != ".tif" else {}
    path = saved(tmp_path / f"a{extension}", Image.fromarray(smooth()), dpi=(240, 240), **options)
    photo = open_photo(path)
    assert float(photo.metadata["dpi"]) == pytest.approx(240, abs=0.1)
    export(photo.pixels, tmp_path / "b.jpg", metadata=photo.metadata)
    export(photo.pixels, tmp_path / "b.png", metadata=photo.metadata)
    for name in ("b.jpg", "b.png"):
        with Image.open(tmp_path / name) as image:
            assert image.info["dpi"] == pytest.approx((240, 240), abs=0.1)


def test_files_without_parameters_tell_nothing(tmp_path):
    export(smooth(), tmp_path / "a.png")
    assert b"sdedit" not in (tmp_path / "a.png").read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_colour_mode_looks_as_pillow_shows_it(mode, tmp_path):
    image = Image.fromarray(smooth()).convert(mode)
    photo = open_photo(saved(tmp_path / "a.png", image))
    shown = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(photo.pixels[..., :3] - shown).max() <= 1
    assert photo.depth == 8


def test_palette_with_transparency_has_alpha(tmp_path):
    image = Image.new("P", (4, 4))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((0, 0), 1)
    photo = open_photo(saved(tmp_path / "a.png", image, transparency=0))
    assert photo.pixels[0, 0].tolist() == [0, 255, 0, 255]
    assert photo.pixels[1, 1, 3] == 0


def test_16_bit_grey_stays_16_bits(tmp_path):
    values = np.arange(4000, dtype=np.uint16).reshape(50, 80) * 16
    photo = open_photo(saved(tmp_path / "a.png", Image.fromarray(values)))
    assert photo.depth == 16
    assert np.abs(photo.pixels - values[..., None].astype(int)).max() <= 1


def test_cmyk_becomes_srgb(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    photo = open_photo(saved(tmp_path / "a.jpg", image, quality=100))
    red, green, blue = photo.pixels[4, 4]
    assert red > 180
    assert max(green, blue) < 90
    assert photo.icc is None


def test_the_first_of_several_frames_is_opened(tmp_path):
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    for name in ("a.gif", "a.webp", "a.png", "a.tif"):
        path = saved(tmp_path / name, frames[0], save_all=True, append_images=frames[1:])
        photo = open_photo(path)
        assert photo.pixels.shape[:2] == (6, 8), name
        assert photo.pixels[0, 0, 0] > 240, name


def test_the_content_decides_not_the_extension(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(saved(tmp_path / "real.png", Image.fromarray(smooth())).read_bytes())
    assert np.array_equal(open_photo(path).pixels, smooth())


@pytest.mark.parametrize("name", ["a[page=3].png", "ä ß 画.png", "a;b&c %41.png", "-a.png"])
def test_names_are_only_names(name, tmp_path):
    export(smooth(), tmp_path / name)
    assert np.array_equal(open_photo(tmp_path / name).pixels, smooth())


def test_a_changed_file_is_read_anew(tmp_path):
    path = tmp_path / "a.png"
    export(smooth(), path)
    open_photo(path)
    export(255 - smooth(), path)
    assert np.array_equal(open_photo(path).pixels, 255 - smooth())


# What is no picture


def png_header(width, height):
    out = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for kind, data in [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]:
        out += struct.pack(">I", len(data)) + kind + data
        out += struct.pack(">I", zlib.crc32(kind + data))
    return out


def test_a_small_file_of_an_enormous_picture_is_refused_before_it_is_decoded(tmp_path):
    (tmp_path / "a.png").write_bytes(png_header(50_000, 50_000))
    with pytest.raises(FileFormatError, match=r"a\.png is too large: 50000 x 50000 .* 400 mega"):
        open_photo(tmp_path / "a.png")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_a_picture_as_large_as_allowed_in_a_kilobyte_takes_no_memory(tmp_path):
    (tmp_path / "a.png").write_bytes(png_header(20_000, 20_000))
    assert (tmp_path / "a.png").stat().st_size < 1000
    code = (
        "import sys; from pathlib import Path\n"
        "from sdedit_desktop.document.files.photo import open_photo\n"
        "from sdedit_desktop.errors import FileFormatError\n"
        "try: open_photo(Path(sys.argv[1]))\n"
        "except FileFormatError as error: print(error)\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.png"], capture_output=True, text=True, check=True
    )
    sentence, peak_kb = done.stdout.splitlines()
    assert sentence.startswith("a.png is damaged or incomplete")
    assert int(peak_kb) < 300_000


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", b"<svg/>"])
def test_files_that_are_no_pictures_are_refused(content, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=r"^a\.png .*PNG, JPEG, TIFF, WebP or AVIF\.$"):
        open_photo(path)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_half_a_file_is_refused(extension, tmp_path):
    path = tmp_path / f"a{extension}"
    export(picture(), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileFormatError, match=rf"^a\{extension} "):
        open_photo(path)


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(FileFormatError, match="no file"):
        open_photo(tmp_path / "none.png")
    with pytest.raises(FileFormatError, match="is a folder"):
        open_photo(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be read")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    path = tmp_path / "a.png"
    export(smooth(), path)
    path.chmod(0)
    with pytest.raises(FileFormatError, match="cannot be read: Permission denied"):
        open_photo(path)


def test_errors_print_nothing(tmp_path):
    """libvips likes to warn on stderr by itself."""
    (tmp_path / "a.png").write_bytes(png_header(20, 20))
    code = (
        "import sys; from pathlib import Path\n"
        "from sdedit_desktop.document.files.photo import open_photo\n"
        "try: open_photo(Path(sys.argv[1]))\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.png"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("a.png is damaged")
    assert done.stderr == ""


# Saving


def test_a_failed_export_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileFormatError, match="No space left"):
        export(smooth(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written_are_named(tmp_path):
    with pytest.raises(FileFormatError, match="there is no folder"):
        export(smooth(), tmp_path / "none" / "a.png")
    (tmp_path / "a.png").mkdir()
    with pytest.raises(FileFormatError, match="name of a folder"):
        export(smooth(), tmp_path / "a.png")
    with pytest.raises(FileFormatError, match=r"a\.bmp has no extension .* \.png"):
        export(smooth(), tmp_path / "a.bmp")


# Masks and strokes


def test_white_may_change_and_transparent_may_not(tmp_path):
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[0] = 255
    pixels[0, 1, 3] = 0
    pixels[0, 2, 3] = 128
    export(pixels, tmp_path / "a.png")
    mask = open_mask(tmp_path / "a.png", (3, 2))
    assert mask.dtype == np.uint8
    assert mask.tolist() == [[255, 0, 128], [0, 0, 0]]


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "I;16"])
def test_masks_of_any_kind_are_read(mode, tmp_path):
    grey = np.repeat(np.array([[0, 255]], np.uint8), 4, axis=0)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(grey).convert(mode)
    assert open_mask(saved(tmp_path / "a.png", image)).tolist() == grey.tolist()


def test_grey_stays_exactly_grey(tmp_path):
    ramp = np.arange(256, dtype=np.uint8)[None]
    assert open_mask(saved(tmp_path / "a.png", Image.fromarray(ramp))).tolist() == ramp.tolist()


@pytest.mark.parametrize(
    "opened",
    [
        lambda path: open_mask(path, (640, 480)),
        lambda path: open_strokes(path, Document(640, 480)),
    ],
)
def test_another_size_is_refused_with_both_sizes(opened, tmp_path):
    export(smooth(), tmp_path / "m.png")
    with pytest.raises(FileFormatError, match=r"m\.png is 80 x 60 pixels, .* is 640 x 480"):
        opened(tmp_path / "m.png")


def test_strokes_without_transparency_cover_everything(tmp_path):
    export(smooth(), tmp_path / "a.png")
    strokes = open_strokes(tmp_path / "a.png", Document(80, 60))
    assert np.array_equal(strokes[..., :3], smooth())
    assert (strokes[..., 3] == 255).all()
    export(smooth(4), tmp_path / "b.png")
    strokes = open_strokes(tmp_path / "b.png", Document(80, 60))
    assert np.array_equal(strokes, premultiplied(smooth(4)))


# Transparency


def see_through(depth):
    """All alphas with many colours, also where nothing is seen."""
    pixels = picture(depth, 4, 140, 260)
    most = 2**depth - 1
    pixels[:, :256, 3] = np.arange(256) * most // 255
    return pixels


@pytest.mark.parametrize("extension", [".png", ".tif", ".webp"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_transparent_photo_is_exported_as_it_was_opened(extension, depth, tmp_path):
    source = tmp_path / f"a{extension}"
    if extension == ".webp":
        if depth == 16:
            pytest.skip("WebP has 8 bits")
        Image.fromarray(see_through(8)).save(source, lossless=True, exact=True)
    else:
        export(see_through(depth), source)
    document = open_document(source)
    assert np.array_equal(document.straight(document.rect), see_through(depth))
    ora_writer.save(document, tmp_path / "a.ora")
    again = open_document(tmp_path / "a.ora")
    for one in (document, again):
        export_document(one, tmp_path / "b.png")
        assert np.array_equal(open_photo(tmp_path / "b.png").pixels, see_through(depth))


def test_crops_and_turns_keep_the_colours_of_transparent_pixels(tmp_path):
    export(see_through(8), tmp_path / "a.png")
    document = open_document(tmp_path / "a.png")
    document.push(cropped(document, Rect(3, 5, 203, 105)))
    document.push(turned(document, 1))
    document.push(mirrored(document))
    expected = np.flip(np.rot90(see_through(8)[5:105, 3:203], -1), 1)
    assert np.array_equal(document.straight(document.rect), expected)
    for _ in range(3):
        document.undo()
    assert np.array_equal(document.straight(document.rect), see_through(8))


def test_strokes_on_a_transparent_photo_are_exported_and_the_rest_is_unchanged(tmp_path):
    export(see_through(8), tmp_path / "a.png")
    document = open_document(tmp_path / "a.png")
    edit = document.layers[0].tiles.edit()
    edit.write(Rect(10, 10, 30, 30), np.array([255, 0, 0, 255], np.uint8))
    document.push(PaintTiles(Text("Paint"), ("layer", document.layers[0].id), edit.commit()))
    expected = see_through(8)
    expected[10:30, 10:30] = 255, 0, 0, 255
    assert np.array_equal(document.straight(document.rect), expected)


def test_importing_the_document_is_quick():
    """pyvips and its library are loaded with the first picture, not with the program."""
    code = (
        "import sys; from sdedit_desktop.document.files import ora_writer, photo;"
        "assert 'pyvips' not in sys.modules and 'PIL' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Grey


def grey_profile():
    """Of gamma 1.8 (0x1cd / 256), in the tags that ICC.1:2001-04 asks for."""
    white = struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    tags = {
        b"desc": b"desc" + struct.pack(">4xI", 2) + b"g\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + white,
        b"kTRC": b"curv" + struct.pack(">4xIH", 1, 0x1CD),
    }
    table, data = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, 132 + 12 * len(tags) + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    head = bytes(4) + b"\2\x20\0\0mntrGRAYXYZ " + struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head += b"acsp" + bytes(28) + white + bytes(48)
    return struct.pack(">I", 4 + len(head) + len(table) + len(data)) + head + table + data


GREY_PROFILE = grey_profile()


def grey_file(path, kind, profile):
    y, x = np.mgrid[:40, :64]
    values = ((x * 1000 + y * 37) % 65536).astype(np.uint16)
    options = {"icc_profile": profile} if profile else {}
    if kind == "8 with alpha":
        Image.fromarray(np.stack([values >> 8, values & 255], 2).astype(np.uint8), "LA").save(
            path, **options
        )
        return np.stack([values >> 8, values & 255], 2)
    values = values if kind == "16" else (values >> 8).astype(np.uint8)
    Image.fromarray(values).save(path, **options)
    return values[..., None]


@pytest.mark.parametrize("profile", [None, GREY_PROFILE])
@pytest.mark.parametrize("kind", ["8", "16", "8 with alpha"])
@pytest.mark.parametrize("extension", [".png", ".tif"])
def test_grey_stays_grey_until_something_coloured_is_added(kind, extension, profile, tmp_path):
    values = grey_file(tmp_path / f"a{extension}", kind, profile)
    document = open_document(tmp_path / f"a{extension}")
    assert document.warnings == []
    ora_writer.save(document, tmp_path / "a.ora")
    for one in (document, open_document(tmp_path / "a.ora")):
        export_document(one, tmp_path / f"b{extension}", keeps=Keeps.NONE)
        with Image.open(tmp_path / f"b{extension}") as written:
            assert written.info.get("icc_profile") == profile
            assert np.array_equal(np.asarray(written).reshape(values.shape), values)
    edit = document.layers[-1].tiles.edit()
    edit.write(
        Rect(3, 3, 9, 9), np.array([document.dtype(200), 0, 0, np.iinfo(document.dtype).max])
    )
    edit.commit()
    export_document(document, tmp_path / "c.png")
    again = open_photo(tmp_path / "c.png")
    assert again.icc == document.icc
    assert (again.pixels[20, :, :3] == values[20, :, :1]).all()
    assert again.pixels[5, 5].tolist()[:3] == [200, 0, 0]


def test_grey_with_a_profile_looks_as_the_profile_says(tmp_path):
    grey_file(tmp_path / "a.png", "8", GREY_PROFILE)
    photo = open_photo(tmp_path / "a.png")
    seen = colors.to_srgb((photo.pixels / np.float32(255)).astype(np.float32), photo.icc)
    linear = (photo.pixels / 255.0) ** 1.8
    wanted = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(seen - wanted).max() < 1 / 255
