import numpy as np
import pytest
from PySide6.QtGui import QColor

from sdedit_desktop.ui import pixels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_there_and_back_is_exact(dtype, width):
    rng = np.random.default_rng(0)
    full = np.iinfo(dtype).max
    image = rng.integers(0, full + 1, (5, width, 4)).astype(dtype)
    image[..., :3] = np.minimum(image[..., :3], image[..., 3:])
    back = pixels.from_qimage(pixels.to_qimage(image))
    assert back.dtype == dtype
    assert np.array_equal(back, image)


def test_an_image_owns_its_memory():
    source = np.full((4, 4, 4), 255, np.uint8)
    image = pixels.to_qimage(source)
    source[:] = 0
    assert image.pixelColor(1, 1) == QColor(255, 255, 255)


def test_sixteen_bits_are_rounded_for_the_screen():
    source = np.full((1, 1, 3), 32768, np.uint16)
    assert pixels.rgb_to_qimage(source).pixelColor(0, 0) == QColor(128, 128, 128)


def test_a_veil_is_as_strong_as_the_mask():
    veil = pixels.tinted(np.array([[0, 128, 255]], np.uint8), QColor(200, 0, 100), 0.5)
    assert [veil.pixelColor(x, 0).alpha() for x in range(3)] == [0, 64, 128]
    assert veil.pixelColor(2, 0).red() == pytest.approx(200, abs=1)


def test_a_small_picture_is_not_enlarged():
    image = pixels.rgb_to_qimage(np.zeros((10, 20, 3), np.uint8))
    assert pixels.fitted(image, 100, 100) is image
    assert pixels.fitted(image, 10, 10).size().toTuple() == (10, 5)
