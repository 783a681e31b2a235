"""Small schemes that use what the built-in one does not: for the tests of the template."""

from __future__ import annotations

import json
import re
from functools import cache

from perfxl.scheme.model import Scheme
from tests.scheme_files import BUILTIN, toml_scheme

# 100 points, with indicators outside them, and with what does not apply to everybody.
DISTRICT = """
[header]
id = "district-2024"
version = "1.0"
year = 2024
title = "2024年度区级预算部门绩效自评"
bureau = "区财政局"

[options]
caps_on = true
kpi_rows = 12
task_rows = 5

[[categories]]
name = "部门"
[[categories]]
name = "镇街"

[[levels]]
name = "投入"
points = 40
[[levels]]
name = "产出"
points = 60
[[levels]]
name = "加分项"
points = 5
nature = "加分"
[[levels]]
name = "扣分项"
points = 8
nature = "扣分"
[[levels]]
name = "预算"
parent = "投入"
points = 40
[[levels]]
name = "履职"
parent = "产出"
points = 60
[[levels]]
name = "表彰"
parent = "加分项"
points = 5
[[levels]]
name = "问题"
parent = "扣分项"
points = 8

[[indicators]]
code = "P1"
level2 = "预算"
name = "预算执行率"
points = 20
kind = "ratio"
settings.numerator = ["funds.total.spent"]
settings.denominator = ["funds.total.adjusted"]
standard = "执行率 × {points}"
[[indicators]]
code = "P2"
level2 = "预算"
name = "结转结余变动率"
points = 10
kind = "deviation"
settings.value = "carry_change"
settings.per_point = 0.5
[[indicators]]
code = "P3"
level2 = "预算"
name = "村级财务公开"
points = 6
kind = "checklist"
settings.items = [["village_open", 6]]
categories = ["镇街"]
na = "折算"
[[indicators]]
code = "P4"
level2 = "预算"
name = "政府采购执行率"
points = 4
kind = "ratio"
settings.value = "purchase_rate"
na = "满分"
declared = true
[[indicators]]
code = "Q1"
level2 = "履职"
name = "产出指标完成情况"
points = 50
kind = "kpi"
settings.levels = ["产出指标"]
[[indicators]]
code = "Q2"
level2 = "履职"
name = "服务对象满意度"
points = 10
kind = "judged"
categories = ["部门"]
na = "满分"
[[indicators]]
code = "S1"
level2 = "表彰"
name = "表彰奖励"
points = 5
kind = "additions"
settings.items = [["national", 3], ["city", 1]]
[[indicators]]
code = "S2"
level2 = "问题"
name = "审计发现问题"
points = 5
kind = "additions"
settings.items = [["audit_problems", 1]]
[[indicators]]
code = "S3"
level2 = "问题"
name = "其他扣分"
points = 3
kind = "judged"
declared = true

[[funds]]
key = "total"
label = "年度资金总额"
role = "合计"
[[funds]]
key = "grant"
label = "财政拨款"
role = "分项"
initial_required = false
[[funds]]
key = "other"
label = "其他资金"
role = "分项"
initial_required = false
[[fund_columns]]
key = "adjusted"
label = "全年预算数（A）"
[[fund_columns]]
key = "spent"
label = "全年执行数（B）"

[[facts]]
key = "carry_now"
label = "本年结转结余"
type = "money"
sheet = "基础'数据"
section = "结转结余"
[[facts]]
key = "carry_before"
label = "上年结转结余"
type = "money"
sheet = "基础'数据"
section = "结转结余"
[[facts]]
key = "purchase_rate"
label = "政府采购执行率"
type = "percent"
sheet = "基础'数据"
section = "结转结余"
[[facts]]
key = "staff"
label = "在职人数"
type = "number"
sheet = "基础'数据"
section = "人员"
unit = "人"
[[facts]]
key = "village_open"
label = "村级财务按季公开"
type = "yes_no"
sheet = "其他事项"
section = "公开"
categories = ["镇街"]
[[facts]]
key = "national"
label = "国家级表彰"
type = "count"
sheet = "其他事项"
section = "加减分"
[[facts]]
key = "city"
label = "市级表彰"
type = "count"
sheet = "其他事项"
section = "加减分"
[[facts]]
key = "audit_problems"
label = "审计发现问题数"
type = "count"
sheet = "其他事项"
section = "加减分"
[[facts]]
key = "fraud"
label = "弄虚作假"
type = "yes_no"
sheet = "其他事项"
section = "加减分"
[[facts]]
key = "remark"
label = "其他说明"
type = "text"
sheet = "其他事项"
section = "加减分"
required = false
[[facts]]
key = "open.rules.a"
label = "制度公开（网站）"
type = "yes_no"
sheet = "其他事项"
section = "公开情况"
row_label = "制度"
column_label = "网站"
[[facts]]
key = "open.rules.b"
label = "制度公开（公告栏）"
type = "yes_no"
sheet = "其他事项"
section = "公开情况"
row_label = "制度"
column_label = "公告栏"

[[derived]]
key = "carry_change"
label = "结转结余变动率"
sheet = "基础'数据"
section = "结转结余"
numerator = ["carry_now", "-carry_before"]
denominator = ["carry_before"]
hint = "（本年－上年）÷ 上年"
[[derived]]
key = "per_head"
label = "人均支出"
sheet = "计算结果"
section = "人均支出"
numerator = ["funds.total.spent"]
denominator = ["staff"]
percent = false
factor = 10000
unit = "元/人"

[[grades]]
set = "四档"
name = "优"
floor = 90
[[grades]]
set = "四档"
name = "良"
floor = 80
[[grades]]
set = "四档"
name = "中"
floor = 60
[[grades]]
set = "四档"
name = "差"
floor = 0
[[grades]]
set = "四档"
name = "优"
floor = 85
category = "镇街"
[[grades]]
set = "四档"
name = "良"
floor = 75
category = "镇街"
[[grades]]
set = "四档"
name = "中"
floor = 60
category = "镇街"
[[grades]]
set = "四档"
name = "差"
floor = 0
category = "镇街"

[[caps]]
sign = "<"
value = "0.6"
cap = 79
[[caps]]
fact = "fraud"
sign = "="
value = "是"
grade = "差"
words = "弄虚作假，一票否决"
[[caps]]
fact = "audit_problems"
sign = "≥"
value = "3"
cap = 89
grade = "良"

[[quotas]]
grade = "优"
share = 0.3

[[kpi_levels]]
level1 = "产出指标"
level2 = "数量指标"
[[kpi_levels]]
level1 = "产出指标"
level2 = "质量指标"

[[shares]]
label = "达成预期"
share = 1
low = 0.8
[[shares]]
label = "部分达成"
share = 0.8
low = 0.6
[[shares]]
label = "未达成"
share = 0
"""


