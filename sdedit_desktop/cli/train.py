"""``sdedit-desktop train`` and ``evaluate``: their options and what they start.

Loads torch only when one of them runs.
"""

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sdedit_desktop.cli.interrupt import on_interrupt
from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.training import resume
from sdedit_desktop.training.events import Started, TrainingEvent

if TYPE_CHECKING:
    from sdedit_desktop.training.config import TrainingConfig
    from sdedit_desktop.training.evaluation.tasks import Progress as EvaluationProgress

ABOUT = """\
Makes a model from a folder of photographs, or fine-tunes one on them. Offline; saves every few
minutes. Ctrl+C stops it at any time and leaves a usable model, which --resume goes on with, with
the options it was begun with. Fine-tuned are DDPM's U-Nets, in their own terms: the result opens
wherever the model did. OUT is the model's folder; OUT/training holds the loss curve and a sheet
of samples."""

ABOUT_EVALUATION = """\
Measures a model as the SDEdit paper does, on photographs it was not trained on: give the folder,
and the list, that it was trained with. Strokes are simulated from the photographs and edited; how
faithful and how realistic that is becomes a table, a plot and sheets in CARD/README.md.

What is made is kept in OUT and found again: Ctrl+C, or the end of --minutes, reports on what there
is, and the same command goes on from there. One OUT may serve several models: photographs are
looked at once. Realism is seen with the FID Inception network, which the extra 'evaluation' brings.
"""

