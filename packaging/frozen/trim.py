"""What of Python, Qt, torch and the system goes into the frozen folder, and what does not."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""A file as PyInstaller lists it: its place in the folder, where it comes from, its kind."""

# Training needs torch._inductor, torch._dynamo's polyfills and sympy: they stay.
EXCLUDED_MODULES = [
    "torch.testing._internal.distributed", "torch.testing._internal.opinfo",
    "torch.testing._internal.optests", "torch.testing._internal.common_methods_invocations",
    "torch.testing._internal.composite_compliance", "torch.onnx", "torch.utils.tensorboard",
    "torchvision", "torchaudio", "triton", "tensorboard", "onnx", "scipy", "pandas", "matplotlib",
    "IPython", "networkx", "jinja2", "fsspec.implementations",
    "pytest", "_pytest", "pluggy", "pygments", "hypothesis", "setuptools", "pkg_resources", "pip",
    "wheel", "distutils", "numpy.f2py", "numpy.testing", "numpy.tests", "numpy.distutils",
    "numpy._core._multiarray_tests",
    "tkinter", "_tkinter", "idlelib", "lib2to3", "ensurepip", "venv", "pydoc_data", "test",
    "ssl", "_ssl", "curses", "_curses", "readline", "sqlite3", "_sqlite3", "dbm", "_dbm", "_gdbm",
    "xmlrpc", "nis",
    "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtDBus", "PySide6.QtOpenGL",
    "PIL.ImageTk", "PIL._avif", "PIL._imagingcms",
]  # fmt: skip
DISTRIBUTIONS = ["numpy", "pillow", "platformdirs", "filelock", "PySide6-Essentials", "pyvips",
                 "safetensors", "torch"]  # fmt: skip
"""Those whose versions the program tells."""

_UNUSED_PARTS_OF_QT = re.compile(
    r"PySide6/(Qt/)?(qml|libexec|metatypes)/"
    r"|(lib)?Qt6?(Pdf|Qml|Quick|VirtualKeyboard|Network|EglF[Ss])"
    r"|plugins/(tls|networkinformation|egldeviceintegrations|generic)/"
    r"|plugins/(platforminputcontexts/(lib)?qtvirtualkeyboard|imageformats/(lib)?qpdf"
    r"|platformthemes/libqgtk3|wayland-shell-integration/libivi"
    r"|platforms/libq(eglfs|vnc|minimalegl|linuxfb|vkkhrdisplay|minimal))"
)
_CUDA_OF_CLUSTERS = re.compile(r"nvshmem_(transport|bootstrap)_|libcufile_rdma")
"""Parts of CUDA that join several machines, and need libraries that only those have."""
_RECORDS_OF_PACKAGES = re.compile(r"\.dist-info/(?!METADATA)")
_TRANSLATIONS_OF_QT = re.compile(r"PySide6/(?:Qt/)?translations/(\w+?)_(\w+)\.qm$")
_WANTED_OF_SYSTEM = re.compile(r"libffi|libbz2|liblzma|libxcb-|libxkbcommon-x11")
"""Libraries of the builder's system that go along: for Python's modules, and for Qt under X11,
where many systems lack them. All others are the system's own wherever the program runs."""

OF_PYTHON = ("libpython3*.so*", "python3*/lib-dynload/*.so")
STRIPPED = ("torch/lib/lib*.so", *OF_PYTHON)
"""What ``strip`` may touch: it breaks libraries that auditwheel has rewritten."""


def languages(resources: Path) -> set[str]:
    """The languages that the program speaks."""
    return {path.stem.rpartition("_")[2] for path in (resources / "translations").glob("*.ts")}


def is_wanted(entry: Entry, spoken: set[str], prefixes: Iterable[str]) -> bool:
    """Whether a file goes into the folder.

    Args:
        entry: The file.
        spoken: Languages whose translations of Qt's own texts are kept.
        prefixes: Folders of Python and its packages: what lies elsewhere is the system's.
    """
    place, source, kind = entry
    place = place.replace("\\", "/")
    unwanted = (_UNUSED_PARTS_OF_QT, _RECORDS_OF_PACKAGES, _CUDA_OF_CLUSTERS)
    if any(part.search(place) for part in unwanted):
        return False
    if found := _TRANSLATIONS_OF_QT.search(place):
        return found[1] == "qtbase" and found[2] in spoken
    if sys.platform == "linux" and kind in ("BINARY", "EXTENSION"):
        own = os.path.realpath(source).startswith(tuple(prefixes))
        return own or bool(_WANTED_OF_SYSTEM.search(place))
    return True


def strip(inside: Path) -> None:
    """Removes symbols that are used by debuggers only from the largest libraries of Linux."""
    for pattern in STRIPPED:
        for file in sorted(inside.glob(pattern)):
            subprocess.run(["strip", "--strip-unneeded", str(file)], check=True)


def forget_builder(inside: Path) -> None:
    """Has Python's own libraries look for others beside themselves, not where the builder has them.

    Linkers keep the folder as a string that ends with a zero; what replaces it is never longer.
    """
    builders = bytes(Path(sys.base_prefix, "lib"))
    beside = b"$ORIGIN".ljust(len(builders), b"\0")
    if len(beside) > len(builders):
        return
    for pattern in OF_PYTHON:
        for file in inside.glob(pattern):
            code = file.read_bytes()
            file.write_bytes(code.replace(b"\0%b\0" % builders, b"\0%b\0" % beside))
