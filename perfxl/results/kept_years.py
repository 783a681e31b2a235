"""The results of a year before, as an output folder or a run.json of any version has them."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.caches import cached
from perfxl.decimals import interned
from perfxl.errors import UsageError
from perfxl.folders import OUTPUT_FOLDER
from perfxl.processes import told_of
from perfxl.results.kept_results import DETAILS, last_run
from perfxl.results.manifest_reader import entries
from perfxl.results.names import MANIFEST
from perfxl.scheme.model import BASE, NATURES
from perfxl.years.model import (
    Year,
    YearDepartment,
    YearFinding,
    YearIndicator,
    YearKpi,
    YearScheme,
    YearScore,
    year_department,
    year_scheme,
)

SELF_EVALUATION = "自评"
"""The stage of a run.json that names none."""
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,70})?")
_LONGEST = 500
_MOST = 200_000
_FAULTY = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def previous_year(path: Path) -> Year:
    """The results of a year in a run.json, or in the folder of an output; read in a process that may be lost.

    Raises UsageError where there are none, or they cannot be compared, and says why.
    """
    return told_of(path, read_year, path)


def manifest_of(path: Path) -> Path:
    """The run.json that is meant by a path: of results, of the year's folder with them, of a summary beside it."""
    if path.is_dir():
        own, below = path / MANIFEST, path / OUTPUT_FOLDER / MANIFEST
        return below if below.is_file() and not own.is_file() else own
    beside = path.with_name(MANIFEST) if path.name else path
    return beside if path.suffix.lower() == ".xlsx" and path.is_file() and beside.is_file() else path


def read_year(path: Path) -> Year:
    """The same in this process."""
    manifest = manifest_of(path)
    if not manifest.is_file():
        what = f"里没有 {MANIFEST}" if path.is_dir() else "不存在"
        raise UsageError(f"上年结果“{path}”{what}。请写上年运行结果所在的文件夹（其中有 {MANIFEST}）")
    try:
        return _Reader(manifest, path).year()
    except _FAULTY as error:
        raise UsageError(
            f"上年结果“{path}”读不出来：{_why(error)}。请写上年的 {MANIFEST} 或它所在的文件夹；"
            "已损坏的，用上年的填报重新运行一次"
        ) from error


def _why(error: Exception) -> str:
    words = {
        "too large": "文件过大",
        "cut off": "文件不完整",
        "no object": "不是 perfxl 的运行结果",
        "not ours": "不是 perfxl 的运行结果",
        "too many": "部门过多",
    }
    if isinstance(error, OSError):
        return "文件打不开"
    return words.get(str(error), "内容已损坏，或不是 perfxl 的运行结果")


