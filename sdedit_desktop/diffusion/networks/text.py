"""CLIP's text encoder (Radford et al. 2021): embeds token ids for text-conditioned networks.

Parameters carry the names of transformers' ``CLIPTextModel``, without the leading ``text_model.``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

_HEAD_CHANNELS = 64
"""Of every published encoder, whatever its width."""


@dataclass(frozen=True)
class TextEncoderConfig:
    """Configuration of a text encoder.

    Attributes:
        vocabulary: Number of tokens it knows.
        width: Width of the embedding.
        layers: Number of layers.
        inner: Width inside the feed-forward networks.
        length: Tokens of a text, with both marks and padding.
        quick: Whether GELU is approximated by ``x * sigmoid(1.702 x)``, as OpenAI did.
        projection: Width that the pooled text is projected to; None where it is not.
    """

    vocabulary: int
    width: int
    layers: int
    inner: int
    length: int = 77
    quick: bool = True
    projection: int | None = None


class TextEmbedding(NamedTuple):
    """An embedded text.

    Attributes:
        last: (N, length, width), the last layer's states, normalised.
        before_last: (N, length, width), the states before the last layer.
        pooled: (N, projection or width), the state at the end mark, projected.
    """

    last: Tensor
    before_last: Tensor
    pooled: Tensor


class TextEncoder(nn.Module):
    """Embeds token ids, with causal attention."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = nn.ModuleDict(
            {
                "token_embedding": nn.Embedding(config.vocabulary, config.width),
                "position_embedding": nn.Embedding(config.length, config.width),
            }
        )
        layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.encoder = nn.ModuleDict({"layers": layers})
        self.final_layer_norm = nn.LayerNorm(config.width)
        self.text_projection = (
            nn.Linear(config.width, config.projection, bias=False) if config.projection else None
        )

    def forward(self, ids: Tensor) -> TextEmbedding:
        """Embeds texts.

        Args:
            ids: (N, length) int64; the end mark has the largest id.
        """
        x = self.embeddings["token_embedding"](ids)
        places = torch.arange(ids.shape[1], device=ids.device)
        x = x + self.embeddings["position_embedding"](places)
        before = x
        for layer in self.encoder.get_submodule("layers").children():
            before, x = x, layer(x)
        last = self.final_layer_norm(x)
        pooled = last[torch.arange(len(ids), device=ids.device), ids.argmax(dim=1)]
        if self.text_projection is not None:
            pooled = self.text_projection(pooled)
        return TextEmbedding(last, before, pooled)


class Layer(nn.Module):
    """Causal self-attention and a feed-forward network."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        width = config.width
        self.quick, self.heads = config.quick, width // _HEAD_CHANNELS
        self.layer_norm1 = nn.LayerNorm(width)
        self.layer_norm2 = nn.LayerNorm(width)
        names = ("q_proj", "k_proj", "v_proj", "out_proj")
        self.self_attn = nn.ModuleDict({name: nn.Linear(width, width) for name in names})
        self.mlp = nn.ModuleDict(
            {"fc1": nn.Linear(width, config.inner), "fc2": nn.Linear(config.inner, width)}
        )

    def forward(self, x: Tensor) -> Tensor:
        """``x``: (N, length, width)."""
        n, length, width = x.shape
        hidden = self.layer_norm1(x)
        query, key, value = (
            self.self_attn[name](hidden).view(n, length, self.heads, -1).transpose(1, 2)
            for name in ("q_proj", "k_proj", "v_proj")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.self_attn["out_proj"](mixed.transpose(1, 2).reshape(n, length, width))
        hidden = self.mlp["fc1"](self.layer_norm2(x))
        hidden = hidden * (1.702 * hidden).sigmoid() if self.quick else functional.gelu(hidden)
        result: Tensor = x + self.mlp["fc2"](hidden)
        return result
