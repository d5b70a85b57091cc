"""NCSN++, DDPM++ and DDPM of score_sde, against the same networks written out plainly.

The oracle below runs the published list of modules from the first to the last, making up weights
on the way; what it has made up is then saved as that project saves it, and opened.
"""

import math
from dataclasses import dataclass

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.networks.ncsnpp import Enlarge, Shrink


@dataclass(frozen=True)
class Variant:
    """A configuration in the project's own words."""

    fourier: bool = True
    progressive: str = "output_skip"
    progressive_input: str = "input_skip"
    combine: str = "sum"
    biggan: bool = True
    fir: bool = True
    skip_rescale: bool = True
    groups: int | None = None


VARIANTS = {
    "NCSN++ of 256 pixels": Variant(),
    "joined side by side": Variant(combine="cat"),
    "NCSN++ of CIFAR-10": Variant(progressive="none", progressive_input="residual"),
    "residual both ways": Variant(progressive="residual", progressive_input="residual"),
    "gathered only": Variant(progressive_input="none"),
    "NCSN++ in VP": Variant(fourier=False, progressive="none", progressive_input="residual"),
    "DDPM++": Variant(fourier=False, progressive="none", progressive_input="none", fir=False),
    "DDPM": Variant(
        fourier=False,
        progressive="none",
        progressive_input="none",
        biggan=False,
        fir=False,
        skip_rescale=False,
        groups=32,
    ),
}
WIDTH, MULTIPLES, BLOCKS, ATTENDS = 32, (1, 2, 2), 2, (False, True, False)


