"""The results of a run in full, kept beside run.json: what reviews and documents are made of, without scoring again.

`run-details.jsonl` has a line of JSON for the run, its schemes and the names of what follows, then one for each
department in the order of the batch: its `DepartmentResult` with explanations, funds, KPIs, tasks and narrative.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from perfxl.errors import SchemeError, UsageError
from perfxl.results.batch import Batch
from perfxl.results.codec import Names, decoder, encoded, names_of
from perfxl.results.names import MANIFEST
from perfxl.scheme import dump_toml, scheme_of_toml
from perfxl.scheme.model import Scheme, Stage
from perfxl.scheme.stages import annual, scheme_at
from perfxl.scoring.result import DepartmentResult

DETAILS = "run-details.jsonl"
FORMAT = 1
_ASKED = {
    "departments": ("code", "name", "status"),
    "findings": ("code", "severity", "message"),
    "files": ("path", "status"),
}
"""Texts of run.json that reviews and documents are made of."""
_FAULTY = (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError, SchemeError)


@contextmanager
def details_file(batch: Batch, path: Path) -> Iterator[Callable[[DepartmentResult], None]]:
    """The file while it is written: takes the full result of each department, in the order of the batch.

    For who reads them anyway: in a large batch each comes from disk. Raises OSError.
    """
    head = {
        "format": FORMAT,
        "started": batch.started.isoformat(timespec="seconds"),
        "schemes": {scheme.id: dump_toml(annual(scheme), comments=False) for scheme in batch.all_schemes},
        "stage": str(batch.scheme.stage),
        "period": batch.scheme.period,
        "names": names_of(DepartmentResult),
    }
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False) + "\n")

        def add(full: DepartmentResult) -> None:
            file.write(encoded(full) + "\n")

        yield add


@dataclass(frozen=True)
class LastRun:
    """The last run of an output folder. document: its run.json; schemes: those that it scored by, the first first.

    names: the fields of the kept records.
    """

    output: Path
    document: Mapping[str, Any]
    schemes: tuple[Scheme, ...]
    names: Names

    def scheme_of(self, department: DepartmentResult) -> Scheme:
        """The scheme that a department was scored by."""
        return next((one for one in self.schemes if one.id == department.scheme), self.schemes[0])

    def departments(self) -> Iterator[DepartmentResult]:
        """The departments in the order of the batch, read one after the other. Raises UsageError."""
        sent = (entry for entry in self.document["departments"] if entry["file"] is not None)
        with readable(self.output), (self.output / DETAILS).open(encoding="utf-8") as file:
            next(file)
            for entry, department in zip(sent, map(decoder(DepartmentResult, self.names), file), strict=True):
                yield same(department, entry)


def last_run(output: Path) -> LastRun:
    """What the last run left in an output folder. Raises UsageError where there is none, or it cannot be read."""
    if not (output / MANIFEST).is_file() or not (output / DETAILS).is_file():
        raise UsageError(
            f"“{output}”里没有运行结果。请先运行 perfxl run（或双击“运行评分”）；结果在别处的，写明那个文件夹"
        )
    with readable(output):
        document = json.loads((output / MANIFEST).read_bytes())
        with (output / DETAILS).open(encoding="utf-8") as file:
            head = json.loads(next(file, ""))
        if head["started"] != document["started"]:
            raise ValueError("of two runs")
        if head["format"] != FORMAT:
            words = "请升级程序" if head["format"] > FORMAT else "请重新运行 perfxl run（或双击“运行评分”）"
            raise UsageError(f"“{output / DETAILS}”由另一版本的程序写成。{words}")
        stage, period = Stage(head.get("stage", Stage.SELF_REVIEW)), head.get("period", "")
        whole = (scheme_of_toml(text, f"{code}.toml") for code, text in head["schemes"].items())
        schemes = tuple(scheme_at(scheme, stage, period) for scheme in whole)
        names = dict(head["names"])
        decoder(DepartmentResult, names)
        _check(document)
    return LastRun(output, document, schemes, names)


@contextmanager
def readable(output: Path) -> Iterator[None]:
    """Whatever is wrong with kept results while they are read becomes a UsageError that says so."""
    try:
        yield
    except _FAULTY as error:
        raise UsageError(f"“{output}”里的运行结果已损坏或不完整。请重新运行 perfxl run（或双击“运行评分”）") from error


def same(department: DepartmentResult, entry: Mapping[str, Any]) -> DepartmentResult:
    """A kept record that belongs to an entry of run.json. Raises ValueError where it is of another department."""
    if department.file != entry["file"]:
        raise ValueError("of another department")
    return department


def _check(document: Mapping[str, Any]) -> None:
    """Raises LookupError, TypeError or ValueError where what is asked of each entry of a run.json is not there."""
    datetime.fromisoformat(document["started"])
    for key, names in _ASKED.items():
        if not all(isinstance(entry[name], str) for entry in document[key] for name in names):
            raise TypeError(key)
    for scheme in document.get("schemes", [document.get("scheme")]):
        if not isinstance(scheme["id"], str) or not isinstance(scheme["sha256"], str):
            raise TypeError("schemes")
    for entry in document["departments"]:
        if not isinstance(entry["file"], str | None) or not isinstance(entry["scores"], list):
            raise TypeError("departments")
