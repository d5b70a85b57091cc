"""Texts about jobs."""

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import Progress
from sdedit_desktop.ui.translation import (
    duration_in_words,
    error_in_words,
    format_number,
    model_name,
    rate_in_words,
    remaining_in_words,
    translated,
)


def job_in_words(job: Job) -> str:
    """A description of a job."""
    params = job.request.params
    count = len(params.seeds)
    made = translated("%n candidates", count)
    return f"{made} · t0 {format_number(params.t0, 2)} · {model_name(params.model)}"


def state_in_words(job: Job) -> str:
    """The progress of a job, or its outcome."""
    match job.state:
        case JobState.QUEUED:
            return translated("Waiting")
        case JobState.RUNNING if job.cancel.is_stopped:
            return translated("Stopping…")
        case JobState.RUNNING:
            return progress_in_words(job.progress)
        case JobState.FINISHED:
            return translated("Done in {0}").format(duration_in_words(job.took_s))
        case JobState.CANCELLED:
            return translated("Stopped")
        case JobState.FAILED:
            return error_in_words(job.error)


def progress_in_words(progress: Progress | None) -> str:
    """The step, the steps per second, and the remaining time."""
    if progress is None:
        return translated("Loading the model…")
    parts = [translated("Step {0} of {1}").format(progress.done, progress.total)]
    if progress.per_second:
        parts.append(rate_in_words(progress.per_second))
    if progress.remaining_ms is not None:
        parts.append(remaining_in_words(progress.remaining_ms))
    return " · ".join(parts)
