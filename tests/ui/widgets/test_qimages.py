import numpy as np
import pytest
from PySide6.QtGui import QColor, QColorSpace

from sdedit_desktop.ui.widgets import qimages


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_there_and_back_is_exact(dtype, width):
    rng = np.random.default_rng(0)
    full = np.iinfo(dtype).max
    image = rng.integers(0, full + 1, (5, width, 4)).astype(dtype)
    image[..., :3] = np.minimum(image[..., :3], image[..., 3:])
    back = qimages.from_qimage(qimages.to_qimage(image))
    assert back.dtype == dtype
    assert np.array_equal(back, image)


def test_an_image_owns_its_memory():
    source = np.full((4, 4, 4), 255, np.uint8)
    image = qimages.to_qimage(source)
    source[:] = 0
    assert image.pixelColor(1, 1) == QColor(255, 255, 255)


def test_sixteen_bits_are_rounded_for_the_screen():
    source = np.full((1, 1, 3), 32768, np.uint16)
    assert qimages.rgb_to_qimage(source).pixelColor(0, 0) == QColor(128, 128, 128)


def test_a_veil_is_as_strong_as_the_mask():
    overlay = qimages.tinted(np.array([[0, 128, 255]], np.uint8), QColor(200, 0, 100), 0.5)
    assert [overlay.pixelColor(x, 0).alpha() for x in range(3)] == [0, 64, 128]
    assert overlay.pixelColor(2, 0).red() == pytest.approx(200, abs=1)


def test_a_small_picture_is_not_enlarged():
    image = qimages.rgb_to_qimage(np.zeros((10, 20, 3), np.uint8))
    assert qimages.fitted(image, 100, 100) is image
    assert qimages.fitted(image, 10, 10).size().toTuple() == (10, 5)


# Colours of a document on a screen of sRGB

ADOBE = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile())
SRGB = bytes(QColorSpace(QColorSpace.NamedColorSpace.SRgb).iccProfile())


def adobe_as_srgb(color):
    """By the two standards: linear light by the one, matrices over XYZ, the curve of the other."""
    linear = (np.asarray(color) / 255) ** (563 / 256)
    to_xyz = np.array(
        [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
    )
    from_xyz = np.array(
        [[3.24063, -1.53721, -0.49863], [-0.96893, 1.87576, 0.04152], [0.05571, -0.20402, 1.05700]]
    )
    mixed = np.clip(linear @ to_xyz.T @ from_xyz.T, 0, 1)
    curved = np.where(mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** (1 / 2.4) - 0.055)
    return np.rint(255 * curved)


COLORS = [(255, 255, 255), (0, 0, 0), (128, 128, 128), (0, 255, 0), (200, 40, 60), (60, 140, 90)]


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("alpha", [1.0, 0.6])
def test_a_profile_is_applied_on_the_way_to_the_screen(depth, alpha):
    dtype, full = (np.uint16, 65535) if depth == 16 else (np.uint8, 255)
    straight = np.array([[(*color, 255) for color in COLORS]]) / 255
    straight[..., 3] = alpha
    straight[..., :3] *= alpha
    image = np.rint(straight * full).astype(dtype)
    shown = qimages.to_screen(image, ADOBE)
    for x, color in enumerate(COLORS):
        seen = shown.pixelColor(x, 0)
        assert seen.getRgb()[:3] == pytest.approx(adobe_as_srgb(color), abs=2 / alpha)
        assert seen.alphaF() == pytest.approx(alpha, abs=0.01)
        assert qimages.shown_color(color, ADOBE).getRgb()[:3] == pytest.approx(
            adobe_as_srgb(color), abs=1
        )


@pytest.mark.qt_log_ignore("Failed ICC signature test", extend=True)
@pytest.mark.parametrize("icc", [None, SRGB, b"no profile" * 20], ids=["none", "srgb", "junk"])
def test_without_a_profile_that_differs_every_value_stays(icc):
    ramp = np.arange(256, dtype=np.uint8)
    image = np.stack([ramp, ramp[::-1], ramp // 2, np.full_like(ramp, 255)], axis=1)[None]
    assert np.array_equal(qimages.from_qimage(qimages.to_screen(image, icc)), image)
    rgb = qimages.from_qimage(qimages.rgb_to_qimage(image[..., :3], icc))
    assert np.array_equal(rgb[..., :3], image[..., :3])
    assert qimages.shown_color((1, 2, 3), icc) == QColor(1, 2, 3)
