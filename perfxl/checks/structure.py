"""Checks of the workbook itself: the template's year and scheme, sheets and keys that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.intake.tables import Tables


def _frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    listed = [{"table": "", "key": "", "field": "", **row} for row in rows]
    return pd.DataFrame(listed, columns=None if listed else ["file", "table", "key", "field"])


@check(
    "E001",
    Severity.ERROR,
    "模板年度或方案不符",
    message="模板属于 {year} 年度方案“{other}”，本次评价的是 {our_year} 年度方案“{ours}”",
    advice="请下载本年度模板，把数据填入后重新报送",
    expected="{ours}",
    stage=0,
)
def other_scheme(tables: Tables) -> pd.DataFrame:
    """A template of another year or scheme: nothing in it can be scored by this one."""
    scheme = tables.scheme
    return _frame(
        {"file": file, "year": meta.get("year", "?"), "other": meta["scheme"], "value": meta["scheme"],
         "ours": scheme.id, "our_year": scheme.year}
        for file, meta in ((file, submission.meta) for file, submission in tables.submissions.items())
        if "scheme" in meta and (meta["scheme"] != scheme.id or meta.get("year", str(scheme.year)) != str(scheme.year))
    )  # fmt: skip


@check(
    "W002",
    Severity.WARNING,
    "模板标识缺失",
    message="隐藏工作表“_meta”不见了或是空的，无法核对模板的年度和方案",
    advice="本次按本年度模板读取；请确认使用的是本年度下发的模板",
    stage=0,
)
def no_meta(tables: Tables) -> pd.DataFrame:
    """The hidden sheet that names scheme and year is gone, yet the keys still tell where everything stands."""
    return _frame({"file": file} for file, submission in tables.submissions.items() if "scheme" not in submission.meta)


@check(
    "W003",
    Severity.WARNING,
    "模板版本不同",
    message="模板是方案的 {value} 版，本次使用的是 {ours} 版",
    advice="数据已按现行版本读取；如有缺项请改用新模板",
    expected="{ours}",
    stage=0,
)
def other_version(tables: Tables) -> pd.DataFrame:
    """The scheme was changed after the template was sent out."""
    scheme = tables.scheme
    return _frame(
        {"file": file, "value": submission.meta.get("version", ""), "ours": scheme.header.version}
        for file, submission in tables.submissions.items()
        if submission.meta.get("scheme") == scheme.id and submission.meta.get("version") != scheme.header.version
    )


@check(
    "E004",
    Severity.ERROR,
    "缺少工作表",
    message="缺少工作表“{sheet}”",
    advice="请把该工作表从模板中原样移回，填好后重新报送",
    stage=1,
)
def missing_sheet(tables: Tables) -> pd.DataFrame:
    """A sheet of the template is gone or renamed beyond recognition."""
    return _frame(
        {"file": file, "sheet": sheet}
        for file, submission in tables.submissions.items()
        for sheet in submission.located.missing_sheets
    )


@check(
    "E005",
    Severity.ERROR,
    "表格标识缺失",
    message="工作表“{sheet}”中“{block}”的隐藏标识行（应在第 {row} 行）不见了，整块内容读不出来",
    advice="请不要删除模板的隐藏行、列；用空白模板重新填写该工作表",
    stage=1,
)
def missing_block(tables: Tables) -> pd.DataFrame:
    """The hidden row of column keys of a block is gone."""
    return _frame(
        {"file": file, "sheet": block.sheet, "block": block.title, "row": block.key_row + 1}
        for file, submission in tables.submissions.items()
        for block in submission.located.missing_blocks
    )


@check(
    "W006",
    Severity.WARNING,
    "行标识重复",
    message="“{sheet}”第 {row} 行与前面某一行的隐藏标识相同（可能是复制插入的行），只读取前一行",
    advice="请删去多余的行",
)
def key_twice(tables: Tables) -> pd.DataFrame:
    """A row was copied together with its hidden key."""
    return _frame(
        {"file": file, "sheet": place.sheet, "cell": place.cell, "row": place.row + 1}
        for file, submission in tables.submissions.items()
        for _, place in submission.located.twice
    )
