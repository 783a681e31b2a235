"""The sheets of the result workbooks, one module each.

A new sheet of the summary is a new module in this folder with a `SHEET`; it is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil

from perfxl.caches import cached
from perfxl.results.summary_sheet import SummarySheet


def summary_sheets() -> tuple[SummarySheet, ...]:
    """The sheets of the summary from left to right, without the departments' own."""
    return _declared(tuple(__path__))


@cached(maxsize=8)
def _declared(folders: tuple[str, ...]) -> tuple[SummarySheet, ...]:
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(folders)]
    sheets = [sheet for module in modules if isinstance(sheet := getattr(module, "SHEET", None), SummarySheet)]
    return tuple(sorted(sheets, key=lambda sheet: (sheet.order, sheet.name)))
