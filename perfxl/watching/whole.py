"""Whether a file has come whole, as far as its first and last bytes show. Nothing is parsed here."""

from __future__ import annotations

import os
import struct
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from perfxl.files import open_regular

_ZIP, _ZIP_END, _END_SIZE = b"PK", b"PK\5\6", 22
_LONGEST_COMMENT = 65_535
_PDF, _PDF_END = b"%PDF", b"%%EOF"


class Wholeness(Enum):
    """What a look at a file shows. UNMARKED: its format has no end by which that could be told."""

    WHOLE = "whole"
    PART = "part"
    UNMARKED = "unmarked"
    LOCKED = "locked"


def wholeness(path: Path) -> Wholeness:
    """Whether a file has come whole. Programs that copy may give it its size at once and fill it later."""
    try:
        with open_regular(path) as file:
            return _seen(file, os.fstat(file.fileno()).st_size)
    except PermissionError:
        # Windows says so while another program writes; elsewhere it will not change by waiting.
        return Wholeness.LOCKED if os.name == "nt" else Wholeness.UNMARKED
    except OSError:
        return Wholeness.UNMARKED


def _seen(file: BinaryIO, size: int) -> Wholeness:
    head = file.read(8)
    if not head.strip(b"\0"):
        return Wholeness.PART
    if head.startswith(_ZIP):
        return Wholeness.WHOLE if _has_zip_end(file, size) else Wholeness.PART
    if head.startswith(_PDF):
        return Wholeness.WHOLE if _PDF_END in _tail(file, size, 2048) else Wholeness.PART
    return Wholeness.UNMARKED


def _has_zip_end(file: BinaryIO, size: int) -> bool:
    """Whether the end record stands where the file ends, and what it says of the directory lies within the file."""
    tail = _tail(file, size, _END_SIZE + _LONGEST_COMMENT)
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        return False
    length, start, comment = struct.unpack_from("<IIH", tail, at + 12)
    if len(tail) - at < _END_SIZE + comment:
        return False
    unknown = 0xFFFFFFFF
    return unknown in (length, start) or length + start <= size - (len(tail) - at)


def _tail(file: BinaryIO, size: int, most: int) -> bytes:
    file.seek(max(0, size - most))
    return file.read(most)
