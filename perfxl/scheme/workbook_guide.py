"""The two sheets of the scheme workbook that are only read: how to edit it (说明) and the rule kinds (规则说明)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from perfxl.rules import Rule, SettingSpec, rule_kinds
from perfxl.scheme.convert import NO, YES
from perfxl.scheme.model import FACT_TYPE_WORDS, FACT_TYPES, Header, Scheme
from perfxl.scheme.placeholders import HEADER, RECORDS, record_numbers, scheme_values
from perfxl.scheme.workbook_layout import tables_in_order
from perfxl.scheme.workbook_looks import HEADING_ROW, Looks, height, write_value

GUIDE_SHEET, RULES_SHEET, PREVIEW_SHEET = "说明", "规则说明", "预览"
GUIDE = (
    "本工作簿是一个年度的评分方案：评什么、每项多少分、怎样计分、部门填报什么。改好以后用它生成填报模板、计算得分。",
    "怎样做下一年的方案：",
    "1. 另存一份，在“方案信息”中改方案代码（例如 gz-2023）、版本、评价年度、名称和报送截止日期。",
    "2. 在“一二级指标”中改一级、二级指标和分值：计分的一级合计 100，二级合计等于所属一级。"
    "旁边自动合计，不符的显示红字。",
    "3. 在“填报事项”中写部门要填的数据：名称、类型、填在哪张表；代码可以留空。只供参考、不计分的也可以写。",
    "4. 在“三级指标”中一行写一个指标：分值、规则类型，右边显示这种规则有哪些参数；"
    "事项和选项从下拉列表选，灰色的格子不用填。",
    "5. 一个参数有几项内容的（如几个核对项、几个事项相加），写在下面几行的同一列，其他列留空。"
    "加指标时复制一整行，插入后再改。",
    "6. 看“预览”表：改了什么，这里跟着变。需要时再改部门类别、等级、封顶和否决、等级名额和各项检查界线。",
    "7. 保存后运行 perfxl scheme check 检查；有错误时另存一份“（检查结果）”，点击就跳到出错的单元格；"
    "值得核对的列为提示。",
    "注意：工作表名称和标题不能改，次序可以调整；可以插入、删除、移动行；不要合并单元格。灰底和标题带“（自动）”的由公式显示，不用填。",
    "鼠标停在标题上可以看到填写说明。比例一律写小数（0.1 即 10%），金额单位万元。",
)
MORE = (
    "还可以做什么：",
    "评价项目：在“评价对象”中把评价对象改为“项目”，并改代码、名称的叫法；同一部门可以报多个项目。",
    "收支表：行在“收支表行”，列在“收支表列”（例如 全年预算数、全年执行数）；不要收支表的，把“收支表行”清空。",
    "不要绩效指标表或重点任务表的：在“表格列”中删去该表的全部列；没有绩效指标表的，“绩效指标类别”也清空。",
    "算出来的数：在“计算事项”中写分子、分母，事项名称用顿号分开，前面加减号的减去，"
    "例如 变动率 = 分子“本年数、-上年数”、分母“上年数”。规则、封顶和结果都可以用它。",
    "改事项的名称：直接改“名称”，代码不动；规则里写着的旧名称仍然认得。两个事项同名时，写成 名称〔代码〕。",
    "百分数：类型是百分数的事项由部门填 95.5 这样的数；方案里的界线仍写小数（0.955）。",
    "加分和扣分：一级指标的“性质”填加分或扣分，分值填最多加（扣）多少，不算在 100 分以内；总分能否超过 100 见“选项”。",
    "封顶和一票否决：在“封顶和否决”中写什么情况下总分最高多少、等级最高哪一档，并在“选项”中启用。",
    "分类别评价：三级指标、填报事项写上“适用类别”就只评这些类别；不适用的指标得满分，或把其余指标折算到 100 分。"
    "等级也可以为某一类部门单写一套。",
    "等级名额：例如 优 最多占 0.3；在排名以后执行，超出的下调一档。",
    "财政核定的数：在“填报事项”的“来源”填“财政”（收支表的列在“收支表列”，单独几格在“收支表行”的“由财政提供的列”，"
    "年度指标值在“表格列”），模板上这些格子变灰，由财政部门在 财政核定数.xlsx 中给出；"
    "没有给出以前怎样计分见“选项”的“待核定的指标”。",
    "定性指标给区间：在“定性结果”中填下限，自评得分在区间内的按自评计。",
    "文字里的数：名称、评分标准、提示、说明里可以写占位符，方案中的数改了，文字自动跟着变；"
    "要写花括号本身，请写两个：{{ }}。可以用的占位符：",
)


def write_guide(looks: Looks, scheme: Scheme) -> None:
    """The first sheet: what the workbook is, how to make next year's scheme, what each sheet is for."""
    sheet = looks.book.add_worksheet(GUIDE_SHEET)
    looks.page(sheet)
    # Upright the steps and the list of sheets stand on one page.
    sheet.set_portrait()
    sheet.set_column(0, 0, 20, looks.plain)
    sheet.set_column(1, 1, 82, looks.plain)
    sheet.write_string(0, 0, f"{scheme.header.title}：评分方案", looks.title)
    sheet.set_row(0, 30)
    row = 2
    for line in scheme.header.note.split("\n") if scheme.header.note else ():
        sheet.merge_range(row, 0, row, 1, "", looks.plain)
        sheet.write_string(row, 0, line, looks.noted)
        sheet.set_row(row, 2 + height([(line, 102)]))
        row += 1
    row += bool(scheme.header.note)
    row = _lines(sheet, row, looks, GUIDE)
    sheets = sheet_notes()
    row = _listing(sheet, row + 1, looks, "工作表", "内容", sheets)
    for number, (title, _) in enumerate(sheets, row - len(sheets)):
        sheet.write_url(number, 0, f"internal:'{title}'!A1", looks.link, title)
    # On paper each part has its page.
    sheet.set_h_pagebreaks([row + 1])
    row = _lines(sheet, row + 1, looks, MORE)
    _listing(sheet, row, looks, "占位符", "换成什么", placeholder_lines(scheme))


