"""What there is to say about a job: what it makes, how far it is, what became of it."""

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import Progress
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.translation import format_number, localized
from sdedit_desktop.ui.translation import translated as tr


def job_in_words(job: Job) -> str:
    """What a job makes."""
    params = job.request.params
    count = len(params.seeds)
    made = tr("%n candidates", count)
    return f"{made} · t0 {format_number(params.t0, 2)} · {params.model}"


def state_in_words(job: Job) -> str:
    """How far a job is, or what became of it."""
    match job.state:
        case JobState.QUEUED:
            return tr("Waiting")
        case JobState.RUNNING if job.cancel.is_stopped:
            return tr("Stopping…")
        case JobState.RUNNING:
            return progress_in_words(job.progress)
        case JobState.FINISHED:
            return tr("Done in {0}").format(duration_in_words(job.took_s))
        case JobState.CANCELLED:
            return tr("Stopped")
        case JobState.FAILED:
            return error_in_words(job.error)


def progress_in_words(progress: Progress | None) -> str:
    """The step, how many there are in a second, and how long the rest takes."""
    if progress is None:
        return tr("Loading the model…")
    parts = [tr("Step {0} of {1}").format(progress.done, progress.total)]
    if progress.per_second:
        parts.append(rate_in_words(progress.per_second))
    if progress.remaining_ms is not None:
        parts.append(in_words(progress.remaining_ms))
    return " · ".join(parts)


def rate_in_words(per_second: float) -> str:
    """Steps in a second, or seconds for a step, whichever is more than one."""
    if per_second >= 1:
        return tr("{0} steps/s").format(format_number(per_second, 1))
    return tr("{0} s/step").format(format_number(1 / per_second, 1))


def error_in_words(error: Exception | None) -> str:
    """Why a job was not done; what is a bug is in the log, and not for reading here."""
    if isinstance(error, AppError):
        return localized(error)
    return tr("Something went wrong inside the program; details are in the log.")


def in_words(remaining_ms: float) -> str:
    """A remaining time as one would say it."""
    seconds = remaining_ms / 1000
    if seconds < 2:
        return tr("almost done")
    return tr("about {0} left").format(duration_in_words(seconds))


def duration_in_words(seconds: float) -> str:
    """A time as one would say it."""
    if seconds < 90:
        return tr("%n seconds", max(1, round(seconds)))
    if seconds < 5400:
        return tr("%n minutes", round(seconds / 60))
    return tr("{0} hours").format(format_number(seconds / 3600, 1))
