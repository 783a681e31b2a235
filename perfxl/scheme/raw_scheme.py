"""The tables of a scheme, the same for TOML and Excel, and their raw form with the place of every value.

A file is read into a `RawScheme` (`toml_file`, `workbook_file`); `faults` turns that into a `Scheme`. The way
back goes through `scheme_rows`, so that both files are written from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Any

from perfxl.errors import Fault
from perfxl.rules import Rule
from perfxl.scheme import funds, model, stage_records
from perfxl.scheme.columns import ColumnSpec
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.placeholders import COLUMNS, Texts


@dataclass(frozen=True)
class Column:
    """A column of a table: its key in TOML, its description, and whether it must be filled."""

    name: str
    spec: ColumnSpec
    required: bool
    default: Any


@dataclass(frozen=True)
class Table:
    """A table of the scheme.

    key: its name in TOML; sheet: its sheet in the workbook; vertical: one record, a line for each column;
    may_be_empty: whether it may have no rows at all; added: whether schemes of the first format do not have it.
    """

    key: str
    sheet: str
    note: str
    record: type
    vertical: bool = False
    may_be_empty: bool = False
    added: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the record's fields."""
        return tuple(
            Column(f.name, f.metadata["column"], f.default is MISSING, f.default)
            for f in fields(self.record)
            if "column" in f.metadata
        )

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their key."""
        return {column.name: column for column in self.columns}


TABLES = (
    Table("header", "方案信息", "方案的代码、版本、年度和报送要求，新一年先改这里", model.Header, vertical=True),
    Table(
        "evaluated",
        "评价对象",
        "评价部门还是项目，以及模板和结果中的叫法",
        model.Evaluated,
        vertical=True,
        added=True,
    ),
    Table("options", "选项", "评分办法的开关和模板的行数", model.Options, vertical=True),
    Table(
        "thresholds",
        "检查界线",
        "超过这些界线时提示问题；比例写小数，0.1 即 10%",
        model.Thresholds,
        vertical=True,
    ),
    Table("categories", "部门类别", "部门分哪几类，每类内部另排名次", model.Category),
    Table("levels", "一二级指标", "一级、二级指标及分值：计分的一级合计 100，二级合计等于所属一级", model.Level),
    Table("indicators", "三级指标", "一行一个三级指标：分值、规则类型、规则的参数、评分标准", model.Indicator),
    Table(
        "settings",
        "评分规则",
        "每个三级指标的规则参数，一行一个内容（旧格式；现在写在“三级指标”表）",
        model.RuleSetting,
        may_be_empty=True,
    ),
    Table("funds", "收支表行", "收支表的行，合计一行，分项若干行；没有收支表的留空", funds.FundsRow, may_be_empty=True),
    Table(
        "fund_columns",
        "收支表列",
        "收支表的列；不填时是年初预算数、调整预算数、支出数",
        funds.FundsColumn,
        may_be_empty=True,
        added=True,
    ),
    Table("facts", "填报事项", "要求填报的事项，评分规则按名称取数", model.Fact, may_be_empty=True),
    Table(
        "derived",
        "计算事项",
        "由填报事项算出的数，如变动率、结转结余率，规则和检查可以像事项一样使用",
        model.Derived,
        may_be_empty=True,
        added=True,
    ),
    Table("kpi_levels", "绩效指标类别", "绩效指标表可选的一级、二级类别", model.KpiLevel, may_be_empty=True),
    Table(
        "columns", "表格列", "绩效指标表和重点任务表的列，可改名称、列宽和提示", model.TableColumn, may_be_empty=True
    ),
    Table("symbols", "指标符号", "绩效指标表的比较符号", model.Symbol, may_be_empty=True),
    Table("shares", "定性结果", "定性指标的结果和得分比例", model.Share, may_be_empty=True),
    Table("grades", "等级", "等级名称和下限，四档、五档各一套", model.Grade),
    Table("caps", "封顶和否决", "什么情况下总分或等级最高到多少，由“选项”表的开关启用", model.Cap, may_be_empty=True),
    Table("quotas", "等级名额", "某一等级最多占多少，排名以后执行", model.Quota, may_be_empty=True, added=True),
    Table(
        "review_reasons",
        "复核理由",
        "复核表中可以直接选的理由，选项以外的也可以自己写",
        model.ReviewReason,
        may_be_empty=True,
        added=True,
    ),
    Table("narrative", "部门自述", "部门用文字填写的栏目", model.Narrative, may_be_empty=True),
    Table(
        "stages",
        "阶段",
        "自评以外的阶段：目标申报、各个监控期间；不填时目标一次、监控 1—7月",
        stage_records.StageRow,
        may_be_empty=True,
        added=True,
    ),
    Table(
        "stage_fields",
        "阶段事项",
        "目标申报、运行监控填哪些列和栏目；某阶段的某张表不写即按通行格式",
        stage_records.StageField,
        may_be_empty=True,
        added=True,
    ),
)
TABLE_BY_KEY: Mapping[str, Table] = {table.key: table for table in TABLES}


# The value of a cell that reading could make nothing of; its fault is told already.
MALFORMED = object()


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it stands in the file, and where: `工作表“三级指标”单元格 D7`."""

    value: Any
    place: str


