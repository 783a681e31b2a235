"""The main job: a map over chunks of files, one reduce, a map over departments, and the results in place."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from perfxl.intake.discover import Found, discover
from perfxl.official import ApprovedTargets, Authority, OfficialValues
from perfxl.processes import Lost, Tell
from perfxl.register.model import FILE_NAME as REGISTER
from perfxl.results.batch import Batch
from perfxl.results.earlier_periods import earlier_periods
from perfxl.results.kept_results import DETAILS, details_file
from perfxl.results.manifest import results_below, write_lists, write_run_json
from perfxl.results.targets import targets_of
from perfxl.run.approving import keep_edited
from perfxl.run.chunk import lost_file, process_chunk
from perfxl.run.details import DetailsFile, Entry, Packed, pack
from perfxl.run.garbage import gc_paused
from perfxl.run.lock import only_run
from perfxl.run.publish import discard, open_staging, output_error, publish
from perfxl.run.reduce import Lists, reduce_batch
from perfxl.run.registering import Registering
from perfxl.run.reporting import Reporting
from perfxl.run.used import UsedList
from perfxl.run.workers import LARGEST_CHUNK, Workers
from perfxl.run.write import write_results
from perfxl.run.yearly import Yearly
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Scheme, Stage
from perfxl.workbook.limits import Limits
from perfxl.years.model import Year

Progress = Callable[[str, int, int], None]
READING, WRITING = "读取和评分", "写出结果"
SUMMARY_SHEETS_UP_TO = 200
"""Above so many departments the summary has no sheet a department; the links lead to their workbooks."""
IN_MEMORY = 200
"""Up to so many departments the batch of a run takes in its details once, and can be read when the run is over."""

NO_REPORTS = "本阶段不核对自评报告"
USUAL_BYTES = 100_000
"""A workbook of a department has no more."""
MOST_CHUNKS = 3
"""With several schemes a chunk is so many times as large at most: all of it is in memory together."""


@dataclass(frozen=True)
class RunOptions:
    """How a run goes. jobs: worker processes, 0 for one per core. scheduler: address of a Dask cluster to use instead.

    lists: roster and accepted findings. department_sheets, department_books, copies_for_all: see `write_results`.
    joint: whether the departments of several schemes are ranked among each other too. notes: what else is to be told
    in the results. bureau: its folder, in which nothing is a submission. previous: the years before.
    started: the time that counts as now, with its zone; that of the clock where there is none.
    """

    jobs: int = 0
    scheduler: str | None = None
    limits: Limits = field(default_factory=Limits)
    lists: Lists = field(default_factory=Lists)
    department_sheets: int = SUMMARY_SHEETS_UP_TO
    department_books: bool = True
    copies_for_all: bool = False
    joint: bool = False
    notes: tuple[str, ...] = ()
    bureau: Path | None = None
    previous: tuple[Year, ...] = ()
    started: datetime | None = None


@dataclass(frozen=True)
class RunReport:
    """What a run came to. renamed, kept: see `Published`. used: the bureau's lists that applied.

    told: what is to be told of the register, in words; returned: how many returns it has.
    """

    batch: Batch
    output: Path
    summary: Path
    renamed: dict[str, str]
    kept: dict[str, str]
    used: Sequence[UsedList] = ()
    told: tuple[str, ...] = ()
    returned: int = 0


def run_folder(
    folder: Path,
    output: Path,
    schemes: Schemes,
    options: RunOptions,
    progress: Progress = lambda *_: None,
    waiting: Callable[[], None] = lambda: None,
) -> RunReport:
    """Scores every workbook below a folder and puts the results into the output folder.

    schemes: each workbook is scored by the one that it names, one that names none by the first.
    Where another run writes there, waits until it is over. waiting: called once before. Raises OutputError where the
    results cannot be written; the old ones then stay as they were.
    """
    if options.scheduler:
        # The workers of a cluster stand in folders of their own.
        folder, output = folder.resolve(), output.resolve()
    with only_run(output, waiting) as exclusive:
        return _run(folder, output, as_schemes(schemes), options, progress, exclusive=exclusive)


def _run(
    folder: Path, output: Path, schemes: Sequence[Scheme], options: RunOptions, progress: Progress, *, exclusive: bool
) -> RunReport:
    started, clock = options.started or datetime.now().astimezone(), time.monotonic()
    staging = open_staging(output, exclusive=exclusive)
    lists = staging / ".run.json.lists"
    try:
        registering = Registering(folder, output, staging, schemes, options.lists.roster, started.date())
        aside, workbooks, reports = _found(folder, output, options)
        if not schemes[0].asks_scores:
            # What departments report on is the self-review.
            aside += [replace(item, report=False, ignored_because=NO_REPORTS) for item in reports]
            reports = []
        with (
            gc_paused(),
            Workers(options.jobs, len(workbooks), options.scheduler) as workers,
            DetailsFile(staging) as details,
        ):
            authorities = (*options.lists.authorities, registering.authority)
            sent = _to_be_sent(authorities, staging)
            held = Reporting(reports, tuple(workbooks), schemes, sent, options.limits, workers) if reports else None
            entries = _score(workbooks, schemes, options, sent, workers, details, progress)
            batch = reduce_batch(
                schemes,
                aside,
                entries,
                details,
                started,
                options.lists,
                joint=options.joint,
                lines=registering.lines,
                reports=held,
                yearly=Yearly(options.previous, options.lists.roster) if options.previous else None,
            )
            held = None
            registering.record(batch, entries, details)
            batch.notes += [*options.notes, *registering.told]
            batch.periods = earlier_periods(output.resolve(), batch.scheme, options.lists.roster)
            kept_list = ""
            if schemes[0].stage is Stage.TARGETS:
                kept_list = keep_edited(output, schemes, batch.approved)
                batch.notes += [kept_list] if kept_list else []
            entries.clear()
            slim = batch.departments
            if len(slim) <= IN_MEMORY:
                batch.take_in_details()
            if schemes[0].stage is Stage.TARGETS:
                batch.targets = targets_of(batch)
            summary = write_results(
                batch,
                slim,
                details.stored,
                staging,
                workers,
                lambda done, total: progress(WRITING, done, total),
                department_sheets=options.department_sheets,
                department_books=options.department_books,
                copies_for_all=options.copies_for_all,
                besides=[registering.staging(batch)],
                meanwhile=partial(_write_rest, batch, lists, staging / DETAILS),
            )
            registering.staged()
            batch.seconds = round(time.monotonic() - clock, 3)
            write_run_json(batch, staging / "run.json", lists, results_below(staging))
        made = registering.made_before()
        published = publish(output, registering.ours)
    except (OSError, FileCreateError) as error:
        # XlsxWriter wraps what the system says.
        cause = error if isinstance(error, OSError) else error.args[0]
        raise output_error(output, cause if isinstance(cause, OSError) else OSError(str(cause))) from error
    finally:
        discard(output)
    told = (*registering.told, *registering.published(), *([kept_list] if kept_list else []))
    registering.clear(REGISTER in published.renamed, made)
    summary = published.renamed.get(summary, summary)
    return RunReport(
        batch, output, output / summary, published.renamed, published.kept, options.lists.used, told,
        registering.returned,
    )  # fmt: skip


def _write_rest(batch: Batch, lists: Path, details: Path) -> None:
    """What is no workbook."""
    with details_file(batch, details) as add:
        write_lists(batch, lists, add)


def _found(folder: Path, output: Path, options: RunOptions) -> tuple[list[Found], list[Found], list[Found]]:
    """The files that are set aside, the workbooks, and the departments' own reports.

    The bureau's own folder and lists were not sent by anybody.
    """
    found = discover(folder, options.limits, without=output, besides=not_sent(folder, options))
    read = [item for item in found if not item.ignored_because]
    return (
        [item for item in found if item.ignored_because],
        [item for item in read if not item.report],
        [item for item in read if item.report],
    )


def not_sent(folder: Path, options: RunOptions) -> set[Path]:
    """What may stand below the folder of a run and was not sent by anybody, resolved: the bureau's folder and lists."""
    return {item.file.resolve() for item in options.lists.used} | _inside(options.bureau, folder)