class _Reader:
    """One run.json while it is read."""

    def __init__(self, manifest: Path, shown: Path) -> None:
        self.manifest, self.shown = manifest, shown
        self.head: dict[str, Any] = {}
        self.schemes: list[Any] = []
        self.departments: list[YearDepartment] = []
        self.files: list[str | None] = []
        self.told = True
        self.findings: dict[str, list[YearFinding]] = defaultdict(list)

    def year(self) -> Year:
        for key, value in entries(self.manifest):
            if key == "departments":
                # As JSON thousands of them would not fit.
                self.departments.append(self._department(value))
                self.files.append(None if value.get("file") is None else _text(value["file"]))
                self.told = self.told and "kpis" in value
                if len(self.departments) > _MOST:
                    raise ValueError("too many")
            elif key == "findings":
                self._finding(value)
            elif key == "schemes":
                self.schemes.append(value)
            elif not isinstance(value, list) and key in ("tool", "scheme", "year", "stage", "note"):
                self.head[key] = value
        if not str(self.head.get("tool", "")).startswith("perfxl ") or not isinstance(self.head.get("year"), int):
            raise ValueError("not ours")
        stage = self.head.get("stage", SELF_EVALUATION)
        if stage not in (None, "", SELF_EVALUATION):
            raise UsageError(f"上年结果“{self.shown}”是“{_text(stage)}”的结果，不是自评的，不能与自评比较")
        if not 1900 <= self.head["year"] <= 9999:
            raise ValueError("year")
        # What whoever made the results wants to be told with them.
        note = (_text(self.head["note"]),) if _text(self.head.get("note")) else ()
        if self.told and self._named():
            return self._of_document(note)
        return self._of_details(note) or self._of_document(
            (
                *note,
                f"{self.head['year']} 年的结果由 {_text(self.head['tool'])} 写成，没有绩效指标结果和支出率，这些不比较",
            )
        )

    def _named(self) -> bool:
        """Whether the document tells what its indicators are called."""
        return bool(self.schemes) and all("indicators" in item for item in self.schemes)

    def _of_details(self, note: Sequence[str]) -> Year | None:
        """What stands in full beside a run.json of a version before; None where it does not."""
        folder = self.manifest.parent
        if self.manifest.name != MANIFEST or not (folder / DETAILS).is_file():
            return None
        try:
            last = last_run(folder)
            departments = [year_department(item, (), last.scheme_of(item)) for item in last.departments()]
        except UsageError:
            return None
        if len(departments) != len([file for file in self.files if file is not None]):
            return None
        missing = [item for item, file in zip(self.departments, self.files, strict=True) if file is None]
        known = self._with_findings(departments, [file for file in self.files if file is not None])
        schemes = tuple(map(year_scheme, last.schemes))
        return Year(self.head["year"], self.shown.as_posix(), schemes, (*known, *missing), tuple(note))

    def _with_findings(self, items: Sequence[YearDepartment], files: Sequence[str | None]) -> list[YearDepartment]:
        return [
            replace(item, findings=tuple(self.findings[file])) if file is not None and file in self.findings else item
            for item, file in zip(items, files, strict=True)
        ]

    def _of_document(self, lacking: Sequence[str]) -> Year:
        departments = tuple(self._with_findings(self.departments, self.files))
        if self._named():
            schemes = tuple(map(_scheme, self.schemes))
        else:
            schemes = self._schemes_of_scores(departments)
            lacking = (*lacking, f"{self.head['year']} 年的结果没有指标名称，指标只按代码对应")
        return Year(self.head["year"], self.shown.as_posix(), schemes, departments, tuple(lacking))

    def _schemes_of_scores(self, departments: Sequence[YearDepartment]) -> tuple[YearScheme, ...]:
        """The schemes as far as scores tell them."""
        main = self.head.get("scheme")
        first = _text(main.get("id")) if isinstance(main, dict) else ""
        found: dict[str, dict[str, YearIndicator]] = {first: {}}
        projects: set[str] = set()
        for item in departments:
            own = found.setdefault(item.scheme or first, {})
            if item.project:
                projects.add(item.scheme or first)
            for score in item.scores:
                own.setdefault(score.code, YearIndicator(score.code, "", "", score.points, score.nature))
        return tuple(YearScheme(id_, id_, id_ in projects, (), tuple(own.values())) for id_, own in found.items())

    def _finding(self, item: Mapping[str, Any]) -> None:
        found = YearFinding(
            sys.intern(_text(item["code"])), sys.intern(_text(item["severity"])), sys.intern(_text(item.get("title")))
        )
        if found.weighs:
            self.findings[_text(item.get("file"))].append(found)

    def _department(self, item: Mapping[str, Any]) -> YearDepartment:
        claims = [one for one in item.get("claims", ()) if isinstance(one, dict)]
        main = self.head.get("scheme")
        usual = _text(main.get("id")) if isinstance(main, dict) else ""
        return YearDepartment(
            sys.intern(_text(item.get("scheme")) or usual),
            _text(item["code"]),
            _text(item["name"]),
            _text(item.get("project")),
            _text(item.get("project_code")),
            sys.intern(_text(item["status"])),
            _whole(item["rank"]),
            _number(item["total"]),
            sys.intern(_text(item["grade"])),
            tuple(map(_score, item["scores"])),
            _number(item.get("adjusted")),
            _number(item.get("spent")),
            _number(item.get("spending_rate")),
            tuple(map(_kpi, item["kpis"])) if "kpis" in item else None,
            rectified=next((one.get("done") is True for one in claims), None),
        )


def _scheme(item: Mapping[str, Any]) -> YearScheme:
    return YearScheme(
        _text(item["id"]),
        _text(item.get("title")),
        item.get("project") is True,
        tuple((_text(one["name"]), _number(one["floor"]) or Decimal(0)) for one in item["grades"]),
        tuple(
            YearIndicator(
                _text(one["code"]), _text(one["name"]), _text(one["level2"]), _some(one["points"]),
                _nature(one.get("nature")),
            )
            for one in item["indicators"]
        ),
    )  # fmt: skip


def _score(item: Mapping[str, Any]) -> YearScore:
    points, score = _some(item["points"]), _some(item["score"])
    code, applies = sys.intern(_text(item["indicator"])), item.get("applies") is not False
    return _shared(code, points, score, applies, _nature(item.get("nature")))


@cached(maxsize=20_000)
def _shared(code: str, points: Decimal, score: Decimal, applies: bool, nature: str) -> YearScore:
    """Most scores are alike in thousands of departments: one object serves for all."""
    return YearScore(code, points, score, applies, nature)


def _kpi(item: Mapping[str, Any]) -> YearKpi:
    return YearKpi(
        sys.intern(_text(item.get("level2"))), _text(item["name"]), sys.intern(_text(item.get("symbol"))),
        _text(item.get("target")), sys.intern(_text(item.get("unit"))), _text(item.get("result")),
        _number(item.get("completion")), sys.intern(_text(item.get("direction"))),
    )  # fmt: skip


def _nature(value: object) -> str:
    return next((nature for nature in NATURES if nature == value), BASE)


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError("number")
    return interned(Decimal(value))


def _some(value: object) -> Decimal:
    number = _number(value)
    if number is None:
        raise ValueError("number")
    return number


def _whole(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000_000):
        return value
    raise ValueError("rank")
