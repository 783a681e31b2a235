"""Above a department's table in a review workbook: who it is, totals, grades, progress, and what is filled in once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from perfxl.decimals import half_up
from perfxl.outcome import grade_formula, held_formula
from perfxl.review.layout import (
    ACCEPTED,
    AGREED,
    CODE,
    DAY,
    HEAD_BLOCK,
    HEAD_HEADINGS,
    PERSON,
    SCORE,
    YES,
    department_row,
    unreviewed,
)
from perfxl.review.standing import Standing, standing
from perfxl.review_books.grid import AGREED_AT, DAY_AT, HEAD, HEAD_KEYS, MORE, PERSON_AT, VALUES, Grid
from perfxl.template.styles import DATE, WARNING


@dataclass(frozen=True)
class Places:
    """Where on the sheet the list finds what it shows, as absolute references without the sheet.

    after, grade: of the total. agreed: the cell of 其余同意认定. scores, hints: columns over the indicators. count: how
    many indicators are judged; typed: how many of them have a score from the beginning, lacking: one that stands not.
    """

    after: str
    grade: str
    agreed: str
    scores: str
    hints: str
    count: int
    typed: int
    lacking: int

    def filled_formula(self, sheet: str = "") -> str:
        """How many indicators are reviewed, as an Excel expression. sheet: its quoted name with `!`, for another."""
        return f'IF({sheet}{self.agreed}="{YES}",{self.count},COUNT({sheet}{self.scores}))'

    def lacking_formula(self, sheet: str) -> str:
        """How many reviews do not stand, as an Excel expression."""
        return f"SUMPRODUCT(--(LEN({sheet}{self.hints})>0))"


def write_head(grid: Grid, total: str, reviewer: str) -> Places:
    """Who it is, the totals and grades, and what is filled in for the department as a whole."""
    paper, subject, col = grid.paper, grid.subject, grid.col
    item, words, previous = subject.department, subject.scheme.evaluated, subject.source.previous
    paper.key(HEAD_KEYS, HEAD_BLOCK)
    paper.hide(HEAD_KEYS)
    for key, at in ((PERSON, PERSON_AT), (DAY, DAY_AT), (AGREED, AGREED_AT)):
        paper.page.write_string(HEAD_KEYS, col[at], key, paper.styles("key"))
    paper.key(VALUES, department_row(grid.key))

    def label(row: int, first: str, text: str, last: str = "") -> None:
        paper.text(row, col[first], text, "head", to=col[last] if last else None)

    center: dict[str, Any] = {"align": "center"}
    label(HEAD, "level1", words.code_title, "level2")
    paper.text(VALUES, col["level1"], item.code, to=col["level2"], **center)
    label(HEAD, CODE, words.category_title, "name")
    paper.text(VALUES, col[CODE], item.category, to=col["name"], **center)
    unit = f"{words.name_title}：{item.name}" if words.is_project else ""
    money = "" if item.adjusted is None else f"预算 {half_up(item.adjusted):,} 万元"
    paper.text(MORE, col["level1"], "　".join(part for part in (unit, money) if part), to=col["name"])
    label(HEAD, "points", "")
    label(VALUES, "points", "总分")
    label(MORE, "points", "等级")
    grades = {"self": subject.before.self_grade, ACCEPTED: subject.grade}
    for key, text, number in (
        ("self", "自评", subject.before.self_total),
        ("computed", "", None),
        ("previous", "上年", previous.total(item) if previous else None),
        (ACCEPTED, "认定", subject.before.total),
    ):
        if key in col:
            label(HEAD, key, text)
            paper.number(VALUES, col[key], number, "total")
            paper.text(MORE, col[key], grades.get(key, ""), "total", **center)
    label(HEAD, SCORE, "复核后")
    paper.score(VALUES, col[SCORE], held_formula(total, subject.cap), subject.then.total, "total")
    after = grid.ref(SCORE, VALUES)
    bands = subject.scheme.bands_of(item.category)
    graded = grade_formula(after, bands, subject.best)
    paper.formula(MORE, col[SCORE], graded, subject.then.grade, "total", **center)
    label(HEAD, PERSON_AT, HEAD_HEADINGS[PERSON])
    paper.text(VALUES, col[PERSON_AT], reviewer, "input", **center)
    label(HEAD, DAY_AT, HEAD_HEADINGS[DAY])
    paper.page.write_blank(VALUES, col[DAY_AT], None, paper.styles("input", num_format=DATE, align="center"))
    label(HEAD, "after", "复核进度", "hint")
    places = _places(grid)
    progress = f'{places.filled_formula()}&" / {places.count}"', f"{places.typed} / {places.count}"
    paper.formula(VALUES, col["after"], *progress, "total", to=col["hint"], **center)
    difference = f"ROUND({after}-{grid.ref(ACCEPTED, VALUES)},2)"
    change = subject.then.total - subject.before.total
    signed = '"总分增减 "+0.00;"总分增减 "-0.00;"总分未变"'
    paper.formula(MORE, col["after"], difference, change, "total", to=col["hint"], num_format=signed, **center)
    label(HEAD, AGREED_AT, HEAD_HEADINGS[AGREED])
    paper.page.write_blank(VALUES, col[AGREED_AT], None, paper.styles("choice", align="center"))
    quotas = "等级名额在重新运行后再定。" if subject.scheme.quotas else ""
    paper.text(MORE, col[PERSON_AT], quotas, "plain", to=col[DAY_AT])
    for row in (HEAD, VALUES, MORE):
        paper.page.set_row(row, 22)
    for row, text in enumerate(grid.held, MORE + 1):
        paper.text(row, 1, text, "label", to=col["hint"], font_color=WARNING, bold=True)
        paper.height(row, [(text, paper.span(1, col["hint"]))])
    return places


def _places(grid: Grid) -> Places:
    subject = grid.subject
    stands = [
        standing(filled.score, score.points, unreviewed(score), filled.reason)
        for score in subject.judged
        if (filled := subject.filled(score.code))
    ]
    return Places(
        after=grid.absolute(SCORE, VALUES),
        grade=grid.absolute(SCORE, MORE),
        agreed=grid.absolute(AGREED_AT, VALUES),
        scores=grid.column(SCORE),
        hints=grid.column("hint"),
        count=len(stands),
        typed=sum(one is not Standing.BLANK for one in stands),
        lacking=sum(one in (Standing.OUTSIDE, Standing.NO_REASON) for one in stands),
    )
