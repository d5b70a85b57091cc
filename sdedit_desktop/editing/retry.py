"""Ways to retry a job that failed or was cancelled."""

from dataclasses import replace
from enum import Enum, auto

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import EditParams, EditRequest
from sdedit_desktop.errors import OutOfMemory

_LEAST_SCALE = 0.25


class RetryOption(Enum):
    """A way to try a job once more."""

    AGAIN = auto()
    FEWER = auto()
    SMALLER = auto()


def retry_options(job: Job) -> tuple[RetryOption, ...]:
    """The options to offer for a job; none if it is waiting, running or finished."""
    if job.state is JobState.CANCELLED:
        return (RetryOption.AGAIN,)
    if job.state is not JobState.FAILED:
        return ()
    if not isinstance(job.error, OutOfMemory):
        return (RetryOption.AGAIN,)
    params = job.request.params
    smaller = (RetryOption.SMALLER,) if params.scale / 2 >= _LEAST_SCALE else ()
    fewer = (RetryOption.FEWER,) if len(params.seeds) > 1 else ()
    return (*smaller, *fewer, RetryOption.AGAIN)


def apply_retry(request: EditRequest, option: RetryOption) -> EditRequest:
    """The request, changed as the option says."""
    return replace(request, params=_params(request.params, option))


def _params(params: EditParams, option: RetryOption) -> EditParams:
    match option:
        case RetryOption.AGAIN:
            return params
        case RetryOption.FEWER:
            return replace(params, seeds=params.seeds[: max(1, len(params.seeds) // 2)])
        case RetryOption.SMALLER:
            return replace(params, scale=params.scale / 2)
