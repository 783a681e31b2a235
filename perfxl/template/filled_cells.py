"""The cells that a department fills: where each stands, and how what is in it is shown."""

from __future__ import annotations

from datetime import date

from perfxl.layout import FieldSpec, Layout, Place
from perfxl.layout.fields import FieldId
from perfxl.layout.template_layout import field_id
from perfxl.template.live import Value


def cells_to_fill(layout: Layout, key: str) -> dict[tuple[str, str], tuple[Place, FieldSpec, FieldId]]:
    """The cells to fill of a block by the keys of line and column: where each stands, its field and its name."""
    block = layout.block(key)
    return {
        (line.key, column): (block.place(line, column), spec, field_id(block, line.key, column))
        for line in block.lines
        for column, spec in line.specs.items()
    }


def shown_text(value: Value | None, spec: FieldSpec) -> str:
    """A value as long as its cell shows it, to tell how high the row must be."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}" if spec.type == "money" else f"{value}"


def day_in(text: str) -> date | None:
    """The day that a text is, None where it is none that Excel knows."""
    if len(text) != 10:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > 1900 else None
