"""How the template of the 自评报告 looks: chapters, numbering and sentences as published reports have them."""

from __future__ import annotations

from perfxl.documents.form import BODY, HEAD3, PLAIN, TABLE_TITLE, Form

_FUNDS = (
    "{{ 年度 }}年{{ 称呼 }}{% if 收支.年初预算数 %}年初预算 {{ 收支.年初预算数 }} 万元，{% endif %}"
    "{% if 收支.调整预算数 %}年度调整预算数为 {{ 收支.调整预算数 }} 万元，{% endif %}"
    "{% if 收支.支出数 %}实际完成支出 {{ 收支.支出数 }} 万元{% endif %}"
    "{% if 收支.完成率 %}，完成率为 {{ 收支.完成率 }}{% endif %}"
    "{% if 收支分项 %}，其中：{% for 项 in 收支分项 %}{{ 项.名称 }}"
    "{% if 项.年初预算数 %}年初预算数为 {{ 项.年初预算数 }} 万元，{% endif %}"
    "{% if 项.调整预算数 %}年度预算数为 {{ 项.调整预算数 }} 万元，{% endif %}"
    "{% if 项.支出数 %}支出数为 {{ 项.支出数 }} 万元{% endif %}"
    "{% if 项.完成率 %}，完成年度预算 {{ 项.完成率 }}{% endif %}"
    "{% if not loop.last %}；{% endif %}{% endfor %}{% endif %}。"
)
_LEVEL = (
    "{{ 条号 }} {{ 项.名称 }}分值 {{ 项.分值 }} 分，自评得分 {{ 项.得分 }} 分，"
    "{% if 项.满分 %}指标均达到年度指标值，得分率 {{ 项.得分率 }}。{% else %}得分率 {{ 项.得分率 }}"
    "{% if 项.其中 %}。其中：{% for 指标 in 项.其中 %}{{ 指标.名称 }}"
    "分值 {{ 指标.分值 }} 分，自评得分 {{ 指标.得分 }} 分，得分率 {{ 指标.得分率 }}"
    "{% if 指标.原因 %}，主要原因是：{{ 指标.原因 }}{% endif %}"
    "{% if not loop.last %}；{% endif %}{% endfor %}。"
    "{% else %}，主要原因是：{{ 项.原因 }}。{% endif %}{% endif %}"
)


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.title("{{ 年度 }}年度{{ 名称 }}", "{{ 称呼 }}{{ 整体 }}支出绩效自评报告")
    _basics(form)
    _evaluation(form)
    for name, title in (("问题", "{{ 问题标题 }}"), ("措施", "下一步改进措施")):
        form.tag(f"if {name}")
        form.head(1, "{{ 章号 }}" + title)
        form.each(f"段 in {name}", "{{ 段 }}")
        form.tag("endif")
    form.paragraph("附件：1.绩效指标完成情况表", BODY)
    form.paragraph("　　　2.自评得分表", BODY)
    form.signed("{{ 单位 }}", "{{ 日期 }}")
    _annexes(form)
    return form.data()


def _basics(form: Form) -> None:
    form.head(1, "{{ 章号 }}基本情况")
    form.tag("if 主要职责 or 机构设置")
    form.head(2, "{{ 节号 }}{{ 称呼 }}概况")
    for name in ("主要职责", "机构设置"):
        title = "{{ 条号 }} {{ 称呼 }}" + ("主要职责" if name == "主要职责" else "机构设置情况")
        form.tag(f"if {name}")
        form.paragraph(title, HEAD3)
        form.each(f"段 in {name}", "{{ 段 }}")
        form.tag("endif")
    form.tag("endif")
    form.tag("if 年度工作")
    form.head(2, "{{ 节号 }}年度总体工作和重点工作任务")
    form.each("段 in 年度工作", "{{ 段 }}")
    form.tag("endif")
    form.tag("for 项 in 其他情况")
    form.head(2, "{{ 节号 }}{{ 项.标题 }}")
    form.each("段 in 项.段落", "{{ 段 }}")
    form.tag("endfor")
    form.tag("if 收支")
    form.head(2, "{{ 节号 }}{{ 称呼 }}{{ 整体 }}收支情况")
    form.body(_FUNDS)
    form.tag("endif")
    form.tag("if 一级指标个数 or 绩效管理")
    form.head(2, "{{ 节号 }}{{ 称呼 }}{{ 整体 }}绩效管理情况")
    form.tag("if 一级指标个数")
    form.paragraph("{{ 条号 }} {{ 称呼 }}{{ 整体 }}绩效目标和指标设定情况", HEAD3)
    form.body(
        "按照财政部门关于绩效目标管理和预算编制的有关要求，{{ 年度 }}年度{{ 名称 }}{{ 整体 }}预算绩效目标"
        "共设立{{ 一级指标个数 }}个一级指标，分别为{{ 一级指标名称 }}；"
        "共设立{{ 二级指标个数 }}个二级指标，分别为{{ 二级指标名称 }}；"
        "三级指标共设立{{ 三级指标个数 }}个。"
    )
    form.tag("endif")
    form.tag("if 绩效管理")
    form.paragraph("{{ 条号 }} 绩效运行监控等管理情况", HEAD3)
    form.each("段 in 绩效管理", "{{ 段 }}")
    form.tag("endif")
    form.tag("endif")


