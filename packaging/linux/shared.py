"""What a desktop reads of a program, below ``share``: entry, metadata, icons, types, man page."""

import os
import shutil
import time
from pathlib import Path

from artwork import icons
from linux import manual

from sdedit_desktop import __version__

NAME = "sdedit-desktop"
ID = "io.github.sdedit_desktop.SDEditDesktop"
HERE = Path(__file__).parent
SCREENSHOTS = ("welcome", "generating", "before-after")
ADDRESS = "SDEDIT_SCREENSHOTS"
"""Environment variable: where screenshots are published. AppStream takes nothing but addresses,
and the repository has none."""


def write(share: Path, epoch: int) -> None:
    """Writes all of it.

    Args:
        share: The folder ``share`` of a package.
        epoch: The date of the release, in seconds since 1970.
    """
    places = {
        f"{NAME}.desktop": "applications",
        f"{NAME}.mime.xml": "mime/packages",
    }
    for file, place in places.items():
        (share / place).mkdir(parents=True)
        shutil.copyfile(HERE / file, share / place / file.replace(".mime", ""))
    (share / "metainfo").mkdir()
    (share / "metainfo" / f"{ID}.metainfo.xml").write_text(metainfo(epoch), "utf-8")
    drawn = share / "icons" / "hicolor"
    for size in icons.SIZES:
        picture = drawn / f"{size}x{size}" / "apps" / f"{NAME}.png"
        picture.parent.mkdir(parents=True)
        icons.draw(size).save(picture)
    scalable = drawn / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(icons.SVG, scalable / f"{NAME}.svg")
    (share / "man" / "man1").mkdir(parents=True)
    (share / "man" / "man1" / f"{NAME}.1.gz").write_bytes(manual.man_page(epoch))
    for place, text in manual.completions().items():
        (share / place).parent.mkdir(parents=True)
        (share / place).write_text(text, "utf-8")


def metainfo(epoch: int) -> str:
    """AppStream's description of this version."""
    text = (HERE / f"{ID}.metainfo.xml").read_text("utf-8")
    date = time.strftime("%Y-%m-%d", time.gmtime(epoch))
    text = text.replace("{version}", __version__).replace("{date}", date)
    if address := os.environ.get(ADDRESS):
        images = [f"<image>{address}/{name}.webp</image>" for name in SCREENSHOTS]
        shots = "".join(f"    <screenshot>{image}</screenshot>\n" for image in images)
        shots = shots.replace("<screenshot>", '<screenshot type="default">', 1)
        text = text.replace(
            "  <provides>", f"  <screenshots>\n{shots}  </screenshots>\n  <provides>"
        )
    return text
