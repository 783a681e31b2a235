"""How far each sheet is filled: cells that must be filled, and cells that are, as live formulas with their values."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.findings.condition import is_blank
from perfxl.layout import Block
from perfxl.layout.template_layout import field_id
from perfxl.template.live import Live
from perfxl.template.missing import Missing, no_kpis, required_cells

FULL, EMPTY = "已填全", "未填写"


@dataclass(frozen=True)
class Progress:
    """due and filled count cells; each with its Excel expression."""

    due: int
    filled: int
    due_formula: str
    filled_formula: str


def progress_of(sheet: str, live: Live, missing: Missing) -> Progress:
    """The progress of a sheet. Of an open table every row that was begun counts, and a kind of KPI without any."""
    blocks = live.layout.sheet_blocks(sheet)
    if any(block.open for block in blocks):
        parts = [_of_table(block, live) for block in blocks]
        return Progress(
            sum(part.due for part in parts),
            sum(part.filled for part in parts),
            "+".join(part.due_formula for part in parts),
            "+".join(part.filled_formula for part in parts),
        )
    values = [live.value(field_id(block, line.key, key)) for block, line, key in required_cells(blocks)]
    due, filled = len(values), sum(not is_blank(value) for value in values)
    return Progress(due, filled, str(due), f"{due}-{missing.count(sheet)}")


def status_formula(due: str, filled: str) -> str:
    """The word for a progress, from the cells of its two numbers."""
    left = f'IF({filled}=0,"{EMPTY}","还差 "&({due}-{filled})&" 项")'
    return f'IF({due}=0,"{EMPTY}",IF({filled}>={due},"{FULL}",{left}))'


def status_value(due: int, filled: int) -> str:
    """`status_formula`, computed."""
    if due == 0 or filled == 0:
        return EMPTY
    return FULL if filled >= due else f"还差 {due - filled} 项"


def bar_formula(due: str, filled: str, length: int) -> str:
    """A bar of `length` squares that fills, and the percentage; both full only where everything is filled."""
    # Whole numbers are divided last, so that no binary fraction falls short of a square.
    done = f"INT(MIN({filled},{due})*{length}/{due})"
    squares = f'REPT("■",{done})&REPT("□",{length}-{done})&" "&INT(MIN({filled},{due})*100/{due})&"%"'
    return f'IF({due}=0,"{bar_value(0, 0, length)}",{squares})'


def bar_value(due: int, filled: int, length: int) -> str:
    """`bar_formula`, computed."""
    done, percent = (min(filled, due) * whole // due if due else 0 for whole in (length, 100))
    return f"{'■' * done}{'□' * (length - done)} {percent}%"


def _of_table(block: Block, live: Live) -> Progress:
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    begun = filled = 0
    for line in block.lines:
        written = {key for key in specs if live.value((block.table, line.key, key)) is not None}
        begun += bool(written)
        filled += len(written.intersection(required))
    lengths = "+".join(f"LEN({block.range_ref(key)})" for key in specs)
    due, due_formula = begun * len(required), f"SUMPRODUCT(--(({lengths})>0))*{len(required)}"
    if block.table == "kpis":
        for indicator in live.layout.kpi_indicators:
            due += not live.kpi_ordinals(indicator)
            due_formula += "+" + no_kpis(live.layout, indicator.rule)
    filled_formula = "COUNTA(" + ",".join(block.range_ref(key) for key in required) + ")" if required else "0"
    return Progress(due, filled, due_formula, filled_formula)
