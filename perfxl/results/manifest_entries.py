"""The entries of run.json: what a file, a department, a unit and a finding are there (`perfxl.results.manifest`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from perfxl.checks.finding import Finding
from perfxl.decimals import two_places
from perfxl.ranking.units import UnitResult, unit_results
from perfxl.results.batch import Batch, FileRecord
from perfxl.results.manifest_lists import places
from perfxl.results.manifest_monitoring import monitoring
from perfxl.results.manifest_years import NOTHING, directions_of, of_department
from perfxl.scheme.model import BASE, Scheme
from perfxl.scheme.records import UNITS
from perfxl.scoring.result import DepartmentResult, IndicatorScore, OfficialResult

_AMOUNT = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


def file_entry(record: FileRecord) -> dict[str, Any]:
    """One file of the input and what became of it."""
    return {
        "path": record.path,
        "sha256": record.sha256,
        "bytes": record.bytes,
        "status": record.status.value,
        "department": record.department,
        "reason": record.reason,
    }


def departments(batch: Batch, read: Callable[[DepartmentResult], None]) -> Iterator[dict[str, Any]]:
    """The departments that sent something, in the order of the batch. read: is given the full result of each."""
    directions = {scheme.id: directions_of(scheme) for scheme in batch.all_schemes}
    usual = directions[batch.scheme.id]
    decisions = {one.result.file: one.decision for one in batch.targets}
    for item in batch.departments:
        full = batch.full_result(item)
        read(full)
        # Targets are judged, not scored: nobody has a total, a grade or a place.
        said = _UNSCORED | {"decision": decisions[item.file]} if item.file in decisions else {}
        entry = _department(full) | said | of_department(full, directions.get(item.scheme, usual))
        # Last: its KPIs have lights, and no year to come asks for those of the middle of a year.
        yield entry | (monitoring(full.monitored) if full.monitored is not None else {})


_UNSCORED: dict[str, Any] = {
    **dict.fromkeys(
        ("rank", "category_rank", "total", "grade", "self_total", "self_grade", "base", "bonus", "penalty")
    ),
    "scores": [],
}


def _department(item: DepartmentResult) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "category": item.category,
        "scheme": item.scheme,
        "file": item.file,
        "status": item.status.value,
        "rank": item.rank,
        "category_rank": item.category_rank,
        "joint_rank": item.joint_rank,
        "total": two_places(item.total),
        "grade": item.grade,
        "self_total": two_places(item.self_total),
        "self_grade": item.self_grade,
        "near_threshold": item.near_threshold,
        "project": item.project,
        "project_code": item.project_code,
        "base": two_places(item.base),
        "bonus": two_places(item.bonus),
        "penalty": two_places(item.penalty),
        "applied_points": places(item.applied_points),
        "capped_from": places(item.capped_from),
        "grade_from": item.grade_from,
        "grade_by": item.grade_by,
        "limits": list(item.limit_words),
        "official": list(map(_official, item.official)),
        "review": _review_of(item),
        "scores": [_score(score) for score in item.scores],
    }


def missing(record: FileRecord) -> dict[str, Any]:
    """A department of the roster that sent nothing."""
    return {
        "code": record.code,
        "name": record.department,
        "category": record.category,
        "scheme": record.scheme,
        "file": None,
        "status": record.status.value,
        "rank": None,
        "category_rank": None,
        "joint_rank": None,
        "total": None,
        "grade": None,
        "self_total": None,
        "self_grade": None,
        "near_threshold": False,
        "project": "",
        "project_code": "",
        "base": None,
        "bonus": None,
        "penalty": None,
        "applied_points": None,
        "capped_from": None,
        "grade_from": "",
        "grade_by": "",
        "limits": [],
        "official": [],
        "review": None,
        "scores": [],
        **NOTHING,
    }


def _official(item: OfficialResult) -> dict[str, Any]:
    """A value of the bureau beside what the department wrote, None where it wrote nothing."""
    return {
        "fact": item.fact,
        "label": item.label,
        "unit": item.unit,
        "written": _exact(item, item.written) or None,
        "official": _exact(item, item.official),
        "differs": item.differs,
        "basis": item.basis,
        "person": item.person,
        "date": item.day,
        "source": item.source,
        "place": item.place,
    }


def _exact(item: OfficialResult, text: str) -> str:
    return _without_commas(text) if item.unit == UNITS["money"] else text


def _without_commas(text: str) -> str:
    """An amount as programs read numbers, without thousands apart; whatever else as it is."""
    return text.replace(",", "") if _AMOUNT.fullmatch(text) else text


def _score(score: IndicatorScore) -> dict[str, Any]:
    """One score; what is so with nearly all of them, that they apply and make up the hundred, is not told."""
    outside = {} if score.nature == BASE else {"nature": score.nature}
    applies = {} if score.applies else {"applies": False}
    pending = {"pending": True} if score.pending else {}
    words = {"review_reason": score.review_reason, "review_basis": score.review_basis}
    reviewed = {} if score.before is None else {"before": two_places(score.before), **words}
    return {
        "indicator": score.code,
        "points": two_places(score.points),
        "self": places(score.self_score),
        "computed": places(score.computed),
        "review": places(score.review),
        "score": two_places(score.score),
        "reason": score.reason,
        **outside,
        **applies,
        **pending,
        **reviewed,
    }


def _review_of(item: DepartmentResult) -> dict[str, Any] | None:
    """How far a department is reviewed and what it came to without; None where the run has no review."""
    if not item.review_status:
        return None
    return {
        "status": item.review_status,
        "reviewers": list(item.reviewers),
        "total_before": places(item.total_before),
        "grade_before": item.grade_before,
        "rank_before": item.rank_before,
    }


def units(batch: Batch, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """The units of a scheme; where there are several schemes each names its own."""
    named = {"scheme": scheme.id} if len(batch.all_schemes) > 1 else {}
    return (_unit(unit) | named for unit in unit_results(scheme, batch.of(scheme).departments))


def _unit(unit: UnitResult) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "projects": unit.projects,
        "weighted_total": two_places(unit.weighted_total),
        "grade": unit.grade,
        "rank": unit.rank,
    }


def finding_entry(finding: Finding) -> dict[str, Any]:
    """One finding, with the place in its file."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": finding.file,
        "department": finding.department,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "value": finding.value,
        "expected": _without_commas(finding.expected),
        "message": finding.message,
        "advice": finding.advice,
    }
