"""What the results say of the bureau's values: beside each score, and as a list of its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.catalogue import label_of
from perfxl.intake.cell import Cell
from perfxl.intake.submission import Submission
from perfxl.layout.fields import VALUE, FieldId
from perfxl.official import differs
from perfxl.outcome.pending import needed_facts
from perfxl.scheme.model import Indicator
from perfxl.scoring.result import OfficialResult
from perfxl.submission.official import Official
from perfxl.submission.values import as_written
from perfxl.text import is_blank

NO_TARGET = "财政部门还没有给出年度指标值"


def official_results(submission: Submission) -> tuple[OfficialResult, ...]:
    """The values of the bureau that stand in a submission, in the order of the template."""
    if not submission.official:
        return ()
    order = {name: number for number, name in enumerate(submission.fields)}
    names = sorted(submission.official, key=order.__getitem__)
    return tuple([_result(submission, name, submission.official[name]) for name in names])


def _result(submission: Submission, name: FieldId, official: Official) -> OfficialResult:
    return OfficialResult(
        fact=name[1] if name[0] == "facts" else ".".join(name),
        label=_label(submission, name),
        unit=unit_of(submission, name),
        written=written_words(submission, name),
        official=words_of(submission, name, official.value),
        differs=differs(submission, name),
        source=official.source,
        basis=official.basis,
        person=official.person,
        day=official.day,
        place=official.place,
    )


def _label(submission: Submission, name: FieldId) -> str:
    if name[0] == "facts":
        return submission.layout.scheme.fact_labels[name[1]]
    return label_of(name, submission, submission.layout)


def unit_of(submission: Submission, name: FieldId) -> str:
    """The unit of a field: of a fact by the scheme, of a KPI target as the row names it."""
    if name[0] == "facts":
        fact = submission.layout.scheme.fact_by_key[name[1]]
        return fact.shown_unit if fact.numeric else ""
    if name[2] != "target":
        return ""
    unit = submission.value(name[0], name[1], "unit")
    return unit if isinstance(unit, str) and not isinstance(submission.official[name].value, str) else ""


def words_of(submission: Submission, name: FieldId, value: Decimal | str) -> str:
    """A value as results show it."""
    return submission.layout.scheme.in_words(name[1] if name[0] == "facts" else "", value)


def written_words(submission: Submission, name: FieldId) -> str:
    """What the department wrote in a field that has an official value: its value, or what stands there."""
    cell: Cell = submission.written[name]
    if cell.reading.value is not None:
        return words_of(submission, name, cell.reading.value)
    return "" if is_blank(cell.raw) else as_written(cell.raw)


def officials_behind(submission: Submission, indicator: Indicator) -> str:
    """Behind the explanation of an indicator: which of its facts the bureau has given, and what was written."""
    if not submission.official:
        return ""
    scheme = submission.layout.scheme
    keys = scheme.facts_of[indicator.code]
    same: dict[str, list[str]] = {}
    parts = []
    for name, official in _of(submission, keys):
        if differs(submission, name):
            parts.append(_behind(submission, name, official))
        else:
            same.setdefault(official.source, []).append(scheme.fact_labels[name[1]])
    parts += [f"{'、'.join(labels)}以{source}为准" for source, labels in same.items()]
    return f"（{'；'.join(parts)}）" if parts else ""


def _of(submission: Submission, keys: tuple[str, ...]) -> Iterator[tuple[FieldId, Official]]:
    for key in keys:
        name = ("facts", key, VALUE)
        if name in submission.official:
            yield name, submission.official[name]


def _behind(submission: Submission, name: FieldId, official: Official) -> str:
    scheme = submission.layout.scheme
    label = scheme.fact_labels[name[1]]
    written, unit = written_words(submission, name), unit_of(submission, name)
    told = f"填报 {written}" if written else "未填报"
    shown = words_of(submission, name, official.value)
    return f"{label}以{official.source} {shown}{f' {unit}' if unit else ''} 为准，{told}"


def target_behind(submission: Submission, row: str) -> str:
    """Behind the explanation of a KPI: that its target is the bureau's."""
    name = ("kpis", row, "target")
    official = submission.official.get(name)
    if official is None:
        return ""
    told = ""
    if differs(submission, name):
        written = written_words(submission, name)
        told = f"，填报 {written}" if written else "，未填报"
    return f"（年度指标值以{official.source}为准{told}）"


def target_awaited(submission: Submission, row: str, score: Decimal | None) -> str:
    """What is told of a KPI that has no score for want of the bureau's target, empty of any other."""
    lacking = submission.layout.scheme.bureau_targets and submission.value("kpis", row, "target") is None
    return f"待核定：{NO_TARGET}" if lacking and score is None else ""


def lacking_words(submission: Submission, indicator: Indicator) -> str:
    """What an indicator waits for: the facts, or the targets of its KPIs."""
    scheme = submission.layout.scheme
    lacking = [
        f"“{scheme.fact_labels[key]}”"
        for key in needed_facts(scheme, indicator)
        if ("facts", key, VALUE) not in submission.official and submission.applies("facts", key)
    ]
    if not lacking:
        return NO_TARGET
    more = f"等 {len(lacking)} 项" if len(lacking) > 3 else ""
    return f"财政部门还没有给出{'、'.join(lacking[:3])}{more}"
