"""The blocks of each template sheet, built from a scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from perfxl.layout.fields import (
    VALUE,
    FieldSpec,
    fact_field,
    identity_fields,
    narrative_fields,
    score_fields,
    supplied,
    table_field,
)
from perfxl.layout.grid import Block, Column, Line, Role
from perfxl.layout.sheets import IDENTITY, KPIS, SCORES, TASKS, TITLE_ROWS, open_row_key
from perfxl.scheme.funds import ADJUSTED, INITIAL, SPENT, is_fund_key
from perfxl.scheme.model import BY_BUREAU, Derived, Fact, Indicator, Scheme
from perfxl.text import chinese_number

NOTE_COLUMN: tuple[str, str, float, Role] = ("note", "提示", 30, "formula")
"""Beside each row of an open table: what is wrong with it."""
RATE, CHANGE, DIFFERENCE = "rate", "change", "difference"
"""Keys of the columns that a table of facts works out."""


def _columns(*parts: tuple[str, str, float, Role]) -> tuple[Column, ...]:
    return tuple(Column(key, label, width, role, col) for col, (key, label, width, role) in enumerate(parts, 1))


def _block(
    key: str,
    table: str,
    sheet: str,
    title: str,
    top: int,
    columns: tuple[Column, ...],
    lines: list[tuple[str, Mapping[str, str], Mapping[str, FieldSpec]]],
    *,
    is_open: bool = False,
    wide_to: int | None = None,
    facts: Mapping[tuple[str, str], str] | None = None,
) -> Block:
    """A block with its title in row `top`, then the hidden keys, the headings and the lines."""
    placed = tuple(Line(name, top + 3 + n, labels, specs) for n, (name, labels, specs) in enumerate(lines))
    return Block(key, table, sheet, title, top, top + 1, top + 2, columns, placed, is_open, wide_to, facts or {})


def identity_blocks(scheme: Scheme) -> list[Block]:
    """The blocks of 基本信息."""
    columns = _columns(
        ("label", "项目", 24, "label"), (VALUE, "填报内容", 70, "input"), ("hint", "填报提示", 40, "label")
    )
    blocks: list[Block] = []
    top = TITLE_ROWS
    who = "一、项目和实施单位信息" if scheme.evaluated.is_project else f"一、{scheme.evaluated.word}信息"
    for key, title, prefix, fields in (
        ("department", who, "department", identity_fields(scheme)),
        ("narrative", f"二、{scheme.evaluated.word}自述", "narrative", narrative_fields(scheme)),
    ):
        if not fields:
            continue
        lines: list[tuple[str, Mapping[str, str], Mapping[str, FieldSpec]]] = [
            (f"{prefix}.{name}", {"label": spec.label, "hint": spec.hint}, {VALUE: spec})
            for name, spec in fields.items()
        ]
        blocks.append(_block(key, "identity", IDENTITY, title, top, columns, lines))
        top = blocks[-1].next_row + 1
    return blocks


def fact_blocks(scheme: Scheme, sheet: str, prefix: str) -> list[Block]:
    """The blocks of a sheet of facts: one a section, split where a list follows a matrix.

    Derived facts stand below the list of their section, or by themselves where it has none. prefix: of their keys.
    """
    facts = [fact for fact in (*scheme.fund_facts, *scheme.facts) if fact.sheet == sheet]
    derived = [item for item in scheme.derived if item.sheet == sheet]
    groups: list[tuple[str, bool, bool, list[Fact | Derived]]] = [
        (section, matrix, funds, list(group))
        for (section, matrix, funds), group in groupby(
            facts, key=lambda fact: (fact.section, bool(fact.column_label), is_fund_key(fact.key))
        )
    ]
    for item in derived:
        own = [place for place, group in enumerate(groups) if group[0] == item.section]
        lists = [place for place in own if not groups[place][1]]
        if lists:
            groups[lists[-1]][3].append(item)
        else:
            groups.insert(own[-1] + 1 if own else len(groups), (item.section, False, False, [item]))
    blocks: list[Block] = []
    top = TITLE_ROWS
    for number, (section, is_matrix, is_funds, members) in enumerate(groups, 1):
        title = f"{chinese_number(number)}、{section}"
        key = "funds" if is_funds else f"{prefix}{number}"
        if is_matrix:
            plain = [item for item in members if isinstance(item, Fact)]
            blocks.append(_matrix_block(scheme, key, sheet, title, top, plain))
        else:
            blocks.append(_list_block(scheme, key, sheet, title, top, members))
        # A row for the total of a matrix, and an empty one.
        top = blocks[-1].next_row + (2 if is_matrix else 1)
    return blocks


def _matrix_block(scheme: Scheme, key: str, sheet: str, title: str, top: int, facts: list[Fact]) -> Block:
    places, headings, rows = _matrix_keys(facts)
    formulas: list[tuple[str, str, float, Role]] = []
    if key == "funds":
        if scheme.funds_table.has(ADJUSTED, SPENT):
            formulas.append((RATE, "支出率", 14, "formula"))
        if scheme.funds_table.has(INITIAL, ADJUSTED):
            formulas.append((CHANGE, "预算调整幅度", 16, "formula"))
    elif len(headings) == 2 and all(fact.type in ("money", "count", "number") for fact in facts):
        first, second = headings.values()
        formulas.append((DIFFERENCE, f"{second}－{first}", 18, "formula"))
    columns = _columns(
        ("label", "项目", 38, "label"),
        *((name, heading, 16, "input") for name, heading in headings.items()),
        *formulas,
    )
    lines: list[tuple[str, Mapping[str, str], Mapping[str, FieldSpec]]] = [
        (row, {"label": label}, {name: fact_field(fact) for (own, name), fact in places.items() if own == row})
        for row, label in rows.items()
    ]
    named = {place: fact.key for place, fact in places.items() if fact.key != ".".join(place)}
    return _block(key, "facts", sheet, title, top, columns, lines, facts=named)


def _matrix_keys(facts: Sequence[Fact]) -> tuple[dict[tuple[str, str], Fact], dict[str, str], dict[str, str]]:
    """Facts by the keys of row and column, the headings of the columns and the labels of the rows by their keys.

    The keys are the two parts of the facts' own (`funds.total` and `initial`) where these fit rows and columns, else
    numbers.
    """
    split = {fact.key: fact.key.rpartition(".") for fact in facts}
    rows: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for fact in facts:
        row, dot, column = split[fact.key]
        rows.setdefault(fact.row_label, set()).add(row if dot else "")
        columns.setdefault(fact.column_label, set()).add(column if dot else "")
    taken = VALUE, "label", RATE, CHANGE, DIFFERENCE
    own = [[next(iter(keys)) for keys in side.values()] for side in (rows, columns)]
    fits = all(len(keys) == 1 for side in (rows, columns) for keys in side.values()) and all(
        len(set(keys)) == len(keys) and all(keys) for keys in own
    )
    if not fits or any(name in taken for name in own[1]):
        own = [[f"r{n}" for n in range(1, len(rows) + 1)], [f"c{n}" for n in range(1, len(columns) + 1)]]
        # The fact of the first column names the row: two matrices of a sheet have no row keys in common.
        own[0] = [f"{facts[0].key}.{name}" for name in own[0]]
    row_keys, column_keys = dict(zip(rows, own[0], strict=True)), dict(zip(columns, own[1], strict=True))
    places = {(row_keys[fact.row_label], column_keys[fact.column_label]): fact for fact in facts}
    headings = {column_keys[label]: label for label in columns}
    return places, headings, {row_keys[label]: label for label in rows}


def _list_block(scheme: Scheme, key: str, sheet: str, title: str, top: int, facts: Sequence[Fact | Derived]) -> Block:
    beside_funds = sheet == scheme.evaluated.funds_sheet
    parts: list[tuple[str, str, float, Role]] = [
        ("label", "填报事项", 44 if beside_funds else 38, "label"),
        (VALUE, "填报值", 16 if beside_funds else 14, "input"),
        ("unit", "单位", 16 if beside_funds else 8, "label"),
    ]
    if not beside_funds:
        parts.append(("indicator", "用于指标", 31, "label"))
    parts.append(("hint", "填报提示", 14 if beside_funds else 40, "label"))
    lines: list[tuple[str, Mapping[str, str], Mapping[str, FieldSpec]]] = [
        (
            fact.key,
            {
                "label": fact.label,
                "unit": fact.shown_unit,
                "indicator": _used_by(scheme, fact),
                "hint": _fact_hint(scheme, fact),
            },
            {VALUE: fact_field(fact)} if isinstance(fact, Fact) else {},
        )
        for fact in facts
    ]
    wide_to = 6 if beside_funds else len(parts)
    return _block(key, "facts", sheet, title, top, _columns(*parts), lines, wide_to=wide_to)


NAME_COLUMNS = ("label", "code", "name")
"""The label columns of forms that name a row; the others (unit, level, hint) may say the same in several."""


def shown_label(block: Block, line: Line) -> str:
    """The label of a line of facts as it stands in the sheet: that of a long text has its hint below it."""
    label, hint, spec = line.labels["label"], line.labels.get("hint", ""), line.specs.get(VALUE)
    below = block.table == "facts" and spec is not None and spec.type == "long_text" and hint
    return f"{label}\n（{hint}）" if below else label


def row_names(block: Block, line: Line) -> dict[str, tuple[str, ...]]:
    """What names a line of a form to whoever reads it, by column key: as it stands in the sheet first, then shorter,
    then as templates that were handed out have it."""
    if "label" in line.labels:
        spec = line.specs.get(VALUE)
        former = (spec.former,) if spec is not None and spec.former else ()
        return {"label": tuple(dict.fromkeys((shown_label(block, line), line.labels["label"], *former)))}
    return {key: (line.labels[key],) for key in NAME_COLUMNS if key in line.labels}


def _used_by(scheme: Scheme, fact: Fact | Derived) -> str:
    """The indicators that are computed from the fact."""
    if isinstance(fact, Fact):
        users: Sequence[Indicator] = scheme.users_of(fact.key)
    else:
        users = [item for item in scheme.indicators if fact.key in item.rule.facts()]
    if len(users) == 1:
        return f"{users[0].code} {users[0].name}"
    return "、".join(indicator.code for indicator in users)


def _fact_hint(scheme: Scheme, fact: Fact | Derived) -> str:
    if isinstance(fact, Fact) and fact.source == BY_BUREAU:
        return supplied(fact.hint)
    if isinstance(fact, Derived) or not fact.part_of or fact.part_of not in scheme.fact_labels:
        return fact.hint
    bound = f"不大于“{scheme.fact_labels[fact.part_of]}”"
    return f"{fact.hint}；{bound}" if fact.hint else bound


def kpi_block(scheme: Scheme, rows: int) -> Block:
    """The KPI table."""
    specs = {column.key: table_field(scheme, column) for column in scheme.table_columns("kpis")}
    completion: tuple[str, str, float, Role] = ("completion", "完成率", 10, "formula")
    weight: tuple[str, str, float, Role] = ("counted_weight", "计分权重", 10, "formula")
    # What is worked out stands behind the last column that it needs; before the self-review no row has a score.
    behind: Mapping[str, tuple[tuple[str, str, float, Role], ...]] = {
        "self_score": (
            completion, weight, ("computed", "计算得分", 10, "formula"), ("counted", "认定得分", 10, "formula"),
        )
    } if scheme.asks_scores else {"weight": (weight,), "actual": (completion,)}  # fmt: skip
    parts: list[tuple[str, str, float, Role]] = []
    for column in scheme.table_columns("kpis"):
        parts.append((column.key, column.label, column.width, "input"))
        parts.extend(behind.get(column.key, ()))
    parts.append(NOTE_COLUMN)
    # A heading and one line an indicator stand between the note and the table: weights and scores so far.
    summary = len(scheme.kpi_indicators)
    top = TITLE_ROWS + (summary + 1 if summary else 0)
    return _block(
        "kpis", "kpis", KPIS, "绩效指标表", top, _columns(*parts),
        [(open_row_key("kpis", n), {}, specs) for n in range(1, rows + 1)], is_open=True,
    )  # fmt: skip


def task_block(scheme: Scheme, rows: int) -> Block:
    """The task table."""
    specs = {column.key: table_field(scheme, column) for column in scheme.table_columns("tasks")}
    parts: list[tuple[str, str, float, Role]] = []
    for column in scheme.table_columns("tasks"):
        parts.append((column.key, column.label, column.width, "input"))
        if column.key == "spent":
            parts.append(("rate", "执行率", 10, "formula"))
    parts.append(NOTE_COLUMN)
    return _block(
        "tasks", "tasks", TASKS, "重点任务表", TITLE_ROWS, _columns(*parts),
        [(open_row_key("tasks", n), {}, specs) for n in range(1, rows + 1)], is_open=True,
    )  # fmt: skip


def score_block(scheme: Scheme) -> Block:
    """The table of self scores."""
    columns = _columns(
        ("level1", "一级指标", 9, "label"),
        ("level2", "二级指标", 9, "label"),
        ("code", "代码", 6, "label"),
        ("name", "三级指标", 26, "label"),
        ("points", "分值", 7, "label"),
        ("standard", "评分标准", 44, "label"),
        ("computed", "计算得分", 9, "formula"),
        ("self", "自评得分", 9, "input"),
        ("difference", "自评－计算", 10, "formula"),
        ("accepted", "认定得分", 9, "formula"),
        ("reason", "扣分原因", 36, "input"),
        ("note", "提示", 22, "formula"),
    )
    lines: list[tuple[str, Mapping[str, str], Mapping[str, FieldSpec]]] = [
        (
            indicator.code,
            {
                "level1": indicator.level1,
                "level2": indicator.level2,
                "code": indicator.code,
                "name": indicator.name,
                "standard": indicator.standard,
            },
            score_fields(scheme, indicator),
        )
        for indicator in scheme.indicators
    ]
    return _block("scores", "scores", SCORES, "自评得分表", TITLE_ROWS, columns, lines)
