"""How far each sheet is filled: cells that must be filled, and cells that are, as live formulas with their values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfxl.layout import Block, Place
from perfxl.layout.grid import column_letters
from perfxl.layout.template_layout import field_id
from perfxl.template.live import Live


@dataclass(frozen=True)
class Progress:
    """due and filled count cells; each with its Excel expression."""

    due: int
    filled: int
    due_formula: str
    filled_formula: str


def progress_of(sheet: str, live: Live) -> Progress:
    """The progress of a sheet. Of an open table every row that was begun counts."""
    blocks = live.layout.sheet_blocks(sheet)
    parts = [_of_table(block, live) if block.open else _of_form(block, live) for block in blocks]
    return Progress(
        sum(part.due for part in parts),
        sum(part.filled for part in parts),
        "+".join(part.due_formula for part in parts),
        "+".join(part.filled_formula for part in parts),
    )


def status_formula(due: str, filled: str) -> str:
    """The word for a progress, from the cells of its two numbers."""
    left = f'IF({filled}=0,"未填写","还差 "&({due}-{filled})&" 项")'
    return f'IF({due}=0,"未填写",IF({filled}>={due},"已填全",{left}))'


def status_value(progress: Progress) -> str:
    """`status_formula`, computed."""
    if progress.due == 0 or progress.filled == 0:
        return "未填写"
    if progress.filled >= progress.due:
        return "已填全"
    return f"还差 {progress.due - progress.filled} 项"


def _of_form(block: Block, live: Live) -> Progress:
    required = [
        (field_id(block, line.key, key), block.place(line, key))
        for line in block.lines
        for key, spec in line.specs.items()
        if spec.required
    ]
    filled = sum(live.value(name) is not None for name, _ in required)
    if not required:
        return Progress(0, 0, "0", "0")
    formula = f"COUNTA({','.join(_ranges(place for _, place in required))})"
    return Progress(len(required), filled, str(len(required)), formula)


def _of_table(block: Block, live: Live) -> Progress:
    specs = block.lines[0].specs
    required = [key for key, spec in specs.items() if spec.required]
    begun = filled = 0
    for line in block.lines:
        written = {key for key in specs if live.value(field_id(block, line.key, key)) is not None}
        begun += bool(written)
        filled += len(written.intersection(required))
    lengths = "+".join(f"LEN({block.range_ref(key)})" for key in specs)
    due_formula = f"SUMPRODUCT(--(({lengths})>0))*{len(required)}"
    filled_formula = "COUNTA(" + ",".join(block.range_ref(key) for key in required) + ")" if required else "0"
    return Progress(begun * len(required), filled, due_formula, filled_formula)


def _ranges(places: Iterable[Place]) -> list[str]:
    """The places as few references: cells below one another are one range."""
    columns: dict[int, list[Place]] = {}
    for place in places:
        columns.setdefault(place.col, []).append(place)
    ranges: list[str] = []
    for column in columns.values():
        run = [column[0]]
        for following in [*column[1:], None]:
            if following is not None and following.row == run[-1].row + 1:
                run.append(following)
                continue
            end = f":${column_letters(run[-1].col)}${run[-1].row + 1}" if len(run) > 1 else ""
            ranges.append(run[0].ref + end)
            run = [following] if following is not None else run
    return ranges
