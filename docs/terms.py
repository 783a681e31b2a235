"""The words of perfxl, one for one thing: the page 术语 of the handbook is made of them, tests hold the others out.

A term is what everything that people see says: workbooks, messages, documents, handbook. `never` are other words that
once stood for the same thing, or easily might; where such a word is right all the same, `ALLOWED` says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROSTER, BOOK, SCORES, TIMES, SCHEME = "谁报送、谁评", "表和文件", "得分和等级", "报送、检查、修改", "方案和数据"


@dataclass(frozen=True)
class Term:
    """A word, what it means, under which heading of the page it stands, and the words that are not used for it."""

    group: str
    word: str
    meaning: str
    never: tuple[str, ...] = ()


TERMS = (
    Term(ROSTER, "部门", "被评价、填报的一方；评价项目时是“项目”。叫法由方案的“评价对象”决定"),
    Term(
        ROSTER,
        "单位",
        "只用在固定的叫法里：本单位、你单位、有关单位、单位负责人、单位公章、实施单位（项目的承担单位，汇总在“单位汇总”），"
        "以及金额单位、计量单位",
        (
            "单位代码",
            "单位名称",
            "单位类别",
            "单位信息",
            "单位全称",
            "该单位",
            "一行一个单位",
            "每个单位",
            "同一单位",
            "这个单位",
            "各单位",
            "一个单位",
        ),
    ),
    Term(ROSTER, "财政部门", "下发模板、评分、退回、公布的一方", ("财政局",)),
    Term(ROSTER, "经办人、复核人、填报人", "财政部门收件评分的、财政部门复核的、部门填表的"),
    Term(ROSTER, "评价对象", "评的是部门，还是一个部门的某个项目", ("被评价单位", "被评单位")),
    Term(ROSTER, "部门名录", "应报送的部门的清单", ("花名册", "部门名单", "单位名录", "单位名单")),
    Term(ROSTER, "财政名单", "财政部门自己的各份表：部门名录、豁免名单、财政核定数、复核表等"),
    Term(BOOK, "填报模板", "发给部门填写的工作簿，由评分方案生成；预填模板是填好部门信息的"),
    Term(BOOK, "填报", "部门填好报送的工作簿"),
    Term(
        BOOK,
        "退回件",
        "发回部门修改的工作簿，数据已填好，有问题的单元格已标出",
        ("修改件", "修改副本", "待修改件", "退回修改的副本"),
    ),
    Term(BOOK, "汇总工作簿", "整批的结果，先看这个；简称“汇总”", ("汇总表里",)),
    Term(BOOK, "部门结果工作簿", "一个部门的结果，反馈给部门"),
    Term(BOOK, "复核表", "由 `perfxl review` 生成，复核人填写", ("复审表", "核查表")),
    Term(BOOK, "绩效目标核定表", "财政部门审核、核定绩效目标用的表", ("目标审批表",)),
    Term(BOOK, "往来登记", "收到过的每个文件：何时收到、退回、再收到", ("台账", "登记簿", "登记册")),
    Term(BOOK, "自评报告", "部门自己写的 Word 或 PDF，与工作簿核对"),
    Term(BOOK, "文书", "按结果写的 Word 文件：自评报告、反馈意见、通报等"),
    Term(SCORES, "自评得分", "部门自己填的得分", ("自评分数", "自评打分")),
    Term(SCORES, "计算得分", "程序按规则算出的得分", ("测算得分", "系统得分")),
    Term(
        SCORES,
        "认定得分",
        "最后采用的得分，取自评得分和计算得分中较低的；复核过的是复核得分。模板上的是预计，以财政部门复核为准",
        ("就低得分", "就低总分", "就低等级", "最终得分", "核定得分", "审定得分", "终评得分"),
    ),
    Term(SCORES, "就低不就高", "自评得分和计算得分不同时，按较低的认定；绩效指标逐项就低"),
    Term(SCORES, "复核得分", "复核人给的得分；与认定得分不同的写理由", ("复审得分", "复评得分", "复审")),
    Term(SCORES, "总分", "各指标认定得分合计，加上加分、减去扣分", ("总得分",)),
    Term(SCORES, "暂定分", "被退回的部门按现有数据算出的分，不参加排名", ("临时得分",)),
    Term(SCORES, "扣分", "得分低于分值的部分；扣分指标是 100 分以外的", ("失分", "丢分")),
    Term(SCORES, "酌情扣减", "部门自己比规则多扣，须写明原因"),
    Term(SCORES, "等级", "优、良、中、差等，按总分判定", ("等次", "评级")),
    Term(SCORES, "临界", "总分离等级线很近"),
    Term(SCORES, "名次", "按总分排出的先后，同分同名次；类内名次是在同一部门类别中的", ("位次",)),
    Term(SCORES, "名额", "某一等级最多占多少，排名以后执行"),
    Term(SCORES, "加分、扣分", "100 分以外的加分和扣分，各有上限"),
    Term(SCORES, "封顶、否决", "条件成立时，总分或等级最高到某一档"),
    Term(SCORES, "折算", "有的指标不适用时，其余指标的得分按比例折算到 100 分"),
    Term(SCORES, "得分率", "得分 ÷ 分值"),
    Term(SCORES, "支出率", "全部支出：支出数 ÷ 调整预算数"),
    Term(SCORES, "执行率", "一项任务，或年中监控：支出（执行）数 ÷ 预算数"),
    Term(SCORES, "追加率", "年中追加额 ÷ 年初预算数"),
    Term(
        SCORES,
        "完成率",
        "一项绩效指标的实际完成值对年度指标值的比例；越小越好的指标，超出目标几成就减去几成",
        ("达成率",),
    ),
    Term(
        TIMES,
        "自评、评价",
        "自评是部门自己做的（自评得分、自评报告、自评阶段）；评价是财政部门做的（评价年度、评价对象、绩效评价汇总）",
        ("自我评价",),
    ),
    Term(
        TIMES,
        "报送、重新报送",
        "部门把填报交给财政部门；退回以后改好再交是重新报送，期限叫重报期限",
        ("上报", "再报", "补报", "提交", "重新报送期限"),
    ),
    Term(TIMES, "退回修改", "填报有错误，发回部门修改；退回的只有暂定分", ("打回", "驳回")),
    Term(TIMES, "催报", "催没有报送的、退回后还没有重新报送的部门", ("催办",)),
    Term(TIMES, "逾期", "过了期限还没有报送，或报送晚于期限（逾期报送）", ("迟报", "超期", "过期未报")),
    Term(TIMES, "问题", "填报中一处不对或可疑的地方，有代码、位置、说明和处理意见", ("差错",)),
    Term(TIMES, "处理意见", "问题怎样改，写在每个问题后面；“修改要求”是对整份退回件的要求", ("处理建议", "修改意见")),
    Term(TIMES, "级别", "问题的轻重：错误（退回）、警告（核对）、提示（参考）", ("严重程度", "严重性")),
    Term(TIMES, "豁免", "经批准不再要求修改的问题", ("豁免表",)),
    Term(TIMES, "审核、复核", "审核看填报对不对（审核意见、目标审核）；复核看得分准不准（复核表、复核得分）"),
    Term(
        TIMES,
        "整改期限、完成时限",
        "整改期限是答复财政部门的日子；完成时限是一项整改措施做完的日子",
        ("完成时间", "整改时限"),
    ),
    Term(
        TIMES,
        "修改、更正、整改",
        "部门改填报是修改；财政部门改一个数是更正；公布结果以后改工作是整改",
        ("订正", "修正"),
    ),
    Term(TIMES, "批次", "对一个文件夹运行一次，得到一套结果"),
    Term(
        SCHEME,
        "评分方案",
        "一个年度评什么、每项多少分、怎样计分、部门填报什么；用 Excel 修改",
        ("打分方案", "计分方案"),
    ),
    Term(SCHEME, "一级、二级、三级指标", "评分方案的指标体系；得分和扣分都在三级指标上"),
    Term(SCHEME, "绩效指标", "部门自己申报的产出、效益、满意度指标，填在“绩效指标”表；用来计算履职效能的得分"),
    Term(SCHEME, "年度指标值、实际完成值", "一项绩效指标的目标和结果；泛指时说目标、完成值", ("目标值",)),
    Term(SCHEME, "填报事项、事项代码", "要求部门填报的每一项数据，及其代码", ("事实代码", "事实类型")),
    Term(SCHEME, "计算事项", "由填报事项算出的数，例如结转结余率；规则可以像事项一样使用"),
    Term(
        SCHEME,
        "财政核定数",
        "财政部门自己提供或更正的数，得分按它计算；没有给出的是待核定",
        ("核实数", "审定数", "财政核实"),
    ),
    Term(
        SCHEME,
        "日期、金额",
        "表格和名单里日期写 2023-04-10，成句的话写 2023 年 4 月 10 日，Word 文书按公文写 2023年4月10日；"
        "金额以万元为单位，保留两位小数",
    ),
    Term(SCHEME, "规则类型", "一种计分办法，例如比例计分、清单计分"),
    Term(SCHEME, "阶段", "同一方案在一年里用三次：目标申报、运行监控、自评"),
    Term(SCHEME, "结束状态", "命令结束时的数字，0 为全部正常", ("退出码", "返回码", "错误码")),
)

ALLOWED: dict[str, str] = {
    r"[省市县区]财政局": "a bureau's own name",
    "申请调整目标值": "a column's heading in templates that are out",
    "^失分$": "the name of a placeholder in Word templates that bureaus have edited",
    r"(?:方案\[\]|组)\.失分": "the same, in the list of placeholders and in the templates",
    "实施单位": "who carries a project out, whose code and name are called after it",
    "单位汇总表": "a table of the units that have projects",
}
"""Patterns of texts in which a word of `never` is right, with the reason: taken out before a text is looked at."""

PLACES: dict[str, str] = {
    "perfxl/reports/": "knows what departments write in their own reports",
    "perfxl/scheme/upgrade.py": "knows the headings of earlier versions",
}
"""Files whose texts are not shown to anybody, with the reason."""


def terms() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every group of the page with its lines: word and meaning."""
    for group in dict.fromkeys(term.group for term in TERMS):
        yield group, [(term.word, term.meaning) for term in TERMS if term.group == group]


def misused(text: str) -> Iterator[str]:
    """The words in a text for which there is another word."""
    for right in ALLOWED:
        text = re.sub(right, "", text)
    for term in TERMS:
        yield from (word for word in term.never if word in text)
