"""填报说明: what to do, what the colours mean, how far one is, what is missing and what the scores come to."""

from __future__ import annotations

from datetime import date

from perfxl.layout import Layout, Place
from perfxl.layout.fields import SUPPLIED, VALUE
from perfxl.layout.sheets import IDENTITY, KPIS, SCORES, TASKS
from perfxl.outcome import NOT_APPLICABLE
from perfxl.references import literal
from perfxl.scheme.model import BY_COMPUTED
from perfxl.template.cover_progress import LAST, LINE, section, write_missing, write_progress
from perfxl.template.cover_result import write_result
from perfxl.template.live import Shown
from perfxl.template.missing import Missing
from perfxl.template.printed import head_of_page, page
from perfxl.template.progress import EMPTY, nothing_due
from perfxl.template.sheet import Sheet
from perfxl.template.styles import MARKED
from perfxl.template.text_height import row_height
from perfxl.template.totals import Result

FIRST = 1
LONGEST_CONTENTS = 100
_WIDTHS = {0: 1.5, 1: 15, 2: 32, 3: 8.5, 4: 8.5, 5: 23, 6: 12, 7: 10.5}
_COLOURS = (
    ("input", "浅黄色", "在此填写文字或数字"),
    ("choice", "浅蓝色", "点开单元格右侧的箭头，从列表中选择"),
    ("computed", "浅灰色", "自动计算，不用填写"),
)


def write_cover(sheet: Sheet, result: Result | None, missing: Missing) -> dict[str, Place]:
    """Writes the first sheet; the cells of its own that have names. result: what scores come to, if asked."""
    sheet.set_widths(_WIDTHS)
    row = _head(sheet)
    row = _steps(sheet, row + 1)
    row = _colours(sheet, row + 1)
    contents = {name: sheet.book.layout.once(_contents, name) for name in sheet.book.layout.sheets}
    row, own = write_progress(sheet, row + 1, contents, missing)
    if result is not None:
        row = write_result(sheet, row + 1, result)
    row = write_missing(sheet, row + 1, missing, "五" if result is not None else "四")
    if sheet.stamped:
        head_of_page(sheet)
    else:
        sheet.xl.hide_gridlines(2)
        sheet.protect()
        sheet.xl.print_area(0, 0, row - 1, LAST)
        page(sheet, landscape=False)
    return own


