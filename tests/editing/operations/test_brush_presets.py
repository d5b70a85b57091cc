import io
import json
import math
import shutil
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sdedit_desktop import paths
from sdedit_desktop.document.brush.brush import Brush, Smoothing
from sdedit_desktop.document.brush.tips import MOST_SIDE, Tip
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.editing.operations.brush_presets import BrushLibrary, preview, read, read_tip
from sdedit_desktop.errors import FileFormatError


@pytest.fixture
def own(tmp_path):
    return tmp_path / "brushes"


@pytest.fixture
def library(own):
    return BrushLibrary(own)


def named(library, name):
    return next(preset for preset in library.presets if preset.name == name)


def test_the_bundled_brushes_are_there_and_none_is_broken(library):
    names = [preset.name for preset in library.presets]
    assert {"Pencil", "Soft round", "Flat wash", "Texture stamp"} <= set(names)
    assert library.errors == []
    assert not any(preset.is_own for preset in library.presets)
    assert named(library, "Texture stamp").brush.tip.name == "sponge.png"
    assert named(library, "Pencil").brush.tilt == 1


def test_every_bundled_brush_leaves_a_stroke_of_its_own(library):
    strokes = {p.name: preview(p.brush, 112, 40, (255, 255, 255)) for p in library.presets}
    for pixels in strokes.values():
        assert pixels[..., 3].max() > 80
        assert not pixels[0].any()  # it fits into its frame
    distinct = {pixels.tobytes() for pixels in strokes.values()}
    assert len(distinct) == len(strokes)


def test_a_brush_is_applied_in_the_colour_in_hand(library):
    in_hand = Brush(color=(1, 2, 3), erase=True, strength=40)
    taken = named(library, "Glaze").applied(in_hand)
    assert (taken.color, taken.erase, taken.strength) == ((1, 2, 3), True, 40)
    assert taken.mode is BlendMode.MULTIPLY
    assert library.like(taken).name == "Glaze"
    assert library.like(replace(taken, radius=7)) is None


@given(
    st.builds(
        Brush,
        radius=st.floats(0.5, 500),
        color=st.just((9, 8, 7)),
        opacity=st.floats(0, 1),
        flow=st.floats(0.01, 1),
        hardness=st.floats(0, 1),
        spacing=st.floats(0.05, 10),
        mode=st.sampled_from(BlendMode),
        pressure_size=st.booleans(),
        pressure_opacity=st.booleans(),
        smoothing=st.sampled_from(Smoothing),
        steadiness=st.floats(0, 1),
        grain=st.floats(0, 1),
        tilt=st.floats(0, 1),
        turn=st.floats(0, 1),
    )
)
@settings(max_examples=30)
def test_a_kept_brush_comes_back_equal(tmp_path_factory, brush):
    own = tmp_path_factory.mktemp("own")
    kept = BrushLibrary(own).save("  Mine:   /../1 ", brush)
    assert kept.is_own
    assert kept.path.parent == own
    again = named(BrushLibrary(own), "Mine: /../1")
    assert again.applied(brush) == brush


def test_a_kept_stamp_finds_its_bundled_picture_again(library, own):
    stamp = named(library, "Foliage").brush
    library.save("My leaves", replace(stamp, radius=99))
    tip = named(BrushLibrary(own), "My leaves").brush.tip
    assert np.array_equal(tip.coverage, stamp.tip.coverage)


def test_keeping_again_replaces_and_deleting_removes_only_own(own, tmp_path):
    bundled = tmp_path / "bundled"
    shutil.copytree(paths.resources() / "brushes", bundled)
    library, counts = BrushLibrary(own, bundled), []
    library.changed.connect(lambda: counts.append(len(library.presets)))
    count = len(library.presets)
    library.save("Mine", Brush(radius=5))
    library.save("Mine", Brush(radius=6))
    assert named(library, "Mine").brush.radius == 6
    library.delete(named(library, "Mine"))
    library.delete(named(library, "Pencil"))
    assert counts == [count + 1, count + 1, count]
    assert list(own.iterdir()) == []
    assert (bundled / "pencil.json").is_file()


def test_going_through_the_brushes_comes_round(library):
    brush, seen = Brush(radius=777), []
    for _ in library.presets:
        preset = library.beside(brush, 1)
        brush = preset.applied(brush)
        seen.append(preset.name)
    assert sorted(seen) == sorted(preset.name for preset in library.presets)
    assert library.beside(brush, -1).name == seen[-2]


