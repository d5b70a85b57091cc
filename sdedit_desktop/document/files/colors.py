"""Colours of one profile as those of another."""

import tempfile
from pathlib import Path

import numpy as np

from sdedit_desktop.document.files import codec
from sdedit_desktop.document.tiles import Pixels


def converted(pixels: Pixels, source: bytes | None, target: bytes | None) -> Pixels:
    """Pixels in the colours of another profile, to the nearest value of their depth.

    Args:
        pixels: Straight RGB or RGBA, (height, width, 3 or 4), uint8 or uint16.
        source: The profile they are in; ``None`` is sRGB.
        target: The profile that is wanted. With one that cannot be used nothing is changed.
    """
    if source == target:
        return pixels
    image = codec.to_vips(pixels, source)
    with tempfile.TemporaryDirectory() as folder:
        name = "srgb"
        if target is not None:
            name = str(Path(folder) / "target.icc")
            Path(name).write_bytes(target)
        try:
            changed = image.icc_transform(
                name,
                input_profile="srgb",
                embedded=source is not None,
                depth=8 * pixels.itemsize,
            )
            data = changed.write_to_memory()
        except codec.libvips().Error:
            return pixels
    result: Pixels = np.frombuffer(data, pixels.dtype).reshape(pixels.shape)
    return result
