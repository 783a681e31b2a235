"""The generated parts of the handbook, written anew between their marker comments: `python -m docs.make_handbook`.

Everything else in `使用手册.md` is written by hand and stays as it is. Running it twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from docs.terms import terms
from perfxl.checks.declared import Declaration
from perfxl.checks.listing import all_checks, plain_words
from perfxl.decimals import plain
from perfxl.rules import Inputs, KpiRow, Rule, rule_kinds
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.raw_scheme import TABLE_BY_KEY, setting_rows
from perfxl.scheme.workbook_guide import rule_lines, sheet_notes
from perfxl.workbook.limits import Limits

HANDBOOK = Path(__file__).resolve().parent / "使用手册.md"
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)

GROUPS = (
    ("文件", "F", ""),
    ("工作簿结构", "EWI", "0"),
    ("单元格", "EWI", "1"),
    ("收支", "EWI", "2"),
    ("绩效指标", "EWI", "3"),
    ("得分", "EWI", "4"),
    ("前后一致", "EWI", "5"),
    ("公式", "EWI", "7"),
    ("汇总", "EWI", "6"),
    ("财政核定", "EWI", "80"),
    ("运行监控", "EWI", "85"),
)
"""Heading of each group of findings, the letters of its codes and the digits behind the letter (empty: any)."""

KPI_ROWS = (
    KpiRow("产出指标", "举办活动", "≥", Decimal(35), Decimal(30), Decimal(4)),
    KpiRow("产出指标", "办结平均天数", "≤", Decimal(10), Decimal(12), Decimal(6)),
    KpiRow("产出指标", "发放补助准确率", "=", Decimal(100), Decimal(100), Decimal(6)),
    KpiRow("产出指标", "完善工作机制", "定性", "建立机制", "基本达成", Decimal(4)),
)
SAMPLES: dict[str, tuple[str, tuple[dict[str, Any], ...]]] = {
    "checklist": ("B43", ({"monitored_twice": "否"},)),
    "deductions": (
        "B22",
        ({"minor_findings": 1, "major_findings": 0}, {"minor_findings": 0, "major_findings": 1}),
    ),
    "kpi": ("A01", ({},)),
    "limit": (
        "B62",
        (
            {"asset_income_paid": 20, "asset_income_due": 20},
            {"asset_income_paid": 18, "asset_income_due": 20},
            {"asset_income_paid": 0, "asset_income_due": 0},
        ),
    ),
    "deviation": (
        "B21",
        (
            {"budget_added": 80, "funds.total.initial": 1000},
            {"budget_added": 150, "funds.total.initial": 1000},
        ),
    ),
    "ratio": (
        "B56",
        (
            {"procurement_sme": 35, "procurement_total": 100},
            {"procurement_sme": 24, "procurement_total": 100},
            {"procurement_sme": 0, "procurement_total": 0},
        ),
    ),
    "tiers": (
        "B66",
        (
            {"fixed_assets_in_use": 850, "fixed_assets_total": 1000},
            {"fixed_assets_in_use": 500, "fixed_assets_total": 1000},
        ),
    ),
}
"""An indicator of the built-in scheme for each rule kind, with what a department could fill in; the rest is 是."""


NO_EFFECT_YET = frozenset({"review_report"})
"""Settings of the scheme that no command looks at so far."""


def main() -> None:
    """Writes the generated parts of the handbook anew."""
    HANDBOOK.write_text(renewed(HANDBOOK.read_text("utf-8")), "utf-8")


def renewed(text: str) -> str:
    """The handbook with all its generated parts as the program would have them now."""
    return MARKED.sub(lambda match: f"{match[1]}\n{PARTS[match[2]]()}\n\n{match[3]}", text)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as Markdown writes it."""
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in (headings, *rows)]
    first, *others = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join((first, "|" + "---|" * len(headings), *others))


def findings() -> str:
    """Every finding by group: code, severity, title, meaning, advice."""
    parts = []
    for heading, letters, digit in GROUPS:
        rows = [
            (check.code, check.severity.label, check.title, _words(check.message), _words(check.advice))
            for check in all_checks()
            if check.code[0] in letters and check.code[1:].startswith(digit)
        ]
        parts.append(f"### {heading}\n\n" + table(("代码", "级别", "问题", "意思", "处理意见"), rows))
    return "\n\n".join(parts)


def ungrouped() -> list[Declaration]:
    """Findings that belong to no group of the handbook; there should be none."""
    return [
        check
        for check in all_checks()
        if not any(check.code[0] in letters and check.code[1:].startswith(digit) for _, letters, digit in GROUPS)
    ]


def _words(text: str) -> str:
    """A message without a case; what it is about is said as 该项."""
    told = plain_words(text.replace("{label}", "该项").replace("{name}", "该指标"))
    return "按说明处理" if told == "……" else told


def rules() -> str:
    """Every rule kind: how it scores, its settings, and an example from the built-in scheme with its calculation."""
    return "\n\n".join(_rule(kind, rule) for kind, rule in rule_kinds().items())


