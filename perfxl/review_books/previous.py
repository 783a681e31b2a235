"""Last year's results beside this year's: from its run.json, or from the folder of its output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.errors import UsageError
from perfxl.results.kept_results import last_run
from perfxl.results.names import MANIFEST
from perfxl.scheme.model import Indicator
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import code_key, name_key

_Key = tuple[str, str]
_LARGEST = 500_000_000


@dataclass(frozen=True)
class Previous:
    """What departments came to the year before. year: of these results.

    totals: by department. scores: by department and indicator code. codes: last year's code by the indicator's name,
    empty where the names are not at hand; then this year's codes are taken for the same.
    """

    year: int
    totals: Mapping[_Key, Decimal]
    scores: Mapping[_Key, Mapping[str, Decimal]]
    codes: Mapping[str, str] = field(default_factory=dict)

    def total(self, department: DepartmentResult) -> Decimal | None:
        """The department's total, None where it has none."""
        return self.totals.get(_key(department.code, department.name, department.project))

    def score(self, department: DepartmentResult, indicator: Indicator) -> Decimal | None:
        """The department's accepted score of the indicator, None where it has none."""
        code = self.codes.get(name_key(indicator.name)) if self.codes else indicator.code
        own = self.scores.get(_key(department.code, department.name, department.project), {})
        return own.get(code) if code else None


def previous_results(path: Path) -> Previous:
    """The results in a run.json or an output folder. Raises UsageError where it cannot be read."""
    manifest = path / MANIFEST if path.is_dir() else path
    try:
        if manifest.stat().st_size > _LARGEST:
            raise ValueError("too large")
        document = json.loads(manifest.read_bytes())
        totals, scores = {}, {}
        for item in document["departments"]:
            if item["total"] is None:
                continue
            key = _key(str(item["code"] or ""), str(item["name"] or ""), str(item.get("project") or ""))
            totals[key] = Decimal(item["total"])
            scores[key] = {str(score["indicator"]): Decimal(score["score"]) for score in item["scores"]}
        return Previous(int(document["year"]), totals, scores, _codes(manifest, document))
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        raise UsageError(f"上年结果“{path}”读不出来。请写上年的 run.json，或上年结果所在的文件夹") from error


def _codes(manifest: Path, document: Any) -> dict[str, str]:
    """The codes of the indicators by their names, where the results lie beside run.json in full."""
    if manifest.name != MANIFEST:
        return {}
    try:
        schemes = last_run(manifest.parent).schemes
    except UsageError:
        return {}
    return {name_key(item.name): item.code for scheme in reversed(schemes) for item in scheme.indicators}


def _key(code: str, name: str, project: str) -> _Key:
    return code_key(code) or name_key(name), name_key(project)
