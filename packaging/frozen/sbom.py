"""Writes the software bill of materials as CycloneDX JSON."""

import hashlib
import uuid
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from frozen import owners
from frozen.owners import Owner
from packageurl import PackageURL

from sdedit_desktop import __version__


def write(path: Path, collected: Path, inside: Path, epoch: int) -> None:
    """Lists every project whose work is in the folder, and its shared libraries with SHA-256.

    Args:
        path: The file to write.
        collected: What PyInstaller collected.
        inside: Where it lies now: libraries have been stripped since.
        epoch: The time that the file tells: builds of one source are alike.
    """
    program = Component(
        name="SDEdit Desktop",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"sdedit-desktop@{__version__}",
        licenses=[LicenseFactory().make_with_expression("Apache-2.0")],
    )
    components = [_component(owner, inside) for owner in owners.find(collected)]
    bom = Bom(
        components=components,
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, f"sdedit-desktop {__version__} {epoch}"),
    )
    bom.metadata.component = program
    bom.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    bom.register_dependency(program, components)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    path.write_text(text + "\n", "utf-8", newline="\n")


def _component(owner: Owner, inside: Path) -> Component:
    kind = "generic" if owner.distribution is None else "pypi"
    return Component(
        name=owner.name,
        version=owner.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{owner.name}@{owner.version}",
        purl=PackageURL(kind, name=owner.name.lower().replace("_", "-"), version=owner.version),
        licenses=_licences(owner.licence),
        properties=[Property(name="licence of part", value=f"{part}: {licence}")
                    for part, licence in owner.parts.items()],
        components=[_library(place, inside) for place in sorted(owner.libraries)],
    )  # fmt: skip


def _licences(licence: str) -> list[LicenseExpression]:
    return [LicenseFactory().make_from_string(licence)] if licence != "see its text" else []


def _library(place: str, inside: Path) -> Component:
    digest = hashlib.sha256((inside / place).read_bytes()).hexdigest()
    return Component(
        name=place,
        type=ComponentType.FILE,
        bom_ref=place,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )
