"""Colours between profiles, against closed forms and the library that opens photographs."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from sdedit_desktop.document.files import codec, colors, profiles
from sdedit_desktop.document.files.opening import open_painted
from sdedit_desktop.document.files.photo import export, export_document, open_photo
from sdedit_desktop.document.files.vips import libvips

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
def test_colours_within_srgb_are_what_the_library_makes_of_them(name):
    seen = random_colors(0.3, 0.7)
    values = np.rint(colors.from_srgb(seen, WIDE[name]) * 65535).astype(np.uint16)
    errors = np.abs(colors.converted(values, WIDE[name], None) / 65535 - seen)
    # The library keeps XYZ in 16 bits.
    assert errors.mean() < 1e-3
    assert errors.max() < 1e-2


def test_adobe_rgb_is_what_its_specification_says():
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
