"""An evaluation from start to end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.devices import computes_in_bfloat16
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation import report
from sdedit_desktop.training.evaluation.cache import Store, Values, digest
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import (
    Scenes,
    large_enough,
    painted_inside,
    random_mask,
    simulate_strokes,
)
from sdedit_desktop.training.evaluation.editors import (
    Editor,
    ExemplarEditor,
    NetworkEditor,
    Scene,
)
from sdedit_desktop.training.evaluation.inception import FeatureNetwork, features, find_inception
from sdedit_desktop.training.evaluation.masked_edits import Measured, measured
from sdedit_desktop.training.evaluation.tasks import Progress, Stop, Task, work
from sdedit_desktop.training.photographs import Pixels, find_photographs, shares_of_folders
from sdedit_desktop.training.recipe import to_pixels

MASKED_EDITS = 48
"""Pictures for each row of the table of edits inside masks, at most."""
_FEATURE_COST = 0.6
"""Cost of the features of one picture, in network calls."""
_CACHED_SCENES = 512


@dataclass(frozen=True)
class Case:
    """A row of the report: one way to edit, on a sequence of scenes.

    Attributes:
        name: Of the row.
        editor: What edits.
        masked: Whether strokes are painted inside a mask, or everywhere.
        t0: Strength.
        calls: Network calls.
        count: Pictures wanted.
    """

    name: str
    editor: Editor
    masked: bool
    t0: float
    calls: int
    count: int


def run(
    config: EvaluationConfig, stop: Stop, exemplars: ExemplarEditor | None = None
) -> Iterator[Progress | Path]:
    """Makes pictures, measures them and writes the report; if stopped, on what there is.

    Args:
        config: What to measure.
        stop: Polled before each network call.
        exemplars: The model, if it is made of photographs; else ``config.model`` is opened.

    Yields:
        One ``Progress`` per task, then the path of the card.

    Raises:
        AppError: The model or the photographs cannot be used, or a folder cannot be written.
    """
    device = torch.device(config.device)
    opened = [path for path in (None if exemplars else config.model, config.against) if path]
    dtype = torch.bfloat16 if computes_in_bfloat16(device) else torch.float32
    networks = [NetworkEditor(open_model(path, device, dtype)) for path in opened]
    editors: list[Editor] = [exemplars, *networks] if exemplars else [*networks]
    network = find_inception(device)
    try:
        evaluation = Evaluation(config, editors, network, stop)
        yield from work(evaluation.tasks(), device, stop)
        yield evaluation.write_report()
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", error.filename or config.output, error.strerror
        ) from error


def cases(config: EvaluationConfig, editors: Sequence[Editor]) -> list[Case]:
    """All rows of the report; those of whole pictures, which only networks have, come first.

    Args:
        config: What to measure.
        editors: The model, then those that are measured on the same masks.
    """
    found = []
    usual_t0 = min(config.t0s, key=lambda t0: abs(t0 - 0.5))
    half, few = max(4, config.crops // 2), min(MASKED_EDITS, config.crops)
    model = editors[0]
    if isinstance(model, NetworkEditor):
        whole = {(t0, model.calls) for t0 in config.t0s}
        whole |= {(usual_t0, calls) for calls in config.calls}
        for t0, calls in sorted(whole):
            count = config.crops if (t0, calls) == (usual_t0, model.calls) else half
            found.append(Case(f"t0 {t0:g}, {calls} calls", model, False, t0, calls, count))
    for editor in editors:
        for t0 in editor.masked_t0s:
            name = f"{editor.name}, t0 {t0:g}"
            found.append(Case(name, editor, True, t0, editor.calls, few))
    return found


class Evaluation:
    """Makes the pictures and features of an evaluation, and caches both.

    Attributes:
        guides: Held-out scenes that strokes are made from.
        references: Held-out scenes that realism is measured against.
        cases: See ``cases``.
    """

    def __init__(
        self,
        config: EvaluationConfig,
        editors: list[Editor],
        network: FeatureNetwork | None,
        stop: Stop,
    ) -> None:
        self._config, self._network, self._stop = config, network, stop
        self._store = Store(config.output / "work")
        self.guides, self.references = held_out_scenes(config)
        self.cases = cases(config, editors)
        self.scene = lru_cache(_CACHED_SCENES)(self._scene)

    def tasks(self) -> list[Task]:
        """All work: pictures and features of all rows, spread evenly over the time."""
        found = [
            task
            for case in self.cases
            for task in _spread(case.count, partial(self._edit, case), case.calls + _FEATURE_COST)
        ]
        if self._network and not all(case.masked for case in self.cases):
            count = self._config.crops
            found += _spread(count, self._see_guide, 2 * _FEATURE_COST)
            found += _spread(2 * count, self.reference, _FEATURE_COST)
        return found

    def write_report(self) -> Path:
        """Measures everything that was made, and writes the card."""
        made = {case: self._made(case) for case in self.cases}
        whole = {case: pictures for case, pictures in made.items() if not case.masked}
        masked = {case: pictures for case, pictures in made.items() if case.masked}
        texts: list[str] = []
        figures: dict[str, report.Figure | None] = {}
        name = self._network.name if self._network else None
        if whole:
            rows = self._rows({case.name: pictures for case, pictures in whole.items()})
            texts.append(report.whole_section(rows, self._config, len(self.guides.paths), name))
            figures["strengths"] = self._figure(whole)
        scenes = [self.scene(True, index) for index in range(max(case.count for case in masked))]
        measurements = {
            "photograph": [self._measured(scene, scene.photograph) for scene in scenes],
            "strokes": [self._measured(scene, scene.guide) for scene in scenes],
        }
        for case, pictures in masked.items():
            measurements[case.name] = [
                self._measured(scenes[index], pixels) for index, pixels in pictures.items()
            ]
        texts.append(report.masked_section(measurements, self._config.size, name))
        figures["masked"] = self._figure(masked)
        drawn = {name: figure for name, figure in figures.items() if figure}
        return report.write_card(self._config.card, "\n".join(texts), drawn)

    def reference(self, index: int) -> Values:
        """Features of a scene that realism is measured against, (C,)."""
        key = self._features_key(self.references.digest(index))
        return self._store.values(key, lambda: self._features(self.references.scene(index)))

    def edited(self, case: Case, index: int) -> Pixels:
        """The picture at ``index`` of a row, (H, W, 3); made unless it is cached."""
        scene = self.scene(case.masked, index)

        def make() -> Pixels:
            self._stop.check()
            for state in case.editor.edit(scene, case.t0, case.calls, self._seed(index)):
                z = state.z
                self._stop.check()
            pixels: Pixels = to_pixels(z)[0]
            return pixels

        return self._store.picture(self._key(case, index), make)

    def _scene(self, masked: bool, index: int) -> Scene:
        photograph = self.guides.scene(index)
        strokes = simulate_strokes(photograph)
        if not masked:
            return Scene(photograph, strokes, np.full(photograph.shape[:2], 255, np.uint8))
        mask = random_mask(len(photograph), self._seed(index))
        return Scene(photograph, painted_inside(photograph, strokes, mask), mask)

    def _edit(self, case: Case, index: int) -> None:
        pixels = self.edited(case, index)
        if case.masked:
            self._measured(self.scene(True, index), pixels)
        elif self._network:
            self._see(pixels)

    def _measured(self, scene: Scene, pixels: Pixels) -> Measured:
        def make() -> Values:
            return np.array(measured(scene, pixels, self._network), np.float32)

        key = self._features_key(digest("mask", pixels, *scene))
        return Measured(*map(float, self._store.values(key, make)))

    def _made(self, case: Case) -> dict[int, Pixels]:
        found = {
            index: self._store.find_picture(self._key(case, index)) for index in range(case.count)
        }
        return {index: pixels for index, pixels in found.items() if pixels is not None}

    def _rows(self, made: dict[str, dict[int, Pixels]]) -> dict[str, report.Row]:
        scenes = {index: self.scene(False, index) for index in range(self._config.crops)}
        made = {
            "the photographs themselves": {i: scene.photograph for i, scene in scenes.items()},
            "strokes": {i: scene.guide for i, scene in scenes.items()},
            **made,
        }
        keys = (self._features_key(self.references.digest(i)) for i in range(2 * len(scenes)))
        references = [each for key in keys if (each := self._store.find_values(key)) is not None]
        rows = {}
        for name, pictures in made.items():
            if pictures:
                keys = (self._features_key(digest(pixels)) for pixels in pictures.values())
                seen = [each for key in keys if (each := self._store.find_values(key)) is not None]
                used = [scenes[index] for index in pictures]
                rows[name] = report.row(list(pictures.values()), used, seen, references)
        return rows

    def _figure(self, made: dict[Case, dict[int, Pixels]]) -> report.Figure | None:
        """Photographs, guides and edits of scenes that all rows have, one row each."""
        common = set.intersection(*(set(pictures) for pictures in made.values()))
        shown = sorted(common)[: report.FIGURE_COLUMNS]
        if not shown:
            return None
        scenes = [self.scene(next(iter(made)).masked, index) for index in shown]
        return report.figure(
            ["photographs", "strokes", *(case.name for case in made)],
            [
                [scene.photograph for scene in scenes],
                [scene.guide for scene in scenes],
                *([pictures[index] for index in shown] for pictures in made.values()),
            ],
        )

    def _see_guide(self, index: int) -> None:
        for pixels in self.scene(False, index)[:2]:
            self._see(pixels)

    def _see(self, pixels: Pixels) -> Values:
        key = self._features_key(digest(pixels))
        return self._store.values(key, lambda: self._features(pixels))

    def _features(self, pixels: Pixels) -> Values:
        assert self._network
        found: Values = features(self._network, pixels[None])[0]
        return found

    def _features_key(self, name: str) -> str:
        return digest(name, self._network.name if self._network else None)

    def _key(self, case: Case, index: int) -> str:
        how = case.t0, case.calls, self._seed(index)
        return digest(case.editor.key, how, *self.scene(case.masked, index)[1:])

    def _seed(self, index: int) -> int:
        return self._config.seed + index


def _spread(count: int, do: Callable[[int], object], cost: float) -> Iterator[Task]:
    for index in range(count):
        yield Task((index + 0.5) / count, cost, partial(do, index))


def held_out_scenes(config: EvaluationConfig) -> tuple[Scenes, Scenes]:
    """Scenes for strokes and for comparison, out of photographs that were not trained on."""
    paths = large_enough(find_photographs(config.photographs, config.listing).held_out, config.size)
    chances = shares_of_folders(paths, config.photographs, config.shares)
    seeds = 2 * config.seed, 2 * config.seed + 1
    guides, references = (Scenes(paths, chances, config.size, seed) for seed in seeds)
    return guides, references
