"""Who or what is evaluated (评价对象), and what it is called: the one home of its words, in whatever they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.scheme.columns import column

CARRIER = "实施单位"
"""Who carries a project out."""
FORMER_TITLES: Mapping[str, str] = {
    "code": "单位代码", "name": "单位名称", "category": "部门类别", "project": "项目名称", "project_code": "项目代码",
}  # fmt: skip
"""What the parts of the identity were called, whatever is evaluated, before that had one word everywhere: templates,
lists and scheme workbooks of that time are still read."""


@dataclass(frozen=True)
class Evaluated:
    """What a submission speaks of, a department or a project of one, and the words for it."""

    kind: str = column(
        "评价对象", "choice", "部门 = 一个部门一份；项目 = 一个项目一份，同一部门可以有多个项目",
        choices=("department", "project"), words=("部门", "项目"), default="department",
    )  # fmt: skip
    noun: str = column("称呼", "text", "结果中怎样称呼评价对象，不填即“部门”或“项目”", default="")
    code_label: str = column(
        "代码的名称",
        "text",
        "在模板、名单和结果中的名称；不填即称呼加“代码”，例如 部门代码，评价项目的为实施单位代码",
        default="",
    )
    name_label: str = column(
        "名称的名称", "text", "例如 主管部门；不填即称呼加“名称”，例如 部门名称，评价项目的为实施单位", default=""
    )
    category_label: str = column(
        "类别的名称", "text", "不填即称呼加“类别”，例如 学校类别；评价项目的为部门类别", default=""
    )
    project_label: str = column("项目的名称", "text", "评价项目时用；不填即称呼加“名称”，例如 项目名称", default="")
    project_code_label: str = column(
        "项目代码的名称", "text", "评价项目时用；不填即称呼加“代码”，例如 项目代码", default=""
    )
    funds_sheet: str = column("收支表所在工作表", "text", "模板中工作表的名称", default="收支情况")
    funds_title: str = column("收支表的标题", "text", "工作表中的小标题", default="部门整体收支", width=24)
    spending_rate: str = column(
        "支出率", "text", "哪个计算事项是支出率，填它的代码；不填即 合计行的 支出数 ÷ 调整预算数", default="", width=24
    )
    rectified: str = column(
        "上年整改事项", "text", "部门在哪个事项里声明上年问题已整改，与上年结果对比时核对；不填即“last_year_rectified”",
        default="", width=24, added=True,
    )  # fmt: skip

    @property
    def is_project(self) -> bool:
        """Whether projects are evaluated."""
        return self.kind == "project"

    @property
    def word(self) -> str:
        """What an evaluated one is called."""
        return self.noun or ("项目" if self.is_project else "部门")

    @property
    def code_title(self) -> str:
        """What the code is called, of a project that of who carries it out: everywhere the same."""
        return self.code_label or (f"{CARRIER}代码" if self.is_project else f"{self.word}代码")

    @property
    def name_title(self) -> str:
        """What the name is called, of a project that of who carries it out."""
        return self.name_label or (CARRIER if self.is_project else f"{self.word}名称")

    @property
    def category_title(self) -> str:
        """What the category is called, of a project that of the department that answers for it."""
        return self.category_label or f"{'部门' if self.is_project else self.word}类别"

    @property
    def project_title(self) -> str:
        """What the name of a project is called, where projects are evaluated."""
        return self.project_label or f"{self.word if self.is_project else '项目'}名称"

    @property
    def project_code_title(self) -> str:
        """What the code of a project is called, where projects are evaluated."""
        return self.project_code_label or f"{self.word if self.is_project else '项目'}代码"

    @property
    def titles(self) -> Mapping[str, str]:
        """What each part of the identity is called, by its key in a submission's `department`."""
        return {part: getattr(self, f"{part}_title") for part in FORMER_TITLES}

    def former_title(self, part: str) -> str:
        """Under what a part of the identity stands in templates that were handed out; empty where it is the same."""
        former = FORMER_TITLES[part]
        return "" if getattr(self, f"{part}_label") or former in self.titles.values() else former
