"""``sdedit-desktop edit``: edits a photograph without a window."""

import argparse
import secrets
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sdedit_desktop.cli.interrupt import on_interrupt
from sdedit_desktop.cli.progress import ProgressBar
from sdedit_desktop.editing import banks, models, presets
from sdedit_desktop.editing.request import (
    AUTOMATIC,
    DETAILS,
    DEVICES,
    PRECISIONS,
    SOLVERS,
    CancelToken,
    EditParams,
    ModelFacts,
    Note,
    Progress,
)
from sdedit_desktop.errors import ParameterError

_COMPOSITING = 0.7
"""Ratio of the paper's t0 for compositing to that for strokes."""

ABOUT = """\
Makes candidates of an edited photograph, without a window.

The strokes are a picture of the same size, transparent where nothing is painted; the mask is a
picture of the same size, white where the photograph may change, grey where it may change a little.
Outside the mask every pixel stays as it is. Without strokes the photograph itself is the guide;
without a mask all of it may change, also where there are strokes, unlike in the window, which
keeps to the surroundings of the strokes."""

EXAMPLES = """\
examples:
  sdedit-desktop edit --sample stream -o out
      four candidates of a bundled picture
  sdedit-desktop edit hill.jpg --strokes tree.png --mask where.png --t0 0.55 -n 8 -o out
      eight candidates, a little more realistic than faithful to the strokes
  sdedit-desktop edit hill.jpg --patch tree-cut-out.png --mask where.png -o out
      a pasted picture blended in
  sdedit-desktop edit hill.jpg --mask where.png --seed 17 -n 1 -o out
      candidate 17 again"""


def add_edit_arguments(edit: argparse.ArgumentParser) -> None:
    """Adds the options of ``run_edit``."""
    source = edit.add_mutually_exclusive_group(required=True)
    source.add_argument("photo", nargs="?", type=Path, metavar="PHOTO", help="the photograph")
    source.add_argument("--sample", metavar="NAME", help="a bundled picture, strokes and mask")
    painted = edit.add_mutually_exclusive_group()
    painted.add_argument("--strokes", type=Path, metavar="PNG", help="what is painted on it")
    painted.add_argument(
        "--patch", type=Path, metavar="PNG", help="a cut-out picture pasted on it, to be blended in"
    )
    edit.add_argument("--mask", type=Path, metavar="PNG", help="white = may change")
    model = edit.add_mutually_exclusive_group()
    model.add_argument(
        "--model",
        metavar="ID|PATH",
        help="see 'sdedit-desktop models'; without it the photograph itself is the model",
    )
    model.add_argument(
        "--exemplars",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="photographs, or folders of them, to take textures from as well",
    )
    _add_words(edit)
    _add_sampling_arguments(edit)
    edit.add_argument(
        "-n", dest="count", type=int, default=4, metavar="N", help="candidates (default 4)"
    )
    edit.add_argument("--seed", type=int, metavar="S", help="of the first candidate; else random")
    edit.add_argument("--device", choices=DEVICES, default="auto", help="where the network runs")
    edit.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=PRECISIONS[0],
        help="auto (the default) is bf16 where the device is made for it and the model errs by "
        "less than 2 %% in it, else fp32; fp32 means no TF32 on cards",
    )
    edit.add_argument(
        "-o", dest="folder", type=Path, required=True, metavar="DIR", help="where files go"
    )
    edit.add_argument("--json", action="store_true", help="print the record for programs")


def _add_words(edit: argparse.ArgumentParser) -> None:
    words = edit.add_argument_group("words, for models that take them (Stable Diffusion)")
    words.add_argument(
        "--prompt",
        default=EditParams.prompt,
        metavar="WORDS",
        help="what shall be seen; (word:1.2) weighs more, <lora:NAME:0.8> adds a LoRA",
    )
    words.add_argument(
        "--negative-prompt",
        default=EditParams.negative_prompt,
        metavar="WORDS",
        help="what shall not be seen",
    )
    words.add_argument(
        "--guidance",
        type=float,
        default=EditParams.guidance,
        metavar="G",
        help="how strictly the words are followed; 1 is not at all exaggerated, and as fast again "
        "(default %(default)g)",
    )


