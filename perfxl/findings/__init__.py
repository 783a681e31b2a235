"""Findings (问题) that template, copy to mend and run have in common: words and condition of each stand in one place.

A new one is a function in a module of this folder, declared with `@finding`; the template then shows its note and a
run reports it. What only a run can find is a check of `perfxl.checks`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from perfxl.findings.declare import SharedFinding, declared
from perfxl.findings.kind import FindingKind, Severity

__all__ = ["FindingKind", "Severity", "SharedFinding", "shared_findings"]


def shared_findings() -> Sequence[SharedFinding]:
    """Every finding declared in this folder, in the order in which a row's notes are asked."""
    _import_all(tuple(__path__))
    return declared()


@cache
def _import_all(folders: tuple[str, ...]) -> None:
    for module in pkgutil.iter_modules(folders):
        importlib.import_module(f"{__name__}.{module.name}")
