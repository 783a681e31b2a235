"""The sheets of the template by name, and the keys of the rows in its open tables."""

from __future__ import annotations

COVER, IDENTITY, KPIS, TASKS, SCORES, META = "填报说明", "基本信息", "绩效指标", "重点任务", "自评得分", "_meta"
"""The sheets that every scheme calls so; those of facts have the names that the scheme gives them."""
REVIEW = "审核意见"
"""First in a copy that goes back to be mended, and in no other template."""
BESIDES = "原表其他内容"
"""In such a copy too: what the department's workbook held beside the fields."""
MENDS = "mends"
"""The key in the hidden sheet of such a copy under which the SHA-256 of the file stands that it mends."""
STAGE, PERIOD = "stage", "period"
"""The keys in the hidden sheet under which a stage of the year and its period stand."""
FIXED_SHEETS = (COVER, IDENTITY, KPIS, TASKS, SCORES, META, REVIEW, BESIDES)
"""Names that no sheet of facts may have."""
FORMAT_VERSION = 1
TITLE_ROWS = 2
"""Every filled sheet begins with its title and a line that says what to do."""
_ROW_KEY_PREFIX = {"kpis": "k", "tasks": "t"}


def open_row_key(table: str, ordinal: int) -> str:
    """The key in the hidden column of a row of an open table, from its ordinal: (`kpis`, 1) → `k001`."""
    return f"{_ROW_KEY_PREFIX[table]}{ordinal:03d}"