def _lines(sheet: Any, row: int, looks: Looks, lines: Sequence[str]) -> int:
    """Paragraphs over both columns; the row below them."""
    for line in lines:
        sheet.merge_range(row, 0, row, 1, "", looks.plain)
        sheet.write_string(row, 0, line, looks.strong if line.endswith("：") and len(line) < 12 else looks.plain)
        sheet.set_row(row, 2 + height([(line, 102)]))
        row += 1
    return row


def sheet_notes() -> list[tuple[str, str]]:
    """The sheets of the workbook in their order, with what each is for."""
    sheets = [(PREVIEW_SHEET, "做好的方案是什么样子：指标、分值、评分标准、填报事项，随其他表自动变")]
    for table in tables_in_order():
        if table.key == "settings":
            sheets.append((RULES_SHEET, "有哪些规则类型、怎样计分、各有哪些参数，供查阅，改了也不起作用"))
        else:
            sheets.append((table.sheet, table.note))
    return sheets


def _listing(sheet: Any, row: int, looks: Looks, left: str, right: str, lines: Sequence[tuple[str, str]]) -> int:
    """Two columns with their headings; the row below them."""
    for number, (words, note) in enumerate([(left, right), *lines], row):
        sheet.write_string(number, 0, words, looks.text if number > row else looks.heading)
        sheet.write_string(number, 1, note, looks.text if number > row else looks.heading)
    return row + len(lines) + 1


def placeholder_lines(scheme: Scheme) -> list[tuple[str, str]]:
    """What texts may name, with what it stands for and comes to in this scheme."""
    lines = [("{points}", "评分标准中：本指标的分值")]
    lines.append(("{参数代码}", "评分标准中：本指标的数值参数，例如 {target}、{free}、{per_point}，代码见“规则说明”"))
    lines.append(
        ("{事项代码}", "评分标准中：核对项、扣分项、计次项的分值，例如 {minor_findings}；代码在“填报事项”最后一列")
    )
    lines.append(("{tiers.1}、{tiers.1.points}", "评分标准中：第 1 档的界线和得分，余类推"))
    lines.append(("{指标代码.points}", "任何文字中：某一指标的分值或参数，例如 {A01.points}"))
    values = scheme_values(scheme)
    records: list[tuple[type, Iterable[str]]] = [(Header, HEADER)]
    records += [(record, record_numbers(record)) for record in RECORDS.values()]
    for record, names in records:
        headings = {f.name: f.metadata["column"].heading for f in fields(record) if "column" in f.metadata}
        lines += [(f"{{{name}}}", f"{headings[name]}：{values[name]}") for name in names]
    return lines


def write_rules(looks: Looks) -> None:
    """The rule kinds with their settings, from the rule classes."""
    sheet = looks.sheet(
        RULES_SHEET, "供查阅：规则类型和参数都写在“三级指标”表；写“事项代码”的地方从下拉列表选事项的名称"
    )
    widths = (14, 12, 36, 17, 6, 44, 8, 12)
    headings = ("规则类型", "代码", "怎样计分", "参数", "必填", "内容填什么", "分值", "参数代码")
    for at, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(at, at, width, looks.plain)
        sheet.write_string(HEADING_ROW, at, heading, looks.heading)
    row = HEADING_ROW + 1
    for kind, rule in rule_kinds().items():
        names = list(rule.settings()) or [""]
        for number, (line, name) in enumerate(zip(rule_lines(rule), names, strict=True)):
            head = (rule.title, kind, rule.about) if number == 0 else ("", "", "")
            for at, words in enumerate((*head, *line, name)):
                write_value(sheet, row, at, words, looks.centred if at in (1, 4, 6, 7) else looks.text)
            sheet.set_row(row, height(list(zip((*head, *line, name), widths, strict=True))))
            row += 1


def rule_lines(rule: type[Rule]) -> list[tuple[str, str, str, str]]:
    """Label, 是 where required, what may stand there and what the points mean, for each setting of a rule kind."""
    required = rule.required_settings()
    lines = [
        (spec.label, YES if name in required else NO, _content(spec), "填" if _has_points(spec) else "不填")
        for name, spec in rule.settings().items()
    ]
    return lines or [("（没有参数）", "", "", "")]


def _has_points(spec: SettingSpec) -> bool:
    return spec.kind in ("fact_points", "number_points")


def _content(spec: SettingSpec) -> str:
    words = dict(zip(FACT_TYPES, FACT_TYPE_WORDS, strict=True))
    types = "、".join(words[kind] for kind in spec.fact_types)
    return spec.note + (f"（事项类型：{types}）" if types else "")
