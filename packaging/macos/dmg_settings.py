"""What the disk image looks like, in names that dmgbuild reads; README.md tells the command."""

from pathlib import Path

application = defines.get("app", "SDEdit Desktop.app")  # type: ignore[name-defined]  # noqa: F821
format = "ULMO"  # noqa: A001 - dmgbuild's word; lzma, read from macOS 10.15 on
filesystem = "APFS"
files = [application]
symlinks = {"Applications": "/Applications"}
icon_size = 128
window_rect = ((200, 120), (540, 320))
icon_locations = {Path(application).name: (140, 140), "Applications": (400, 140)}
