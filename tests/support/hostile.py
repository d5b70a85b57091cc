"""Hostile OpenRaster files, made in code; each stands for a kind of attack."""

import json
import struct
import zipfile
import zlib
from functools import partial

PARAMS = {
    "model": "m",
    "t0": 0.5,
    "calls": 3,
    "repeats": 1,
    "solver": "ddim",
    "seeds": [1],
    "precision": "fp32",
    "resamplings": 1,
    "colours_kept": 0.5,
    "clip": True,
    "device": "auto",
    "scale": 1.0,
}
ENTRY = {
    "file": "candidates/0",
    "at": [0, 0],
    "moved": [1, 0, 0, 1, 0, 0],
    "seed": 1,
    "starred": False,
    "params": PARAMS,
    "origin": {},
    "faithfulness": 0.5,
}
LAYER = '<layer src="a.png"/>'


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width=8, height=8, *, color_type=6, extra=b""):
    """A PNG of zeros; both its bytes and the time to make them stay small at any size."""
    row_bytes = 1 + width * {0: 1, 2: 3, 3: 1, 6: 4}[color_type]
    whole, rest = divmod(height * row_bytes, 1 << 22)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 22)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    # Adler-32 of n zeros.
    check = struct.pack(">HH", height * row_bytes % 65521, 1)
    data = b"\x78\xda" + block * whole + last.compress(bytes(rest)) + last.flush() + check
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0))
    palette = chunk(b"PLTE", bytes(3)) if color_type == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n" + head + palette + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def document(
    path, layers=LAYER, entries=None, *, size=(8, 8), own=None, method=zipfile.ZIP_DEFLATED
):
    """Writes an archive with one small picture, ``a.png``, and these further ``entries``."""
    stack = f'<image w="{size[0]}" h="{size[1]}"><stack>{layers}</stack></image>'
    every = {"a.png": png()} | (entries or {})
    if own is not None:
        every = {"sdedit/mask.png": png(color_type=0), "sdedit/document.json": own} | every
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "image/openraster", zipfile.ZIP_STORED)
        file.writestr("stack.xml", stack)
        for name, data in every.items():
            file.writestr(name, data, method)
    return path


def with_candidates(path, entries, pictures, guide=None):
    """A document whose strip holds these entries."""
    files = {f"candidates/{number}.png": data for number, data in enumerate(pictures)}
    if guide:
        files["candidates/guide0.png"] = guide
    files["candidates/index.json"] = json.dumps(entries).encode()
    names = {f"sdedit/attachment{n}": data for n, data in enumerate(files.values())}
    own = json.dumps({"depth": 8, "attachments": list(files)})
    return document(path, entries=names, own=own)


def odd_entry(path, **values):
    """A document with one candidate whose index entry is valid but for these values."""
    return with_candidates(path, [ENTRY | values], [png()])


def odd_params(path, **values):
    """A document with one candidate whose parameters are valid but for these."""
    return odd_entry(path, params=PARAMS | values)


def with_extras(path, **extras):
    """A document whose own JSON has these odd extras for a layer."""
    large = png(20_000, 20_000, color_type=0)
    own = json.dumps({"layers": {"a.png": extras}})
    return document(path, entries={"large.png": large}, own=own)


def many_entries(path):
    """An archive of 20,000 empty entries with long names."""
    with zipfile.ZipFile(path, "w") as file:
        for number in range(20_000):
            file.writestr(f"{number:060}", b"")
    return path


def lying_entry(path, method):
    """An entry that unpacks to far more than the archive says."""
    document(path, entries={"a.png": bytes(20 << 20)}, method=method)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rfind(mark)
        data[at + offset : at + offset + 4] = struct.pack("<I", 70)
    path.write_bytes(data)
    return path


def _huge(color_type=6):
    return png(20_000, 20_000, color_type=color_type)


TEXT = chunk(b"tEXt", b"Comment\0" + bytes(60 << 20))
PACKED_TEXT = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(20 << 20), 9))
PACKED_PROFILE = chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(60 << 20), 9))
MANY = "x" * 19

