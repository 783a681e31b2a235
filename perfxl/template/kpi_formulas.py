"""The formulas of a row of the KPI table: completion, weight, score, what counts of it, and the note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.findings.in_excel import any_of
from perfxl.layout import Block, Layout
from perfxl.references import column_letters
from perfxl.rules.kpi_method import KpiCells
from perfxl.template.expressions import OWN_ROW
from perfxl.template.notes import LONGEST, Note, first
from perfxl.template.row_notes import Row, kpi_notes
from perfxl.template.sheet import Sheet

NOTHING = '""'
KPI_FORMULAS = ("completion", "counted_weight", "computed", "counted", "note")
"""The columns of the table that are worked out."""


@dataclass(frozen=True)
class KpiLists:
    """Names of the lists that the formulas look things up in; empty where the scheme has nothing of the kind.

    levels: first and second levels beside each other. results, lows, highs: qualitative results and the ends of their
    bands. counted, owners, points: first levels, the number of the indicator that counts each, and its points.
    """

    levels: tuple[str, str]
    results: str
    lows: str
    highs: str
    counted: str = ""
    owners: str = ""
    points: str = ""


def lists_of(sheet: Sheet, levels: tuple[Sequence[str], Sequence[str]]) -> KpiLists:
    """The lists, written to `_meta`. levels: first and second levels beside each other."""
    lists, layout, bands = sheet.book.lists, sheet.book.layout, sheet.scheme.kpi_method.shares
    above, below = (lists.named(*each) for each in zip(("清单一级指标", "清单二级指标"), levels, strict=True))
    ranges = ["", "", ""]
    if bands:
        ranges = [
            lists.named("清单定性结果", list(bands)),
            lists.named("清单最低完成率", [band.low for band in bands.values()]),
            lists.named("清单最高完成率", [band.high for band in bands.values()]),
        ]
    owners: list[str] = []
    if len(layout.once(_chosen_weight)) > LONGEST:
        levels_of = [(level, number, item.points) for number, item in enumerate(layout.kpi_indicators, 1)
                     for level in item.rule.kpi_levels]  # fmt: skip
        owners = [
            lists.named("清单计分一级指标", [level for level, _, _ in levels_of]),
            lists.named("清单计分序号", [Decimal(number) for _, number, _ in levels_of]),
            lists.named("清单计分分值", [points for _, _, points in levels_of]),
        ]
    return KpiLists((above, below), *ranges, *owners)


def made_formulas(layout: Layout, lists: KpiLists) -> tuple[list[tuple[str, ...]], Sequence[Note[Row]]]:
    """The formulas of each row in the order of `KPI_FORMULAS`, and the notes that the last one gives."""
    block, method = layout.block("kpis"), layout.scheme.kpi_method
    at = own_cells(block)
    notes = kpi_notes(layout, at, lists.levels, lists.results)
    rate = score = counted = NOTHING
    if "actual" in at:
        # Where nobody is asked for a self score, the top of a band counts.
        cells = KpiCells(
            at["symbol"], at["target"], at["actual"], at.get("self_score", NOTHING), at["counted_weight"],
            lists.results, lists.lows, lists.highs,
        )  # fmt: skip
        rate = method.rate_formula(cells)
    if "computed" in at:
        score = method.score_formula(at["completion"], at["counted_weight"])
        counted = method.counted_formula(at["computed"], at["self_score"])
    weight = _looked_up_weight(layout, lists) if lists.owners else layout.once(_chosen_weight)
    formulas = (rate, weight, score, counted, first(notes))
    return [tuple(own.replace(OWN_ROW, str(line.row + 1)) for own in formulas) for line in block.lines], notes


def own_cells(block: Block) -> dict[str, str]:
    """The cells of a row by column key, for formulas that are made once: with a mark for the row's number."""
    return {column.key: f"{column_letters(column.col)}{OWN_ROW}" for column in block.columns}


def _above(block: Block) -> str:
    """The first levels from the first row to the own one."""
    level = column_letters(block.column("level1").col)
    return f"${level}${block.first_row + 1}:${level}{OWN_ROW}"


def _chosen_weight(layout: Layout) -> str:
    """The weight of a row, chosen by the indicator that counts it."""
    block = layout.block("kpis")
    at, above = own_cells(block), _above(block)
    weight = '""'
    for indicator in reversed(layout.kpi_indicators):
        counted = indicator.rule.kpi_weight_formula(indicator.points, layout, at["weight"], above)
        weight = f"IF({any_of(at['level1'], indicator.rule.kpi_levels)},{counted},{weight})"
    return weight


def _looked_up_weight(layout: Layout, lists: KpiLists) -> str:
    """The same where there are more indicators than a formula can choose from: looked up in lists."""
    block = layout.block("kpis")
    at, level, weights = own_cells(block), layout.kpi("level1"), layout.kpi("weight")
    row = f"MATCH({at['level1']},{lists.counted},0)"
    own = f"({lists.owners}=INDEX({lists.owners},{row}))"
    rows, place = (f"SUMPRODUCT(COUNTIF({where},{lists.counted})*{own})" for where in (level, _above(block)))
    given = f'SUMPRODUCT(COUNTIFS({level},{lists.counted},{weights},"<>")*{own})'
    upto, before = (
        f"ROUND(ROUND(INDEX({lists.points},{row})*({place}{less})/{rows},9),2)" for less in ("", "-1")
    )  # fmt: skip
    shared = f'IF({given}=0,ROUND({upto}-{before},2),IF(ISNUMBER({at["weight"]}),{at["weight"]},""))'
    return f'IF(SUMPRODUCT(--({lists.counted}={at["level1"]}))=0,"",{shared})'
