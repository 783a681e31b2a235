"""Schemes of the first format, read as they were meant: what has another form now is changed row by row, places kept.

Rule kinds and settings that were renamed know their former names themselves (`Rule.former`, `SettingSpec.aliases`), and
tables and columns that did not exist then have defaults (`added`). What is left is here: the caps by spending rate, and
the option that would say another thing by its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from perfxl.decimals import ONE, ZERO, plain
from perfxl.errors import Fault
from perfxl.scheme.convert import NO, UnfitError, number
from perfxl.scheme.evaluated import FORMER_TITLES
from perfxl.scheme.raw_scheme import MALFORMED, TABLES, Cell, RawScheme, RawTable, Row
from perfxl.text import is_blank

CAPS, RATE, CAP = "caps", "rate", "cap"
OLD_SHEETS: Mapping[str, str] = {CAPS: "支出率封顶"}
"""Sheets of the first format by the table that they are now."""
OLD_COLUMNS: Mapping[str, Mapping[str, str]] = {CAPS: {RATE: "支出率下限"}}
"""Columns of the first format that are none any more, by table: key and heading."""
OLD_HEADINGS: Mapping[str, str] = {"事实代码": "事项代码"}
"""Headings that were renamed, as they were and as they are: workbooks with the old ones are still read."""
TITLED_FORMAT = 3
"""From this format of scheme workbooks on, a name of 代码, 名称 or 类别 that stands there is the bureau's own."""
_WRITTEN_OUT = {f"{part}_label": FORMER_TITLES[part] for part in ("code", "name", "category")}
_FULL = Decimal(100)


def upgraded(raw: RawScheme) -> RawScheme:
    """The tables as of the present format; what an old row lacks is told as it was then."""
    first = is_first_format(raw)
    tables = dict(raw.tables)
    faults: list[Fault] = []
    if any(RATE in row.cells for row in raw.tables[CAPS].rows):
        tables[CAPS] = _caps(raw, faults)
    if first:
        # Targets below 0 were refused.
        tables["options"] = _with(tables["options"], "negative_targets", NO)
    return replace(raw, tables=tables, faults=(*raw.faults, *faults))


def without_former_titles(evaluated: RawTable) -> RawTable:
    """The table 评价对象 of an earlier export, which wrote out what codes and names were called where nobody said."""

    def said(cells: Mapping[str, Cell]) -> dict[str, Cell]:
        return {
            name: Cell(None, cell.place) if name in _WRITTEN_OUT and cell.value == _WRITTEN_OUT[name] else cell
            for name, cell in cells.items()
        }

    return replace(evaluated, rows=tuple(replace(row, cells=said(row.cells)) for row in evaluated.rows))


def is_first_format(raw: RawScheme) -> bool:
    """Whether the file has nothing that the first format did not have."""
    for table in TABLES:
        for row in raw.tables[table.key].rows:
            if any(table.added or table.by_name[name].spec.added for name in row.cells if name in table.by_name):
                return False
    return True


def _with(raw: RawTable, name: str, value: Any) -> RawTable:
    rows = [replace(row, cells={**row.cells, name: Cell(value, row.place)}) for row in raw.rows]
    return replace(raw, rows=tuple(rows))


@dataclass(frozen=True)
class _Band:
    """A row of the old table: from `rate` on, up to the next row, the total is at most `cap`."""

    row: Row
    rate: Decimal

    @property
    def cap(self) -> Cell:
        return self.row.cells.get(CAP, Cell(None, self.row.place))


def _caps(raw: RawScheme, faults: list[Fault]) -> RawTable:
    """Rows by their lower bound become rows by the bound below which they hold, highest first; others stay."""
    table = raw.tables[CAPS]
    label = f"“{OLD_COLUMNS[CAPS][RATE]}”" + (f"（{RATE}）" if raw.shows_keys else "")
    bands: list[_Band] = []
    others: list[Row] = []
    sound = True
    for row in table.rows:
        if RATE not in row.cells:
            others.append(row)
            continue
        fault = _fault(row, label, bands)
        if fault is not None:
            faults.append(fault)
            sound = False
        elif row.cells[RATE].value is not MALFORMED:
            bands.append(_Band(row, number(row.cells[RATE].value)))
    bands.sort(key=lambda band: band.rate)
    if sound and bands and bands[0].rate > 0:
        what = f"支出率封顶的最低一档从 {plain(bands[0].rate)} 起"
        faults.append(Fault(bands[0].row.place_of(RATE), what, "最低一档的支出率下限应为 0"))
        sound = False
    if sound and (falling := next((pair for pair in pairwise(bands) if _falls(*pair)), None)):
        lower, higher = falling
        what = f"支出率 {plain(higher.rate)} 起的总分最高，低于支出率更低的 {plain(lower.rate)} 起一档"
        faults.append(Fault(higher.row.place_of(CAP), what, "支出率越低，总分最高也应越低；请核对"))
        sound = False
    if not sound:
        # What the rows should say is not known, so nothing is said of them either.
        return replace(table, rows=(), whole=False)
    rows = [_row(band, "<", above.rate, above.row.place_of(RATE)) for band, above in pairwise(bands)]
    if bands and not _caps_nothing(bands[-1].cap):
        rows.append(_row(bands[-1], "≥", bands[-1].rate, bands[-1].row.place_of(RATE)))
    return replace(table, rows=(*reversed(rows), *others))


def _fault(row: Row, label: str, bands: list[_Band]) -> Fault | None:
    """What is wrong with the bound of an old row."""
    cell = row.cells[RATE]
    if cell.value is MALFORMED:
        return None
    if is_blank(cell.value):
        return Fault(cell.place, f"没有填写{label}", "请填写：含本数，0.7 即 70%")
    for name in ("fact", "sign", "value"):
        if name in row.cells and not is_blank(row.cells[name].value):
            return Fault(cell.place, f"{label}是旧写法，不能与“事项”“条件”“数值”同写一行", "请只用一种写法")
    try:
        rate = number(cell.value)
    except UnfitError as error:
        return Fault(cell.place, f"{label}：{error.what}", error.advice)
    if not ZERO <= rate <= ONE:
        return Fault(cell.place, f"{label}不能是 {plain(rate)}", "应不小于 0、不大于 1")
    for band in bands:
        if band.rate == rate:
            what = f"支出率下限“{plain(rate)}”重复，{band.row.place_of(RATE)}已有"
            return Fault(cell.place, what, "请改成不同的内容，或删去一处")
    return None


def _row(band: _Band, sign: str, bound: Decimal, place: str) -> Row:
    cells = {"sign": Cell(sign, band.row.place), "value": Cell(bound, place), CAP: band.cap}
    return Row(band.row.place, cells)


def _falls(lower: _Band, higher: _Band) -> bool:
    """Whether more spending is capped lower, which conditions one below the other could not say."""
    try:
        # What lies beyond the full points is told when the row is read.
        return number(higher.cap.value) < number(lower.cap.value) <= _FULL
    except UnfitError:
        return False


def _caps_nothing(cap: Cell) -> bool:
    try:
        return number(cap.value) >= _FULL
    except UnfitError:
        return False  # told when the row is read
