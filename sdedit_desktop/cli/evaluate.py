"""``sdedit-desktop evaluate``: its options and what it starts.

Loads torch only when it runs.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sdedit_desktop.cli.interrupt import on_interrupt
from sdedit_desktop.cli.train import share_of_folder
from sdedit_desktop.editing import banks, models
from sdedit_desktop.errors import ParameterError

if TYPE_CHECKING:
    from sdedit_desktop.training.evaluation.dataset import Mask
    from sdedit_desktop.training.evaluation.masked_edits import PhotographModel
    from sdedit_desktop.training.evaluation.tasks import Progress as EvaluationProgress
    from sdedit_desktop.training.photographs import Pixels

ABOUT = """\
Measures a model as the SDEdit paper does, on photographs it was not trained on: give the folder,
and the list, that it was trained with. Strokes are simulated from the photographs and edited; how
faithful and how realistic that is becomes a table, a plot and sheets in CARD/README.md.

What is made is kept in OUT and found again: Ctrl+C, or the end of --minutes, reports on what there
is, and the same command goes on from there. One OUT may serve several models: photographs are
looked at once. Realism is seen with the FID Inception network, which the extra 'evaluation' brings.
"""

_INTERRUPTED = 130
_FEWEST_CROPS = 4
_SMALLEST = 32


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Tells argparse what ``run_evaluate`` understands."""
    parser.add_argument("model", metavar="MODEL", help="the model's id, file or folder")
    parser.add_argument("photographs", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument(
        "--against",
        metavar="MODEL",
        help="a network to measure on the same masks, if MODEL is made of photographs",
    )
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
    from sdedit_desktop.diffusion import devices
    from sdedit_desktop.training.evaluation import config as evaluation
    from sdedit_desktop.training.evaluation.run import run, run_photographs
    from sdedit_desktop.training.evaluation.tasks import Stop

    devices.keep_freed_memory()
    quick = options.quick
    path = models.locate(options.model)
    config = evaluation.EvaluationConfig(
        model=path,
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
        device=devices.require(options.device),
    )
    stop = Stop(options.minutes)
    events = run(config, stop)
    if banks.is_bank(path):
        against = models.locate(options.against) if options.against else None
        events = run_photographs(config, _photographs(banks.load(path)), stop, against)
    with on_interrupt(stop.ask):
        for event in events:
            show(event)
    return _INTERRUPTED if stop.asked else 0


def _photographs(bank: banks.Bank) -> "PhotographModel":
    """A bank as evaluation measures it."""
    from sdedit_desktop.training.evaluation.masked_edits import PhotographModel

    def choose(guide: "Pixels", mask: "Mask") -> "Sequence[Pixels]":
        return [banks.pixels_of(each) for each in banks.most_similar(bank, guide, mask)]

    return PhotographModel(bank.name, choose)


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
