"""How the template of the 公开稿 looks: the self-evaluation table."""

from __future__ import annotations

from perfxl.documents.form import PLAIN, TABLE_TITLE, Form


def draw() -> bytes:
    """The template that the program brings."""
    form = Form()
    form.title("{{ 标题 }}表")
    form.table((), (18, 46, 18, 18), (
        ("名称", "{{ 名称 }}", "部门", "{{ 单位 }}"),
        ("自评得分", "{{ 自评总分 }}", "自评等级", "{{ 自评等级 }}"),
    ))  # fmt: skip
    form.tag("if 收支")
    form.paragraph("收支情况（万元）", TABLE_TITLE)
    form.table(
        ("项目", "年初预算数", "调整预算数", "支出数", "完成率"), (28, 18, 18, 18, 18),
        ("for 项 in 收支", ("{{ 项.名称 }}", "{{ 项.年初预算数 }}", "{{ 项.调整预算数 }}", "{{ 项.支出数 }}",
                          "{{ 项.完成率 }}"), "endfor"),
        numbers=(1, 2, 3, 4),
    )  # fmt: skip
    form.tag("endif")
    form.tag("if 绩效指标")
    form.paragraph("绩效指标完成情况", TABLE_TITLE)
    form.table(
        ("二级指标", "三级指标", "年度指标值", "实际完成值", "完成率", "分值", "自评\n得分", "偏差原因"),
        (13, 20, 12, 12, 13, 7, 8, 15),
        ("for 项 in 绩效指标",
         ("{{ 项.二级 }}", "{{ 项.名称 }}", "{{ 项.指标值 }}", "{{ 项.完成值 }}", "{{ 项.完成率 }}", "{{ 项.分值 }}",
          "{{ 项.得分 }}", "{{ 项.原因 }}"), "endfor"),
        numbers=(4, 5, 6),
    )  # fmt: skip
    form.tag("endif")
    form.paragraph("自评得分", TABLE_TITLE)
    form.table(
        ("一级指标", "二级指标", "三级指标", "分值", "自评得分"), (16, 18, 42, 10, 14),
        ("for 项 in 得分表", ("{{ 项.一级 }}", "{{ 项.二级 }}", "{{ 项.名称 }}", "{{ 项.分值 }}", "{{ 项.得分 }}"),
         "endfor", ("合计", "", "", "", "{{ 自评总分 }}")),
        numbers=(3, 4),
    )  # fmt: skip
    form.paragraph("", PLAIN)
    return form.data()
