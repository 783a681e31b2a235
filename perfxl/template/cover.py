"""填报说明: what to do, what the colours mean, how far one is and what the scores come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from perfxl.layout import Layout, Place
from perfxl.layout.fields import VALUE
from perfxl.layout.sheets import FILLED_SHEETS, FUNDS, IDENTITY, KPIS, MANAGEMENT, SCORES, TASKS
from perfxl.template.expressions import grade_value
from perfxl.template.progress import progress_of, status_formula, status_value
from perfxl.template.sheet import Sheet
from perfxl.template.styles import ALERT, GOOD, POINTS
from perfxl.template.text_height import row_height

FIRST, LAST = 1, 5
LINE = 23.0
_COLOURS = (
    ("input", "浅黄色", "在此填写文字或数字"),
    ("choice", "浅蓝色", "点开单元格右侧的箭头，从列表中选择"),
    ("computed", "浅灰色", "自动计算，不必填写，也不能修改"),
)


def write_cover(sheet: Sheet, named: Mapping[str, Place]) -> None:
    """Writes the first sheet. named: the cells of totals and grades by their defined names."""
    sheet.set_widths({0: 2.5, 1: 20, 2: 52, 3: 12, 4: 12, 5: 15})
    row = _head(sheet)
    row = _steps(sheet, row + 1)
    row = _colours(sheet, row + 1)
    row = _progress(sheet, row + 1)
    row = _result(sheet, row + 1, named)
    sheet.xl.hide_gridlines(2)
    sheet.protect()
    sheet.xl.print_area(0, 0, row - 1, LAST)
    sheet.page(landscape=False)
    sheet.xl.activate()
    sheet.xl.set_first_sheet()


def _head(sheet: Sheet) -> int:
    header = sheet.scheme.header
    sheet.text(0, FIRST, header.title, "title", to=LAST, font_size=18)
    sheet.height(0, 42)
    name = sheet.book.layout.places["identity", "department.name", VALUE]
    value = sheet.live.value(("identity", "department.name", VALUE))
    rows = [("部门", None), ("评价年度", f"{header.year} 年")]
    if header.bureau:
        rows.append(("报送单位", header.bureau))
    if header.deadline:
        rows.append(("报送截止", chinese_date(header.deadline)))
    if header.contact:
        rows.append(("联系人及电话", header.contact))
    for row, (label, text) in enumerate(rows, 1):
        sheet.text(row, FIRST, label, "hint")
        if text is None:
            expression = f'IF({name.ref}="","（在“{IDENTITY}”表填写单位名称）",{name.ref})'
            shown = str(value) if value is not None else f"（在“{IDENTITY}”表填写单位名称）"
            sheet.formula(row, FIRST + 1, expression, shown, "label", to=LAST, bold=True)
        else:
            sheet.text(row, FIRST + 1, text, "label", to=LAST)
        sheet.height(row, LINE)
    return len(rows) + 1


def chinese_date(text: str) -> str:
    """`2023-03-31` as 2023 年 3 月 31 日; any other text as it is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _section(sheet: Sheet, row: int, title: str) -> int:
    sheet.text(row, FIRST, title, "block", to=LAST)
    sheet.height(row, 28)
    return row + 1


def _steps(sheet: Sheet, row: int) -> int:
    header = sheet.scheme.header
    before = f"于 {chinese_date(header.deadline)}前" if header.deadline else ""
    to = f"报送{header.bureau}" if header.bureau else "报送财政部门"
    others = "”“".join((FUNDS, KPIS, TASKS, MANAGEMENT))
    steps = (
        f"先填“{IDENTITY}”，再依次填“{others}”，最后填“{SCORES}”。",
        "只填黄色和蓝色单元格。金额一律以万元为单位；没有发生的填 0，不要留空，也不要写“无”。",
        f"“{KPIS}”“{TASKS}”行数不够时，在表格中间插入行。复制时请用“选择性粘贴—数值”，以免破坏下拉列表。",
        f"自评得分低于分值的，写明扣分原因；“{SCORES}”表的“提示”列有文字时，请按提示核对。",
        f"下面的“填报进度”全部为“已填全”后，另存为 .xlsx 文件，{before}{to}。请勿改动工作表名称。",
    )
    row = _section(sheet, row, "一、填报步骤")
    for number, step in enumerate(steps, 1):
        text = f"{number}．{step}"
        sheet.text(row, FIRST, text, "plain", to=LAST)
        sheet.height(row, row_height([(text, sheet.span(FIRST, LAST))], LINE))
        row += 1
    return row


