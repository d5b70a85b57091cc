"""``sdedit-desktop evaluate``. Imports torch only when it runs."""

import argparse
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sdedit_desktop.cli.interrupt import on_interrupt
from sdedit_desktop.cli.train import share_of_folder
from sdedit_desktop.editing import banks, models
from sdedit_desktop.errors import ParameterError

if TYPE_CHECKING:
    from sdedit_desktop.training.evaluation.editors import ExemplarEditor
    from sdedit_desktop.training.evaluation.run import Progress as EvaluationProgress

ABOUT = """\
Measures a model as the SDEdit paper does, on photographs it was not trained on: give the folder,
and the list, that it was trained with. Strokes are simulated from the photographs and edited, over
the whole picture and inside masks. Faithfulness and realism become tables and sheets in
OUT/report.md.

Results are cached in OUT: after Ctrl+C, or at the end of --minutes, the report covers what there
is, and the same command continues. KID needs the FID Inception network of the extra 'evaluation'.
"""

_INTERRUPTED = 130
_FEWEST_CROPS = 4
_SMALLEST = 32


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``run_evaluate``."""
    parser.add_argument("model", metavar="MODEL", help="the model's id, file or folder")
    parser.add_argument("photographs", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument(
        "--against",
        metavar="MODEL",
        help="another network to measure on the same masks",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help="folder for pictures, features and the report",
    )
    parser.add_argument(
        "--list", type=Path, metavar="CSV", dest="listing", help="as for train: 'file' and 'split'"
    )
    parser.add_argument("--minutes", type=float, help="report after so long (default: when done)")
    parser.add_argument(
        "--t0", type=_strengths, metavar="T,T,…", dest="t0s", help="strengths (0.2 to 0.8)"
    )
    parser.add_argument(
        "--calls", type=_counts, metavar="N,N,…", help="network calls to compare (8,12,25,50)"
    )
    parser.add_argument("--crops", type=int, metavar="N", help="scenes, at most (128)")
    parser.add_argument("--size", type=int, default=256, help="of the pictures, in pixels (256)")
    parser.add_argument(
        "--quick", action="store_true", help="16 scenes, three strengths and two numbers of calls"
    )
    parser.add_argument(
        "--share",
        type=share_of_folder,
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
    """Runs an evaluation.

    Args:
        options: Parsed options.
        show: Called after every picture, and with the path of the report.

    Returns:
        The exit code: 0, or 130 after Ctrl+C. The report is written in both cases.

    Raises:
        AppError: With a sentence, if it cannot be done.
    """
    _check_evaluation(options)
    from sdedit_desktop.diffusion import devices
    from sdedit_desktop.training.evaluation import config as defaults
    from sdedit_desktop.training.evaluation.run import run

    devices.keep_freed_memory()
    quick = options.quick
    path = models.locate(options.model)
    config = defaults.EvaluationConfig(
        model=path,
        photographs=options.photographs,
        output=options.output,
        against=models.locate(options.against) if options.against else None,
        listing=options.listing,
        shares=dict(options.share),
        size=options.size,
        crops=options.crops or (defaults.QUICK_CROPS if quick else defaults.CROPS),
        t0s=options.t0s or (defaults.QUICK_T0S if quick else defaults.T0S),
        calls=options.calls or (defaults.QUICK_CALLS if quick else defaults.CALLS),
        minutes=options.minutes,
        seed=options.seed,
        device=devices.require(options.device),
    )
    exemplars = _exemplar_editor(path, config.device) if banks.is_bank(path) else None
    stopped = threading.Event()
    with on_interrupt(stopped.set):
        for event in run(config, stopped.is_set, exemplars):
            show(event)
    return _INTERRUPTED if stopped.is_set() else 0


def _exemplar_editor(path: Path, device: str) -> "ExemplarEditor":
    from sdedit_desktop.training.evaluation.editors import ExemplarEditor

    bank = banks.load(path)
    return ExemplarEditor(
        bank.name,
        lambda guide, mask: [
            banks.pixels_of(each) for each in banks.most_similar(bank, guide, mask)
        ],
        device,
    )


def _check_evaluation(options: argparse.Namespace) -> None:
    if options.minutes is not None and options.minutes <= 0:
        raise ParameterError("--minutes must be more than 0.")
    if options.crops is not None and options.crops < _FEWEST_CROPS:
        raise ParameterError("--crops must be at least {0}.", _FEWEST_CROPS)
    if options.size < _SMALLEST or options.size % _SMALLEST:
        raise ParameterError("--size must be a multiple of {0}.", _SMALLEST)


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
