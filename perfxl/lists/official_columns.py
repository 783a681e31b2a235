"""The columns of 财政核定数.xlsx, the same for who writes it and who reads it.

A wide sheet for each 填报表 that has facts of the bureau, a row a department and a column a fact, as the bureau's
sections export them; KPI targets a line each; and corrections, a line each, of whatever a department wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfxl.layout.fields import VALUE, FieldId, FieldSpec
from perfxl.layout.template_layout import layout_of
from perfxl.lists.columns import Heading
from perfxl.lists.roster import Listed
from perfxl.official.values import OfficialValues
from perfxl.scheme.evaluated import FORMER_TITLES
from perfxl.scheme.model import Evaluated, Fact, Scheme
from perfxl.text import fold_all

FILE_NAME = "财政核定数.xlsx"
TARGETS, CORRECTIONS = "年度指标值", "更正"
"""The sheets of KPI targets and of corrections; in the latter the first is also how a KPI target is named."""
OF = "of:"
"""Before the code of the scheme, in the key of the hidden first column of a wide sheet."""
FACT = "fact:"
"""Before the key of a fact in that of its column."""
_WHO_WIDTHS = {"code": 16, "name": 32, "project": 32}
_WHY = (
    Heading("basis", "依据", required=False, width=34, note="文件、报告或系统的名称，会写在结果里"),
    Heading("person", "核定人", required=False, width=12),
    Heading("day", "日期", required=False, width=14, type="date", note="例如 2023-04-10，不能晚于今天"),
)


def who_headings(schemes: Sequence[Scheme], *, projects: bool) -> list[Heading]:
    """Code and name of the department, called as the first scheme calls them, and its project."""
    first = schemes[0].evaluated
    called = {"code": first.code_title, "name": first.name_title, "project": "项目名称"}
    own = next((scheme.evaluated for scheme in schemes if scheme.evaluated.is_project), None)
    if own is not None:
        called["project"] = own.project_title
    notes = {"code": "与部门填报的一致；代码留空的按名称", "name": "全称", "project": "与部门填报的项目名称一致"}
    usual = Evaluated().titles
    others = {
        key: tuple(dict.fromkeys((FORMER_TITLES[key], *(scheme.evaluated.titles[key] for scheme in schemes))))
        for key in called
    }
    return [
        Heading(key, text, required=False, width=_WHO_WIDTHS[key], note=notes[key], usual=usual[key],
                others=others[key], type="code" if key == "code" else "text")
        for key, text in called.items()
        if projects or key != "project"
    ]  # fmt: skip


@dataclass(frozen=True)
class WideSheet:
    """A wide sheet: the facts of the bureau on one 填报表 of a scheme, under the name of that in the list."""

    name: str
    scheme: Scheme
    form: str
    facts: tuple[Fact, ...]

    @property
    def headings(self) -> list[Heading]:
        """Its columns; the first is hidden and names the scheme."""
        projects = self.scheme.evaluated.is_project
        mark = Heading(f"{OF}{self.scheme.id}", "评分方案", required=False, width=8, hidden=True, locked=True)
        counts = Counter(fold_all(_heading(fact)) for fact in self.facts)
        return [
            mark,
            *who_headings([self.scheme], projects=projects),
            *(_fact_heading(fact, alone=counts[fold_all(_heading(fact))] == 1) for fact in self.facts),
        ]


def _heading(fact: Fact) -> str:
    """Label with unit: `合计支出数（万元）`."""
    unit = fact.shown_unit if fact.numeric else "是/否" if fact.type == "yes_no" else ""
    return f"{fact.label}（{unit}）" if unit and unit not in fact.label else fact.label


def _fact_heading(fact: Fact, *, alone: bool) -> Heading:
    text = _heading(fact) if alone else f"{_heading(fact)}〔{fact.key}〕"
    note = f"留空 = 没有核定。{fact.hint}".removesuffix("。")
    width = max(12.0, min(len(text) * 2 + 3, 27.0)) if fact.type != "text" else 40.0
    choices = ("是", "否") if fact.type == "yes_no" else ()
    kind = fact.type if fact.numeric else "choice" if choices else "text"
    return Heading(
        f"{FACT}{fact.key}", text, required=False, width=width, note=note, usual=fact.label if alone else "",
        others=(fact.key,), type=kind, choices=choices, strict=False, group=fact.section,
    )  # fmt: skip


def wide_sheets(schemes: Sequence[Scheme]) -> list[WideSheet]:
    """The wide sheets of the list, in the order of the schemes and of their templates."""
    found: list[WideSheet] = []
    taken = {fold_all(TARGETS), fold_all(CORRECTIONS)}
    for scheme in schemes:
        for form in scheme.fact_sheets:
            facts = tuple(fact for fact in scheme.bureau_facts.values() if fact.sheet == form)
            if facts:
                name, number = form, 2
                while fold_all(name) in taken:
                    name, number = f"{form[:26]}（{number}）", number + 1
                taken.add(fold_all(name))
                found.append(WideSheet(name, scheme, form, facts))
    return found


def target_headings(schemes: Sequence[Scheme]) -> list[Heading]:
    """The columns of the sheet of KPI targets."""
    own = [scheme for scheme in schemes if scheme.bureau_targets]
    projects = any(scheme.evaluated.is_project for scheme in own)
    return [
        *who_headings(own or schemes, projects=projects),
        Heading("kpi", "三级指标", width=34, note="与部门绩效指标表中的名称一致"),
        Heading("value", "年度指标值", width=14, type="number", note="只写数字；留空 = 没有核定", required=False),
        *_WHY,
    ]


def correction_headings(schemes: Sequence[Scheme]) -> list[Heading]:
    """The columns of the sheet of corrections."""
    projects = any(scheme.evaluated.is_project for scheme in schemes)
    kpis = any(scheme.has_kpis for scheme in schemes)
    items = tuple(dict.fromkeys(name for scheme in schemes for name in item_names(scheme).values()))
    note = f"从下拉列表选；更正绩效指标的选“{TARGETS}”，并在右边写指标名称" if kpis else "从下拉列表选"
    return [
        *who_headings(schemes, projects=projects),
        Heading("item", "事项", width=34, note=note, type="choice", choices=(*items, *((TARGETS,) if kpis else ())),
                strict=False),
        *([Heading("kpi", "三级指标", required=False, width=26, note=f"只在更正“{TARGETS}”时写")] if kpis else []),
        Heading("value", "值", width=14, note="计量单位与填报模板相同（金额为万元）；是、否直接写"),
        *_WHY,
    ]  # fmt: skip


def item_names(scheme: Scheme) -> Mapping[str, str]:
    """What every fact is called in a correction, by key: its label, with the key where several are called so."""
    facts = scheme.fact_by_key.values()
    counts = Counter(fold_all(fact.label) for fact in facts)
    return {
        fact.key: fact.label if counts[fold_all(fact.label)] == 1 else f"{fact.label}〔{fact.key}〕" for fact in facts
    }


def keys_named(scheme: Scheme, written: str) -> list[str]:
    """The facts that a correction may mean: by key, by name with key, by label with or without the unit."""
    folded = fold_all(written)
    by_name = {fold_all(name): key for key, name in item_names(scheme).items()}
    by_name |= {fold_all(key): key for key in scheme.fact_by_key}
    if folded in by_name:
        return [by_name[folded]]
    facts: Iterable[Fact] = scheme.fact_by_key.values()
    return [fact.key for fact in facts if folded in (fold_all(fact.label), fold_all(_heading(fact)))]


def spec_for(scheme: Scheme, key: str) -> FieldSpec:
    """What may stand in the field of a fact."""
    return layout_of(scheme).specs["facts", key, VALUE]


def supplied_fields(values: OfficialValues, scheme: Scheme, row: Listed) -> dict[FieldId, Decimal | str]:
    """What the template of a department has of the bureau already: facts and KPI targets that the bureau supplies.

    The KPIs stand in the first rows, with their names. Corrections of what departments themselves write are no part of
    it: they come afterwards.
    """
    project = row.project if scheme.evaluated.is_project else ""
    record = values.record_of(scheme.id, row.code, row.name, project)
    if record is None:
        return {}
    found: dict[FieldId, Decimal | str] = {
        ("facts", key, VALUE): given.value for key, given in record.facts.items() if key in scheme.bureau_facts
    }
    if scheme.bureau_targets:
        for number, given in enumerate(record.targets.values(), 1):
            found |= {("kpis", str(number), "name"): given.name, ("kpis", str(number), "target"): given.value}
    return found
