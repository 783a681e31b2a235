"""The sheets with one line for each thing to fill in: 基本信息 and the sheets of facts."""

from __future__ import annotations

from perfxl.layout import Block, Layout, Line
from perfxl.layout.fields import SUPPLIED, VALUE
from perfxl.layout.sheets import IDENTITY
from perfxl.layout.template_layout import field_id
from perfxl.scheme.model import Stage
from perfxl.template.fact_lines import write_lines
from perfxl.template.filled_cells import shown_text
from perfxl.template.matrices import is_matrix, last_row, write_matrix
from perfxl.template.sheet import Sheet
from perfxl.template.signatures import sign_and_finish
from perfxl.template.text_height import MOST_LINES, lines, row_height

LINE = 22.0
ROOM_FOR_TEXT = 66.0
"""Height that invites to write more than a word."""
TYPE_WORDS = {
    "count": "数量没有的填 0",
    "number": "数量没有的填 0",
    "yes_no": "“是/否”从下拉列表选择",
    "money": "金额单位为万元",
    "percent": "百分数只填数字，例如 95.5",
}
"""What to know about the types of the facts on a sheet."""
AGREES = {Stage.TARGETS: "预算申报", Stage.MONITORING: "账面", Stage.SELF_REVIEW: "{word}决算"}
"""With what the money must agree, by the stage of the year."""
COMPUTED_WORDS = "灰色单元格自动计算。"
LONGER = "内容长于一行的最大高度，未全部显示和打印，全文在单元格内。"
"""Before the hint of a text that the highest row does not show."""


def write_identity(sheet: Sheet) -> None:
    """基本信息: who fills, and the department's own words."""
    blocks = sheet.book.layout.sheet_blocks(IDENTITY)
    sheet.fit(blocks, landscape=False)
    what = "实施单位和项目信息" if sheet.scheme.evaluated.is_project else f"{sheet.scheme.evaluated.word}信息"
    note = f"{what}请与预算批复一致。"
    if any(line.specs[VALUE].type == "long_text" for block in blocks[1:] for line in block.lines):
        own = blocks[1].title.rpartition("、")[2]
        note += f"{own}可分条写，同一单元格内换行按 Alt＋Enter，行高随内容自动调整。"
    sheet.begin(IDENTITY, note)
    for block in blocks:
        sheet.block(block)
        for line in block.lines:
            _identity_line(sheet, block, line)
    if not sheet.stamped:
        sheet.xl.freeze_panes(2, 0)
    sign_and_finish(sheet, blocks[-1].last_row)


def _identity_line(sheet: Sheet, block: Block, line: Line) -> None:
    spec = line.specs[VALUE]
    hint = line.labels["hint"] if spec.required else f"选填。{line.labels['hint']}"
    value_column = block.column(VALUE)
    written = shown_text(sheet.live.value(field_id(block, line.key, VALUE)), spec)
    if lines(written, sheet.span(value_column.col)) > MOST_LINES:
        hint = f"{LONGER}{hint}"
    sheet.text(line.row, block.column("label").col, line.labels["label"])
    sheet.text(line.row, block.column("hint").col, hint, "hint")
    is_long = spec.type == "long_text"
    sheet.fill(block, line, VALUE, align="left", indent=1, valign="top" if is_long else "vcenter")
    sheet.validate(spec, block.place(line, VALUE))
    texts = [
        (line.labels["label"], sheet.span(block.column("label").col)),
        (written, sheet.span(value_column.col)),
        (hint, sheet.span(block.column("hint").col)),
    ]
    if is_long and not sheet.stamped:
        sheet.xl.write_string(line.row, 0, line.key, sheet.book.styles("wide_key"))
    sheet.height(line.row, row_height(texts, ROOM_FOR_TEXT if is_long else LINE), fits=True)


def write_facts(sheet: Sheet) -> None:
    """A sheet of facts: blocks of them, as lists or as tables."""
    blocks = sheet.book.layout.sheet_blocks(sheet.name)
    sheet.fit(blocks, landscape=False)
    sheet.begin(sheet.name, sheet.book.layout.once(_what_to_do, sheet.name))
    for block in blocks:
        if is_matrix(block):
            write_matrix(sheet, block)
        else:
            write_lines(sheet, block)
    if not sheet.stamped:
        sheet.xl.freeze_panes(2, 0)
    sign_and_finish(sheet, max(map(last_row, blocks), default=2))


def _what_to_do(layout: Layout, name: str) -> str:
    """The line below a sheet's title."""
    blocks = layout.sheet_blocks(name)
    specs = [spec for block in blocks for line in block.lines for spec in line.specs.values()]
    types = {spec.type for spec in specs if not spec.bureau}
    supplied = any(spec.bureau for spec in specs)
    if any(block.key == "funds" for block in blocks):
        percents = f"{TYPE_WORDS['percent']}。" if "percent" in types else ""
        word = layout.scheme.evaluated.word
        grey = f"灰色单元格自动计算或{SUPPLIED}，不用填写。" if supplied else COMPUTED_WORDS
        agrees = AGREES[layout.scheme.stage].format(word=word)
        return f"金额单位为万元，与{agrees}一致，没有发生的填 0。{percents}{grey}"
    words = "，".join(dict.fromkeys(text for kind, text in TYPE_WORDS.items() if kind in types))
    derived = any(line.key in layout.scheme.definitions for block in blocks for line in block.lines)
    if not types and supplied:
        return f"本表{SUPPLIED}，不用填写。"
    if not types:
        return "根据其他各表填写的数据自动计算，不用填写。"
    return f"按评价年度实际情况填写{'：' if words else ''}{words}。{_grey(derived, supplied)}"


def _grey(derived: bool, supplied: bool) -> str:
    """What the grey cells of a sheet are, empty where it has none."""
    kinds = [*(["自动计算"] if derived else []), *([SUPPLIED] if supplied else [])]
    return f"灰色单元格{'或'.join(kinds)}{'，不用填写' if supplied else ''}。" if kinds else ""
