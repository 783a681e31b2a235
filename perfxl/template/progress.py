"""How far each sheet is filled: cells that must be filled, and cells that are, as live formulas with their values."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.findings.in_excel import is_blank
from perfxl.layout import Block, Layout
from perfxl.template.live import Live
from perfxl.template.missing import Missing, required_cells

FULL, EMPTY, OPTIONAL, NOT_NEEDED = "已填全", "未填写", "选填", "不用填写"
NO_BAR = "—"


@dataclass(frozen=True)
class Progress:
    """due and filled count cells; each with its Excel expression. nothing: the word where none is due."""

    due: int
    filled: int
    due_formula: str
    filled_formula: str
    nothing: str = EMPTY


def progress_of(sheet: str, live: Live, missing: Missing) -> Progress:
    """The progress of a sheet. Of an open table every row that was begun counts, and a kind of KPI without any."""
    layout = live.layout
    tables = [block for block in layout.sheet_blocks(sheet) if block.open]
    if tables:
        parts = [_of_table(block, live, missing) for block in tables]
        return Progress(
            sum(part.due for part in parts),
            sum(part.filled for part in parts),
            "+".join(part.due_formula for part in parts),
            "+".join(part.filled_formula for part in parts),
        )
    cells = [cell for cell in layout.once(required_cells, sheet) if cell.is_due(live)]
    due, filled = len(cells), sum(not is_blank(cell.value(live)) for cell in cells)
    due_formula, nothing = missing.due(sheet, due), layout.once(nothing_due, sheet)
    return Progress(due, filled, due_formula, f"{due_formula}-{missing.count(sheet)}", nothing)


def nothing_due(layout: Layout, sheet: str) -> str:
    """The word for a sheet on which nothing has to be filled: 未填写 where that cannot be."""
    blocks, required = layout.sheet_blocks(sheet), required_cells(layout, sheet)
    if any(block.open for block in blocks) or any(cell.applies is None for cell in required):
        return EMPTY
    return OPTIONAL if not required and any(block.filled for block in blocks) else NOT_NEEDED


def status_formula(due: str, filled: str, none: str = EMPTY) -> str:
    """The word for a progress, from the cells of its two numbers. none: where nothing has to be filled."""
    left = f'IF({filled}=0,"{EMPTY}","还差 "&({due}-{filled})&" 项")'
    return f'IF({due}=0,"{none}",IF({filled}>={due},"{FULL}",{left}))'


def status_value(due: int, filled: int, none: str = EMPTY) -> str:
    """`status_formula`, computed."""
    if due == 0 or filled == 0:
        return none if due == 0 else EMPTY
    return FULL if filled >= due else f"还差 {due - filled} 项"


def bar_formula(due: str, filled: str, length: int, none: str = "") -> str:
    """A bar of `length` squares that fills, and the percentage; both full only where everything is filled.

    none: what stands there where nothing has to be filled, instead of an empty bar.
    """
    # Whole numbers are divided last, so that no binary fraction falls short of a square.
    done = f"INT(MIN({filled},{due})*{length}/{due})"
    squares = f'REPT("■",{done})&REPT("□",{length}-{done})&" "&INT(MIN({filled},{due})*100/{due})&"%"'
    return f'IF({due}=0,"{bar_value(0, 0, length, none)}",{squares})'


def bar_value(due: int, filled: int, length: int, none: str = "") -> str:
    """`bar_formula`, computed."""
    if due == 0 and none:
        return none
    done, percent = (min(filled, due) * whole // due if due else 0 for whole in (length, 100))
    return f"{'■' * done}{'□' * (length - done)} {percent}%"


def _of_table(block: Block, live: Live, missing: Missing) -> Progress:
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    begun = filled = 0
    for line in block.lines:
        if (block.table, line.key) not in live.rows:
            continue
        written = {key for key in specs if live.value((block.table, line.key, key)) is not None}
        begun += bool(written)
        filled += len(written.intersection(required))
    due, (due_formula, filled_formula) = begun * len(required), live.layout.once(_table_formulas, block.key)
    if block.table == "kpis":
        for indicator in live.layout.kpi_indicators:
            due += indicator.code in live.applying and not live.kpi_ordinals(indicator)
        due_formula += f"+{missing.kinds()}" if live.layout.kpi_indicators else ""
    return Progress(due, filled, due_formula, filled_formula)


def _table_formulas(layout: Layout, key: str) -> tuple[str, str]:
    """How many cells of the rows that were begun must be filled, and how many are."""
    block = layout.block(key)
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    lengths = "+".join(f"LEN({block.range_ref(key)})" for key in specs)
    filled = "COUNTA(" + ",".join(block.range_ref(key) for key in required) + ")" if required else "0"
    return f"SUMPRODUCT(--(({lengths})>0))*{len(required)}", filled