def _inside(bureau: Path | None, folder: Path) -> set[Path]:
    """The bureau's folder where it may stand below that of a run; where it is the same, only its lists are left out."""
    if bureau is None or not bureau.is_dir() or bureau.resolve() == folder.resolve():
        return set()
    return {bureau.resolve()}


def _score(
    workbooks: list[Found],
    schemes: Sequence[Scheme],
    options: RunOptions,
    authorities: Sequence[Authority],
    workers: Workers,
    details: DetailsFile,
    progress: Progress,
) -> list[Entry]:
    """The files, read and scored. They are let go as they are read, so that the list is empty afterwards."""
    entries: list[Entry] = []
    progress(READING, 0, total := len(workbooks))
    # A chunk has its tables, one set a scheme.
    largest = LARGEST_CHUNK * min(len(schemes), MOST_CHUNKS)
    limits = options.limits
    process = partial(_process, schemes=schemes, limits=limits, authorities=authorities)
    chunks = deque(workers.chunks(workbooks, largest, weight_of))
    workbooks.clear()
    handed = (chunks.popleft() for _ in range(len(chunks)))
    for files, answer in workers.read(process, handed, limits.seconds):
        packed = [pack(lost_file(files[0], answer))] if isinstance(answer, Lost) else answer
        entries.extend(map(details.add, packed))
        progress(READING, len(entries), total)
    return entries


def weight_of(found: Found) -> float:
    """For how many usual workbooks a file counts."""
    return found.bytes / USUAL_BYTES


def _to_be_sent(authorities: Sequence[Authority], staging: Path) -> list[Authority]:
    """The bureau's lists as they go with every chunk of files: what is large waits in a file of the staging folder."""
    large = OfficialValues, ApprovedTargets
    return [item.on_disk(staging) if isinstance(item, large) else item for item in authorities]


def _process(
    files: Sequence[Found], tell: Tell, *, schemes: Sequence[Scheme], limits: Limits, authorities: Sequence[Authority]
) -> list[Packed]:
    """A chunk of files, packed. Done in a process that may be lost."""
    with gc_paused():
        scored = process_chunk(files, schemes, limits, tell, authorities)
        tell(len(files))
        return [pack(item) for item in scored]