def tables_of_the_built_in(*keys: str) -> str:
    """Some tables of the built-in scheme as they stand in its file."""
    tables = re.finditer(r"(?ms)^\[\[?(\w+)\]\]?$.*?(?=^\[|\Z)", BUILTIN)
    found = "".join(table.group() for table in tables if table[1] in keys)
    return re.sub(r"\{A\d+\.points\}", "{Q1.points}", found)


@cache
def district(*replacements: tuple[str, str], more: str = "") -> Scheme:
    """The scheme with texts that stand in it once replaced, and with more tables."""
    text = DISTRICT + tables_of_the_built_in("columns", "symbols", "thresholds") + more
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return toml_scheme(text)


# Nothing but what the department judges itself.
MINIMAL = """
[header]
id = "minimal"
version = "1"
year = 2024
title = "自评"

[[categories]]
name = "部门"
[[levels]]
name = "绩效"
points = 100
[[levels]]
name = "完成"
parent = "绩效"
points = 100
[[indicators]]
code = "A1"
level2 = "完成"
name = "任务完成"
points = 100
kind = "judged"
[[grades]]
set = "四档"
name = "合格"
floor = 60
[[grades]]
set = "四档"
name = "不合格"
floor = 0
"""


@cache
def minimal(more: str = "") -> Scheme:
    """A scheme without facts, funds, KPIs, tasks and words of the department's own."""
    return toml_scheme(MINIMAL + more)


