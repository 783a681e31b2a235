"""Targets for tests: the published department's self-review turned into what it might have asked for."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.lists.approved_writer import write_approved
from perfxl.official.approved import ApprovedKpi, ApprovedRecord
from perfxl.scheme.model import Scheme
from tests.books import Document, Edit, edited
from tests.findings import clean_document

EXAMPLES = Path(__file__).parent.parent / "examples" / "year" / "目标"
_KEPT = ("level1", "level2", "name", "symbol", "target", "unit", "weight")


def target_document(*edits: Edit) -> Document:
    """A document of the stage 目标 without any finding; then the edits."""
    whole = clean_document()
    document: dict[str, Any] = {
        "scheme": whole["scheme"],
        "year": whole["year"],
        "stage": "目标",
        "department": {key: whole["department"][key] for key in ("code", "name", "category")},
        "narrative": {"goal": "一是科普；二是服务科技工作者"},
        "funds": {row: {"initial": columns["initial"]} for row, columns in whole["funds"].items()},
        "kpis": [{**{key: kpi[key] for key in _KEPT}, "last": None, "basis": "年度工作计划"} for kpi in whole["kpis"]],
        "tasks": [{"name": task["name"], "budget": task["budget"], "goal": "按计划完成"} for task in whole["tasks"]],
    }
    return edited(json.loads(json.dumps(document)), *edits)


def approved(scheme: Scheme, path: Path, *, opinion: str = "通过", sha256: str = "", **changes: Any) -> Path:
    """A list of approved targets for the published department, as its self-review has them.

    changes: by the number of a KPI (`k1`), what is other about it, or None where it is left out; `more`: further KPIs.
    """
    whole = clean_document()
    kpis = []
    for number, kpi in enumerate(whole["kpis"], 1):
        change = changes.get(f"k{number}", {})
        if change is None:
            continue
        target = kpi["target"]
        with suppress(ArithmeticError):
            target = Decimal(target)
        made = ApprovedKpi(
            kpi["level1"], kpi["level2"], kpi["name"], kpi["symbol"], target, kpi["unit"] or "", Decimal(kpi["weight"])
        )
        kpis.append(made._replace(**change))
    kpis += changes.get("more", [])
    department = whole["department"]
    record = ApprovedRecord(
        scheme.id, department["code"], department["name"], "", department["category"], opinion, "区财绩〔2022〕1号",
        "张三", "2022-02-10", sha256, "a.xlsx", kpis=tuple(kpis),
    )  # fmt: skip
    write_approved(path, scheme, [record])
    return path
