"""Edits inside masks with photographs as the model, on the scenes and masks of networks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.diffusion.checkpoints import Model, open_model
from sdedit_desktop.diffusion.exemplars import Atlases, Exemplar, edit_in_levels
from sdedit_desktop.diffusion.exemplars.levels import DEFAULT_CALLS, DEFAULT_T0
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.recipes import edit
from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS as NETWORK_CALLS
from sdedit_desktop.diffusion.solvers import DEFAULT_SOLVER
from sdedit_desktop.training.evaluation.cache import Store, digest
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import (
    Mask,
    Scenes,
    painted_inside,
    random_mask,
    simulate_strokes,
)
from sdedit_desktop.training.evaluation.distances import l2, perceptual, seam
from sdedit_desktop.training.evaluation.inception import FeatureNetwork
from sdedit_desktop.training.evaluation.model_card import write_card
from sdedit_desktop.training.evaluation.tasks import Progress, Stop, Task, work
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.recipe import to_pixels, to_tensor

EDITS = 48
T0S = (DEFAULT_T0, 0.45)
NETWORK_T0 = 0.45
_TRIED, _AMBIGUOUS = 16, 20
_SHOWN_SIDE, _SHOWN_ACROSS = 160, 8


@dataclass(frozen=True)
class PhotographModel:
    """What is measured.

    Attributes:
        name: For people.
        choose: The further photographs that are used for a guide and a mask.
    """

    name: str
    choose: Callable[[Pixels, Mask], Sequence[Pixels]]


class Scene(NamedTuple):
    """A photograph, what is painted on it, and where it may change."""

    photograph: Pixels
    guide: Pixels
    mask: Mask


class Measured(NamedTuple):
    """What one picture measures, inside the mask unless told otherwise.

    Attributes:
        detail: Its finest detail, relative to the photograph's.
        seam: See ``distances.seam``.
        guide: Distance from what was painted, as in the paper.
        photograph: Distance from the photograph.
        features: See ``distances.perceptual``; NaN if nothing can see it.
        copied: Pixels of the largest piece that is copied, see ``largest_copy``.
        outside: Largest change outside, of 255.
    """

    detail: float
    seam: float
    guide: float
    photograph: float
    features: float
    copied: float
    outside: float


_Maker = Callable[[Scene, int], Iterator[State]]
"""Edits a scene with a seed."""


def run_masked(
    config: EvaluationConfig,
    model: PhotographModel,
    scenes: Scenes,
    network: FeatureNetwork | None,
    stop: Stop,
    against: Path | None = None,
) -> Iterator[Progress | Path]:
    """Makes, measures and reports; asked to stop, it reports on what there is.

    Args:
        config: How many scenes, of what size, and where everything goes.
        model: What is measured.
        scenes: Held-out scenes.
        network: What features are seen with.
        stop: Asked before each call.
        against: A network that is measured on the same scenes and masks.

    Yields:
        One ``Progress`` per picture, then where the card is.
    """
    device = torch.device(config.device)
    makers: dict[str, _Maker] = {
        f"{model.name}, t0 {t0:g}": partial(_with_photographs, model, t0, device) for t0 in T0S
    }
    if against is not None:
        opened = open_model(against, device)
        makers[f"{opened.card.name}, t0 {NETWORK_T0:g}"] = partial(_with_network, opened, device)
    known = [scene_of(scenes, index, config.seed) for index in range(min(EDITS, config.crops))]
    edits = _Edits(makers, known, Store(config.output / "masked"), config.seed, stop)
    yield from work(
        [
            Task(index, 1, partial(edits.make, name, index))
            for name in makers
            for index in range(len(known))
        ],
        device,
        stop,
    )
    rows: dict[str, list[Measured]] = {
        "photograph": [
            measured(scene, scene.photograph, None)._replace(features=0.0) for scene in known
        ],
        "strokes": [measured(scene, scene.guide, network) for scene in known],
    }
    shown: list[Pixels] = []
    for name in makers:
        found = edits.found(name)
        rows[name] = [measured(known[index], each, network) for index, each in found.items()]
        shown = shown or [each for i in found for each in (known[i].guide, found[i])]
    sheets = {"masked": sheet(shown)} if shown else {}
    yield write_card(config.card, section(rows, config, network), sheets)


class _Edits:
    """Makes edits of scenes, and finds those that were made."""

    def __init__(
        self,
        makers: Mapping[str, _Maker],
        scenes: Sequence[Scene],
        store: Store,
        seed: int,
        stop: Stop,
    ) -> None:
        self._makers, self._scenes, self._store = makers, scenes, store
        self._seed, self._stop = seed, stop

    def make(self, name: str, index: int) -> Pixels:
        """The edit of a scene, (H, W, 3); outside the mask it is the photograph."""
        scene = self._scenes[index]

        def made() -> Pixels:
            self._stop.check()
            z = to_tensor(scene.guide[None])
            for state in self._makers[name](scene, self._seed + index):
                self._stop.check()
                z = state.z
            return np.where(scene.mask[..., None] > 0, to_pixels(z)[0], scene.photograph)

        return self._store.picture(self._key(name, index), made)

    def found(self, name: str) -> dict[int, Pixels]:
        """What was made so far, by the scenes' index."""
        pictures = {
            index: self._store.find_picture(self._key(name, index))
            for index in range(len(self._scenes))
        }
        return {index: picture for index, picture in pictures.items() if picture is not None}

    def _key(self, name: str, index: int) -> str:
        return digest(name, self._seed + index, *self._scenes[index])


