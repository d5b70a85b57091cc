"""Edits inside masks as the program pastes them: what a user gets of the pictures of ``evaluate``.

Not a test: ``python tests/benchmarks/bench_pasted.py MODEL FOLDER --list CSV -o OUT``, with what
was given to ``sdedit-desktop evaluate``, whose pictures in OUT are used again. Prints seams before
and after pasting, and the distance of KID from that of the photographs as a share of the strokes'.
Strokes reach the mask's edge, or with ``--room`` end so many pixels before it. One thread.
"""

import argparse
import functools
import math
from pathlib import Path

import numpy as np
import torch

from sdedit_desktop.cli.evaluate import _exemplar_editor
from sdedit_desktop.cli.train import share_of_folder
from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.editing import banks, models
from sdedit_desktop.editing.regions.feather import _distance, feather
from sdedit_desktop.editing.regions.region import paste
from sdedit_desktop.editing.sampling.photographs import FADE
from sdedit_desktop.training.evaluation.cache import Store, digest
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.distances import seam
from sdedit_desktop.training.evaluation.editors import NetworkEditor
from sdedit_desktop.training.evaluation.inception import find_inception
from sdedit_desktop.training.evaluation.kid import kid
from sdedit_desktop.training.evaluation.measures import deepest
from sdedit_desktop.training.evaluation.run import MASKED_EDITS, held_out_scenes
from sdedit_desktop.training.recipe import to_pixels

say = functools.partial(print, flush=True)


def mean(values):
    return f"{np.mean(values):.3f} ± {np.std(values, ddof=1) / len(values) ** 0.5:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--list", type=Path, dest="listing")
    parser.add_argument("--share", type=share_of_folder, action="append", default=[])
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--room", type=int, default=0, metavar="PX")
    parser.add_argument("--scenes", type=int, default=MASKED_EDITS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    devices.keep_freed_memory()
    path = models.locate(options.model)
    config = EvaluationConfig(
        path,
        options.photographs,
        options.output,
        listing=options.listing,
        shares=dict(options.share),
    )
    guides, others = held_out_scenes(config)
    network, store = find_inception(torch.device("cpu")), Store(options.output / "work")
    is_bank = banks.is_bank(path)
    editor = _exemplar_editor(path, config.device) if is_bank else NetworkEditor(open_model(path))
    fade = FADE if is_bank else math.inf

    def scene_at(index):
        scene = guides.scene(index, index)
        if not options.room:
            return scene
        near = _distance(scene.mask > 0, options.room + 1) <= options.room
        guide = np.where(near[..., None], scene.photograph, scene.guide)
        return scene._replace(guide=guide)

    scenes = [scene_at(index) for index in range(options.scenes)]

    def made(index, t0):
        def make():
            for state in editor.edit(scenes[index], t0, editor.calls, index):
                z = state.z
            return to_pixels(z)[0]

        scene = scenes[index]
        key = digest(editor.key, t0, editor.calls, index, scene.guide, scene.mask)
        return np.where(scene.mask[..., None] > 0, store.get(key, make), scene.photograph)

    def realism(pictures):
        """KID against other photographs."""

        def features(pixels):
            return deepest(network.maps(pixels[None]))

        seen = [
            store.get(digest(each, network.name), lambda each=each: features(each))
            for each in pictures
        ]
        return kid(np.stack(seen), references).mean

    pictures = [others.pixels(index) for index in range(2 * options.scenes)]
    references = np.stack([deepest(network.maps(each[None])) for each in pictures])
    photographs = realism([scene.photograph for scene in scenes])
    strokes = realism([scene.guide for scene in scenes])
    say(f"KID: photographs {photographs:.4f}, strokes {strokes:.4f}")
    for t0 in editor.masked_t0s:
        edited = [made(index, t0) for index in range(options.scenes)]
        pasted = [
            paste(scene.photograph, each, feather(scene.mask, fade))
            for scene, each in zip(scenes, edited, strict=True)
        ]
        before, after = (
            [
                seam(each, scene.photograph, scene.mask)
                for each, scene in zip(found, scenes, strict=True)
            ]
            for found in (edited, pasted)
        )
        distance = realism(pasted)
        share = (distance - photographs) / (strokes - photographs)
        say(
            f"t0 {t0:g}, {len(scenes)} edits: seam {mean(before)}, after pasting {mean(after)}; "
            f"KID {distance:.4f}, {100 * share:.0f} % of the strokes' distance"
        )


if __name__ == "__main__":
    main()
