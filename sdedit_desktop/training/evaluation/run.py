"""An evaluation from start to end."""

from collections.abc import Iterator
from pathlib import Path

import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.solvers import DEFAULT_SOLVER
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation.cache import Store
from sdedit_desktop.training.evaluation.config import Plan, cases
from sdedit_desktop.training.evaluation.dataset import Scenes, large_enough
from sdedit_desktop.training.evaluation.figures import CAPTIONS, figures
from sdedit_desktop.training.evaluation.inception import find_inception
from sdedit_desktop.training.evaluation.metrics import measure
from sdedit_desktop.training.evaluation.model_card import Facts, section, write_card
from sdedit_desktop.training.evaluation.runner import Bench
from sdedit_desktop.training.evaluation.tasks import Progress, Stop, all_tasks, work
from sdedit_desktop.training.photographs import find_photographs, shares_of_folders
from sdedit_desktop.training.trainer import computes_in_bfloat16

WORK = "work"


def run(plan: Plan, stop: Stop) -> Iterator[Progress | Path]:
    """Makes, measures and reports; asked to stop, it reports on what there is.

    Yields:
        One ``Progress`` per piece of work, then where the card is.

    Raises:
        AppError: The model or the photographs cannot be used, or a folder cannot be written.
    """
    device = torch.device(plan.device)
    dtype = torch.bfloat16 if computes_in_bfloat16(device) else torch.float32
    model = open_model(plan.model, device, dtype)
    network = find_inception(device)
    try:
        bench = Bench(model, network, Store(plan.output / WORK), _scenes(plan), plan.seed)
        planned = cases(plan, model)
        yield from work(all_tasks(plan, planned, bench, stop), device, stop)
        results = measure(plan, planned, bench)
        facts = Facts(
            photographs=len(bench.guides.paths),
            size=plan.size,
            network=network.name if network else None,
            dtype=str(dtype).removeprefix("torch."),
            solver=DEFAULT_SOLVER,
        )
        drawn = figures(planned, results, bench)
        text = section(plan, planned, results, facts)
        shown = "\n".join(
            f"![{CAPTIONS[name]}]({name}.webp)\n\n{CAPTIONS[name]}\n" for name in drawn
        )
        yield write_card(plan.card, f"{text}\n{shown}", drawn)
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", error.filename or plan.output, error.strerror
        ) from error


def _scenes(plan: Plan) -> tuple[Scenes, Scenes, Scenes]:
    """Scenes for strokes, for comparison, and from what was trained on."""
    split = find_photographs(plan.photographs, plan.listing)
    held_out = large_enough(split.held_out, plan.size)
    found = []
    for seed, paths in enumerate((held_out, held_out, split.train)):
        chances = shares_of_folders(paths, plan.photographs, plan.shares)
        found.append(Scenes(paths, chances, plan.size, 3 * plan.seed + seed))
    guides, others, training = found
    return guides, others, training
