"""Packs the frozen folder as an archive that is unpacked anywhere and started from there."""

import os
import shutil
import subprocess
from pathlib import Path

from build_environment import say
from frozen import freeze
from frozen.freeze import Frozen
from linux import shared
from linux.depends import depends
from linux.shared import NAME

from sdedit_desktop import __version__

README = """\
SDEdit Desktop {version} for Linux on x86-64

Start it with ./{name} from here; nothing needs to be installed, and nothing is written outside
your own folders (.config, .local/share, .local/state). To remove it, remove this folder.

The system brings what desktops have (Debian's names): {depends}.

For an entry in the menus: copy share to ~/.local (icons, entry, man page, completions) and link
the program into a folder of your PATH: ln -s "$PWD/{name}" ~/.local/bin/
"""


def build(frozen: Frozen) -> Path:
    """Builds the archive; returns its file.

    Raises:
        CannotBuildError: A library that is needed belongs to no Debian package.
    """
    parent = frozen.work / "tar"
    shutil.rmtree(parent, ignore_errors=True)
    root = parent / f"{NAME}-{__version__}-linux-x86_64"
    shutil.copytree(frozen.folder, root, copy_function=os.link, symlinks=True)
    shared.write(root / "share", frozen.epoch)
    readme = README.format(version=__version__, name=NAME, depends=", ".join(depends(root)))
    (root / "README.txt").write_text(readme, "utf-8")
    freeze.settle(root, frozen.epoch)
    archive = frozen.work / f"{root.name}.tar.xz"
    say(f"packing {archive.name}")
    command = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu",
               "--use-compress-program=xz -6 -T2", "-cf", str(archive), root.name]  # fmt: skip
    subprocess.run(command, check=True, cwd=parent)
    return archive
