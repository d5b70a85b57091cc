"""The version resource of the programs, in the words of PyInstaller: Explorer shows it."""

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The SDEdit Desktop authors"),
      StringStruct("FileDescription", "SDEdit Desktop"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "sdedit-desktop"),
      StringStruct("LegalCopyright", "Apache License 2.0"),
      StringStruct("OriginalFilename", "SDEdit Desktop.exe"),
      StringStruct("ProductName", "SDEdit Desktop"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""


def text(version: str) -> str:
    """The resource of a version such as 0.1.0."""
    return TEMPLATE.format(version=version, numbers=numbers(version))


def numbers(version: str) -> tuple[int, int, int, int]:
    """The four numbers that Windows wants of a version; what follows a letter is left out."""
    parts = [int(part) for part in version.split(".") if part.isdecimal()]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth
