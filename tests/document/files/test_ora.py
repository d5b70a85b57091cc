import io
import json
import struct
import zipfile
import zlib

import numpy as np
import pytest
from painting import mask_stroke, noise, state, stroke, write
from PIL import Image, ImageCms

from sdedit_desktop.document.blending import premultiplied, straightened
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, ora_writer
from sdedit_desktop.document.layers import BlendMode, LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def full_document(depth):
    """A document that uses everything a file has to hold."""
    document = Document(200, 150, depth)
    strokes = document.layers[1]
    write(strokes.tiles, Rect(-20, 30, 150, 170), noise((140, 170, 4), document.dtype))
    strokes.opacity, strokes.mode, strokes.alpha_locked = 0.3, BlendMode.COLOR, True
    result = document.new_layer('Ergebnis "ä" <&>', LayerKind.RESULT)
    result.visible = False
    result.parameters = {"t0": 0.5, "seeds": [1, 2], "solver": {"name": "ddpm"}}
    write(result.tiles, Rect(50, 60, 90, 80), noise((20, 40, 4), document.dtype, seed=1))
    result.mask = Tiles(channels=1)
    write(result.mask, Rect(55, 60, 300, 80), noise((20, 245, 1)))
    document.layers += [result, document.new_layer("empty")]
    mask_stroke(document, (100, 100))
    document.attachments = {"candidate 1.png": b"abc", "../up": b""}
    document.metadata = {"exif": b"Exif", "xmp": b"<x/>", "dpi": b"300"}
    document.icc = SRGB
    return document


@pytest.mark.parametrize("depth", [8, 16])
def test_a_document_survives_saving(depth, tmp_path):
    document = full_document(depth)
    ora_writer.save(document, tmp_path / "a.ora")
    loaded = ora_writer.load(tmp_path / "a.ora")
    assert state(loaded) == state(document)
    assert loaded.depth == depth
    assert loaded.attachments == document.attachments
    assert dict(loaded.metadata) == document.metadata
    assert loaded.icc == SRGB
    assert loaded.warnings == []
    assert loaded.history.is_saved
    assert loaded.history.position == 0


def test_every_premultiplied_pixel_survives_8_bit_files():
    alpha, value = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    value = np.minimum(value, alpha)
    pixels = np.stack([value, value, value, alpha], axis=-1).astype(np.uint8)
    read = codec.open_bytes(codec.to_png(straightened(pixels)), "test").pixels()
    assert np.array_equal(premultiplied(read), pixels)


@pytest.mark.parametrize(
    "alpha", [1, 2, 3, 255, 256, 257, 32767, 32768, 40000, 65533, 65534, 65535]
)
def test_premultiplied_pixels_survive_16_bit_files(alpha):
    value = np.minimum(np.arange(65536), alpha).reshape(256, 256)
    pixels = np.stack([value, value, value, np.full_like(value, alpha)], axis=-1)
    pixels = pixels.astype(np.uint16)
    read = codec.open_bytes(codec.to_png(straightened(pixels)), "test").pixels()
    assert np.array_equal(premultiplied(read), pixels)


@pytest.mark.parametrize("depth", [8, 16])
def test_the_file_is_openraster_as_others_read_it(depth, tmp_path):
    document = Document(600, 300, depth)
    stroke(document, (100, 100), (110, 120))
    ora_writer.save(document, tmp_path / "a.ora")
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        merged = Image.open(io.BytesIO(archive.read("mergedimage.png")))
        assert merged.size == (600, 300)
        thumbnail = Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
        assert thumbnail.size == (256, 128)
        root = archive.read("stack.xml").decode()
        # Cropped to what was painted, the topmost layer first.
        assert root.index('name="Strokes"') < root.index('name="Background"')
        assert f'x="{100 - 6}" y="{100 - 6}"' in root
        assert 'edit-locked="true"' in root
        layer = Image.open(io.BytesIO(archive.read("data/layer1.png")))
        content = document.layers[1].tiles.content_rect()
        assert layer.size == (content.width, content.height)
        if depth == 8:
            assert np.array_equal(np.asarray(merged), document.composite(document.rect))


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.ora"
    path.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileFormatError, match=r"a\.ora cannot be saved in .*: No space left"):
        ora_writer.save(Document(10, 10), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_saving_through_a_link_keeps_the_link(tmp_path):
    (tmp_path / "real.ora").write_bytes(b"")
    link = tmp_path / "link.ora"
    link.symlink_to(tmp_path / "real.ora")
    ora_writer.save(Document(10, 10), link)
    assert link.is_symlink()
    assert zipfile.is_zipfile(tmp_path / "real.ora")


# Files of other programs


def png(width=4, height=3, mode="RGBA", color=(10, 20, 30, 255)):
    out = io.BytesIO()
    Image.new(mode, (width, height), color).save(out, "PNG")
    return out.getvalue()


def archive(path, stack, entries=None, own=None):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "image/openraster")
        file.writestr("stack.xml", stack)
        if own is not None:
            file.writestr("sdedit/document.json", own)
        for name, data in (entries if entries is not None else {"data/a.png": png()}).items():
            file.writestr(name, data)
    return path


