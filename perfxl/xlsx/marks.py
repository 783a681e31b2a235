"""Two marks of a sheet that XlsxWriter has no method for, put into the sheet's finished part."""

from __future__ import annotations

import re
from collections.abc import Set

_ROW_OR_FORMULA = re.compile(r"<(?:row\b[^>]*|c\b[^>]*><f\b)")
_PLACE = re.compile(r'\sr="([^"]+)"')
_TYPE = re.compile(r'\st="[^"]*"')


def with_marks(sheet: str, fitting: Set[int], texts: Set[str]) -> str:
    """A sheet whose rows fit themselves to what is typed, and whose formulas with a text as value say so.

    fitting: rows, counted from 0, whose height is not one set by hand. texts: cells. XlsxWriter marks every height as
    set by hand, and such a row never grows; a text that is empty, looks like a number or like an error it marks as
    missing, as a number or as an error.
    """
    if not fitting and not texts:
        return sheet
    rows = {str(row + 1) for row in fitting}

    def marked(match: re.Match[str]) -> str:
        tag = match.group()
        found = _PLACE.search(tag)
        place = found.group(1) if found else ""
        if tag.startswith("<row"):
            return tag.replace(' customHeight="1"', "") if place in rows else tag
        return _TYPE.sub("", tag).replace("><f", ' t="str"><f') if place in texts else tag

    return _ROW_OR_FORMULA.sub(marked, sheet)
