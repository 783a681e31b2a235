"""Names of the scheme workbook that are no table of it."""

from __future__ import annotations

MARK = "_scheme"
"""The hidden sheet by which a scheme workbook is known, with its format."""