def image(*children, w=40, h=30):
    return f'<image w="{w}" h="{h}"><stack>{"".join(children)}</stack></image>'


LAYER = '<layer name="a" src="data/a.png" x="5" y="6"/>'


def test_groups_of_other_programs_are_dissolved_with_a_warning(tmp_path):
    group = f'<stack name="Trees" x="2" opacity="0.5" visibility="hidden">{LAYER}</stack>'
    document = ora_writer.load(archive(tmp_path / "a.ora", image(LAYER, group)))
    grouped, alone = document.layers
    assert (alone.opacity, alone.visible) == (1.0, True)
    assert (grouped.opacity, grouped.visible) == (0.5, False)
    assert alone.tiles.content_rect() == Rect(5, 6, 9, 9)
    assert grouped.tiles.content_rect() == Rect(7, 6, 11, 9)
    assert document.warnings == ['The group "Trees" was dissolved into its layers.']
    assert document.depth == 8


def test_unknown_features_of_a_file_are_reported(tmp_path):
    odd = LAYER.replace("/>", ' composite-op="krita:dissolve" opacity="2"/>')
    text = '<layer name="words" src="data/words.svg" glow="3"/><text/>'
    document = ora_writer.load(archive(tmp_path / "a.ora", image(odd, text)))
    assert len(document.layers) == 1
    said = " ".join(document.warnings)
    for word in ("krita:dissolve", "words", "text", "opacity", "glow"):
        assert word in said


def test_locks_and_resolution_are_in_the_words_of_the_format(tmp_path):
    locked = LAYER.replace("/>", ' edit-locked="true" alpha-preserve="true" selected="true"/>')
    stack = image(locked).replace('w="40"', 'xres="300" yres="300" w="40"')
    document = ora_writer.load(archive(tmp_path / "a.ora", stack))
    assert document.layers[0].locked
    assert document.layers[0].alpha_locked
    assert document.metadata == {"dpi": b"300"}
    assert document.warnings == []
    ora_writer.save(document, tmp_path / "b.ora")
    with zipfile.ZipFile(tmp_path / "b.ora") as file:
        written = file.read("stack.xml").decode()
    for word in ('edit-locked="true"', 'alpha-preserve="true"', 'xres="300"'):
        assert word in written


def test_grey_and_palette_layers_become_colours(tmp_path):
    entries = {"data/a.png": png(mode="L", color=77), "data/b.png": png(mode="P", color=0)}
    stack = image(LAYER, LAYER.replace("a.png", "b.png"))
    document = ora_writer.load(archive(tmp_path / "a.ora", stack, entries))
    assert document.layers[1].tiles.read(Rect(5, 6, 6, 7)).tolist() == [[[77, 77, 77, 255]]]


# Files of nobody's friend


def bomb_png(width, height):
    """A PNG of a kilobyte that claims to be enormous."""
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(1000))),
        (b"IEND", b""),
    ]:
        out += struct.pack(">I", len(data)) + kind + data
        out += struct.pack(">I", zlib.crc32(kind + data))
    return out


