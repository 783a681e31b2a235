"""How the template of the 监控预警函 looks: a letter in official form with a slip to return."""

from __future__ import annotations

from perfxl.documents.form import PLAIN, Form
from perfxl.documents.kinds._slip import write_slip


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.paragraph("文号：　　　〔　　　〕　　号", PLAIN)
    form.title("关于{{ 事项 }}的", "预　警　函")
    form.paragraph("{{ 单位 }}：", PLAIN)
    form.body(
        "我局对你单位报送的{% if 名称 != 单位 %}“{{ 名称 }}”{% endif %}{{ 年度 }}年度{{ 期间 }}绩效运行监控材料"
        "进行了审核，期末时间进度为 {{ 时间进度 }}，综合为{{ 综合灯 }}。现将有关情况函告如下。"
    )
    form.tag("if 退回")
    form.body("填报表有误，已退回修改，以下按现有数据暂定。")
    form.tag("endif")
    form.head(1, "{{ 章号 }}总体情况")
    form.each("句 in 情况", "{{ 句 }}")
    form.head(1, "{{ 章号 }}预警事项")
    form.tag("if 预警")
    form.body("共有 {{ 预警|length }} 项红灯、黄灯（{{ 界线 }}），明细如下。")
    form.table(
        ("序号", "事项", "预算或\n指标值", "完成", "进度", "灯", "全年\n预计", "预计\n灯"),
        (6, 28, 14, 13, 12, 7, 13, 7),
        ("for 项 in 预警",
         ("{{ 项.序号 }}",
          "{{ 项.名称 }}（{{ 项.类别 }}）{% if 项.原因 %}；原因：{{ 项.原因 }}{% endif %}"
          "{% if 项.可能性 %}；完成可能性：{{ 项.可能性 }}{% endif %}",
          "{{ 项.目标 }}", "{{ 项.完成 }}", "{{ 项.进度 }}", "{{ 项.灯 }}", "{{ 项.预计 }}", "{{ 项.预计灯 }}"),
         "endfor"),
        numbers=(0, 2, 3, 4, 5, 6, 7),
    )  # fmt: skip
    form.tag("else")
    form.body("没有红灯和黄灯。")
    form.tag("endif")
    form.head(1, "{{ 章号 }}得分预测")
    form.each("句 in 预测", "{{ 句 }}")
    form.tag("if 调减")
    form.head(1, "{{ 章号 }}调减建议")
    form.body("以下预算全年执行不完、目标也完不成，建议调减：")
    form.each("项 in 调减", "{{ 项.范围 }}：建议调减 {{ 项.金额 }} 万元。{{ 项.理由 }}。")
    form.tag("endif")
    form.head(1, "{{ 章号 }}有关要求")
    form.body(
        "请逐项分析原因，采取措施加快进度，于 {{ 期限 }}前填写回执，加盖公章后报送我局。"
        "确需调整绩效目标或预算的，请一并说明理由和依据。"
    )
    form.tag("if 联系人")
    form.body("联系人及电话：{{ 联系人 }}。")
    form.tag("endif")
    form.signed("{{ 财政部门 }}", "{{ 日期 }}")
    write_slip(
        form,
        "报送期限",
        ("预警事项", "整改措施", "责任人", "完成时限"),
        ("for 项 in 预警", ("{{ 项.序号 }}. {{ 项.名称 }}（{{ 项.灯 }}）", "{{ 项.措施 }}", "", ""), "endfor"),
    )
    return form.data()