_INTERRUPTED = 130
_FRESH, _FINE_TUNED = 1e-3, 2e-4
_USUAL: Mapping[str, resume.Json] = {"size": 64, "batch": 8, "seed": 0}
_REMEMBERED = ("photographs", "listing", "size", "batch", "learning_rate", "seed", "share")
_BELOW_NORMAL = 0x4000
_FEWEST_CROPS = 4
_SMALLEST = 32


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Tells argparse what ``run_train`` understands."""
    parser.add_argument(
        "photographs",
        type=Path,
        metavar="FOLDER",
        nargs="?",
        help="photographs to learn; with --resume the same as before unless told",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="folder of the model"
    )
    parser.add_argument("--minutes", type=float, help="stop after so long (default: at Ctrl+C)")
    parser.add_argument(
        "--init", type=Path, metavar="MODEL", help="fine-tune this model instead of a new one"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the training in OUT")
    _add_learning_arguments(parser)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (auto)")
    parser.add_argument(
        "--save-every", type=float, default=3, metavar="MINUTES", help="between saves (3)"
    )
    parser.add_argument(
        "--sheet-every",
        type=float,
        default=10,
        metavar="MINUTES",
        help="between pictures of the loss curve and of samples (10)",
    )
    parser.add_argument(
        "--memory",
        type=float,
        metavar="MIB",
        help="what photographs in memory may take (an eighth of all)",
    )
    parser.add_argument(
        "--json-progress", action="store_true", help="print what happens as lines of JSON"
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help="give way to other programs, and stop when standard input ends",
    )


def _add_learning_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, help="crops of so many pixels (64)")
    parser.add_argument("--batch", type=int, help="crops per step (8)")
    parser.add_argument(
        "--learning-rate", type=float, help="at its highest (0.001, with --init 0.0002)"
    )
    parser.add_argument(
        "--channels", type=_widths, metavar="N,N,…", help="width of each level of a new network"
    )
    parser.add_argument(
        "--sample-size",
        type=int,
        help="picture size the model is used at (256, or what the given model is used at)",
    )
    parser.add_argument(
        "--list",
        type=Path,
        metavar="CSV",
        dest="listing",
        help="which photographs: columns 'file' and 'split' (rows that say train are trained on)",
    )
    parser.add_argument(
        "--share",
        type=_share,
        action="append",
        metavar="SUBFOLDER=N",
        help="draw from subfolders in these proportions; give it once for each",
    )
    parser.add_argument("--seed", type=int, help="decides everything random (0)")


def run_train(options: argparse.Namespace, show: Callable[[TrainingEvent], None]) -> int:
    """Trains as the options say.

    Args:
        options: What ``add_train_arguments`` has understood.
        show: Told everything that happens.

    Returns:
        The exit code: 0, or 130 if it was stopped. All is saved in both cases.

    Raises:
        AppError: With a sentence, if it cannot be done.
    """
    complete(options)
    _check(options)
    stopped = threading.Event()
    if options.background:
        _give_way()
        threading.Thread(target=_await_end_of_input, args=[stopped], daemon=True).start()
    from sdedit_desktop.training.run import run
    from sdedit_desktop.training.trainer import keep_freed_memory

    keep_freed_memory()
    with (
        on_interrupt(stopped.set),
        contextlib.closing(run(config_of(options), stopped.is_set)) as all_events,
    ):
        for event in all_events:
            if isinstance(event, Started):
                _remember(options)
            show(event)
    return _INTERRUPTED if stopped.is_set() else 0


def config_of(options: argparse.Namespace) -> "TrainingConfig":
    """What complete options ask for.

    Raises:
        ParameterError: The device is not here.
    """
    from sdedit_desktop.training.config import CHANNELS, TrainingConfig
    from sdedit_desktop.training.recipe import Recipe
    from sdedit_desktop.training.trainer import choose_device

    return TrainingConfig(
        photographs=options.photographs,
        output=options.output,
        recipe=Recipe(
            size=options.size,
            batch=options.batch,
            learning_rate=options.learning_rate,
            seed=options.seed,
        ),
        listing=options.listing,
        shares=dict(options.share or ()),
        channels=options.channels or CHANNELS,
        start_from=options.init,
        resume=options.resume,
        minutes=options.minutes,
        sample_size=options.sample_size,
        save_every_s=60 * options.save_every,
        sheet_every_s=60 * options.sheet_every,
        device=choose_device(options.device),
        memory_bytes=None if options.memory is None else int(options.memory * (1 << 20)),
    )


def complete(options: argparse.Namespace) -> None:
    """Fills in what was not given: from the training that is resumed, else what is usual.

    Raises:
        ParameterError: Nobody has said where the photographs are.
    """
    before = resume.read(options.output) if options.resume else {}
    rate = _FRESH if options.init is None else _FINE_TUNED
    usual: Mapping[str, resume.Json] = {**_USUAL, "learning_rate": rate}
    for name in _REMEMBERED:
        if getattr(options, name) is None:
            value = before.get(name, usual.get(name))
            is_path = name in ("photographs", "listing") and isinstance(value, str)
            setattr(options, name, Path(str(value)) if is_path else value)
    if options.photographs is None:
        raise ParameterError("Say which FOLDER the photographs are in.")


def _remember(options: argparse.Namespace) -> None:
    values: dict[str, resume.Json] = {}
    for name in _REMEMBERED:
        value = getattr(options, name)
        values[name] = str(value.absolute()) if isinstance(value, Path) else value
    try:
        resume.write(options.output, values)
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", options.output, error.strerror
        ) from error


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Tells argparse what ``run_evaluate`` understands."""
    parser.add_argument("model", type=Path, metavar="MODEL", help="the model's file or folder")
    parser.add_argument("photographs", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help="where all that is made goes",
    )
    parser.add_argument(
        "--card", type=Path, metavar="CARD", help="folder of the README to write (OUT/card)"
    )
    parser.add_argument(
        "--list", type=Path, metavar="CSV", dest="listing", help="as for train: 'file' and 'split'"
    )
    parser.add_argument("--minutes", type=float, help="report after so long (default: when done)")
    parser.add_argument(
        "--t0", type=_strengths, metavar="T,T,…", dest="t0s", help="strengths (0.2 to 0.8)"
    )
    parser.add_argument(
        "--calls", type=_counts, metavar="N,N,…", help="network calls to compare (10,15,25,50)"
    )
    parser.add_argument("--crops", type=int, metavar="N", help="scenes, at most (128)")
    parser.add_argument("--size", type=int, default=256, help="of the pictures, in pixels (256)")
    parser.add_argument(
        "--quick", action="store_true", help="16 scenes, three strengths, no published solver"
    )
    parser.add_argument(
        "--share",
        type=_share,
        action="append",
        default=[],
        metavar="SUBFOLDER=N",
        help="draw from subfolders in these proportions; give it once for each",
    )
    parser.add_argument("--seed", type=int, default=0, help="decides everything random (0)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (auto)")


