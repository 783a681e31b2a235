"""填报说明: what to do, what the colours mean, how far one is, what is missing and what the scores come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from perfxl.layout import Layout, Place
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import FILLED_SHEETS, FUNDS, IDENTITY, KPIS, MANAGEMENT, SCORES, TASKS
from perfxl.outcome import grade_of, to_next_grade, to_next_grade_formula
from perfxl.template.cover_progress import LAST, LINE, section, write_missing, write_progress
from perfxl.template.missing import Missing
from perfxl.template.sheet import Sheet
from perfxl.template.styles import POINTS
from perfxl.template.text_height import row_height

FIRST = 1
_WIDTHS = {0: 2.5, 1: 16, 2: 38, 3: 9, 4: 9, 5: 27, 6: 13, 7: 12}
_COLOURS = (
    ("input", "浅黄色", "在此填写文字或数字"),
    ("choice", "浅蓝色", "点开单元格右侧的箭头，从列表中选择"),
    ("computed", "浅灰色", "自动计算，不必填写"),
)


def write_cover(sheet: Sheet, named: Mapping[str, Place], missing: Missing) -> dict[str, Place]:
    """Writes the first sheet; the cells of its own that have names. named: those of totals and grades."""
    sheet.set_widths(_WIDTHS)
    row = _head(sheet)
    row = _steps(sheet, row + 1)
    row = _colours(sheet, row + 1)
    contents = {name: _contents(sheet.book.layout, name) for name in FILLED_SHEETS}
    row, own = write_progress(sheet, row + 1, contents, missing)
    row = _result(sheet, row + 1, named)
    row = write_missing(sheet, row + 1, missing)
    sheet.xl.hide_gridlines(2)
    sheet.protect()
    sheet.xl.print_area(0, 0, row - 1, LAST)
    sheet.page(landscape=False, pages_high=1)
    return own


def _head(sheet: Sheet) -> int:
    """Title and who, when, by when and whom to ask; short ones two a row."""
    header = sheet.scheme.header
    sheet.text(0, FIRST, header.title, "title", to=LAST, font_size=18)
    sheet.height(0, 42)
    name = sheet.book.layout.places["identity", "department.name", VALUE]
    value = sheet.live.value(("identity", "department.name", VALUE))
    unnamed = f"（在“{IDENTITY}”表填写单位名称）"
    sheet.text(1, FIRST, "部门", "hint")
    shown = str(value) if value is not None else unnamed
    sheet.formula(1, 2, f'IF({name.ref}="","{unnamed}",{name.ref})', shown, "label", to=LAST, bold=True)
    sheet.height(1, LINE)
    known = [("评价年度", f"{header.year} 年")]
    if header.bureau:
        known.append(("报送单位", header.bureau))
    if header.deadline:
        known.append(("报送截止", chinese_date(header.deadline)))
    if header.contact:
        known.append(("联系人及电话", header.contact))
    for number, (label, text) in enumerate(known):
        row = 2 + number // 2
        if number % 2:
            sheet.text(row, 3, label, "hint", to=4)
            sheet.text(row, 5, text, "label", to=LAST)
        else:
            sheet.text(row, FIRST, label, "hint")
            sheet.text(row, 2, text, "label")
        texts = [(known[each][1], 38.0) for each in (number, number - 1) if each // 2 == number // 2]
        sheet.height(row, row_height(texts, LINE))
    return 2 + (len(known) + 1) // 2


def chinese_date(text: str) -> str:
    """`2023-03-31` as 2023 年 3 月 31 日; any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _steps(sheet: Sheet, row: int) -> int:
    header = sheet.scheme.header
    before = f"于 {chinese_date(header.deadline)}前" if header.deadline else ""
    to = f"报送{header.bureau}" if header.bureau else "报送财政部门"
    others = "”“".join((FUNDS, KPIS, TASKS, MANAGEMENT))
    steps = (
        f"先填“{IDENTITY}”，再依次填“{others}”，最后填“{SCORES}”。",
        "只填黄色和蓝色单元格。金额一律以万元为单位；没有发生的填 0，不要留空，也不要写“无”。",
        f"“{KPIS}”“{TASKS}”行数不够时，在表格中间插入行，把上一行的灰色单元格向下填充。"
        "复制时请用“选择性粘贴—数值”，以免破坏下拉列表。",
        "自评得分低于分值的，写明扣分原因；单元格旁出现以“！”开头的红字时，按红字核对。",
        f"“填报进度”全部为“已填全”、没有红字后，另存为 .xlsx 文件，{before}{to}。请勿改动工作表名称。",
    )
    row = section(sheet, row, "一、填报步骤")
    for number, step in enumerate(steps, 1):
        text = f"{number}．{step}"
        sheet.text(row, FIRST, text, "plain", to=LAST)
        sheet.height(row, row_height([(text, sheet.span(FIRST, LAST))], LINE))
        row += 1
    return row


def _colours(sheet: Sheet, row: int) -> int:
    row = section(sheet, row, "二、颜色说明")
    for look, colour, meaning in _COLOURS:
        sheet.text(row, FIRST, colour, look, align="center", locked=True)
        sheet.text(row, 2, meaning, "label", to=LAST)
        sheet.height(row, LINE)
        row += 1
    return row


def _contents(layout: Layout, name: str) -> str:
    if name == KPIS:
        return "各项绩效指标的年度指标值、实际完成值和自评得分"
    if name == TASKS:
        return "重点任务的预算、支出和完成情况"
    if name == SCORES:
        return "各项三级指标的自评得分和扣分原因"
    return "、".join(block.title.partition("、")[2] for block in layout.sheet_blocks(name))


def _result(sheet: Sheet, row: int, named: Mapping[str, Place]) -> int:
    """The three totals, with grade and distance to the next one."""
    row = section(sheet, row, "四、自评结果（自动计算）")
    live, bands = sheet.live, sheet.scheme.grade_bands
    values = live.totals
    lines = (
        ("自评总分", values["self"], "各项自评得分合计", "自评等级"),
        ("计算总分", values["computed"], "按填报数据和评分标准计算的得分合计", ""),
        ("就低总分", values["accepted"], "逐项取自评与计算得分中较低者，以财政部门复核为准", "就低等级"),
    )
    for name, value, meaning, grade_name in lines:
        place = named[name]
        sheet.text(row, FIRST, name, "hint")
        sheet.text(row, 2, meaning, "hint")
        expression = f'IF({place.ref}="","",{place.ref})'
        sheet.formula(row, 3, expression, value, "total", to=4, align="center", num_format=POINTS)
        if grade_name:
            grade = named[grade_name].ref
            words = f'IF(ISNUMBER({place.ref}),{grade}&"，"&{to_next_grade_formula(place.ref, bands)},"")'
            shown = "" if value is None else f"{grade_of(value, bands)}，{to_next_grade(value, bands)}"
            sheet.formula(row, 5, words, shown, "total", to=LAST, align="left", indent=1)
        else:
            sheet.text(row, 5, "", "total", to=LAST)
        sheet.height(row, row_height([(meaning, sheet.span(2))], LINE))
        row += 1
    return row
