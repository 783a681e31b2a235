"""Each stage of a run alone, in one process, on the same workbooks; beside them the bare reading with calamine.

The collector of garbage rests in each stage, as it does in a run: here all workbooks stay in memory, and a collection
of all of them, some 0.4 s, would fall on whichever stage happens to be under way.
"""

from __future__ import annotations

import pickle
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.floor import read
from perfxl.checks.catalogue import check_submissions
from perfxl.intake.discover import Found, discover, read_found
from perfxl.intake.submission import Intake, take_in
from perfxl.intake.submission_tables import Tables, tables_of
from perfxl.layout import layout_of
from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.manifest import write_run_json
from perfxl.results.summary import write_summary
from perfxl.run.chunk import process_chunk
from perfxl.run.details import DetailsFile, pack
from perfxl.run.garbage import gc_paused
from perfxl.run.reduce import reduce_batch
from perfxl.scheme import load_scheme
from perfxl.scoring import DepartmentResult, score_submission
from perfxl.status import Status
from perfxl.workbook.limits import Limits
from perfxl.workbook.package import read_package

CHUNK = 64
STAGES = {
    "calamine": "bare reading with calamine",
    "discover": "find the files",
    "look": "look into the packages",
    "read": "read into submissions (looks included)",
    "checks": "long tables and all checks",
    "scoring": "scores and explanations",
    "packing": "details packed, to the parent and to disk",
    "ranking": "reduce and rank",
    "departments": "department workbooks",
    "summary": "summary workbook, no sheet a department",
    "manifest": "run.json",
}
Timing = dict[str, float]


def stages(folder: str, scratch: str, repeats: int) -> Timing:
    """Milliseconds of processor time a workbook by stage, medians of the repeats."""
    rounds = [_round(Path(folder), Path(scratch)) for _ in range(repeats)]
    return {name: statistics.median(one[name] for one in rounds) for name in STAGES}


def _round(folder: Path, scratch: Path) -> Timing:
    scheme, limits = load_scheme(None), Limits()
    layout = layout_of(scheme)
    timing: Timing = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        with gc_paused():
            started = time.process_time()
            answer = work()
            timing[name] = (time.process_time() - started) * 1000 / len(paths)
        return answer

    paths = sorted(str(path) for path in folder.glob("*.xlsx"))
    timed("calamine", lambda: read(paths))
    found: list[Found] = timed("discover", lambda: discover(folder, limits))
    contents = [read_found(item, limits)[0] for item in found]
    timed("look", lambda: [read_package(data, limits) for data in contents])
    intakes: list[Intake] = timed("read", lambda: [take_in(item, layout, limits) for item in found])
    chunks = _chunks(intakes)
    # They make their frames when a check asks for them.
    tables = [tables_of(chunk, layout) for chunk in chunks]
    timed("scoring", lambda: [_score(one) for one in tables])
    timed("checks", lambda: [check_submissions(one) for one in tables])
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    scored = [item for chunk in _chunks(found) for item in process_chunk(chunk, scheme, limits)]
    with DetailsFile(scratch) as details:
        packed = timed("packing", lambda: pickle.loads(pickle.dumps([pack(item) for item in scored])))
        entries = [details.add(item) for item in packed]
        batch = timed("ranking", lambda: reduce_batch(scheme, [], entries, details, datetime.now().astimezone()))
        _write(batch, scratch, timed)
    shutil.rmtree(scratch)
    return timing


def _write(batch: Batch, scratch: Path, timed: Callable[[str, Callable[[], Any]], Any]) -> None:
    context = Context.of(batch)

    def departments() -> None:
        for item in batch.departments:
            write_department(context, batch.full_result(item), scratch / f"{context.files[item.file]}.xlsx")

    timed("departments", departments)
    contexts, summary = {context.scheme.id: context}, scratch / "summary.xlsx"
    timed("summary", lambda: write_summary(batch, summary, department_sheets=False, contexts=contexts))
    timed("manifest", lambda: write_run_json(batch, scratch / "run.json"))


def _score(tables: Tables) -> list[DepartmentResult]:
    scheme, inputs, outcomes = tables.scheme, tables.inputs, tables.outcomes
    return [
        score_submission(submission, scheme, inputs[file], outcomes[file], file=file, status=Status.SCORED)
        for file, submission in tables.submissions.items()
    ]


def _chunks(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
