"""What is made once in a process and used in many workbooks: kept by all that it depends on."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

MARK = "\ud800"  # a lone surrogate: no text that is written has one


def keep(kept: dict[Hashable, Any], key: Hashable, value: Any, most: int) -> None:
    """Keeps a value, and drops all others where there are too many."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