@dataclass(frozen=True)
class Row:
    """The cells that a record has in the file, by column key."""

    place: str
    cells: Mapping[str, Cell]

    def place_of(self, name: str) -> str:
        """The place of a cell, or of the row where the file has no such cell."""
        cell = self.cells.get(name)
        return cell.place if cell else self.place


@dataclass(frozen=True)
class RawTable:
    """The rows of a table. `whole` is False where the sheet or some heading of it could not be found."""

    table: Table
    place: str
    rows: tuple[Row, ...]
    whole: bool = True


@dataclass(frozen=True)
class RawScheme:
    """A scheme file as read: all tables of `TABLES` by key, and the faults that reading met."""

    source: str
    tables: Mapping[str, RawTable]
    faults: tuple[Fault, ...] = ()
    shows_keys: bool = field(default=False)

    def label(self, key: str, name: str) -> str:
        """A column of a table as the person who edits this file knows it: by heading, in TOML with its key."""
        heading = f"“{self.tables[key].table.by_name[name].spec.heading}”"
        # The rule settings are no table in TOML, so their columns have no keys there.
        return heading + (f"（{name}）" if self.shows_keys and key != "settings" else "")


def scheme_rows(scheme: Scheme, table: Table) -> list[dict[str, Any]]:
    """The records of a table as plain values by column key, the rule settings row by row."""
    if table.key == "settings":
        return [row for indicator in scheme.indicators for row in setting_rows(indicator)]
    value = getattr(scheme, table.key)
    records = (value,) if table.vertical else value
    rows = [{column.name: getattr(record, column.name) for column in table.columns} for record in records]
    if filled := COLUMNS.get(table.key):
        texts = Texts(scheme)
        for row, record in zip(rows, records, strict=True):
            row |= {name: texts.as_written(table.key, record, name) for name in filled}
    return rows


def given_settings(rule: Rule) -> dict[str, Any]:
    """The settings of a rule that differ from their defaults, by name."""
    defaults = {f.name: f.default for f in fields(rule)}
    values = {name: getattr(rule, name) for name in rule.settings()}
    return {name: value for name, value in values.items() if value != defaults[name]}


def setting_rows(indicator: Indicator) -> list[dict[str, Any]]:
    """The rows of the settings table that give back the indicator's rule; defaults have no row."""
    rows: list[dict[str, Any]] = []
    specs = indicator.rule.settings()
    for name, value in given_settings(indicator.rule).items():
        pairs: list[tuple[Any, Any]]
        if specs[name].kind in ("fact_points", "number_points"):
            pairs = list(value)
        elif specs[name].kind in ("facts", "texts"):
            pairs = [(item, None) for item in value]
        else:
            pairs = [(value, None)]
        rows += [
            {"indicator": indicator.code, "setting": name, "value": item, "points": points} for item, points in pairs
        ]
    return rows
