"""The main job of `perfxl documents`: the last run's documents, mapped over processes, in place together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from perfxl.documents.internal import inner_matters
from perfxl.documents.kind import Case, Json, Kind, WholeRun
from perfxl.documents.kinds import kinds_named
from perfxl.documents.shelf import Shelf, Shelved
from perfxl.documents.template import check_template, template_of
from perfxl.errors import OutputError, UsageError
from perfxl.processes import Lost, told_of
from perfxl.results.codec import Names, decoder
from perfxl.results.kept_results import DETAILS, LastRun, last_run, readable, same
from perfxl.results.names import file_names
from perfxl.run.lock import only_run
from perfxl.run.publish import output_error
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult

FOLDER = "文书"
AT_ONCE = 32
DAYS_TO_MEND = 30
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked for. kinds, departments: names, all where there are none. templates: the bureau's folder.

    today: the date of the documents; due: by when has to be mended, 30 days later unless told. jobs: as for Workers.
    """

    kinds: Sequence[str] = ()
    departments: Sequence[str] = ()
    templates: Path | None = None
    today: date = field(default_factory=date.today)
    due: date | None = None
    jobs: int = 0

    @property
    def last_day(self) -> date:
        """By when has to be mended."""
        return self.due or self.today + timedelta(days=DAYS_TO_MEND)


@dataclass
class Written:
    """What came of it. counts: documents by kind; checked: those of which it is certain that they hold nothing
    internal; edited: templates of the bureau that were used.
    """

    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    checked: int = 0
    edited: list[Path] = field(default_factory=list)
    shelved: Shelved = field(default_factory=Shelved)


@dataclass(frozen=True)
class _Share:
    """Documents of one kind for a worker. places: where each department stands in the kept results, with its entry of
    run.json, its findings and the name of its file.
    """

    output: Path
    names: Names
    kind: str
    template: bytes
    schemes: Sequence[Scheme]
    places: Sequence[tuple[int, Json, tuple[Json, ...], str]]
    today: date
    due: date
    when: datetime


def write_documents(
    output: Path,
    wanted: Wanted,
    progress: Progress = lambda done, total: None,
    waiting: Callable[[], None] = lambda: None,
) -> Written:
    """Writes documents of the last run of an output folder into its folder 文书.

    progress: documents written, of how many. waiting: called once where another run writes there. Raises UsageError
    where there is no run, or nobody and nothing by that name; TemplateFaultError, OutputError.
    """
    kinds = kinds_named(wanted.kinds)
    if wanted.departments and not wanted.kinds:
        # Of some departments nothing is said in documents of the whole run.
        kinds = tuple(kind for kind in kinds if kind.of_department is not None)
    kinds = _at_stage(kinds, last_run(output), named=bool(wanted.kinds))
    with only_run(output, waiting):
        last = last_run(output)
        templates, edited = _templates(kinds, wanted.templates)
        folder = output / FOLDER
        try:
            shelf = Shelf(folder)
        except OSError as error:
            raise output_error(folder, error) from error
        try:
            written = _write(last, kinds, templates, wanted, shelf.staging, progress)
            written.folder, written.edited = folder, edited
            whole = () if wanted.departments else [kind.name for kind in kinds]
            written.shelved = shelf.publish(whole)
        except OSError as error:
            raise output_error(folder, error) from error
        finally:
            shelf.discard()
    return written


def _at_stage(kinds: Sequence[Kind], last: LastRun, *, named: bool) -> tuple[Kind, ...]:
    """The kinds that are written at the stage of the year of a run.

    Raises UsageError for one that was named and is not, and where there is none.
    """
    stage = last.schemes[0].stage
    other = [kind for kind in kinds if stage not in kind.stages]
    if named and other:
        stages = "、".join(one.label for one in other[0].stages)
        raise UsageError(f"“{other[0].name}”用于{stages}，“{last.output}”里是{stage.label}的结果")
    if kinds and len(other) == len(kinds):
        raise UsageError(f"“{last.output}”里是{stage.label}的结果，这个阶段没有要写的文书")
    return tuple(kind for kind in kinds if kind not in other)


def _templates(kinds: Sequence[Kind], folder: Path | None) -> tuple[dict[str, bytes], list[Path]]:
    """The template of each kind: the bureau's, else the one that the program brings; and which are the bureau's."""
    templates, edited = {}, []
    for kind in kinds:
        path = folder / kind.template if folder else None
        if path is not None and path.exists():
            try:
                data = path.read_bytes()
            except OSError as error:
                raise UsageError(f"文书模板“{path}”打不开。请关闭正打开它的程序，并检查权限") from error
            told_of(path, check_template, data, path.name, kind.record)
            edited.append(path)
        else:
            data = kind.draw()
        templates[kind.name] = data
    return templates, edited


