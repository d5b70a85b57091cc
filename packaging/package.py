"""Builds a package of SDEdit Desktop for the system that this runs on.

    python3 packaging/dev.py package [--edition cpu|cuda] [--format folder|deb|tar]

Makes the build environment, freezes the program, tries it, and packs it. What is ready is in
build/package; its sizes are printed last. packaging/README.md tells more.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import build_environment  # noqa: E402 - from the folder of this file
from build_environment import BrokenPackageError, CannotBuildError, say  # noqa: E402

if TYPE_CHECKING:
    from frozen.freeze import Frozen

FORMATS = ("folder", "deb", "tar")


def main(arguments: Sequence[str]) -> int:
    """Does what the command line asks for.

    Returns:
        0; with a sentence, 1 if what was built is broken, 2 if something outside is in the way.
    """
    options = _parse(arguments)
    try:
        python = build_environment.make(options.edition)
        if not options.inside:
            return subprocess.call([str(python), str(HERE / "package.py"), "--inside", *arguments])
        _build(options)
    except CannotBuildError as error:
        say(str(error))
        return 2
    except BrokenPackageError as error:
        say(str(error))
        return 1
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py package",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--edition", choices=build_environment.EDITIONS, default="cpu")
    parser.add_argument("--format", choices=FORMATS, default="folder")
    parser.add_argument("--no-check", action="store_true", help="do not try what was frozen")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _build(options: argparse.Namespace) -> None:
    from frozen import exercise, freeze, names
    from frozen.freeze import LARGEST_COMPRESSED_BYTES, LARGEST_INSTALLED_BYTES, MB

    frozen = freeze.freeze(options.edition)
    installed = freeze.installed_bytes(frozen.folder)
    freeze.require_limit("the folder", installed, LARGEST_INSTALLED_BYTES, options.edition)
    names.require_portable(frozen.folder)
    if not options.no_check:
        exercise.run(frozen)
        if sys.platform == "linux":
            from linux import validate

            validate.run(frozen)
    rows = [(frozen.folder, installed)]
    if options.format != "folder":
        package = _packed(frozen, options.format)
        rows.append((package, package.stat().st_size))
        freeze.require_limit(package.name, rows[-1][1], LARGEST_COMPRESSED_BYTES, options.edition)
    for path, size in rows:
        print(f"{size / MB:7.1f} MB  {os.path.relpath(path)}")


def _packed(frozen: "Frozen", format_: str) -> Path:
    if sys.platform != "linux":
        raise CannotBuildError(
            "the formats deb and tar are made on Linux; packaging/README.md tells how the folder "
            "becomes an installer here."
        )
    from linux import deb, tarball

    return deb.build(frozen) if format_ == "deb" else tarball.build(frozen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
