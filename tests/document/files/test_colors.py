"""Colours between profiles, against closed forms and the library that opens photographs."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from sdedit_desktop.document.files import codec, colors, profiles
from sdedit_desktop.document.files.opening import open_painted
from sdedit_desktop.document.files.photo import export, export_document, open_photo
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.errors import FileFormatError

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
P3 = bytes(libvips().Operation.call("profile_load", "p3"))
# From red, green and blue in Adobe RGB (1998) to XYZ at D65, as its specification prints it.
ADOBE = [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
LINEAR_SRGB = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]


def pro_photo():
    """ROMM RGB: the primaries of ISO 22028-2 and a plain curve of 1.8."""
    primaries = ((0.79767, 0.28804, 0), (0.13519, 0.71188, 0), (0.03135, 0.00009, 0.82509))
    return profiles.written("ProPhoto", primaries, b"curv\0\0\0\0\0\0\0\1\1\xcd\0\0")


WIDE = {"Adobe RGB": profiles.adobe_rgb(), "P3": P3, "ProPhoto": pro_photo()}


def random_colors(low=0.0, high=1.0):
    return np.random.default_rng(0).uniform(low, high, (60, 70, 3)).astype(np.float32)


def test_profiles_of_srgb_are_recognised_and_change_nothing():
    picture = random_colors()
    for icc in (None, SRGB, codec.srgb_profile()):
        assert colors.is_srgb(icc)
        assert colors.to_srgb(picture, icc) is picture
        assert np.array_equal(colors.from_srgb(picture, icc), picture)
    assert not any(map(colors.is_srgb, WIDE.values()))


@pytest.mark.parametrize("name", WIDE)
def test_the_way_to_srgb_and_back_loses_nothing_beyond_its_gamut_either(name):
    picture = random_colors()
    seen = colors.to_srgb(picture, WIDE[name])
    assert seen.min() < -0.1
    assert seen.max() > 1.05
    assert np.abs(colors.from_srgb(seen, WIDE[name]) - picture).max() < 20 / 65535


@pytest.mark.parametrize("name", WIDE)
def test_colours_within_srgb_equal_the_librarys_conversion(name):
    seen = random_colors(0.3, 0.7)
    values = np.rint(colors.from_srgb(seen, WIDE[name]) * 65535).astype(np.uint16)
    errors = np.abs(colors.converted(values, WIDE[name], None) / 65535 - seen)
    # The library keeps XYZ in 16 bits.
    assert errors.mean() < 1e-3
    assert errors.max() < 1e-2


def test_adobe_rgb_agrees_with_its_specification():
    picture = random_colors(0.3, 0.6)
    linear = picture.astype(float) ** (563 / 256) @ np.transpose(ADOBE) @ np.transpose(LINEAR_SRGB)
    encoded = np.where(
        linear < 0.0031308, 12.92 * linear, 1.055 * linear.clip(0) ** (1 / 2.4) - 0.055
    )
    there = linear.min(axis=2) > 0
    assert np.abs(colors.to_srgb(picture, profiles.adobe_rgb()) - encoded)[there].max() < 1 / 500
    assert ImageCms.getProfileDescription(
        ImageCms.ImageCmsProfile(io.BytesIO(profiles.adobe_rgb()))
    ).startswith("Adobe RGB")


def test_a_profile_of_tables_is_left_to_the_library():
    cmyk = bytes(libvips().Operation.call("profile_load", "cmyk"))
    assert profiles.matrix_of(cmyk) is None
    assert profiles.matrix_of(b"no profile") is None
    assert colors.is_srgb(b"no profile")


def test_a_camera_jpeg_that_says_so_only_in_exif_is_adobe_rgb(tmp_path):
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    inner[0xA001] = 65535
    inner[0xA005] = {1: "R03"}
    picture = Image.new("RGB", (30, 20), (10, 200, 30))
    picture.save(tmp_path / "camera.jpg", exif=exif, quality=95)
    photo = open_photo(tmp_path / "camera.jpg")
    assert photo.icc == profiles.adobe_rgb()
    inner[0xA005] = {1: "R98"}
    picture.save(tmp_path / "other.jpg", exif=exif, quality=95)
    assert open_photo(tmp_path / "other.jpg").icc is None
    picture.save(tmp_path / "named.jpg", exif=exif, quality=95, icc_profile=P3)
    assert open_photo(tmp_path / "named.jpg").icc == P3


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_red_strokes_are_the_same_red_in_a_wide_document(depth, tmp_path):
    grey = np.full((40, 50, 3), np.iinfo(depth).max // 2, depth)
    export(grey, tmp_path / "photo.png", icc=pro_photo())
    strokes = np.zeros((40, 50, 4), np.uint8)
    strokes[10:20, 10:20] = 255, 0, 0, 255
    Image.fromarray(strokes).save(tmp_path / "strokes.png")
    document = open_painted(tmp_path / "photo.png", tmp_path / "strokes.png")
    export_document(document, tmp_path / "a.png")
    made = open_photo(tmp_path / "a.png")
    assert made.icc == pro_photo()
    red = made.pixels[15, 15] / np.iinfo(depth).max
    # ROMM RGB of sRGB's red: 0.70, 0.28, 0.10 (from its matrices, ISO 22028-2).
    assert red == pytest.approx([0.7022, 0.2757, 0.1036], abs=0.004)
    assert (made.pixels[0] == grey[0]).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_are_taken_over_as_they_look_not_as_their_numbers(dtype):
    full = np.iinfo(dtype).max
    color = np.array([0.8, 0.2, 0.2, 1]) * full
    pixels = np.full((4, 4, 4), color).astype(dtype)
    assert np.array_equal(colors.converted(pixels, None, None), pixels)
    there = colors.converted(pixels, None, P3)
    # sRGB's red is less than all of the wider gamut's.
    assert there[0, 0, 0] < color[0] - 0.01 * full
    assert (there[..., 3] == full).all()
    again = colors.converted(there, P3, None)
    assert np.abs(again.astype(int) - pixels).max() <= 0.012 * full


def test_a_profile_that_is_none_changes_nothing():
    pixels = np.full((4, 4, 3), 99, np.uint8)
    assert (colors.converted(pixels, b"not a profile", None) == 99).all()


# Colours that files name by numbers


def tagged_png(path, **chunks):
    """A PNG of random colours with further chunks before its pixels."""
    buffer = io.BytesIO()
    Image.fromarray((random_colors() * 255).astype(np.uint8)).save(buffer, "PNG")
    data = buffer.getvalue()
    added = b""
    for kind, content in chunks.items():
        body = kind.encode() + content
        added += struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    path.write_bytes(data[:33] + added + data[33:])
    return path


DISPLAY_P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


@pytest.mark.parametrize(
    "chunks",
    [{"cICP": bytes([12, 13, 0, 1])}, {"cHRM": struct.pack(">8I", *DISPLAY_P3)}],
    ids=["code points", "chromaticities"],
)
def test_a_png_that_names_display_p3_by_numbers_has_its_colours(chunks, tmp_path):
    photo = open_photo(tagged_png(tmp_path / "a.png", **chunks))
    picture = random_colors(0.3, 0.6)
    off = np.abs(colors.to_srgb(picture, photo.icc) - colors.to_srgb(picture, P3))
    assert off.max() < 1 / 500
    assert np.abs(colors.to_srgb(picture, P3) - picture).max() > 10 / 255
    export(photo.pixels, tmp_path / "b.png", icc=photo.icc)
    assert open_photo(tmp_path / "b.png").icc == photo.icc


def test_a_png_of_linear_light_is_shown_bright(tmp_path):
    photo = open_photo(tagged_png(tmp_path / "a.png", gAMA=struct.pack(">I", 100_000)))
    linear = random_colors()
    bright = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(colors.to_srgb(linear, photo.icc) - bright).max() < 1 / 500


def test_png_chunks_that_mean_srgb_add_no_profile(tmp_path):
    usual = {"gAMA": struct.pack(">I", 45455), "cHRM": struct.pack(">8I", *CHROMATICITIES)}
    p3 = {"cHRM": struct.pack(">8I", *DISPLAY_P3)}
    for chunks in (usual, {"cICP": bytes([1, 13, 0, 1])}, {"sRGB": b"\0", **p3}):
        assert open_photo(tagged_png(tmp_path / "a.png", **chunks)).icc is None


@pytest.mark.parametrize(
    "chunks",
    [
        {"cHRM": bytes(32)},
        {"cHRM": b"\xff" * 32},
        {"cHRM": struct.pack(">8I", *[31270, 32900] * 4)},
        {"cHRM": b"\0", "gAMA": b"\0"},
        {"gAMA": bytes(4)},
        {"gAMA": b"\xff" * 4},
        {"cICP": b"\x0c"},
        {"cICP": bytes([200, 200, 0, 1])},
    ],
    ids=str,
)
def test_numbers_that_name_no_colours_are_ignored(chunks, tmp_path):
    assert open_photo(tagged_png(tmp_path / "a.png", **chunks)).icc is None


@pytest.mark.parametrize("transfer", [16, 18])
def test_a_high_dynamic_range_is_refused_instead_of_shown_wrong(transfer, tmp_path):
    path = tagged_png(tmp_path / "a.png", cICP=bytes([9, transfer, 0, 1]))
    with pytest.raises(FileFormatError, match=r"a\.png has a high dynamic range"):
        open_photo(path)


def test_an_avif_names_its_colours_by_code_points(tmp_path):
    Image.fromarray((random_colors() * 255).astype(np.uint8)).save(tmp_path / "a.avif")
    data = (tmp_path / "a.avif").read_bytes()
    at = data.index(b"colrnclx") + 8
    assert open_photo(tmp_path / "a.avif").icc is None

    def with_codes(primaries, transfer):
        codes = struct.pack(">HH", primaries, transfer)
        (tmp_path / "b.avif").write_bytes(data[:at] + codes + data[at + 4 :])
        return tmp_path / "b.avif"

    icc = open_photo(with_codes(12, 13)).icc
    picture = random_colors(0.3, 0.6)
    assert np.abs(colors.to_srgb(picture, icc) - colors.to_srgb(picture, P3)).max() < 1 / 500
    with pytest.raises(FileFormatError, match="high dynamic range"):
        open_photo(with_codes(9, 16))
