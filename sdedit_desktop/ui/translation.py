"""The language that the window speaks. Texts in the code are English, and keys of translations."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from sdedit_desktop import paths
from sdedit_desktop.errors import AppError
from sdedit_desktop.texts import Text


class Dictionary(QTranslator):
    """The program's translations: a text means the same in whichever class it stands."""

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
    """Makes all texts appear in a language; what it has no words for stays English.

    Args:
        app: Whose texts; Qt's own dialogs follow.
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
    """A text from a table, or from where Qt is not known, in the user's language.

    Args:
        text: In English.
        count: What is counted: takes the place of %n, and chooses between singular and plural.
    """
    return QCoreApplication.translate("", text, "", count)


def marked(text: str) -> str:
    """Marks a text of a table for translation; imported as ``_``."""
    return text


def format_number(value: float, digits: int) -> str:
    """A number as it is written in the user's language, with so many digits behind the point."""
    return QLocale().toString(value, "f", digits)


def localized(what: object) -> str:
    """What an error or another text from outside the window says, in the user's language."""
    text = what.text if isinstance(what, AppError) else what
    if not isinstance(text, Text):
        return str(text)
    values = [localized(value) if isinstance(value, Text) else value for value in text.values]
    return str(Text(translated(text.sentence), *values))
