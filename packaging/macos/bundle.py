"""What macOS reads of the program: its Info.plist, which PyInstaller writes."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IDENTIFIER = "io.github.sdedit_desktop.SDEditDesktop"
NAME = "SDEdit Desktop"
OLDEST_SYSTEM = "13.0"
OPENRASTER = "org.krita.openraster"
PICTURES = ("public.png", "public.jpeg", "public.tiff", "org.webmproject.webp")


def version() -> str:
    """The program's version, read without importing it."""
    text = (ROOT / "sdedit_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'__version__ = "(.+)"', text)
    assert found
    return found[1]


def info() -> dict[str, object]:
    """Info.plist: what the program is called, opens and needs."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": version(),
        "CFBundleVersion": version(),
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "de"],
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "Apache License 2.0",
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "OpenRaster picture",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Default",
                "LSItemContentTypes": [OPENRASTER],
            },
            {
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": list(PICTURES),
            },
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": OPENRASTER,
                "UTTypeDescription": "OpenRaster picture",
                "UTTypeConformsTo": ["public.image", "public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["ora"],
                    "public.mime-type": ["image/openraster"],
                },
            }
        ],
    }
