"""Where the frozen program begins."""

import multiprocessing

from sdedit_desktop.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a child of a frozen program is the program itself
    raise SystemExit(main())
