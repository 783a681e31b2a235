"""The records of an .xls, looked through before xlrd reads them.

xlrd does not tell which cells are formulas, keeps rows up to the farthest cell in memory and follows what hostile
records say. It is given the records that it is asked about, and the others as records without meaning.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from perfxl.references import column_letters
from perfxl.workbook.container import damaged, password_refusal
from perfxl.workbook.limits import Limits
from perfxl.workbook.plain_book import MOST_MERGED, MOST_SHEETS, sheet_too_many
from perfxl.workbook.sheet_xml import too_far
from perfxl.workbook.xls.formulas import Links, formula_text

_BOF, _EOF, _CONTINUE, _SST, _BOUNDSHEET, _FILEPASS = 0x809, 0x0A, 0x3C, 0xFC, 0x85, 0x2F
_FORMULA, _STRING, _MERGED = 0x06, 0x207, 0xE5
_SUPBOOK, _EXTERNSHEET = 0x1AE, 0x17
_XF, _FONT, _FORMAT = 0xE0, 0x31, 0x41E
_IGNORED = 0x5D1F
"""A number that no record has."""
_GLOBALS = {_BOF, _EOF, _CONTINUE, _SST, _BOUNDSHEET, _XF, _FONT, _FORMAT, 0x22, 0x42, 0x92}
_CELLS = {_FORMULA, 0x406, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xD6, 0xFD}
"""FORMULA, NUMBER, LABEL, BOOLERR, RK, MULRK, RSTRING, LABELSST."""
_SHARED = (0x4BC, 0x221, 0x236, 0x37)
"""SHRFMLA, ARRAY, TABLE, which stand between a formula and its text."""
_SHEET = _CELLS | {_BOF, _EOF, _CONTINUE, _STRING, _MERGED, 0x208, 0x7D, 0x225, *_SHARED}
_MOST = {_XF: 8_000, _FONT: 4_000, _FORMAT: 4_000, _BOUNDSHEET: 1_000}
"""Excel itself allows about half of them."""
_MOST_RECORDS = 2_000_000
"""A record of a cell has 14 bytes at least, so the largest file to be read has fewer."""
_WORKSHEET, _GLOBALS_STREAM = 0x10, 0x05
_CALCULATED_ON_OPENING = 0x03
BIFF5, BIFF8 = 0x500, 0x600


@dataclass(slots=True)
class SheetRecords:
    """What xlrd does not tell of a sheet. Cells are (row, column), counted from 0.

    uncalculated: formulas without a result. count: of records.
    """

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    count: int = 0


@dataclass(slots=True)
class _Bound:
    start: int
    name: str


@dataclass(slots=True)
class Records:
    """The stream for xlrd, and its worksheets in their order."""

    stream: bytes
    sheets: list[SheetRecords]


def looked_through(stream: bytes, limits: Limits) -> Records:
    """The records that xlrd may read. Raises RefusalError for damage, a password, cells beyond the limits."""
    data = bytearray(stream)
    version, kind = _bof(stream, 0)
    if kind != _GLOBALS_STREAM or version not in (BIFF5, BIFF8):
        raise damaged()
    links = Links([], [], [])
    worksheets: list[_Bound] = []
    counts, at = dict.fromkeys(_MOST, 0), 0
    chunks: list[bytes] | None = None
    while True:
        code, start, end = _record(stream, at)
        if code == _FILEPASS:
            raise password_refusal()
        if code in counts:
            counts[code] += 1
            if counts[code] > _MOST[code]:
                raise damaged()
        if chunks is not None and code != _CONTINUE:
            _check_shared_texts(chunks)
            chunks = None
        if code == _SST:
            chunks = [stream[start:end]]
        elif code == _CONTINUE and chunks is not None:
            chunks.append(stream[start:end])
        elif code == _BOUNDSHEET and end - start > 6:
            name = _sheet_name(stream[start + 6 : end], version)
            links.sheets.append(name)
            if stream[start + 5] == 0:
                worksheets.append(_Bound(struct.unpack_from("<I", stream, start)[0], name))
        elif code == _SUPBOOK:
            links.own_books.append(stream[start + 2 : end] in (b"\x01\x04", b"\x01\x04\x00"))
        elif code == _EXTERNSHEET and version == BIFF8 and end - start >= 2:
            whole = (end - start - 2) // 6
            links.references += [struct.unpack_from("<3H", stream, start + 2 + 6 * n) for n in range(whole)]
        if code not in _GLOBALS or (at and code == _BOF) or (code == _CONTINUE and chunks is None):
            struct.pack_into("<H", data, at, _IGNORED)
        at = end
        if code == _EOF:
            break
    if len(worksheets) > MOST_SHEETS:
        raise sheet_too_many()
    sheets = [SheetRecords() for _ in worksheets]
    for number, bound in sorted(enumerate(worksheets), key=lambda item: item[1].start):
        if bound.start < at:
            # Two sheets that share records: each read of them would be a read of all.
            raise damaged()
        left = _MOST_RECORDS - sum(sheet.count for sheet in sheets)
        sheets[number], at = _look_at_sheet(data, bound.start, version, bound.name, links, limits, left)
    return Records(bytes(data), sheets)


def _record(stream: Sequence[int], at: int) -> tuple[int, int, int]:
    """Number of a record, start and end of its data."""
    if at + 4 > len(stream):
        raise damaged()
    code, length = struct.unpack_from("<HH", stream, at)  # type: ignore[arg-type]
    if at + 4 + length > len(stream):
        raise damaged()
    return code, at + 4, at + 4 + length


def _bof(stream: bytes | bytearray, at: int) -> tuple[int, int]:
    """Version and kind of the records that begin here."""
    code, start, end = _record(stream, at)
    if code != _BOF or end - start < 8:
        raise damaged()
    return struct.unpack_from("<HH", stream, start)


def _sheet_name(raw: bytes, version: int) -> str:
    """Only for the words of a refusal and of formulas: xlrd reads the names."""
    if version == BIFF8 and len(raw) > 1:
        wide = raw[1] & 1
        return raw[2 : 2 + raw[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
    return raw[1 : 1 + raw[0]].decode("gb18030", "replace")


def _look_at_sheet(
    data: bytearray, at: int, version: int, name: str, links: Links, limits: Limits, left: int
) -> tuple[SheetRecords, int]:
    """What the records of a sheet say, and where they end; records without meaning for xlrd lose their number."""
    if _bof(data, at)[1] != _WORKSHEET:
        raise damaged()
    found, depth, merged = SheetRecords(), 0, 0
    formula, in_text = False, False
    while True:
        code, start, end = _record(data, at)
        found.count += 1
        if found.count > left:
            raise damaged()
        known = code in _SHEET and not (depth > 1 or (depth and code == _BOF))
        if code == _BOF:
            depth += 1
        elif code == _EOF:
            depth -= 1
            if not depth:
                return found, end
            known = False
        elif known and code in _CELLS:
            row, col, last = _place(data, code, start, end)
            if row >= limits.rows or last >= limits.columns:
                raise too_far(name, f"{column_letters(max(col, last))}{row + 1}", limits)
            if code in (_FORMULA, 0x406):
                _add_formula(found, (row, col), bytes(data[start:end]), version, links)
        elif known and code == _MERGED:
            merged += (end - start) // 8
            known = merged <= MOST_MERGED
        elif (known and code in _SHARED and not formula) or (known and code == _CONTINUE and not in_text):
            known = False
        in_text = known and (code == _STRING or (code == _CONTINUE and in_text))
        formula = known and (code in (_FORMULA, 0x406) or (formula and code in _SHARED))
        if not known:
            struct.pack_into("<H", data, at, _IGNORED)
        at = end


def _place(data: bytearray, code: int, start: int, end: int) -> tuple[int, int, int]:
    """Row, first and last column of a cell record."""
    if end - start < 6:
        raise damaged()
    row, col = struct.unpack_from("<HH", data, start)
    last = struct.unpack_from("<H", data, end - 2)[0] if code == 0xBD else col
    return row, col, max(last, col)


def _add_formula(found: SheetRecords, place: tuple[int, int], record: bytes, version: int, links: Links) -> None:
    if len(record) < 22:
        raise damaged()
    result, flags = record[6:14], struct.unpack_from("<H", record, 14)[0]
    length = struct.unpack_from("<H", record, 20)[0]
    tokens = record[22 : 22 + length]
    found.formulas[place] = formula_text(tokens, links if version == BIFF8 else None)
    # Programs that do not calculate write an empty text and ask for it to be done on opening.
    if result[6:8] == b"\xff\xff" and result[0] == 3 and flags & _CALCULATED_ON_OPENING == _CALCULATED_ON_OPENING:
        found.uncalculated.add(place)


def _check_shared_texts(chunks: list[bytes]) -> None:
    """Raises RefusalError where a text says more than there is; else xlrd would read some again and again."""
    if len(chunks[0]) < 8:
        raise damaged()
    count = struct.unpack_from("<I", chunks[0], 4)[0]
    size = sum(map(len, chunks))
    if count > size // 3 + 1:
        raise damaged()
    chunk, at = 0, 8
    for _ in range(count):
        if chunk >= len(chunks) or at + 3 > len(chunks[chunk]):
            raise damaged()
        length, flags = struct.unpack_from("<HB", chunks[chunk], at)
        at += 3
        behind = 0
        if flags & 8:
            behind += 4 * int.from_bytes(chunks[chunk][at : at + 2], "little")
            at += 2
        if flags & 4:
            behind += int.from_bytes(chunks[chunk][at : at + 4], "little")
            at += 4
        if behind > size:
            raise damaged()
        while length:
            width = 1 + (flags & 1)
            here = min(max(len(chunks[chunk]) - at, 0) // width, length)
            at, length = at + here * width, length - here
            if length:
                chunk, at = chunk + 1, 1
                if chunk >= len(chunks) or not chunks[chunk]:
                    raise damaged()
                flags = chunks[chunk][0]
        at += behind
        while chunk < len(chunks) and at >= len(chunks[chunk]):
            at -= len(chunks[chunk])
            chunk += 1
