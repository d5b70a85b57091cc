"""The library that decodes pictures, and how it makes RGB of them."""

from __future__ import annotations

import os
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from sdedit_desktop.document.files import profiles

if TYPE_CHECKING:
    import pyvips


@cache
def libvips() -> ModuleType:
    """Loads libvips on first use, without its untrusted readers and without its cache."""
    import pyvips

    # Only the readers that are made to withstand hostile files.
    pyvips.block_untrusted_set(True)
    # Nothing is computed twice here: a cache would only hold memory.
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(max(1, (os.cpu_count() or 2) - 1))
    module: ModuleType = pyvips
    return module


class Rgb(NamedTuple):
    """A picture in RGB or RGBA of 8 or 16 bits.

    Attributes:
        image: Its pixels.
        icc: The profile of its colours; ``None`` is sRGB.
        lost: The name of the colour space that it had, if its numbers could not be kept.
        grey: If it was grey and its numbers are kept, its profile, empty without one.
    """

    image: pyvips.Image
    icc: bytes | None
    lost: str
    grey: bytes | None


def profile_of(image: pyvips.Image) -> bytes | None:
    """The profile that an image has."""
    return image.get("icc-profile-data") if image.get_typeof("icc-profile-data") else None


def as_rgb(image: pyvips.Image) -> Rgb:
    """Converts to RGB: profiles of RGB are kept, so are the numbers of grey; others are applied."""
    depth = 16 if image.format in ("ushort", "short") else 8
    profile, lost, grey = profile_of(image), "", None
    if image.interpretation in ("srgb", "rgb16", "rgb"):
        if profile is not None and profile[16:20] != b"RGB ":
            profile = None
    else:
        lost = {"cmyk": "CMYK", "lab": "Lab", "labs": "Lab"}.get(image.interpretation, "")
        curves = None if profile is None else profiles.rgb_of_grey(profile)
        is_grey = image.interpretation in ("b-w", "grey16") and image.bands <= 2
        if is_grey and (profile is None or profile[16:20] != b"GRAY" or curves is not None):
            grey = profile if curves is not None else b""
            image, profile = image.colourspace("rgb16" if depth == 16 else "srgb"), curves
        else:
            image, profile = _converted(image, None if lost == "Lab" else profile, depth), None
    if image.bands > 4:
        image = image.extract_band(0, n=4)
    return Rgb(image.cast("ushort" if depth == 16 else "uchar"), profile, lost, grey)


def _converted(image: pyvips.Image, profile: bytes | None, depth: int) -> pyvips.Image:
    """By the image's own profile, if that can be used."""
    pyvips = libvips()
    try:
        if profile is None:
            raise pyvips.Error("no profile")
        return image.icc_transform("srgb", embedded=True, depth=depth)
    except pyvips.Error:
        return image.colourspace("rgb16" if depth == 16 else "srgb")
