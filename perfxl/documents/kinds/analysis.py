"""汇总分析报告: all of the round in one document, for the government."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.documents.figures import day
from perfxl.documents.kind import Kind, WholeRun
from perfxl.documents.kinds._analysis_form import draw
from perfxl.documents.kinds.notice import numbered
from perfxl.documents.said import said
from perfxl.documents.whole.advice import advice
from perfxl.documents.whole.counted import count_run
from perfxl.documents.whole.group import groups_of, shorts_of, words_of
from perfxl.documents.whole.records import Group
from perfxl.documents.whole.reporting import by_name, reporting


@dataclass(frozen=True)
class Analysis:
    """The report."""

    year: int = said("年度", "评价年度")
    title: str = said("事项", "报告什么，如 2022年度部门整体支出绩效评价")
    bureau: str = said("财政部门", "落款，方案中的财政部门")
    day: str = said("日期", "成文日期")
    several: bool = said("多个方案", "是否有几个评分方案")
    reporting: tuple[str, ...] = said("报送情况", "应报、已报、评分、退回、未报送的个数，各一句")
    by_name: tuple[str, ...] = said("点名", "未报送、退回、逾期的有谁，各一句")
    groups: tuple[Group, ...] = said("方案", "各评分方案的情况")
    advice: tuple[str, ...] = said("建议", "由数据得出的建议，各一句；没有的为空")
    ranking_annex: str = said("排名附件", "排名表的附件号，如 附件1；没有排名的为空")
    lines_annex: str = said("逐个附件", "各部门情况表的附件号")


def analysis_of(run: WholeRun) -> Analysis:
    """The report on the last run."""
    count = count_run(run.last)
    groups, header = groups_of(count), count.schemes[0].scheme.header
    words, shorts = words_of(count), shorts_of(count)
    several = len(groups) > 1
    annexes = numbered([
        "ranking" if any(group.ranking for group in groups) else "",
        "lines" if any(group.departments for group in groups) else "",
    ])  # fmt: skip
    return Analysis(
        year=header.year,
        title=f"{header.year}年度绩效评价" if several else header.results_title,
        bureau=header.bureau,
        day=day(run.today),
        several=several,
        reporting=tuple(reporting(count, shorts, words)),
        by_name=tuple(by_name(count, shorts)),
        groups=groups,
        advice=tuple(advice(count, shorts, words)),
        ranking_annex=annexes[0],
        lines_annex=annexes[1],
    )


KIND = Kind(
    name="汇总分析报告",
    words="整批一份，报政府：总体、分类、指标分析、主要问题、偏差和复核、资金执行、建议，有图，附排名表和每个部门一行的情况表",
    record=Analysis,
    draw=draw,
    title=lambda report: f"{report.title}汇总分析报告",
    of_run=analysis_of,
    aliases=("分析报告", "汇总报告", "汇总分析"),
    order=50,
)
