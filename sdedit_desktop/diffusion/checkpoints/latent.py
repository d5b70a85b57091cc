"""Latent models: a text-conditioned network, its autoencoder and its text encoders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card, LatentParts
from sdedit_desktop.diffusion.checkpoints.lora import UNET, merge
from sdedit_desktop.diffusion.checkpoints.model import Model, fill
from sdedit_desktop.diffusion.denoiser import Denoiser, Target, VPDenoiser
from sdedit_desktop.diffusion.interruption import Check
from sdedit_desktop.diffusion.networks.autoencoder import Autoencoder
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNet
from sdedit_desktop.diffusion.networks.text import TextEncoder
from sdedit_desktop.diffusion.prompt import (
    Conditioning,
    GuidedNetwork,
    Lora,
    Prompt,
    TokenRow,
    token_row,
)
from sdedit_desktop.diffusion.space import Latents
from sdedit_desktop.diffusion.tokens import Tokenizer
from sdedit_desktop.errors import ModelError

_SIZES = 6
"""Size conditioning of SDXL."""
_MOST_TEXTS = 8
"""Number of cached embedded texts."""


class EmbeddedText(NamedTuple):
    """An embedded text.

    Attributes:
        context: (1, length, width).
        pooled: (1, width), for networks that use it.
        cut: The truncated rest of the text.
    """

    context: Tensor
    pooled: Tensor | None
    cut: str


class TextReader:
    """Embeds texts. The encoders are loaded for a new text and then freed: they are large.

    Attributes:
        parts: What it is made of.
    """

    def __init__(self, card: Card, parts: LatentParts, device: torch.device) -> None:
        """Reads nothing yet."""
        self._card = card
        self.parts = parts
        self._device = device
        self._tokenizer: Tokenizer | None = None
        self._known: dict[str, EmbeddedText] = {}
        self._loras: tuple[Lora, ...] = ()

    def read(self, texts: Sequence[str], loras: Sequence[Lora] = ()) -> list[EmbeddedText]:
        """Embeds texts, in their order, by text encoders with these changes.

        Raises:
            ModelError: The text encoders are damaged or have another vocabulary, or a LoRA is for
                another model.
        """
        if tuple(loras) != self._loras:
            self._loras, self._known = tuple(loras), {}
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            encoders = [self.encoder(index) for index in range(len(self.parts.texts))]
            for index, encoder in enumerate(encoders):
                merge(encoder, f"text{index}", self._loras)
            fresh = {text: self._embed(encoders, text) for text in new}
            kept = list(self._known.items())[len(fresh) - _MOST_TEXTS :]
            self._known = dict(kept) | fresh
        return [self._known[text] for text in texts]

    def encoder(self, index: int) -> TextEncoder:
        """Loads one of the encoders, in float32."""
        with torch.device("meta"):
            encoder = TextEncoder(self.parts.texts[index])
        weights = self.parts.text_weights[index]()
        fill(encoder, self._card, weights, self._device, torch.float32)
        return encoder

    @torch.inference_mode()
    def _embed(self, encoders: Sequence[TextEncoder], text: str) -> EmbeddedText:
        rows = [self._row(encoder, text) for encoder in encoders]
        context, pooled = self._encoded(encoders, rows)
        weights = rows[0].weights.to(self._device)
        if (weights != 1).any():
            empty, _ = self._encoded(encoders, [self._row(encoder, "") for encoder in encoders])
            # What a word changes of an empty prompt, as many times as it weighs.
            context = empty + (context - empty) * weights[None, :, None]
        return EmbeddedText(context, pooled, rows[0].cut)

    def _row(self, encoder: TextEncoder, text: str) -> TokenRow:
        if self._tokenizer is None:
            self._tokenizer = self.parts.tokenizer()
        vocabulary = encoder.config.vocabulary
        if vocabulary != len(self._tokenizer.ids):
            raise ModelError(
                "{0} knows {1} tokens, but its vocabulary has {2}: the two do not belong together.",
                self._card.name,
                vocabulary,
                len(self._tokenizer.ids),
            )
        # OpenAI padded with the end mark, OpenCLIP with nothing, token 0.
        padding = self._tokenizer.end if encoder.config.quick else 0
        return token_row(self._tokenizer, text, padding=padding, length=encoder.config.length)

    def _encoded(
        self, encoders: Sequence[TextEncoder], rows: Sequence[TokenRow]
    ) -> tuple[Tensor, Tensor | None]:
        return embedded(encoders, [row.ids[None].to(self._device) for row in rows])


def embedded(
    encoders: Sequence[TextEncoder], ids: Sequence[Tensor]
) -> tuple[Tensor, Tensor | None]:
    """Context and pooled embedding of token ids, (1, length) for each encoder.

    One encoder gives its last states; two give those before their last layers, side by side, and
    the second's pooled text (Podell et al. 2023, section 2.1).
    """
    found = [encoder(row) for encoder, row in zip(encoders, ids, strict=True)]
    if len(found) == 1:
        return found[0].last, None
    return torch.cat([text.before_last for text in found], dim=-1), found[-1].pooled


@dataclass(frozen=True, eq=False)
class LatentModel(Model):
    """A text-conditioned latent model.

    Attributes:
        latents: Its latent space.
        texts: Embeds texts.
        changes: Applies LoRAs to its weights.
    """

    latents: Latents
    texts: TextReader
    changes: "WeightChanges"

    @property
    def space(self) -> Latents:
        """Its latent space."""
        return self.latents

    @property
    def unet(self) -> ConditionalUNet:
        """The network."""
        return cast(ConditionalUNet, self.network)

    def condition(self, prompt: Prompt, guide: Tensor, mask: Tensor) -> Conditioning:
        """Embeds the words; shows inpainting networks the mask and what surrounds it.

        Merges the LoRAs that the prompt names into the network; they stay until the next call.
        """
        self.changes.apply(prompt.loras)
        wanted, unwanted = self.texts.read([prompt.wanted, prompt.unwanted], prompt.loras)
        context, pooled, cut = wanted
        if prompt.guidance != 1:
            other, other_pooled = unwanted.context, unwanted.pooled
            if pooled is not None and other_pooled is not None and not prompt.unwanted:
                # SDXL was trained with zeros for an empty prompt.
                other, other_pooled = torch.zeros_like(other), torch.zeros_like(other_pooled)
            context = torch.cat([other, context])
            if pooled is not None and other_pooled is not None:
                pooled = torch.cat([other_pooled, pooled])
            cut = cut or unwanted.cut
        seen = None
        if self.card.inpaints:
            open_to_change = (mask > 0).to(guide)
            surroundings = self.latents.encode(guide * (1 - open_to_change))
            seen = torch.cat([self.latents.reduce(open_to_change), surroundings], dim=1)
        return Conditioning(context, pooled, prompt.guidance, cut, seen)

    def trial(self) -> tuple[tuple[int, ...], Conditioning]:
        """A small input for trials, and an embedding of no text."""
        side = self.trial_side // self.latents.factor
        draw = torch.Generator().manual_seed(1)
        config, last = self.unet.config, self.texts.parts.texts[-1]
        device = next(self.network.parameters()).device
        context = torch.randn(1, last.length, config.context, generator=draw).to(device)
        pooled = torch.randn(1, last.projection or last.width, generator=draw).to(device)
        seen = torch.zeros(1, config.in_channels - config.out_channels, side, side, device=device)
        conditioning = Conditioning(
            context,
            pooled if config.added is not None else None,
            guidance=1.0,
            seen=seen if self.card.inpaints else None,
        )
        return (1, config.out_channels, side, side), conditioning

    def denoiser(self, clip: bool = True, conditioning: Conditioning | None = None) -> Denoiser:
        """The network as samplers use it; latents are never clipped."""
        if conditioning is None:
            nothing = torch.zeros(1, 3, 1, 1)
            conditioning = self.condition(Prompt(guidance=1), nothing, nothing[:, :1])
        waves = 0
        if conditioning.pooled is not None and self.unet.config.added is not None:
            waves = (self.unet.config.added - conditioning.pooled.shape[1]) // _SIZES
        network = GuidedNetwork(self.unet, conditioning, self.latents.factor, waves)
        target = cast(Target, self.card.prediction)
        return VPDenoiser(network, self.schedule, target, dtype=self.dtype)


class WeightChanges:
    """LoRAs applied to a network's weights; they are reverted without reloading it."""

    def __init__(self, network: nn.Module, weights: Callable[[], Mapping[str, Tensor]]) -> None:
        """Starts without LoRAs.

        Args:
            network: Changed in place.
            weights: Its ``state_dict`` as it was; read where it was changed.
        """
        self._network = network
        self._weights = weights
        self._applied: tuple[Lora, ...] = ()
        self._changed: set[str] = set()

    def apply(self, loras: Sequence[Lora]) -> None:
        """Applies these LoRAs only.

        Raises:
            ModelError: One is damaged or for another model; then the network has none.
        """
        if tuple(loras) == self._applied:
            return
        self._take_back()
        try:
            self._changed = merge(self._network, UNET, loras)
        except ModelError:
            self._changed = {name for name, _ in self._network.named_parameters()}
            self._take_back()
            raise
        self._applied = tuple(loras)

    def _take_back(self) -> None:
        held = dict(self._network.named_parameters())
        original = self._weights() if self._changed else {}
        for name in self._changed:
            held[name].data.copy_(original[name])
        self._changed, self._applied = set(), ()


def build_latent(
    blueprint: Blueprint,
    parts: LatentParts,
    device: torch.device,
    dtype: torch.dtype,
    check: Check,
) -> LatentModel:
    """Builds, loads and places the network and its autoencoder; polls ``check`` in between.

    Raises:
        ModelError: The weights are not those of the networks.
    """
    card = blueprint.card
    with torch.device("meta"):
        network, autoencoder = blueprint.build(), Autoencoder(parts.autoencoder)
    fill(network, card, blueprint.weights(), device, dtype, check)
    fill(autoencoder, card, parts.autoencoder_weights(), device, torch.float32, check)
    latents = Latents(autoencoder, parts.scale)
    texts = TextReader(card, parts, device)
    changes = WeightChanges(network, blueprint.weights)
    return LatentModel(network, blueprint.schedule, card, dtype, latents, texts, changes)