class Plain:
    """The published forward pass, one module after the other."""

    def __init__(self, variant, seed=0):
        self.variant = variant
        self.state = {}
        self._index = -1
        self._generator = torch.Generator().manual_seed(seed)

    def __call__(self, x, labels):
        v = self.variant
        if v.fourier:
            waves = labels.log()[:, None] * self.new(W=(WIDTH,))["W"] * 2 * math.pi
            x = 2 * x - 1
        else:
            rates = torch.exp(torch.arange(WIDTH // 2) * -(math.log(10000) / (WIDTH // 2 - 1)))
            waves = labels[:, None] * rates
        time = self.linear(torch.cat([waves.sin(), waves.cos()], 1), 4 * WIDTH)
        time = self.linear(F.silu(time), 4 * WIDTH)
        pyramid = x
        skips = [self.convolution(x, WIDTH)]
        for level, multiple in enumerate(MULTIPLES):
            for _ in range(BLOCKS):
                h = self.block(skips[-1], time, WIDTH * multiple)
                skips.append(self.attention(h) if ATTENDS[level] else h)
            if level < len(MULTIPLES) - 1:
                h = self.resample(skips[-1], time, "down")
                if v.progressive_input == "input_skip":
                    pyramid = self.down(pyramid)
                    p = self.new(Conv_0=(h.shape[1], 3, 1, 1))
                    joined = F.conv2d(pyramid, p["Conv_0.weight"], p["Conv_0.bias"])
                    h = torch.cat([joined, h], 1) if v.combine == "cat" else joined + h
                elif v.progressive_input == "residual":
                    h = pyramid = self.sum(self.strided(pyramid, h.shape[1]), h)
                skips.append(h)
        h = self.attention(self.block(skips[-1], time, skips[-1].shape[1]))
        h = self.block(h, time, h.shape[1])
        pyramid = None
        for level in reversed(range(len(MULTIPLES))):
            for _ in range(BLOCKS + 1):
                h = self.block(torch.cat([h, skips.pop()], 1), time, WIDTH * MULTIPLES[level])
            h = self.attention(h) if ATTENDS[level] else h
            h, pyramid = self.gather(h, pyramid)
            h = self.resample(h, time, "up") if level else h
        if v.progressive != "output_skip":
            pyramid = self.convolution(F.silu(self.norm(h)), 3)
        return pyramid / labels[:, None, None, None] if v.fourier else pyramid

    def gather(self, h, pyramid):
        if self.variant.progressive == "none":
            return h, None
        channels = 3 if self.variant.progressive == "output_skip" else h.shape[1]
        if pyramid is None:
            return h, self.convolution(F.silu(self.norm(h)), channels)
        if self.variant.progressive == "output_skip":
            pyramid = self.up(pyramid)
            return h, pyramid + self.convolution(F.silu(self.norm(h)), channels)
        h = self.sum(self.widened(pyramid, channels), h)
        return h, h

    def new(self, **shapes):
        """Makes up the weights of the next module of the list."""
        self._index += 1
        made = {}
        for name, shape in shapes.items():
            if name == "W":
                made[name] = self.random(shape)
            elif len(shape) == 1:
                made |= {
                    f"{name}.weight": 1 + self.random(shape),
                    f"{name}.bias": self.random(shape),
                }
            elif name.startswith("NIN"):
                made |= {f"{name}.W": self.random(shape), f"{name}.b": self.random(shape[1:])}
            else:
                made |= {
                    f"{name}.weight": self.random(shape),
                    f"{name}.bias": self.random(shape[:1]),
                }
        for name, value in made.items():
            self.state[f"module.all_modules.{self._index}.{name}"] = value
        return made

    def random(self, shape):
        return torch.randn(shape, generator=self._generator) / math.sqrt(math.prod(shape[1:]) * 4)

    def bare(self, shape):
        """Weights of a module that is itself a layer: no inner name."""
        self._index += 1
        weight = self.random(shape) + (1 if len(shape) == 1 else 0)
        made = {"weight": weight, "bias": self.random(shape[:1])}
        self.state |= {f"module.all_modules.{self._index}.{n}": v for n, v in made.items()}
        return made["weight"], made["bias"]

    def linear(self, x, outputs):
        return F.linear(x, *self.bare((outputs, x.shape[1])))

    def convolution(self, x, outputs):
        return F.conv2d(x, *self.bare((outputs, x.shape[1], 3, 3)), padding=1)

    def norm(self, x):
        return F.group_norm(x, self.groups(x), *self.bare((x.shape[1],)), eps=1e-6)

    def groups(self, x):
        return self.variant.groups or min(x.shape[1] // 4, 32)

    def sum(self, one, other):
        return (one + other) / (math.sqrt(2) if self.variant.skip_rescale else 1)

    def block(self, x, time, outputs, way=None):
        inputs = x.shape[1]
        shortcut = {}
        if inputs != outputs or way:
            shortcut = {"Conv_2": (outputs, inputs, 1, 1)}
            if not self.variant.biggan:
                shortcut = {"NIN_0": (inputs, outputs)}
        p = self.new(
            GroupNorm_0=(inputs,),
            Conv_0=(outputs, inputs, 3, 3),
            Dense_0=(outputs, time.shape[1]),
            GroupNorm_1=(outputs,),
            Conv_1=(outputs, outputs, 3, 3),
            **shortcut,
        )
        h = F.silu(
            F.group_norm(x, self.groups(x), p["GroupNorm_0.weight"], p["GroupNorm_0.bias"], 1e-6)
        )
        if way:
            h, x = (self.down(h), self.down(x)) if way == "down" else (self.up(h), self.up(x))
        h = F.conv2d(h, p["Conv_0.weight"], p["Conv_0.bias"], padding=1)
        h = h + F.linear(F.silu(time), p["Dense_0.weight"], p["Dense_0.bias"])[:, :, None, None]
        h = F.group_norm(h, self.groups(h), p["GroupNorm_1.weight"], p["GroupNorm_1.bias"], 1e-6)
        h = F.conv2d(F.silu(h), p["Conv_1.weight"], p["Conv_1.bias"], padding=1)
        if "Conv_2" in shortcut:
            x = F.conv2d(x, p["Conv_2.weight"], p["Conv_2.bias"])
        elif "NIN_0" in shortcut:
            x = torch.einsum("nihw,io->nohw", x, p["NIN_0.W"]) + p["NIN_0.b"][:, None, None]
        return self.sum(x, h)

    def attention(self, x):
        n, channels, height, width = x.shape
        square = (channels, channels)
        p = self.new(
            GroupNorm_0=(channels,), NIN_0=square, NIN_1=square, NIN_2=square, NIN_3=square
        )
        h = F.group_norm(x, self.groups(x), p["GroupNorm_0.weight"], p["GroupNorm_0.bias"], 1e-6)
        pixels = h.flatten(2).transpose(1, 2)
        q, k, v = (pixels @ p[f"NIN_{i}.W"] + p[f"NIN_{i}.b"] for i in range(3))
        mixed = (q @ k.transpose(1, 2) / math.sqrt(channels)).softmax(-1) @ v
        mixed = mixed @ p["NIN_3.W"] + p["NIN_3.b"]
        return self.sum(x, mixed.transpose(1, 2).reshape(n, channels, height, width))

    def resample(self, x, time, way):
        if self.variant.biggan:
            return self.block(x, time, x.shape[1], way)
        return self.strided(x, x.shape[1]) if way == "down" else self.widened(x, x.shape[1])

    def strided(self, x, outputs):
        name = "Conv2d_0" if self.variant.fir else "Conv_0"
        p = self.new(**{name: (outputs, x.shape[1], 3, 3)})
        x = smooth(F.pad(x, (2, 2, 2, 2))) if self.variant.fir else F.pad(x, (0, 1, 0, 1))
        return F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"], stride=2)

    def widened(self, x, outputs):
        name = "Conv2d_0" if self.variant.fir else "Conv_0"
        p = self.new(**{name: (outputs, x.shape[1], 3, 3)})
        if not self.variant.fir:
            x = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
            return F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"], padding=1)
        x = F.pad(spread(x)[..., :-1, :-1], (2, 2, 2, 2))
        x = F.conv2d(x, p[f"{name}.weight"])
        return 4 * smooth(F.pad(x, (1, 1, 1, 1))) + p[f"{name}.bias"][:, None, None]

    def down(self, x):
        if self.variant.fir:
            return smooth(F.pad(x, (1, 1, 1, 1)))[..., ::2, ::2]
        return F.avg_pool2d(x, 2)

    def up(self, x):
        if self.variant.fir:
            return 4 * smooth(F.pad(spread(x), (2, 1, 2, 1)))
        return x.repeat_interleave(2, 2).repeat_interleave(2, 3)


def smooth(x):
    """Filters with [1, 3, 3, 1] / 8 both ways, without padding."""
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    for dim in (2, 3):
        x = (x.unfold(dim, 4, 1) * taps).sum(-1)
    return x


def spread(x):
    """Doubles height and width by putting zeros between pixels."""
    wide = x.new_zeros(*x.shape[:2], 2 * x.shape[2], 2 * x.shape[3])
    wide[..., ::2, ::2] = x
    return wide


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_is_recognised_and_gives_the_published_numbers(tmp_path, name):
    variant = VARIANTS[name]
    plain = Plain(variant)
    x = torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([0.7, 30.0]) if variant.fourier else torch.tensor([3.0, 500.0])
    wanted = plain(x, labels)
    sigmas = torch.logspace(math.log10(50), -2, 10, dtype=torch.float64)
    trained = [v for n, v in plain.state.items() if not n.endswith("modules.0.W")]
    spoilt = {n: v if n.endswith("modules.0.W") else v + 1 for n, v in plain.state.items()}
    whole = {
        "optimizer": {},
        "model": {"module.sigmas": sigmas} | spoilt,
        "ema": {"decay": 0.999, "num_updates": 10, "shadow_params": trained},
        "step": 100,
    }
    torch.save(whole, tmp_path / "checkpoint_8.pth")
    model = open_model(tmp_path / "checkpoint_8.pth")
    assert model.card.family == (
        "NCSN++" if variant.fourier else name.replace("NCSN++ in VP", "DDPM++")
    )
    assert model.card.ema is True
    with torch.inference_mode():
        found = model.network(x, labels)
    assert (found - wanted).abs().max() < 2e-5 * wanted.abs().max()


@pytest.mark.parametrize("filtered", [True, False])
def test_resampling_convolutions_are_those_of_diffusers(filtered):
    from diffusers.models.downsampling import FirDownsample2D  # slow to import
    from diffusers.models.upsampling import FirUpsample2D

    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    for ours, theirs in (
        (Shrink(4, 6, filtered), FirDownsample2D(4, 6, use_conv=True)),
        (Enlarge(4, 6, filtered), FirUpsample2D(4, 6, use_conv=True)),
    ):
        theirs.Conv2d_0.load_state_dict(ours.conv.state_dict())
        close = torch.allclose(ours(x), theirs(x), atol=1e-5)
        assert close == filtered
