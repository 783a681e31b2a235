"""审核意见: the first sheet of a copy that goes back, with every finding, a link to its cell and room for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from perfxl.layout import Place
from perfxl.layout.fields import FieldId
from perfxl.layout.grid import MARK
from perfxl.layout.sheets import BESIDES, IDENTITY, REVIEW
from perfxl.template.correction import CorrectionNote, Returning
from perfxl.template.cover import chinese_date, name_of
from perfxl.template.expressions import of_sheet
from perfxl.template.printed import page
from perfxl.template.sheet import Sheet
from perfxl.template.styles import ALERT, MUTED, WARNING
from perfxl.template.text_height import row_height

SEVERITIES = {"错误": ALERT, "警告": WARNING, "提示": MUTED}
"""From the one that must be mended to the one that may stay; each word has a colour too."""
ANSWERS = ("已改正", "已补充说明", "核对无误，不改")
_WIDTHS = {0: 1.5, 1: 6, 2: 8, 3: 12, 4: 10, 5: 54, 6: 40, 7: 22}
_HEADINGS = ("序号", "级别", "工作表", "单元格", "问题", "处理意见", "修改情况")
FIRST, CELL, PROBLEM, ADVICE, LAST = 1, 4, 5, 6, 7
KEY = 8
"""Hidden: by what the finding of a line is known when the copy comes back (`perfxl.intake.review_sheet`)."""
LINE = 24.0


def mark_text(line: CorrectionNote) -> str:
    """What the comment on a cell says."""
    return f"{line.severity}：{line.title}。{_sentence(line.message)}{_sentence(line.advice)}"


def ordered(lines: Sequence[CorrectionNote]) -> list[CorrectionNote]:
    """The lines with errors first, else as they come."""
    rank = {severity: number for number, severity in enumerate(SEVERITIES)}
    return sorted(lines, key=lambda line: rank.get(line.severity, len(rank)))


def write_review(sheet: Sheet, lines: Sequence[CorrectionNote], returning: Returning | None = None) -> None:
    """Writes the sheet and opens the workbook on it."""
    sheet.set_widths(_WIDTHS)
    sheet.xl.set_column(KEY, KEY, 4, None, {"hidden": True})
    row = _head(sheet, lines, returning)
    for offset, heading in enumerate(_HEADINGS):
        sheet.text(row, FIRST + offset, heading, "head")
    sheet.height(row, 26)
    head_row = row
    for number, line in enumerate(ordered(lines), 1):
        row += 1
        _line(sheet, row, number, line)
    if not lines:
        row += 1
        sheet.text(row, FIRST, "没有需要修改的内容。", "label", to=LAST)
    else:
        sheet.xl.autofilter(head_row, FIRST, row, LAST)
        answers = {
            "validate": "list",
            "source": f"={sheet.book.lists.range_ref(ANSWERS)}",
            "show_error": False,
            "input_title": "修改情况",
            "input_message": "改了什么、为什么不改，在此写一句。可从列表选择，也可直接填写。选填。",
        }
        sheet.xl.data_validation(head_row + 1, LAST, row, LAST, answers)
        sheet.xl.set_selection(head_row + 1, CELL, head_row + 1, CELL)
    sheet.xl.freeze_panes(head_row + 1, 0)
    sheet.xl.hide_gridlines(2)
    sheet.protect()
    sheet.xl.print_area(0, FIRST, row, LAST)
    page(sheet, landscape=True)
    sheet.xl.repeat_rows(head_row, head_row)
    sheet.xl.set_tab_color(ALERT)


def _head(sheet: Sheet, lines: Sequence[CorrectionNote], returning: Returning | None) -> int:
    """Title, department and what to do; the row of the headings."""
    header = sheet.scheme.header
    sheet.title(f"{header.title}：{REVIEW}", LAST, height=36)
    expression, shown = name_of(sheet, f"（“{IDENTITY}”表没有填写{sheet.scheme.evaluated.name_title}）")
    sheet.formula(1, FIRST, expression, shown, "block", to=PROBLEM)
    counts = Counter(line.severity for line in lines)
    totals = "，".join(f"{severity} {counts[severity]} 条" for severity in SEVERITIES if counts[severity])
    sheet.text(1, ADVICE, f"共 {len(lines)} 条：{totals}" if lines else "", "aside", to=LAST)
    sheet.height(1, 26)
    row = 2
    for row, (step, bold) in enumerate(_steps(sheet, returning), 2):
        sheet.text(row, FIRST, step, "plain", to=LAST, **({"bold": True} if bold else {}))
        sheet.height(row, row_height([(step, sheet.span(FIRST, LAST))], 21))
    sheet.height(row + 1, 6)
    return row + 2


def _steps(sheet: Sheet, returning: Returning | None) -> Iterator[tuple[str, bool]]:
    """What is to be known before the list, line by line, and whether it stands out."""
    header = sheet.scheme.header
    due = chinese_date(returning.due) if returning is not None and returning.due else ""
    days = []
    if returning is not None:
        days = [f"审核日期：{chinese_date(returning.reviewed.isoformat())}"]
    if due:
        days.append(f"重报期限：{due}")
    if header.contact:
        days.append(f"联系人及电话：{header.contact}")
    if days:
        yield "　　".join(days), True
    yield (
        "修改要求：“错误”必须改正，“警告”核对后改正或补写说明，“提示”供参考。直接在本文件中改，下拉列表和公式都已恢复完整。"
        "点“单元格”一列即跳到要改的地方，要改的单元格有红色粗框，右上角的批注写明意见。",
        False,
    )
    if returning is not None and returning.besides is not None:
        yield f"原表内容：数据已全部带入；批注、表外文字和附加的工作表见“{BESIDES}”及其后各表。", False
    to, by = header.bureau or "财政部门", f"于 {due}前" if due else ""
    how = f"以“{header.sending}”的方式" if header.sending else "按原渠道"
    yield (
        f"重新报送：在“修改情况”中写明改了什么，更新“{IDENTITY}”的填报日期，保存为 .xlsx 文件，"
        f"{by}{how}重新报送{to}。请用本文件修改，不要另填空白模板。",
        False,
    )


def _line(sheet: Sheet, row: int, number: int, line: CorrectionNote) -> None:
    problem = f"{line.code} {line.title}：{_sentence(line.message)}"
    advice = _sentence(line.advice)
    place = sheet.book.layout.places[sheet.book.layout.keyed(line.field)] if line.field else None
    title = place.sheet if place else line.sheet
    sheet.xl.write_number(row, FIRST, number, sheet.book.styles("label", align="center"))
    colour = SEVERITIES.get(line.severity, MUTED)
    sheet.text(row, FIRST + 1, line.severity, "label", align="center", bold=True, font_color=colour)
    sheet.text(row, FIRST + 2, title or "整个文件", "label", align="center")
    _link(sheet, row, place, line.field, title)
    sheet.text(row, PROBLEM, problem)
    sheet.text(row, ADVICE, advice)
    sheet.xl.write_blank(row, LAST, None, sheet.book.styles("input", align="left", indent=1))
    key = "|".join((line.code, *(line.field or ())))
    sheet.xl.write_string(row, KEY, MARK + key, sheet.book.styles("key"))
    texts = [(problem, sheet.span(PROBLEM)), (advice, sheet.span(ADVICE))]
    sheet.height(row, row_height(texts, LINE), fits=True)


def _link(sheet: Sheet, row: int, place: Place | None, field: FieldId | None, title: str) -> None:
    """The cell as a link. In an open table it goes where the row goes, however many are inserted above it."""
    if place is not None and field is not None and field[0] in sheet.book.layout.open_specs:
        where = place.ref
        address = f"ADDRESS(ROW({where}),COLUMN({where}),4)"
        words = f'IFERROR(HYPERLINK("#{of_sheet(place.sheet)}"&{address},{address}),"（行已删除）")'
        sheet.formula(row, CELL, words, place.cell, "link", align="center")
    elif place is not None:
        style = sheet.book.styles("link", align="center")
        sheet.xl.write_url(row, CELL, f"internal:{of_sheet(place.sheet)}{place.cell}", style, place.cell)
    elif title in sheet.book.layout.sheets:
        style = sheet.book.styles("link", align="center")
        sheet.xl.write_url(row, CELL, f"internal:{of_sheet(title)}B1", style, "整张表")
    else:
        sheet.text(row, CELL, "—", "label", align="center")


def _sentence(text: str) -> str:
    """The text with a full stop, empty where there is none."""
    text = text.strip()
    return text if not text or text[-1] in "。？！" else f"{text}。"
