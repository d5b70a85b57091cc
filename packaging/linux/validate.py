"""Has the tools of this system check what a package for Linux, and the installer, are made of."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from build_environment import ROOT, say
from frozen.exercise import run_command
from frozen.freeze import Frozen
from linux import depends, shared
from linux.shared import ID, NAME


def run(frozen: Frozen) -> None:
    """Checks dependencies, desktop files, completions, man page and the installer script.

    A tool that this system lacks is named, and what it would check is left out.

    Raises:
        BrokenPackageError: A tool finds something wrong; the message holds what it said.
    """
    say(f"depends on {', '.join(depends.depends(frozen.folder))}")
    with tempfile.TemporaryDirectory() as scratch:
        share = Path(scratch, "share")
        share.mkdir()
        shared.write(share, frozen.epoch)
        _check("desktop-file-validate", share / "applications" / f"{NAME}.desktop")
        _check("appstreamcli", "validate", "--no-net", share / "metainfo" / f"{ID}.metainfo.xml")
        _check("update-mime-database", share / "mime")
        _check("man", "--warnings", "--local-file", share / "man" / "man1" / f"{NAME}.1.gz")
        _check("bash", "-n", share / "bash-completion" / "completions" / NAME)
        _check("zsh", "-n", share / "zsh" / "vendor-completions" / f"_{NAME}")
        _check("fish", "-n", share / "fish" / "vendor_completions.d" / f"{NAME}.fish")
        if _has("makensis"):
            # The files of Linux, but as many and as large as those of Windows.
            setup = Path(scratch, "SDEdit-Desktop-setup.exe")
            script = ROOT / "packaging" / "windows" / "installer.py"
            command = [sys.executable, str(script), str(frozen.folder), str(setup)]
            run_command([*command, "--compress", "off"], dict(os.environ), Path(scratch))
            say(f"makensis: an installer of {setup.stat().st_size / 10**6:.0f} MB, not compressed")


def _check(tool: str, *words: str | Path) -> None:
    if _has(tool):
        said = run_command([tool, *map(str, words)], dict(os.environ), Path("/"))
        say(f"{tool}: {said.strip().splitlines()[-1] if tool == 'appstreamcli' else 'fine'}")


def _has(tool: str) -> bool:
    if shutil.which(tool) is None:
        say(f"{tool} is not here: what it would check is left out")
        return False
    return True
