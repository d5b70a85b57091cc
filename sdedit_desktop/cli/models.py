"""``sdedit-desktop models``: lists, inspects and adds models."""

import argparse
import sys
from pathlib import Path

from sdedit_desktop import paths
from sdedit_desktop.cli.progress import print_values
from sdedit_desktop.editing import banks, models


def add_models_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``run_models``."""
    parser.add_argument("--json", action="store_true", help="print for programs")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("list", help="what is found (the default)")
    inspect = verbs.add_parser(
        "inspect", help="what a file or folder is, and why not if it is none"
    )
    inspect.add_argument("path", type=Path, metavar="PATH")
    inspect.add_argument("--json", action="store_true", help="print for programs")
    add = verbs.add_parser("add", help="copy a model into your own models")
    added = add.add_mutually_exclusive_group(required=True)
    added.add_argument("path", nargs="?", type=Path, metavar="PATH")
    added.add_argument(
        "--exemplars",
        nargs=2,
        metavar=("FOLDER", "NAME"),
        help="make a model of the photographs in a folder; nothing is trained",
    )


def run_models(options: argparse.Namespace) -> int:
    """Runs the command; returns the exit code."""
    if options.verb == "inspect":
        from sdedit_desktop.editing.engine import TorchEngine, report_on

        print_values(report_on(options.path, TorchEngine().device), options.json)
        return 0
    if options.verb == "add" and options.exemplars:
        folder, name = options.exemplars
        print(banks.add(banks.pictures_in(Path(folder)), name))
        return 0
    if options.verb == "add":
        from sdedit_desktop.editing.sampling.facts import facts_of

        facts_of(str(options.path), options.path)  # only usable models are added
        print(models.add(options.path))
        return 0
    found = {name: str(path) for name, path in models.found().items()}
    print_values(found, options.json)
    if not options.json:
        print(f"Your own models belong into {paths.user_models()}.", file=sys.stderr)
    return 0
