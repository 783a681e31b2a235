"""On the first sheet: the three totals, with grade, distance to the next one, and caps that hold."""

from __future__ import annotations

from perfxl.outcome import limit_rule_words, outside_levels
from perfxl.template.cover_progress import LAST, LINE, section
from perfxl.template.grades import GradeOf, by_rank, by_rank_formula
from perfxl.template.sheet import Sheet
from perfxl.template.styles import POINTS
from perfxl.template.text_height import row_height
from perfxl.template.totals import LIMITS, Result

FIRST = 1
NO_LIMITS = "没有触发"


def write_result(sheet: Sheet, row: int, result: Result) -> int:
    """The totals as they stand on 自评得分; the row below."""
    row = section(sheet, row, "四、自评结果（自动计算）")
    outside = "（含加分、扣分）" if outside_levels(sheet.scheme) else ""
    lines: tuple[tuple[str, str, str, str, GradeOf | None], ...] = (
        ("self", "自评总分", f"各项自评得分合计{outside}", "自评等级", result.own),
        ("computed", "计算总分", f"按填报数据和评分标准计算的得分合计{outside}", "", None),
        ("accepted", "认定总分", "逐项取自评和计算得分中较低的，以财政部门复核为准", "认定等级", result.accepted),
    )
    for key, name, meaning, grade_name, graded in lines:
        place = result.named[name]
        sheet.text(row, FIRST, name, "hint")
        sheet.text(row, 2, meaning, "hint")
        expression = f'IF({place.ref}="","",{place.ref})'
        sheet.formula(row, 3, expression, result.totals[key], "total", to=4, align="center", num_format=POINTS)
        texts = [(meaning, sheet.span(2))]
        if graded is not None:
            grade = result.named[grade_name].ref
            ranked = by_rank_formula(sheet.scheme, grade)
            words = f'IF(ISNUMBER({place.ref}),{grade}{ranked}&"，"&{graded.next_formula(sheet.name)},"")'
            shown = f"{graded.grade}{by_rank(sheet.scheme, graded.grade)}，{graded.next}" if graded.grade else ""
            sheet.formula(row, 5, words, shown, "total", to=LAST, align="left", indent=1)
            texts.append((shown, sheet.span(5, LAST)))
        else:
            sheet.text(row, 5, "", "total", to=LAST)
        sheet.height(row, row_height(texts, LINE))
        row += 1
    return _limits(sheet, row, result) if LIMITS in result.named else row


def _limits(sheet: Sheet, row: int, result: Result) -> int:
    """The caps and vetoes that hold; the row below."""
    words, shown = result.named[LIMITS].ref, result.limits or NO_LIMITS
    sheet.text(row, FIRST, LIMITS, "hint")
    sheet.formula(row, 2, f'IF({words}="","{NO_LIMITS}",{words})', shown, "label", to=LAST)
    # There is room for any one of them, though none may hold yet.
    texts = [shown, *(limit_rule_words(sheet.scheme, cap) for cap in sheet.scheme.limits)]
    sheet.height(row, row_height([(text, sheet.span(2, LAST)) for text in texts], LINE))
    return row + 1
