"""The command line: the window by default, or one piece of work without a window."""

import argparse
import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sdedit_desktop import __version__, log, paths
from sdedit_desktop.cli import train
from sdedit_desktop.cli.interrupt import on_interrupt
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import (
    DEVICES,
    PRECISIONS,
    SOLVERS,
    Cancelled,
    CancelToken,
    EditParams,
    Note,
    Progress,
)
from sdedit_desktop.errors import AppError, ParameterError
from sdedit_desktop.texts import Text
from sdedit_desktop.training import events

if TYPE_CHECKING:
    from sdedit_desktop.training.evaluation.tasks import Progress as EvaluationProgress

_BAR = 28
_TRAINING_LINE = 500
_JSON_STEP_S = 0.2
_INTERRUPTED = 130
_COMPOSITING_T0 = 0.35
_SELFCHECK_S = 12.0

_ABOUT = """\
Paint coarse strokes on a photograph, say where it may change, and get photographs.

Without a command the window opens, with the given files or with a welcome picture."""

_EDIT = """\
Makes candidates of an edited photograph, without a window.

The strokes are a picture of the same size, transparent where nothing is painted; the mask is a
picture of the same size, white where the photograph may change, grey where it may change a little.
Outside the mask every pixel stays as it is. Without strokes the photograph itself is the guide;
without a mask all of it may change."""

