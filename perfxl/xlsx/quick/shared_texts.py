"""The part `xl/sharedStrings.xml`, for workbooks whose cells refer to texts by their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

from xlsxwriter.sharedstrings import SharedStrings

from perfxl.caches import cached
from perfxl.xlsx.texts import SHORT

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def shared_texts(table: Any) -> Iterable[str]:
    """XlsxWriter's table of texts as XML, piece by piece."""
    texts = table.string_table
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    yield f'<sst xmlns="{_MAIN}" count="{table.count}" uniqueCount="{len(texts)}">'
    for text in texts:
        yield _short_item(text) if len(text) <= SHORT else _item(text)
    yield "</sst>"


def _item(text: str) -> str:
    strings = SharedStrings()
    strings.fh = StringIO()
    strings._write_si(text)
    written: str = strings.fh.getvalue()
    return written


_short_item = cached(maxsize=5000)(_item)
