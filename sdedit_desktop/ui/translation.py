"""Translation of texts; the English texts in the code are the keys."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from sdedit_desktop import paths
from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.errors import AppError
from sdedit_desktop.texts import Text


class Dictionary(QTranslator):
    """The program's translations, independent of the class in which a text occurs."""

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        """The translation, if there is one."""
        return super().translate("", sourceText, disambiguation, n) or None


def install(app: QCoreApplication, language: str) -> None:
    """Sets the language of all texts; untranslated ones stay English.

    Args:
        app: The application; Qt's own dialogs follow.
        language: Its code, such as "de"; "" for the system's.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    own = str(paths.resources() / "translations")
    for translator, name, folder in (
        (QTranslator(app), "qtbase", qt),
        (Dictionary(app), "sdedit", own),
    ):
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)


def translated(text: str, count: int = -1) -> str:
    """Translates a text from a table, or from code without Qt.

    Args:
        text: In English.
        count: Replaces %n, and selects singular or plural.
    """
    return QCoreApplication.translate("", text, "", count)


def format_number(value: float, digits: int) -> str:
    """A number in the user's locale, with a number of decimals."""
    return QLocale().toString(value, "f", digits)


def localized(what: object) -> str:
    """The text of an error, or another one from code without Qt, in the user's language."""
    text = what.text if isinstance(what, AppError) else what
    if not isinstance(text, Text):
        return str(text)
    values = [localized(value) if isinstance(value, Text) else value for value in text.values]
    return str(Text(translated(text.sentence), *values))


def error_in_words(error: Exception | None) -> str:
    """The reason why a job failed; for a bug, refers to the log."""
    if isinstance(error, AppError):
        return localized(error)
    return translated("Something went wrong inside the program; details are in the log.")


def rate_in_words(per_second: float) -> str:
    """Steps per second, or seconds per step, whichever is above one."""
    if per_second >= 1:
        return translated("{0} steps/s").format(format_number(per_second, 1))
    return translated("{0} s/step").format(format_number(1 / per_second, 1))


def remaining_in_words(remaining_ms: float) -> str:
    """A remaining time in words."""
    seconds = remaining_ms / 1000
    if seconds < 2:
        return translated("almost done")
    return translated("about {0} left").format(duration_in_words(seconds))


def short_duration(seconds: float) -> str:
    """A time in one unit, rounded to what can be relied on."""
    if seconds < 1:
        return translated("{0} s").format(1)
    if seconds < 90:
        step = 1 if seconds < 10 else 5
        return translated("{0} s").format(max(1, step * round(seconds / step)))
    if seconds < 5400:
        return translated("{0} min").format(round(seconds / 60))
    return translated("{0} h").format(format_number(seconds / 3600, 1))


def duration_in_words(seconds: float) -> str:
    """A duration in words."""
    if seconds < 90:
        return translated("%n seconds", max(1, round(seconds)))
    if seconds < 5400:
        return translated("%n minutes", round(seconds / 60))
    return translated("{0} hours").format(format_number(seconds / 3600, 1))


def marked(text: str) -> str:
    """Marks a text in a table for translation; imported as ``_``."""
    return text


_ = marked

_MODES: Mapping[BlendMode, str] = {
    BlendMode.NORMAL: _("Normal"),
    BlendMode.ATOP: _("Keep transparency"),
    BlendMode.MULTIPLY: _("Multiply"),
    BlendMode.SCREEN: _("Screen"),
    BlendMode.OVERLAY: _("Overlay"),
    BlendMode.DARKEN: _("Darken"),
    BlendMode.LIGHTEN: _("Lighten"),
    BlendMode.COLOR_DODGE: _("Colour dodge"),
    BlendMode.COLOR_BURN: _("Colour burn"),
    BlendMode.HARD_LIGHT: _("Hard light"),
    BlendMode.SOFT_LIGHT: _("Soft light"),
    BlendMode.DIFFERENCE: _("Difference"),
    BlendMode.COLOR: _("Colour"),
    BlendMode.LUMINOSITY: _("Luminosity"),
    BlendMode.HUE: _("Hue"),
    BlendMode.SATURATION: _("Saturation"),
    BlendMode.ADD: _("Addition"),
}
_SOLVERS: Mapping[str, str] = {
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m": "DPM++ 2M",
    "sa_solver": "SA-Solver",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "ddpm_large": _("DDPM, large variance"),
    "euler_maruyama": "Euler-Maruyama",
    "heun": "Heun",
    "consistency": _("Consistency (LCM)"),
    "euler_trailing": _("Euler, few steps (Turbo)"),
    "paper": _("SDEdit, the paper's algorithm"),
    "reference": _("SDEdit, the published program"),
}
_PRECISIONS: Mapping[str, str] = {
    "auto": _("Automatic"),
    "fp32": _("Full (fp32)"),
    "bf16": _("Half (bf16)"),
    "fp16": _("Half (fp16)"),
}
_DEVICES: Mapping[str, str] = {
    "auto": _("Automatic"),
    "cpu": _("Processor"),
    "cuda": "CUDA",
    "mps": "Metal",
}
_MODELS: Mapping[str, str] = {
    models.THIS_PHOTO: _("This photo"),
    models.BUNDLED_PHOTOS: _("Nature photographs"),
}


def mode_name(mode: BlendMode) -> str:
    """The name of a blend mode."""
    return translated(_MODES[mode])


def solver_name(solver: str) -> str:
    """The name of a solver in the literature; its id if it is unknown here."""
    return translated(_SOLVERS.get(solver, solver))


def precision_name(precision: str) -> str:
    """The name of a precision, in the user's language."""
    return translated(_PRECISIONS[precision])


def device_name(device: str) -> str:
    """The name of a device."""
    return translated(_DEVICES[device])


def model_name(model: str) -> str:
    """The name of a model: translated for bundled ones, the file name for a path."""
    if model in _MODELS:
        return translated(_MODELS[model])
    return Path(model).stem if Path(model).is_absolute() else model


def missing_model(gone: str, used: str) -> str:
    """The sentence on a model that is gone and the one that is used instead."""
    sentence = translated("The model {0} was not found; {1} is used instead.")
    return sentence.format(model_name(gone), model_name(used))


def card_in_words(facts: ModelFacts) -> list[str]:
    """The facts about a model, one per line, or why it cannot be used."""
    if facts.trouble:
        return [localized(facts.trouble)]
    card = facts.card
    found = card.get("notes")
    notes = [localized(note) for note in found] if isinstance(found, list) else []
    if "pictures" in card:
        pictures = card["pictures"]
        counted = [translated("{0} photographs").format(pictures)] if pictures else []
        return [model_name(facts.model), *counted, *notes]
    return [
        f"{card['name']}: {card['family']}, {localized(card['format'])}",
        translated("{parameters:,} parameters, {size} px, predicts {prediction}").format(**card),
        translated("sigma {sigma_min:.4g} to {sigma_max:.4g}").format(**card),
        *_memory(card),
        *notes,
    ]


MUCH_MEMORY_BYTES = 500_000_000
"""Models that need less memory than this fit anywhere; their need is not shown."""


def _memory(card: Mapping[str, object]) -> list[str]:
    """The memory a large model needs; empty for those that fit anywhere."""
    needed = card.get("memory_bytes"), card.get("half_memory_bytes")
    if not all(isinstance(size, int) and size >= MUCH_MEMORY_BYTES for size in needed):
        return []
    full, half = (format_number(float(str(size)) / 1e9, 1) for size in needed)
    return [translated("about {0} GB of memory in fp32, {1} GB in bf16").format(full, half)]
