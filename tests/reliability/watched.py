"""A whole run of the window with the real engine, with all that Python reports of it looked at."""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
WATCHED = (
    "socket.",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "pickle.find_class",
    "ftplib.",
    "http.client.",
    "urllib.",
    "smtplib.",
)
seen = []


def look(event, arguments):
    if event.startswith(WATCHED):
        seen.append([event, repr(arguments)[:200]])


def main(folder):
    sys.addaudithook(look)
    from painting import stroke

    from sdedit_desktop import app
    from sdedit_desktop.document.document import Document
    from sdedit_desktop.document.files import opening, ora_writer, photo

    document = Document(64, 64)
    stroke(document, (20, 20), (40, 50))
    ora_writer.save(document, folder / "a.ora")
    opening.open_document(folder / "a.ora")
    pixels = document.composite(document.rect)[..., :3].copy()
    photo.export(pixels, folder / "a.png")
    opening.open_document(folder / "a.png")
    report = app.selfcheck(240)
    sys.stdout.write(json.dumps({"seen": seen, "report": report}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
