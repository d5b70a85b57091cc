"""Photographs as other programs write them: floats, wide integers, Lab, previews, raw files."""

import io
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from sdedit_desktop.document.files import color_tags, formats
from sdedit_desktop.document.files.photo import as_document, export, open_photo
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.photographs import read_photograph
from tests.support.tiff_files import BYTE, LONG, SHORT, UNDEFINED, gradient, picture_fields, tiff

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(tmp_path, data, name="a.tif"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def encoded(linear):
    """IEC 61966-2-1, as it is printed there."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


# Sample formats


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_floats_with_a_profile_are_in_its_encoding(kind, tmp_path):
    fields = picture_fields(gradient().astype(kind), t34675=(UNDEFINED, SRGB))
    photo = open_photo(saved(tmp_path, tiff(fields)))
    assert (photo.depth, photo.icc, photo.warnings) == (16, SRGB, ())
    assert np.array_equal(photo.pixels, np.rint(gradient().astype(kind).astype(float) * 65535))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_floats_without_a_profile_are_linear_light(channels, tmp_path):
    values = gradient(channels=channels).astype(np.float32)
    data = tiff(picture_fields(values, photometric=1 if channels < 3 else 2))
    photo = open_photo(saved(tmp_path, data))
    colors = 3 if channels > 2 else 1
    wanted = encoded(values[..., :colors].astype(float)) * 65535
    assert np.abs(photo.pixels[..., :3] - wanted).max() <= 1
    if channels in (2, 4):
        assert np.abs(photo.pixels[..., 3] - values[..., -1] * 65535.0).max() <= 1


def test_clipped_values_are_reported(tmp_path):
    values = gradient().astype(np.float32)
    values[0, 0], values[0, 1], values[0, 2] = 3, -1, np.nan
    photo = open_photo(saved(tmp_path, tiff(picture_fields(values, t34675=(UNDEFINED, SRGB)))))
    assert photo.pixels[0, :3, 0].tolist() == [65535, 0, 0]
    (warning,) = photo.warnings
    assert warning == "a.tif has values beyond black and white; they are cut off in 16 bits."
    assert as_document(photo).warnings == [warning]


def test_integers_of_32_bits_keep_their_16_upper_bits(tmp_path):
    values = np.rint(gradient() * (2**32 - 1)).astype(np.uint32)
    photo = open_photo(saved(tmp_path, tiff(picture_fields(values))))
    assert np.array_equal(photo.pixels, np.rint(values / (2**32 - 1) * 65535))


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.complex64])
def test_signed_and_complex_samples_are_refused_in_a_sentence(kind, tmp_path):
    path = saved(tmp_path, tiff(picture_fields(gradient().astype(kind))))
    with pytest.raises(FileFormatError, match=r"^a\.tif has signed or complex samples, .* 16 bits"):
        open_photo(path)


@pytest.mark.parametrize("bits", [8, 16])
def test_lab_has_the_colours_and_the_depth_it_stands_for(bits, tmp_path):
    # A grey ramp and strong colours, L in [0, 100], a and b around 0.
    lab = np.array([[[0, 0, 0], [50, 0, 0], [100, 0, 0], [60, 40, 30], [40, -30, 20]]], float)
    scale = 2 ** (bits - 8)
    light = np.rint(lab[..., :1] / 100 * (2**bits - 1))
    stored = np.concatenate([light, lab[..., 1:] * scale], axis=2).astype(int)
    kind = np.uint8 if bits == 8 else np.uint16
    fields = picture_fields((stored % 2**bits).astype(kind), photometric=8)
    photo = open_photo(saved(tmp_path, tiff(fields)))
    # By CIE 15 (D65 for both, as libvips has it) and IEC 61966-2-1.
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=2)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.95047, 1, 1.08883]
    matrix = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    wanted = encoded(np.clip(xyz @ np.array(matrix).T, 0, 1)) * (2**bits - 1)
    assert photo.depth == bits
    assert np.abs(photo.pixels - wanted).max() <= 0.02 * 2**bits
    assert photo.warnings == ("a.tif is opened as RGB; the file's Lab cannot be kept.",)


def test_conversion_of_cmyk_is_reported(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    (warning,) = open_photo(tmp_path / "a.jpg").warnings
    assert warning == "a.jpg is opened as RGB; the file's CMYK cannot be kept."


# Compression


@pytest.mark.parametrize("compression", ["zstd", "lzma", "tiff_lzw", "jpeg", "packbits"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_compressions_of_8_bit_files_are_read(compression, mode, tmp_path):
    if (compression, mode) == ("jpeg", "RGBA"):
        pytest.skip("not written by Pillow")
    picture = Image.fromarray((gradient(channels=4) * 255).astype(np.uint8)).convert(mode)
    picture.save(tmp_path / "a.tif", compression=compression, icc_profile=SRGB)
    with Image.open(tmp_path / "a.tif") as opened:
        wanted = np.asarray(opened.convert("RGBA" if mode == "RGBA" else "RGB"))
    photo = open_photo(tmp_path / "a.tif")
    assert np.abs(photo.pixels.astype(int) - wanted).max() <= (4 if compression == "jpeg" else 0)
    assert photo.icc == (None if mode == "L" else SRGB)


def test_formats_that_need_the_extra_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sdedit_desktop.document.files.formats.find_spec", lambda _: None)
    pixels = (gradient() * 65535).astype(np.uint16)
    for fields, what in (
        ({"t259": (SHORT, [50000])}, "a TIFF compressed by Zstandard"),
        ({"t259": (SHORT, [34925])}, "a TIFF compressed by LZMA"),
        ({"t258": (SHORT, [12, 12, 12])}, "a TIFF of 12-bit samples in an unusual layout"),
    ):
        path = saved(tmp_path, tiff(picture_fields(pixels, **fields)))
        with pytest.raises(FileFormatError, match=f"^a.tif is {what}, .* extra formats; save it"):
            open_photo(path)
    path = saved(tmp_path, tiff(picture_fields(gradient())))
    with pytest.raises(FileFormatError, match="is a TIFF of 64-bit floating point numbers, "):
        open_photo(path)
    path = saved(tmp_path, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "a.heic")
    with pytest.raises(FileFormatError, match=r"^a\.heic is a HEIC picture, "):
        open_photo(path)


@pytest.mark.parametrize(
    ("kind", "compression"), [(np.uint16, "zstd"), (np.float64, None), (np.uint64, None)]
)
def test_the_extra_reads_the_rest(kind, compression, tmp_path):
    tifffile = pytest.importorskip("tifffile", reason="the extra formats")
    pytest.importorskip("imagecodecs", reason="the extra formats")
    most = 1.0 if kind is np.float64 else float(np.iinfo(kind).max) * (1 - 1e-15)
    values = (gradient() * most).astype(kind)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", compression=compression)
    wanted = encoded(gradient()) if kind is np.float64 else gradient()
    assert np.abs(open_photo(tmp_path / "a.tif").pixels - wanted * 65535).max() <= 1


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_half_floats_in_planes_are_read_right(tile, tmp_path):
    tifffile = pytest.importorskip("tifffile", reason="the extra formats")
    pytest.importorskip("imagecodecs", reason="the extra formats")
    values = np.moveaxis(gradient().astype(np.float16), 2, 0).copy()
    how = {"photometric": "rgb", "planarconfig": "separate", "iccprofile": SRGB, "tile": tile}
    tifffile.imwrite(tmp_path / "a.tif", values, **how)
    wanted = np.rint(np.moveaxis(values, 0, 2).astype(float) * 65535)
    assert np.array_equal(open_photo(tmp_path / "a.tif").pixels, wanted)


@pytest.mark.parametrize("bits", [8, 16])
def test_lab_as_in_icc_profiles_has_the_colours_of_cie_lab(bits, tmp_path):
    pytest.importorskip("tifffile", reason="the extra formats")
    pytest.importorskip("imagecodecs", reason="the extra formats")
    kind, scale = (np.uint8, 1) if bits == 8 else (np.uint16, 256)
    lab = np.array([[[0, 0, 0], [128, 0, 0], [255, 0, 0], [153, 40, 30], [102, -30, 20]]])
    icc = (np.add(lab, [0, 128, 128]) * scale).astype(kind)
    cie = np.stack(
        [np.rint(lab[..., 0] * (2**bits - 1) / 255), *np.moveaxis(lab[..., 1:], 2, 0) * scale], 2
    )
    cie = (cie.astype(int) % 2**bits).astype(kind)
    here, there = (
        open_photo(
            saved(tmp_path, tiff(picture_fields(values, photometric=number)), f"{number}.tif")
        )
        for values, number in ((icc, 9), (cie, 8))
    )
    assert here.depth == bits
    assert np.abs(here.pixels.astype(int) - there.pixels).max() <= 2 ** (bits - 7)
    assert [str(warning) for warning in here.warnings] == [
        "9.tif is opened as RGB; the file's Lab cannot be kept."
    ]


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\xff\x0a", "JPEG XL"),
        (b"8BPS\0\1", "Photoshop"),
        (b"%PDF-1.7", "PDF"),
        (b"v/1\x01", "OpenEXR"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"II\xbc\1", "JPEG XR"),
        (b"\0\0\0\x1cftypisom", "MP4"),
    ],
)
def test_files_of_other_kinds_are_refused_by_their_kind(start, what, tmp_path):
    path = saved(tmp_path, start + bytes(60), "a.png")
    with pytest.raises(FileFormatError, match=f"^a.png is a {what} file, .*save it as PNG"):
        open_photo(path)


# Previews and raw files


def small_and_large():
    large = np.rint(gradient(60, 80) * 65535).astype(np.uint16)
    return (gradient(6, 8) * 255).astype(np.uint8), large


def test_a_preview_before_the_picture_is_not_the_picture(tmp_path):
    small, large = small_and_large()
    preview = picture_fields(small, t254=(LONG, [1]))
    full = picture_fields(large, t254=(LONG, [0]), t34675=(UNDEFINED, SRGB))
    for data in (tiff(preview, sub=[full]), tiff(preview, full)):
        photo = open_photo(saved(tmp_path, data))
        assert np.array_equal(photo.pixels, large)
        assert photo.icc == SRGB


def test_smaller_copies_after_the_picture_are_left_alone(tmp_path):
    small, large = small_and_large()
    reduced = picture_fields(small, t254=(LONG, [1]))
    for data in (
        tiff(picture_fields(large), sub=[reduced]),
        tiff(picture_fields(large), reduced),
        tiff(picture_fields(large), picture_fields(np.rot90(large).copy())),
    ):
        assert np.array_equal(open_photo(saved(tmp_path, data)).pixels, large)


@pytest.mark.parametrize("case", ["dng", "cfa", "name", "CR2", "RAF", "RW2", "CR3"])
def test_raw_files_are_called_raw(case, tmp_path):
    small, large = small_and_large()
    preview = {"t254": (LONG, [1])}
    mosaic = picture_fields(large[..., :1].copy(), photometric=32803, t254=(LONG, [0]))
    name, data = {
        "dng": ("a.dng", tiff(picture_fields(small, t50706=(BYTE, b"\1\4\0\0")))),
        "cfa": ("a.tif", tiff(picture_fields(small, **preview), sub=[mosaic])),
        "name": ("a.NEF", tiff(picture_fields(small, t271=(2, b"NIKON\0")))),
        "CR2": ("a.cr2", b"II*\0\x10\0\0\0CR\2\0" + bytes(90)),
        "RAF": ("a.raf", b"FUJIFILMCCD-RAW 0201" + bytes(90)),
        "RW2": ("a.rw2", b"IIU\0\x18\0\0\0" + bytes(90)),
        "CR3": ("a.cr3", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(90)),
    }[case]
    with pytest.raises(FileFormatError, match=f"^{name} is a raw file: develop it first"):
        open_photo(saved(tmp_path, data, name))


# Damage


def test_no_cut_or_changed_tiff_does_more_than_fail_with_a_sentence(tmp_path):
    small, large = small_and_large()
    whole = tiff(picture_fields(small, t254=(LONG, [1])), sub=[picture_fields(large)])
    rng = np.random.default_rng(0)
    for round_ in range(60):
        data = bytearray(whole)
        if round_ % 2:
            data = data[: rng.integers(8, len(data))]
        for place in rng.integers(4, len(data), 4):
            data[place] = rng.integers(256)
        for place in rng.integers(max(0, len(data) - 300), len(data), 4):
            data[place] = rng.integers(256)
        try:
            open_photo(saved(tmp_path, bytes(data)))
        except FileFormatError as error:
            assert str(error).startswith("a.tif ")  # noqa: PT017 - many may be readable


# Orientation


def jpeg(tmp_path, xmp=b"", exif=None):
    picture = Image.fromarray((gradient(24, 40) * 255).astype(np.uint8))
    options = {"xmp": xmp} if xmp else {}
    if exif is not None:
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = exif
    picture.save(tmp_path / "a.jpg", quality=95, subsampling=0, **options)
    return tmp_path / "a.jpg"


def xmp_of(orientation, form="attribute"):
    if form == "attribute":
        inner = b"<rdf:Description tiff:Orientation='%d'/>" % orientation
    else:
        inner = b"<tiff:Orientation>%d</tiff:Orientation>" % orientation
    return b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + inner + b"</x:xmpmeta>"


@pytest.mark.parametrize("form", ["attribute", "element"])
def test_an_orientation_in_xmp_alone_is_applied_once(form, tmp_path):
    photo = open_photo(jpeg(tmp_path, xmp_of(6, form)))
    assert photo.pixels.shape == (40, 24, 3)
    assert photo.metadata["xmp"] == xmp_of(1, form)
    export(photo.pixels, tmp_path / "b.png", metadata=photo.metadata)
    assert open_photo(tmp_path / "b.png").pixels.shape == (40, 24, 3)


def test_exif_orientation_overrides_xmp(tmp_path):
    photo = open_photo(jpeg(tmp_path, xmp_of(6), exif=1))
    assert photo.pixels.shape == (24, 40, 3)
    assert photo.metadata["xmp"] == xmp_of(6)
    photo = open_photo(jpeg(tmp_path, xmp_of(3), exif=6))
    assert photo.pixels.shape == (40, 24, 3)
    assert photo.metadata["xmp"] == xmp_of(1)


# Names


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_not_utf_8_are_only_names(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xff\xfeto.png"))
    pixels = (gradient() * 255).astype(np.uint8)
    export(pixels, path)
    assert np.array_equal(open_photo(path).pixels, pixels)
    assert read_photograph(path).shape == pixels.shape
    for suffix in (".tif", ".jpg", ".webp", ".avif"):
        export(pixels, path.with_suffix(suffix))
        assert open_photo(path.with_suffix(suffix)).pixels.shape == pixels.shape
    path.write_bytes(struct.pack(">Q", 0x89504E470D0A1A0A))
    with pytest.raises(FileFormatError, match=r"^f\udcff\udcfeto\.png is not a picture"):
        open_photo(path)
    with pytest.raises(FileFormatError, match="not a picture that can be read"):
        read_photograph(path)


# Several pictures, masks, extra channels


def test_of_several_pictures_one_is_opened_and_that_is_reported(tmp_path):
    first, second = (Image.fromarray(np.full((4, 5, 3), value, np.uint8)) for value in (40, 90))
    for name in ("a.tif", "a.gif", "a.webp", "a.png"):
        first.save(tmp_path / name, save_all=True, append_images=[second])
        photo = open_photo(tmp_path / name)
        assert photo.warnings == (f"{name} has 2 pictures; only one is opened.",)
        assert np.abs(photo.pixels[..., :3].astype(int) - 40).max() <= 3


def test_a_mask_before_the_picture_is_not_the_picture(tmp_path):
    values = np.rint(gradient() * 65535).astype(np.uint16)
    mask = picture_fields(np.zeros((*values.shape[:2], 1), np.uint8), photometric=4)
    mask[254] = (LONG, [4])
    photo = open_photo(saved(tmp_path, tiff(mask, picture_fields(values))))
    assert np.array_equal(photo.pixels, values)
    assert photo.warnings == ()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_an_orientation_that_is_none_is_ignored(kind, tmp_path):
    values = np.rint(gradient() * np.iinfo(kind).max).astype(kind)
    data = tiff(picture_fields(values) | {274: (SHORT, [77])})
    assert np.array_equal(open_photo(saved(tmp_path, data)).pixels, values)


def test_extra_channels_are_reported(tmp_path):
    values = np.rint(np.dstack([gradient(), gradient()]) * 255).astype(np.uint8)
    photo = open_photo(saved(tmp_path, tiff(picture_fields(values, t338=(SHORT, [2, 0, 0])))))
    assert photo.warnings == ("a.tif has extra channels, which cannot be kept.",)
    assert np.array_equal(photo.pixels, values[..., :4])


class Counting(io.BytesIO):
    """Bytes that count how often they are read."""

    reads = 0

    def read(self, size=-1):
        self.reads += 1
        return super().read(size)


def test_chunks_with_pixels_are_not_looked_through_for_what_comes_before_them():
    chunks = [struct.pack(">I4s13xI", 13, b"IHDR", 0), struct.pack(">I4s8xI", 8, b"IDAT", 0) * 1000]
    for look in (formats.plan, color_tags.profile):
        file = Counting(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
        look(file, "a.png")
        assert file.reads < 10