def scene_of(scenes: Scenes, index: int, seed: int) -> Scene:
    """The scene at ``index`` with the mask that networks are measured on."""
    photograph = scenes.scene(index)
    mask = random_mask(len(photograph), seed + index)
    return Scene(photograph, painted_inside(photograph, simulate_strokes(photograph), mask), mask)


def measured(scene: Scene, picture: Pixels, network: FeatureNetwork | None) -> Measured:
    """What a picture measures."""
    inside = scene.mask > 0
    distance = float("nan")
    if network is not None:
        here, there = (network.maps(each[None]) for each in (picture, scene.photograph))
        distance = perceptual(here, there, scene.mask)
    change = np.abs(picture.astype(int) - scene.photograph)[~inside]
    share = np.sqrt(1 / inside.mean())
    return Measured(
        np.sqrt(_fine(picture, inside) / max(_fine(scene.photograph, inside), 1e-9)),
        seam(picture, scene.photograph, scene.mask),
        share * l2(picture[None], np.where(inside[..., None], scene.guide, picture)[None]),
        share * l2(picture[None], np.where(inside[..., None], scene.photograph, picture)[None]),
        distance,
        largest_copy(picture, scene.photograph, inside),
        float(change.max(initial=0)),
    )


def largest_copy(picture: Pixels, photograph: Pixels, inside: NDArray[np.bool_]) -> int:
    """How many pixels the largest connected piece has that is the photograph, moved.

    Args:
        picture: (H, W, 3), edited inside the mask.
        photograph: (H, W, 3), of which patches outside the mask could be taken.
        inside: (H, W).
    """
    made, source = _packed(picture), _packed(photograph)
    height, width = made.shape
    keys, names = _corners(source, ~inside)
    order = np.argsort(keys)
    keys, names = keys[order], names[order]
    wanted, places = _corners(made, inside)
    first, last = (np.searchsorted(keys, wanted, side) for side in ("left", "right"))
    moves: list[NDArray[np.int64]] = []
    for count in range(_AMBIGUOUS):  # flat areas are everywhere and prove nothing
        hit = (last - first > count) & (last - first <= _AMBIGUOUS)
        moves.append(names[first[hit] + count] - places[hit])
    found, times = np.unique(np.concatenate(moves), return_counts=True)
    largest = 0
    rows, columns = np.indices(made.shape)
    for move in found[np.argsort(times)[::-1][:_TRIED]]:
        down = round(int(move) / width)
        right = int(move) - down * width
        y, x = rows + down, columns + right
        there = (y >= 0) & (y < height) & (x >= 0) & (x < width) & inside
        y, x = y.clip(0, height - 1), x.clip(0, width - 1)
        same = there & ~inside[y, x] & (made == source[y, x])
        largest = max(largest, _largest_piece(same))
    return largest


