"""The workbook stream of an OLE compound file, in which an .xls is kept.

xlrd reads these files as well, but its walk over a directory whose entries point to each other has no end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from perfxl.workbook.container import OLE, damaged

_HEADER = 512
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_NAMES = ("workbook", "book")
"""Of the two that a file for old and new programs holds, Excel reads the first."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def workbook_stream(data: bytes) -> bytes:
    """The stream, whole. Raises RefusalError where it is not there, or its chain of sectors is none."""
    if not data.startswith(OLE) or len(data) < _HEADER or data[28:30] != b"\xfe\xff":
        raise damaged()
    shift, short_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or short_shift != 6:
        raise damaged()
    sectors = _Sectors(data, 1 << shift)
    entries = _entries(b"".join(sectors.chain(struct.unpack_from("<I", data, 48)[0], sectors.count)))
    root = entries[0] if entries else None
    if root is None or root.kind != _ROOT:
        raise damaged()
    found = {entry.name.lower(): entry for entry in _children(entries, root) if entry.kind == _STREAM}
    entry = next((found[name] for name in _NAMES if name in found), None)
    if entry is None or entry.size > len(data):
        raise damaged()
    if entry.size >= struct.unpack_from("<I", data, 56)[0]:
        stream = b"".join(sectors.chain(entry.start, -(-entry.size // sectors.size)))
    else:
        stream = _short_stream(sectors, root, entry)
    if len(stream) < entry.size:
        raise damaged()
    return stream[: entry.size]


class _Sectors:
    """The sectors of a file and the table of which follows which."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data = data
        self.size = size
        self.count = -(-(len(data) - _HEADER) // size)
        self.next = self._table()

    def sector(self, number: int) -> bytes:
        """A sector; the last may be cut short by programs that do not fill it up."""
        if number >= self.count:
            raise damaged()
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def numbers(self, number: int) -> tuple[int, ...]:
        """A sector of the tables."""
        sector = self.sector(number)
        return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])

    def _table(self) -> list[int]:
        places = list(struct.unpack_from("<109I", self.data, 76))
        more, left = struct.unpack_from("<I", self.data, 68)[0], self.count
        while more not in (_END, _FREE) and left:
            *further, more = self.numbers(more)
            places += further
            left -= 1
        table: list[int] = []
        used = [place for place in places if place not in (_END, _FREE)]
        if len(used) > self.count:
            raise damaged()
        for place in used:
            table += self.numbers(place)
        return table

    def chain(self, start: int, most: int) -> Iterator[bytes]:
        """The sectors from one on, up to the end of the chain or the most there may be; never in a circle."""
        number, seen = start, set[int]()
        while number != _END and len(seen) < most:
            if number in seen or number >= len(self.next):
                raise damaged()
            seen.add(number)
            yield self.sector(number)
            number = self.next[number]


def _short_stream(sectors: _Sectors, root: _Entry, entry: _Entry) -> bytes:
    """A small stream, which shares sectors with others."""
    start, count = struct.unpack_from("<II", sectors.data, 60)
    raw = b"".join(sectors.chain(start, min(count, sectors.count)))
    following = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
    store = b"".join(sectors.chain(root.start, sectors.count))
    pieces: list[bytes] = []
    number, seen = entry.start, set[int]()
    while number != _END and len(pieces) * 64 < entry.size:
        if number in seen or number >= len(following):
            raise damaged()
        seen.add(number)
        pieces.append(store[number * 64 : number * 64 + 64])
        number = following[number]
    return b"".join(pieces)


def _entries(directory: bytes) -> list[_Entry]:
    entries = []
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        raw = directory[at : at + _ENTRY]
        length, kind, _, left, right, child = struct.unpack_from("<HBBIII", raw, 64)
        start, size = struct.unpack_from("<II", raw, 116)
        name = raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        entries.append(_Entry(name, kind, left, right, child, start, size))
    return entries


def _children(entries: list[_Entry], root: _Entry) -> Iterator[_Entry]:
    """The entries of the root itself: an embedded workbook has a stream of the same name below."""
    waiting, seen = [root.child], set[int]()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        entry = entries[number]
        waiting += [entry.left, entry.right]
        yield entry