def _colours(sheet: Sheet, row: int) -> int:
    row = _section(sheet, row, "二、颜色说明")
    for look, colour, meaning in _COLOURS:
        sheet.text(row, FIRST, colour, look, align="center", locked=True)
        sheet.text(row, FIRST + 1, meaning, "label", to=LAST)
        sheet.height(row, LINE)
        row += 1
    return row


def _progress(sheet: Sheet, row: int) -> int:
    row = _section(sheet, row, "三、填报进度（随填随算，点表名可跳转）")
    for offset, heading in enumerate(("工作表", "填报内容", "应填项数", "已填项数", "进度")):
        sheet.text(row, FIRST + offset, heading, "head")
    sheet.height(row, LINE)
    first = row + 1
    for name in FILLED_SHEETS:
        row += 1
        progress = progress_of(name, sheet.live)
        due, filled = (Place(sheet.name, row, FIRST + offset) for offset in (2, 3))
        sheet.xl.write_url(row, FIRST, f"internal:'{name}'!B1", sheet.book.styles("link"), name)
        contents = _contents(sheet.book.layout, name)
        sheet.text(row, FIRST + 1, contents)
        sheet.formula(row, due.col, progress.due_formula, progress.due, align="center")
        sheet.formula(row, filled.col, progress.filled_formula, progress.filled, align="center")
        sheet.formula(
            row, FIRST + 4, status_formula(due.cell, filled.cell), status_value(progress), align="center", bold=True
        )
        sheet.height(row, row_height([(contents, sheet.span(FIRST + 1))], LINE))
    for word, colour in (("已填全", GOOD), ("还差", ALERT), ("未填写", ALERT)):
        rule = {
            "type": "text",
            "criteria": "begins with",
            "value": word,
            "format": sheet.book.styles.difference(font_color=colour),
        }
        sheet.xl.conditional_format(first, FIRST + 4, row, FIRST + 4, rule)
    return row + 1


def _contents(layout: Layout, name: str) -> str:
    if name == KPIS:
        return "各项绩效指标的年度指标值、实际完成值和自评得分"
    if name == TASKS:
        return "重点任务的预算、支出和完成情况"
    if name == SCORES:
        return "各项三级指标的自评得分和扣分原因"
    return "、".join(block.title.partition("、")[2] for block in layout.sheet_blocks(name))


def _result(sheet: Sheet, row: int, named: Mapping[str, Place]) -> int:
    row = _section(sheet, row, "四、自评结果（自动计算）")
    live, scheme = sheet.live, sheet.scheme
    values = live.totals
    bands = scheme.grade_bands
    lines = (
        ("自评总分", values["self"], "各项自评得分合计"),
        ("计算总分", values["computed"], "按填报数据和评分标准计算的得分合计"),
        ("就低总分", values["accepted"], "逐项取自评得分与计算得分中较低者合计，最终得分以财政部门复核为准"),
        ("自评等级", grade_value(values["self"], bands), "按自评总分"),
        ("就低等级", grade_value(values["accepted"], bands), "按就低总分"),
    )
    for name, value, meaning in lines:
        place = named[name]
        sheet.text(row, FIRST, name, "hint")
        sheet.text(row, FIRST + 1, meaning, "hint", to=LAST - 1)
        expression = f'IF({place.ref}="","",{place.ref})'
        sheet.formula(row, LAST, expression, value, "total", align="center", num_format=POINTS)
        sheet.height(row, LINE)
        row += 1
    return row
