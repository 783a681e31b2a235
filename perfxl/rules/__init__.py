"""Rule kinds: each is one class in one file that knows its score, its Excel formula and its words.

A new kind is a new module in this folder with a subclass of `Rule`; it is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil

from perfxl.caches import cached
from perfxl.rules.base import Computed, Inputs, KpiMethod, KpiRow, Rule, SettingSpec
from perfxl.rules.quotient import Quotient, Refs

__all__ = ["Computed", "Inputs", "KpiMethod", "KpiRow", "Quotient", "Refs", "Rule", "SettingSpec", "rule_kinds"]


def rule_kinds() -> dict[str, type[Rule]]:
    """Every rule kind of this folder by the name that a scheme writes (`ratio`, `kpi`, ...)."""
    _import_kinds(tuple(__path__))
    return dict(sorted(Rule.kinds.items()))


@cached(maxsize=8)
def _import_kinds(folders: tuple[str, ...]) -> None:
    for module in pkgutil.iter_modules(folders):
        importlib.import_module(f"{__name__}.{module.name}")
