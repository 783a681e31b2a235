"""One look at a folder: which files stand there, by size and times."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UsageError, system_words
from perfxl.intake.discover import walk
from perfxl.intake.file_names import ignored_by_name


class LostFolderError(Exception):
    """The folder itself cannot be read now. str(): why, in Chinese."""


class Stamp(NamedTuple):
    """Two looks at a file that give the same found it unchanged. Times in nanoseconds; size -1: a link to nowhere."""

    size: int
    modified: int
    changed: int


@dataclass
class Scan:
    """The files of a folder but passing ones, each with its stamp. closed: subfolders that could not be entered."""

    files: dict[Path, Stamp] = field(default_factory=dict)
    closed: set[Path] = field(default_factory=set)
    device: int = 0

    def is_unknown(self, path: Path) -> bool:
        """Whether a path lies in a subfolder into which this look did not come."""
        return any(path.is_relative_to(folder) for folder in self.closed)


def scan(folder: Path, without: Path, besides: Collection[Path]) -> Scan:
    """Looks at a folder as a run does (see `walk`). Raises LostFolderError."""
    try:
        seen = Scan(device=folder.stat().st_dev)
        for item in walk(folder, without, besides):
            if item.refused:
                seen.closed.add(item.path)
            elif not ignored_by_name(item.path.name) and (stamp := stamp_of(item.path)):
                seen.files[item.path] = stamp
    except OSError as error:
        raise LostFolderError(system_words(error)) from error
    except UsageError as error:
        raise LostFolderError("打不开") from error
    return seen


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file, None where none is there or it is no ordinary one."""
    try:
        about = path.stat()
    except OSError:
        return Stamp(-1, 0, 0) if os.path.lexists(path) else None
    if not stat.S_ISREG(about.st_mode):
        return None
    return Stamp(about.st_size, about.st_mtime_ns, about.st_ctime_ns)
