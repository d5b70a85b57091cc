"""What goes into a package: which torch, and which files of it, of Qt and of the system."""

import importlib.metadata
import json
import re
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture
def modules(monkeypatch):
    """The modules that build packages, importable as their own scripts import them."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield
    for name in ("build_environment", "frozen", "frozen.names", "frozen.owners", "frozen.trim"):
        sys.modules.pop(name, None)


@pytest.fixture
def environment(modules):
    import build_environment

    return build_environment


@pytest.fixture
def trim(modules):
    from frozen import trim

    return trim


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["2.15.0", "2.13.0+cpu", "2.13.0", "2.12.1+cpu"], "2.13.0+cpu"),
        (["2.9.1+cpu", "2.10.0+cpu"], "2.10.0+cpu"),
        (["3.0.0+cpu", "2.7.1+cpu", "2.15.0+cu130", "2.15.0"], None),
        ([], None),
    ],
)
def test_the_newest_cpu_build_within_bounds_is_chosen(environment, offered, chosen):
    assert environment.newest_cpu_build(offered, (2, 8), (3,)) == chosen


def test_the_bounds_of_torch_are_those_of_the_project(environment):
    lowest, first_too_new = environment.torch_bounds()
    assert lowest < first_too_new <= (lowest[0] + 1,)


def test_no_cpu_build_is_one_sentence(environment, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(environment, "_offered", lambda _: ["2.15.0"])
    with pytest.raises(environment.CannotBuildError, match="pip finds no CPU build of torch"):
        environment._install_torch(Path("python"), "cpu")


def test_a_full_disk_is_noticed_before_anything_is_made(environment, monkeypatch, tmp_path):
    usage = environment.shutil.disk_usage(tmp_path)._replace(free=10**9)
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(environment, "BUILD", tmp_path)
    with pytest.raises(environment.CannotBuildError, match=r"only 1\.0 GB are free"):
        environment.make("cpu")
    assert not list(tmp_path.iterdir())


def test_environments_of_other_locks_are_removed(environment, monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "BUILD", tmp_path)
    monkeypatch.setattr(environment, "_digest", lambda _: "of-today")
    for name in ("environment-cpu-of-today", "environment-cpu-old", "environment-cuda-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "complete").touch()
    environment.make("cpu")
    left = {folder.name for folder in tmp_path.iterdir()}
    assert left == {"environment-cpu-of-today", "environment-cuda-old"}


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6\\plugins\\tls\\qopensslbackend.dll", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("nvidia/nvshmem/lib/libnvshmem_host.so.3", True),
        ("nvidia/nvshmem/lib/nvshmem_transport_ucx.so.6", False),
        ("nvidia/cu13/lib/libcufile_rdma.so.1", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_zh_TW.qm", False),
        ("PySide6/Qt/translations/qt_help_de.qm", False),
        ("torch-2.13.0+cpu.dist-info/METADATA", True),
        ("torch-2.13.0+cpu.dist-info/RECORD", False),
    ],
)
def test_unused_parts_stay_out(trim, place, wanted):
    assert trim.is_wanted((place, "/env/file", "DATA"), {"de", "en"}, ["/env"]) is wanted


@pytest.mark.parametrize(
    ("library", "wanted"),
    [("libxcb-cursor.so.0", True), ("libffi.so.8", True), ("libGL.so.1", False),
     ("libgtk-3.so.0", False), ("libstdc++.so.6", False)],
)  # fmt: skip
def test_few_libraries_of_the_builders_system_go_along(trim, monkeypatch, library, wanted):
    monkeypatch.setattr(sys, "platform", "linux")
    assert trim.is_wanted((library, f"/usr/lib/{library}", "BINARY"), set(), ["/env"]) is wanted
    assert trim.is_wanted((library, f"/env/lib/{library}", "BINARY"), set(), ["/env"])


def test_the_builders_folder_is_forgotten_and_nothing_moves(trim, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "base_prefix", "/opt/python-of-the-builder")
    library = tmp_path / "libpython3.11.so.1.0"
    library.write_bytes(b"\0a\0/opt/python-of-the-builder/lib\0/opt/python-of-the-builder/lib/x\0")
    before = library.stat().st_size
    trim.forget_builder(tmp_path)
    code = library.read_bytes()
    assert len(code) == before
    assert code.startswith(b"\0a\0$ORIGIN\0")
    assert code.endswith(b"\0/opt/python-of-the-builder/lib/x\0")


def test_the_languages_are_those_of_the_program(trim):
    assert trim.languages(PACKAGING.parent / "resources") == {"de", "en"}


@pytest.mark.parametrize(
    ("place", "fine"),
    [("a/b.py", True), ("aux.py", False), ("a/" + "x" * 199, False), ("A/B.py", False)],
)
def test_names_in_a_package_are_those_that_windows_takes(modules, tmp_path, place, fine):
    import build_environment
    from frozen import names

    for name in {"a/b.py", place}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    if fine:
        names.require_portable(tmp_path)
    else:
        with pytest.raises(build_environment.BrokenPackageError, match="does not take the name"):
            names.require_portable(tmp_path)


# --- whose work is inside ----------------------------------------------------------------------


PARTS = json.loads((PACKAGING / "licences" / "parts.json").read_text("utf-8"))
LOCK = (PACKAGING / "package.lock").read_text("utf-8").lower().replace("_", "-")
# What libvips calls its libraries when it tells how it was built, and what parts.json calls them.
NAMES = {
    "libhwy": "Highway",
    "lcms2": "lcms2",
    "zlib": "zlib-ng",
    "pangocairo": "pango",
    "fontconfig": "fontconfig",
    "libexif": "libexif",
    "libjpeg": "mozjpeg",
    "libuhdr": "libultrahdr",
    "libpng": "libpng",
    "imagequant": "libimagequant (2.4)",
    "libtiff-4": "libtiff",
    "libarchive": "libarchive",
    "libheif": "libheif",
    "libwebp": "libwebp",
    "librsvg-2.0": "librsvg",
    "cgif": "cgif",
}


@pytest.mark.parametrize("name", [name for name, known in PARTS.items() if "parts" in known])
def test_lists_of_parts_are_of_the_wheels_in_the_lock(name):
    wheel = name.lower().replace("_", "-")
    locked = re.search(rf"^{wheel}==(\S+)", LOCK, re.MULTILINE)[1]
    assert PARTS[name]["version"] == locked, (
        f"{name} {locked} may contain other libraries than those listed in parts.json: compare"
    )


def test_libvips_contains_the_listed_libraries():
    files = importlib.metadata.files("pyvips-binary")
    (library,) = (file for file in files if file.name.startswith(("libvips-", "libvips.")))
    features = re.findall(rb"with ([\w.-]+): (true|false)", library.locate().read_bytes())
    present = {NAMES[name.decode()] for name, is_there in features if is_there == b"true"}
    assert len(present) > 10
    assert present <= PARTS["pyvips-binary"]["parts"].keys()


def test_parts_listed_in_a_wheel_are_used(modules):
    from frozen import owners

    parts = owners._listed_parts(importlib.metadata.distribution("safetensors"))
    assert any(name.startswith("serde ") for name in parts)
    pillow = owners._listed_parts(importlib.metadata.distribution("pillow"))
    assert not any(name.startswith(("PIL.", "libimagequant", "pybind11")) for name in pillow)
    assert any(name.startswith("libjpeg") for name in pillow)
