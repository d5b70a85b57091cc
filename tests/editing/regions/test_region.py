from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.document.files import colors, profiles
from sdedit_desktop.editing.regions.region import Region, context_rect, paste
from sdedit_desktop.editing.request import EditParams, EditRequest
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake")


@st.composite
def masked_pictures(draw):
    width, height = draw(st.integers(1, 9000)), draw(st.integers(1, 9000))
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    right, bottom = draw(st.integers(left + 1, width)), draw(st.integers(top + 1, height))
    return Rect(left, top, right, bottom), Rect(0, 0, width, height)


@given(masked_pictures(), st.sampled_from([256, 512, 1024]))
def test_the_context_holds_the_mask_lies_in_the_picture_and_is_large_enough(case, least):
    mask, picture = case
    seen = context_rect(mask, picture, least)
    assert seen & mask == mask
    assert seen & picture == seen
    assert seen.width >= min(least, picture.width)
    assert seen.height >= min(least, picture.height)
    assert seen.width <= max(least, 1.5 * max(mask.width, mask.height) + 2)


def photo(height, width, dtype=np.uint8):
    """A smooth picture with fine detail on it."""
    y, x = np.mgrid[:height, :width]
    smooth = 0.5 + 0.3 * np.sin(x / 60) * np.cos(y / 45)
    detail = 0.08 * np.random.default_rng(0).standard_normal((height, width))
    grey = np.clip(smooth + detail, 0, 1)[..., None] * [1.0, 0.9, 0.7]
    return np.rint(grey * np.iinfo(dtype).max).astype(dtype)


def request(guide, mask=None):
    height, width, _ = guide.shape
    if mask is None:
        mask = np.zeros((height, width), np.uint8)
        mask[height // 4 : -height // 4, width // 4 : -width // 4] = 255
    return EditRequest(PARAMS, guide, mask, Rect(0, 0, width, height))


@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from([64, 128, 256]))
def test_regions_are_scaled_to_the_models_own_size(height, width, native):
    region = Region.plan(request(np.zeros((height, width, 3), np.uint8)), native, 16)
    assert all(length % 16 == 0 for length in region.guide.shape[:2])
    assert region.guide.shape[:2] == region.mask.shape
    most = 1 if min(region.size) > native / 8 else 4  # a strip is not reduced to nothing
    assert region.size[0] * region.size[1] <= 1.1 * most * native**2 + height + width
    if height * width <= native**2:
        assert region.size == (height, width)
    assert not region.mask[region.size[0] :].any()
    assert not region.mask[:, region.size[1] :].any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("native", [64, 1000])
def test_pixels_the_model_did_not_change_keep_all_detail(dtype, native):
    guide = photo(300, 400, dtype)
    region = Region.plan(request(guide), native, 16)
    image, _ = region.to_document(region.guide)
    assert image.dtype == dtype
    largest = np.abs(image.astype(int) - guide).max()
    assert largest <= np.iinfo(dtype).max / 255


def test_changed_pixels_show_no_ghost_of_the_old_detail():
    guide = photo(300, 400)
    region = Region.plan(request(guide), 100, 16)
    image, alpha = region.to_document(np.where(region.mask[..., None] > 0, 0.9, region.guide))
    inside = image[alpha == 255]
    assert inside.std() < 3  # the guide's own detail has 20


@pytest.mark.parametrize("native", [64, 1000])
def test_outside_the_mask_the_image_is_the_guide(native):
    guide = photo(300, 400)
    region = Region.plan(request(guide), native, 16)
    image, alpha = region.to_document(np.ones_like(region.guide))
    outside = region.request.mask == 0
    assert np.array_equal(image[outside], guide[outside])
    assert np.array_equal(paste(guide, image, alpha)[outside], guide[outside])
    assert np.array_equal(paste(guide, image, alpha)[alpha == 255], image[alpha == 255])


def test_narrow_pictures_keep_a_sensible_size():
    region = Region.plan(request(np.zeros((40, 20000, 3), np.uint8)), 256, 8)
    assert region.size[0] >= 20
    assert region.size[0] * region.size[1] <= 4.1 * 256**2
    assert region.size[1] / region.size[0] == pytest.approx(500, rel=0.05)


