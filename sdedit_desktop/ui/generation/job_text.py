"""What there is to say about a job: what it makes, how far it is, what became of it."""

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
    """What a job makes."""
    params = job.request.params
    count = len(params.seeds)
    made = translated("%n candidates", count)
    return f"{made} · t0 {format_number(params.t0, 2)} · {model_name(params.model)}"


def state_in_words(job: Job) -> str:
    """How far a job is, or what became of it."""
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
    """The step, how many there are in a second, and how long the rest takes."""
    if progress is None:
        return translated("Loading the model…")
    parts = [translated("Step {0} of {1}").format(progress.done, progress.total)]
    if progress.per_second:
        parts.append(rate_in_words(progress.per_second))
    if progress.remaining_ms is not None:
        parts.append(remaining_in_words(progress.remaining_ms))
    return " · ".join(parts)
