"""Where things stand in the scheme workbook (format 2): the order of columns, and an indicator's settings on its line.

The indicators' sheet has the settings of each rule beside the rule kind: three columns for what has points of its own
(核对项, 扣分项, 档次), and pairs of columns, the name of a parameter by formula and its content. What has several
contents goes on in the lines below, whose other cells are blank. Writer and reader both go by what is said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfxl.rules import Rule, rule_kinds
from perfxl.scheme.raw_scheme import TABLE_BY_KEY, TABLES, Column, Table

AUTO = "（自动）"
"""Ends the headings of columns that formulas fill and nobody reads."""
KEYED = ("facts", "derived", "funds", "fund_columns", "narrative")
"""Tables whose keys may be left blank in the workbook: they are made of the labels. They stand in the last column."""
WITH_POINTS = ("fact_points", "number_points")
FACT_KINDS = ("facts", "fact", "fact_points")
ITEM, ITEM_POINTS = "明细内容", "明细分值"
INDICATORS = "indicators"
# The sheets in the order in which a form is made: what it is, what it scores by, and only then what is seldom changed.
_ORDER = (
    "header", "levels", "facts", "derived", INDICATORS, "settings", "grades", "caps", "quotas", "categories",
    "kpi_levels", "shares", "symbols", "columns", "funds", "fund_columns", "narrative", "stages", "stage_fields",
    "review_reasons", "options", "thresholds", "evaluated",
)  # fmt: skip
# The columns of the indicators in the order of the sheet; those of the rule's settings come behind the kind.
_BEFORE, _BEHIND = ("level2", "code", "name", "points", "kind"), ("standard", "categories", "na", "declared")


def tables_in_order() -> list[Table]:
    """The tables in the order of their sheets; the settings stand for the sheet that explains the rule kinds."""
    return sorted(TABLES, key=lambda table: _ORDER.index(table.key))


def parameters(rule: type[Rule]) -> tuple[str, ...]:
    """The settings of a rule kind that stand in the pairs of columns, by name, in their order."""
    return tuple(name for name, spec in rule.settings().items() if spec.kind not in WITH_POINTS)


def listed_setting(rule: type[Rule]) -> str | None:
    """The setting of a rule kind whose contents have points of their own."""
    return next((name for name, spec in rule.settings().items() if spec.kind in WITH_POINTS), None)


def most_parameters() -> int:
    """How many pairs of columns the sheet has."""
    return max(len(parameters(rule)) for rule in rule_kinds().values())


def content_heading(number: int) -> str:
    """The heading of the content of the parameter of this number, from 1."""
    return f"参数{number}"


def name_heading(number: int) -> str:
    """The heading of the name of a parameter; number 0: of what has points."""
    return f"{content_heading(number) if number else '明细'}名称{AUTO}"


@dataclass(frozen=True)
class Place:
    """A column of a sheet: its heading, and the column of the table that stands there (None: by formula)."""

    heading: str
    column: Column | None = None


def places(table: Table) -> Sequence[Place]:
    """The columns of a table's sheet from left to right."""
    if table.key == INDICATORS:
        return _indicator_places(table)
    columns = list(table.columns)
    if table.key in KEYED:
        columns.sort(key=lambda column: column.name == "key")
    own = [Place(column.spec.heading, column) for column in columns]
    if table.key == "levels":
        own += [Place(f"下级合计{AUTO}"), Place(f"核对{AUTO}")]
    return own


def _indicator_places(table: Table) -> Sequence[Place]:
    def own(name: str) -> Place:
        return Place(table.by_name[name].spec.heading, table.by_name[name])

    found = [Place(f"一级指标{AUTO}"), *map(own, _BEFORE[:4]), Place(f"分值核对{AUTO}"), *map(own, _BEFORE[4:])]
    found += [Place(name_heading(0)), Place(ITEM), Place(ITEM_POINTS)]
    for number in range(1, most_parameters() + 1):
        found += [Place(name_heading(number)), Place(content_heading(number))]
    found += map(own, _BEHIND)
    return [*found, Place(f"规则{AUTO}"), Place(f"标准{AUTO}")]


def position(key: str, name: str) -> int:
    """The number, from 0, of a table's column in its sheet; of one without a table column by its heading."""
    for at, place in enumerate(places(TABLE_BY_KEY[key])):
        if place.column is not None and place.column.name == name:
            return at
        if place.column is None and place.heading in (name, name + AUTO):
            return at
    raise KeyError((key, name))
