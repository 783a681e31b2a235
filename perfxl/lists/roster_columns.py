"""The columns of the roster (部门名录), called as a scheme calls them, and the roster as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from perfxl.layout.list_marks import Kind, Mark
from perfxl.lists.columns import Heading, known_also
from perfxl.lists.look import ListSheet, Row, write_book
from perfxl.scheme.at_hand import Schemes, as_schemes
from perfxl.scheme.model import Scheme

SHEET = "部门名录"
HEADINGS = (
    known_also("code", width=18, type="code", note="预算代码，不能重复"),
    known_also("name", width=36, note="全称，结果表按此显示"),
    known_also("category", width=14, note="评分方案中的类别，用于分类排名"),
    Heading("contact", "联系人", required=False, width=12),
    Heading("phone", "联系电话", required=False, width=18, type="code"),
)
EXTENDED = Heading(
    "extended", "延期至", required=False, width=13, type="date", note="经批准延期报送的写延到哪一天，例如 2023-04-20"
)
REVIEWER = Heading("reviewer", "复核人", required=False, width=12, note="由谁复核，可以留空")


FORMERLY = Heading(
    "formerly", "曾用名称或代码", required=False, width=26,
    note="改过名称、代码的写以前的，合并的写并入的各部门，用顿号分开；与上年结果对比时用",
)  # fmt: skip
"""Whom it was in the years before."""
PROJECT = Heading("project", "项目名称", required=False, width=36, note="一个项目一行；不填即至少报送一个项目")
"""Where projects are evaluated."""
SCHEME = Heading(
    "scheme", "评分方案", required=False, width=24, note="方案的代码或标题；不填即第一个有这一类别的方案"
)  # fmt: skip
"""By which scheme the row is evaluated."""


def headings_of(schemes: Schemes) -> tuple[Heading, ...]:
    """The columns of the roster, called as the first scheme calls them; the words of the others and the usual hold too.

    The column 评分方案 may always stand there.
    """
    called = [scheme.evaluated.titles for scheme in as_schemes(schemes)]
    columns = [*HEADINGS, EXTENDED, REVIEWER, FORMERLY, SCHEME]
    if any(scheme.evaluated.is_project for scheme in as_schemes(schemes)):
        columns.insert(2, PROJECT)
    return tuple(
        replace(
            heading,
            text=called[0].get(heading.key, heading.text),
            usual=heading.text,
            others=(heading.usual, *(words[heading.key] for words in called[1:] if heading.key in words)),
        )
        for heading in columns
    )


def write_roster(path: Path, schemes: Schemes = (), rows: Sequence[Row] = ()) -> None:
    """A roster for the bureau to fill, with the columns that the schemes need. rows: what it begins with.

    Raises OSError.
    """
    schemes = as_schemes(schemes)
    projects = {scheme.evaluated.is_project for scheme in schemes} or {False}
    who = "部门和项目" if len(projects) > 1 else "项目" if True in projects else "部门"
    columns = headings_of(schemes) if schemes else (*HEADINGS, EXTENDED, REVIEWER, FORMERLY)
    # With one scheme nobody needs to name it.
    columns = tuple(_with_choices(item, schemes) for item in columns if len(schemes) > 1 or item.key != SCHEME.key)
    how = (
        f"黄色单元格填写，蓝色单元格从下拉列表选择，一行一个{'项目' if projects == {True} else '部门'}。"
        "列的次序可以变动，也可以加上自己的列。",
        f"放在 workbook_templates 文件夹里，运行时自动使用；没有报送的{who}会列为“未报送”。",
    )
    mark = Mark(Kind.ROSTER, tuple(scheme.id for scheme in schemes))
    write_book(path, mark, [ListSheet(SHEET, SHEET, how, columns, rows, frozen=2)])


def _with_choices(heading: Heading, schemes: Sequence[Scheme]) -> Heading:
    if heading.key == "category" and schemes:
        names = tuple(
            dict.fromkeys(name for scheme in schemes for name in [category.name for category in scheme.categories])
        )
        return replace(heading, type="choice", choices=names)
    if heading.key == SCHEME.key and len(schemes) > 1:
        return replace(heading, type="choice", choices=tuple(scheme.header.title for scheme in schemes))
    return heading