KINDS = {
    "one large entry, 200 layers": lambda p: document(p, LAYER * 200, {"a.png": png(extra=TEXT)}),
    "one picture, 200 layers": lambda p: document(
        p, LAYER * 200, {"a.png": png(2000, 2000)}, size=(2000, 2000)
    ),
    "400 MP, packed twice": lambda p: document(
        p, entries={"a.png": _huge()}, size=(20_000, 20_000)
    ),
    "400 MP in a tiny document": lambda p: document(
        p, entries={"a.png": _huge()}, method=zipfile.ZIP_STORED
    ),
    "palette of 400 MP": lambda p: document(p, entries={"a.png": _huge(3)}),
    "200,000 layers": lambda p: document(p, LAYER * 200_000),
    "a million groups": lambda p: document(p, "<stack/>" * 1_000_000),
    "a million elements inside": lambda p: document(p, "<g/>" * 1_000_000 + LAYER),
    "deep groups": lambda p: document(p, "<stack>" * 100_000 + LAYER + "</stack>" * 100_000),
    "60 MB of XML": lambda p: document(p, LAYER + f"<!--{'x' * (60 << 20)}-->"),
    "a name of 3 MB": lambda p: document(p, LAYER.replace("/>", f' name="{"x" * (3 << 20)}"/>')),
    "100,000 attributes": lambda p: document(
        p, LAYER.replace("/>", "".join(f' a{n}="{MANY}"' for n in range(100_000)) + "/>")
    ),
    "60 MB of JSON": lambda p: document(p, own="[" + "[]," * (20 << 20) + "[]]"),
    "deep JSON": lambda p: document(p, own="[" * (7 << 20)),
    "a layer's mask of 400 MP": partial(
        with_extras, mask="large.png", whole="a.png", mask_at=[0, 0], whole_at=[0, 0]
    ),
    "a whole layer of 400 MP": partial(
        with_extras, mask="a.png", whole="large.png", mask_at=[0, 0], whole_at=[0, 0]
    ),
    "a mask of 400 MP": lambda p: document(
        p, entries={"sdedit/mask.png": _huge(0)}, own='{"depth": 8}'
    ),
    "150 MB of attachments": lambda p: document(
        p,
        entries={f"sdedit/attachment{n}": bytes(5 << 20) for n in range(30)},
        own=json.dumps({"attachments": [str(n) for n in range(30)]}),
    ),
    "20,000 entries": many_entries,
    "an entry larger than it says, bzip2": partial(lying_entry, method=zipfile.ZIP_BZIP2),
    "an entry larger than it says, LZMA": partial(lying_entry, method=zipfile.ZIP_LZMA),
    "an entry larger than it says, deflate": partial(lying_entry, method=zipfile.ZIP_DEFLATED),
    "packed text in a picture": lambda p: document(
        p, entries={"a.png": png(extra=PACKED_TEXT * 40)}
    ),
    "1,000 small layers": lambda p: document(p, LAYER * 1000),
    "a packed profile": lambda p: document(p, LAYER * 9, {"a.png": png(extra=PACKED_PROFILE)}),
    "a candidate of 400 MP": lambda p: with_candidates(p, [ENTRY], [_huge()]),
    "a candidate's guide of 400 MP": lambda p: with_candidates(
        p, [ENTRY | {"guide": "candidates/guide0", "faithfulness": None}], [_huge()], _huge()
    ),
    "1,000 candidates of one picture": lambda p: with_candidates(
        p, [ENTRY | {"faithfulness": None}] * 1000, [png(2000, 2000)]
    ),
    **{
        f"a candidate at {at!s:.20}": partial(odd_entry, at=at)
        for at in (
            [10**18, 0], [0, -(10**400)], [1e300, 0], [0.5, 0], [float("nan"), 0], [True, 0], "x",
        )
    },
    **{
        f"a candidate moved by {number!s:.20} at {place}": partial(
            odd_entry, moved=[*[1, 0, 0, 1, 0, 0][:place], number, *[1, 0, 0, 1, 0, 0][place + 1 :]]
        )
        for number, place in (
            (float("nan"), 0), (float("nan"), 5), (float("inf"), 4), (1e300, 0), (10**400, 5),
            (True, 0), ("x", 4),
        )
    },
    **{
        f"a seed of {seed!s:.20}": partial(odd_entry, seed=seed)
        for seed in (-1, 2**63, 10**400, 1.5, float("nan"), "1", True)
    },
    **{
        f"{name} = {value!s:.20}": partial(odd_params, **{name: value})
        for name, value in (
            ("calls", 1e308), ("calls", 10**12), ("calls", True), ("repeats", 10**30),
            ("t0", float("nan")), ("t0", "x"), ("t0", 10**400), ("scale", 1e-320),
            ("model", 7), ("clip", 3),
            ("seeds", [1.5]), ("seeds", ["a"]), ("seeds", list(range(200_000))), ("solver", [1]),
        )
    },
}  # fmt: skip
"""Writes each kind of file to a path; by name."""