_EDIT_EXAMPLES = """\
examples:
  sdedit-desktop edit --sample stream -o out
      four candidates of a bundled picture
  sdedit-desktop edit hill.jpg --strokes tree.png --mask where.png --t0 0.55 -n 8 -o out
      eight candidates, a little more realistic than faithful to the strokes
  sdedit-desktop edit hill.jpg --patch tree-cut-out.png --mask where.png -o out
      a pasted picture blended in
  sdedit-desktop edit hill.jpg --mask where.png --seed 17 -n 1 -o out
      candidate 17 again"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit code: 0 done, 2 a sentence on stderr, 130 stopped."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if not given or given[0] not in {*_COMMANDS, "-h", "--help", "--version"}:
        given.insert(0, "open")
    options = parser.parse_args(given)
    log.install()
    # Threads of the network that wait shall sleep, not spin: other programs want to run as well.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        return _COMMANDS[options.command](options)
    except AppError as error:
        print(f"sdedit-desktop: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Cancelled):
        print("\nStopped. Files that were finished stay.", file=sys.stderr)
        return _INTERRUPTED


class _Parser(argparse.ArgumentParser):
    """Complains in one sentence, as the rest of the program does."""

    def error(self, message: str) -> NoReturn:
        sentence = f"{message[0].upper()}{message[1:]}. '{self.prog} --help' explains."
        self.exit(2, f"sdedit-desktop: {sentence}\n")


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = _Parser("sdedit-desktop", description=_ABOUT, formatter_class=plain)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    window = commands.add_parser("open", help="open the window (the default)")
    window.add_argument("files", nargs="*", type=Path, metavar="FILE", help="photo or .ora to open")

    edit = commands.add_parser(
        "edit",
        help="edit a photograph without a window",
        description=_EDIT,
        epilog=_EDIT_EXAMPLES,
        formatter_class=plain,
    )
    _add_edit_arguments(edit)

    training = commands.add_parser(
        "train",
        help="make a model from a folder of photographs",
        description=train.ABOUT,
        formatter_class=plain,
    )
    train.add_train_arguments(training)

    evaluation = commands.add_parser(
        "evaluate",
        help="measure how good a model is",
        description=train.ABOUT_EVALUATION,
        formatter_class=plain,
    )
    train.add_evaluate_arguments(evaluation)

    _add_models_arguments(commands.add_parser("models", help="list, inspect and add models"))

    check = commands.add_parser("selfcheck", help="try everything once and print what is used")
    check.add_argument("--json", action="store_true", help="print for programs")
    check.add_argument(
        "--timeout",
        type=float,
        default=_SELFCHECK_S,
        metavar="SECONDS",
        help="how long the candidate may take (%(default)g)",
    )
    return parser


def _add_edit_arguments(edit: argparse.ArgumentParser) -> None:
    source = edit.add_mutually_exclusive_group(required=True)
    source.add_argument("photo", nargs="?", type=Path, metavar="PHOTO", help="the photograph")
    source.add_argument("--sample", metavar="NAME", help="a bundled picture, strokes and mask")
    painted = edit.add_mutually_exclusive_group()
    painted.add_argument("--strokes", type=Path, metavar="PNG", help="what is painted on it")
    painted.add_argument(
        "--patch", type=Path, metavar="PNG", help="a cut-out picture pasted on it, to be blended in"
    )
    edit.add_argument("--mask", type=Path, metavar="PNG", help="white = may change")
    edit.add_argument("--model", metavar="ID|PATH", help="see 'sdedit-desktop models'")
    edit.add_argument(
        "--t0",
        type=float,
        help="0 is faithful to the strokes, 1 is realistic; 0.3 to 0.6 is sane (default 0.5, "
        "with --patch 0.35)",
    )
    edit.add_argument(
        "--steps",
        type=int,
        default=EditParams.calls,
        metavar="N",
        help="network calls per candidate and repeat (default %(default)s)",
    )
    edit.add_argument("--solver", default=SOLVERS[0], help=f"one of {', '.join(SOLVERS)}")
    edit.add_argument(
        "--repeats", type=int, default=1, metavar="K", help="runs, each from the last result"
    )
    edit.add_argument(
        "--resamplings", type=int, default=1, metavar="N", help="make each step N times (default 1)"
    )
    edit.add_argument(
        "--colours",
        type=float,
        default=EditParams.colours,
        metavar="C",
        help="how strictly colours of large areas are kept, 0 to 1 (default %(default)g)",
    )
    edit.add_argument(
        "--no-clip", dest="clip", action="store_false", help="let the network leave the range"
    )
    edit.add_argument(
        "-n", dest="count", type=int, default=4, metavar="N", help="candidates (default 4)"
    )
    edit.add_argument("--seed", type=int, metavar="S", help="of the first candidate; else random")
    edit.add_argument("--device", choices=DEVICES, default="auto", help="where the network runs")
    edit.add_argument("--precision", choices=PRECISIONS, default=PRECISIONS[0])
    edit.add_argument(
        "-o", dest="folder", type=Path, required=True, metavar="DIR", help="where files go"
    )
    edit.add_argument("--json", action="store_true", help="print the record for programs")


def _add_models_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print for programs")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("list", help="what is found (the default)")
    inspect = verbs.add_parser(
        "inspect", help="what a file or folder is, and why not if it is none"
    )
    inspect.add_argument("path", type=Path, metavar="PATH")
    inspect.add_argument("--json", action="store_true", help="print for programs")
    add = verbs.add_parser("add", help="copy a model into your own models")
    add.add_argument("path", type=Path, metavar="PATH")


def _open(options: argparse.Namespace) -> int:
    from sdedit_desktop.app import run

    return run(options.files)


def _edit(options: argparse.Namespace) -> int:
    params = _params(options)
    params.check()
    from sdedit_desktop.editing import batch

    painted = options.strokes or options.patch
    if options.sample is not None:
        from sdedit_desktop.editing.samples import sample

        chosen = sample(options.sample)
        files = chosen.photo, painted or chosen.strokes, options.mask or chosen.mask
    else:
        files = options.photo, painted, options.mask
    material = batch.Material.open(*files)
    models.locate(params.model)
    folder = batch.writable(options.folder)

    from sdedit_desktop.editing.engine import TorchEngine

    engine = TorchEngine(device=options.device)
    bar = _ProgressBar()
    path = folder
    cancel = CancelToken()
    with on_interrupt(cancel.cancel):
        for message in batch.edit(material, params, engine, folder, cancel):
            match message:
                case Progress():
                    bar.show(message)
                case Note():
                    bar.say(message.text)
                case Path():
                    path = message
                    bar.say(f"{path}")
        cancel.check()
    if options.json:
        print(path.read_text(encoding="utf-8"), end="")
    return 0


def _params(options: argparse.Namespace) -> EditParams:
    if options.count < 1:
        raise ParameterError("The number of candidates must be at least 1, not {0}.", options.count)
    first = secrets.randbelow(2**31) if options.seed is None else options.seed
    return EditParams(
        model=options.model or models.default(),
        t0=_usual_t0(options) if options.t0 is None else options.t0,
        calls=options.steps,
        repeats=options.repeats,
        solver=options.solver,
        seeds=tuple(range(first, first + options.count)),
        precision=options.precision,
        resamplings=options.resamplings,
        colours=options.colours,
        clip=options.clip,
    )


def _usual_t0(options: argparse.Namespace) -> float:
    """What the paper uses for strokes, and for compositing, where the guide is a photograph."""
    return EditParams.t0 if options.patch is None else _COMPOSITING_T0


def _train(options: argparse.Namespace) -> int:
    show = _JsonLines().print if options.json_progress else _ProgressBar().show_training
    try:
        return train.run_train(options, show)
    except AppError as error:
        if options.json_progress:
            show(events.Failed(error.text.sentence, tuple(map(str, error.text.values))))
        raise


def _evaluate(options: argparse.Namespace) -> int:
    bar = _ProgressBar()

    def show(event: "EvaluationProgress | Path") -> None:
        if isinstance(event, Path):
            bar.say(f"{event}")
        else:
            bar.show(event)

    return train.run_evaluate(options, show)


def _models(options: argparse.Namespace) -> int:
    if options.verb == "inspect":
        from sdedit_desktop.editing.engine import TorchEngine, report_on

        _print(report_on(options.path, TorchEngine().device), options.json)
        return 0
    if options.verb == "add":
        from sdedit_desktop.editing.engine import facts_of

        facts_of(str(options.path), options.path)  # only what can be used is added
        print(models.add(options.path))
        return 0
    found = {name: str(path) for name, path in models.found().items()}
    _print(found, options.json)
    if not found:
        print(f"No models. Put one into {paths.user_models()}.", file=sys.stderr)
    return 0


def _print(values: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(values, indent=2))
        return
    width = max(map(len, values), default=0)
    for name, value in values.items():
        lines = value if isinstance(value, list) else [value]
        for index, line in enumerate(lines):
            print(f"{'' if index else name:{width}}  {line}")


def _selfcheck(options: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from sdedit_desktop.app import selfcheck

    report = selfcheck(options.timeout)
    _print(report, options.json)
    sys.stdout.flush()
    logging.shutdown()
    os._exit(2 if "error" in report else 0)  # a thread that hangs cannot keep the process


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "open": _open,
    "edit": _edit,
    "train": _train,
    "evaluate": _evaluate,
    "models": _models,
    "selfcheck": _selfcheck,
}


class _ProgressBar:
    """A line on stderr that is drawn over; only whole lines where stderr is not a terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def show(self, progress: "Progress | EvaluationProgress") -> None:
        """Draws how far an edit or an evaluation is."""
        filled = _BAR * progress.done // progress.total
        left = "" if progress.remaining_ms is None else _left(progress.remaining_ms / 1000)
        bar = "█" * filled + "·" * (_BAR - filled)
        self._draw(f"{bar} {progress.done}/{progress.total}{left}")

    def show_training(self, event: events.TrainingEvent) -> None:
        """Draws how a training goes; now and then as a line of its own."""
        match event:
            case events.Started():
                self.say(
                    f"{event.photographs} photographs, {event.held_out} kept apart; "
                    f"{event.parameters:,} parameters on {event.device}"
                )
            case events.Progress():
                left = "" if event.remaining_s is None else _left(event.remaining_s)
                line = f"step {event.step}  loss {event.loss:.4f}  {event.steps_per_s:.2f} steps/s"
                line += f"{left}{_left(event.next_save_s, 'to the next save')}"
                if event.step % _TRAINING_LINE == 0:
                    self.say(line)
                else:
                    self._draw(line)
            case events.Note():
                self.say(Text(event.sentence, *event.values))

    def say(self, text: str) -> None:
        """Prints a line and lets the bar begin below it."""
        print(f"\r\x1b[K{text}" if self._live else text, file=sys.stderr)

    def _draw(self, text: str) -> None:
        if self._live:
            print(f"\r{text}\x1b[K", end="", file=sys.stderr)


class _JsonLines:
    """What happens in a training, for other programs: a line each, few of them for steps."""

    def __init__(self) -> None:
        self._latest = 0.0

    def print(self, event: events.TrainingEvent) -> None:
        """Prints a line; of steps that follow one another quickly only some."""
        now = time.monotonic()
        if not isinstance(event, events.Progress) or now - self._latest > _JSON_STEP_S:
            print(events.to_line(event), flush=True)
            self._latest = now


def _left(seconds: float, until: str = "left") -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"  {minutes}:{rest:02} {until}"
