"""What may be written in each cell that a department fills.

A field is named by three words: its table (`identity`, `facts`, `kpis`, `tasks`, `scores`), the key of its row
there and the column. Identity, narrative and facts have the single column `value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from perfxl.scheme.model import BASE, BONUS, BY_BUREAU, BY_COMPUTED, PENALTY, Fact, Indicator, Scheme, TableColumn

FieldType = Literal[
    "text", "long_text", "code", "date", "money", "number", "percent", "count", "points", "yes_no", "choice", "value"
]
FieldId = tuple[str, str, str]
"""Table, row key, column key."""

VALUE = "value"
NUMERIC: frozenset[str] = frozenset({"money", "number", "percent", "count", "points"})
YES_NO = ("是", "否")
SUPPLIED = "由财政部门提供"
"""Beside what the bureau supplies."""
NOT_APPLICABLE = "不适用"
"""What a department writes for the self score of an indicator that does not concern it, where the scheme allows it."""
YES_NO_ALIASES = {"√": "是", "✓": "是", "✔": "是", "有": "是", "×": "否", "✗": "否", "无": "否", "没有": "否"}


@dataclass(frozen=True)
class FieldSpec:
    """One kind of field: its label, what may be written and whether it must be.

    choices: the only texts allowed, where not empty. aliases: other spellings of a choice. Money is in 万元. unit: what
    may stand behind a number. may_be_na: whether 不适用 may stand there. bureau: whether the
    bureau supplies it, and nobody else is asked. as_typed: a name, a unit or a word, which Excel must not take for a
    date, a number or a formula. window: the first and the last day that a date may be. former: the label in templates
    that were handed out before it was renamed, empty for none.
    """

    label: str
    type: FieldType
    required: bool = True
    choices: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    negative: bool = False
    hint: str = ""
    unit: str = ""
    may_be_na: bool = False
    bureau: bool = False
    as_typed: bool = False
    window: tuple[date, date] | None = None
    former: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the value is always a number."""
        return self.type in NUMERIC


LATER_YEARS = 2
"""How long after the year that is evaluated its form may be filled."""


def filling_window(year: int, *, within: bool = False) -> tuple[date, date] | None:
    """The days on which a form can be filled: from the end of the year that is evaluated on; None without a year.

    within: whether it is filled in the course of that year or before it, as targets and monitoring are.
    """
    first = date(year - 1, 1, 1) if within else date(year, 12, 31)
    return (first, date(year + LATER_YEARS, 12, 31)) if 1900 < year < 9_000 else None


def identity_fields(scheme: Scheme) -> dict[str, FieldSpec]:
    """The fields of 基本信息 that say who fills and when, by key of the document's `department`."""
    words = scheme.evaluated
    project = {
        "project": FieldSpec(words.project_title, "text", hint="项目全称，与预算批复一致", as_typed=True),
        "project_code": FieldSpec(words.project_code_title, "code", required=False, hint="项目库中的代码，没有可不填"),
    }
    fields = {
        "code": FieldSpec(words.code_title, "code", hint="预算代码，与财政部门登记的一致"),
        "name": FieldSpec(words.name_title, "text", hint="全称，与公章一致", as_typed=True),
        **(project if words.is_project else {}),
        "category": FieldSpec(
            words.category_title, "choice", choices=tuple(c.name for c in scheme.categories), hint="从下拉列表选择"
        ),
    }
    fields = {key: replace(spec, former=words.former_title(key)) for key, spec in fields.items()}
    return fields | {
        "contact": FieldSpec("填报人", "text", required=False, hint="填报人姓名", as_typed=True),
        "phone": FieldSpec("联系电话", "code", required=False, hint="有疑问时联系的电话"),
        "filled_on": FieldSpec(
            "填报日期",
            "date",
            required=False,
            hint="例如 2023-03-15；重复报送时以日期较新的为准",
            window=filling_window(scheme.year, within=not scheme.asks_scores),
        ),
        "remark": FieldSpec("备注", "long_text", required=False, hint="需要向财政部门说明的其他情况"),
    }


