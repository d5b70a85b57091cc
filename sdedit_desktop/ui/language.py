"""The language that the window speaks. Texts in the code are English, and keys of translations."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from sdedit_desktop import paths
from sdedit_desktop.errors import AppError


def install(app: QCoreApplication, language: str) -> None:
    """Makes all texts appear in a language; what it has no words for stays English.

    Args:
        app: Whose texts; Qt's own dialogs follow.
        language: Its code, such as "de"; "" for the system's.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qt), ("sdedit", str(paths.resources() / "translations"))):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)


def translated(text: str) -> str:
    """A text from a table, or from where Qt is not known, in the user's language."""
    return QCoreApplication.translate("", text)


def told(error: Exception) -> str:
    """What an error tells the user, in the user's language."""
    if isinstance(error, AppError):
        return str(AppError(translated(error.sentence), *error.values))
    return str(error)