def _write(
    last: LastRun, kinds: Sequence[Kind], templates: dict[str, bytes], wanted: Wanted, staging: Path, progress: Progress
) -> Written:
    entries = _chosen(last, wanted.departments)
    findings: dict[str, list[Json]] = {}
    for finding in last.document["findings"]:
        findings.setdefault(finding["file"], []).append(finding)
    with readable(last.output):
        starts, when = _starts(last.output), datetime.fromisoformat(last.document["started"])
        if len(starts) != len(_sent(last)):
            raise ValueError("not as many records as departments")
    names = dict(zip((id(entry) for entry in _sent(last)), file_names([
        str(entry.get("project") or entry["name"]) for entry in _sent(last)]), strict=True))  # fmt: skip
    numbers = {id(entry): number for number, entry in enumerate(_sent(last))}
    calls: list[Callable[[], int]] = []
    written = Written(staging)
    sizes: list[int] = []
    for_each = [entry for entry in entries if entry["file"] is not None]
    with Workers(wanted.jobs, len(for_each)) as workers:
        for kind in kinds:
            (staging / kind.name).mkdir()
            if kind.of_department is None:
                whole = WholeRun(last, wanted.today, wanted.last_day)
                calls.append(partial(_write_whole, kind.name, templates[kind.name], last.output, whole.today, whole.due,
                                     staging, when))  # fmt: skip
                sizes.append(1)
                written.counts[kind.name] = 1
                continue
            own = [entry for entry in for_each if kind.wanted(entry)]
            places = [
                (starts[numbers[id(entry)]], entry, tuple(findings.get(entry["file"], ())), names[id(entry)])
                for entry in own
            ]
            written.counts[kind.name] = len(own)
            for chunk in workers.chunks(places, AT_ONCE):
                share = _Share(
                    last.output, last.names, kind.name, templates[kind.name], last.schemes, chunk, wanted.today,
                    wanted.last_day, when,
                )  # fmt: skip
                calls.append(partial(_write_share, share, staging))
                sizes.append(len(chunk))
            if kind.list_of is not None and own:
                name, write_list = kind.list_of
                write_list(last, own, staging / kind.name / name)
        total, done = sum(sizes), 0
        progress(0, total)
        workers.start(calls)
        for number, answer in workers.finish():
            # What a worker has not written is written here, and raises here what it may.
            written.checked += calls[number]() if isinstance(answer, Lost) else answer
            done += sizes[number]
            progress(done, total)
    for kind in kinds:
        if not any((staging / kind.name).iterdir()):
            (staging / kind.name).rmdir()
        elif kind.list_of is not None and kind.public:
            _refuse_internal(staging / kind.name / kind.list_of[0])
            written.checked += 1
    return written


def _sent(last: LastRun) -> list[Json]:
    """The departments that sent something, as they stand in the kept results."""
    return [entry for entry in last.document["departments"] if entry["file"] is not None]


def _chosen(last: LastRun, named: Sequence[str]) -> list[Json]:
    """The departments that are meant, by name, code or project. Raises UsageError for one that is none."""
    entries = list(last.document["departments"])
    if not named:
        return entries
    chosen: dict[int, Json] = {}
    for word in named:
        keys = ("name", "code", "project", "project_code")
        found = [entry for entry in entries if word and word in (entry.get(key) for key in keys)]
        found = found or [entry for entry in entries if word and word in str(entry.get("project") or entry["name"])]
        if not found:
            raise UsageError(f"最近一次运行里没有“{word}”。请核对名称或代码，见汇总工作簿的“排名”")
        if all(entry["file"] is None for entry in found):
            raise UsageError(f"“{word}”没有报送，写不出文书")
        chosen |= {id(entry): entry for entry in found}
    return list(chosen.values())


def _starts(output: Path) -> list[int]:
    """Where the line of each department begins in the kept results."""
    starts = []
    with (output / DETAILS).open("rb") as file:
        place = len(next(file, b""))
        for line in file:
            starts.append(place)
            place += len(line)
    return starts


def _write_share(share: _Share, staging: Path) -> int:
    """Writes the documents of a share; how many were looked through for what is internal."""
    kind = kinds_named([share.kind])[0]
    assert kind.of_department is not None
    template = template_of(share.template, kind.template, kind.record)
    schemes = {scheme.id: scheme for scheme in share.schemes}
    decode = decoder(DepartmentResult, share.names)
    checked = 0
    with (share.output / DETAILS).open("rb") as lines:
        for start, entry, findings, name in share.places:
            with readable(share.output):
                lines.seek(start)
                department = same(decode(lines.readline().decode("utf-8")), entry)
            scheme = schemes.get(department.scheme, share.schemes[0])
            record = kind.of_department(Case(scheme, department, entry, findings, share.today, share.due))
            checked += _write_one(kind, template, record, staging / kind.name / name, share.when)
    return checked


def _write_one(kind: Kind, template: Any, record: Any, stem: Path, when: datetime) -> int:
    path = stem.with_name(f"{stem.name}.docx")
    with path.open("wb") as file:
        template.fill(record, file, kind.title(record), when)
    paths = [path]
    for more in kind.more:
        paths.append(stem.with_name(stem.name + more.ending))
        more.write(record, paths[-1])
    if not kind.public:
        return 0
    for one in paths:
        _refuse_internal(one)
    return len(paths)


def _refuse_internal(path: Path) -> None:
    """Raises OutputError where a file that is for everybody holds what is not."""
    if matters := inner_matters(path):
        raise OutputError(f"“{path.name}”里有不宜公开的内容：{'、'.join(matters)}。请从模板中删去后重新生成。")


def _write_whole(
    name: str, data: bytes, output: Path, today: date, due: date, staging: Path, when: datetime
) -> int:  # fmt: skip
    kind = kinds_named([name])[0]
    assert kind.of_run is not None
    record = kind.of_run(WholeRun(last_run(output), today, due))
    title = kind.title(record)
    template = template_of(data, kind.template, kind.record)
    return _write_one(kind, template, record, staging / kind.name / file_names([title])[0], when)
