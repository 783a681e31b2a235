"""Rows of the annexed tables of a report, as fields of a submission: KPIs and third-level scores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from perfxl.layout.fields import FieldId
from perfxl.reports.sentences import plain_of
from perfxl.reports.text import Block
from perfxl.scheme.model import Scheme
from perfxl.text import fold_all

_KPI = {
    "一级指标": "level1", "二级指标": "level2", "三级指标": "name", "指标名称": "name", "年度指标值": "target",
    "指标值": "target", "实际完成值": "actual", "完成值": "actual", "分值": "weight", "权重": "weight",
    "自评得分": "self_score", "偏差原因": "reason",
}  # fmt: skip
_FIRST = (("数量|质量|时效|成本", "产出"), ("效益|影响", "效益"), ("满意", "满意"))
"""Words of a second level, and of the first level that it belongs to."""
_TARGET = re.compile(r"(?P<symbol>[≥≤><=])?(?P<number>-?\d+(?:\.\d+)?)(?P<unit>.*)", re.DOTALL)


def kpi_rows(blocks: Sequence[Block], scheme: Scheme) -> dict[FieldId, str]:
    """The rows of the KPI table, where the report has one."""
    values: dict[FieldId, str] = {}
    levels = list(scheme.kpi_indicator)
    kinds = [symbol.symbol for symbol in scheme.symbols]
    qualitative = next((symbol.symbol for symbol in scheme.symbols if symbol.symbol.isalpha()), "")
    number, before = 0, {"level1": "", "level2": ""}
    for columns, row in _rows(blocks, _KPI, {"name", "target", "actual"}):
        cells = {column: row[at].strip() for column, at in columns.items() if at < len(row)}
        if not cells.get("name"):
            continue
        number += 1
        # Cells that were merged are blank below the first.
        before = {level: cells.get(level) or text for level, text in before.items()}
        level2 = before["level2"]
        level1 = before["level1"] or _first_level(level2, levels)
        own = {"level1": level1, "level2": level2, "name": cells["name"]}
        own |= {column: cells.get(column, "") for column in ("weight", "self_score", "reason")}
        own |= _target(cells.get("target", ""), cells.get("actual", ""), kinds, qualitative)
        values |= {("kpis", str(number), column): text for column, text in own.items() if text}
    return values


def _first_level(level2: str, levels: Iterable[str]) -> str:
    for words, first in _FIRST:
        if re.search(words, level2):
            return next((level for level in levels if first in level), "")
    return ""


def _target(target: str, actual: str, symbols: Sequence[str], qualitative: str) -> dict[str, str]:
    match = _TARGET.fullmatch(target)
    if match is None or (match["symbol"] or "=") not in symbols:
        return {"symbol": qualitative, "target": target, "actual": actual}
    unit = match["unit"]
    bare = actual.removesuffix(unit) if unit else actual
    return {"symbol": match["symbol"] or "=", "target": match["number"], "unit": unit, "actual": bare}


def score_rows(blocks: Sequence[Block], scheme: Scheme) -> dict[FieldId, str]:
    """Self scores and reasons of third-level indicators, where the report has a table of them."""
    codes = {plain_of(item.name)[0]: item.code for item in scheme.indicators}
    values: dict[FieldId, str] = {}
    headings = {
        "三级指标": "name",
        "指标名称": "name",
        "自评得分": "self",
        "自评分": "self",
        "说明": "reason",
        "扣分原因": "reason",
    }
    for columns, row in _rows(blocks, headings, {"name", "self"}):
        cells = {column: row[at].strip() for column, at in columns.items() if at < len(row)}
        code = codes.get(plain_of(cells.get("name", ""))[0])
        for column in ("self", "reason") if code else ():
            if cells.get(column):
                values["scores", code or "", column] = cells[column]
    return values


def _rows(
    blocks: Sequence[Block], headings: Mapping[str, str], needed: set[str]
) -> Iterable[tuple[dict[str, int], tuple[str, ...]]]:
    """The rows below headings that name all that is needed, with where each column stands."""
    table, columns = 0, dict[str, int]()
    for block in blocks:
        if block.table != table:
            table, columns = block.table, {}
        if not table:
            continue
        names = [headings.get(fold_all(cell), "") for cell in block.cells]
        if not columns and needed <= set(names):
            columns = {name: names.index(name) for name in names if name}
        elif columns:
            yield columns, block.cells
