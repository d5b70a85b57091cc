"""Opening and exporting as a user does it: given, when, then."""

import io
import zlib
from pathlib import Path

import file_work
import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtWidgets import QFileDialog, QMessageBox

from sdedit_desktop.document.commands import AddLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.metadata import Keeps
from sdedit_desktop.document.files.photo import Photo, as_document, open_photo
from sdedit_desktop.ui.dialogs.export import ExportDialog, ExportOptions

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif():
    data = Image.Exif()
    data[0x010F] = "Camera"
    return b"Exif\0\0" + data.tobytes().removeprefix(b"Exif\0\0")


def photograph(depth=8):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 2**depth, (60, 80, 3)).astype(np.uint16 if depth == 16 else np.uint8)
    return Photo(pixels, depth, SRGB, {"exif": exif()}, "a.jpg")


def with_a_result(document):
    layer = document.new_layer("Candidate 7")
    layer.parameters = {"seed": 7, "t0": 0.5}
    document.push(AddLayer(layer, 1))
    return document


@pytest.fixture
def export_to(monkeypatch, tmp_path):
    """Exports through the dialogs; ``answer`` is led the options dialog."""

    def export_to(window, name, answer=lambda dialog: dialog.accept()):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "AVIF (*.avif)"))

        def shown(dialog):
            answer(dialog)
            return dialog.result()

        monkeypatch.setattr(ExportDialog, "exec", shown)
        file_work.trigger(window, "export")
        return path if path.suffix else path.with_suffix(".avif")

    return export_to


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "avif"])
def test_exports_keep_the_photos_profile_and_camera_metadata(open_window, export_to, suffix):
    # Given an open photo with a profile and EXIF,
    window = open_window(document=as_document(photograph()))
    # when it is exported with the options as they are,
    path = export_to(window, f"b.{suffix}")
    # then the file has both.
    with Image.open(path) as image:
        assert image.info["icc_profile"] == SRGB
        assert image.getexif()[0x010F] == "Camera"


def test_the_options_are_those_that_the_format_leaves_open(open_window, export_to):
    window = open_window(document=as_document(photograph(16)))
    asked = {}

    def note(dialog):
        parts = dialog.quality, dialog.depth_box, dialog.provenance
        asked[dialog.windowTitle()] = [part.parent() is dialog for part in parts]
        dialog.reject()

    for suffix in ("png", "jpg", "tif", "webp", "avif"):
        assert not export_to(window, f"b.{suffix}", note).exists()
    assert asked == {
        "Export b.png": [False, True, False],
        "Export b.jpg": [True, False, False],
        "Export b.tif": [False, True, False],
        "Export b.webp": [True, False, False],
        "Export b.avif": [True, True, False],
    }


def test_quality_depth_metadata_and_provenance_change_the_exported_file(open_window, export_to):
    # Given a 16-bit photo in which a model took part,
    window = open_window(document=with_a_result(as_document(photograph(16))))

    def poor(dialog):
        dialog.quality.show_number(5)
        dialog.metadata.setCurrentIndex(dialog.metadata.findData(Keeps.NONE))
        dialog.provenance.setChecked(False)
        dialog.depth_box.setCurrentIndex(0)
        dialog.accept()

    # when it is exported, then as poorly as it can be,
    good, bad = export_to(window, "good.jpg"), export_to(window, "bad.jpg", poor)
    # then the second file is smaller and tells nothing,
    assert bad.stat().st_size < good.stat().st_size / 2
    assert b"sdedit" in good.read_bytes()
    assert b"sdedit" not in bad.read_bytes()
    assert b"Camera" not in bad.read_bytes()
    assert open_photo(bad).icc == SRGB
    # and what was chosen is offered again, except for the provenance, which is a setting.
    again = []
    export_to(window, "b.png", lambda dialog: again.append(dialog.chosen) or poor(dialog))
    assert again[0] == ExportOptions(5, 16, Keeps.NONE, True)
    assert open_photo(good.with_name("b.png")).depth == 8


def test_the_dialog_says_which_metadata_the_format_keeps(open_window, export_to):
    window = open_window(document=as_document(photograph()))
    said = []

    def choose(dialog):
        for keeps in (Keeps.ALL, Keeps.NONE):
            dialog.metadata.setCurrentIndex(dialog.metadata.findData(keeps))
            said.append(dialog.kept.text())
        dialog.reject()

    export_to(window, "b.jpg", choose)
    assert [text.partition(".")[0] for text in said] == [
        "Kept: camera and exposure",
        "Kept: nothing",
    ]


def test_a_name_without_ending_gets_that_of_the_format(open_window, export_to):
    window = open_window()
    assert export_to(window, "picture").suffix == ".avif"
    assert open_photo(export_to(window, "picture")).pixels.shape == (80, 100, 3)


def bomb_png(width, height):
    def chunk(kind, data):
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(500))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def half_a_jpeg():
    out = io.BytesIO()
    Image.fromarray(photograph().pixels).save(out, "JPEG")
    return out.getvalue()[: len(out.getvalue()) // 2]


HOSTILE = {
    "bomb.png": bomb_png(20_000, 20_000),
    "enormous.png": bomb_png(90_000, 90_000),
    "half.jpg": half_a_jpeg(),
    "text.tif": b"hello",
    "archive.ora": b"PK\x03\x04 no more",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_gives_one_sentence_and_loses_nothing(open_window, tmp_path, monkeypatch, name):
    # Given a window with a picture, when a bad file is opened,
    window = open_window(document=Document(50, 40))
    said = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: said.append(box.text()))
    document = window.session.document
    (tmp_path / name).write_bytes(HOSTILE[name])
    assert not file_work.open_path(window, tmp_path / name)
    # then one sentence says so, and the picture is still there.
    assert len(said) == 1
    assert name in said[0]
    assert said[0].endswith(".")
    assert window.session.document is document


def test_a_krita_file_opens_with_its_layers_and_lists_losses(open_window, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: said.append(box.text()))
    window = open_window()
    path = tmp_path / "krita.ora"
    data = Path(__file__).parents[2] / "document" / "files" / "data"
    path.write_bytes((data / "krita.ora").read_bytes())
    assert file_work.open_path(window, path)
    assert len(window.session.document.layers) == 9
    assert 'The group "Trees" was dissolved' in said[0]
    assert ora_writer.load(path).warnings
