"""A department's result workbook that comes back among the workbooks: no submission, but its objections are taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perfxl.layout.result_marks import BASIS, CLAIM, COLUMN_SIGN, RESULT_SHEET, ROW_SIGN, ResultMark, is_summary
from perfxl.layout.sheets import META
from perfxl.references import column_letters
from perfxl.submission.objection import Objection
from perfxl.submission.values import as_written
from perfxl.text import fold, is_blank, without_invisible
from perfxl.workbook.limits import RefusalError
from perfxl.workbook.sheet_cells import Raw, Rows

MOST = 500
"""More objections has no department; what is beyond is no longer read."""
LONGEST = 2_000
"""Characters of a claim or basis that are kept."""


class ResultBookError(RefusalError):
    """A result workbook: not to be scored. objections: what is filled in on its sheet 异议; None for a summary."""

    def __init__(self, objections: Sequence[Objection] | None) -> None:
        if objections is None:
            what, objections = "以前运行得到的汇总工作簿，不是填报表", ()
        else:
            what = f"部门结果工作簿，{f'已收下其中 {len(objections)} 条异议' if objections else '其中没有填写异议'}"
        super().__init__(what, "", "")
        self.objections = tuple(objections)

    @property
    def reason(self) -> str:
        """What the list of received files says."""
        return self.what


def take_objections(titles: Sequence[str], rows_of: Callable[[str], Rows]) -> None:
    """Raises ResultBookError where the workbook with these sheets is of the results. rows_of: those of a sheet."""
    folded = {fold(title): title for title in titles}
    if META in folded:
        return
    if is_summary(folded):
        raise ResultBookError(None)
    if RESULT_SHEET not in folded:
        return
    mark = ResultMark.of(rows_of(folded[RESULT_SHEET]))
    if mark is None:
        return
    found: list[Objection] = []
    for title in titles:
        if fold(title) != RESULT_SHEET:
            found += _on_sheet(title, rows_of(title), mark)
    raise ResultBookError(found[:MOST])


def _on_sheet(title: str, rows: Rows, mark: ResultMark) -> list[Objection]:
    columns: dict[str, int] = {}
    for row in rows:
        keys = {fold(cell): col for col, cell in enumerate(row) if isinstance(cell, str)}
        if COLUMN_SIGN + CLAIM in keys:
            columns = {key: keys[COLUMN_SIGN + key] for key in (CLAIM, BASIS) if COLUMN_SIGN + key in keys}
            break
    if not columns:
        return []
    found = []
    for number, row in enumerate(rows):
        key = fold(row[0]) if row and isinstance(row[0], str) else ""
        if not key.startswith(ROW_SIGN):
            continue
        claim, basis = (_text(row, columns.get(name)) for name in (CLAIM, BASIS))
        if claim or basis:
            cell = f"{column_letters(columns[CLAIM])}{number + 1}"
            found.append(
                Objection(
                    mark.scheme, mark.code, mark.name, mark.project, mark.project_code, key.removeprefix(ROW_SIGN),
                    claim, basis, "", title, cell, mark.started,
                )
            )  # fmt: skip
    return found


def _text(row: Sequence[Raw], col: int | None) -> str:
    if col is None or col >= len(row) or is_blank(row[col]):
        return ""
    return without_invisible(as_written(row[col]))[:LONGEST]