def section(
    rows: Mapping[str, Sequence[Measured]], config: EvaluationConfig, network: FeatureNetwork | None
) -> str:
    """What was measured, as Markdown."""
    lines = [
        "## Measured",
        "",
        f"With `sdedit-desktop evaluate`: {len(rows['strokes'])} held-out scenes of {config.size} "
        "px, a broad brush stroke of each made again from simulated strokes; all figures inside "
        f"the mask. Photographs: `ddpm`, {DEFAULT_CALLS} calls, no colours kept. Distances are the "
        "paper's, in proportion to the mask's size; features are those of "
        f"{network.name if network else 'no network, which was not to be had'}. Copied is the "
        "largest connected piece that is another part of the photo to the last bit, in pixels: "
        "its median and its largest. ± is a standard error.",
        "",
        "| | pictures | fine detail | seam | from the guide | from the photo | features | copied |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in rows.items():
        if each:
            table = np.array(each)
            means = table.mean(0)
            errors = table.std(0, ddof=1) / np.sqrt(len(table)) if len(table) > 1 else 0 * means
            detail, seams, guide, photo, seen = (
                f"{mean:.{digits}f} ± {error:.{digits}f}"
                for mean, error, digits in zip(means[:5], errors[:5], (2, 2, 1, 1, 3), strict=True)
            )
            copied = f"{np.median(table[:, 5]):.0f}, {table[:, 5].max():.0f}"
            lines.append(
                f"| {name} | {len(table)} | {detail} | {seams} | {guide} | {photo} | {seen} | "
                f"{copied} |"
            )
    outside = max(row.outside for each in rows.values() for row in each)
    lines += ["", f"Largest change outside the masks: {outside:g} of 255.", ""]
    lines += ["![What was painted, and what was made of it](masked.webp)", ""]
    return "\n".join(lines)


def sheet(pictures: Sequence[Pixels]) -> Image.Image:
    """Pictures in rows, small."""
    side, rows = _SHOWN_SIDE, -(-len(pictures) // _SHOWN_ACROSS)
    whole = Image.new("RGB", (side * min(len(pictures), _SHOWN_ACROSS), side * rows))
    for number, pixels in enumerate(pictures):
        small = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
        whole.paste(small, (number % _SHOWN_ACROSS * side, number // _SHOWN_ACROSS * side))
    return whole


def _with_photographs(
    model: PhotographModel, t0: float, device: torch.device, scene: Scene, seed: int
) -> Iterator[State]:
    others = model.choose(scene.guide, scene.mask)
    known = torch.from_numpy(scene.mask == 0).to(device)
    found = [Exemplar(to_tensor(scene.photograph[None])[0].to(device), known)]
    for each in others:
        picture = to_tensor(each[None])[0].to(device)
        scale = max(1.0, min(each.shape[:2]) / len(scene.mask))
        found.append(Exemplar(picture, torch.ones_like(picture[0], dtype=torch.bool), scale))
    guide = to_tensor(scene.guide[None]).to(device)
    mask = _mask(scene).to(device)
    return edit_in_levels(guide, mask, Atlases(found), t0=t0, noise=SeededNoise([seed]))


def _with_network(model: Model, device: torch.device, scene: Scene, seed: int) -> Iterator[State]:
    return edit(
        model,
        to_tensor(scene.guide[None]).to(device),
        _mask(scene).to(device),
        recipe=DEFAULT_SOLVER,
        t0=NETWORK_T0,
        calls=NETWORK_CALLS,
        noise=SeededNoise([seed]),
    )


def _mask(scene: Scene) -> torch.Tensor:
    return torch.from_numpy(scene.mask.astype(np.float32) / 255)[None, None]


def _fine(picture: Pixels, inside: NDArray[np.bool_]) -> float:
    values = picture.astype(np.float64)
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    difference = (values[1:-1, 1:-1] - around / 4) ** 2
    return float(difference[inside[1:-1, 1:-1]].mean())


def _packed(picture: Pixels) -> NDArray[np.int64]:
    values = picture.astype(np.int64)
    packed: NDArray[np.int64] = values[..., 0] << 16 | values[..., 1] << 8 | values[..., 2]
    return packed


def _corners(
    packed: NDArray[np.int64], where: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for each pixel with those to the right and below, and the pixels' places."""
    whole = where[:-1, :-1] & where[:-1, 1:] & where[1:, :-1]
    mixed = packed[:-1, :-1] * 1_000_003 + packed[:-1, 1:]
    mixed = mixed * 1_000_003 + packed[1:, :-1]
    places = np.arange(packed.size).reshape(packed.shape)[:-1, :-1]
    return mixed[whole], places[whole]


def _largest_piece(pixels: NDArray[np.bool_]) -> int:
    """Pixels of the largest connected piece."""
    left = {(int(y), int(x)) for y, x in zip(*pixels.nonzero(), strict=True)}
    largest = 0
    while left:
        edge, size = [left.pop()], 0
        while edge:
            y, x = edge.pop()
            size += 1
            for beside in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                if beside in left:
                    left.remove(beside)
                    edge.append(beside)
        largest = max(largest, size)
    return largest
