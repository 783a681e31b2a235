"""The placeholders of documents of the whole run: what is said of each scheme, and the lines of its tables."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.documents.chart import Chart
from perfxl.documents.said import said


@dataclass(frozen=True)
class GradeLine:
    """A grade."""

    name: str = said("等级", "等级")
    count: int = said("个数", "多少个部门（项目）")
    share: str = said("占比", "占参加排名的比例")


@dataclass(frozen=True)
class CategoryLine:
    """A category."""

    name: str = said("类别", "类别")
    sent: int = said("报送", "报送的个数")
    missing: str = said("未报送", "未报送的个数；没有部门名录的为“—”")
    ranked: int = said("评分", "已评分、参加排名的个数")
    mean: str = said("平均", "平均得分，没有的为“—”")
    highest: str = said("最高", "最高得分")
    lowest: str = said("最低", "最低得分")
    own: str = said("自评平均", "自评得分的平均")
    grades: str = said("等级分布", "各等级的个数，如 优 5、良 3")


@dataclass(frozen=True)
class LevelLine:
    """A second-level indicator."""

    level1: str = said("一级", "一级指标")
    name: str = said("名称", "二级指标")
    points: str = said("分值", "分值")
    mean: str = said("平均", "平均得分")
    rate: str = said("得分率", "得分合计÷分值合计")
    losing: int = said("扣分个数", "多少个有扣分")


@dataclass(frozen=True)
class IndicatorLine:
    """A third-level indicator."""

    code: str = said("代码", "指标代码")
    level2: str = said("二级", "二级指标")
    name: str = said("名称", "三级指标")
    points: str = said("分值", "分值")
    mean: str = said("平均", "平均得分")
    rate: str = said("得分率", "得分合计÷分值合计，加分、扣分项为空")
    losing: int = said("扣分个数", "多少个有扣分")
    share: str = said("扣分占比", "有扣分的占适用的比例")
    lost: str = said("扣分合计", "共扣多少分")


@dataclass(frozen=True)
class FindingLine:
    """A kind of problem."""

    name: str = said("问题", "问题的名称")
    level: str = said("级别", "错误或提醒")
    count: int = said("次数", "出现多少次")
    departments: int = said("涉及个数", "涉及多少个部门（项目）")


@dataclass(frozen=True)
class NearLine:
    """One near to a grade."""

    name: str = said("名称", "部门或项目")
    category: str = said("类别", "类别")
    total: str = said("得分", "认定得分")
    grade: str = said("等级", "等级")
    line: str = said("等级线", "最近的等级线")
    gap: str = said("距离", "与等级线相差多少分，带正负号")


@dataclass(frozen=True)
class GapLine:
    """One whose self score is far above the accepted one, or that was reviewed."""

    name: str = said("名称", "部门或项目")
    category: str = said("类别", "类别")
    state: str = said("复核状态", "已复核、部分复核、未复核；没有复核的为“—”")
    own: str = said("自评", "自评得分")
    before: str = said("复核前", "复核前的得分，没有复核的为“—”")
    total: str = said("认定", "认定得分")
    moved: str = said("复核增减", "复核使得分增减多少，带正负号；没有复核的为“—”")
    over: str = said("偏差", "自评减认定，带正负号")
    flag: str = said("提示", "关注、通报（已复核的），没有超过的为空")


@dataclass(frozen=True)
class ReviewLine:
    """What reviews changed of an indicator."""

    name: str = said("名称", "三级指标")
    reviewed: int = said("复核次数", "复核了多少次")
    changed: int = said("改分次数", "改了多少次")
    moved: str = said("增减合计", "共增减多少分，带正负号")


@dataclass(frozen=True)
class SpendingLine:
    """Budget and spending of a category, or of one with a low rate."""

    name: str = said("名称", "类别、合计，或部门、项目")
    count: int = said("个数", "多少个部门（项目）")
    initial: str = said("年初预算数", "万元，没有的为“—”")
    adjusted: str = said("调整预算数", "万元")
    spent: str = said("支出数", "万元")
    rate: str = said("支出率", "支出数÷调整预算数；部门的支出率按方案计算")
    left: str = said("未支出", "万元")


@dataclass(frozen=True)
class RankLine:
    """A line of the ranking."""

    rank: int = said("名次", "名次，同分同名次")
    name: str = said("名称", "部门或项目")
    unit: str = said("单位", "部门名称")
    category: str = said("类别", "类别")
    category_rank: str = said("类别名次", "在类别中的名次")
    own: str = said("自评", "自评得分")
    total: str = said("得分", "认定得分")
    grade: str = said("等级", "等级")


@dataclass(frozen=True)
class UnitLine:
    """A unit that has projects."""

    rank: str = said("名次", "名次，没有的为“—”")
    name: str = said("名称", "实施单位的名称")
    projects: int = said("项目数", "多少个项目")
    total: str = said("得分", "按项目资金加权的得分")
    grade: str = said("等级", "等级")


@dataclass(frozen=True)
class StateLine:
    """One that has not sent, was returned, or was late."""

    name: str = said("名称", "部门或项目")
    category: str = said("类别", "类别")
    state: str = said("情况", "未报送、退回未重报、逾期报送、曾被退回")
    words: str = said("说明", "依据：截止日期、退回日期等")


@dataclass(frozen=True)
class DepartmentLine:
    """One in a line."""

    number: int = said("序号", "从 1 数起")
    name: str = said("名称", "部门或项目")
    state: str = said("状态", "已评分、退回修改、未报送")
    total: str = said("得分", "认定得分，没有评分的为“—”")
    grade: str = said("等级", "等级，没有的为“—”")
    rate: str = said("支出率", "没有的为“—”")
    losses: str = said("主要扣分", "扣分最多的三项；没有评分的为“—”")
    findings: int = said("问题数", "错误和提醒的个数")


@dataclass(frozen=True)
class Group:
    """What is said of a scheme. Sentences are made of figures; what there is nothing to say of is empty."""

    name: str = said("名称", "方案的结果名称")
    short: str = said("简称", "几个方案时的小标题，如 部门整体支出")
    one: str = said("称呼", "评价对象的称呼，部门 或 项目")
    projects: bool = said("按项目", "评价对象是不是项目")
    ranked: int = said("评分个数", "参加排名的个数")
    score_words: tuple[str, ...] = said("得分说明", "平均分、最高、最低和各等级，各一句")
    grades: tuple[GradeLine, ...] = said("等级", "各等级的个数")
    grade_chart: Chart | None = said("等级图", "等级分布图，没有排名的为空")
    category_words: tuple[str, ...] = said("分类说明", "各类别的平均分，各一句")
    categories: tuple[CategoryLine, ...] = said("分类", "各类别；只有一类的为空")
    category_chart: Chart | None = said("分类图", "各类别平均得分图，不到两类的为空")
    indicator_words: tuple[str, ...] = said("指标说明", "扣分的项数、得分率最低的指标，各一句")
    levels: tuple[LevelLine, ...] = said("二级指标", "各二级指标")
    level_chart: Chart | None = said("二级图", "二级指标得分率图")
    indicators: tuple[IndicatorLine, ...] = said("三级指标", "各三级指标")
    indicator_chart: Chart | None = said("三级图", "得分率最低的三级指标（最多 15 项）图，没有扣分的为空")
    losses: tuple[IndicatorLine, ...] = said("失分", "扣分最多的三级指标，最多 10 项")
    finding_words: tuple[str, ...] = said("问题说明", "错误、提醒的个数")
    findings: tuple[FindingLine, ...] = said("问题", "全部问题，出现最多的在前")
    common: tuple[FindingLine, ...] = said("常见问题", "出现最多的问题，最多 10 种")
    near_words: tuple[str, ...] = said("临界说明", "临界的个数；没有的为空")
    near: tuple[NearLine, ...] = said("临界", "距等级线很近的")
    gap_words: tuple[str, ...] = said("偏差说明", "自评与认定相差多少，各一句")
    gaps: tuple[GapLine, ...] = said("偏差", "自评高于认定超过方案“关注”线的")
    reviewed: bool = said("复核过", "有没有复核")
    review_words: tuple[str, ...] = said("复核说明", "复核了多少、改了多少，各一句")
    reviews: tuple[GapLine, ...] = said("复核", "复核过的，自评偏高最多的在前")
    review_indicators: tuple[ReviewLine, ...] = said("复核指标", "复核改过分的三级指标")
    review_chart: Chart | None = said("复核图", "自评和复核后得分图（偏差最大的，最多 12 个）")
    funds_words: tuple[str, ...] = said("资金说明", "预算、支出、支出率，各一句")
    adjusted_label: str = said("预算称呼", "方案中调整预算数一列的名称")
    spent_label: str = said("支出称呼", "方案中支出数一列的名称")
    funds: tuple[SpendingLine, ...] = said("资金", "各类别的预算和支出，最后是合计")
    funds_chart: Chart | None = said("资金图", "各类别支出率图，不到两类的为空")
    low: tuple[SpendingLine, ...] = said("低支出率", "支出率低于方案界限的，最低的在前，最多 30 个")
    ranking: tuple[RankLine, ...] = said("排名", "排名表的各行")
    units: tuple[UnitLine, ...] = said("单位汇总", "各实施单位的项目；评价部门的为空")
    states: tuple[StateLine, ...] = said("名单", "未报送、退回、逾期的")
    departments: tuple[DepartmentLine, ...] = said("逐个情况", "每个部门（项目）一行")
