"""Any folder of pictures, on demand: crashes, hangs, and pixels that other programs see otherwise.

    SDEDIT_CORPUS=FOLDER python3 packaging/dev.py test tests/document/files/test_corpus.py -rs

Each file is a test of its own, with pytest's time limit; those that are refused in a sentence are
skipped with it. Without a folder, pictures that are made here stand in.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from sdedit_desktop.document.files.opening import open_document
from sdedit_desktop.document.files.photo import export, export_document, open_photo
from sdedit_desktop.errors import FileFormatError

CORPUS = os.environ.get("SDEDIT_CORPUS", "")
FILES = sorted(path for path in Path(CORPUS).rglob("*") if path.is_file()) if CORPUS else []
LOSSY_MEAN, LOSSY_MODES = 1.5, {"JPEG", "WEBP", "AVIF", "MPO"}
MOST_PIXELS = 150_000_000


def by_pillow(path):
    """Straight pixels as Pillow sees them, and how far a mean may be off; ``None`` if it cannot."""
    with Image.open(path) as image:
        lossy = image.format in LOSSY_MODES
        if image.width * image.height > MOST_PIXELS or image.info.get("icc_profile") is None:
            keeps = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"}
        else:
            keeps = {"RGB", "RGBA"}
        if image.mode not in keeps or image.width * image.height > MOST_PIXELS:
            return None
        if image.format == "PNG" and image.mode in ("RGB", "RGBA") and path.read_bytes()[24] == 16:
            return None  # of which it takes the upper bytes
        image = ImageOps.exif_transpose(image)
        if image.mode in ("1", "P", "PA", "L", "LA"):
            has_alpha = image.mode in ("LA", "PA") or "transparency" in image.info
            image = image.convert("RGBA" if has_alpha else "RGB")
        pixels = np.asarray(image)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return pixels, LOSSY_MEAN if lossy else 0.0


def by_tifffile(path):
    """The same of TIFF files of 16 bits, which Pillow does not read."""
    if find_spec("tifffile") is None:
        return None
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages[0]
            plain = page.photometric in (1, 2) and page.planarconfig == 1
            if not plain or page.dtype != np.uint16 or page.tags.get(274, None) not in (None, 1):
                return None
            pixels = page.asarray()
    except Exception:  # noqa: BLE001 - another program's trouble
        return None
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return pixels, 0.0


def check(path, folder):
    """Opens a file both ways, and exports it without a change."""
    try:
        photo = open_photo(path)
    except FileFormatError as error:
        pytest.skip(str(error))
    assert photo.pixels.shape[2] in (3, 4)
    document = open_document(path)
    straight = document.straight(document.rect)
    channels = photo.pixels.shape[2]
    assert np.array_equal(straight[..., :channels], photo.pixels)
    export_document(document, folder / "again.png")
    again = open_photo(folder / "again.png").pixels
    assert np.array_equal(again[..., :3], photo.pixels[..., :3])
    if any("cannot be kept" in warning or "cut off" in warning for warning in photo.warnings):
        return
    try:
        seen = by_tifffile(path) if photo.depth == 16 else by_pillow(path)
    except (OSError, ValueError, SyntaxError):
        return
    if seen is None or seen[0].shape != photo.pixels.shape or seen[0].dtype != photo.pixels.dtype:
        return
    difference = np.abs(seen[0].astype(int) - photo.pixels)
    assert difference.mean() <= seen[1], (
        f"off by {difference.mean():.2f}, {difference.max()} at most"
    )


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(CORPUS)) for path in FILES])
def test_files_of_a_corpus(path, tmp_path):
    check(path, tmp_path)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("extension", [".png", ".tif"])
def test_generated_pictures_read_the_same_as_with_pillow(mode, extension, tmp_path):
    if (mode, extension) == ("LA", ".tif") or (mode, extension) == ("P", ".tif"):
        pytest.skip("not written by Pillow")
    rough = np.random.default_rng(0).integers(0, 256, (50, 60, 4)).astype(np.uint8)
    if mode == "I;16":
        image = Image.fromarray(rough[..., 0].astype(np.uint16) * 257)
    else:
        image = Image.fromarray(rough).convert("RGB" if mode == "P" else "RGBA").convert(mode)
    image.save(tmp_path / f"a{extension}")
    check(tmp_path / f"a{extension}", tmp_path)


def test_a_wrong_pixel_is_found(tmp_path, monkeypatch):
    export(np.full((20, 30, 3), 7, np.uint8), tmp_path / "a.png")
    other = np.full((20, 30, 3), 7, np.uint8)
    other[3, 4, 1] = 8
    monkeypatch.setitem(globals(), "by_pillow", lambda _path: (other, 0.0))
    with pytest.raises(AssertionError, match=r"off by 0\.00, 1 at most"):
        check(tmp_path / "a.png", tmp_path)
