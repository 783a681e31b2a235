"""The columns of the register's two sheets, as they are written and read."""

from __future__ import annotations

from perfxl.lists.columns import Heading
from perfxl.register.model import YES

LINES, REMINDERS = "往来登记", "催报"


def _known(key: str, text: str, width: float, kind: str = "text") -> Heading:
    return Heading(key, text, required=False, width=width, type=kind, locked=True)


def _day(key: str, text: str, note: str) -> Heading:
    return Heading(key, text, required=False, width=11, type="date", note=note)


def _hidden(key: str) -> Heading:
    return Heading(key, key, required=False, width=4, locked=True, hidden=True)


LINE_COLUMNS = (
    _known("code", "部门代码", 11, "code"),
    _known("name", "部门名称", 20),
    _known("project", "项目", 14),
    _known("file", "文件", 24),
    _known("status", "状态", 11),
    _known("errors", "错误数", 7.5, "count"),
    _known("number", "第几次\n报送", 8, "count"),
    _known("seen", "首次见到", 11, "date"),
    _day("received", "收到日期", "实际收到的日期，例如 2023-04-06。填了以它判断是否按时"),
    _day("returned", "退回日期", "程序填写第一次退回的日期，可更正；没有真正退回的，清空或在“不计退回”选“是”"),
    _day("due", "重报期限", "程序按方案填写，可更正"),
    Heading(
        "excused", "不计\n退回", required=False, width=8, type="choice", choices=(YES,),
        note="选“是”，这次退回不影响“未被退回”",
    ),
    Heading("remark", "备注", required=False, width=20, note="可写往来情况，程序不改动"),
    _known("scheme", "评分方案", 16),
    _known("year", "年度", 6.5, "code"),
    _known("digest", "SHA-256\n前 12 位", 15),
    *map(
        _hidden,
        ("sha256", "key", "counted", "own_code", "own_name", "own_project", "own_project_code", "mends", "problems"),
    ),
    *map(_hidden, ("written", "corrected")),
)  # fmt: skip
REMINDER_COLUMNS = (
    _known("category", "部门类别", 14),
    _known("code", "部门代码", 12, "code"),
    _known("name", "部门名称", 26),
    _known("project", "项目", 18),
    _known("state", "情况", 14),
    _known("due", "报送期限", 12, "date"),
    _known("contact", "联系人", 11),
    _known("phone", "联系电话", 15),
    Heading("times", "催报次数", required=False, width=9, type="count", note="已催报几次，例如 2"),
    Heading("last", "最近\n催报日期", required=False, width=12, type="date", note="例如 2023-04-10"),
    Heading("remark", "备注", required=False, width=30, note="可写催报情况，程序不改动"),
    _known("scheme", "评分方案", 16),
    _known("year", "年度", 7, "code"),
    *map(_hidden, ("key", "written", "corrected")),
)