XML_BOMB = (
    '<!DOCTYPE image [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + image(LAYER).replace('name="a"', 'name="&b;"')
)
HOSTILE = {
    "no layers": image(),
    "no stack": '<image w="4" h="4"/>',
    "no size": "<image><stack/></image>",
    "not xml": "<image",
    "empty": "",
    "xml bomb": XML_BOMB,
    "xml bomb in UTF-16": XML_BOMB.encode("utf-16"),
    "enormous canvas": image(LAYER, w=90_000, h=90_000),
    "absurd canvas": image(LAYER, w=10**30, h=1),
    "no canvas": image(LAYER, w=0, h=-4),
    "infinite": image(LAYER, w="inf"),
    "not a number": image(LAYER, w="nan"),
    "absurd offset": image(LAYER.replace('x="5"', 'x="-99999999999"')),
    "adding up to an absurd offset": image(
        f'<stack x="90000">{LAYER.replace(chr(34) + "5", chr(34) + "90000")}</stack>'
    ),
    "missing entry": image(LAYER.replace("a.png", "b.png")),
    "a missing entry after a slash": image(LAYER.replace("data/a.png", "/etc/a.png")),
    "a drive after a slash": image(LAYER.replace("data/a.png", "/C:/a.png")),
    "outside after a slash": image(LAYER.replace("data/a.png", "/../a.png")),
    "endless groups side by side": image("<stack/>" * 20_000),
    "endless layers": image(LAYER * 1_001),
    "drive": image(LAYER.replace("data/a.png", "C:/a.png")),
    "outside": image(LAYER.replace("data/a.png", "../../a.png")),
    "outside with backslashes": image(LAYER.replace("data/a.png", "..\\a.png")),
    "endless nesting": image("<stack>" * 5000 + LAYER + "</stack>" * 5000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lists_of_layers_give_one_sentence(name, tmp_path):
    with pytest.raises(FileFormatError, match=r"^a\.ora cannot be opened: .*\.$"):
        ora_writer.load(archive(tmp_path / "a.ora", HOSTILE[name]))


@pytest.mark.parametrize("entry", ["data/a.png", "/other/a.png"])
def test_names_may_begin_with_a_slash(entry, tmp_path):
    """Some programs write paths from the top of the archive, as names of entries as well."""
    stack = image(LAYER.replace("data/a.png", "/" + entry.lstrip("/")))
    document = ora_writer.load(archive(tmp_path / "a.ora", stack, {entry: png()}))
    assert document.layers[0].tiles.content_rect() == Rect(5, 6, 9, 9)


@pytest.mark.parametrize("name", ["/C:/a.png", "C:/a.png", "../../a.png", "..\\a.png"])
def test_names_outside_are_refused_even_if_there_is_such_an_entry(name, tmp_path):
    stack = image(LAYER.replace("data/a.png", name))
    with pytest.raises(FileFormatError, match="outside of itself"):
        ora_writer.load(archive(tmp_path / "a.ora", stack, {name: png()}))


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", png()[:60], bomb_png(90_000, 90_000), b"<svg width='9' height='9'/>"],
    ids=["empty", "text", "truncated", "bomb", "svg"],
)
def test_hostile_layers_give_one_sentence(data, tmp_path):
    with pytest.raises(FileFormatError, match=r"^(a\.ora cannot|data/a\.png in a\.ora) .*\.$"):
        ora_writer.load(archive(tmp_path / "a.ora", image(LAYER), {"data/a.png": data}))


def test_many_layers_of_one_large_picture_are_refused(tmp_path):
    data = png(2_000, 2_000, mode="1", color=0)
    with pytest.raises(FileFormatError, match="far more than its size allows"):
        ora_writer.load(archive(tmp_path / "a.ora", image(*[LAYER] * 900), {"data/a.png": data}))


def opened(path):
    """The document, or the sentence that says why not."""
    try:
        return ora_writer.load(path), ""
    except FileFormatError as error:
        return None, str(error)


OWN = [
    "",
    "[1]",
    "{",
    "[" * 100_000,
    '{"depth": 7}',
    '{"depth": "x", "layers": [], "metadata": {"a": 1}, "attachments": 3}',
    '{"layers": {"data/a.png": {"kind": [], "mask": 3, "parameters": [1]}}}',
    '{"layers": {"data/a.png": {"kind": "x", "alpha_locked": 1, "mask_at": "x"}}}',
    '{"layers": {"data/a.png": {"mask": "../x"}}}',
    '{"layers": {"data/a.png": {"mask": "data/a.png", "mask_at": [1e400, "x"]}}}',
    '{"mask_at": [99999999999, 0]}',
    '{"metadata": ["exif"]}',
]


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("with_mask", [False, True])
def test_hostile_extras_give_a_picture_or_one_sentence(own, with_mask, tmp_path):
    entries = {"data/a.png": png()} | ({"sdedit/mask.png": png()} if with_mask else {})
    path = archive(tmp_path / "a.ora", image(LAYER), entries, own)
    document, sentence = opened(path)
    if document:
        assert len(document.layers) == 1
        ora_writer.save(document, tmp_path / "b.ora")
    else:
        assert sentence.startswith("a.ora cannot be opened: ")


def test_broken_archives_give_one_sentence(tmp_path):
    path = tmp_path / "a.ora"
    ora_writer.save(full_document(8), path)
    whole = path.read_bytes()
    for data in (b"", b"not a zip", whole[: len(whole) // 2], whole[100:]):
        path.write_bytes(data)
        with pytest.raises(FileFormatError, match=r"^a\.ora "):
            ora_writer.load(path)
    with pytest.raises(FileFormatError, match="no file"):
        ora_writer.load(tmp_path / "none.ora")
    with pytest.raises(FileFormatError, match="cannot be read"):
        ora_writer.load(tmp_path)


def test_flipped_bytes_give_a_picture_or_one_sentence(tmp_path):
    path = tmp_path / "a.ora"
    document = Document(30, 20)
    stroke(document, (10, 10))
    ora_writer.save(document, path)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), 3):
            data[at] = rng.integers(0, 256)
        path.write_bytes(data)
        document, sentence = opened(path)
        assert document or "a.ora" in sentence


def test_an_entry_that_unpacks_to_too_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("sdedit_desktop.document.files.ora_reader.MAX_STACK_BYTES", 1000)
    with pytest.raises(FileFormatError, match=r"stack\.xml is too large"):
        ora_writer.load(archive(tmp_path / "a.ora", image(LAYER) + " " * 1000))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    """Seventy megabytes of nothing in an archive of a few kilobytes."""
    path = tmp_path / "a.ora"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("stack.xml", image(LAYER))
        file.writestr("data/a.png", png() + bytes(70 << 20))
    assert path.stat().st_size < 100_000
    with pytest.raises(FileFormatError, match="far more than its size allows"):
        ora_writer.load(path)


def test_parameters_are_plain_json(tmp_path):
    document = full_document(8)
    ora_writer.save(document, tmp_path / "a.ora")
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        own = json.loads(archive.read("sdedit/document.json"))
    assert own["layers"]["data/layer2.png"]["parameters"] == document.layers[2].parameters
