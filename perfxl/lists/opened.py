"""A workbook that may be one of the bureau's lists, opened in a process that may be lost."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.errors import UsageError, system_words
from perfxl.files import read_regular
from perfxl.intake.known_lists import Known, is_ours_otherwise, list_in
from perfxl.processes import told_of
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.rows import SeenSheet, read_seen

LIMITS = Limits(rows=100_000, columns=1_000, ratio=1_000)
"""A list has a row for each department of a province, and a column for each fact of a scheme."""


@dataclass(frozen=True)
class OpenList:
    """A workbook with the rows of its sheets in their order. known: which list it is; None where it is none by itself.

    ours: whether it is a template or a scheme, of which nothing was read.
    """

    path: Path
    sha256: str
    bytes: int
    sheets: Mapping[str, SeenSheet]
    known: Known | None = None
    ours: bool = False


def open_list(path: Path) -> OpenList:
    """The workbook at a path. Raises UsageError where it cannot be read."""
    # The process that reads may stand in another folder.
    return told_of(path, _open, path, path.absolute())


def _open(path: Path, place: Path) -> OpenList:
    try:
        data = read_regular(place, LIMITS.file_bytes + 1)
        sheets = read_seen(data, LIMITS, _unless_ours)
    except OSError as error:
        raise UsageError(f"“{path}”打不开（{system_words(error)}）。请检查路径，并关闭正打开它的程序") from error
    except RefusalError as error:
        raise UsageError(f"“{path}”不能用：{error.what}。请用 Excel 另存为 .xlsx") from error
    titles = list(sheets)
    known = list_in(path.name, titles, lambda title: sheets[title].rows)
    return OpenList(path, hashlib.sha256(data).hexdigest(), len(data), sheets, known, is_ours_otherwise(titles))


def _unless_ours(titles: Sequence[str]) -> Collection[str]:
    # Templates and schemes stand in the same folder; nothing in them is asked for here.
    return () if is_ours_otherwise(titles) else titles