def run_evaluate(
    options: argparse.Namespace, show: Callable[["EvaluationProgress | Path"], None]
) -> int:
    """Evaluates as the options say.

    Args:
        options: What ``add_evaluate_arguments`` has understood.
        show: Called after every piece of work, and with the card that was written.

    Returns:
        The exit code: 0, or 130 after Ctrl+C. The card is written in both cases.

    Raises:
        AppError: With a sentence, if it cannot be done.
    """
    _check_evaluation(options)
    from sdedit_desktop.training.evaluation import config as evaluation
    from sdedit_desktop.training.evaluation.run import run
    from sdedit_desktop.training.evaluation.tasks import Stop
    from sdedit_desktop.training.trainer import choose_device, keep_freed_memory

    keep_freed_memory()
    quick = options.quick
    config = evaluation.EvaluationConfig(
        model=options.model,
        photographs=options.photographs,
        output=options.output,
        card=options.card or options.output / "card",
        listing=options.listing,
        shares=dict(options.share),
        size=options.size,
        crops=options.crops or (evaluation.QUICK_CROPS if quick else evaluation.CROPS),
        t0s=options.t0s or (evaluation.QUICK_T0S if quick else evaluation.T0S),
        calls=options.calls or (evaluation.QUICK_CALLS if quick else evaluation.CALLS),
        reference=not quick,
        seed=options.seed,
        device=choose_device(options.device),
    )
    stop = Stop(options.minutes)
    with on_interrupt(stop.ask):
        for event in run(config, stop):
            show(event)
    return _INTERRUPTED if stop.asked else 0


def _check_evaluation(options: argparse.Namespace) -> None:
    if options.minutes is not None and options.minutes <= 0:
        raise ParameterError("--minutes must be more than 0.")
    if options.crops is not None and options.crops < _FEWEST_CROPS:
        raise ParameterError("--crops must be at least {0}.", _FEWEST_CROPS)
    if options.size < _SMALLEST or options.size % _SMALLEST:
        raise ParameterError("--size must be a multiple of {0}.", _SMALLEST)


def _check(options: argparse.Namespace) -> None:
    positive = "size batch learning_rate sample_size minutes save_every sheet_every memory"
    for name in positive.split():
        value = getattr(options, name)
        if value is not None and value <= 0:
            raise ParameterError("--{0} must be more than 0.", name.replace("_", "-"))


def _await_end_of_input(stopped: threading.Event) -> None:
    """Whoever started this in the background holds the other end, or is gone."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    stopped.set()


def _give_way() -> None:
    """Lets the window, and all others, go first."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(10)


def _widths(text: str) -> tuple[int, ...]:
    widths = tuple(int(part) for part in text.split(","))
    if not widths or any(width < 32 or width % 32 for width in widths):
        raise argparse.ArgumentTypeError("widths must be multiples of 32, such as 32,64,96,160")
    return widths


def _strengths(text: str) -> tuple[float, ...]:
    strengths = tuple(sorted({float(part) for part in text.split(",")}))
    if not all(0 < t0 <= 1 for t0 in strengths):
        raise argparse.ArgumentTypeError("strengths are more than 0 and at most 1, like 0.3,0.5")
    return strengths


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(sorted({int(part) for part in text.split(",")}))
    if min(counts) < 1:
        raise argparse.ArgumentTypeError("calls are at least 1, like 10,25")
    return counts


def _share(text: str) -> tuple[str, float]:
    folder, _, share = text.partition("=")
    try:
        value = float(share)
    except ValueError:
        value = -1.0
    if not folder or value < 0:
        raise argparse.ArgumentTypeError("a share looks like landscapes=85")
    return folder, value
