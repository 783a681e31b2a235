"""The two sheets of the scheme workbook that are only read: how to edit it (说明) and the rule kinds (规则说明)."""

from __future__ import annotations

from perfxl.rules import Rule, SettingSpec, rule_kinds
from perfxl.scheme.convert import NO, YES
from perfxl.scheme.model import FACT_TYPE_WORDS, FACT_TYPES, Scheme
from perfxl.scheme.raw_scheme import TABLES
from perfxl.scheme.workbook_looks import HEADING_ROW, Looks, height, write_value

GUIDE_SHEET, RULES_SHEET = "说明", "规则说明"
GUIDE = (
    "本工作簿是一个年度的评分方案：评什么、每项多少分、怎样计分、部门填报什么。改好以后用它生成填报模板、计算得分。",
    "怎样做下一年的方案：",
    "1. 另存一份，在“方案信息”中改方案代码（例如 gz-2023）、版本、评价年度、名称和报送截止日期。",
    "2. 在“一二级指标”和“三级指标”中改指标和分值：一级合计 100，二级合计等于所属一级，三级合计等于所属二级。",
    "3. 在“评分规则”中改每个三级指标的参数，一行一个内容；每种规则有哪些参数见“规则说明”。",
    "4. 规则要用的数据写在“填报事项”中；不再使用的事项请删去，免得部门白填。",
    "5. 需要时改部门类别、等级、支出率封顶和各项检查界线。",
    "6. 保存后运行 perfxl scheme check 检查；有错误时会逐条指出工作表和单元格。",
    "注意：工作表名称和蓝底标题不能改，次序可以调整；可以插入、删除、移动行；不要合并单元格。",
    "鼠标停在标题上可以看到填写说明。比例一律写小数（0.1 即 10%），金额单位万元。",
)


def write_guide(looks: Looks, scheme: Scheme) -> None:
    """The first sheet: what the workbook is, how to make next year's scheme, what each sheet is for."""
    sheet = looks.book.add_worksheet(GUIDE_SHEET)
    looks.page(sheet)
    sheet.set_column(0, 0, 22, looks.plain)
    sheet.set_column(1, 1, 96, looks.plain)
    sheet.write_string(0, 0, f"{scheme.header.title}：评分方案", looks.title)
    sheet.set_row(0, 30)
    row = 2
    for line in GUIDE:
        sheet.merge_range(row, 0, row, 1, "", looks.plain)
        sheet.write_string(row, 0, line, looks.strong if line.endswith("：") else looks.plain)
        sheet.set_row(row, 20)
        row += 1
    row += 1
    sheet.write_string(row, 0, "工作表", looks.heading)
    sheet.write_string(row, 1, "内容", looks.heading)
    sheets = [(table.sheet, table.note) for table in TABLES]
    after = [table.key for table in TABLES].index("settings") + 1
    sheets.insert(after, (RULES_SHEET, "有哪些规则类型、怎样计分、各有哪些参数，供查阅，改了也不起作用"))
    for title, note in sheets:
        row += 1
        sheet.write_url(row, 0, f"internal:'{title}'!A1", looks.link, title)
        sheet.write_string(row, 1, note, looks.text)


def write_rules(looks: Looks) -> None:
    """The rule kinds with their settings, from the rule classes."""
    sheet = looks.sheet(RULES_SHEET, "供查阅：规则类型写在“三级指标”表，参数写在“评分规则”表")
    widths = (16, 13, 46, 22, 8, 64, 10)
    headings = ("规则类型", "代码", "怎样计分", "参数", "必填", "内容填什么", "分值")
    for at, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(at, at, width, looks.plain)
        sheet.write_string(HEADING_ROW, at, heading, looks.heading)
    row = HEADING_ROW + 1
    for kind, rule in rule_kinds().items():
        for number, line in enumerate(rule_lines(rule)):
            head = (rule.title, kind, rule.about) if number == 0 else ("", "", "")
            for at, words in enumerate((*head, *line)):
                write_value(sheet, row, at, words, looks.centred if at in (1, 4, 6) else looks.text)
            sheet.set_row(row, height(list(zip((*head, *line), widths, strict=True))))
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
    return spec.note + (f"（事实类型：{types}）" if types else "")
