"""A file of the input folder, and its bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from perfxl.files import open_regular
from perfxl.workbook.container import opened, too_large
from perfxl.workbook.limits import Limits


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder. shown: its path below the folder, with `/`. member: its name inside the zip at `path`.

    aside: why it is not read, else empty. refused: why it cannot be taken, else empty; with the code of its finding.
    """

    path: Path
    shown: str
    member: str = ""
    aside: str = ""
    refused: str = ""
    code: str = "F109"


def read_found(found: Found, limits: Limits) -> tuple[bytes, int]:
    """The bytes of a file and when it was changed, in nanoseconds. Raises OSError, or RefusalError inside a zip.

    What is no ordinary file (any more) is an OSError too, and is not waited for.
    """
    with open_regular(found.path) as file:
        about = os.fstat(file.fileno())
        if found.member:
            with opened(file) as archive, archive.open(found.member) as inner:
                return inner.read(limits.file_bytes + 1), about.st_mtime_ns
        if about.st_size > limits.file_bytes:
            raise too_large(about.st_size, limits)
        return file.read(limits.file_bytes + 1), about.st_mtime_ns
