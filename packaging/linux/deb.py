"""Packs the frozen folder as a Debian package that needs no script when it is installed."""

import gzip
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

from build_environment import ROOT, say
from frozen import freeze
from frozen.freeze import Frozen
from linux import shared
from linux.depends import depends
from linux.shared import HERE, NAME

from sdedit_desktop import __version__

MAINTAINER = "The SDEdit Desktop authors <sdedit-desktop@localhost>"
CONTROL = """\
Package: {name}
Version: {version}
Architecture: amd64
Maintainer: {maintainer}
Installed-Size: {kib}
Depends: {depends}
Recommends: fonts-dejavu-core | fonts-noto-core
Section: graphics
Priority: optional
Description: paint coarse strokes, get photographs (offline)
 An editor in which coarse strokes painted on a photograph become photographic
 while everything outside a mask stays as it is, to the last bit. It works
 without a network and without a graphics card; models are included.
"""
CHANGELOG = """\
{name} ({version}) stable; urgency=medium

  * Release {version}; CHANGELOG.md.gz beside this file tells what is new.

 -- {maintainer}  {date}
"""


def build(frozen: Frozen) -> Path:
    """Builds the package; returns its file.

    Raises:
        CannotBuildError: A library that is needed belongs to no Debian package.
    """
    root = frozen.work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    program = root / "usr" / "lib" / NAME
    program.parent.mkdir(parents=True)
    shutil.copytree(frozen.folder, program, copy_function=os.link, symlinks=True)
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    shared.write(root / "usr" / "share", frozen.epoch)
    _write_documents(root / "usr" / "share", frozen)
    say("computing the dependencies")
    _write_control(root, depends(program))
    freeze.settle(root, frozen.epoch)
    package = frozen.work / f"{NAME}_{__version__}_amd64.deb"
    say(f"packing {package.name}")
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=2", "--build"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(frozen.epoch)}
    subprocess.run([*command, str(root), str(package)], check=True, env=environment,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return package


def _write_documents(share: Path, frozen: Frozen) -> None:
    """Writes what Debian wants beside a program: copyright, changelog, reasons for exceptions."""
    documents = share / "doc" / NAME
    documents.mkdir(parents=True)
    copyright_ = (HERE / "copyright").read_text("utf-8")
    (documents / "copyright").write_text(copyright_, "utf-8")
    for file in ("THIRD_PARTY_LICENSES", f"{NAME}.cdx.json"):
        (documents / file).symlink_to(f"../../../lib/{NAME}/{file}")
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(frozen.epoch))
    changes = CHANGELOG.format(name=NAME, version=__version__, date=date, maintainer=MAINTAINER)
    news = (ROOT / "CHANGELOG.md").read_bytes()
    for name, content in {"changelog": changes.encode(), "CHANGELOG.md": news}.items():
        (documents / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    overrides = share / "lintian" / "overrides"
    overrides.mkdir(parents=True)
    shutil.copyfile(HERE / "lintian-overrides", overrides / NAME)


def _write_control(root: Path, needed: list[str]) -> None:
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    kib = sum(-(-path.stat().st_size // 1024) for path in files)
    control = CONTROL.format(name=NAME, version=__version__, maintainer=MAINTAINER, kib=kib,
                             depends=", ".join(needed))  # fmt: skip
    sums = "".join(f"{_md5(path)}  {path.relative_to(root)}\n" for path in files)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, "utf-8")
    (root / "DEBIAN" / "md5sums").write_text(sums, "utf-8")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
