"""Departments that the bureau names: on the command line, or in a text file or workbook that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from perfxl.errors import UsageError, system_words
from perfxl.files import read_regular
from perfxl.processes import told_of
from perfxl.review_books.candidates import Candidate
from perfxl.review_books.propose import Choice
from perfxl.submission.identity import code_key, name_key
from perfxl.submission.values import as_written
from perfxl.text import is_blank
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import read_rows

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".et")
TEXTS = (".txt", ".csv")
_LARGEST_TEXT = 5_000_000
_SHOWN = 10
NAMED = "由财政部门指定"


def named(candidates: Sequence[Candidate], texts: Iterable[str]) -> list[Choice]:
    """The candidates that are named by code, name or project, or in files that list them, in their order.

    Of a unit with several projects all are meant. Raises UsageError where a name is none of them, or a file cannot be
    read or names none.
    """
    known = _Known(candidates)
    found: set[int] = set()
    strange: list[str] = []
    for text in texts:
        path = Path(text)
        if path.suffix.lower() in (*BOOKS, *TEXTS):
            found |= _in_file(path, known)
        elif numbers := known.of(text):
            found |= numbers
        else:
            strange.append(text)
    if strange:
        names = "、".join(f"“{text}”" for text in strange[:_SHOWN]) + ("等" if len(strange) > _SHOWN else "")
        raise UsageError(f"--departments {names}不在上次运行已评分的部门中。请核对名称或代码；退回修改的不能复核")
    return [Choice(item, NAMED) for number, item in enumerate(candidates) if number in found]


class _Known:
    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._by_key: dict[str, set[int]] = {}
        for number, item in enumerate(candidates):
            own = item.identity
            for key in (own.code, own.name, own.project, own.project_code):
                if key:
                    self._by_key.setdefault(key, set()).add(number)

    def of(self, text: str) -> set[int]:
        """The numbers of those that a text names."""
        return self._by_key.get(name_key(text)) or self._by_key.get(code_key(text)) or set()


def _in_file(path: Path, known: _Known) -> set[int]:
    lines = told_of(path, _lines, path)
    found: set[int] = set().union(*(known.of(text) for line in lines for text in line))
    if not found:
        raise UsageError(f"“{path}”里没有上次运行已评分的部门。请一行写一个名称或代码")
    return found


def _lines(path: Path) -> list[list[str]]:
    """The texts of a file, row by row. Done in a process that may be lost."""
    limits = Limits()
    try:
        if path.suffix.lower() in TEXTS:
            data = read_regular(path, _LARGEST_TEXT)
            return [line.replace("，", ",").split(",") for line in _decoded(data).splitlines()]
        sheets = read_rows(read_regular(path, limits.file_bytes + 1), limits)
    except OSError as error:
        raise UsageError(f"“{path}”打不开（{system_words(error)}）。请检查路径") from error
    except RefusalError as error:
        raise UsageError(f"“{path}”不能用：{error.what}") from error
    rows = next((rows for rows in sheets.values() if rows), [])
    return [[as_written(cell) for cell in row if not is_blank(cell)] for row in rows]


def _decoded(data: bytes) -> str:
    """A text file as Windows writes it: UTF-8 with or without a mark, UTF-16, or GBK."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
