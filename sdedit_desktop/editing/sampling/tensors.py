"""Conversion of regions to tensors, and of tensors to pictures."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from sdedit_desktop.editing.regions.region import Picture, Region


def guide_of(region: Region, device: torch.device, count: int) -> Tensor:
    """The guide of a region, repeated for all samples: (count, 3, H, W) in [-1, 1]."""
    return to_tensor(region.guide).to(device).expand(count, -1, -1, -1)


def mask_of(region: Region, device: torch.device) -> Tensor:
    """(1, 1, H, W) in [0, 1], 1 = may change."""
    return torch.from_numpy(region.mask).to(device)[None, None]


def to_tensor(picture: Picture) -> Tensor:
    """(H, W, 3) in [0, 1] to (1, 3, H, W) float32 in [-1, 1]."""
    return torch.from_numpy(picture).permute(2, 0, 1)[None] * 2 - 1


def to_pictures(images: Tensor) -> Iterator[Picture]:
    """(N, 3, H, W) in [-1, 1] to N times (H, W, 3) float32 in about [0, 1]."""
    for image in ((images.float() + 1) / 2).permute(0, 2, 3, 1).cpu().numpy():
        yield np.ascontiguousarray(image)
