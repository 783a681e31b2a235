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
from perfxl.results.batch import Batch, Status
from perfxl.results.manifest_entries import departments, file_entry, finding_entry, missing, units
from perfxl.results.manifest_lists import earlier, objection, owed, register_line, review
from perfxl.results.manifest_years import of_scheme
from perfxl.results.names import MANIFEST, file_names, summary_name
from perfxl.scheme import scheme_sha256
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult


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
    nothing_sent = [record for record in batch.files if record.status is Status.MISSING]
    lists: dict[str, Iterator[Any]] = {
        "files": map(file_entry, files),
        "departments": chain(departments(batch, read), map(missing, nothing_sent)),
    }
    if of_projects := [scheme for scheme in batch.all_schemes if scheme.evaluated.is_project]:
        lists["units"] = chain.from_iterable(units(batch, scheme) for scheme in of_projects)
    lists["findings"] = map(finding_entry, batch.findings)
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