def _evaluation(form: Form) -> None:
    form.head(1, "{{ 章号 }}综合评价分析")
    form.head(2, "{{ 节号 }}自评结论综述")
    form.body(
        "{{ 称呼 }}{{ 整体 }}支出绩效自评考核"
        "{% for 项 in 一级 %}{{ 项.名称 }}{% if not loop.last %}、{% endif %}{% endfor %}"
        "{{ 一级个数 }}大方面。其中{% for 项 in 一级 %}{{ 项.名称 }}重点考核{{ 项.内容 }}"
        "{% if not loop.last %}；{% endif %}{% endfor %}。"
        "{{ 年度 }}年本{{ 称呼 }}{{ 整体 }}支出绩效自评得分 {{ 自评总分 }} 分，"
        "等级为{{ 自评等级 }}。"
    )
    form.tag("if 认定总分")
    form.body("经财政部门审核，认定得分 {{ 认定总分 }} 分，等级为{{ 认定等级 }}；各指标的自评得分和认定得分见附件 2。")
    form.tag("endif")
    form.head(2, "{{ 节号 }}各项工作任务绩效目标完成情况分析")
    form.each("项 in 二级", _LEVEL)
    form.each(
        "项 in 加减分",
        "{{ 条号 }} {{ 项.名称 }}，自评{{ 项.说法 }} {{ 项.得分 }} 分"
        "{% if 项.原因 %}，依据是：{{ 项.原因 }}{% endif %}。",
    )
    form.tag("if 任务")
    form.head(2, "{{ 节号 }}各重点任务项目支出完成情况分析")
    form.body(
        "{{ 年度 }}年度，本{{ 称呼 }}年度重点工作任务为：{% for 项 in 任务 %}{{ 项.名称 }}"
        "{% if not loop.last %}、{% endif %}{% endfor %}。"
    )
    form.each(
        "项 in 任务",
        "{{ 项.名称 }}{% if 项.预算 %}，项目支出预算金额 {{ 项.预算 }} 万元{% endif %}"
        "{% if 项.支出 %}，实际支出金额 {{ 项.支出 }} 万元{% endif %}"
        "{% if 项.执行率 %}，预算执行率 {{ 项.执行率 }}{% endif %}"
        "{% if 项.完成情况 %}。完成情况：{{ 项.完成情况 }}{% endif %}"
        "{% if 项.原因 %}。原因：{{ 项.原因 }}{% endif %}。",
    )
    form.tag("endif")
    form.tag("if 工作成效")
    form.head(2, "{{ 节号 }}主要工作成效")
    form.each("段 in 工作成效", "{{ 段 }}")
    form.tag("endif")


def _annexes(form: Form) -> None:
    form.tag("if 绩效指标")
    form.paragraph("附件1", PLAIN, page_break=True)
    form.paragraph("绩效指标完成情况表", TABLE_TITLE)
    form.table(
        ("二级指标", "三级指标", "年度指标值", "实际完成值", "完成率", "分值", "自评\n得分", "偏差原因"),
        (12, 20, 13, 13, 11, 7, 8, 18),
        ("for 项 in 绩效指标",
         ("{{ 项.二级 }}", "{{ 项.名称 }}", "{{ 项.指标值 }}", "{{ 项.完成值 }}", "{{ 项.完成率 }}", "{{ 项.分值 }}",
          "{{ 项.得分 }}", "{{ 项.原因 }}"), "endfor"),
        numbers=(4, 5, 6),
    )  # fmt: skip
    form.tag("endif")
    form.paragraph("附件2", PLAIN, page_break=True)
    form.paragraph("自评得分表", TABLE_TITLE)
    form.table(
        ("二级指标", "三级指标", "分值", "自评\n得分", "认定\n得分", "说明"),
        (12, 32, 8, 9, 9, 30),
        ("for 项 in 得分表",
         ("{{ 项.二级 }}", "{{ 项.名称 }}", "{{ 项.分值 }}", "{{ 项.自评 }}", "{{ 项.认定 }}", "{{ 项.说明 }}"),
         "endfor",
         ("合计", "", "", "{{ 自评总分 }}", "{% if 认定总分 %}{{ 认定总分 }}{% else %}{{ 自评总分 }}{% endif %}", "")),
        numbers=(2, 3, 4),
    )  # fmt: skip
