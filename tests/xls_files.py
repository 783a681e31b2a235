"""Small .xls files by their records, for what no program writes."""

from __future__ import annotations

import struct
from collections.abc import Sequence

END, FREE, FAT, DIFAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
SECTOR = 512


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


EOF = record(0x0A)
FONT = record(0x31, struct.pack("<HHHHHBBBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"A")


def xf(number_format: int = 0) -> bytes:
    return record(0xE0, struct.pack("<HHHBBBBIIH", 0, number_format, 1, 0, 0, 0, 0, 0, 0, 0))


STYLES = FONT * 4 + xf() * 16


def number(row: int, col: int, value: float, style: int = 15) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, col, style, value))


def formula(row: int, col: int, tokens: bytes, result: bytes, flags: int = 0) -> bytes:
    head = struct.pack("<HHH", row, col, 15) + result + struct.pack("<HIH", flags, 0, len(tokens))
    return record(0x06, head + tokens)


def shared_text(row: int, col: int, at: int) -> bytes:
    return record(0xFD, struct.pack("<HHHI", row, col, 15, at))


def sst(*texts: bytes, count: int | None = None) -> bytes:
    number = len(texts) if count is None else count
    return record(0xFC, struct.pack("<II", number, number) + b"".join(texts))


def text(value: str, claimed: int | None = None, flags: int = 1, more: bytes = b"") -> bytes:
    return struct.pack("<HB", len(value) if claimed is None else claimed, flags) + more + value.encode("utf-16-le")


def workbook(
    cells: bytes, globals_: bytes = STYLES, names: Sequence[str] = ("表",), *, one_place: bool = False
) -> bytes:
    """The records of a workbook whose sheets all hold the cells."""
    sheet = bof(0x10) + cells + EOF
    bounds = [name.encode("utf-16-le") for name in names]
    size = len(bof(5)) + len(globals_) + sum(4 + 8 + len(name) for name in bounds) + len(EOF)
    places = [size if one_place else size + at * len(sheet) for at in range(len(names))]
    told = b"".join(
        record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        for place, name in zip(places, bounds, strict=True)
    )
    return bof(5) + globals_ + told + EOF + sheet * (1 if one_place else len(names))


def entry(
    name: str, kind: int, start: int, size: int, *, left: int = FREE, right: int = FREE, child: int = FREE
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, left, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def compound(
    stream: bytes,
    *,
    fat_changes: dict[int, int] | None = None,
    directory: bytes | None = None,
    first_difat: int | None = None,
) -> bytes:
    """A compound file: tables first, then the directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // SECTOR)
    folders = -(-len(directory or bytes(SECTOR)) // SECTOR)
    tables = further = 1
    while tables * 128 < tables + further + folders + sectors:
        tables += 1
        further = -(-max(tables - 109, 0) // 127)
    further = -(-max(tables - 109, 0) // 127)
    first = tables + further + folders
    if directory is None:
        directory = entry("Root Entry", 5, END, 0, child=1) + entry("Workbook", 2, first, len(stream))
    chain = [FAT] * tables + [DIFAT] * further + _chained(tables + further, folders) + _chained(first, sectors)
    for at, following in (fat_changes or {}).items():
        chain[at] = following
    more = [*range(109, tables), *[FREE] * (further * 127 - max(tables - 109, 0))]
    pieces = [
        struct.pack("<128I", *more[127 * at : 127 * at + 127], tables + at + 1 if at + 1 < further else END)
        for at in range(further)
    ]
    start = (tables if further else END) if first_difat is None else first_difat
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", tables, tables + further, 0, 4096, END, 0, start, further)
    header += struct.pack(f"<{min(tables, 109)}I", *range(min(tables, 109)))
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * SECTOR, b"\xff")
    parts = (header.ljust(SECTOR, b"\xff"), table, *pieces, directory.ljust(folders * SECTOR, b"\0"))
    return b"".join(parts) + stream.ljust(sectors * SECTOR, b"\0")


def _chained(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), END] if count else []
