"""OpenRaster between programs.

The files in ``data`` were written by Krita 5.1.5 and MyPaint 2.0.1 themselves, from the same stack:
modes, opacities, a group, layers hidden, locked and beyond the edge. Each holds its own program's
flattened picture, ``mergedimage.png``, which is the oracle here.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from painting import noise, write
from PIL import Image

from sdedit_desktop.document.blending import straightened
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.layers import BlendMode, LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect

DATA = Path(__file__).parent / "data"
NAMES = ["Paper", "Multiply", "Screen", "In a group", "Locked", "Hidden", "Alpha locked"]


def entry(path, name):
    with zipfile.ZipFile(path) as archive:
        return Image.open(io.BytesIO(archive.read(name)))


def shown(document):
    return straightened(document.composite(document.rect)).astype(int)


@pytest.mark.parametrize("program", ["krita", "mypaint"])
def test_a_file_of_another_program_looks_as_it_does_there(program):
    document = ora_writer.load(DATA / f"{program}.ora")
    there = np.asarray(entry(DATA / f"{program}.ora", "mergedimage.png").convert("RGBA"))
    here = shown(document)
    seen = there[..., 3] > 0
    assert here.shape == there.shape
    assert np.array_equal(here[..., 3], there[..., 3])
    assert np.abs(here - there)[seen].max() <= 2


def test_layers_of_krita_are_kept():
    document = ora_writer.load(DATA / "krita.ora")
    by_name = {layer.name: layer for layer in document.layers}
    assert [layer.name for layer in document.layers] == [*NAMES, "Dissolve", "Colour"]
    assert by_name["Multiply"].mode is BlendMode.MULTIPLY
    assert by_name["Multiply"].opacity == pytest.approx(200 / 255, abs=1e-4)
    assert by_name["Alpha locked"].mode is BlendMode.OVERLAY
    assert by_name["Colour"].mode is BlendMode.COLOR
    assert [name for name, layer in by_name.items() if not layer.visible] == ["Hidden"]
    assert [name for name, layer in by_name.items() if layer.locked] == ["Locked"]
    assert by_name["Locked"].tiles.content_rect() == Rect(-6, 20, 14, 40)
    assert document.metadata == {"dpi": b"100"}


def test_features_of_other_programs_that_are_lost_are_reported():
    assert ora_writer.load(DATA / "krita.ora").warnings == [
        'The group "Trees" was dissolved into its layers.',
        'Each layer of the group "Trees" has its opacity now; it looks different where they '
        "overlap.",
        'The blend mode "krita:dissolve" of "Dissolve" is shown as normal.',
    ]
    of_mypaint = ora_writer.load(DATA / "mypaint.ora").warnings
    assert "What MyPaint remembers of single strokes was left out." in of_mypaint
    assert "MyPaint's background became a layer." in of_mypaint
    assert not any("linear light" in sentence for sentence in of_mypaint)


def test_layers_that_mypaint_mixed_in_linear_light_are_said_to_look_different():
    document = ora_writer.load(DATA / "mypaint-linear.ora")
    assert any("linear light" in sentence for sentence in document.warnings)
    there = np.asarray(entry(DATA / "mypaint-linear.ora", "mergedimage.png").convert("RGBA"))
    assert np.abs(shown(document) - there).max() > 20


@pytest.mark.parametrize("program", ["krita", "mypaint"])
def test_saving_another_programs_file_keeps_the_picture(program, tmp_path):
    document = ora_writer.load(DATA / f"{program}.ora")
    ora_writer.save(document, tmp_path / "a.ora")
    again = ora_writer.load(tmp_path / "a.ora")
    assert again.warnings == []
    assert np.array_equal(shown(again), shown(document))


@pytest.mark.parametrize("depth", [8, 16])
def test_other_programs_show_a_result_only_inside_its_mask(depth, tmp_path):
    """They know no masks of layers: what they read is what is seen. We read all of it."""
    document = Document(150, 140, depth)
    result = document.new_layer("Candidate 7", LayerKind.RESULT)
    write(result.tiles, Rect(0, 0, 150, 140), noise((140, 150, 4), document.dtype))
    result.mask = Tiles(channels=1)
    write(result.mask, Rect(20, 30, 60, 70), noise((40, 40, 1)))
    document.layers = [result]
    ora_writer.save(document, tmp_path / "a.ora")
    again = ora_writer.load(tmp_path / "a.ora")
    area = document.rect
    assert np.array_equal(again.layers[0].tiles.read(area), result.tiles.read(area))
    assert np.array_equal(again.layers[0].mask.read(area), result.mask.read(area))

    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        kept = {n: archive.read(n) for n in archive.namelist() if not n.startswith("sdedit/")}
    with zipfile.ZipFile(tmp_path / "theirs.ora", "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    theirs = ora_writer.load(tmp_path / "theirs.ora")
    assert theirs.layers[0].mask is None
    assert np.array_equal(theirs.composite(area), document.composite(area))


def test_colours_of_16_bits_have_a_name_so_that_krita_does_not_ask(tmp_path):
    document = Document(20, 10, depth=16)
    ora_writer.save(document, tmp_path / "a.ora")
    assert entry(tmp_path / "a.ora", "data/layer0.png").info["icc_profile"]
    assert ora_writer.load(tmp_path / "a.ora").icc is None
    ora_writer.save(Document(20, 10), tmp_path / "b.ora")
    assert "icc_profile" not in entry(tmp_path / "b.ora", "data/layer0.png").info