def _add_sampling_arguments(edit: argparse.ArgumentParser) -> None:
    edit.add_argument(
        "--t0",
        type=float,
        help="0 is faithful to the strokes, 1 is realistic; 0.3 to 0.6 is sane (default 0.35 with "
        "photographs as the model, 0.25 with --patch; 0.5 and 0.35 with networks)",
    )
    edit.add_argument(
        "--steps",
        type=int,
        metavar="N",
        help="calls per candidate and repeat (default 12 with photographs as the model, else 16)",
    )
    edit.add_argument(
        "--solver",
        help=f"one of {', '.join(SOLVERS)} (default ddpm with photographs as the model, else "
        f"{SOLVERS[0]})",
    )
    edit.add_argument(
        "--detail",
        default=EditParams.detail,
        metavar="SIDE",
        help=f"up to which side in pixels photographs' detail is worked out: {', '.join(DETAILS)} "
        "(default %(default)s)",
    )
    edit.add_argument(
        "--repeats", type=int, default=1, metavar="K", help="runs, each from the last result"
    )
    edit.add_argument(
        "--resamplings", type=int, default=1, metavar="N", help="make each step N times (default 1)"
    )
    edit.add_argument(
        "--colours",
        type=float,
        default=EditParams.colours_kept,
        metavar="C",
        help="share of the drift of large areas' colours that is taken back, 0 to 1; at 1 all "
        "candidates have the same (default %(default)g)",
    )
    edit.add_argument(
        "--no-clip", dest="clip", action="store_false", help="let the network leave the range"
    )


def run_edit(options: argparse.Namespace) -> int:
    """Runs an edit; returns the exit code."""
    with TemporaryDirectory(prefix="sdedit-desktop-") as holder:
        return _edit_with(options, _exemplars_of(options, Path(holder)))


def _exemplars_of(options: argparse.Namespace, holder: Path) -> tuple[Path, ...]:
    """Makes a temporary model of the given photographs; returns their files."""
    given: list[Path] = []
    for path in options.exemplars or ():
        given += banks.pictures_in(path) if path.is_dir() else [path]
    if given:
        options.model = str(holder / "exemplars")
        banks.write(given, Path(options.model), "exemplars")
    return tuple(given)


def _edit_with(options: argparse.Namespace, exemplars: tuple[Path, ...]) -> int:
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
    material = replace(batch.Material.open(*files), exemplars=exemplars)
    models.locate(params.model)
    folder = batch.writable(options.folder)

    from sdedit_desktop.editing.engine import TorchEngine

    engine = TorchEngine(device=options.device)
    bar = ProgressBar()
    path = folder
    cancel = CancelToken()
    with on_interrupt(cancel.cancel):
        for message in batch.edit(material, params, engine, folder, cancel):
            match message:
                case Progress():
                    bar.show(message)
                case Note():
                    bar.say(message.text)
                case ModelFacts(card={"precision": precision}) if params.precision == AUTOMATIC:
                    bar.say(f"Numeric precision: {precision}")
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
    model = options.model or models.default()
    usual = presets.defaults(model)
    return EditParams(
        model=model,
        t0=_usual_t0(options, usual["t0"]) if options.t0 is None else options.t0,
        calls=usual["calls"] if options.steps is None else options.steps,
        repeats=options.repeats,
        solver=options.solver or usual["solver"],
        seeds=tuple(range(first, first + options.count)),
        precision=options.precision,
        resamplings=options.resamplings,
        colours_kept=options.colours,
        clip=options.clip,
        detail=options.detail,
        prompt=options.prompt,
        negative_prompt=options.negative_prompt,
        guidance=options.guidance,
    )


def _usual_t0(options: argparse.Namespace, usual: float) -> float:
    """The paper's t0 for strokes, or for compositing if the guide is a photograph."""
    return usual if options.patch is None else _COMPOSITING * usual
