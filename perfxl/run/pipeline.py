"""The main job: a map over chunks of files, one reduce, a map over departments, and the results in place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from perfxl.intake.discover import Found, discover
from perfxl.intake.limits import Limits
from perfxl.results.batch import Batch
from perfxl.results.manifest import write_run_json
from perfxl.run.chunk import Chunk, Scored, process_alone, process_and_pack, process_chunk
from perfxl.run.details import Details
from perfxl.run.publish import discard, open_staging, output_error, publish
from perfxl.run.reduce import Lists, reduce_batch
from perfxl.run.workers import Workers
from perfxl.run.write import write_results
from perfxl.scheme.model import Scheme

Progress = Callable[[str, int, int], None]
READING, WRITING = "读取和评分", "写出结果"
SUMMARY_SHEETS_UP_TO = 200
"""Above so many departments the summary has no sheet a department; the links lead to their workbooks."""


@dataclass(frozen=True)
class RunOptions:
    """How a run goes. jobs: worker processes, 0 for one per core. scheduler: address of a Dask cluster to use instead.

    lists: roster and accepted findings. department_sheets, department_books, copies_for_all: see `write_results`.
    """

    jobs: int = 0
    scheduler: str | None = None
    limits: Limits = field(default_factory=Limits)
    lists: Lists = field(default_factory=Lists)
    department_sheets: int = SUMMARY_SHEETS_UP_TO
    department_books: bool = True
    copies_for_all: bool = False


@dataclass(frozen=True)
class RunReport:
    """What a run came to. renamed: results that got another name, because the old one is held open."""

    batch: Batch
    output: Path
    summary: Path
    renamed: dict[str, str]


def run_folder(
    folder: Path, output: Path, scheme: Scheme, options: RunOptions, progress: Progress = lambda *_: None
) -> RunReport:
    """Scores every workbook below a folder and puts the results into the output folder.

    Raises OutputError where they cannot be written; the old results then stay as they were.
    """
    started, clock = datetime.now().astimezone(), time.monotonic()
    if options.scheduler:
        # The workers of a cluster stand in folders of their own.
        folder, output = folder.resolve(), output.resolve()
    staging = open_staging(output)
    try:
        found = discover(folder, options.limits, without=output)
        workbooks = [item for item in found if not item.aside]
        with Workers(options.jobs, len(workbooks), options.scheduler) as workers, Details(staging) as details:
            scored = _score(workbooks, scheme, options, workers, details, progress)
            aside = [item for item in found if item.aside]
            batch = reduce_batch(scheme, aside, scored, started, options.lists)
            summary = write_results(
                batch,
                scored,
                details,
                staging,
                workers,
                lambda done, total: progress(WRITING, done, total),
                department_sheets=options.department_sheets,
                department_books=options.department_books,
                copies_for_all=options.copies_for_all,
            )
            batch.seconds = round(time.monotonic() - clock, 3)
            write_run_json(batch, staging / "run.json")
        renamed = publish(output)
    except (OSError, FileCreateError) as error:
        # XlsxWriter wraps what the system says.
        cause = error if isinstance(error, OSError) else error.args[0]
        raise output_error(output, cause if isinstance(cause, OSError) else OSError(str(cause))) from error
    finally:
        discard(output)
    return RunReport(batch, output, output / renamed.get(summary, summary), renamed)


def _score(
    workbooks: Sequence[Found],
    scheme: Scheme,
    options: RunOptions,
    workers: Workers,
    details: Details,
    progress: Progress,
) -> list[Scored]:
    limits = options.limits
    scored: list[Scored] = []
    put_off: list[Found] = []

    def take(chunk: Chunk) -> None:
        for item in chunk.scored:
            if item.packed is not None:
                details.add(item.record.path, item.packed)
                item.packed = None
        scored.extend(chunk.scored)
        put_off.extend(chunk.heavy)
        progress(READING, len(scored), len(workbooks))

    process = partial(process_and_pack if workers.parallel else process_chunk, copies_for_all=options.copies_for_all)
    progress(READING, 0, len(workbooks))
    chunks = workers.chunks(workbooks)
    if workers.parallel:
        futures = {workers.submit(process, chunk, scheme, limits): chunk for chunk in chunks}
        for chunk, answer in workers.answers(futures, patience=limits.seconds * 2):
            take(answer or Chunk([], list(chunk)))
    else:
        for chunk in chunks:
            take(process(chunk, scheme, limits))
    for found in sorted(put_off, key=lambda item: item.shown):
        # Large files, and those of a chunk whose worker died: the guilty one alone is lost.
        scored.append(process_alone(found, scheme, limits))
        progress(READING, len(scored), len(workbooks))
    details.seal()
    return sorted(scored, key=lambda item: item.record.path)
