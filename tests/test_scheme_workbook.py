"""The scheme workbook as clerks edit it: what still loads, and what is told with sheet and cell."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from perfxl.errors import OutputError, UsageError
from perfxl.rules import rule_kinds
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.raw_scheme import TABLES
from perfxl.scheme.workbook_file import column_letters, read_workbook, write_scheme_workbook
from tests.scheme_files import (
    Book,
    book_faults,
    book_scheme,
    edited,
    exported,
    exported_now,
    only,
    toml_faults,
    workbook,
)


def place(sheet: str, cell: str) -> str:
    return f"工作表“{sheet}”单元格 {cell}"


# --- what a clerk may do


def shuffle_columns(book: Book) -> None:
    book["三级指标"] = [row[:1] + list(reversed(row[1:])) for row in book["三级指标"]]
    book["填报事项"] = [list(reversed(row)) for row in book["填报事项"]]


def blank_rows(book: Book) -> None:
    for sheet in ("三级指标", "评分规则", "部门类别"):
        rows = book[sheet]
        width = len(rows[0])
        rows.insert(5, [""] * width)
        rows.insert(4, [" \u3000\u200b"] * width)
        rows += [[""] * width] * 30


def numbers_as_text(book: Book) -> None:
    book["三级指标"][2][3] = "２０"
    book["检查界线"][2][1] = " 0.1 "
    book["选项"][3][1] = "０．６"
    book["评分规则"][12][2] = "０.1"


def no_note_row(book: Book) -> None:
    for table in TABLES:
        del book[table.sheet][0]


def wide_and_spaced_headings(book: Book) -> None:
    book["三级指标"][1] = [f" {heading[:1]} {heading[1:]}\u3000" for heading in book["三级指标"][1]]
    book["检查界线"][8][0] = "自评与复核之差(关注)"


def codes_instead_of_words(book: Book) -> None:
    settings = {spec.label: name for rule in rule_kinds().values() for name, spec in rule.settings().items()}
    titles = {rule.title: kind for kind, rule in rule_kinds().items()}
    for row in book["三级指标"][2:]:
        row[4] = titles.get(row[4], row[4])
    for row in book["评分规则"][2:]:
        row[1] = {"一票否决": "fatal", "档次": "tiers"}.get(row[1], row[1])
    for row in book["填报事项"][2:]:
        row[2] = {"金额": "money", "个数": "count"}.get(row[2], row[2])
    assert settings["一票否决"] == "fatal"


def other_sheets_and_remarks(book: Book) -> None:
    book["我的草稿"] = [["随便写"]]
    del book["规则说明"], book["说明"]
    book["三级指标"] = [[*row, "备注" if number == 1 else "同上年"] for number, row in enumerate(book["三级指标"])]


def moved_table(book: Book) -> None:
    book["等级"] = [["", ""], ["", ""], *[["", "", *row] for row in book["等级"]]]


def booleans(book: Book) -> None:
    book["选项"][2][1] = False


def sheet_order(book: Book) -> None:
    names = list(book)
    items = [(name, book.pop(name)) for name in reversed(names)]
    book.update(items)


EDITS = [
    shuffle_columns,
    blank_rows,
    numbers_as_text,
    no_note_row,
    wide_and_spaced_headings,
    codes_instead_of_words,
    other_sheets_and_remarks,
    moved_table,
    booleans,
    sheet_order,
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_edits_that_change_nothing(edit: Callable[[Book], None], scheme: Scheme) -> None:
    book = exported()
    before = str(book)
    edit(book)
    assert str(book) != before
    assert book_scheme(book) == scheme


def test_a_clerk_makes_next_year() -> None:
    book = exported()
    header = {row[0]: row for row in book["方案信息"]}
    header["方案代码"][1] = "gz-2023"
    header["版本"][1] = 1.1
    header["评价年度"][1] = 2023.0
    book["一二级指标"][4][1] = 49.5
    book["一二级指标"].append(["专项效能", 0.5, "履职效能"])
    book["三级指标"][4][3] = 9.5
    book["三级指标"].append(["A04", "专项效能", "专项资金使用", 0.5, "评判计分", ""])
    changed = book_scheme(book)
    assert (changed.id, changed.year, changed.header.version) == ("gz-2023", 2023, "1.1")
    assert changed.indicators[-1].level1 == "履职效能"
    assert changed.indicators[-1].rule.kind == "judged"
    assert changed.indicator_by_code["A03"].points == Decimal("9.5")


def test_a_date_cell_is_a_text() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as file:
        sheet = file.add_worksheet("方案信息")
        sheet.write_row(0, 0, ["项目", "内容"])
        sheet.write_string(1, 0, "报送截止日期")
        sheet.write_datetime(1, 1, datetime.date(2024, 3, 31), file.add_format({"num_format": "yyyy-mm-dd"}))
    raw = read_workbook(buffer.getvalue(), "x.xlsx")
    assert str(raw.tables["header"].rows[0].cells["deadline"].value) == "2024-03-31"


# --- what is told


FAULTS: dict[str, tuple[str, str, object, str]] = {
    # sheet, cell, what is written there, words of the fault
    "not a number": ("三级指标", "D7", "三分", "“分值”：“三分”不是数字"),
    "percent": ("评分规则", "C13", "10%", "10% 写 0.1"),
    "date in a number": ("检查界线", "B3", "2022年", "不是数字"),
    "blank": ("三级指标", "C9", "　", "没有填写“三级指标”"),
    "choice": ("填报事项", "C5", "钱", "应为“金额”、“个数”、“是/否”、“文字”、“百分数”、“数值”之一"),
    "yes or no": ("选项", "B3", "开", "不是“是”或“否”"),
    "kind": ("三级指标", "E6", "比列计分", "是否应为“比例计分”"),
    "setting": ("评分规则", "B7", "分母数", "是否应为“分母”"),
    "fact": ("评分规则", "C9", "new_project_due", "是否应为“new_projects_due”"),
    "points": ("评分规则", "D15", "", "没有填分值"),
    "code of a setting": ("评分规则", "A3", "A001", "是否应为“A01”"),
    "level": ("三级指标", "B4", "整体效果", "是否应为“整体效能”"),
    "year": ("方案信息", "B5", 22, "“评价年度”不能是 22"),
    "share": ("定性结果", "B4", 80, "“得分比例”不能是 80"),
    "heading": ("等级", "C1", None, ""),
}
del FAULTS["heading"]


def write(book: Book, sheet: str, cell: str, value: object) -> None:
    column = ord(cell[0]) - 65
    book[sheet][int(cell[1:]) - 1][column] = value


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_sheet_and_cell(name: str) -> None:
    sheet, cell, value, words = FAULTS[name]
    faults = book_faults(lambda book: write(book, sheet, cell, value))
    if name == "code of a setting":  # the indicator then lacks its setting, which is true as well
        assert faults[0].place == place("三级指标", "E3")
        faults = faults[1:]
    only(faults, place(sheet, cell), words)


def test_the_place_follows_the_table_where_it_was_moved() -> None:
    def edit(book: Book) -> None:
        moved_table(book)
        book["等级"][4][4] = "九十"

    only(book_faults(edit), place("等级", "E5"), "“下限”：“九十”不是数字")


def test_several_faults_at_once() -> None:
    def edit(book: Book) -> None:
        write(book, "选项", "B4", "六成")
        write(book, "三级指标", "D7", -2)
        write(book, "填报事项", "C5", "钱")
        write(book, "封顶和否决", "C4", "八成")
        del book["部门类别"]

    faults = book_faults(edit)
    assert [fault.place for fault in faults if "合计" not in fault.what] == [
        "x.xlsx",
        place("选项", "B4"),
        place("三级指标", "D7"),
        place("填报事项", "C5"),
        place("封顶和否决", "C4"),
    ]
    assert [fault.place for fault in faults if "合计" in fault.what] == [place("一二级指标", "B7")]


def test_a_missing_sheet_is_named_with_its_near_miss() -> None:
    def rename(book: Book) -> None:
        book["三级指标表"] = book.pop("三级指标")

    only(book_faults(rename), "x.xlsx", "缺少工作表“三级指标”", "“三级指标表”就是这张表")
    only(book_faults(lambda book: book.pop("等级")), "x.xlsx", "缺少工作表“等级”", "重新导出")


def test_headings_that_are_misspelt_missing_strange_or_twice() -> None:
    def set_heading(sheet: str, at: int, heading: str) -> Callable[[Book], None]:
        return lambda book: book[sheet][1].__setitem__(at, heading)

    only(book_faults(set_heading("三级指标", 3, "分数值")), place("三级指标", "D2"), "“分数值”，同时缺少“分值”")
    only(book_faults(set_heading("等级", 1, "等极")), place("等级", "B2"), "“等极”，同时缺少“等级”")
    only(book_faults(set_heading("三级指标", 3, "")), "工作表“三级指标”第 2 行", "缺少标题“分值”")
    twice = book_faults(set_heading("等级", 1, "档数"))
    assert [fault.what for fault in twice] == ["标题“档数”出现了两次", "缺少标题“等级”"]

    def strange(book: Book) -> None:
        book["等级"] = [[*row, "颜色" if number == 1 else "红"] for number, row in enumerate(book["等级"])]

    only(book_faults(strange), place("等级", "E2"), "不认识的标题“颜色”", "备注")

    def no_headings(book: Book) -> None:
        del book["等级"][1]

    only(book_faults(no_headings), "工作表“等级”", "没有找到标题行（档数、等级、下限、部门类别）")


def test_items_that_are_misspelt_missing_strange_or_twice() -> None:
    def set_item(row: int, words: str) -> Callable[[Book], None]:
        return lambda book: book["选项"][row].__setitem__(0, words)

    only(book_faults(set_item(3, "完成率底限")), place("选项", "A4"), "“完成率底限”，同时缺少“完成率下限”")
    only(book_faults(set_item(3, "")), "工作表“选项”", "缺少项目“完成率下限”")
    twice = book_faults(set_item(3, "五档等级"))
    assert (place("选项", "A9"), "“五档等级”出现了两次") in [(fault.place, fault.what) for fault in twice]
    only(book_faults(lambda book: book["选项"].append(["加分", 1, ""])), place("选项", "A20"), "不认识的项目“加分”")
    only(book_faults(lambda book: book["选项"].__delitem__(1)), "工作表“选项”", "没有找到标题行（项目、内容）")


def test_labels_in_the_workbook_and_keys_in_toml() -> None:
    faults = book_faults(lambda book: write(book, "三级指标", "D7", "三分"))
    assert "points" not in str(faults[0])
    assert "（floor）" in str(toml_faults(edited(("floor = 0.6", 'floor = "六"')))[0])


# --- files


def test_files_that_are_no_scheme(tmp_path: Path) -> None:
    for name, content, words in (
        ("没有.xlsx", None, "没有找到评分方案"),
        ("方案.docx", b"x", "不能作为评分方案"),
        ("方案.xls", b"x", "另存为 .xlsx"),
        ("guangzhou-1999", None, "guangzhou-2022"),
        ("坏.xlsx", b"not a zip", "不是 Excel 工作簿"),
        ("文件夹.toml", "folder", "无法读取评分方案"),
    ):
        path = tmp_path / name
        if content == "folder":
            path.mkdir()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        with pytest.raises(UsageError, match=words) as caught:
            load_scheme(path)
        assert str(caught.value).endswith("。")
        assert name in str(caught.value)


def test_a_toml_file_from_notepad(tmp_path: Path, scheme: Scheme) -> None:
    text = edited()
    path = tmp_path / "方案.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_scheme(path) == scheme
    path.write_bytes(text.replace("floor = 0.6", 'floor = "六"').replace("\n", "\r\n").encode())
    with pytest.raises(Exception, match="第 22 行"):
        load_scheme(path)
    path.write_bytes(text.encode("gb18030"))
    with pytest.raises(Exception, match="第 1 行：文字不是 UTF-8 编码"):
        load_scheme(str(path))


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused_and_not_read() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as file:
        sheet = file.add_worksheet("三级指标")
        sheet.write_string(0, 0, "指标代码")
        sheet.write_string(1_048_575, 16_383, "x")
    with pytest.raises(UsageError, match="XFD1048576"):
        read_workbook(buffer.getvalue(), "x.xlsx")


def test_writing_where_nothing_can_be_written(tmp_path: Path, scheme: Scheme) -> None:
    (tmp_path / "文件").write_text("x")
    with pytest.raises(OutputError, match="无法写入"):
        write_scheme_workbook(scheme, tmp_path / "文件" / "方案.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    with pytest.raises(OutputError, match="无法写入"):
        write_scheme_workbook(scheme, tmp_path / "夹.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["夹.xlsx", "文件"], "nothing half-written is left"


def test_every_rule_kind_is_explained_in_the_workbook() -> None:
    rows = exported_now()["规则说明"]
    text = "\n".join(str(cell) for row in rows for cell in row)
    for kind, rule in rule_kinds().items():
        assert kind in text
        assert rule.title in text
        for spec in rule.settings().values():
            assert spec.label in text


def test_column_letters() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_the_helper_writes_what_it_reads(scheme: Scheme) -> None:
    assert workbook(exported())
    assert book_scheme(exported()) == scheme