@pytest.mark.parametrize("strength", [60, 255])
@pytest.mark.parametrize("native", [50, 300, 1000])
def test_thin_lines_are_as_strong_as_they_were_painted(strength, native):
    mask = np.zeros((900, 1100), np.uint8)
    mask[500:506] = strength
    mask[:, 301] = strength
    region = Region.plan(request(np.zeros((900, 1100, 3), np.uint8), mask), native, 8)
    assert set(np.unique(region.mask)) == {np.float32(0), np.float32(strength) / np.float32(255)}
    assert region.mask.max(axis=1).any() == region.mask.max(axis=0).any()
    # Nothing that is masked is outside what the model may change.
    covered = np.argwhere(mask)[::97]
    small = -(-(covered + 1) * region.size // np.array(mask.shape)) - 1
    assert (region.mask[tuple(small.T)] > 0).all()


def test_only_the_masked_part_is_brought_back(monkeypatch):
    guide = photo(300, 400)
    region = Region.plan(request(guide), 64, 16)
    seen = []
    monkeypatch.setattr(
        "sdedit_desktop.editing.regions.region._enlarged",
        lambda picture, _size, rows, columns: (
            seen.append((rows, columns))
            or np.zeros((rows.stop - rows.start, columns.stop - columns.start, picture.shape[2]))
        ),
    )
    region.to_document(region.guide)
    assert set(map(str, seen)) == {str((slice(75, 225), slice(100, 300)))}


def test_bands_join_without_a_seam(monkeypatch):
    guide = photo(520, 90)
    region = Region.plan(request(guide), 40, 8)
    estimate = region.guide[::-1].copy()
    whole = region.to_document(estimate)[0]
    monkeypatch.setattr("sdedit_desktop.editing.regions.region._BAND", 37)
    banded = region.to_document(estimate)[0]
    assert np.abs(banded.astype(int) - whole).max() <= 1


def test_a_preview_shows_the_guide_where_nothing_may_change():
    guide = photo(64, 64)
    region = Region.plan(request(guide), 64, 16)
    seen = region.preview(np.zeros_like(region.guide))
    outside = region.request.mask == 0
    assert np.array_equal(seen[outside], guide[outside])
    assert seen[~outside].max() == 0


def test_a_grey_mask_stays_grey():
    guide = photo(64, 64)
    mask = np.full((64, 64), 128, np.uint8)
    region = Region.plan(request(guide, mask), 64, 16)
    np.testing.assert_allclose(region.mask, 128 / 255)


# Colours


def wide_request(dtype):
    """A smooth picture of strong colours in Adobe RGB, some of which sRGB has not."""
    y, x = np.mgrid[:90, :120]
    values = np.stack([x / 119, y / 89, (x + y) / 208], axis=2)
    guide = np.rint(values * np.iinfo(dtype).max).astype(dtype)
    return replace(request(guide), icc=profiles.adobe_rgb())


@pytest.mark.parametrize("native", [64, 300])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_model_sees_srgb_and_unchanged_pixels_keep_their_gamut(native, dtype):
    asked = wide_request(dtype)
    region = Region.plan(asked, native, 8)
    height, width = region.size
    reduced = np.rint(region.reduced * 65535).astype(np.uint16)
    by_library = colors.converted(reduced, asked.icc, None) / 65535
    inside = (by_library > 0.25).all(axis=2) & (by_library < 0.98).all(axis=2)
    assert np.abs(region.guide[:height, :width] - by_library)[inside].max() < 2 / 255
    assert np.abs(region.beyond).max() > 0.1
    image, alpha = region.to_document(region.guide)
    most = np.iinfo(dtype).max
    assert np.abs(image.astype(float) - asked.guide)[alpha > 0].max() <= max(1, most * 3e-4)


@pytest.mark.parametrize("native", [64, 300])
def test_results_are_converted_to_the_documents_colour_space(native):
    asked = wide_request(np.uint16)
    region = Region.plan(asked, native, 8)
    painted = region.guide.copy()
    painted[...] = 0.9, 0.2, 0.2
    image, alpha = region.to_document(painted)
    middle = image[40:50, 55:65]
    seen = colors.converted(np.ascontiguousarray(middle), asked.icc, None) / 65535
    # Where the guide is far from it nothing of its detail and its gamut is added.
    assert np.abs(seen - [0.9, 0.2, 0.2]).max() < 2 / 255
    assert np.array_equal(image[alpha == 0], asked.guide[alpha == 0])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("native", [64, 1000])
def test_over_strokes_the_result_fades_to_what_is_below_them(dtype, native):
    """Given strokes of one colour up to the mask's edge: nowhere are they seen raw."""
    most = np.iinfo(dtype).max
    below = np.full((300, 400, 3), most // 5 * 2, dtype)
    asked = request(below)
    left = np.arange(400) < 200
    guide = np.where((asked.mask > 0)[..., None] & left[:, None], dtype(most), below)
    region = Region.plan(replace(asked, guide=guide, below=below), native, 16)
    image, alpha = region.to_document(np.full_like(region.guide, 0.2))
    seen = paste(guide, image, alpha) / most
    assert seen[asked.mask > 0].max() < 0.42  # the strokes have 1
    assert np.abs(seen[150, [100, 101, 298, 299]] - 0.4).max() < 0.02
    assert np.abs(seen[150, 130:270] - 0.2).max() < 0.01
    # Only over strokes is the fade part of the image, and both halves look the same.
    assert (alpha[150, 100:200] == 255).all()
    assert alpha[150, 299] < 20
    assert np.abs(seen[:, :200] - seen[:, :199:-1]).max() < 0.02
    assert np.array_equal(image[asked.mask == 0], guide[asked.mask == 0])
