"""The zip file around a workbook's parts, from members that may be packed once and used in many workbooks.

`zipfile` takes the content of a member only unpacked, and spends longer on its own book-keeping than on packing a small
part. Members here have names in ASCII, one fixed date and sizes below 2 GB, so that a member is two fixed records.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.exceptions import FileSizeError

SMALL = 65_536  # bytes of a part, up to which a small window and little memory pack as well
LARGEST = 2**31 - 1  # bytes of the whole, as `zipfile` has it without ZIP64
MOST = 65_535  # members
_VERSION, _UNIX, _DEFLATED, _TIME, _DATE = 20, 3, 8, 0, 33  # 1980-01-01, as XlsxWriter writes it
_OWNER_READS_AND_WRITES = 0o600 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4sBB5H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class Member:
    """A packed part. size: bytes when unpacked."""

    name: bytes
    crc: int
    size: int
    packed: bytes


def pack(name: str, text: str, level: int) -> Member:
    """Packs a part of a package. level: of zlib, 1 quick to 9 small."""
    data = text.encode("utf-8")
    # zlib clears all its memory for each part, which takes longer than to pack a kilobyte.
    window, memory = (14, 7) if len(data) <= SMALL else (15, 8)
    packer = zlib.compressobj(level, zlib.DEFLATED, -window, memory)
    return Member(name.encode("ascii"), zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def archive(members: Sequence[Member]) -> bytes:
    """The zip file with these members, in order. Raises FileSizeError where it would need ZIP64."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    place = 0
    for member in members:
        name, packed = member.name, member.packed
        common = (0, _DEFLATED, _TIME, _DATE, member.crc, len(packed), member.size, len(name), 0)
        pieces += (_LOCAL.pack(b"PK\3\4", _VERSION, *common), name, packed)
        central = (b"PK\1\2", _VERSION, _UNIX, _VERSION, *common, 0, 0, 0, _OWNER_READS_AND_WRITES, place)
        directory += (_CENTRAL.pack(*central), name)
        place += _LOCAL.size + len(name) + len(packed)
        if place > LARGEST or member.size > LARGEST:
            raise FileSizeError("a workbook of more than 2 GB")
    if len(members) > MOST:
        raise FileSizeError(f"a workbook of more than {MOST} parts")
    size = sum(map(len, directory))
    pieces += directory
    pieces.append(_END.pack(b"PK\5\6", 0, 0, len(members), len(members), size, place, 0))
    return b"".join(pieces)
