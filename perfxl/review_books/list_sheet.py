"""复核清单: all departments of a review workbook, with links to their sheets and what the reviews come to there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from perfxl.decimals import half_up
from perfxl.references import column_letters
from perfxl.results.names import quoted
from perfxl.results.words import Words
from perfxl.review.layout import LIST
from perfxl.review_books.department_head import Places
from perfxl.review_books.grid import REVIEW, TITLE
from perfxl.review_books.paper import DONE_FILL, MONEY, SIGNED, Paper, mark_changes
from perfxl.review_books.source import Source, Subject
from perfxl.template.styles import ALERT, ALERT_FILL, GOOD
from perfxl.template.text_height import LINE_HEIGHT, PADDING, lines
from perfxl.xlsx.texts import clean

HEAD_ROW = 3
FIRST = HEAD_ROW + 1
LONGEST = 1_000  # letters of a name that is shown whole in any case
_WHOLE = "0"


class ListSheet:
    """Writes the sheet. sheets: the names of the departments' sheets, in their order; places: where those have what."""

    def __init__(self, paper: Paper, source: Source, subjects: Sequence[Subject], reviewer: str, chosen: str) -> None:
        self.paper, self.source, self.subjects = paper, source, subjects
        self.reviewer, self.chosen = reviewer, chosen
        words = Words.joined(dict.fromkeys(Words.of(subject.scheme.evaluated) for subject in subjects))
        columns = [("number", "序号", 5.0), ("title", words.title, 34.0)]
        if any(subject.scheme.evaluated.is_project for subject in subjects):
            columns.append(("unit", words.unit, 26))
        columns += [("code", words.code, 14), ("category", words.category, 12)]
        if source.several:
            columns.append(("scheme", "评分方案", 24))
        columns += [
            ("money", "调整预算\n（万元）", 12), ("own", "自评\n总分", 8), ("total", "认定\n总分", 8),
            ("grade", "认定\n等级", 8),
            ("filled", "已复核\n指标", 8), ("count", "应复核\n指标", 8), ("lacking", "待补正", 8),
            ("after", "复核后\n总分", 8), ("grade_after", "复核后\n等级", 8), ("difference", "增减", 8),
            ("why", "选取理由", 40),
        ]  # fmt: skip
        self.columns = columns
        self.col = {key: number for number, (key, _, _) in enumerate(columns, 1)}
        self.count = words.count(len(subjects))

    def write(self, sheets: Sequence[str], places: Sequence[Places]) -> None:
        """Writes it all."""
        paper, last_col = self.paper, len(self.columns)
        last = FIRST + len(self.subjects) - 1
        paper.columns((width for _, _, width in self.columns), self.col["title"])
        for_whom = f"（{self.reviewer}）" if self.reviewer else ""
        paper.title(0, f"{self.source.title}{LIST}{for_whom}")
        note = (
            f"点名称打开各页，在黄色单元格填写复核得分、理由和依据；本表自动汇总，不用填写。{self.chosen}"
            "填好后把本文件放进 workbook_templates 文件夹，再运行一次，复核结果即写入汇总。"
        )
        paper.running_text(1, note)
        filled, count = (self._range(key, last) for key in ("filled", "count"))
        done = f"SUMPRODUCT(--({filled}>={count}))"
        now = sum(one.typed >= one.count for one in places)
        first, to = paper.running
        counts = f'"共 {self.count}，复核完的 "&{done}&" 个。"', f"共 {self.count}，复核完的 {now} 个。"
        paper.formula(2, first, *counts, "block", to=to)
        paper.set_row(2, 26)
        for key, heading, _ in self.columns:
            paper.text(HEAD_ROW, self.col[key], heading, "head")
        paper.set_row(HEAD_ROW, 2 * LINE_HEIGHT + PADDING)
        for row, (subject, sheet, place) in enumerate(zip(self.subjects, sheets, places, strict=True), FIRST):
            self._row(row, subject, f"{quoted(sheet)}!", place)
        self._marks(last)
        paper.page.freeze_panes(FIRST, self.col["title"] + 1)
        paper.page.autofilter(HEAD_ROW, 1, last, last_col)
        paper.page.set_selection(FIRST, self.col["title"], FIRST, self.col["title"])
        paper.finish(self.source.title, last, last_col, (HEAD_ROW, HEAD_ROW))

    def _range(self, key: str, last: int) -> str:
        letter = column_letters(self.col[key])
        return f"${letter}${FIRST + 1}:${letter}${last + 1}"

    def _row(self, row: int, subject: Subject, sheet: str, place: Places) -> None:
        paper, col, item = self.paper, self.col, subject.department
        paper.key(row, f"d{row - FIRST + 1}")
        paper.number(row, col["number"], Decimal(row - FIRST + 1), num_format=_WHOLE, align="center")
        paper.link(row, col["title"], f"{sheet}A1", item.title)
        if len(item.title) <= LONGEST and lines(item.title, paper.span(col["title"], col["title"])) > 1:
            # LibreOffice wraps what a formula comes to, and not the text of a link.
            there = f"{sheet}$B${TITLE + 1}"
            title = f"LEFT({there},LEN({there})-{len(REVIEW)})"
            paper.formula(row, col["title"], title, clean(item.title), "link")
        texts = {
            "unit": item.name, "code": item.code, "category": item.category, "scheme": subject.scheme.header.title,
            "grade": subject.grade, "why": subject.choice.reason,
        }  # fmt: skip
        for key, text in texts.items():
            if key in col:
                look: dict[str, Any] = {"align": "center"} if key in ("category", "grade") else {}
                paper.text(row, col[key], text, **look)
        money = None if item.adjusted is None else half_up(item.adjusted)
        paper.number(row, col["money"], money, num_format=MONEY)
        paper.number(row, col["own"], subject.before.self_total)
        paper.number(row, col["total"], subject.before.total)
        center: dict[str, Any] = {"align": "center"}
        for key, formula, value in (
            ("filled", place.filled_formula(sheet), place.typed),
            ("lacking", place.lacking_formula(sheet), place.lacking),
        ):
            shown = center | ({"num_format": '0;-0;""'} if key == "lacking" else {})
            paper.formula(row, col[key], formula, value, **shown)
        paper.number(row, col["count"], Decimal(place.count), num_format=_WHOLE, align="center")
        paper.score(row, col["after"], f"{sheet}{place.after}", subject.then.total)
        paper.formula(row, col["grade_after"], f"{sheet}{place.grade}", subject.then.grade, **center)
        after, total = (f"{column_letters(col[key])}{row + 1}" for key in ("after", "total"))
        change = subject.then.total - subject.before.total
        paper.score(row, col["difference"], f"ROUND({after}-{total},2)", change, num_format=SIGNED)
        widths = {key: paper.widths[number] for key, number in col.items()}
        paper.height(
            row, [(item.title, widths["title"]), *((text, widths.get(key, 99)) for key, text in texts.items())]
        )

    def _marks(self, last: int) -> None:
        """Green where all is reviewed, red where a review does not stand."""
        page, col, styles = self.paper.page, self.col, self.paper.styles
        alert = styles.difference(bg_color=ALERT_FILL, font_color=ALERT)
        lacking = {"type": "cell", "criteria": ">", "value": 0, "format": alert}
        page.conditional_format(FIRST, col["lacking"], last, col["lacking"], lacking)
        filled, count = (f"${column_letters(col[key])}{FIRST + 1}" for key in ("filled", "count"))
        done = styles.difference(bg_color=DONE_FILL, font_color=GOOD)
        whole = {"type": "formula", "criteria": f"={filled}>={count}", "format": done}
        page.conditional_format(FIRST, col["filled"], last, col["filled"], whole)
        mark_changes(self.paper, FIRST, last, col["difference"])
