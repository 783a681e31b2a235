"""A district's form as a clerk builds it in Excel out of the workbook of `perfxl scheme new`, and what is filled in it.

Tests build and score it, the handbook shows pictures of it.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

INDICATORS = "三级指标"
TITLE = "2023年度示例区部门绩效自评"


def column(sheet: Worksheet, heading: str) -> int:
    return next(at for at, cell in enumerate(sheet[2], 1) if str(cell.value).replace("\n", "") == heading)


def find(sheet: Worksheet, heading: str, value: str) -> int:
    at = column(sheet, heading)
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value == value)


def put(sheet: Worksheet, row: int, **values: object) -> None:
    for heading, value in values.items():
        sheet.cell(row, column(sheet, heading)).value = value  # type: ignore[assignment]


def free(sheet: Worksheet, heading: str) -> int:
    """The first free row below what is there."""
    at = column(sheet, heading)
    return max(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value not in (None, "")) + 1


def fact(book: Any, label: str, kind: str, section: str, hint: str = "", **more: object) -> None:
    """A line of 填报事项, without a code."""
    sheet = book["填报事项"]
    row = free(sheet, "名称")
    put(sheet, row, 名称=label, 类型=kind, 填报表="业务数据", 分组=section, 必填="是", 填报提示=hint, **more)


def make_district_form(path: Path) -> None:
    """A district's form out of the small scheme: names, levels, facts, a derived fact, indicators, a bonus."""
    book = openpyxl.load_workbook(path)
    header = book["方案信息"]
    for row in range(3, header.max_row + 1):
        if header.cell(row, 1).value == "财政部门":
            header.cell(row, 2).value = "示例区财政局"
    levels = book["一二级指标"]
    put(levels, find(levels, "指标名称", "绩效指标"), 分值=40)
    put(levels, find(levels, "指标名称", "满意度"), 指标名称="服务和满意度", 分值=20)
    for line in (("加分项", 3, None, "加分"), ("表彰", 3, "加分项", None)):
        put(levels, free(levels, "指标名称"), **dict(zip(("指标名称", "分值", "所属一级", "性质"), line, strict=True)))
    fact(book, "应办结事项数", "个数", "办件", 单位="件")
    fact(book, "按期办结事项数", "个数", "办件", 单位="件", 不大于="应办结事项数")
    fact(book, "上年办件数", "个数", "办件", 单位="件")
    fact(book, "本年办件数", "个数", "办件", 单位="件")
    fact(book, "市级表彰次数", "个数", "表彰")
    derived = book["计算事项"]
    put(
        derived, free(derived, "名称"), 名称="办件增长率", 填报表="业务数据", 分组="办件", 按百分比="是",
        分子="本年办件数、-上年办件数", 分母="上年办件数",
    )  # fmt: skip
    sheet = book[INDICATORS]
    put(sheet, find(sheet, "指标代码", "B11"), 分值=40)
    satisfaction = find(sheet, "指标代码", "B21")
    put(sheet, satisfaction, 所属二级="服务和满意度", 分值=8)
    row = satisfaction + 1
    put(
        sheet, row, 所属二级="服务和满意度", 指标代码="B22", 三级指标="按期办结率", 分值=6, 规则类型="比例计分",
        参数1="按期办结事项数", 参数2="应办结事项数", 参数4="满分", 评分标准="按期办结数 ÷ 应办结数 × {points}",
    )  # fmt: skip
    put(
        sheet, row + 1, 所属二级="服务和满意度", 指标代码="B23", 三级指标="办件增长", 分值=6, 规则类型="分档计分",
        参数3="办件增长率", 明细内容=0.1, 明细分值=6, 评分标准="增长 10% 及以上得 {points} 分，不下降得 4 分",
    )  # fmt: skip
    put(sheet, row + 2, 明细内容=0, 明细分值=4)
    put(
        sheet, row + 3, 所属二级="表彰", 指标代码="J11", 三级指标="市级表彰", 分值=3, 规则类型="计次计分",
        明细内容="市级表彰次数", 明细分值=1.5, 评分标准="每次加 1.5 分，最多 {points} 分",
    )  # fmt: skip
    book.save(path)


DOCUMENT: dict[str, Any] = {
    "scheme": "new-2023",
    "year": 2023,
    "department": {
        "code": "440118001", "name": "示例政务服务局", "category": "党政机关", "contact": None, "phone": None,
    },
    "narrative": {"duties": "政务服务", "achieved": "已完成", "problems": "无"},
    "funds": {
        "合计": {"initial": "1000", "adjusted": "1000", "spent": "950"},
        "基本支出": {"initial": "600", "adjusted": "600", "spent": "600"},
        "项目支出": {"initial": "400", "adjusted": "400", "spent": "350"},
    },
    "kpis": [
        {
            "level1": "产出指标", "level2": "数量指标", "name": "进驻事项", "symbol": "≥", "target": "200",
            "unit": "项", "actual": "200", "weight": "40", "self_score": "40", "reason": None, "evidence": "清单",
        }
    ],
    "facts": {
        "三公经费预算数": "10", "三公经费支出数": "9", "budget_change_reason": None, "low_rate_reason": None,
        "已制定制度": "是", "制度合规": "是", "制度已执行": "是", "一般问题数": "1", "严重问题数": "0",
        "预算按时公开": "是", "决算按时公开": "是", "满意度": "95", "应办结事项数": "200", "按期办结事项数": "190",
        "上年办件数": "1000", "本年办件数": "1050", "市级表彰次数": "1",
    },
    "scores": {
        "A11": {"self": "9.5", "reason": "尾款未付"}, "A12": {"self": "5", "reason": None},
        "A13": {"self": "5", "reason": None}, "A21": {"self": "6", "reason": None},
        "A22": {"self": "7", "reason": "一个问题"}, "A23": {"self": "6", "reason": None},
        "B11": {"self": "40", "reason": None}, "B21": {"self": "8", "reason": None},
        "B22": {"self": "5.7", "reason": "10 件超期"}, "B23": {"self": "4", "reason": "增长 5%"},
        "J11": {"self": "1.5", "reason": "一次表彰"},
    },
}  # fmt: skip
TOTAL = sum(Decimal(row["self"]) for row in DOCUMENT["scores"].values())
"""Every self score is what the rule gives, worked by hand."""
