"""Files that others put in our way: only ordinary ones are read, and only so much of them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class IrregularFileError(OSError):
    """A pipe, a device or a folder where a file should be: reading it could take for ever."""


def open_regular(path: Path) -> BinaryIO:
    """The file opened for reading. Raises OSError, IrregularFileError for what is no ordinary file.

    What a look at the path said a moment ago may no longer be so: what was opened is looked at. Opening never waits.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IrregularFileError(0, "不是普通文件", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, most: int = -1) -> bytes:
    """At most so many bytes of a file, all by default. Raises OSError as `open_regular`."""
    with open_regular(path) as file:
        return file.read(most)
