"""Whether what documents are made with is installed; without it the other commands work all the same."""

from __future__ import annotations

import importlib.util

from perfxl.errors import UsageError

NEEDED = ("docx", "docxtpl", "jinja2")


def is_there() -> bool:
    """Whether all of it is installed."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def require() -> None:
    """Raises UsageError, which says what to install."""
    if not is_there():
        raise UsageError("写 Word 文书需要 docxtpl 和 python-docx。请安装：pip install 'perfxl[documents]'")
