"""Devices, processor cores and memory."""

import ctypes
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import torch

from sdedit_desktop.errors import ParameterError
from sdedit_desktop.texts import Text

if sys.platform == "linux":
    import resource

_SHORTAGE = ("not enough memory", "can't allocate memory", "could not create a primitive")
"""Messages of torch when memory runs out: on Windows, on Linux, and of oneDNN."""


def choose(wanted: str) -> tuple[torch.device, Text | None]:
    """The device to use, and a sentence if it differs from the requested one.

    Args:
        wanted: "auto", "cpu", "cuda" or "mps"; "auto" prefers a GPU.
    """
    if wanted in {"auto", "cuda"} and torch.cuda.is_available():
        major, minor = torch.cuda.get_device_capability()
        if is_built_for(major, minor, torch.cuda.get_arch_list()):
            return torch.device("cuda"), None
        name = torch.cuda.get_device_name()
        note = Text("This build of torch does not know the {0}; using the CPU.", name)
        return torch.device("cpu"), note
    if wanted in {"auto", "mps"} and torch.backends.mps.is_available():
        return torch.device("mps"), None
    if wanted in {"cuda", "mps"}:
        return torch.device("cpu"), Text("There is no {0} device here; using the CPU.", wanted)
    return torch.device("cpu"), None


def require(name: str) -> str:
    """The device of this name, or an error if it is missing; "auto" chooses one.

    Raises:
        ParameterError: The device is not here.
    """
    if name == "auto":
        return choose(name)[0].type
    here = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if not here.get(name.partition(":")[0]):
        raise ParameterError("There is no device '{0}' here: choose auto or cpu.", name)
    return name


def name_of(device: torch.device) -> str:
    """A device's name, for people."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"mps": "Apple GPU"}.get(device.type, "CPU")


def is_built_for(major: int, minor: int, architectures: Sequence[str]) -> bool:
    """Whether the CUDA build supports a card: machine code of its generation, or older PTX."""
    for name in architectures:
        kind, _, number = name.partition("_")
        digits = "".join(filter(str.isdigit, number))
        built = int(digits[:-1]), int(digits[-1])
        if kind == "sm" and built[0] == major and built[1] <= minor:
            return True
        if kind == "compute" and built <= (major, minor):
            return True
    return False


def computes_in_bfloat16(device: torch.device) -> bool:
    """Whether the device is fast in bfloat16: cards since Ampere, CPUs with AVX-512 or AMX."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device)[0] >= _AMPERE
    capabilities = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16"))


_AMPERE = 8
"""Compute capability of the first cards with bfloat16 matrix products."""


def forbid_tf32() -> None:
    """Disables TF32, which keeps only 10 bits of the factors of products."""
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


def free_cached(device: torch.device) -> None:
    """Gives memory that is kept, but not used, back to all programs."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    elif platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out; on the CPU, torch's message is the only sign."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _SHORTAGE)


def physical_cores(topology: Path = Path("/sys/devices/system/cpu")) -> int:
    """Processor cores that this process may use; threads that share a core share its arithmetic.

    Args:
        topology: Where Linux tells which cores belong together; where it does not, and on other
            systems, every logical core counts.
    """
    if sys.platform != "linux":
        return os.cpu_count() or 1
    siblings = set()
    for cpu in os.sched_getaffinity(0):
        try:
            group = (topology / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text(
                "ascii"
            )
        except (OSError, ValueError):
            group = str(cpu)
        siblings.add(group)
    return len(siblings)


def free_bytes(device: torch.device) -> int | None:
    """Memory that can still be had on a device; ``None`` if the system does not tell."""
    if device.type == "cuda":
        held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + held
    return _free_ram() if device.type == "cpu" else None


def _free_ram() -> int | None:
    """Free memory within the system's and the process's limits; ``None`` where it is not known."""
    known: list[int] = []
    if sys.platform == "linux":
        with suppress(OSError, ValueError):
            lines = Path("/proc/meminfo").read_text("ascii").splitlines()
            available = [line for line in lines if line.startswith("MemAvailable")]
            known += [int(line.split()[1]) << 10 for line in available]
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
            limit = resource.getrlimit(resource.RLIMIT_AS)[0]
            if limit != resource.RLIM_INFINITY:
                known.append(max(0, limit - pages * resource.getpagesize()))
    return min(known, default=None)


def peak_bytes(device: torch.device) -> int | None:
    """Most memory in use since ``watch_peak``; ``None`` if the system does not tell."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return _status("VmHWM") if device.type == "cpu" else None


def watch_peak(device: torch.device) -> int | None:
    """Gives back what is free, and watches from now on; returns what is in use."""
    free_cached(device)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return torch.cuda.memory_allocated(device)
    if device.type != "cpu" or sys.platform != "linux":
        return None
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _status("VmRSS")


def _status(name: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))
    except (OSError, StopIteration, ValueError):
        return None


def keep_freed_memory() -> None:
    """Makes glibc keep large freed blocks: network calls are up to 1.3 times as fast."""
    if platform.libc_ver()[0] == "glibc":
        trim_threshold, mmap_max = -1, -4
        libc = ctypes.CDLL(None)
        libc.mallopt(mmap_max, 0)
        libc.mallopt(trim_threshold, 1 << 30)