@cache
def project() -> Scheme:
    """A scheme for projects, with words of its own for everything."""
    words = """
[evaluated]
kind = "project"
noun = "专项"
code_label = "主管部门代码"
name_label = "主管部门"
category_label = "资金类别"
project_label = "专项名称"
funds_sheet = "资金"
funds_title = "专项资金"
"""
    return district(more=words)


@cache
def many_kinds() -> Scheme:
    """A scheme with forty indicators that each count KPIs of a kind of their own."""
    more = [tables_of_the_built_in("columns", "symbols", "shares")]
    for number in range(40):
        more += ["[[indicators]]", *_table(code=f"K{number}", level2="完成", name=f"指标 {number}", kind="kpi"),
                 "points = 2.5", f'settings.levels = ["类别{number}"]']  # fmt: skip
        more += ["[[kpi_levels]]", *_table(level1=f"类别{number}", level2="数量指标")]
    replaced = MINIMAL.partition("[[indicators]]")[0] + "[[grades]]" + MINIMAL.partition("[[grades]]")[2]
    text = "\n".join([replaced, *more])
    return toml_scheme(re.sub(r"\{Q1\.points\}", "{K1.points}", text))


@cache
def crowded() -> Scheme:
    """A scheme with more and longer of everything than formulas like: nothing of it is refused by the check."""
    long = "很长的说明文字，写到单元格里要分几行" * 20
    quoted = '“名称”带"引号"的'
    more = ["[[derived]]", *_table(key="share", label=f"占比{long}"[:120], sheet="表'格!", section="合计",
            numerator=["m.0.a", "-m.1.a"], denominator=["m.2.a"])]  # fmt: skip
    for row in range(30):
        for column in "abcde":
            more += ["[[facts]]", *_table(key=f"m.{row}.{column}", label=f"第{row}行的{column}{quoted}",
                     type="money", sheet="表'格!", section="大表", row_label=f"第 {row} 行",
                     column_label=f"{column} 列")]  # fmt: skip
    for number in range(40):
        more += ["[[facts]]", *_table(key=f"注释{number}", label=f"{number} {quoted}{long}"[:120], type="yes_no",
                 sheet="清单", section=f"第 {number} 组", hint=long, categories=["部门"])]  # fmt: skip
        more += ["[[facts]]", *_table(key=f"说明{number}", label=f"说明 {number}", type="text", sheet="清单",
                 section=f"第 {number} 组", required=False)]  # fmt: skip
    for number in range(70):
        more += [
            "[[shares]]",
            *_table(label=f"第 {number} 档结果", share=f"{(90 - number)}e-2", low=f"{(80 - number)}e-2"),
        ]
    for number in range(25):
        more += [
            "[[caps]]",
            *_table(fact="staff", sign="≥", value=str(1000 + number), cap=90 - number, words=f"{number}{long}"[:90]),
        ]
    for number in range(12):
        more += ["[[categories]]", *_table(name=f"类别'{number}'")]
        for name, floor in ((f"优（{number}）", 90 - number), ("良", 70), ("中", 60), ("差", 0)):
            more += ["[[grades]]", *_table(set="四档", name=name, floor=floor, category=f"类别'{number}'")]
    title = ('title = "2024年度区级预算部门绩效自评"', f'title = "2024 R&D {long}"')
    return district(title, more="\n".join(more))


def _table(**values: object) -> list[str]:
    """Lines of a TOML table."""
    lines = []
    for key, value in values.items():
        number = isinstance(value, str) and re.fullmatch(r"-?\d+e-2", value)
        lines.append(f"{key} = {value if number else json.dumps(value, ensure_ascii=False)}")
    return lines
