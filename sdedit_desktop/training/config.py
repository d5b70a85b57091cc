"""Options of a training."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sdedit_desktop.training.recipe import Recipe

CHANNELS = (32, 64, 96, 160, 224)


@dataclass(frozen=True)
class TrainingConfig:
    """Options of a training.

    Attributes:
        photographs: Folder of photographs; folders below it count.
        output: Folder of the model, and of ``training/`` with all that is needed to resume.
        recipe: How to train.
        listing: Which photographs to take; see ``find_photographs``.
        shares: How often to draw from which subfolder; see ``shares_of_folders``.
        channels: Width of each level of a new network.
        start_from: A model to fine-tune; None for a new one.
        resume: Go on with the training in ``output``.
        minutes: When to stop; None for never.
        sample_size: Size of pictures the finished model is used at, in pixels; None for that of
            the model it began with, and for a new one ``NEW_MODELS_SIZE``.
        save_every_s: Seconds between saves.
        sheet_every_s: Seconds between sample sheets.
        device: Where to train.
        memory_bytes: What decoded photographs may take; None for ``spare_memory_bytes``.
    """

    photographs: Path
    output: Path
    recipe: Recipe = field(default_factory=Recipe)
    listing: Path | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    channels: tuple[int, ...] = CHANNELS
    start_from: Path | None = None
    resume: bool = False
    minutes: float | None = None
    sample_size: int | None = None
    save_every_s: float = 180
    sheet_every_s: float = 600
    device: str = "cpu"
    memory_bytes: int | None = None


def spare_memory_bytes() -> int:
    """An eighth of this machine's memory; 1 GiB where it does not tell."""
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8
    return 1 << 30
