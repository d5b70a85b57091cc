"""Collects of torch what import analysis reaches and what torch opens by itself; for CPU builds."""

import sys
from pathlib import Path

from PyInstaller.utils.hooks import collect_submodules, get_package_paths

# torch/utils/_config_module.py reads the source text of these when they are imported.
CONFIGS = (
    "_functorch.config", "_export.config", "fx.experimental._config", "distributed.config",
    "_dynamo.config", "compiler.config", "utils.serialization.config", "_inductor.config",
    "_inductor.config_comms",
)  # fmt: skip
LIBRARIES = {
    "linux": ("libtorch_global_deps.so", "libtorch_python.so", "libtorch_cpu.so", "libtorch.so",
              "libc10.so", "libshm.so", "libgomp*"),
    "win32": ("*.dll",),
    "darwin": ("*.dylib",),
}  # fmt: skip

module_collection_mode = {"torch": "pyz"} | {f"torch.{name}": "pyz+py" for name in CONFIGS}
hiddenimports = collect_submodules("torch._dynamo")  # its polyfills are named in a list
warn_on_missing_hiddenimports = False
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]

base = Path(get_package_paths("torch")[1])
binaries = [
    (str(file), "torch/lib")
    for pattern in LIBRARIES[sys.platform]
    for file in sorted(base.joinpath("lib").glob(pattern))
]
# torch is not imported without this program, though nothing here shares memory.
binaries += [(str(file), "torch/bin") for file in base.joinpath("bin").glob("torch_shm_manager*")]
