"""Opens documents under a limit of memory, one after another; a line of JSON for each."""

import json
import resource
import sys
import time
from pathlib import Path

from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.editing.candidates.image_store import small_pixels
from sdedit_desktop.errors import AppError


def opened(path):
    """What became of a file and its candidates."""
    document = ora_writer.load(path)
    slots = persistence.unpack(document.attachments, frame=document.rect)
    for slot in slots[:3]:
        slot.made.measure()
        small_pixels(slot.made.stored.thumbnail)
        slot.made.candidate()
    return f"{len(document.layers)} layers, {len(slots)} candidates"


def main(over_bytes, paths):
    libvips()
    ora_writer.save(ora_writer.Document(8, 8), paths[0].with_name("warm.ora"))
    ora_writer.load(paths[0].with_name("warm.ora"))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + over_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for path in paths:
        begun = time.process_time()
        try:
            outcome, said = "opened", opened(path)
        except AppError as error:
            outcome, said = "refused", str(error)
        except BaseException as error:  # noqa: BLE001 - it is what is looked for
            outcome, said = "bug", repr(error)[:500]
        seconds = time.process_time() - begun
        line = json.dumps({"outcome": outcome, "said": said, "seconds": seconds})
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
