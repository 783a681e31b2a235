"""The part `xl/sharedStrings.xml`, for workbooks whose cells refer to texts by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from xlsxwriter.sharedstrings import SharedStrings

from perfxl.caches import cached
from perfxl.xlsx.texts import SHORT, is_unusual

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def shared_texts(table: Any) -> Iterable[str]:
    """XlsxWriter's table of texts as XML, piece by piece."""
    yield texts_head(table)
    yield from items(table.string_table)
    yield "</sst>"


def texts_head(table: Any) -> str:
    """What stands before the texts of a table."""
    counts = f'count="{table.count}" uniqueCount="{len(table.string_table)}"'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{_MAIN}" {counts}>'


def items(texts: Iterable[str]) -> Iterator[str]:
    """Texts as they stand in the part."""
    return (_unusual_item(text) if is_unusual(text) else f"<si><t>{text}</t></si>" for text in texts)


def _unusual_item(text: str) -> str:
    return _short_item(text) if len(text) <= SHORT else _item(text)


def _item(text: str) -> str:
    strings = SharedStrings()
    strings.fh = StringIO()
    strings._write_si(text)
    written: str = strings.fh.getvalue()
    return written


_short_item = cached(maxsize=5000)(_item)
