"""Compiles the installer for Windows with makensis, on Windows or Linux.

    python packaging/windows/installer.py FOLDER SETUP.exe [--compress lzma|zlib|off]

FOLDER is what was frozen; its files are listed one by one, so that uninstalling removes what was
installed and nothing else.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREFIX = r"C:\Users\a-name-of-twenty-chr\AppData\Local\Programs\SDEdit Desktop" + "\\"
LONGEST_PATH = 259


class CannotCompileError(Exception):
    """``str(error)`` says why there is no installer."""


def build(folder: Path, setup: Path, compress: str = "lzma") -> None:
    """Compiles the installer of a frozen folder.

    Args:
        folder: What is installed.
        setup: The installer to write.
        compress: ``lzma``, ``zlib`` or ``off``: small, or quick.

    Raises:
        CannotCompileError: A path is too long for Windows, or makensis fails.
    """
    sys.path.insert(0, str(ROOT / "packaging"))
    from artwork import icons
    from windows.version_resource import numbers

    version = (ROOT / "sdedit_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'__version__ = "(.+)"', version)
    assert found
    with tempfile.TemporaryDirectory() as work:
        icon, listing = Path(work, "icon.ico"), Path(work, "uninstall.nsh")
        icons.write(icon)
        listing.write_text(uninstalling(folder), "utf-8")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        defined = {
            "PAYLOAD": folder.resolve(), "OUTPUT": setup.resolve(), "UNINSTALLING": listing,
            "ICON": icon, "LICENCE": ROOT / "LICENSE", "VERSION": found[1],
            "NUMBERS": ".".join(map(str, numbers(found[1]))), "KIB": size // 1024,
        }  # fmt: skip
        words = [f"-D{name}={value}" for name, value in defined.items()]
        words.append("-DFAST" if compress == "zlib" else "-DSTORED" if compress == "off" else "")
        command = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *filter(None, words)]
        done = subprocess.run(
            [*command, str(HERE / "installer.nsi")], capture_output=True, text=True
        )
    if done.returncode:
        raise CannotCompileError(f"makensis failed:\n{done.stdout}{done.stderr}")


def uninstalling(folder: Path) -> str:
    """The commands that remove every file of a folder, and its folders if they are empty then.

    Raises:
        CannotCompileError: A path is longer than Windows takes.
    """
    lines = []
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        name = str(PureWindowsPath(path.relative_to(folder)))
        if len(PREFIX + name) > LONGEST_PATH:
            raise CannotCompileError(f"Windows does not take a path as long as {name}")
        command = "RMDir" if path.is_dir() and not path.is_symlink() else "Delete"
        lines.append(f'{command} "$INSTDIR\\{name.replace("$", "$$")}"')
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Compiles what the command line names; 2 and a sentence where that fails."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("folder", type=Path)
    parser.add_argument("setup", type=Path)
    parser.add_argument("--compress", choices=["lzma", "zlib", "off"], default="lzma")
    options = parser.parse_args(arguments)
    try:
        build(options.folder, options.setup, options.compress)
    except CannotCompileError as error:
        print(f"installer.py: {error}", file=sys.stderr)
        return 2
    print(f"{options.setup.stat().st_size / 1e6:.1f} MB  {options.setup}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
