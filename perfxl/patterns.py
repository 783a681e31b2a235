"""Regular expressions that never go back, on every Python that perfxl runs on."""

from __future__ import annotations

import re
import sys
from typing import AnyStr

_ALL_RIGHT = sys.version_info >= (3, 11, 5)
"""Before, a possessive group whose last try fails midway ends in the wrong place (CPython issue 106052)."""


def pattern_of(source: AnyStr) -> re.Pattern[AnyStr]:
    """`re.compile` for patterns with possessive groups; where Python has them wrong their groups may go back."""
    return re.compile(source if _ALL_RIGHT else with_way_back(source))


def with_way_back(source: AnyStr) -> AnyStr:
    """The pattern with ordinary groups for possessive ones, `(ab)*` for `(ab)*+`.

    It finds the same where nothing that a group takes could also be taken by what stands behind it, as in all of ours;
    it needs more time and memory. What repeats a single sign is right everywhere and stays as it is.
    """
    if isinstance(source, bytes):
        return re.sub(rb"(?<!\\)\)([*+?])\+", rb")\1", source)
    return re.sub(r"(?<!\\)\)([*+?])\+", r")\1", source)
