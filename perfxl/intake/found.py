"""A file of the input folder, and its bytes."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfxl.files import open_regular
from perfxl.workbook.container import opened, too_large
from perfxl.workbook.limits import Limits


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder. place: its path as a text, of which tens of thousands take a fraction of as many objects.
    shown: its path below the folder, with `/`. member: its name inside the zip at `path`.

    ignored_because: why it is not read, else empty. archive: whether that is because all in it was read. refused: why
    it cannot be taken, else empty; with the code of its finding. report: whether it is a report and no workbook.
    size: in bytes, of what is in a zip.
    """

    place: str | Path
    shown: str
    member: str = ""
    ignored_because: str = ""
    refused: str = ""
    code: str = "F109"
    archive: bool = False
    report: bool = False
    size: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", str(self.place))

    @property
    def path(self) -> Path:
        """Its path, made anew each time."""
        return Path(self.place)

    @property
    def bytes(self) -> int:
        """Its size, inside a zip its own and not that of the zip; 0 where nobody can tell."""
        if self.size is not None or self.member:
            return self.size or 0
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def read_found(found: Found, limits: Limits) -> tuple[bytes, int]:
    """The bytes of a file and when it was changed, in nanoseconds. Raises OSError, or RefusalError inside a zip.

    What is no ordinary file (any more) is an OSError too, and is not waited for.
    """
    with open_regular(found.path) as file:
        about = os.fstat(file.fileno())
        if found.member:
            with opened(file) as archive, archive.open(found.member) as inner:
                return inner.read(limits.file_bytes + 1), _member_time(archive.getinfo(found.member), about.st_mtime_ns)
        if about.st_size > limits.file_bytes:
            raise too_large(about.st_size, limits)
        return file.read(limits.file_bytes + 1), about.st_mtime_ns


def _member_time(member: zipfile.ZipInfo, otherwise: int) -> int:
    """When a file in a zip was changed, in nanoseconds; that of the zip where the member does not say."""
    # 1980 is the first year that a zip knows, and what programs write that give no time.
    if member.date_time[0] <= 1980:
        return otherwise
    try:
        return int(datetime(*member.date_time).timestamp()) * 10**9
    except (ValueError, OverflowError, OSError):
        return otherwise
