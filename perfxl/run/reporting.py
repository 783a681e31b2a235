"""The departments' own reports in a run: read, matched to their workbooks and held against them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from perfxl.checks.finding import Finding
from perfxl.checks.reports import NOT_READ, OF_NOBODY
from perfxl.errors import system_words
from perfxl.intake.found import Found, read_found
from perfxl.intake.submission import take_in
from perfxl.intake.submission_tables import tables_of
from perfxl.layout import layout_of
from perfxl.official import Authority, apply
from perfxl.processes import Lost, Tell
from perfxl.reports.find import claims
from perfxl.reports.held import Held
from perfxl.reports.known import known_of
from perfxl.reports.limits import SAVE_AS_DOCX
from perfxl.reports.match import Head, Matched, head_of, match
from perfxl.reports.sentences import sentences
from perfxl.reports.text import read_report
from perfxl.results.batch import COPY_OF_REPORT, FileRecord, Status
from perfxl.results.sheets.findings import SHEET as FINDINGS
from perfxl.run.details import Entry
from perfxl.run.workers import Workers
from perfxl.scheme.model import Scheme
from perfxl.scoring import score_submission
from perfxl.scoring.result import DepartmentResult
from perfxl.workbook.limits import Limits, RefusalError

NOBODY = "未能对应"
UNREAD = Matched(-1, "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A report that was looked at. head: None where it could not be read, and then the refusal."""

    sha256: str
    bytes: int
    head: Head | None = None
    macros: bool = False
    refusal: RefusalError | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What a report came to. claims: how many of its claims were looked at."""

    claims: int
    findings: tuple[Finding, ...]


Pair = tuple[Found, Found]
"""A report and the workbook of its department."""


@dataclass
class Reporting:
    """The reports of a run. records, findings: their lines in the list of files, and what is found on no workbook."""

    found: Sequence[Found]
    workbooks: Sequence[Found]
    schemes: Sequence[Scheme]
    authorities: Sequence[Authority]
    limits: Limits
    workers: Workers
    records: list[FileRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def hold(self, entries: Sequence[Entry], missing: Sequence[str]) -> None:
        """Reads the reports and puts findings on those that contradict their workbooks to the entries of these.

        entries: the files that count. missing: names of those that sent no workbook.
        """
        books = {item.shown: item for item in self.workbooks}
        current = [item for item in entries if item.result is not None]
        candidates = [(item.result.title, item.result.code) for item in current if item.result is not None]
        pairs: list[tuple[Pair, Entry, Seen, Matched]] = []
        looked = [
            (found, seen, match(seen.head, found.shown, candidates, missing) if seen.head is not None else UNREAD)
            for found, seen in self._seen()
        ]
        first: dict[tuple[str, ...], str] = {}
        # Of copies the one that is of somebody counts, wherever it stands.
        for found, seen, matched in sorted(looked, key=lambda one: one[2].place < 0):
            result = current[matched.place].result if matched.place >= 0 else None
            same = _first(first, found, seen, matched)
            if same != found.shown:
                why = f"{COPY_OF_REPORT}“{same}”内容完全相同，只核对那一份"
                self._record(found, seen, why, result, Status.DUPLICATE)
                continue
            if seen.refusal is not None:
                self._refuse(found, seen)
                continue
            if result is None:
                one = self.schemes[0].evaluated.word
                self.findings.append(OF_NOBODY.finding(found.shown, "", {"one": one, "why": matched.why}))
                self._record(found, seen, f"{NOBODY}：{matched.why}。{self.findings[-1].advice}。")
                continue
            entry = current[matched.place]
            pairs.append(((found, books[entry.record.path]), entry, seen, matched))
        self._compare(pairs)
        self.records.sort(key=lambda record: record.path)

    def _seen(self) -> Iterator[tuple[Found, Seen]]:
        """The reports in the order of their paths, each looked at in a process that may be lost."""
        done: dict[str, Seen] = {}
        look = partial(_look, limits=self.limits)
        for items, answer in self.workers.read(look, self.workers.chunks(self.found), self.limits.seconds):
            if isinstance(answer, Lost):
                done[items[0].shown] = Seen("", 0, refusal=RefusalError(answer.why, SAVE_AS_DOCX, "F108"))
            else:
                done.update(zip((item.shown for item in items), answer, strict=True))
        return ((item, done[item.shown]) for item in sorted(self.found, key=lambda item: item.shown))

    def _compare(self, pairs: Sequence[tuple[Pair, Entry, Seen, Matched]]) -> None:
        function = partial(_compare, schemes=self.schemes, limits=self.limits, authorities=self.authorities)
        done: dict[str, Compared | Lost] = {}
        chunks = self.workers.chunks([pair for pair, *_ in pairs])
        for items, answer in self.workers.read(function, chunks, self.limits.seconds):
            if isinstance(answer, Lost):
                done[items[0][0].shown] = answer
            else:
                done.update(zip((item.shown for item, _ in items), answer, strict=True))
        told: set[tuple[str, ...]] = set()
        for (found, _), entry, seen, matched in pairs:
            compared = done[found.shown]
            if isinstance(compared, Lost):
                refusal = RefusalError(compared.why, SAVE_AS_DOCX, "F108")
                self._refuse(found, Seen(seen.sha256, seen.bytes, refusal=refusal))
                continue
            # What two copies of a report say, such as Word and PDF, is told once.
            fresh = [one for one in compared.findings if _key(one) not in told]
            told.update(map(_key, fresh))
            entry.added += tuple(fresh)
            assert entry.result is not None
            words = f"按{matched.why}对应到“{entry.result.title}”，核对了 {compared.claims} 处数据，"
            if not compared.claims:
                words = f"按{matched.why}对应到“{entry.result.title}”，没有认出可以核对的数据"
            elif compared.findings:
                words += f"{len(compared.findings)} 处问题，见“{FINDINGS.name}”"
            else:
                words += "没有发现问题"
            words += "；文件含有宏，没有运行" if seen.macros else ""
            self._record(found, seen, words, entry.result)

    def _refuse(self, found: Found, seen: Seen) -> None:
        refusal = seen.refusal
        assert refusal is not None
        words = {"why": refusal.what, "advice": refusal.advice}
        self.findings.append(NOT_READ.finding(found.shown, "", words))
        self._record(found, seen, f"没有读取：{refusal.reason}")

    def _record(
        self,
        found: Found,
        seen: Seen,
        reason: str,
        result: DepartmentResult | None = None,
        status: Status = Status.REPORT,
    ) -> None:
        title, scheme = (result.title, result.scheme) if result is not None else ("", "")
        self.records.append(FileRecord(found.shown, seen.sha256, seen.bytes, status, title, reason, scheme=scheme))


def _first(first: dict[tuple[str, ...], str], found: Found, seen: Seen, matched: Matched) -> str:
    """The path of the copy of a report that counts: the first of the same bytes and the same department.

    One that is of nobody is a copy wherever the same was found before; of one that cannot be read nobody knows whose
    it is, and only what has the same name is a copy.
    """
    if not seen.sha256:
        return found.shown
    if seen.head is None:
        return first.setdefault((seen.sha256, PurePosixPath(found.shown).name), found.shown)
    anywhere = first.setdefault((seen.sha256,), found.shown)
    return anywhere if matched.place < 0 else first.setdefault((seen.sha256, "", f"{matched.place}"), found.shown)


def _key(finding: Finding) -> tuple[str, ...]:
    said = "".join(finding.value.split())
    return finding.code, finding.file, finding.sheet, finding.cell, said, "".join(finding.expected.split())


def _look(files: Sequence[Found], tell: Tell, *, limits: Limits) -> list[Seen]:
    """What the files are. Done in a process that may be lost."""
    seen = []
    for number, found in enumerate(files):
        tell(number)
        seen.append(_look_at(found, limits))
    tell(len(files))
    return seen


def _look_at(found: Found, limits: Limits) -> Seen:
    if found.refused:
        what, _, advice = found.refused.rstrip("。").partition("。")
        return Seen("", found.bytes, refusal=RefusalError(what, advice, found.code))
    try:
        data, _ = read_found(found, limits)
    except RefusalError as refusal:
        return Seen("", found.bytes, refusal=RefusalError(refusal.what, SAVE_AS_DOCX, refusal.code))
    except OSError as error:
        return Seen(
            "",
            found.bytes,
            refusal=RefusalError(f"文件打不开（{system_words(error)}）", "请关闭占用它的程序，再运行一次", "F107"),
        )
    sha256, size = hashlib.sha256(data).hexdigest(), len(data)
    try:
        report = read_report(data, limits)
    except RefusalError as refusal:
        return Seen(sha256, size, refusal=refusal)
    return Seen(sha256, size, head_of(report), report.macros)


def _compare(
    pairs: Sequence[Pair], tell: Tell, *, schemes: Sequence[Scheme], limits: Limits, authorities: Sequence[Authority]
) -> list[Compared]:
    """Reports held against their workbooks. Done in a process that may be lost."""
    layouts = [layout_of(scheme) for scheme in schemes]
    compared = []
    for number, (found, workbook) in enumerate(pairs):
        tell(number)
        report = read_report(read_found(found, limits)[0], limits)
        intake = take_in(workbook, layouts, limits)
        apply(intake, authorities)
        submission = intake.submission
        assert submission is not None, "it was read before"
        layout = submission.layout
        tables = tables_of([intake], layout)
        result = score_submission(
            submission,
            layout.scheme,
            tables.inputs[intake.path],
            tables.outcomes[intake.path],
            file=intake.path,
            status=Status.SCORED,
        )
        known = known_of(submission, result, layout.scheme)
        said = claims(list(sentences(report.blocks)), known.names)
        held = Held(PurePosixPath(found.shown).name, intake.path, known, submission)
        compared.append(Compared(len(said), tuple(held.findings(said))))
    tell(len(pairs))
    return compared
