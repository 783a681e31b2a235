"""What the round before says of each indicator: the review that counts, and what the department objected to since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.results.kept_results import LastRun
from perfxl.review_books.source import NOTHING, Earlier, Filled
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.identity import Identity, identity_of

_Key = tuple[str, Identity]
TO_THE_WHOLE = "（总体）"
"""Before an objection that concerns no indicator; it stands beside the first."""


def earlier_of(last: LastRun) -> Earlier:
    """What stands in the cells to fill from the beginning: reviews of the last run, so that none is lost where the
    workbooks of the round before are put away, and beside them what was objected to."""
    objections: dict[_Key, dict[str, list[str]]] = {}
    for item in last.document.get("objections", ()):
        own = objections.setdefault(_key_of(item), {})
        words = f"{item['claim']}（依据：{item['basis']}）" if item["basis"] else str(item["claim"])
        own.setdefault(str(item["indicator"]), []).append(words)

    def earlier(department: DepartmentResult, code: str) -> Filled:
        found = next((score for score in department.scores if score.code == code), None)
        if found is None:
            return NOTHING
        who = identity_of(department.code, department.name, department.project, department.project_code)
        own = objections.get((department.scheme, who), {})
        words = list(own.get(code, ()))
        if code == next((score.code for score in department.scores if score.applies), ""):
            words += [TO_THE_WHOLE + text for text in own.get("", ())]
        return Filled(found.review, found.review_reason, found.review_basis, "\n".join(words))

    return earlier


def _key_of(item: Mapping[str, Any]) -> _Key:
    who = identity_of(*(str(item[key]) for key in ("code", "name", "project", "project_code")))
    return str(item["scheme"]), who