def _head(sheet: Sheet) -> int:
    """Title and who, when, by when and whom to ask; short ones two a row. The row below."""
    header, words = sheet.scheme.header, sheet.scheme.evaluated
    sheet.title(header.title, LAST, size=18, height=36)
    expression, shown = name_of(sheet, f"（在“{IDENTITY}”表填写{words.name_title}）")
    named = [(words.name_title if words.is_project else words.word, expression, shown)]
    if words.is_project:
        named.append((words.word, *name_of(sheet, f"（在“{IDENTITY}”表填写{words.project_title}）", "project")))
    for row, (label, expression, shown) in enumerate(named, 1):
        sheet.text(row, FIRST, label, "hint")
        sheet.formula(row, 2, expression, shown, "label", to=LAST, bold=True)
        texts = [(label, sheet.span(FIRST)), (str(shown), sheet.span(2, LAST))]
        sheet.height(row, row_height(texts, LINE))
    top = 1 + len(named)
    known = [("评价年度", f"{header.year} 年")]
    if header.bureau:
        known.append(("报送至", header.bureau))
    if header.deadline:
        known.append(("报送截止", chinese_date(header.deadline)))
    if header.contact:
        known.append(("联系人及电话", header.contact))
    if header.sending:
        known.append(("报送方式", header.sending))
    for number, (label, text) in enumerate(known):
        row = top + number // 2
        if number % 2:
            sheet.text(row, 3, label, "hint", to=4)
            sheet.text(row, 5, text, "label", to=LAST)
        else:
            sheet.text(row, FIRST, label, "hint")
            sheet.text(row, 2, text, "label")
        texts = [(known[each][1], 32.0) for each in (number, number - 1) if each // 2 == number // 2]
        sheet.height(row, row_height(texts, LINE))
    return top + (len(known) + 1) // 2


def name_of(sheet: Sheet, unnamed: str, key: str = "name") -> tuple[str, Shown]:
    """Who fills the workbook, as an Excel expression and as it stands now. unnamed: what is said where it is blank."""
    field = ("identity", f"department.{key}", VALUE)
    name, value = sheet.book.layout.places[field].ref, sheet.live.value(field)
    return f'IF({name}="",{literal(unnamed)},{name})', unnamed if value is None else value


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
    scheme, layout = sheet.scheme, sheet.book.layout
    filled = [name for name in layout.sheets if any(block.filled for block in layout.sheet_blocks(name))]
    others = [name for name in filled if name not in (IDENTITY, SCORES)]
    last = SCORES if layout.has("scores") else others.pop() if others else IDENTITY
    order = f"再依次填“{'”“'.join(others)}”，" if others else ""
    open_tables = "”“".join(name for name, key in ((KPIS, "kpis"), (TASKS, "tasks")) if layout.has(key))
    units = "金额一律以万元为单位；" if any(spec.type == "money" for spec in layout.specs.values()) else ""
    units += "百分数只填数字，例如 95.5；" if scheme.percent_facts else ""
    own = "自评得分可以留空，留空的按计算得分；" if scheme.options.blank_self == BY_COMPUTED else ""
    declared = any(item.declared for item in scheme.indicators)
    # On sheets of what is worked out, or does not concern everybody, there may be nothing to fill.
    spared = dict.fromkeys(layout.once(nothing_due, name) for name in layout.sheets)
    done = "".join(f"或“{word}”" for word in spared if word != EMPTY)
    steps = [
        f"先填“{IDENTITY}”，{order}最后填“{last}”。" if last != IDENTITY else f"填“{IDENTITY}”。",
        f"只填黄色和蓝色单元格。{units}没有发生的填 0，不要留空，也不要写“无”。",
        f"“{open_tables}”行数不够时，在表格中间插入行，把上一行的灰色单元格向下填充。"
        "复制时请用“选择性粘贴—数值”，以免破坏下拉列表。"
        if open_tables
        else "复制时请用“选择性粘贴—数值”，以免破坏下拉列表。",
        (f"{own}自评得分低于分值的，写明扣分原因；" if layout.has("scores") else "")
        + "单元格旁出现以“！”开头的红字时，按红字核对。"
        + (f"不涉及的指标，允许的可在自评得分中选“{NOT_APPLICABLE}”。" if declared else ""),
        f"“填报进度”全部为“已填全”{done}、没有红字后，另存为 .xlsx 文件，{before}{to}。请勿改动工作表名称。",
    ]
    row = section(sheet, row, "一、填报步骤")
    for number, step in enumerate(steps, 1):
        text = f"{number}．{step}"
        if not sheet.stamped:
            sheet.text(row, FIRST, text, "plain", to=LAST)
            sheet.height(row, row_height([(text, sheet.span(FIRST, LAST))], LINE))
        row += 1
    return row


def _colours(sheet: Sheet, row: int) -> int:
    row = section(sheet, row, "二、颜色说明")
    supplied = any(spec.bureau for spec in sheet.book.layout.specs.values())
    given = f"自动计算，或{SUPPLIED}，不用填写"
    for look, colour, meaning in _COLOURS:
        sheet.text(row, FIRST, colour, look, align="center", locked=True)
        sheet.text(row, 2, given if look == "computed" and supplied else meaning, "label", to=LAST)
        sheet.height(row, LINE)
        row += 1
    if sheet.book.marks:
        sheet.text(row, FIRST, "红框浅红色", "input", align="center", locked=True, **MARKED)
        sheet.text(row, 2, "审核发现问题的单元格，批注里写着原因和改法", "label", to=LAST)
        sheet.height(row, LINE)
        row += 1
    return row


def _contents(layout: Layout, name: str) -> str:
    if name in (KPIS, TASKS) and not layout.has("scores"):
        table = "kpis" if name == KPIS else "tasks"
        plain = {"level1", "level2", "name", "symbol", "unit"}
        labels = [one.label for one in layout.scheme.table_columns(table) if one.required and one.key not in plain]
        return f"各项{'绩效指标' if name == KPIS else '重点任务'}的{'、'.join(labels)}"
    if name == KPIS:
        return "各项绩效指标的年度指标值、实际完成值和自评得分"
    if name == TASKS:
        return "重点任务的预算、支出和完成情况"
    if name == SCORES:
        return "各项三级指标的自评得分和扣分原因"
    titles = list(dict.fromkeys(block.title.partition("、")[2] for block in layout.sheet_blocks(name)))
    words = "、".join(titles)
    if len(words) <= LONGEST_CONTENTS:
        return words
    kept = [title for number, title in enumerate(titles) if len("、".join(titles[: number + 1])) <= LONGEST_CONTENTS]
    return f"{'、'.join(kept)} 等 {len(titles)} 组"
