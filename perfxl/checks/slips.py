"""Slips of the hand in the tables of KPIs and tasks: each is found as what it is, and not in cell after cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfxl.checks.catalogue import check
from perfxl.checks.covers import COVERS, ON_RESULTS, ON_WEIGHTS, Covers
from perfxl.checks.finding import Severity
from perfxl.checks.kpis import KpiGroup, kpi_groups
from perfxl.checks.table_rows import Hit, hit, shared, total
from perfxl.decimals import half_up, plain
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout.fields import FieldSpec
from perfxl.scheme.model import Scheme
from perfxl.submission.numbers import number_in
from perfxl.submission.values import read_value
from perfxl.text import fold, is_blank
from perfxl.workbook.sheet_cells import Raw

FEWEST = 3
"""Cells in trouble from which on a slip is looked for that explains them all."""
_NEAR = Decimal("0.02")
_WHOLE, _PERCENT = Decimal(1), Decimal(100)


@shared
def troubled(tables: Tables) -> Mapping[str, int]:
    """How many cells of each file give no value where they should; of files with at least a few."""
    counts = Counter(file for file, trouble in tables.doubtful.rows("trouble") if trouble)
    return {file: count for file, count in counts.items() if count >= FEWEST}


def kpi_codes(scheme: Scheme) -> frozenset[str]:
    """The indicators that count KPI rows."""
    return frozenset(item.code for item in scheme.kpi_indicators)


@check(
    "E321", Severity.ERROR, "权重写成了占比",
    message="{which}权重写成了占比（{sums}），应当写分值（{points}）",
    advice="请把权重改写成分值，例如 {value} 写成 {right}；或把权重全部留空（等权）", expected="{right}",
)  # fmt: skip
def weights_as_shares(tables: Tables) -> Iterator[Hit]:
    """Weights that are shares of their kind, or of all, as fractions or percentages: all of them, or some of a kind."""
    by_file: dict[str, list[KpiGroup]] = {}
    for group in kpi_groups(tables):
        if group.keys:
            by_file.setdefault(group.file, []).append(group)
    for file, groups in by_file.items():
        submission = tables.submissions[file]
        weights = [[_weight(submission, key) for key in group.keys] for group in groups]
        given = [[weight for weight in own if weight is not None] for own in weights]
        if sum(map(len, given)) < 2 or any(
            len(own) < len(group.keys) for own, group in zip(given, groups, strict=True)
        ):
            continue
        sums, points = [total(own) for own in given], [group.indicator.points for group in groups]
        if not _are_shares(sums, points):
            yield from (some for group, own in zip(groups, given, strict=True) for some in _some_shares(group, own))
            continue
        codes, keys = kpi_codes(tables.scheme), [key for group in groups for key in group.keys]
        cells = frozenset(("kpis", key, "weight") for key in keys)
        first = given[0][0]
        yield hit(
            file, "kpis", groups[0].keys[0], "weight", value=plain(first),
            right=plain(half_up(first * points[0] / sums[0])),
            which="各项",
            sums="，".join(f"“{group.levels}”类合计 {plain(own)}" for group, own in zip(groups, sums, strict=True)),
            points="，".join(f"“{group.levels}”类合计 {plain(group.indicator.points)}" for group in groups),
        ) | {COVERS: Covers(cells=cells, table="kpis", codes=ON_WEIGHTS, indicators=codes)}  # fmt: skip


def _some_shares(group: KpiGroup, weights: Sequence[Decimal]) -> Iterator[Hit]:
    """Some weights of a kind that are shares beside others in points, with which they add up once they are points."""
    points = group.indicator.points
    shares = {key: weight for key, weight in zip(group.keys, weights, strict=True) if 0 < weight < 1}
    rest, small = total(weights) - total(shares.values()), total(shares.values())
    for factor in (_PERCENT, points) if shares and rest and rest + small != points else ():
        if rest + small * factor == points:
            first = next(iter(shares))
            cells = frozenset(("kpis", key, "weight") for key in shares)
            covers = Covers(
                cells=cells, table="kpis", codes=ON_WEIGHTS, rows=frozenset(group.keys),
                indicators=frozenset({group.indicator.code}),
            )  # fmt: skip
            yield hit(
                group.file, "kpis", first, "weight", which=f"有 {len(shares)} 项", value=plain(shares[first]),
                right=plain(half_up(shares[first] * factor)), sums=f"“{group.levels}”类合计 {plain(rest + small)}",
                points=f"“{group.levels}”类合计 {plain(points)}",
            ) | {COVERS: covers}  # fmt: skip
            return


def _weight(submission: Submission, key: str) -> Decimal | None:
    """The weight of a row as a number; one shown as a percentage is what that comes to."""
    cell = submission.fields.get(("kpis", key, "weight"))
    if cell is None:
        return None
    if isinstance(cell.reading.value, Decimal):
        return cell.reading.value
    if isinstance(cell.raw, str) and fold(cell.raw).endswith("%") and (number := number_in(cell.raw, ("%",))):
        return number / 100
    return None


def _are_shares(sums: Sequence[Decimal], points: Sequence[Decimal]) -> bool:
    """Whether the sums are those of shares, where they should be points."""
    if min(sums) <= 0 or any(_is_near(own, right) for own, right in zip(sums, points, strict=True)):
        return False
    for whole in (_WHOLE, _PERCENT):
        if all(_is_near(own, whole) for own in sums):
            return True
    ratios = [own / right for own, right in zip(sums, points, strict=True)]
    wholes = ((total(sums), _WHOLE), (total(sums), _PERCENT), (ratios[0] * 100, _WHOLE))
    in_proportion = all(_is_near(ratio, ratios[0]) for ratio in ratios)
    return in_proportion and any(_is_near(number, whole) for number, whole in wholes)


def _is_near(number: Decimal, other: Decimal) -> bool:
    return abs(number - other) <= _NEAR * other


@check(
    "E322", Severity.ERROR, "整块错了一列",
    message="“{sheet}”从“{column}”起，各行的内容都填在{side}边一列里，整块错了一列",
    advice="请把错位的内容整块移回{back}边一列，核对后保存",
)  # fmt: skip
def one_column_off(tables: Tables) -> Iterator[Hit]:
    """The rows of the KPI table were pasted one column off: what belongs in a list stands in the column beside it."""
    if not tables.layout.has("kpis"):
        return
    block = tables.layout.block("kpis")
    columns, specs = [column.key for column in block.inputs()], block.lines[0].specs
    for file in troubled(tables):
        submission = tables.submissions[file]
        # Columns that were moved with their headings have a finding of their own.
        keys = [] if submission.located.odd_columns else submission.rows("kpis")
        for step in (1, -1) if len(keys) > 1 else ():
            off = [
                name for place, name in enumerate(columns)
                if specs[name].type == "choice" and 0 <= place + step < len(columns)
                and all(_stands_beside(submission, key, name, columns[place + step], specs[name]) for key in keys)
            ]  # fmt: skip
            if off:
                sides = ("右", "左")[::step]
                cells = frozenset(("kpis", key, name) for key in keys for name in columns)
                covers = Covers(cells=cells, table="kpis", codes=ON_RESULTS, indicators=kpi_codes(tables.scheme))
                yield hit(
                    file, "kpis", keys[0], off[0], value="", sheet=submission.cells.titles[block.sheet],
                    column=specs[off[0]].label, side=sides[0], back=sides[1],
                ) | {COVERS: covers}  # fmt: skip
                break


def _stands_beside(submission: Submission, key: str, own: str, other: str, spec: FieldSpec) -> bool:
    return not _fits(_raw(submission, key, own), spec) and _fits(_raw(submission, key, other), spec)


def _raw(submission: Submission, key: str, column: str, table: str = "kpis") -> Raw:
    cell = submission.fields.get((table, key, column))
    return None if cell is None else cell.raw


def _fits(raw: Raw, spec: FieldSpec) -> bool:
    return not is_blank(raw) and read_value(raw, spec).trouble is None


@check(
    "E323", Severity.ERROR, "整列错了一行",
    message="“{sheet}”的“{columns}”整列向下错了一行：第一行没有，最后一行的下面多出一个",
    advice="请把这一列整体上移一行，核对后保存",
)  # fmt: skip
def one_row_off(tables: Tables) -> Iterator[Hit]:
    """A column of an open table was pasted one row down, so that its last value stands below all rows."""
    for file in troubled(tables):
        submission = tables.submissions[file]
        for table in (name for name in ("kpis", "tasks") if tables.layout.has(name)):
            block, keys = tables.layout.block(table), submission.rows(table)
            columns = [column.key for column in block.inputs()]
            off = _moved_down(submission, table, keys, columns)
            if not off:
                continue
            cells = {(table, key, name) for key in keys for name in off} | {(table, keys[-1], name) for name in columns}
            codes = kpi_codes(tables.scheme) if table == "kpis" else frozenset()
            specs = block.lines[0].specs
            yield hit(
                file, table, keys[0], off[0], value="", sheet=submission.cells.titles[block.sheet],
                columns="”“".join(specs[name].label for name in off),
            ) | {COVERS: Covers(cells=frozenset(cells), table=table, codes=ON_RESULTS, indicators=codes)}  # fmt: skip


def _moved_down(submission: Submission, table: str, keys: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns that alone are filled in the last row, are blank in the first and filled in all others."""
    if len(keys) < FEWEST:
        return []
    filled = [{name for name in columns if not is_blank(_raw(submission, key, name, table))} for key in keys]
    off = [name for name in columns if name in filled[-1]]
    whole = len(filled[0]) > len(off) and not filled[0] & set(off)
    return off if whole and all(row >= set(off) and len(row) > len(off) for row in filled[1:-1]) else []
