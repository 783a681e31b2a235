"""What could not be read as it stands, so that no check compares it with anything: it has a finding of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from perfxl.checks.table_rows import shared
from perfxl.intake.submission_tables import Tables

_KPI_INPUTS = frozenset({"level1", "symbol", "target", "actual", "weight"})
Codes = Mapping[str, frozenset[str]]


@shared
def unread_cells(tables: Tables) -> frozenset[tuple[str, str, str, str]]:
    """File, table, key and field of every cell that gave no value where it should."""
    cells = tables.doubtful
    return frozenset(cells.kept(cells["trouble"] != "").rows("table", "key", "field"))


@shared
def files_with_unread_levels(tables: Tables) -> frozenset[str]:
    """Files in which a KPI row could belong to any indicator."""
    return frozenset(file for file, table, _, field in unread_cells(tables) if (table, field) == ("kpis", "level1"))


@shared
def unread_indicators(tables: Tables) -> Codes:
    """Codes of the indicators with an input that gave no value, by file."""
    return _indicators_of(tables, unread_cells(tables))


def otherwise_read_indicators(tables: Tables, file: str) -> frozenset[str]:
    """Codes of the indicators with an input that perfxl reads otherwise than Excel's formulas do.

    Excel takes a text such as "１２" for no number, "是 " for another word than "是", and -1 for a number.
    """
    cells = (
        (file, *name)
        for name, cell in tables.submissions[file].fields.items()
        if cell.reading.trouble or cell.reading.note or (isinstance(cell.raw, str) and cell.raw != cell.reading.value)
    )
    return _indicators_of(tables, chain(cells, _replaced(tables, file))).get(file, frozenset())


def _replaced(tables: Tables, file: str) -> Iterator[tuple[str, str, str, str]]:
    """The cells of a file in which something else stands than what counts."""
    # In the workbook stands what the department wrote, or what the template had for it, and not the bureau's word.
    submission = tables.submissions[file]
    for row in submission.absent:
        yield file, "kpis", row, "target"
    for name, cell in submission.written.items():
        if cell.reading.value != submission.fields[name].reading.value or isinstance(cell.raw, str):
            yield file, *name


@shared
def files_with_odd_self_scores(tables: Tables) -> frozenset[str]:
    """Files in which a self score is not a plain number, so that Excel's sum of them is another."""
    cells = tables.doubtful
    return frozenset(file for file, *_ in cells.kept((cells["table"] == "scores") & (cells["field"] == "self")).rows())


def _indicators_of(tables: Tables, cells: Iterable[tuple[str, str, str, str]]) -> Codes:
    scheme = tables.scheme
    judged = {item.code for item in scheme.kpi_indicators}
    found: dict[str, set[str]] = {}
    for file, table, key, field in cells:
        if table == "facts":
            found.setdefault(file, set()).update(item.code for item in scheme.users_of(key))
        elif table == "kpis" and field in _KPI_INPUTS:
            owner = scheme.kpi_indicator.get(str(tables.submissions[file].value("kpis", key, "level1")))
            found.setdefault(file, set()).update({owner.code} if owner and field != "level1" else judged)
    return {file: frozenset(codes) for file, codes in found.items()}
