"""自评情况通报: how the round went, for all who took part: who sent, scores and ranking, common problems, who is near
to a grade and whose self score lies far above the accepted one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfxl.documents.figures import day
from perfxl.documents.kind import Kind, WholeRun
from perfxl.documents.kinds._notice_form import draw
from perfxl.documents.said import said
from perfxl.documents.whole.counted import RunCount, count_run
from perfxl.documents.whole.group import groups_of, shorts_of, words_of
from perfxl.documents.whole.records import Group
from perfxl.documents.whole.reporting import by_name, reporting

_SELF = "自评"


@dataclass(frozen=True)
class Notice:
    """The notice."""

    year: int = said("年度", "评价年度")
    title: str = said("事项", "通报什么，如 2022年度部门整体支出绩效自评")
    bureau: str = said("财政部门", "落款，方案中的财政部门")
    contact: str = said("联系人", "方案中的联系人及电话，没有的为空")
    day: str = said("日期", "成文日期")
    due: str = said("期限", "整改期限")
    several: bool = said("多个方案", "是否有几个评分方案")
    reporting: tuple[str, ...] = said("报送情况", "应报、已报、评分、退回、未报送的个数，各一句")
    by_name: tuple[str, ...] = said("点名", "未报送、退回、逾期的有谁，各一句")
    groups: tuple[Group, ...] = said("方案", "各评分方案的情况")
    to_mend: bool = said("须整改", "有没有未报送或退回修改的")
    annexes: tuple[str, ...] = said("附件", "附件的名称")
    ranking_annex: str = said("排名附件", "排名表的附件号，如 附件1；没有排名的为空")
    states_annex: str = said("名单附件", "未报送、退回、逾期名单的附件号；没有的为空")


def subject_of(count: RunCount) -> str:
    """What the round is called: by the only scheme, or by the year of several."""
    first = count.schemes[0].scheme
    if len(count.schemes) > 1:
        return f"{first.year}年度绩效自评"
    title = first.header.title
    return title if _SELF in title else f"{title}自评"


def numbered(names: Sequence[str]) -> list[str]:
    """附件1, 附件2 for those there are; 附件 where there is one only; empty names stay empty."""
    there = [name for name in names if name]
    return [name and (f"附件{there.index(name) + 1}" if len(there) > 1 else "附件") for name in names]


def notice_of(run: WholeRun) -> Notice:
    """The notice on the last run."""
    count = count_run(run.last)
    groups, header = groups_of(count), count.schemes[0].scheme.header
    subject, shorts = subject_of(count), shorts_of(count)
    ranked = groups[0].name if len(groups) == 1 else subject
    names = [
        f"{ranked}得分排名表" if any(group.ranking for group in groups) else "",
        "未报送、退回修改和逾期报送名单" if any(group.states for group in groups) else "",
    ]
    annexes = numbered(names)
    return Notice(
        year=header.year,
        title=subject,
        bureau=header.bureau,
        contact=header.contact,
        day=day(run.today),
        due=day(run.due),
        several=len(groups) > 1,
        reporting=tuple(reporting(count, shorts, words_of(count))),
        by_name=tuple(by_name(count, shorts)),
        groups=groups,
        to_mend=any(own.missing or own.returned for own in count.schemes),
        annexes=tuple(name for name in names if name),
        ranking_annex=annexes[0],
        states_annex=annexes[1],
    )


KIND = Kind(
    name="自评情况通报",
    words="整批一份：报送、得分、等级、各类平均、指标得分率、常见问题、临界和偏差，有图，附排名表和未报送、退回、逾期名单",
    record=Notice,
    draw=draw,
    title=lambda notice: f"关于{notice.title}情况的通报",
    of_run=notice_of,
    aliases=("通报",),
    order=30,
)