def narrative_fields(scheme: Scheme) -> dict[str, FieldSpec]:
    """The department's own words, by narrative key."""
    return {
        part.key: FieldSpec(part.label, "long_text", required=part.required, hint=part.hint)
        for part in scheme.narrative
    }


FACT_FIELDS: Mapping[str, FieldType] = {
    "money": "money",
    "count": "count",
    "yes_no": "yes_no",
    "text": "long_text",
    "percent": "percent",
    "number": "number",
}
"""What may be written for a fact, by its type."""


def supplied(hint: str) -> str:
    """The hint of what the bureau supplies."""
    return f"{SUPPLIED}，不用填写" + (f"。{hint}" if hint else "")


def fact_field(fact: Fact) -> FieldSpec:
    """The field of a fact."""
    kind = FACT_FIELDS[fact.type]
    return FieldSpec(
        fact.label,
        kind,
        required=fact.required and fact.type != "text" and fact.source != BY_BUREAU,
        choices=YES_NO if kind == "yes_no" else (),
        aliases=YES_NO_ALIASES if kind == "yes_no" else {},
        negative=fact.negative,
        hint=supplied(fact.hint) if fact.source == BY_BUREAU else fact.hint,
        unit=fact.shown_unit if fact.numeric else "",
        bureau=fact.source == BY_BUREAU,
    )


LONG_TEXT = 24
"""How wide a column of a table is that holds more than a few words. Some programs show a text of more than 255 signs as
#### in a cell for texts, so only those of names and short ones are such."""
RESULT_COLUMNS = ("actual", "expected", "last")
"""Columns of the KPI table that hold the result of a qualitative KPI in words: the year's, expected, last year's."""


def table_field(scheme: Scheme, column: TableColumn) -> FieldSpec:
    """The field of a column of the KPI or task table."""
    choices: tuple[str, ...] = ()
    aliases: dict[str, str] = {}
    kind: FieldType = "text"
    if column.type == "choice":
        kind = "choice"
        choices, aliases = (column.choices, {}) if column.choices else _column_choices(scheme, column.key)
    elif column.type == "value":
        kind = "value"
        if column.key in RESULT_COLUMNS:
            choices = tuple(share.label for share in scheme.shares)
            aliases = {alias: share.label for share in scheme.shares for alias in share.aliases}
    elif column.type == "money":
        kind = "money"
    elif column.type == "points":
        kind = "points"
    elif column.type == "number":
        kind = "number"
    bureau = column.source == BY_BUREAU
    return FieldSpec(
        column.label, kind, column.required and not bureau, choices, aliases, negative=column.type == "value",
        hint=supplied(column.hint) if bureau else column.hint, bureau=bureau,
        as_typed=kind == "text" and (column.key in ("name", "unit") or column.width < LONG_TEXT),
    )  # fmt: skip


def _column_choices(scheme: Scheme, key: str) -> tuple[tuple[str, ...], dict[str, str]]:
    if key == "symbol":
        return (
            tuple(symbol.symbol for symbol in scheme.symbols),
            {alias: symbol.symbol for symbol in scheme.symbols for alias in symbol.aliases},
        )
    labels = tuple(dict.fromkeys(getattr(level, key) for level in scheme.kpi_levels))
    return labels, {label.removesuffix("指标"): label for label in labels}


def score_fields(scheme: Scheme, indicator: Indicator) -> dict[str, FieldSpec]:
    """The fields of an indicator's line of self scores."""
    hints = {
        BASE: "不高于分值；低于分值时必须写扣分原因",
        BONUS: "应加多少分，没有填 0；加分的写明依据",
        PENALTY: "应扣多少分，没有填 0；扣分的写明原因",
    }
    # What no rule computes cannot be left to one.
    blank = scheme.options.blank_self == BY_COMPUTED and indicator.rule.computable
    hint = hints[indicator.nature] + ("；留空的按计算得分" if blank else "")
    if indicator.declared:
        hint += f"；不适用的填“{NOT_APPLICABLE}”"
    reason = "自评得分低于分值时必须说明" if indicator.nature == BASE else "写明依据"
    return {
        "self": FieldSpec("自评得分", "points", required=not blank, hint=hint, may_be_na=indicator.declared),
        "reason": FieldSpec("扣分原因", "long_text", required=False, hint=reason),
    }