BROKEN = {
    "no JSON": "{radius: 3",
    "a list": "[1, 2]",
    "deep": "[" * 50_000,
    "huge": json.dumps({"name": "x" * 100_000}),
    "not text": b"\xff\xfe\x00\x01",
    "radius as text": '{"radius": "3"}',
    "radius true": '{"radius": true}',
    "radius huge": '{"radius": 1e300}',
    "radius NaN": '{"radius": NaN}',
    "flow zero": '{"flow": 0}',
    "unknown mode": '{"mode": "svg:no-such"}',
    "mode as list": '{"mode": [1]}',
    "switch as number": '{"pressure_size": 1}',
    "tip elsewhere": '{"tip": "../../secret.png"}',
    "tip with drive": '{"tip": "c:\\\\secret.png"}',
    "tip missing": '{"tip": "none.png"}',
    "name as number": '{"name": 3}',
    "no name": '{"name": "  "}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence_and_harms_no_other(own, content):
    own.mkdir()
    data = content if isinstance(content, bytes) else content.encode()
    (own / "broken.json").write_bytes(data)
    (own / "good.json").write_text('{"name": "Good", "radius": 4, "later": [1]}', "utf-8")
    library = BrushLibrary(own)
    assert named(library, "Good").brush.radius == 4
    (trouble,) = library.errors
    assert trouble.endswith(".")
    assert trouble.count(". ") == 0
    assert "broken.json" in trouble or "none.png" in trouble


def test_a_tip_is_ink_on_paper(tmp_path):
    picture = Image.new("LA", (6, 2), (255, 255))
    picture.putpixel((0, 0), (0, 255))
    picture.putpixel((1, 0), (0, 51))
    picture.putpixel((2, 0), (204, 255))
    picture.save(tmp_path / "tip.png")
    tip = read_tip(tmp_path / "tip.png")
    assert tip.coverage.shape == (6, 6)
    assert tip.coverage[2, :3] == pytest.approx([1, 0.2, 0.2], abs=1e-6)
    assert tip.coverage.sum() == pytest.approx(1.4, abs=1e-5)


def test_a_large_tip_is_reduced_and_no_picture_is_refused(tmp_path):
    Image.new("L", (3000, 1200), 0).save(tmp_path / "large.png")
    assert read_tip(tmp_path / "large.png").coverage.shape == (MOST_SIDE, MOST_SIDE)
    small = io.BytesIO()
    Image.new("1", (1, 1)).save(small, "PNG")
    size = b"IHDR" + (30_000).to_bytes(4, "big") * 2  # a gigabyte, if it were believed
    head = size + small.getvalue()[24:29]
    check = zlib.crc32(head).to_bytes(4, "big")
    (tmp_path / "bomb.png").write_bytes(
        small.getvalue()[:12] + head + check + small.getvalue()[33:]
    )
    (tmp_path / "cut.png").write_bytes((tmp_path / "large.png").read_bytes()[:300])
    (tmp_path / "text.png").write_text("no picture", "utf-8")
    for name in ("bomb.png", "cut.png", "text.png", "none.png"):
        with pytest.raises(FileFormatError, match=name):
            read_tip(tmp_path / name)


def test_reading_is_of_the_file_alone(tmp_path):
    (tmp_path / "a.json").write_text('{"radius": 8, "smoothing": "stabiliser"}', "utf-8")
    assert read(tmp_path / "a.json") == (
        "a",
        {"radius": 8.0, "smoothing": Smoothing.STABILISER},
        "",
    )


@given(st.floats(12, 60), st.floats(0, 1), st.floats(0, 1), st.floats(0, 6.3))
@settings(max_examples=40)
def test_a_tip_keeps_its_ink_and_place_however_it_is_drawn(radius, x, y, angle):
    """A soft spot off the middle: its ink grows with the area, its place turns with the angle."""
    steps = (np.arange(128) + 0.5) / 64 - 1
    spot = np.exp(-((steps[None] - 0.4) ** 2 + steps[:, None] ** 2) / 0.02).astype(np.float32)
    drawn = Tip("spot", spot).drawn(radius, x, y, angle)
    centers = np.arange(len(drawn)) + 0.5 - len(drawn) // 2
    ink = drawn.sum()
    assert ink == pytest.approx(math.pi * 0.02 * radius**2, rel=0.06)
    right, down = (drawn.sum(axis=0) @ centers) / ink, (drawn.sum(axis=1) @ centers) / ink
    assert right == pytest.approx(x + 0.4 * radius * math.cos(angle), abs=0.02 * radius + 0.05)
    assert down == pytest.approx(y + 0.4 * radius * math.sin(angle), abs=0.02 * radius + 0.05)


@given(st.floats(2, 60), st.floats(0, 1), st.floats(0, 1), st.floats(0, 6.3))
@settings(max_examples=40)
def test_nothing_of_a_tip_is_cut_off(radius, x, y, angle):
    ends = np.zeros((64, 64), np.float32)
    ends[0, 0] = ends[-1, 40] = 1  # a corner and an edge
    drawn = Tip("ends", ends).drawn(radius, x, y, angle)
    for rim in (drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]):
        assert not rim.any()
    assert 0 <= drawn.min() <= drawn.max() <= 1
