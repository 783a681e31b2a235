"""run.json: the whole run as one document, the contract for other programs (design.md, Contracts)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, takewhile
from pathlib import Path
from typing import Any, TextIO

import perfxl
from perfxl.checks.finding import Finding
from perfxl.decimals import two_places
from perfxl.ranking.units import UnitResult, unit_results
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.results.manifest_lists import earlier, objection, owed, places, register_line, review
from perfxl.results.manifest_monitoring import monitoring
from perfxl.results.manifest_years import NOTHING, directions_of, of_department, of_scheme
from perfxl.results.names import MANIFEST, file_names, summary_name
from perfxl.scheme import scheme_sha256
from perfxl.scheme.model import BASE, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore, OfficialResult


def run_json(batch: Batch, results: Iterable[str] = ()) -> dict[str, Any]:
    """The document. Scores are texts with two places, or None where there is none. results: see `results_below`.

    Files are in the order of their paths; departments in that of the batch, those that sent nothing behind; findings
    in that of the batch.
    """
    return _head(batch) | {"results": _with_itself(results)} | {key: list(all_) for key, all_ in _lists(batch).items()}


def _head(batch: Batch) -> dict[str, Any]:
    return {
        "tool": f"perfxl {perfxl.__version__}",
        "scheme": {"id": batch.scheme.id, "version": batch.scheme.header.version, "sha256": batch.scheme_sha256},
        "schemes": [_scheme(batch, scheme) for scheme in batch.all_schemes],
        "year": batch.scheme.year,
        "stage": str(batch.scheme.stage),
        "period": batch.scheme.period,
        "started": batch.started.isoformat(timespec="seconds"),
        "seconds": round(batch.seconds, 3),
        "rostered": batch.rostered,
    }


def _scheme(batch: Batch, scheme: Scheme) -> dict[str, Any]:
    sha256 = batch.scheme_sha256 if scheme == batch.scheme else scheme_sha256(scheme)
    header = scheme.header
    named = {"id": header.id, "version": header.version, "sha256": sha256, "year": header.year, "title": header.title}
    return named | of_scheme(scheme)


def _lists(batch: Batch, read: Callable[[DepartmentResult], None] = lambda _: None) -> dict[str, Iterator[Any]]:
    """The lists as iterators: thousands of departments are never in memory together."""
    files = sorted((record for record in batch.files if record.status is not Status.MISSING), key=lambda r: r.path)
    missing = [record for record in batch.files if record.status is Status.MISSING]
    lists: dict[str, Iterator[Any]] = {
        "files": map(_file, files),
        "departments": chain(_departments(batch, read), map(_missing, missing)),
    }
    if of_projects := [scheme for scheme in batch.all_schemes if scheme.evaluated.is_project]:
        lists["units"] = chain.from_iterable(_units(batch, scheme) for scheme in of_projects)
    lists["findings"] = map(_finding, batch.findings)
    lists["register"] = map(register_line, batch.register)
    lists |= {"owed": map(owed, batch.owed), "earlier": map(earlier, batch.answered)}
    return lists | {"reviews": map(review, batch.reviews), "objections": map(objection, batch.objections)}


def write_lists(batch: Batch, path: Path, read: Callable[[DepartmentResult], None] = lambda _: None) -> None:
    """Writes what of the document does not depend on how long the run took, nearly all of it, to a file of its own.

    read: is given the full result of each department, in the order of the batch. Raises OSError where the path cannot
    be written.
    """
    with _opened(path) as file:
        for key, items in _lists(batch, read).items():
            file.write(f',\n  "{key}": ')
            _write_list(file, items)
        file.write("\n}\n")


def write_run_json(batch: Batch, path: Path, lists: Path | None = None, results: Iterable[str] = ()) -> None:
    """Writes the document to `path`: one line for each result, file, department and finding.

    lists: a file of `write_lists`, which goes into the document. results: see `results_below`. Raises OSError where a
    path cannot be written.
    """
    rest = lists or path.with_name(f"{path.name}.lists")
    if lists is None:
        write_lists(batch, rest)
    with _opened(path) as file:
        file.write("{\n" + ",\n".join(f'  "{key}": {_line(value)}' for key, value in _head(batch).items()))
        file.write(f",\n{_RESULTS}")
        _write_list(file, iter(_with_itself(results)))
    with rest.open("rb") as source, path.open("ab") as target:
        shutil.copyfileobj(source, target)
    rest.unlink()


_RESULTS = '  "results": '
_ITEM = "    "


def results_below(folder: Path) -> list[str]:
    """Paths of all results in a folder, below it, with `/`, sorted. Names that begin with a dot are none."""
    found: list[str] = []
    for place, _, names in os.walk(folder):
        # `rglob` would keep a path of its own for each of tens of thousands.
        below = Path(place).relative_to(folder)
        start = "" if below == Path() else f"{below.as_posix()}/"
        found += [start + name for name in names if not name.startswith(".")]
    return sorted(found)


def _with_itself(results: Iterable[str]) -> list[str]:
    return sorted((*(name for name in results if name != MANIFEST), MANIFEST))


def results_of(path: Path, folders: Sequence[str]) -> list[str]:
    """Everything that the run of a run.json has written: paths below its folder; nothing where it is none of ours.

    folders: where the departments' results stood before run.json named them.
    """
    try:
        return _listed(path)
    except (OSError, ValueError):
        pass
    try:
        document = json.loads(path.read_bytes())
        if not str(document["tool"]).startswith("perfxl "):
            return []
        if "results" in document:
            return [str(item) for item in document["results"]]
        names = file_names([str(item["name"]) for item in document["departments"] if item["file"] is not None])
        books = (f"{folder}/{name}.xlsx" for folder in folders for name in names)
        return [*books, summary_name(document["year"]), MANIFEST]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []


def _listed(path: Path) -> list[str]:
    """The results of a run.json as we write it, without reading the rest, which may be long. Raises ValueError."""
    with path.open(encoding="utf-8") as file:
        if next(file, "") != "{\n" or not next(file, "").startswith('  "tool": "perfxl '):
            raise ValueError
        for line in file:
            if line.startswith(_RESULTS):
                items = list(takewhile(lambda text: text.startswith(_ITEM), file))
                return [str(json.loads(item.rstrip(",\n"))) for item in items]
    raise ValueError


def add_results(path: Path, more: Iterable[str]) -> None:
    """Puts further results into a run.json that was just written. Raises OSError."""
    other = path.with_name(f".{path.name}.more")
    with path.open(encoding="utf-8") as source, _opened(other) as target:
        for line in source:
            target.write(line)
            if line.startswith(_RESULTS):
                items = takewhile(lambda text: text.startswith(_ITEM), source)
                listed = {str(json.loads(item.rstrip(",\n"))) for item in items}
                target.write(",\n".join(_ITEM + _line(item) for item in sorted({*listed, *more})) + "\n  ],\n")
    other.replace(path)


def _opened(path: Path) -> TextIO:
    # A file name that is not valid UTF-8 comes with lone surrogates: as an escape they are valid JSON.
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


def _write_list(file: TextIO, items: Iterator[Any]) -> None:
    before, end = "[\n    ", "[]"
    for item in items:
        file.write(before + _line(item))
        before, end = ",\n    ", "\n  ]"
    file.write(end)


_line = json.JSONEncoder(ensure_ascii=False).encode
"""A value as one line."""


def _file(record: FileRecord) -> dict[str, Any]:
    return {
        "path": record.path,
        "sha256": record.sha256,
        "bytes": record.bytes,
        "status": record.status.value,
        "department": record.department,
        "reason": record.reason,
    }


def _departments(batch: Batch, read: Callable[[DepartmentResult], None]) -> Iterator[dict[str, Any]]:
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


def _missing(record: FileRecord) -> dict[str, Any]:
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
        "written": item.written or None,
        "official": item.official,
        "differs": item.differs,
        "basis": item.basis,
        "person": item.person,
        "date": item.day,
        "source": item.source,
        "place": item.place,
    }


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


def _units(batch: Batch, scheme: Scheme) -> Iterator[dict[str, Any]]:
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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": finding.file,
        "department": finding.department,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "value": finding.value,
        "expected": finding.expected,
        "message": finding.message,
        "advice": finding.advice,
    }
