"""Codes and names of departments without what two writings of the same one may differ in."""

from __future__ import annotations

from perfxl.text import fold, fold_all


def code_key(code: str) -> str:
    """A code free of its spelling: width, case, spaces and leading zeros, which Excel drops from a number."""
    plain = fold_all(code)
    return plain.lstrip("0") or plain[:1]


def name_key(name: str) -> str:
    """A name free of its spelling: spaces and width."""
    return "".join(fold(name).split())
