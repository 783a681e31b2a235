"""A report as a submission document: what its text holds, the rest blank, with a list of what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.reports import claims as c
from perfxl.reports.claims import Claim, Kind
from perfxl.reports.find import claims
from perfxl.reports.find_tasks import tasks_listed
from perfxl.reports.match import titled_name
from perfxl.reports.names import names_of
from perfxl.reports.own_tables import kpi_rows, score_rows
from perfxl.reports.sections import narrative
from perfxl.reports.sentences import plain_of, sentences, title_of
from perfxl.reports.text import ReportText
from perfxl.scheme.funds import fund_key
from perfxl.scheme.model import BASE, Scheme
from perfxl.submission.document import Document, spec_of, to_document

_RESULT = re.compile(r"完成情况：(?P<result>.+?)(?:。原因：(?P<reason>.+?))?。?$", re.DOTALL)
_SHOWN = 8


def document_of_report(report: ReportText, scheme: Scheme) -> tuple[Document, list[str]]:
    """The document of a report, and in words what it lacks."""
    said = list(sentences(report.blocks))
    tasks = tasks_listed(said)
    names = names_of(scheme, titled_name(title_of(report.blocks)), tasks)
    found = claims(said, names)
    values: dict[FieldId, str] = {}
    if names.department:
        key = "department.project" if scheme.evaluated.is_project else "department.name"
        values["identity", key, VALUE] = names.department
    values |= {("identity", f"narrative.{key}", VALUE): text for key, text in narrative(report.blocks, scheme).items()}
    values |= _funds(found, scheme)
    values |= _tasks(tasks, found, report, scheme)
    if scheme.has_kpis:
        values |= kpi_rows(report.blocks, scheme)
    values |= _scores(found, scheme) | score_rows(report.blocks, scheme)
    layout = layout_of(scheme)
    values = {field: text for field, text in values.items() if spec_of(layout, field) is not None}
    return to_document(values, scheme), list(_missing(values, found, scheme))


def _number(value: Decimal) -> str:
    return format(value, "f")


def _first(found: Iterable[Claim], kind: Kind) -> Mapping[tuple[str, str], str]:
    """The first figure of each claim of a kind."""
    numbers: dict[tuple[str, str], str] = {}
    for claim in found:
        if claim.kind is kind and claim.figure is not None and not claim.figure.loose:
            numbers.setdefault((claim.subject, claim.column), _number(claim.figure.value))
    return numbers


def _funds(found: Sequence[Claim], scheme: Scheme) -> dict[FieldId, str]:
    columns = scheme.funds_table.columns
    said = _first(found, Kind.FUNDS)
    return {("facts", fund_key(row, column), VALUE): text for (row, column), text in said.items() if column in columns}


def _tasks(tasks: Sequence[str], found: Sequence[Claim], report: ReportText, scheme: Scheme) -> dict[FieldId, str]:
    values: dict[FieldId, str] = {}
    if not scheme.has_tasks:
        return values
    said = _first(found, Kind.TASK)
    for number, name in enumerate(tasks, 1):
        key = str(number)
        values["tasks", key, "name"] = name
        for column in (c.BUDGET, c.SPENT):
            if (text := said.get((name, column))) is not None:
                values["tasks", key, column] = text
        for block in report.blocks:
            match = _RESULT.search(block.text) if name in plain_of(block.text)[0] else None
            if match is not None:
                values["tasks", key, "result"] = match["result"].strip()
                if match["reason"]:
                    values["tasks", key, "reason"] = match["reason"].strip()
                break
    return values


def _scores(found: Sequence[Claim], scheme: Scheme) -> dict[FieldId, str]:
    """Self scores: those of indicators by name; of a second level where it leaves no doubt about its members."""
    said = _first(found, Kind.SCORE)
    values: dict[FieldId, str] = {}
    for level in scheme.base_levels:
        members = [item for item in scheme.indicators if item.level2 == level.name and item.nature == BASE]
        own = said.get((plain_of(level.name)[0], c.SCORE))
        if own is None or not members:
            continue
        if len(members) == 1:
            values["scores", members[0].code, "self"] = own
        elif Decimal(own) == sum(item.points for item in members):
            # Full marks of the whole are full marks of each part.
            values |= {("scores", item.code, "self"): _number(item.points.normalize() + 0) for item in members}
    for item in scheme.indicators:
        if (own := said.get((plain_of(item.name)[0], c.SCORE))) is not None:
            values["scores", item.code, "self"] = own
    return values


def _missing(values: Mapping[FieldId, str], found: Sequence[Claim], scheme: Scheme) -> Iterator[str]:
    """What the report does not say, in words."""
    layout = layout_of(scheme)
    blank = [field for field, spec in layout.specs.items() if spec.required and not spec.bureau and field not in values]
    for part, words in (("identity", "基本信息"), ("facts", "数据"), ("scores", "自评得分")):
        own = [field for field in blank if field[0] == part and (part != "scores" or field[2] == "self")]
        if own:
            labels = [field[1] if part == "scores" else layout.specs[field].label for field in own]
            more = f" 等 {len(own)} 项" if len(own) > _SHOWN else ""
            yield f"{words}：{'、'.join(labels[:_SHOWN])}{more}"
    for table, words in (("kpis", "绩效指标"), ("tasks", "重点任务")):
        if table in layout.open_specs and not any(field[0] == table for field in values):
            yield f"{words}：整张表"
    said = _first(found, Kind.SCORE)
    for level in scheme.base_levels:
        codes = [item.code for item in scheme.indicators if item.level2 == level.name]
        own_score = said.get((plain_of(level.name)[0], c.SCORE))
        if own_score is not None and any(("scores", code, "self") not in values for code in codes):
            yield f"“{level.name}”报告写的是 {own_score} 分，没有写各三级指标，请分到 {'、'.join(codes)}"
