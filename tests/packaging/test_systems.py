"""The parts of packages that other systems read, as far as they can be checked here."""

import plistlib
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from sdedit_desktop import __version__

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
ID = "io.github.sdedit_desktop.SDEditDesktop"


@pytest.fixture
def modules(monkeypatch):
    """Imports modules as the scripts in ``packaging`` do."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"artwork", "linux", "windows", "macos", "build_environment"}:
            del sys.modules[name]


# --- Linux -------------------------------------------------------------------------------------


def test_the_desktop_entry_is_valid_and_lists_every_format_the_program_opens():
    entry = (LINUX / "sdedit-desktop.desktop").read_text("utf-8")
    assert {"image/openraster", "image/png", "image/jpeg", "image/tiff", "image/webp"} <= set(
        re.search(r"^MimeType=(.*);$", entry, re.MULTILINE)[1].split(";")
    )
    if shutil.which("desktop-file-validate"):
        file = str(LINUX / "sdedit-desktop.desktop")
        checked = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True)
        assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("name", [f"{ID}.metainfo.xml", "sdedit-desktop.mime.xml"])
def test_descriptions_are_well_formed(name):
    assert len(ElementTree.parse(LINUX / name).getroot())


def test_one_identifier_is_used_everywhere(modules):
    from macos import bundle

    metainfo = ElementTree.parse(LINUX / f"{ID}.metainfo.xml")
    assert metainfo.findtext("id") == bundle.IDENTIFIER == ID
    assert f"\nid: {ID}\n" in (LINUX / f"{ID}.yaml").read_text("utf-8")


def test_the_flatpak_has_no_network_and_takes_this_version():
    manifest = (LINUX / f"{ID}.yaml").read_text("utf-8")
    assert "--share=network" not in manifest
    assert f"sdedit-desktop-{__version__}-linux-x86_64.tar.xz" in manifest


@pytest.mark.parametrize(
    ("symbols", "pattern", "highest"),
    [
        ({"GLIBC_2.4", "GLIBC_2.35", "GLIBC_2.17", "GLIBCXX_3.4.9"}, r"GLIBC_([\d.]+)$", "2.35"),
        ({"GLIBCXX_3.4.9", "GLIBCXX_3.4.29"}, r"GLIBCXX_([\d.]+)$", "3.4.29"),
        ({"CXXABI_1.3"}, r"GLIBC_([\d.]+)$", ""),
    ],
)
def test_the_oldest_system_is_computed_from_symbols(modules, symbols, pattern, highest):
    from linux import depends

    assert depends.floor(symbols, pattern) == highest


def test_a_library_of_the_graphics_driver_is_no_dependency(modules, monkeypatch, tmp_path):
    from linux import depends

    monkeypatch.setattr(depends, "_read", lambda _: ({"libcuda.so.1", "libown.so"}, set()))
    monkeypatch.setattr(depends, "_places", dict)
    (tmp_path / "libown.so").touch()
    assert depends.depends(tmp_path) == []
    monkeypatch.setattr(depends, "_read", lambda _: ({"libpmix.so.2"}, set()))
    with pytest.raises(depends.CannotBuildError, match=r"holds libpmix\.so\.2"):
        depends.depends(tmp_path)


# --- Windows -----------------------------------------------------------------------------------


@pytest.fixture
def payload(tmp_path):
    """A frozen folder in miniature, with names that an installer must quote."""
    folder = tmp_path / "SDEdit Desktop"
    for name in ("SDEdit Desktop.exe", "_internal/a b/Ünicode $x.txt", "_internal/empty/.keep"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"MZ" * 100)
    return folder


def test_uninstalling_removes_the_installed_files_and_nothing_else(modules, payload):
    from windows import installer

    lines = installer.uninstalling(payload).splitlines()
    removed = [line for line in lines if line.startswith("Delete")]
    assert len(removed) == sum(path.is_file() for path in payload.rglob("*"))
    assert 'Delete "$INSTDIR\\_internal\\a b\\Ünicode $$x.txt"' in lines
    assert not any("/r" in line for line in lines)
    folder = lines.index('RMDir "$INSTDIR\\_internal\\a b"')
    assert folder > lines.index('Delete "$INSTDIR\\_internal\\a b\\Ünicode $$x.txt"')


def test_a_path_that_windows_does_not_take_is_refused(modules, tmp_path):
    from windows import installer

    deep = tmp_path / "d" / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    with pytest.raises(installer.CannotCompileError, match="does not take a path"):
        installer.uninstalling(tmp_path)


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed")
def test_the_installer_compiles_without_a_warning(payload, tmp_path):
    setup = tmp_path / "SDEdit-Desktop-setup.exe"
    script = PACKAGING / "windows" / "installer.py"
    command = [sys.executable, script, payload, setup, "--compress", "zlib"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert setup.read_bytes()[:2] == b"MZ"


def test_the_installer_asks_no_administrator_and_speaks_english_and_german():
    script = (PACKAGING / "windows" / "installer.nsi").read_text("utf-8")
    assert "RequestExecutionLevel user" in script
    assert "HKLM" not in script
    assert "RMDir /r" not in script
    texts = re.findall(r"^LangString (\w+) \$\{LANG_(\w+)\}", script, re.MULTILINE)
    names = {name for name, _ in texts}
    assert {(name, each) for name in names for each in ("ENGLISH", "GERMAN")} == set(texts)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", (0, 1, 0, 0)), ("2.13.4.5", (2, 13, 4, 5)), ("1.0rc1", (1, 0, 0, 0))],
)
def test_the_version_resource_has_four_numbers(modules, version, numbers):
    from windows import version_resource

    assert version_resource.numbers(version) == numbers
    assert f"filevers={numbers}" in version_resource.text(version)


@pytest.mark.parametrize("name", ["icon.ico", "icon.icns"])
def test_the_icon_is_written_in_the_forms_of_other_systems(modules, tmp_path, name, qapp):
    from artwork import icons

    icons.write(tmp_path / name)
    with Image.open(tmp_path / name) as icon:
        assert icon.size[0] >= 256
        assert icon.convert("RGBA").getpixel((icon.size[0] // 2, icon.size[1] // 2))[3] == 255


# --- macOS -------------------------------------------------------------------------------------


def test_the_bundle_opens_openraster_and_can_be_written(modules):
    from macos import bundle

    properties = plistlib.loads(plistlib.dumps(bundle.info()))
    assert properties["CFBundleShortVersionString"] == __version__
    declared = {each["UTTypeIdentifier"] for each in properties["UTImportedTypeDeclarations"]}
    assert declared <= set(properties["CFBundleDocumentTypes"][0]["LSItemContentTypes"])


def test_the_entitlements_are_a_property_list():
    with (PACKAGING / "macos" / "entitlements.plist").open("rb") as file:
        assert plistlib.load(file)["com.apple.security.cs.disable-library-validation"] is True


def test_the_disk_image_holds_the_application_and_where_it_goes():
    defines = {"app": "dist/SDEdit Desktop.app"}
    settings = runpy.run_path(
        str(PACKAGING / "macos" / "dmg_settings.py"), init_globals={"defines": defines}
    )
    assert settings["files"] == ["dist/SDEdit Desktop.app"]
    assert set(settings["icon_locations"]) == {"SDEdit Desktop.app", *settings["symlinks"]}
