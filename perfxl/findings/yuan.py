"""Amounts typed in 元 where 万元 belongs: what is said of a department's money by it, for the sums of the batch."""

from __future__ import annotations

PERHAPS, CERTAIN, BATCH = "W210", "E211", frozenset({"W624", "E625"})
"""Codes of the findings that amounts seem to be in 元: by one sign in the workbook, by two, and beside the batch."""
IN_YUAN = frozenset({PERHAPS, CERTAIN}) | BATCH
MONEY_SURE, MONEY_DOUBTED = "sure", "doubted"
"""The amounts of the total row can only be in 万元; or they seem to be in 元, and stand in no sum."""
