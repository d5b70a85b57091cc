"""An evaluation from start to end."""

from collections.abc import Iterator
from pathlib import Path

import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.devices import computes_in_bfloat16
from sdedit_desktop.diffusion.solvers import DEFAULT_SOLVER
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation.cache import Store
from sdedit_desktop.training.evaluation.config import EvaluationConfig, cases
from sdedit_desktop.training.evaluation.dataset import Scenes, large_enough
from sdedit_desktop.training.evaluation.figures import CAPTIONS, figures
from sdedit_desktop.training.evaluation.inception import find_inception
from sdedit_desktop.training.evaluation.masked_edits import PhotographModel, run_masked
from sdedit_desktop.training.evaluation.metrics import measure
from sdedit_desktop.training.evaluation.model_card import Facts, section, write_card
from sdedit_desktop.training.evaluation.runner import EvaluationRunner
from sdedit_desktop.training.evaluation.tasks import Progress, Stop, all_tasks, work
from sdedit_desktop.training.photographs import find_photographs, shares_of_folders

WORK = "work"


def run(config: EvaluationConfig, stop: Stop) -> Iterator[Progress | Path]:
    """Makes, measures and reports; asked to stop, it reports on what there is.

    Yields:
        One ``Progress`` per piece of work, then where the card is.

    Raises:
        AppError: The model or the photographs cannot be used, or a folder cannot be written.
    """
    device = torch.device(config.device)
    dtype = torch.bfloat16 if computes_in_bfloat16(device) else torch.float32
    model = open_model(config.model, device, dtype)
    network = find_inception(device)
    try:
        runner = EvaluationRunner(
            model, network, Store(config.output / WORK), _scenes(config), config.seed
        )
        planned = cases(config, model)
        yield from work(all_tasks(config, planned, runner, stop), device, stop)
        results = measure(config, planned, runner)
        facts = Facts(
            photographs=len(runner.guides.paths),
            size=config.size,
            network=network.name if network else None,
            dtype=str(dtype).removeprefix("torch."),
            solver=DEFAULT_SOLVER,
        )
        drawn = figures(planned, results, runner)
        text = section(config, planned, results, facts)
        shown = "\n".join(
            f"![{CAPTIONS[name]}]({name}.webp)\n\n{CAPTIONS[name]}\n" for name in drawn
        )
        yield write_card(config.card, f"{text}\n{shown}", drawn)
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", error.filename or config.output, error.strerror
        ) from error


def run_photographs(
    config: EvaluationConfig, model: PhotographModel, stop: Stop, against: Path | None = None
) -> Iterator[Progress | Path]:
    """The same for photographs as the model: edits inside masks, see ``masked_edits``.

    Yields:
        One ``Progress`` per piece of work, then where the card is.

    Raises:
        AppError: The photographs cannot be used, or a folder cannot be written.
    """
    network = find_inception(torch.device(config.device))
    try:
        guides = _scenes(config)[0]
        yield from run_masked(config, model, guides, network, stop, against)
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", error.filename or config.output, error.strerror
        ) from error


def _scenes(config: EvaluationConfig) -> tuple[Scenes, Scenes, Scenes]:
    """Scenes for strokes, for comparison, and from what was trained on."""
    split = find_photographs(config.photographs, config.listing)
    held_out = large_enough(split.held_out, config.size)
    found = []
    for seed, paths in enumerate((held_out, held_out, split.train)):
        chances = shares_of_folders(paths, config.photographs, config.shares)
        found.append(Scenes(paths, chances, config.size, 3 * config.seed + seed))
    guides, others, training = found
    return guides, others, training
