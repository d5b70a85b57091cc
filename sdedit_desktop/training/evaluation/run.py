"""An evaluation from start to end."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.devices import computes_in_bfloat16
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation import report
from sdedit_desktop.training.evaluation.cache import Array, Store, digest
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import Scene, Scenes, large_enough
from sdedit_desktop.training.evaluation.editors import Editor, ExemplarEditor, NetworkEditor
from sdedit_desktop.training.evaluation.inception import Inception, find_inception
from sdedit_desktop.training.evaluation.measures import Measured, deepest, measured
from sdedit_desktop.training.evaluation.report import Row
from sdedit_desktop.training.photographs import Pixels, find_photographs, shares_of_folders
from sdedit_desktop.training.recipe import to_pixels
from sdedit_desktop.training.trainer import single_threaded

MASKED_EDITS = 48
"""Pictures for each row of the table of edits inside masks, at most."""
_FEATURE_COST = 0.6
"""Cost of the features of one picture, in network calls."""
_CACHED_SCENES = 512
_STROKES = "strokes"


class Progress(NamedTuple):
    """Progress of an evaluation.

    Attributes:
        done: Work done, in network calls.
        total: All work.
        remaining_ms: Expected milliseconds left.
    """

    done: int
    total: int
    remaining_ms: float | None


def run(
    config: EvaluationConfig,
    stopped: Callable[[], bool] = lambda: False,
    exemplars: ExemplarEditor | None = None,
) -> Iterator[Progress | Path]:
    """Makes pictures, measures them and writes the report; if stopped, on what there is.

    Args:
        config: What to measure.
        stopped: Polled before each network call.
        exemplars: The model, if it is made of photographs; else ``config.model`` is opened.

    Yields:
        One ``Progress`` per picture, then the path of the report.

    Raises:
        AppError: The model or the photographs cannot be used, or a folder cannot be written.
    """
    end = time.monotonic() + 60 * (float("inf") if config.minutes is None else config.minutes)
    device = torch.device(config.device)
    opened = [path for path in (None if exemplars else config.model, config.against) if path]
    dtype = torch.bfloat16 if computes_in_bfloat16(device) else torch.float32
    networks = [NetworkEditor(open_model(path, device, dtype)) for path in opened]
    editors: list[Editor] = [exemplars, *networks] if exemplars else [*networks]
    network = find_inception(device)
    try:
        yield from Evaluation(
            config, editors, network, lambda: stopped() or time.monotonic() > end
        ).run()
    except OSError as error:
        raise FileFormatError(
            "{0} cannot be written: {1}.", error.filename or config.output, error.strerror
        ) from error


def rows_of(config: EvaluationConfig, editors: Sequence[Editor]) -> list[Row]:
    """All rows of the report; those of whole pictures, which only networks have, come first.

    Args:
        config: What to measure.
        editors: The model, then those that are measured on the same masks.
    """
    rows = []
    usual_t0 = min(config.t0s, key=lambda t0: abs(t0 - 0.5))
    model = editors[0]
    if isinstance(model, NetworkEditor):
        rows += [Row(name, False, config.crops) for name in ("photographs", _STROKES)]
        compared = {(t0, model.calls) for t0 in config.t0s}
        compared |= {(usual_t0, calls) for calls in config.calls}
        for t0, calls in sorted(compared):
            is_usual = (t0, calls) == (usual_t0, model.calls)
            count = config.crops if is_usual else max(4, config.crops // 2)
            rows.append(Row(f"t0 {t0:g}, {calls} calls", False, count, model, t0, calls))
    few = min(MASKED_EDITS, config.crops)
    rows += [Row(name, True, few) for name in ("photographs", _STROKES)]
    for editor in editors:
        for t0 in editor.masked_t0s:
            name = f"{editor.name}, t0 {t0:g}"
            rows.append(Row(name, True, few, editor, t0, editor.calls))
    return rows


class _Stopped(Exception):  # noqa: N818 - not an error
    """Raised inside an edit that is stopped."""


class Evaluation:
    """Makes the pictures of an evaluation and measures them; caches both."""

    def __init__(
        self,
        config: EvaluationConfig,
        editors: Sequence[Editor],
        network: Inception | None,
        stopped: Callable[[], bool],
    ) -> None:
        self._config, self._network, self._stopped = config, network, stopped
        self._store = Store(config.output / "work")
        self._guides, self._others = held_out_scenes(config)
        self._rows = rows_of(config, editors)
        self._references: dict[int, Array] = {}
        self._scene = lru_cache(_CACHED_SCENES)(self._make_scene)

    def run(self) -> Iterator[Progress | Path]:
        """Works on as many pictures at a time as the processor has cores, then reports."""
        tasks = self._tasks()
        total, done, began = sum(cost for cost, _ in tasks), 0.0, time.monotonic()
        with single_threaded(torch.device(self._config.device)) as (pool, _):
            finished = pool.map(lambda task: self._do(task[1]), tasks)
            for (cost, _), _ in zip(tasks, finished, strict=True):
                done += cost
                left_ms = 1000 * (time.monotonic() - began) / done * (total - done)
                yield Progress(round(done), round(total), left_ms)
        references = [features for _, features in sorted(self._references.items())]
        name = self._network.name if self._network else None
        yield report.write(self._config, self._rows, self._scene, references, name)

    def _tasks(self) -> list[tuple[float, Callable[[], None]]]:
        """The work and its cost in network calls: all rows' first pictures, their second, ..."""
        needs_references = self._network and not all(row.masked for row in self._rows)
        tasks: list[tuple[float, Callable[[], None]]] = []
        for index in range(self._config.crops):
            for row in self._rows:
                if index < row.count:
                    tasks.append((row.calls + 2 * _FEATURE_COST, partial(self._fill, row, index)))
            if needs_references:
                for other in (2 * index, 2 * index + 1):
                    tasks.append((_FEATURE_COST, partial(self._look_at, other)))
        return tasks

    def _do(self, task: Callable[[], None]) -> None:
        try:
            if not self._stopped():
                task()
        except _Stopped:
            return

    def _fill(self, row: Row, index: int) -> None:
        """Makes and measures a picture, unless it is cached."""
        scene = self._scene(row.masked, index)
        pixels = self._pixels(row, scene, index)
        key = self._network_key(pixels, *scene)
        values = self._store.get(key, lambda: measured(scene, pixels, self._network).as_array())
        row.made[index], row.measured[index] = pixels, Measured.of(values)

    def _pixels(self, row: Row, scene: Scene, index: int) -> Pixels:
        editor, seed = row.editor, self._config.seed + index
        if editor is None:
            return scene.guide if row.name == _STROKES else scene.photograph

        def make() -> Pixels:
            for state in editor.edit(scene, row.t0, row.calls, seed):
                z = state.z
                if self._stopped():
                    raise _Stopped
            pixels: Pixels = to_pixels(z)[0]
            return pixels

        key = digest(editor.key, row.t0, row.calls, seed, scene.guide, scene.mask)
        return self._store.get(key, make)

    def _look_at(self, index: int) -> None:
        """Features of a photograph that realism is measured against."""
        pixels, network = self._others.pixels(index), self._network
        assert network
        self._references[index] = self._store.get(
            self._network_key(pixels), lambda: deepest(network.maps(pixels[None]))
        )

    def _network_key(self, *parts: object) -> str:
        return digest(*parts, self._network.name if self._network else None)

    def _make_scene(self, masked: bool, index: int) -> Scene:
        return self._guides.scene(index, self._config.seed + index if masked else None)


def held_out_scenes(config: EvaluationConfig) -> tuple[Scenes, Scenes]:
    """Scenes for strokes and for comparison, out of photographs that were not trained on."""
    paths = large_enough(find_photographs(config.photographs, config.listing).held_out, config.size)
    chances = shares_of_folders(paths, config.photographs, config.shares)
    seeds = 2 * config.seed, 2 * config.seed + 1
    guides, references = (Scenes(paths, chances, config.size, seed) for seed in seeds)
    return guides, references
