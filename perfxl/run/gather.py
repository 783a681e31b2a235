"""The bureau's lists for a run: found where they stand, read by the reader of their kind, all faults told at once.

A new kind of list gets a reader here (`READERS`): a function from the opened workbook and the context to what it
says. The order is that of the kinds, so a reader may ask what came before it, such as the roster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from perfxl.checks.finding import Finding
from perfxl.checks.review import NOT_USED
from perfxl.errors import ListsError, PerfxlError, UsageError
from perfxl.layout.list_marks import Kind
from perfxl.lists.approved_heirs import with_heirs
from perfxl.lists.approved_reader import read_approved
from perfxl.lists.exemptions import FILE_NAME, SHEET, Exemption, read_exemptions
from perfxl.lists.official_blank import is_blank_official
from perfxl.lists.official_reader import read_official
from perfxl.lists.opened import OpenList
from perfxl.lists.roster import Roster, read_roster
from perfxl.lists.standing import IsBlank, Standing, standing
from perfxl.official import Authority
from perfxl.review.layout import ReviewBook
from perfxl.review.read import read_review
from perfxl.run.official import approved_effect
from perfxl.run.official import effect_of as official_effect
from perfxl.run.reduce import Lists
from perfxl.run.reviewing import effect_of as review_effect
from perfxl.run.used import Applied, Effect, UsedList, fixed
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, annual
from perfxl.text import fold


@dataclass
class Gathered:
    """What is known of the lists up to now; readers add to it. authorities: the first counts before the others.

    schemes: of the run. others: gives the schemes that there are besides. tell: takes a sentence for the user. named:
    the kinds that an option named. used: the lists that apply. reviews: the review workbooks; findings: on what of
    them cannot be read.
    """

    schemes: Sequence[Scheme]
    others: Callable[[], Iterable[Scheme]]
    tell: Callable[[str], None]
    today: date
    named: frozenset[Kind] = frozenset()
    roster: Roster | None = None
    exemptions: Sequence[Exemption] = ()
    source: str = ""
    authorities: list[Authority] = field(default_factory=list)
    used: list[UsedList] = field(default_factory=list)
    reviews: list[ReviewBook] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def use(
        self, kind: Kind, opened: OpenList, lines: int, effect: Callable[[Applied], Effect], early: int | None = None
    ) -> None:
        """Notes that a list applies. lines, effect, early: see `UsedList`."""
        self.used.append(UsedList(kind, opened.path, opened.sha256, opened.bytes, lines, effect, early))


Reader = Callable[[OpenList, Gathered], None]
"""Reads a list into what is known. Raises ListError with all its faults."""


def _roster(opened: OpenList, known: Gathered) -> None:
    known.roster = read_roster(opened, known.schemes, known.others, known.tell)
    if known.roster is None:
        if Kind.ROSTER in known.named:
            known.tell(f"部门名录“{opened.path}”里没有本次要评的部门，没有使用。")
        return
    rows, lines = len(known.roster.rows), known.roster.lines
    other = (f"{lines - rows} 行写的是本次没有使用的评分方案",) if lines > rows else ()
    known.use(Kind.ROSTER, opened, lines, fixed(rows, other), rows)
    # Before there were lists of their own the accepted findings stood in the roster.
    if any(fold(title) == SHEET for title in opened.sheets):
        known.exemptions = read_exemptions(opened, in_roster=True, today=known.today, tell=known.tell)
        known.source = opened.path.name


def _exemptions(opened: OpenList, known: Gathered) -> None:
    in_roster = known.exemptions
    known.exemptions = read_exemptions(opened, today=known.today, tell=known.tell)
    known.source = opened.path.name
    if in_roster:
        known.tell(f"部门名录中的“{SHEET}”工作表没有采用，以“{opened.path}”为准。")
    if known.exemptions:
        known.use(Kind.EXEMPTIONS, opened, len(known.exemptions), _accepted(known.exemptions))
    elif Kind.EXEMPTIONS in known.named:
        known.tell(f"豁免名单“{opened.path}”是空的，没有使用。")


def _accepted(exemptions: Sequence[Exemption]) -> Callable[[Applied], Effect]:
    def effect(applied: Applied) -> Effect:
        without = [f"第 {item.row} 行" for item in exemptions if item not in applied.exemptions]
        return Effect(len(exemptions) - len(without), without)

    return effect


def _official(opened: OpenList, known: Gathered) -> None:
    # One list serves the whole year, whatever the stage asks of it.
    whole = [annual(scheme) for scheme in known.schemes]
    values = read_official(opened, whole, today=known.today, tell=known.tell)
    if values is not None:
        known.authorities.append(values)
        known.use(Kind.OFFICIAL, opened, values.lines, official_effect(values))
    elif Kind.OFFICIAL in known.named:
        known.tell(f"财政核定数“{opened.path}”里还没有核定数，没有使用。")


def _approved(opened: OpenList, known: Gathered) -> None:
    values = read_approved(opened, known.schemes, today=known.today, tell=known.tell)
    if values is not None:
        counts = known.schemes[0].stage is not Stage.TARGETS
        if counts:
            # While targets are asked for everybody speaks for itself.
            values = with_heirs(values, known.roster, known.schemes, known.tell)
        known.authorities.append(values)
        known.use(Kind.APPROVED, opened, values.lines, approved_effect(values, known.schemes, counts=counts))
    elif Kind.APPROVED in known.named:
        known.tell(f"绩效目标核定表“{opened.path}”里还没有内容，没有使用。")


def gather_reviews(found: Standing, known: Gathered) -> None:
    """The review workbooks, of which several are normal. One that does not hold stops nothing else, and is told."""
    for path, error in found.refused.items():
        _refuse(known, path, "", _size(path), str(error))
    first: dict[str, OpenList] = {}
    for opened in found.reviews:
        same = first.setdefault(opened.sha256, opened)
        if same is not opened:
            _refuse(known, opened.path, opened.sha256, opened.bytes, f"与“{same.path}”内容完全相同", told=False)
            continue
        try:
            book, findings = read_review(opened)
        except UsageError as error:
            _refuse(known, opened.path, opened.sha256, opened.bytes, str(error))
            continue
        known.reviews.append(book)
        known.findings += findings
        lines = sum(len(item.judgements) + item.agreed for item in book.reviews)
        known.use(Kind.REVIEW, opened, lines, review_effect(book))


def _refuse(known: Gathered, path: Path, sha256: str, size: int, why: str, *, told: bool = True) -> None:
    # The file is named beside.
    why = why.removeprefix(f"“{path}”").removeprefix("不能用：")
    known.used.append(UsedList(Kind.REVIEW, path, sha256, size, 0, fixed(0), refused=f"{why}。"))
    if told:
        known.findings.append(NOT_USED.finding(path.as_posix(), "", {"why": why}))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


READERS: dict[Kind, Reader] = {
    Kind.ROSTER: _roster,
    Kind.EXEMPTIONS: _exemptions,
    Kind.OFFICIAL: _official,
    Kind.APPROVED: _approved,
}
"""The reader of each kind, in the order of reading."""
BLANK: dict[Kind, IsBlank] = {Kind.OFFICIAL: is_blank_official}
"""For kinds that are written with lines in them: whether a list is still as it was written."""


def gather(
    folder: Path,
    named: Mapping[Kind, Path],
    schemes: Sequence[Scheme],
    others: Callable[[], Iterable[Scheme]],
    tell: Callable[[str], None],
    today: date | None = None,
    reviews: Sequence[Path] = (),
) -> Lists:
    """The lists that apply to a run. folder: the bureau's. named: lists that options name, by kind.

    reviews: review workbooks, or folders of them, that options name. tell: takes what was passed over and why. Raises
    UsageError or ListError where one list does not hold, ListsError where several do not: all faults of all lists at
    once.
    """
    found = standing(folder, named, BLANK, reviews)
    errors: list[PerfxlError] = list(found.errors)
    known = Gathered(schemes, others, tell, today or date.today(), found.named)
    for words in found.told:
        tell(words)
    for kind, opened in found.lists.items():
        reader = READERS.get(kind)
        if reader is None:
            tell(f"“{opened.path}”是{kind.label}，本次没有使用。")
            continue
        try:
            reader(opened, known)
        except PerfxlError as error:
            errors.append(error)
    gather_reviews(found, known)
    if errors:
        raise errors[0] if len(errors) == 1 else ListsError(errors)
    source = known.source or FILE_NAME
    return Lists(
        known.roster, known.exemptions, source, tuple(known.authorities), tuple(known.used), tuple(known.reviews),
        tuple(known.findings),
    )  # fmt: skip
