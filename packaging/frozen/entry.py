"""Where the frozen program begins."""

import multiprocessing
import os
import sys

from sdedit_desktop.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a child of a frozen program is the program itself
    for stream in ("stdout", "stderr"):  # Windows gives a program without a console none
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    raise SystemExit(main())
