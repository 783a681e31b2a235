"""How the template of the 反馈意见 looks: a letter in official form with a slip to return."""

from __future__ import annotations

from perfxl.documents.form import PLAIN, Form
from perfxl.documents.kinds._slip import write_slip


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.paragraph("文号：　　　〔　　　〕　　号", PLAIN)
    form.title("关于{{ 事项 }}的", "反馈意见{% if 须整改 %}（整改通知书）{% endif %}")
    form.paragraph("{{ 单位 }}：", PLAIN)
    form.body(
        "我局对你单位报送的{{ 年度 }}年度{% if 名称 != 单位 %}“{{ 名称 }}”{% endif %}绩效自评材料进行了审核"
        "{% if 复核过 %}和复核{% endif %}，现将结果和意见反馈如下。"
    )
    form.head(1, "{{ 章号 }}认定结果")
    form.body(
        "自评得分 {{ 自评总分 }} 分，等级为{{ 自评等级 }}；"
        "{% if 退回 %}因填报有误，退回修改，按现有数据暂定得分 {{ 认定总分 }} 分。"
        "{% else %}认定得分 {{ 认定总分 }} 分，等级为{{ 认定等级 }}。{% endif %}"
    )
    form.each("句 in 复核说明", "{{ 句 }}")
    form.each("句 in 核定", "{{ 句 }}")
    form.each("句 in 限制", "{{ 句 }}")
    form.head(1, "{{ 章号 }}扣分情况")
    form.tag("if 扣分")
    form.body("共有 {{ 扣分|length }} 项指标扣分，合计扣 {{ 扣分合计 }} 分，依据如下。")
    form.table(
        ("序号", "指标", "分值", "认定\n得分", "扣分", "依据和原因"),
        (6, 27, 7, 8, 8, 44),
        ("for 项 in 扣分",
         ("{{ 项.序号 }}", "{{ 项.名称 }}", "{{ 项.分值 }}", "{{ 项.认定 }}", "{{ 项.扣分 }}",
          "{{ 项.依据 }}{% if 项.部门原因 %}；部门说明：{{ 项.部门原因 }}{% endif %}"
          "{% if 项.复核理由 %}；{{ 项.复核理由 }}{% endif %}"), "endfor"),
        numbers=(0, 2, 3, 4),
    )  # fmt: skip
    form.tag("else")
    form.body("各项指标没有扣分。")
    form.tag("endif")
    form.head(1, "{{ 章号 }}填报中的问题")
    form.tag("if 问题")
    form.body("共有 {{ 问题|length }} 个问题，请逐一核对改正。")
    form.table(
        ("序号", "级别", "位置", "问题和依据", "整改要求"),
        (6, 8, 18, 38, 30),
        ("for 项 in 问题",
         ("{{ 项.序号 }}", "{{ 项.级别 }}", "{{ 项.位置 }}",
          "{{ 项.问题 }}{% if 项.依据 %}（{{ 项.依据 }}）{% endif %}", "{{ 项.要求 }}"), "endfor"),
        numbers=(0, 1),
    )  # fmt: skip
    form.tag("else")
    form.body("填报内容没有发现问题。")
    form.tag("endif")
    form.tag("if 须整改")
    form.head(1, "{{ 章号 }}整改要求和期限")
    form.body(
        "请于 {{ 期限 }}前完成整改，针对扣分和问题逐项说明整改措施，填写回执，加盖公章后报送我局。"
        "{% if 退回 %}填报有误的，请在退回的工作簿上改正后重新报送。{% endif %}"
    )
    form.body("整改情况纳入下一年度绩效评价，并作为安排预算的参考。")
    form.tag("endif")
    form.tag("if 联系人")
    form.body("联系人及电话：{{ 联系人 }}。")
    form.tag("endif")
    form.signed("{{ 财政部门 }}", "{{ 日期 }}")
    form.tag("if 须整改")
    write_slip(
        form,
        "整改期限",
        ("扣分或问题", "整改措施", "责任人", "完成时限"),
        ("for 项 in 扣分", ("扣分 {{ 项.序号 }}：{{ 项.名称 }}", "", "", ""), "endfor",
         "for 项 in 问题", ("问题 {{ 项.序号 }}：{{ 项.位置 }}", "", "", ""), "endfor"),
    )  # fmt: skip
    form.tag("endif")
    return form.data()
