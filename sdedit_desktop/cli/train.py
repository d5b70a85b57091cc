"""``sdedit-desktop train``. Imports torch only when it runs."""

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

ABOUT = """\
Trains a model on a folder of photographs, or fine-tunes one. Works offline and saves every few
minutes. Ctrl+C stops it at any time and leaves a usable model; --resume continues the training
with its options. Only U-Nets of the DDPM family can be fine-tuned; the result keeps their format
and parametrisation. OUT is the folder of the model; OUT/training holds the losses and a sheet
of samples."""

_INTERRUPTED = 130
_NEW_RATE, _FINE_TUNING_RATE = 1e-3, 2e-4
_DEFAULTS: Mapping[str, resume.Json] = {"size": 64, "batch": 8, "seed": 0}
_SAVED_OPTIONS = ("photographs", "listing", "size", "batch", "learning_rate", "seed", "share")
_BELOW_NORMAL = 0x4000


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``run_train``."""
    parser.add_argument(
        "photographs",
        type=Path,
        metavar="FOLDER",
        nargs="?",
        help="photographs to train on; optional with --resume",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="folder of the model"
    )
    parser.add_argument("--minutes", type=float, help="stop after so long (default: at Ctrl+C)")
    parser.add_argument("--init", type=Path, metavar="MODEL", help="fine-tune this model")
    parser.add_argument("--resume", action="store_true", help="continue the training in OUT")
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
        help="between sheets of samples (10)",
    )
    parser.add_argument(
        "--memory",
        type=float,
        metavar="MIB",
        help="what photographs in memory may take (an eighth of all)",
    )
    parser.add_argument(
        "--json-progress", action="store_true", help="print events as lines of JSON"
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help="run at low priority, and stop when standard input is closed",
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
        type=share_of_folder,
        action="append",
        metavar="SUBFOLDER=N",
        help="draw from subfolders in these proportions; give it once for each",
    )
    parser.add_argument("--seed", type=int, help="decides everything random (0)")


def run_train(options: argparse.Namespace, show: Callable[[TrainingEvent], None]) -> int:
    """Runs a training.

    Args:
        options: Parsed options.
        show: Called with every event.

    Returns:
        The exit code: 0, or 130 if it was stopped. Everything is saved in both cases.

    Raises:
        AppError: With a sentence, if it cannot be done.
    """
    complete(options)
    _check(options)
    stopped = threading.Event()
    if options.background:
        _lower_priority()
        threading.Thread(target=_wait_for_end_of_input, args=[stopped], daemon=True).start()
    from sdedit_desktop.diffusion import devices
    from sdedit_desktop.training.run import run

    devices.keep_freed_memory()
    with (
        on_interrupt(stopped.set),
        contextlib.closing(run(config_of(options), stopped.is_set)) as events,
    ):
        for event in events:
            if isinstance(event, Started):
                _save_options(options)
            show(event)
    return _INTERRUPTED if stopped.is_set() else 0


def config_of(options: argparse.Namespace) -> "TrainingConfig":
    """The configuration that complete options describe.

    Raises:
        ParameterError: The device is not here.
    """
    from sdedit_desktop.diffusion import devices
    from sdedit_desktop.training.config import CHANNELS, TrainingConfig
    from sdedit_desktop.training.processes import local_device
    from sdedit_desktop.training.recipe import Recipe

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
        device=local_device(devices.require(options.device)),
        memory_bytes=None if options.memory is None else int(options.memory * (1 << 20)),
    )


def complete(options: argparse.Namespace) -> None:
    """Fills in missing options from the training that is resumed, or with the defaults.

    Raises:
        ParameterError: The folder of photographs is missing.
    """
    before = resume.read(options.output) if options.resume else {}
    rate = _NEW_RATE if options.init is None else _FINE_TUNING_RATE
    defaults: Mapping[str, resume.Json] = {**_DEFAULTS, "learning_rate": rate}
    for name in _SAVED_OPTIONS:
        if getattr(options, name) is None:
            value = before.get(name, defaults.get(name))
            is_path = name in ("photographs", "listing") and isinstance(value, str)
            setattr(options, name, Path(str(value)) if is_path else value)
    if options.photographs is None:
        raise ParameterError("Say which FOLDER the photographs are in.")


def _save_options(options: argparse.Namespace) -> None:
    values: dict[str, resume.Json] = {}
    for name in _SAVED_OPTIONS:
        value = getattr(options, name)
        values[name] = str(value.absolute()) if isinstance(value, Path) else value
    try:
        resume.write(options.output, values)
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", options.output, error.strerror
        ) from error


def _check(options: argparse.Namespace) -> None:
    positive = "size batch learning_rate sample_size minutes save_every sheet_every memory"
    for name in positive.split():
        value = getattr(options, name)
        if value is not None and value <= 0:
            raise ParameterError("--{0} must be more than 0.", name.replace("_", "-"))


def _wait_for_end_of_input(stopped: threading.Event) -> None:
    """Waits until the parent process closes this one's standard input, or ends."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    stopped.set()


def _lower_priority() -> None:
    """Lowers the priority of this process, so that the window stays responsive."""
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


def share_of_folder(text: str) -> tuple[str, float]:
    """Parses a subfolder and its share, such as "landscapes=85"."""
    folder, _, share = text.partition("=")
    try:
        value = float(share)
    except ValueError:
        value = -1.0
    if not folder or value < 0:
        raise argparse.ArgumentTypeError("a share looks like landscapes=85")
    return folder, value
