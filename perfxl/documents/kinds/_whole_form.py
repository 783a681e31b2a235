"""Parts of templates that both documents of the whole run have. Within a loop over 方案, of which one is 组."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.documents.form import BODY, TABLE_TITLE, Form

_Row = Sequence[str]


def head(form: Form, text: str) -> None:
    """A heading: a chapter, or where there are several schemes a section of the scheme's chapter."""
    form.tag("if 多个方案")
    form.head(2, "{{ 节号 }}" + text)
    form.tag("else")
    form.head(1, "{{ 章号 }}" + text)
    form.tag("endif")


def sentences(form: Form, name: str) -> None:
    """A paragraph for each of the sentences."""
    form.each(f"句 in 组.{name}", "{{ 句 }}")


def chart(form: Form, name: str) -> None:
    """A chart, where there is one."""
    form.tag(f"if 组.{name}")
    form.paragraph("{{p 组." + name + " }}", BODY)
    form.tag("endif")


def table(
    form: Form, name: str, title: str, columns: Sequence[tuple[str, str, float]], numbers: Sequence[int] = (),
    *, together: bool = False,
) -> None:  # fmt: skip
    """A table with its title, where it has lines. columns: heading, field of a line, share of the width.

    together: as for `Form.table`.
    """
    form.tag(f"if 组.{name}")
    form.paragraph(title, TABLE_TITLE)
    rows: list[_Row | str] = [f"for 项 in 组.{name}", ["{{ 项." + field + " }}" for _, field, _ in columns], "endfor"]
    widths = [width for _, _, width in columns]
    form.table([heading for heading, _, _ in columns], widths, rows, numbers=numbers, together=together)
    form.tag("endif")


def grades(form: Form) -> None:
    """Grades as a table and chart."""
    table(form, "等级", "等级分布", (("等级", "等级", 3), ("个数", "个数", 3), ("占比", "占比", 3)), (0, 1, 2),
          together=True)  # fmt: skip
    chart(form, "等级图")


def categories(form: Form) -> None:
    """The categories as sentences, table and chart."""
    sentences(form, "分类说明")
    table(form, "分类", "各类别报送和得分情况", (
        ("类别", "类别", 17), ("报送", "报送", 9), ("未报送", "未报送", 11), ("评分", "评分", 9),
        ("平均\n得分", "平均", 10), ("最高", "最高", 10), ("最低", "最低", 10), ("自评\n平均", "自评平均", 10),
        ("等级分布", "等级分布", 25),
    ), (1, 2, 3, 4, 5, 6, 7), together=True)  # fmt: skip
    chart(form, "分类图")


def levels(form: Form) -> None:
    """The second-level indicators as a table and chart."""
    table(form, "二级指标", "二级指标得分情况", (
        ("一级指标", "一级", 18), ("二级指标", "名称", 26), ("分值", "分值", 10), ("平均得分", "平均", 14),
        ("得分率", "得分率", 14), ("扣分{{ 组.称呼 }}数", "扣分个数", 16),
    ), (2, 3, 4, 5))  # fmt: skip
    chart(form, "二级图")


def losses(form: Form) -> None:
    """The indicators that most points are lost on."""
    table(form, "失分", "扣分最多的三级指标", (
        ("三级指标", "名称", 34), ("分值", "分值", 9), ("平均得分", "平均", 13), ("得分率", "得分率", 13),
        ("扣分{{ 组.称呼 }}数", "扣分个数", 15), ("共扣分", "扣分合计", 13),
    ), (1, 2, 3, 4, 5))  # fmt: skip


def findings(form: Form, name: str, title: str) -> None:
    """The problems."""
    sentences(form, "问题说明")
    table(form, name, title, (
        ("问题", "问题", 56), ("级别", "级别", 12), ("次数", "次数", 12), ("涉及{{ 组.称呼 }}数", "涉及个数", 16),
    ), (1, 2, 3))  # fmt: skip


def near_and_gaps(form: Form) -> None:
    """Who is near to a grade, whose self score lies far above."""
    sentences(form, "临界说明")
    table(form, "临界", "临界名单", (
        ("名称", "名称", 34), ("类别", "类别", 18), ("得分", "得分", 12), ("等级", "等级", 10),
        ("最近的等级线", "等级线", 20), ("相差", "距离", 11),
    ), (2, 3, 4, 5))  # fmt: skip
    sentences(form, "偏差说明")
    table(form, "偏差", "自评偏高名单", (
        ("名称", "名称", 31), ("类别", "类别", 16), ("自评", "自评", 11), ("认定", "认定", 11),
        ("相差", "偏差", 13), ("复核", "复核状态", 12), ("提示", "提示", 10),
    ), (2, 3, 4, 5, 6))  # fmt: skip


def ranking(form: Form) -> None:
    """The ranking: an annex."""
    form.tag("for 组 in 方案")
    table(form, "排名", "{{ 组.名称 }}得分排名表", (
        ("名次", "名次", 8), ("名称", "名称", 38), ("类别", "类别", 16), ("类别\n名次", "类别名次", 9),
        ("自评", "自评", 10), ("得分", "得分", 10), ("等级", "等级", 9),
    ), (0, 3, 4, 5, 6))  # fmt: skip
    table(form, "单位汇总", "{{ 组.名称 }}单位汇总表", (
        ("名次", "名次", 8), ("实施单位", "名称", 46), ("项目数", "项目数", 12), ("加权得分", "得分", 16),
        ("等级", "等级", 12),
    ), (0, 2, 3, 4))  # fmt: skip
    form.tag("endfor")