def _rule(kind: str, rule: type[Rule]) -> str:
    parts = [f"### {rule.title}（{kind}）", f"{rule.about}。"]
    if rule.settings():
        lines = [(label, required, content, points) for label, required, content, points in rule_lines(rule)]
        parts.append(table(("参数", "必填", "内容填什么", "分值"), lines))
    else:
        parts.append("没有参数。")
    if kind in SAMPLES:
        parts += _sample(*SAMPLES[kind])
    return "\n\n".join(parts)


def _sample(code: str, cases: tuple[dict[str, Any], ...]) -> list[str]:
    """The indicator with the settings of its rule, and the calculation of each case."""
    scheme = load_scheme()
    indicator = scheme.indicator_by_code[code]
    specs = indicator.rule.settings()
    rows = [
        (
            specs[row["setting"]].label,
            scheme.fact_labels.get(row["value"], _cell(row["value"])),
            _cell(row["points"]),
        )
        for row in setting_rows(indicator)
    ]
    said = f"例：{code} {indicator.name}（{plain(indicator.points)} 分），参数这样写："
    cases_told = "\n".join(f"- {_case(scheme, indicator, case)}" for case in cases)
    return [said, table(("参数", "内容", "明细分值"), rows), "得分这样算出：", cases_told]


def _cell(value: object) -> str:
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


def _case(scheme: Scheme, indicator: Indicator, case: dict[str, Any]) -> str:
    facts: dict[str, Any] = {key: Decimal(value) if isinstance(value, int) else value for key, value in case.items()}
    facts = {key: facts.get(key, "是") for key in scheme.plain_facts(indicator.rule.facts())}
    inputs = Inputs(
        facts,
        KPI_ROWS,
        scheme.kpi_method,
        scheme.fact_labels,
        scheme.money_facts,
        scheme.percent_facts,
        scheme.definitions,
    )
    working = indicator.rule.explain(indicator.points, inputs)
    numbers = "，".join(
        f"{inputs.label(key)} {_cell(value)}" for key, value in facts.items() if isinstance(value, Decimal)
    )
    return f"{numbers}：{working}" if numbers else working


def kpis() -> str:
    """How single KPIs are scored, one row a symbol."""
    method = load_scheme().kpi_method
    indicator = load_scheme().indicator_by_code["A01"]
    inputs = Inputs({}, KPI_ROWS, method)
    weights = indicator.rule.kpi_weights(indicator.points, KPI_ROWS)
    rows = [
        (row.name, row.symbol, _cell(row.target), _cell(row.actual), _cell(row.weight), method.working(row, weight))
        for row, weight in zip(inputs.kpis, weights, strict=True)
    ]
    return table(("指标", "符号", "年度指标值", "实际完成值", "权重", "得分"), rows)


def limits() -> str:
    """Names, meanings and values of the limits."""
    rows = [(f"`{item.metadata['name']}`", item.metadata["words"], item.default) for item in fields(Limits)]
    return table(("名称", "含义", "上限"), rows)


def sheets() -> str:
    """The sheets of the scheme workbook."""
    return table(("工作表", "内容"), sheet_notes())


def library() -> str:
    """The built-in schemes: code, what it is, what else its note says."""
    rows = []
    for code in builtin_ids():
        header = load_scheme(code).header
        first, _, rest = header.note.partition("\n")
        rows.append((f"`{code}`", header.year, first, rest.replace("\n", "<br>")))
    return table(("代码", "年度", "是什么", "依据"), rows)


def thresholds() -> str:
    """The bounds of the checks in the built-in scheme."""
    return _vertical("thresholds")


def options() -> str:
    """The switches of the built-in scheme."""
    return _vertical("options")


def documents() -> str:
    """The placeholders of each kind of document, and the counters that all have."""
    from perfxl.documents.environment import COUNTERS
    from perfxl.documents.kinds import all_kinds
    from perfxl.documents.said import listed, slots_of

    parts = [table(("占位符", "意思"), ((f"`{name}`", words) for name, words in COUNTERS.items()))]
    for kind in all_kinds():
        rows = ((f"`{name}`", what, words) for name, what, words in listed(slots_of(kind.record)))
        parts.append(
            f"### {kind.name}\n\n{kind.words}。模板：`{kind.template}`。\n\n" + table(("占位符", "类型", "内容"), rows)
        )
    return "\n\n".join(parts)


def words() -> str:
    """The page of terms: every word with its meaning."""
    return "\n\n".join(f"### {heading}\n\n" + table(("术语", "含义"), lines) for heading, lines in terms())


def _vertical(key: str) -> str:
    record = getattr(load_scheme(), key)
    rows = []
    for column in TABLE_BY_KEY[key].columns:
        if column.name in NO_EFFECT_YET:
            continue
        value = getattr(record, column.name)
        shown = ("是" if value else "否") if isinstance(value, bool) else _cell(value)
        rows.append((column.spec.heading, shown, column.spec.note))
    return table(("项目", "内置方案", "说明"), rows)


def grades() -> str:
    """The grades that the built-in scheme uses, in one line."""
    bands = load_scheme().grade_bands
    return "，".join(f"{band.name} ≥ {plain(band.floor)}" for band in bands[:-1]) + f"，其余为{bands[-1].name}。"


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (findings, rules, kpis, limits, library, sheets, thresholds, options, grades, documents, words)
}


if __name__ == "__main__":
    main()
