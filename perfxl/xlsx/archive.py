"""The zip file around a workbook's parts, from members that may be packed once and used in many workbooks.

`zipfile` takes the content of a member only unpacked, and spends longer on its own book-keeping than on packing a small
part. Members here have one fixed date and sizes below 4 GB, so that a member is two fixed records.
"""

from __future__ import annotations

import errno
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from perfxl.deflate import DEFLATED, RAW, compressobj, crc32

LARGEST = 2**32 - 1  # bytes of the whole and of a part
MOST = 65_535  # members
_VERSION, _UNIX, _STORED, _DEFLATED, _UTF8_NAME = 20, 3, 0, 8, 0x800
_TIME, _DATE = 0, 33  # 1980-01-01, as XlsxWriter writes it
_OWNER_READS_AND_WRITES = 0o600 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4sBB5H3L5H2L")
_LAST_BLOCK = b"\3\0"  # an empty one, which ends a stream
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class Member:
    """A packed part, or one that is stored as it is. size: bytes when unpacked."""

    name: bytes
    crc: int
    size: int
    packed: bytes
    method: int = _DEFLATED

    def renamed(self, name: str) -> Member:
        """The same content under another name."""
        return self if self.name == name.encode() else replace(self, name=name.encode())


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a part that is packed by itself, so that it can stand in many parts."""

    data: bytes
    packed: bytes


def store(name: str, data: bytes) -> Member:
    """A part that is not packed."""
    return Member(name.encode(), crc32(data), len(data), data, _STORED)


def pack(name: str, text: str | bytes, level: int) -> Member:
    """Packs a part of a package. level: QUICK or COMPACT (`perfxl.deflate`)."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    packer = compressobj(level, DEFLATED, RAW)
    return Member(name.encode(), crc32(data), len(data), packer.compress(data) + packer.flush())


def piece(text: str, level: int) -> Piece:
    """Packs a stretch of a part. level: QUICK or COMPACT (`perfxl.deflate`)."""
    data = text.encode("utf-8")
    packer = compressobj(level, DEFLATED, RAW)
    # A full flush ends at a whole byte, and nothing behind it refers to what stands before.
    return Piece(data, packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH))


def joined(name: str, pieces: Iterable[Piece]) -> Member:
    """A part of pieces that are packed already."""
    crc = size = 0
    packed = []
    for each in pieces:
        crc, size = crc32(each.data, crc), size + len(each.data)
        packed.append(each.packed)
    return Member(name.encode(), crc, size, b"".join((*packed, _LAST_BLOCK)))


class Archive:
    """A zip file that is written to an open file, member by member; `close` ends it.

    Raises OSError where the disk is full, or where the file would need ZIP64, which not all programs read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: list[bytes] = []
        self._place = 0

    def add(self, member: Member) -> None:
        """Writes a packed part."""
        self._file.write(self._local(member.name, member.crc, len(member.packed), member.size, member.method))
        self._file.write(member.packed)

    @contextmanager
    def long_part(self, name: str, level: int) -> Iterator[LongPart]:
        """A part that is packed while it is written, as long as it is open. level: QUICK or COMPACT."""
        start, data = self._file.tell(), name.encode()
        self._file.write(bytes(_LOCAL.size) + data)
        part = LongPart(self._file, level)
        yield part
        part.finish()
        # Crc and sizes stand before the part.
        end = self._file.tell()
        self._file.seek(start)
        packed = end - start - _LOCAL.size - len(data)
        self._file.write(self._local(data, part.crc, packed, part.size, _DEFLATED))
        self._file.seek(end)

    def _local(self, name: bytes, crc: int, packed: int, size: int, method: int) -> bytes:
        place = self._place
        self._place += _LOCAL.size + len(name) + packed
        if self._place > LARGEST or size > LARGEST:
            raise OSError(errno.EFBIG, "a workbook of more than 4 GB")
        common = (0 if name.isascii() else _UTF8_NAME, method, _TIME, _DATE, crc, packed, size, len(name), 0)
        central = (b"PK\1\2", _VERSION, _UNIX, _VERSION, *common, 0, 0, 0, _OWNER_READS_AND_WRITES, place)
        self._directory += (_CENTRAL.pack(*central), name)
        return _LOCAL.pack(b"PK\3\4", _VERSION, *common) + name

    def close(self) -> None:
        """Writes the directory."""
        count, directory = len(self._directory) // 2, b"".join(self._directory)
        if count > MOST:
            raise OSError(errno.EFBIG, f"a workbook of more than {MOST} parts")
        self._file.write(directory)
        self._file.write(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._place, 0))


class LongPart:
    """A part that is packed while it is written. crc, size: of what was written up to now."""

    def __init__(self, file: BinaryIO, level: int) -> None:
        self._file = file
        self._packer = compressobj(level, DEFLATED, RAW)
        self.crc = self.size = 0

    def write(self, text: str) -> None:
        """Takes more of the part."""
        data = text.encode("utf-8")
        self.crc, self.size = crc32(data, self.crc), self.size + len(data)
        self._file.write(self._packer.compress(data))

    def finish(self) -> None:
        """Nothing more comes."""
        self._file.write(self._packer.flush())
