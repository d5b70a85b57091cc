import numpy as np
import pytest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.photo import Photo
from sdedit_desktop.editing.operations import clipboard


def wide_profile():
    """A profile with another gamut than sRGB's, as libvips has it inside."""
    image = codec.to_vips(np.zeros((2, 2, 3), np.uint8))
    return image.icc_transform("p3", input_profile="srgb").get("icc-profile-data")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_are_taken_over_as_they_look_not_as_their_numbers(dtype):
    full = np.iinfo(dtype).max
    depth = 8 if dtype is np.uint8 else 16
    color = np.array([0.8, 0.2, 0.2]) * full
    picture = Photo(np.full((4, 4, 3), color).astype(dtype), depth)
    document = Document(10, 10, depth)
    assert np.array_equal(clipboard.in_colors_of(document, picture)[..., :3], picture.pixels)
    document.icc = wide_profile()
    there = clipboard.in_colors_of(document, picture)
    # sRGB's red is less than all of the wider gamut's.
    assert there[0, 0, 0] < color[0] - 0.01 * full
    assert (there[..., 3] == full).all()
    back = Photo(there[..., :3], depth, document.icc)
    again = clipboard.in_colors_of(Document(10, 10, depth), back)[..., :3]
    assert np.abs(again.astype(int) - picture.pixels).max() <= 0.012 * full


def test_a_profile_that_is_none_changes_nothing():
    picture = Photo(np.full((4, 4, 3), 99, np.uint8), 8, b"not a profile")
    assert (clipboard.in_colors_of(Document(9, 9), picture)[..., :3] == 99).all()
