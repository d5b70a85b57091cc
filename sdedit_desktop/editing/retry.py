"""What can be done about a job that was not done."""

from dataclasses import replace
from enum import Enum, auto

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import EditParams, EditRequest
from sdedit_desktop.errors import OutOfMemory

_LEAST_SCALE = 0.25


class Remedy(Enum):
    """A way to try a job once more."""

    AGAIN = auto()
    FEWER = auto()
    SMALLER = auto()


def remedies(job: Job) -> tuple[Remedy, ...]:
    """What is worth offering; nothing for a job that may still be done or is."""
    if job.state is JobState.CANCELLED:
        return (Remedy.AGAIN,)
    if job.state is not JobState.FAILED:
        return ()
    if not isinstance(job.error, OutOfMemory):
        return (Remedy.AGAIN,)
    params = job.request.params
    smaller = (Remedy.SMALLER,) if params.scale / 2 >= _LEAST_SCALE else ()
    fewer = (Remedy.FEWER,) if len(params.seeds) > 1 else ()
    return (*smaller, *fewer, Remedy.AGAIN)


def remedied(request: EditRequest, remedy: Remedy) -> EditRequest:
    """The same request, done in another way."""
    return replace(request, params=_params(request.params, remedy))


def _params(params: EditParams, remedy: Remedy) -> EditParams:
    match remedy:
        case Remedy.AGAIN:
            return params
        case Remedy.FEWER:
            return replace(params, seeds=params.seeds[: max(1, len(params.seeds) // 2)])
        case Remedy.SMALLER:
            return replace(params, scale=params.scale / 2)
