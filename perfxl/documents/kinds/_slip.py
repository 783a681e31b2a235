"""The slip (回执) with which a department answers a letter, the same under a feedback and under a warning."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.documents.form import PLAIN, TABLE_TITLE, Form


def write_slip(form: Form, due: str, columns: Sequence[str], lines: Sequence[Sequence[str] | str]) -> None:
    """The slip, on a page of its own.

    due: what the day is called until which it is to be sent. columns: the headings of what is answered, measures,
    person and date. lines: the rows with their tags, as `Form.table` takes them.
    """
    form.paragraph("回执", PLAIN, page_break=True)
    form.paragraph("{{ 事项 }}整改情况回执", TABLE_TITLE)
    form.table(
        (), (20, 30, 20, 30),
        (("部门", "{{ 单位 }}", "收到日期", ""), (due, "{{ 期限 }}", "联系人及电话", "")),
    )  # fmt: skip
    form.paragraph("", PLAIN)
    form.table(columns, (40, 34, 12, 14), lines)
    form.signed("单位负责人（签字）：　　　　　　", "（单位盖章）　　　　　　", "年　　　月　　　日")
