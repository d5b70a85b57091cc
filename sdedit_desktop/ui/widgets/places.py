"""Initial folders and suggested names of file dialogs."""

from pathlib import Path

from sdedit_desktop.document.files.opening import NATIVE
from sdedit_desktop.document.files.photo import EXTENSIONS
from sdedit_desktop.settings import KeepSettings, Settings

_LOSSY = (".jpg", ".jpeg", ".webp", ".avif")


class FilePlaces:
    """Starts in the folder of the opened file, else where a file was last opened or saved.

    Attributes:
        source: The opened file: a photo, or a document.
    """

    def __init__(self, keep: KeepSettings) -> None:
        self.source: Path | None = None
        self._last = self._photographs = ""
        self._keep = keep

    def use(self, settings: Settings) -> None:
        """Sets the last folders from the settings."""
        self._last, self._photographs = settings.last_folder, settings.photographs_folder

    def remember(self, path: Path) -> None:
        """Remembers the folder of a file that was opened or saved."""
        self._last = str(path.absolute().parent)
        self._keep(last_folder=self._last)

    @property
    def folder(self) -> Path:
        """The initial folder of a dialog; it exists."""
        beside = [self.source.absolute().parent] if self.source else []
        last = [Path(self._last)] if self._last else []
        return next((each for each in (*beside, *last) if each.is_dir()), Path.home())

    @property
    def photographs(self) -> Path:
        """The initial folder for photographs of a model."""
        last = Path(self._photographs)
        return last if self._photographs and last.is_dir() else self.folder

    def remember_photographs(self, folder: Path) -> None:
        """Remembers the folder of photographs for a model."""
        self._photographs = str(folder.absolute())
        self._keep(photographs_folder=self._photographs)

    def to_save(self, title: str) -> Path:
        """The suggested document file."""
        return self.folder / f"{self._stem(title)}{NATIVE}"

    def to_export(self, title: str) -> Path:
        """The suggested picture file: never the photo itself, and always lossless."""
        suffix = self.source.suffix.lower() if self.source else ""
        keeps = suffix in EXTENSIONS and suffix not in _LOSSY
        name = self._stem(title)
        if self.source is not None and suffix != NATIVE:
            name += "-edited"
        return self.folder / f"{name}{suffix if keeps else '.png'}"

    @property
    def was_lossy(self) -> bool:
        """Whether the opened photo has a lossy format."""
        return self.source is not None and self.source.suffix.lower() in _LOSSY

    def _stem(self, title: str) -> str:
        return self.source.stem if self.source else Path(title).stem
