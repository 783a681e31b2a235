"""The open tables: 绩效指标, with what each row comes to while one types, and 重点任务."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfxl.layout import Block, Place
from perfxl.layout.template_layout import field_id
from perfxl.rules.kpi import Kpi
from perfxl.rules.kpi_method import QUALITATIVE
from perfxl.template.expressions import (
    MICRO,
    any_of,
    cell,
    cells,
    column_sum,
    column_sum_value,
    share,
    share_value,
)
from perfxl.template.kpi_summary import write_summary
from perfxl.template.live import KpiLive
from perfxl.template.sheet import Sheet, column_widths, shown_text
from perfxl.template.styles import MONEY, POINTS, RATE
from perfxl.template.text_height import row_height

MORE_ROWS = "行数不够时，在表格中间插入行，再把上一行的灰色单元格向下填充。"
END_OF_KPIS = "以上行数不够时，在表格中间插入行，再把上一行的灰色单元格向下填充到插入的行。本行以下请勿填写。"
FILL_DOWN = "自动计算，不必填写。插入行后，把上一行的灰色单元格向下填充。"
NO_KPI = KpiLive(None, None, None)


def write_kpis(sheet: Sheet) -> None:
    """绩效指标: a summary for each indicator, then one row a KPI."""
    block = sheet.book.layout.block("kpis")
    sheet.set_widths(column_widths((block,)))
    sheet.begin(
        "绩效指标",
        "一行填一项指标，从第一行起连续填写。年度指标值和实际完成值只写数字，单位另列；"
        "定性指标的实际完成值从下拉列表选择。灰色单元格自动计算。",
    )
    write_summary(sheet, block)
    sheet.block(block)
    _open_rows(sheet, block)
    _kpi_drop_downs(sheet, block)
    _kpi_formulas(sheet, block)
    sheet.text(block.next_row, 1, END_OF_KPIS, "note", to=block.columns[-1].col)
    _finish(sheet, block, frozen=block.column("name").col + 1)


def write_tasks(sheet: Sheet) -> None:
    """重点任务: one row a task, with its rate of execution and the totals."""
    block = sheet.book.layout.block("tasks")
    sheet.set_widths(column_widths((block,)))
    sheet.begin("重点任务", "一行填一项任务，从第一行起连续填写，金额单位为万元。" + MORE_ROWS)
    sheet.block(block, "单位：万元")
    _open_rows(sheet, block)
    budget, spent, rate = (block.column(key).col for key in ("budget", "spent", "rate"))
    for column in block.inputs():
        sheet.validate(block.lines[0].specs[column.key], *_ends(block, column.key))
    for line in block.lines:
        numbers = [sheet.live.number(field_id(block, line.key, key)) for key in ("spent", "budget")]
        expression = share(cell(line.row, spent), cell(line.row, budget))
        sheet.formula(line.row, rate, expression, share_value(*numbers), num_format=RATE)
    row = block.next_row
    totals: dict[int, Decimal | None] = {}
    for column in block.columns:
        if column.key in ("budget", "spent"):
            values = [sheet.live.number(field_id(block, line.key, column.key)) for line in block.lines]
            totals[column.col] = column_sum_value(values, MICRO)
            where = cells(block.first_row, block.last_row, column.col)
            sheet.formula(row, column.col, column_sum(where, 6), totals[column.col], "total", num_format=MONEY)
        elif column.key == "name":
            sheet.text(row, column.col, "合计", "total", align="left", indent=1)
        elif column.key != "rate":
            sheet.text(row, column.col, "", "total")
    value = share_value(totals[spent], totals[budget])
    sheet.formula(row, rate, share(cell(row, spent), cell(row, budget)), value, "total", num_format=RATE)
    _finish(sheet, block, frozen=block.columns[0].col + 1)


def _ends(block: Block, key: str) -> tuple[Place, Place]:
    return block.place(block.lines[0], key), block.place(block.lines[-1], key)


def _open_rows(sheet: Sheet, block: Block) -> None:
    """The cells to fill; rows are as high as their texts and grow with them."""
    inputs = block.inputs()
    centred: dict[str, dict[str, Any]] = {"unit": {"align": "center"}}
    for line in block.lines:
        texts = []
        for column in inputs:
            sheet.fill(block, line, column.key, **centred.get(column.key, {}))
            value = sheet.live.value(field_id(block, line.key, column.key))
            if value is not None:
                texts.append((shown_text(value, line.specs[column.key]), column.width))
        sheet.height(line.row, row_height(texts), fits=True)


def _finish(sheet: Sheet, block: Block, frozen: int) -> None:
    sheet.height(block.next_row, 22)
    sheet.xl.autofilter(block.head_row, 1, block.last_row, block.columns[-1].col)
    sheet.xl.freeze_panes(block.first_row, frozen)
    sheet.finish(block.next_row, landscape=True, repeat=(block.head_row, block.head_row))


def _kpi_drop_downs(sheet: Sheet, block: Block) -> None:
    scheme, lists = sheet.scheme, sheet.book.lists
    first = block.first_row
    for column in block.inputs():
        spec = block.lines[0].specs[column.key]
        source, strict = "", True
        if column.key == "level2":
            # Second levels of the row's first level stand together in the list; without one, all are offered.
            levels = sorted(scheme.kpi_levels, key=lambda level: level.level1)
            parents = lists.range_ref([level.level1 for level in levels])
            children = lists.range_ref([level.level2 for level in levels])
            parent = f"${cell(first, block.column('level1').col)}"
            chosen = f"OFFSET({children},MATCH({parent},{parents},0)-1,0,COUNTIF({parents},{parent}),1)"
            source = f"=IF(COUNTIF({parents},{parent})=0,{children},{chosen})"
        elif column.key == "actual" and spec.choices:
            symbols = [symbol.symbol for symbol in scheme.symbols if symbol.direction == QUALITATIVE]
            if symbols:
                is_qualitative = any_of(f"${cell(first, block.column('symbol').col)}", symbols)
                source = f"=IF({is_qualitative},{lists.range_ref(spec.choices)},{lists.blank_ref})"
                strict = False
        sheet.validate(spec, *_ends(block, column.key), source=source, strict=strict)


def _kpi_formulas(sheet: Sheet, block: Block) -> None:
    """Completion, weight and score of every row. The formulas are built once, with names for the row's own cells."""
    columns = {column.key: column.col for column in block.columns}
    names = {key: f"<{key}>" for key in columns}
    method = sheet.scheme.kpi_method
    weight = '""'
    for indicator in reversed(sheet.book.layout.kpi_indicators):
        rule = indicator.rule
        if isinstance(rule, Kpi):
            own = rule.weight_formula(indicator.points, sheet.book.layout, names["weight"])
            weight = f"IF({any_of(names['level1'], rule.levels)},{own},{weight})"
    formulas = (
        ("completion", method.rate_formula(names["symbol"], names["target"], names["actual"]), RATE),
        ("counted_weight", weight, POINTS),
        ("computed", method.score_formula(names["completion"], names["counted_weight"]), POINTS),
    )
    for ordinal, line in enumerate(block.lines, 1):
        live = sheet.live.kpis.get(ordinal, NO_KPI)
        values = {"completion": live.completion, "counted_weight": live.weight, "computed": live.score}
        own_cells = {name: cell(line.row, columns[key]) for key, name in names.items()}
        for key, formula, number_format in formulas:
            expression = formula
            for name, where in own_cells.items():
                expression = expression.replace(name, where)
            sheet.formula(line.row, columns[key], expression, values[key], num_format=number_format)
