"""The one-page 说明 of a year's folder: what lies where, what is double-clicked when, what the last lines mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from perfxl.desk.starters import (
    DOCUMENTS,
    EARLIER,
    MONITORING,
    MONITORING_TEMPLATES,
    OTHERS,
    REVIEW,
    RUN,
    STATUS,
    TARGET_TEMPLATES,
    TARGETS,
    TEMPLATES,
    WATCH,
    shared_periods,
)  # fmt: skip
from perfxl.folders import BUREAU_FOLDER, PREVIOUS_FOLDER
from perfxl.results.names import summary_name, template_name
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import periods_of
from perfxl.template.styles import DEFAULT_FORMAT, Styles
from perfxl.template.text_height import LINE_HEIGHT, PADDING, row_height
from perfxl.xlsx.texts import clean
from perfxl.xlsx.writer import new_workbook

FILE_NAME = "说明.xlsx"
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_FIXED = datetime(2024, 1, 1)
_WIDTHS = (5, 21, 66)

Rows = Sequence[tuple[str, str, str]]


def explaining_page(schemes: Sequence[Scheme]) -> bytes:
    """The workbook 说明.xlsx for a folder of these schemes: one printed page."""
    stream = BytesIO()
    workbook = new_workbook(stream, {**_OPTIONS, "default_format_properties": dict(DEFAULT_FORMAT)})
    workbook.set_properties({"title": "说明", "created": _FIXED})
    page, styles = workbook.add_form("说明"), Styles(workbook)
    for col, width in enumerate(_WIDTHS):
        page.set_column(col, col, width)
    titles = "、".join(scheme.header.title for scheme in schemes)
    row = _line(page, styles, 0, "怎样使用这个文件夹", "title", 30)
    row = _line(page, styles, row, f"{titles}。不用命令行：要做什么，双击对应的文件。", "note")
    for heading, rows in _tables(schemes):
        row = _line(page, styles, row, heading, "block", 26)
        row = _table(page, styles, row, rows)
    page.set_portrait()
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)
    page.center_horizontally()
    page.hide_gridlines(2)
    page.print_area(0, 0, row - 1, len(_WIDTHS) - 1)
    page.protect("", {"format_columns": True, "format_rows": True})
    workbook.close()
    return stream.getvalue()


def _line(page: Any, styles: Styles, row: int, text: str, look: str, height: float = 0) -> int:
    style = styles(look)
    page.merge_range(row, 0, row, len(_WIDTHS) - 1, "", style)
    page.write_string(row, 0, clean(text), style)
    page.set_row(row, height or row_height([(text, sum(_WIDTHS) - 2)], LINE_HEIGHT + PADDING))
    return row + 1


def _table(page: Any, styles: Styles, row: int, rows: Rows) -> int:
    """rows: number, name and words; one without a number takes the room of it for its name."""
    (number, name, words), *lines = rows
    _cells(page, row, (number, name, words), (styles("head"),) * 3)
    page.set_row(row, 20)
    looks = (styles("label", align="center"), styles("label", bold=True), styles("label"))
    for number, name, words in lines:
        row += 1
        _cells(page, row, (number, name, words), looks)
        page.set_row(row, row_height([(name, _WIDTHS[1] - 2), (words, _WIDTHS[2] - 2)], LINE_HEIGHT + PADDING))
    return row + 1


def _cells(page: Any, row: int, texts: tuple[str, str, str], looks: Sequence[Any]) -> None:
    first = 1 if texts[0] else 0
    if not first:
        page.merge_range(row, 0, row, 1, "", looks[1])
    else:
        page.write_string(row, 0, texts[0], looks[0])
    page.write_string(row, first, clean(texts[1]), looks[1])
    page.write_string(row, 2, clean(texts[2]), looks[2])


def _tables(schemes: Sequence[Scheme]) -> list[tuple[str, Rows]]:
    summary = summary_name(schemes[0].year)
    templates = "、".join(f"“{template_name(scheme.header.title)}”" for scheme in schemes)
    return [
        ("一、一年的步骤", _numbered("步骤", "怎样做", (
            ("核对方案", "按当年通知核对指标、分值和截止日期。不改就用内置的；要改见使用手册第四章。"),
            ("做模板", f"填好 {BUREAU_FOLDER} 里的“部门名录.xlsx”，保存关闭，双击“{TEMPLATES.name}”。"),
            ("发模板", f"把 {BUREAU_FOLDER} 里“预填模板”的各份发给部门；没有名录时发{templates}。"),
            ("收填报", f"收到的工作簿、压缩包放进 input，不用改名。可以双击“{WATCH.name}”，随到随查，关窗口即停。"
                f"到了哪一步、谁还没报，双击“{STATUS.name}”。"),
            ("评分", f"双击“{RUN.name}”。做完自动打开 output 里的“{summary}”，窗口最后是结论和下一步。"),
            ("退回", "把 output 里“退回修改”的文件发回部门；改好的放进 input，再评分，直到没有退回。"),
            ("复核", f"要复核的，双击“{REVIEW.name}”，窗口里问复核哪些。output 里“复核”的表填好后放进 {BUREAU_FOLDER}，"
                "再评分。"),
            ("公布", f"把 output 里“部门结果”的文件发给部门；要 Word 文书，双击“{DOCUMENTS.name}”。"),
        ))),
        ("二、文件夹里有什么", _named("名称", "里面是什么", (
            ("input", "部门报送的文件。程序只读不改；旧的不用删，以新的为准。"),
            ("output", "评分结果，每次评分整批换新。自己的文件请放在别处。"),
            (BUREAU_FOLDER, "财政部门自己的文件：填报模板、部门名录、豁免、财政核定数、文书模板和评分方案。"),
            (PREVIOUS_FOLDER, "把上年度的 output 文件夹复制进去，评分和复核表就自动与上年对比；没有的空着。"),
            (EARLIER, f"年初的绩效目标：双击“{TARGET_TEMPLATES.name}”，发出收回后双击“{TARGETS.name}”。"
                f"年中的运行监控：同样双击“{MONITORING_TEMPLATES.name}”“{MONITORING.name}”。"
                f"{_of_periods(schemes)}名录、input 与评分共用。"),
            (OTHERS, "给其他电脑（Windows、macOS、Linux）双击的文件，用法相同。"),
        ))),
        ("三、窗口最后的结论", _named("结论", "怎么办", (
            ("收到的全部评分", "没有退回。核对汇总的排名和“问题清单”。"),
            ("有退回或无法受理", "已经评分；按步骤 6 退回，原因在汇总的“收件清单”“问题清单”。"),
            ("没有做成", "用法、名单或方案有错，原有结果没有改动。按窗口里“错误”后面的话改好，再双击一次。"),
            ("没有找到 perfxl", "这台电脑没有装好。打开离线安装包，双击“安装”；装过的，请技术人员重做 perfxl init。"),
        ))),
        ("四、双击没有反应", _named("系统", "怎么办", (
            ("Windows", "提示“Windows 已保护你的电脑”时，点“更多信息”，再点“仍要运行”。"),
            ("macOS", "第一次按住 Control 点文件，选“打开”。"),
            ("Linux", "右键选“允许启动”或“作为程序运行”；或在终端里写 sh 加文件名。"),
            ("各种系统", "这些文件要留在这个文件夹里；想放在桌面上，请放快捷方式。"),
        ))),
    ]  # fmt: skip


def _of_periods(schemes: Sequence[Scheme]) -> str:
    """Which starters are there for the periods after the first."""
    first, *others = shared_periods(map(periods_of, schemes)) or ("",)
    return f"方案有几个监控期间：这两个用于{first}，其余的名称后写着期间。" if others else ""


def _numbered(first: str, second: str, lines: Sequence[tuple[str, str]]) -> Rows:
    return [("", first, second), *((str(number), *line) for number, line in enumerate(lines, 1))]


def _named(first: str, second: str, lines: Sequence[tuple[str, str]]) -> Rows:
    return [("", *line) for line in ((first, second), *lines)]
