"""What a run came to, counted once for the documents of the whole run: by scheme, category, level and indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.decimals import ZERO
from perfxl.documents.kind import Json
from perfxl.results.context import category_of
from perfxl.results.held import held_sentences
from perfxl.results.kept_results import LastRun
from perfxl.results.statistics import mean, rate
from perfxl.review.record import Reviewed
from perfxl.scheme.model import BASE, NOT_RETURNED, ON_TIME, Scheme
from perfxl.scoring.result import DepartmentResult, IndicatorScore
from perfxl.status import Status

REVIEWED = (Reviewed.WHOLE.value, Reviewed.PARTLY.value)
NO = "否"


@dataclass(frozen=True, slots=True)
class Row:
    """A department (or project) as documents of the whole run need it, without its texts.

    losses: code and points of the indicators with points lost, the most first. findings: errors and warnings that
    stand. late, returned_before: the register's words where it says so. initial, adjusted, spent: 万元, total row.
    """

    title: str
    unit: str
    code: str
    category: str
    status: Status
    rank: int | None
    category_rank: int | None
    total: Decimal
    grade: str
    self_total: Decimal
    self_grade: str
    near: bool
    initial: Decimal | None
    adjusted: Decimal | None
    spent: Decimal | None
    rate: Decimal | None
    losses: tuple[tuple[str, Decimal], ...]
    findings: int
    review: str
    total_before: Decimal | None
    grade_before: str
    changed: int
    held: tuple[str, ...]
    late: str
    returned_before: str

    @property
    def over(self) -> Decimal:
        """By how much the self score lies above the accepted one."""
        return self.self_total - self.total


@dataclass(slots=True)
class Points:
    """Points of several departments on an indicator or level. applies: how many they are. losing: how many lost any.

    reviewed, changed, moved: how often the bureau scored it itself, and otherwise than before, by how much in all.
    """

    applies: int = 0
    score: Decimal = ZERO
    points: Decimal = ZERO
    losing: int = 0
    lost: Decimal = ZERO
    reviewed: int = 0
    changed: int = 0
    moved: Decimal = ZERO

    @property
    def mean(self) -> Decimal | None:
        """The mean score."""
        return rate(self.score, Decimal(self.applies))

    @property
    def rate(self) -> Decimal | None:
        """得分率, 1 = 100%."""
        return rate(self.score, self.points)


@dataclass(slots=True)
class Found:
    """A kind of finding. count: how often; departments: on how many."""

    code: str
    severity: str
    count: int = 0
    files: set[str] = field(default_factory=set)


@dataclass(slots=True)
class SchemeCount:
    """What a scheme came to. rows: ranked ones by rank, then the returned ones; missing: entries of run.json.

    indicators by code, levels by name: of the ranked ones. reviews: changes on all that were reviewed.
    """

    scheme: Scheme
    rows: list[Row] = field(default_factory=list)
    missing: list[Json] = field(default_factory=list)
    indicators: dict[str, Points] = field(default_factory=dict)
    levels: dict[str, Points] = field(default_factory=dict)
    reviews: dict[str, Points] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    units: list[Json] = field(default_factory=list)
    owed: dict[tuple[str, str], Json] = field(default_factory=dict)
    sent_counts: list[int] = field(default_factory=list)
    received: int = 0
    returns: int = 0

    @property
    def ranked(self) -> list[Row]:
        """Those that are ranked, best first."""
        return [row for row in self.rows if row.rank is not None]

    @property
    def returned(self) -> list[Row]:
        """Those that were returned."""
        return [row for row in self.rows if row.status == Status.RETURNED]

    @property
    def categories(self) -> list[str]:
        """The categories in the order of the scheme; those that it does not know behind."""
        known = [item.name for item in self.scheme.categories]
        there = dict.fromkeys([*(row.category for row in self.rows), *(_category(one) for one in self.missing)])
        return [*(name for name in known if name in there), *(name for name in there if name not in known)]

    @property
    def grades(self) -> list[str]:
        """The grades in force, best first, those of categories with their own too."""
        bands = [self.scheme.grade_bands, *self.scheme.own_bands.values()]
        names = dict.fromkeys(band.name for own in bands for band in own)
        return list(names | dict.fromkeys(row.grade for row in self.ranked))


@dataclass(slots=True)
class RunCount:
    """rejected: files that could not be taken. rostered: whether it is known who is to send."""

    schemes: list[SchemeCount]
    rejected: int
    rostered: bool

    @property
    def reviewed(self) -> bool:
        """Whether there is any review."""
        return any(row.review in REVIEWED for one in self.schemes for row in one.rows)


def count_run(last: LastRun) -> RunCount:
    """Counts the last run. Raises UsageError where its results cannot be read."""
    document = last.document
    counts = {scheme.id: SchemeCount(scheme) for scheme in last.schemes}
    first = counts[last.schemes[0].id]
    entries = [entry for entry in document["departments"] if entry["file"] is not None]
    problems = _count_findings(document["findings"], entries, counts, first)
    for department in last.departments():
        own = counts.get(department.scheme, first)
        own.rows.append(_row(own.scheme, department, problems[department.file]))
        if department.ranked:
            _add_scores(own, department.scores)
        if department.review_status in REVIEWED:
            _add_reviews(own, department.scores)
    for entry in document["departments"]:
        if entry["status"] == Status.MISSING.value:
            counts.get(entry["scheme"], first).missing.append(entry)
    for unit in document.get("units", ()):
        counts.get(unit.get("scheme", first.scheme.id), first).units.append(unit)
    _count_register(document, counts, first)
    rejected = sum(file["status"] == Status.REJECTED.value for file in document["files"])
    rostered = bool(document.get("rostered", any(one.missing for one in counts.values())))
    # Schemes for which nobody sent and nobody is missing say nothing.
    return RunCount([one for one in counts.values() if one.rows or one.missing] or [first], rejected, rostered)


def _category(entry: Json) -> str:
    return str(entry.get("category") or "") or "未分类"


def _row(scheme: Scheme, item: DepartmentResult, findings: int) -> Row:
    total = next((row for row in item.funds if row.is_total), None)
    # What seems to be in 元 stands in no sum of the batch.
    adjusted, spent = (total.adjusted, total.spent) if total else (item.adjusted, item.spent)
    losses = [(score.code, score.lost) for score in item.scores if score.lost > 0]
    register = {"late": "", "returned": ""}
    for official in item.official:
        source = getattr(scheme.fact_by_key.get(official.fact), "source", "")
        if official.official == NO and source in (ON_TIME, NOT_RETURNED):
            register["late" if source == ON_TIME else "returned"] = official.basis
    return Row(
        title=item.title,
        unit=item.name,
        code=item.code,
        category=category_of(item),
        status=item.status,
        rank=item.rank,
        category_rank=item.category_rank,
        total=item.total,
        grade=item.grade,
        self_total=item.self_total,
        self_grade=item.self_grade,
        near=item.near_threshold,
        initial=total.initial if total else None,
        adjusted=adjusted if item.summed else None,
        spent=spent if item.summed else None,
        rate=item.spending_rate,
        losses=tuple(sorted(losses, key=lambda loss: -loss[1])),
        findings=findings,
        review=item.review_status,
        total_before=item.total_before,
        grade_before=item.grade_before,
        changed=sum(score.before not in (None, score.score) for score in item.scores),
        held=tuple(held_sentences(scheme, item)),
        late=register["late"],
        returned_before=register["returned"],
    )


def _add_scores(own: SchemeCount, scores: Iterable[IndicatorScore]) -> None:
    indicators = own.scheme.indicator_by_code
    levels: dict[str, Points] = {}
    for score in scores:
        indicator = indicators.get(score.code)
        if indicator is None or not score.applies:
            continue
        places = [own.indicators.setdefault(score.code, Points())]
        places[0].applies += 1
        if indicator.nature == BASE:
            places.append(levels.setdefault(indicator.level2, Points()))
        for place in places:
            place.score += score.score
            place.points += score.points
            place.losing += score.lost > 0
            place.lost += score.lost
    for name, points in levels.items():
        whole = own.levels.setdefault(name, Points())
        whole.applies += points.points > 0
        whole.score += points.score
        whole.points += points.points
        whole.losing += points.losing > 0
        whole.lost += points.lost


def _add_reviews(own: SchemeCount, scores: Iterable[IndicatorScore]) -> None:
    for score in scores:
        if score.before is not None:
            place = own.reviews.setdefault(score.code, Points())
            place.reviewed += 1
            place.changed += score.before != score.score
            place.moved += score.score - score.before


def _count_findings(
    findings: Iterable[Json], entries: Sequence[Json], counts: Mapping[str, SchemeCount], first: SchemeCount
) -> Counter[str]:
    """Counts errors and warnings on the workbooks that count; how many by file. Accepted ones are info by now."""
    schemes = {entry["file"]: counts.get(entry["scheme"], first) for entry in entries}
    problems: Counter[str] = Counter()
    for finding in findings:
        own, file = schemes.get(finding["file"]), finding["file"]
        if own is None or finding["severity"] not in ("error", "warning"):
            continue
        problems[file] += 1
        found = own.found.setdefault(finding["code"], Found(finding["code"], finding["severity"]))
        found.count += 1
        found.files.add(file)
    return problems


def _count_register(document: Json, counts: Mapping[str, SchemeCount], first: SchemeCount) -> None:
    last: dict[tuple[str, str, str], int] = {}
    for line in document.get("register", ()):
        own = counts.get(line["scheme"])
        if own is None or str(line["year"]) != str(own.scheme.year) or line["status"] == Status.DUPLICATE.label:
            continue
        own.received += 1
        own.returns += bool(line["returned"]) and not line["excused"]
        key = line["scheme"], line["code"] or line["name"], line["project"]
        last[key] = max(last.get(key, 0), line["number"] or 1)
    for (scheme, _, _), number in last.items():
        counts[scheme].sent_counts.append(number)
    for one in document.get("owed", ()):
        own = counts.get(one["scheme"], first)
        own.owed[one["code"] or one["name"], one["project"]] = one


def mean_of(rows: Sequence[Row]) -> Decimal | None:
    """The mean of the accepted totals."""
    return mean([row.total for row in rows])


def spending_of(rows: Iterable[Row]) -> tuple[Decimal, Decimal, Decimal | None]:
    """Adjusted budget and spending in 万元 of those that gave both, and the rate of all together."""
    both = [(row.adjusted, row.spent) for row in rows if row.adjusted is not None and row.spent is not None]
    adjusted = sum((pair[0] for pair in both), ZERO)
    spent = sum((pair[1] for pair in both), ZERO)
    return adjusted, spent, rate(spent, adjusted)
