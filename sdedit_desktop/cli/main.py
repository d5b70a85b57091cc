"""The command line: opens the window by default, or runs a command."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sdedit_desktop import __version__, build_info, log
from sdedit_desktop.cli import bench, bundle, edit, evaluate, models, train
from sdedit_desktop.cli.imports import without_collection
from sdedit_desktop.cli.progress import JsonLines, ProgressBar, print_values
from sdedit_desktop.editing.request import Cancelled
from sdedit_desktop.errors import AppError
from sdedit_desktop.training import events

if TYPE_CHECKING:
    from sdedit_desktop.training.evaluation.run import Progress as EvaluationProgress

_INTERRUPTED = 130
_SELFCHECK_S = 60.0

_ABOUT = """\
Paint coarse strokes on a photograph, say where it may change, and get photographs.

Without a command the window opens, with the given files or with a welcome picture."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit code: 0 done, 2 a sentence on stderr, 130 stopped."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = make_parser()
    if not given or given[0] not in {*_COMMANDS, "-h", "--help", "--version"}:
        if given and _looks_like_a_command(given[0]):
            parser.error(f"there is no command and no file {given[0]!r}")
        given.insert(0, "open")
    options = parser.parse_args(given)
    log.install()
    # Waiting threads sleep instead of spinning, to leave the processor to other programs.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        return _COMMANDS[options.command](options)
    except AppError as error:
        print(f"sdedit-desktop: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Cancelled):
        print("\nStopped. Files that were finished stay.", file=sys.stderr)
        return _INTERRUPTED


def _looks_like_a_command(word: str) -> bool:
    """Whether a word is a mistyped command rather than a file, which does not exist."""
    return word.replace("-", "").isalpha() and word[0] != "-" and not Path(word).exists()


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports errors in one sentence."""

    def error(self, message: str) -> NoReturn:
        sentence = f"{message[0].upper()}{message[1:]}. '{self.prog} --help' explains."
        self.exit(2, f"sdedit-desktop: {sentence}\n")


class _Version(argparse.Action):
    """Prints version, build and devices."""

    def __call__(self, parser: argparse.ArgumentParser, *_arguments: object) -> NoReturn:
        log.install()  # for torch's warnings, which it has where its source text is missing
        from sdedit_desktop.editing.engine import TorchEngine  # imports torch

        print(__version__)
        print_values({"program": build_info.read(), **TorchEngine().description()}, as_json=False)
        parser.exit()


def make_parser() -> argparse.ArgumentParser:
    """The whole command line; packages make the man page and completions from it."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = _Parser("sdedit-desktop", description=_ABOUT, formatter_class=plain)
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show version, edition, torch and device"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    window = commands.add_parser("open", help="open the window (the default)")
    window.add_argument("files", nargs="*", type=Path, metavar="FILE", help="photo or .ora to open")

    editing = commands.add_parser(
        "edit",
        help="edit a photograph without a window",
        description=edit.ABOUT,
        epilog=edit.EXAMPLES,
        formatter_class=plain,
    )
    edit.add_edit_arguments(editing)

    for name, about, text, add_arguments in (
        (
            "train",
            "make a model from a folder of photographs",
            train.ABOUT,
            train.add_train_arguments,
        ),
        (
            "evaluate",
            "measure how good a model is",
            evaluate.ABOUT,
            evaluate.add_evaluate_arguments,
        ),
        ("bench", "measure how fast this computer is", bench.ABOUT, bench.add_bench_arguments),
    ):
        add_arguments(
            commands.add_parser(name, help=about, description=text, formatter_class=plain)
        )

    models.add_models_arguments(commands.add_parser("models", help="list, inspect and add models"))

    check = commands.add_parser("selfcheck", help="try everything once and print what is used")
    check.add_argument("--json", action="store_true", help="print for programs")
    check.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="write what a report of trouble needs: no picture, no user name, no home folder",
    )
    check.add_argument(
        "--timeout",
        type=float,
        default=_SELFCHECK_S,
        metavar="SECONDS",
        help="how long the candidate may take (%(default)g)",
    )
    return parser


def _open(options: argparse.Namespace) -> int:
    with without_collection():
        from sdedit_desktop.app import run

    return run(options.files)


def _train(options: argparse.Namespace) -> int:
    show = JsonLines().print if options.json_progress else ProgressBar().show_training
    try:
        return train.run_train(options, show)
    except AppError as error:
        if options.json_progress:
            show(events.Failed(error.text.sentence, tuple(map(str, error.text.values))))
        raise


def _evaluate(options: argparse.Namespace) -> int:
    bar = ProgressBar()

    def show(event: "EvaluationProgress | Path") -> None:
        if isinstance(event, Path):
            bar.say(f"{event}")
        else:
            bar.show(event)

    return evaluate.run_evaluate(options, show)


def _selfcheck(options: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from sdedit_desktop.app import selfcheck

    report = selfcheck(options.timeout)
    print_values(report, options.json)
    if options.bundle is not None:
        bundle.write(options.bundle, report)
    sys.stdout.flush()
    logging.shutdown()
    os._exit(2 if "error" in report else 0)  # a thread that hangs cannot keep the process


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "open": _open,
    "edit": edit.run_edit,
    "train": _train,
    "evaluate": _evaluate,
    "bench": bench.run_bench,
    "models": models.run_models,
    "selfcheck": _selfcheck,
}
