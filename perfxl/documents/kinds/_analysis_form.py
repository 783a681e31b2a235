"""How the template of the 汇总分析报告 looks."""

from __future__ import annotations

from perfxl.documents.form import PLAIN, Form
from perfxl.documents.kinds import _whole_form as whole


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.title("{{ 事项 }}", "汇总分析报告")
    form.head(1, "{{ 章号 }}总体情况")
    form.each("句 in 报送情况", "{{ 句 }}")
    form.each("句 in 点名", "{{ 句 }}")
    form.tag("if not 多个方案")
    form.tag("for 组 in 方案")
    _scores(form)
    form.tag("endfor")
    form.tag("endif")
    form.tag("for 组 in 方案")
    _scheme(form)
    form.tag("endfor")
    form.tag("if 建议")
    form.head(1, "{{ 章号 }}建议")
    form.each("句 in 建议[:-1]", "{{ 节号 }}{{ 句 }}")
    form.paragraph("{{ 节号 }}{{ 建议|last }}", keep=True)
    form.tag("endif")
    form.signed("{{ 财政部门 }}", "{{ 日期 }}")
    form.tag("if 排名附件")
    form.paragraph("{{ 排名附件 }}", PLAIN, page_break=True)
    whole.ranking(form)
    form.tag("endif")
    # Lines of many words: on pages that lie on their side.
    form.landscape()
    form.paragraph("{{ 逐个附件 }}", PLAIN)
    form.tag("for 组 in 方案")
    whole.table(form, "逐个情况", "{{ 组.名称 }}各{{ 组.称呼 }}情况", (
        ("序号", "序号", 6), ("名称", "名称", 28), ("状态", "状态", 11), ("得分", "得分", 8), ("等级", "等级", 7),
        ("支出率", "支出率", 10), ("主要扣分（分）", "主要扣分", 50), ("问题数", "问题数", 7),
    ), (0, 2, 3, 4, 5, 7))  # fmt: skip
    form.tag("endfor")
    return form.data()


def _scores(form: Form) -> None:
    whole.sentences(form, "得分说明")
    whole.grades(form)


def _reviews(form: Form) -> None:
    whole.sentences(form, "复核说明")
    whole.table(form, "复核", "复核结果", (
        ("名称", "名称", 27), ("复核状态", "复核状态", 12), ("自评", "自评", 10), ("复核前", "复核前", 10),
        ("复核后", "认定", 10), ("增减", "复核增减", 12), ("自评减\n复核后", "偏差", 12), ("提示", "提示", 8),
    ), (1, 2, 3, 4, 5, 6, 7))  # fmt: skip
    whole.table(form, "复核指标", "复核改分的三级指标", (
        ("三级指标", "名称", 50), ("复核次数", "复核次数", 16), ("改分次数", "改分次数", 16),
        ("增减合计", "增减合计", 16),
    ), (1, 2, 3))  # fmt: skip
    whole.chart(form, "复核图")


def _funds(form: Form) -> None:
    whole.sentences(form, "资金说明")
    whole.table(form, "资金", "各类别预算和支出（万元）", (
        ("类别", "名称", 18), ("{{ 组.称呼 }}数", "个数", 10), ("年初预算数", "年初预算数", 18),
        ("{{ 组.预算称呼 }}", "调整预算数", 18), ("{{ 组.支出称呼 }}", "支出数", 18), ("支出率", "支出率", 13),
    ), (1, 2, 3, 4, 5), together=True)  # fmt: skip
    whole.chart(form, "资金图")
    whole.table(form, "低支出率", "支出率低的{{ 组.称呼 }}（万元）", (
        ("名称", "名称", 36), ("{{ 组.预算称呼 }}", "调整预算数", 18), ("{{ 组.支出称呼 }}", "支出数", 18),
        ("未支出", "未支出", 16), ("支出率", "支出率", 12),
    ), (1, 2, 3, 4))  # fmt: skip


def _scheme(form: Form) -> None:
    """What is said of a scheme."""
    form.tag("if 多个方案")
    form.head(1, "{{ 章号 }}{{ 组.简称 }}")
    _scores(form)
    form.tag("endif")
    form.tag("if 组.分类")
    whole.head(form, "分类情况")
    whole.categories(form)
    form.tag("endif")
    form.tag("if 组.评分个数")
    whole.head(form, "指标分析")
    whole.sentences(form, "指标说明")
    whole.levels(form)
    whole.table(form, "三级指标", "三级指标得分情况", (
        ("二级指标", "二级", 14), ("三级指标", "名称", 27), ("分值", "分值", 7), ("平均\n得分", "平均", 9),
        ("得分率", "得分率", 13), ("扣分{{ 组.称呼 }}数", "扣分个数", 10), ("扣分\n占比", "扣分占比", 13),
        ("共扣分", "扣分合计", 10),
    ), (2, 3, 4, 5, 6, 7))  # fmt: skip
    whole.chart(form, "三级图")
    form.tag("endif")
    form.tag("if 组.问题说明")
    whole.head(form, "主要问题")
    whole.findings(form, "问题", "填报中的问题")
    form.tag("endif")
    form.tag("if 组.评分个数")
    whole.head(form, "临界和自评偏差")
    whole.near_and_gaps(form)
    form.tag("endif")
    form.tag("if 组.复核过")
    whole.head(form, "复核情况")
    _reviews(form)
    form.tag("endif")
    form.tag("if 组.资金说明")
    whole.head(form, "资金执行情况")
    _funds(form)
    form.tag("endif")
