"""How the template of the 自评情况通报 looks: a notice in official form."""

from __future__ import annotations

from perfxl.documents.form import PLAIN, Form
from perfxl.documents.kinds import _whole_form as whole


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.title("关于{{ 事项 }}情况的", "通　　报")
    form.paragraph("各有关单位：", PLAIN)
    form.body("我局对{{ 事项 }}材料进行了审核和评分，现将情况通报如下。")
    form.head(1, "{{ 章号 }}报送情况")
    form.each("句 in 报送情况", "{{ 句 }}")
    form.each("句 in 点名", "{{ 句 }}")
    form.tag("for 组 in 方案")
    _scheme(form)
    form.tag("endfor")
    form.tag("if 须整改")
    form.head(1, "{{ 章号 }}有关要求")
    form.body("未报送、退回修改的，请于 {{ 期限 }}前报送或改正后重新报送。")
    form.tag("if 联系人")
    form.body("联系人及电话：{{ 联系人 }}。")
    form.tag("endif")
    form.tag("endif")
    form.tag("if 附件")
    form.paragraph("")
    number = "{% if 附件|length > 1 %}{{ loop.index }}. {% endif %}"
    start = "{% if loop.first %}附件：{% else %}　　　{% endif %}"
    form.each("名 in 附件", start + number + "{{ 名 }}", keep=True)
    form.tag("endif")
    form.signed("{{ 财政部门 }}", "{{ 日期 }}")
    form.tag("if 排名附件")
    form.paragraph("{{ 排名附件 }}", PLAIN, page_break=True)
    whole.ranking(form)
    form.tag("endif")
    form.tag("if 名单附件")
    form.paragraph("{{ 名单附件 }}", PLAIN, page_break=True)
    form.tag("for 组 in 方案")
    whole.table(form, "名单", "{% if 多个方案 %}{{ 组.简称 }}{% endif %}未报送、退回修改和逾期报送名单", (
        ("名称", "名称", 36), ("类别", "类别", 16), ("情况", "情况", 14), ("说明", "说明", 34),
    ), (2,))  # fmt: skip
    form.tag("endfor")
    form.tag("endif")
    return form.data()


def _scheme(form: Form) -> None:
    """What is said of a scheme."""
    form.tag("if 多个方案")
    form.head(1, "{{ 章号 }}{{ 组.简称 }}")
    form.tag("endif")
    whole.head(form, "得分和等级")
    whole.sentences(form, "得分说明")
    whole.grades(form)
    form.tag("if 组.分类")
    whole.head(form, "分类情况")
    whole.categories(form)
    form.tag("endif")
    form.tag("if 组.评分个数")
    whole.head(form, "指标得分情况")
    whole.sentences(form, "指标说明")
    whole.levels(form)
    whole.losses(form)
    whole.chart(form, "三级图")
    form.tag("endif")
    form.tag("if 组.问题说明")
    whole.head(form, "填报中的主要问题")
    whole.findings(form, "常见问题", "最常见的问题")
    form.tag("endif")
    form.tag("if 组.评分个数")
    whole.head(form, "临界和偏差")
    whole.near_and_gaps(form)
    whole.sentences(form, "复核说明")
    form.tag("endif")
