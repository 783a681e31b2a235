"""The bureau's lists as one kind of thing: their look, how they are read, where they stand, what comes from outside."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from perfxl.cli.app import perfxl
from perfxl.errors import ListError, ListsError, UsageError
from perfxl.intake.known_lists import kind_named_plainly
from perfxl.layout.list_marks import LIST_SHEET, Kind, Mark
from perfxl.lists.columns import Heading
from perfxl.lists.exemptions import read_exemptions, write_exemptions
from perfxl.lists.look import Cell, ListSheet, write_book
from perfxl.lists.opened import open_list
from perfxl.lists.roster import read_roster, write_roster
from perfxl.lists.standing import Standing, standing
from perfxl.lists.table import read_list, table_in
from perfxl.run.gather import gather
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_file import write_scheme_workbook
from tests.books import filled, put
from tests.findings import clean_document
from tests.folders import findings_on, records, run_batch

WIDE = (
    Heading("code", "部门代码", type="code", group="单位", locked=True),
    Heading("name", "部门名称", group="单位", locked=True, required=False),
    Heading("budget", "年初预算", type="money", group="收支情况", required=False),
    Heading("rate", "支付率", type="percent", group="管理效率", required=False),
    Heading("kind", "类别", type="choice", choices=("甲", "乙" * 300), required=False),
)
FIRES = ("W623",)
"""The findings that the tests of this module set off."""
OURS = ("440118001", "第一示例局", "党政机关")


def wide(path: Path, rows: Sequence[dict[str, Any]], **more: Any) -> Path:
    mark = Mark(Kind.OFFICIAL, ("guangzhou-2022",))
    write_book(path, mark, [ListSheet("财政核定数", "财政核定数", ("说明",), WIDE, rows, 5, keyed=True, **more)])
    return path


def changed(path: Path, change: Any) -> Path:
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def put_rows(path: Path, *rows: Sequence[Any], first: int = 4) -> Path:
    def fill(sheet: Any) -> None:
        for number, values in enumerate(rows, first):
            for column, value in enumerate(values, 1):
                sheet.cell(number, column).value = value

    return changed(path, fill)


# The look


def test_what_is_written_is_read_back_and_no_text_becomes_a_formula(tmp_path: Path) -> None:
    rows = [
        {"code": "001", "name": "=1+1", "budget": Decimal("12.5"), "kind": "甲"},
        {"code": "002", "name": "http://a\x07b", "rate": Cell(Decimal("99.5"), alert=True, note="见依据")},
    ]
    path = wide(tmp_path / "a.xlsx", rows)
    entries = read_list(path, WIDE)
    assert entries is not None
    assert [entry.values for entry in entries] == [
        {"code": "001", "name": "=1+1", "budget": "12.5", "rate": "", "kind": "甲"},
        {"code": "002", "name": "http://a\ufffdb", "budget": "", "rate": "99.5", "kind": ""},
    ]
    assert [entry.row for entry in entries] == [6, 7] and entries[1].cell("rate") == "D7"
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet


def test_a_list_has_the_look_of_the_template(tmp_path: Path) -> None:
    path = wide(tmp_path / "a.xlsx", [{"code": "001", "budget": Decimal(1)}], frozen=2, protected=True)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert (sheet["A1"].value, sheet["A2"].value) == ("财政核定数", "说明")
    assert [cell.value for cell in sheet[3]] == ["@code", "@name", "@budget", "@rate", "@kind"]
    assert sheet.row_dimensions[3].hidden and [cell.value for cell in sheet[4]][::2] == ["单位", "收支情况", None]
    fills = [sheet.cell(6, column).fill.fgColor.rgb for column in range(1, 6)]
    assert fills == ["FFEEF0F2", "FFEEF0F2", "FFFFF8DB", "FFFFF8DB", "FFDFECF9"], "grey, yellow, blue"
    assert [sheet.cell(6, column).protection.locked for column in (1, 3, 5)] == [True, False, False]
    assert sheet.protection.sheet and sheet.freeze_panes == "C6" and sheet.auto_filter.ref == "A5:E11"
    assert sheet.print_title_rows == "$4:$5" and sheet.page_setup.orientation == "landscape"
    assert (sheet.cell(6, 1).number_format, sheet.cell(6, 1).font.name) == ("@", "微软雅黑")
    (rule,) = (rule for rule in sheet.data_validations.dataValidation if rule.type == "list")
    assert rule.formula1 == f"{LIST_SHEET}!$D$1:$D$2", "a choice may be longer than a rule holds"
    mark = book[LIST_SHEET]
    assert mark.sheet_state == "veryHidden"
    assert [[cell.value for cell in row[:2]] for row in mark.iter_rows(max_row=3)] == [
        ["kind", "财政核定数"], ["format", "1"], ["scheme", "guangzhou-2022"],
    ]  # fmt: skip


def test_the_same_list_is_the_same_bytes(tmp_path: Path) -> None:
    written = [BytesIO(), BytesIO()]
    for stream in written:
        write_book(stream, Mark(Kind.ROSTER), [ListSheet("甲", "甲", ("一", "二"), WIDE, [{"code": "1"}])])
    assert written[0].getvalue() == written[1].getvalue()


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wide(tmp_path / "a.xlsx", [{"code": "1"}])
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        wide(path, [])
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_list_of_twenty_thousand_rows(scheme: Scheme, tmp_path: Path) -> None:
    rows = [{"code": f"{number:09}", "name": f"第{number}号单位", "category": "镇街"} for number in range(20_000)]
    write_roster(tmp_path / "部门名录.xlsx", scheme, rows)
    roster = read_roster(tmp_path / "部门名录.xlsx", scheme)
    assert roster is not None and roster.lines == len(roster.departments) == 20_000
    assert roster.departments["000000007"].name == "第7号单位"


# Reading


def test_columns_may_be_moved_and_have_others_between_them(tmp_path: Path) -> None:
    path = wide(tmp_path / "a.xlsx", [{"code": "001", "budget": Decimal(7)}])

    def move(sheet: Any) -> None:
        sheet.insert_cols(1)
        sheet["A5"], sheet["A6"] = "我的备注", "留意"
        sheet["D5"] = "改过的标题"

    table = table_in(open_list(changed(path, move)), WIDE)
    assert table is not None and not table.faults
    assert [(entry["code"], entry["budget"], entry.cell("budget")) for entry in table.entries] == [("001", "7", "D6")]


def test_a_heading_over_another_key_is_a_fault_with_its_cell(tmp_path: Path) -> None:
    path = wide(tmp_path / "a.xlsx", [{"code": "001", "budget": Decimal(7)}])

    def swap(sheet: Any) -> None:
        sheet["C5"], sheet["D5"] = "支付率", "年初预算"

    with pytest.raises(ListError) as error:
        read_list(changed(path, swap), WIDE)
    assert [fault.place for fault in error.value.faults] == [
        "工作表“财政核定数”单元格 D5", "工作表“财政核定数”单元格 C5",
    ]  # fmt: skip


def test_keyed_columns_that_nobody_asks_for_are_told_and_kept(tmp_path: Path) -> None:
    path = wide(tmp_path / "a.xlsx", [{"code": "001", "rate": Decimal(98)}])
    table = table_in(open_list(path), WIDE[:3])
    assert table is not None and [dict(entry.more) for entry in table.entries] == [{"rate": "98"}]
    assert [(notice.place[-2:], "支付率" in notice.what) for notice in table.notices] == [("D5", True), ("E5", False)]


def test_a_renamed_heading_of_a_list_of_ours_is_told(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_roster(path, scheme, [dict(zip(("code", "name", "category"), OURS, strict=True))])
    told: list[str] = []
    read_roster(path, scheme, tell=told.append)
    assert told == []
    changed(path, lambda sheet: sheet.__setitem__("E3", "电话"))
    read_roster(path, scheme, tell=told.append)
    assert len(told) == 1 and "单元格 E3" in told[0] and "联系电话" in told[0] and "“电话”" in told[0]


def test_an_error_value_is_a_fault_and_not_a_blank(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_exemptions(path)
    put_rows(path, ("1", "E302", "理由", "李四", "2023-04-10"), ("2", "E302", "=1/0", "李四", "2023-04-10"))
    with pytest.raises(ListError) as error:
        read_exemptions(path)
    assert [(fault.place[-2:], fault.what) for fault in error.value.faults] == [("C5", "是错误值，或公式没有结果")]


def test_an_extension_and_a_reviewer_are_read_from_the_roster(scheme: Scheme, tmp_path: Path) -> None:
    write_roster(tmp_path / "a.xlsx", scheme)
    put_rows(tmp_path / "a.xlsx", (*OURS, None, None, date(2023, 4, 20), "王五"), ("2", "乙", "镇街"))
    roster = read_roster(tmp_path / "a.xlsx", scheme)
    assert roster is not None
    assert [(row.extended, row.reviewer) for row in roster.rows] == [(date(2023, 4, 20), "王五"), (None, "")]
    put_rows(tmp_path / "a.xlsx", (*OURS, None, None, "月底"))
    with pytest.raises(ListError, match="单元格 F4：延期至“月底”不是日期"):
        read_roster(tmp_path / "a.xlsx", scheme)


# Which lists stand in the bureau's folder


def handmade(path: Path, *rows: Sequence[Any], sheet: str = "Sheet1") -> Path:
    book = Workbook()
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


HEADINGS = ("部门代码", "部门名称", "部门类别")


def test_a_list_is_known_by_its_mark_whatever_its_name(scheme: Scheme, tmp_path: Path) -> None:
    write_roster(tmp_path / "随便.xlsx", scheme)
    put_rows(tmp_path / "随便.xlsx", OURS)
    write_exemptions(tmp_path / "部门名录2.xlsx")
    put_rows(tmp_path / "部门名录2.xlsx", ("1", "E302", "x", "李四", "2023-04-10"))
    found = standing(tmp_path, {})
    assert {kind: opened.path.name for kind, opened in found.lists.items()} == {
        Kind.ROSTER: "随便.xlsx", Kind.EXEMPTIONS: "部门名录2.xlsx",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "sheet"), [("2022年部门名录.xlsx", "甲"), ("甲.xlsx", "部门名录"), ("甲.xlsx", "乙")])
def test_a_list_made_by_hand_is_known_too(name: str, sheet: str, tmp_path: Path) -> None:
    handmade(tmp_path / name, HEADINGS, OURS, sheet=sheet)
    found = standing(tmp_path, {})
    assert {kind: opened.path.name for kind, opened in found.lists.items()} == {Kind.ROSTER: name}


def test_blank_lists_and_templates_and_schemes_are_none(scheme: Scheme, tmp_path: Path) -> None:
    CliRunner().invoke(perfxl, ["template", "-o", str(tmp_path)])
    write_scheme_workbook(scheme, tmp_path / "财政核定数.xlsx")
    shutil.copy(next(tmp_path.glob("*填报模板.xlsx")), tmp_path / "豁免 (2).xlsx")
    assert standing(tmp_path, {}) == Standing({})


def test_of_two_of_a_kind_nobody_chooses(scheme: Scheme, tmp_path: Path) -> None:
    first = handmade(tmp_path / "部门名录.xlsx", HEADINGS, OURS)
    shutil.copy(first, tmp_path / "部门名录（备份）.xlsx")
    found = standing(tmp_path, {})
    assert found.lists[Kind.ROSTER].path == first and "内容完全相同" in found.told[0]
    second = handmade(tmp_path / "部门名录（备份）.xlsx", HEADINGS, OURS, ("2", "乙", "镇街"))
    (error,) = standing(tmp_path, {}).errors
    assert all(word in str(error) for word in ("部门名录.xlsx", "部门名录（备份）.xlsx", "--roster"))
    assert standing(tmp_path, {Kind.ROSTER: second}).lists[Kind.ROSTER].path == second
    write_roster(second)
    assert standing(tmp_path, {}).lists[Kind.ROSTER].path == first, "a blank one does not count"
    handmade(second.with_name("通讯录.xlsx"), HEADINGS, OURS, ("3", "丙", "镇街"))
    found = standing(tmp_path, {})
    assert found.lists[Kind.ROSTER].path == first and "通讯录.xlsx" in found.told[0]


def test_faults_of_all_lists_are_told_at_once(scheme: Scheme, tmp_path: Path) -> None:
    handmade(tmp_path / "部门名录.xlsx", HEADINGS, ("", "甲", "镇街"), ("1", "乙", "没有"), ("2", "丙", "镇街"))
    write_exemptions(tmp_path / "豁免.xlsx")
    put_rows(tmp_path / "豁免.xlsx", ("1", "E302", "", "李四", "四月"), ("1", "E302", "x", "李四", "四月"))
    with pytest.raises(ListsError) as error:
        gather(tmp_path, {}, (scheme,), list, print)
    told = str(error.value)
    assert error.value.exit_code == 2
    for words in ("“部门名录.xlsx”有 2 处", "单元格 A2", "单元格 C3", "“豁免.xlsx”有 2 处", "单元格 C4", "单元格 E5"):
        assert words in told


def test_a_list_that_cannot_be_read_is_told_with_the_others(scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "豁免.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "别的.xlsx").write_bytes(b"PK\x03\x04 broken")
    told: list[str] = []
    with pytest.raises(UsageError, match=r"豁免\.xlsx"):
        gather(tmp_path, {}, (scheme,), list, told.append)
    assert len(told) == 1 and "别的.xlsx" in told[0]


# What comes from outside


def in_folder(scheme: Scheme, folder: Path) -> Path:
    """The bureau's lists as a department would have to make them to speak for itself."""
    folder.mkdir(parents=True, exist_ok=True)
    write_roster(folder / "部门名录.xlsx", scheme)
    put_rows(folder / "部门名录.xlsx", ("440118777", "只有我们局", "镇街"))
    write_exemptions(folder / "豁免.xlsx")
    put_rows(folder / "豁免.xlsx", ("440118001", "E202", "自己批的", "自己", "2023-04-10"))
    wide(folder / "财政核定数.xlsx", [{"code": "440118001", "budget": Decimal(1)}])
    write_book(folder / "往来登记.xlsx", Mark(Kind.REGISTER), [ListSheet("往来登记", "往来登记", (), WIDE)])
    write_book(folder / "复核表.xlsx", Mark(Kind.REVIEW), [ListSheet("复核", "复核", (), WIDE)])
    write_scheme_workbook(scheme, folder / "方案.xlsx")
    return folder


def returned(scheme: Scheme, path: Path) -> Path:
    return filled(
        clean_document(put("department.code", "440118001"), put("funds.basic.adjusted", "552.68")), scheme, path
    )


def test_lists_among_the_workbooks_have_no_effect_and_are_told(scheme: Scheme, tmp_path: Path) -> None:
    lists = in_folder(scheme, tmp_path / "made")
    returned(scheme, tmp_path / "in" / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "in" / "示例局.zip", "w") as archive:
        for number, path in enumerate(sorted(lists.iterdir())):
            archive.write(path, path.name)
            archive.write(path, f"示例局{number}.xlsx")
        archive.write(tmp_path / "in" / "a.xlsx", "部门名录 (1).xlsx")
    batch = run_batch(tmp_path / "in", scheme)
    found = records(batch)
    assert found.pop("示例局.zip").status.value == "archive"
    copy = found.pop("示例局.zip/部门名录 (1).xlsx")
    assert (copy.status.value, found.pop("a.xlsx").status.value) == ("duplicate", "returned")
    assert len(found) == 12 and {record.status.value for record in found.values()} == {"list"}
    for path, record in found.items():
        assert record.reason.startswith("来自报送文件夹的") and "workbook_templates" in record.reason
        (finding,) = findings_on(batch, path)
        assert (finding.code, finding.severity.value) == ("W623", "warning")
    assert not [record for record in batch.files if record.status.value == "missing"], "their roster is not asked"
    assert not batch.rostered


def test_a_template_called_like_a_list_is_a_submission(scheme: Scheme, tmp_path: Path) -> None:
    returned(scheme, tmp_path / "in" / "部门名录.xlsx")
    assert records(run_batch(tmp_path / "in", scheme))["部门名录.xlsx"].status.value == "returned"


@pytest.mark.parametrize(
    ("name", "status"),
    [("部门名录.xlsx", "list"), ("豁免名单（2）.xlsx", "list"), ("财政核定数 副本.xlsx", "list"),
     ("关于豁免的填报.xlsx", "rejected"), ("示例局.xlsx", "rejected")],
)  # fmt: skip
def test_of_what_cannot_be_opened_the_name_alone_tells(name: str, status: str, scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(b"PK\x03\x04 broken")
    assert records(run_batch(tmp_path / "in", scheme))[name].status.value == status
    assert (kind_named_plainly(name) is not None) is (status == "list")


def test_a_list_by_hand_among_the_workbooks_is_told(scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    handmade(tmp_path / "in" / "甲.xlsx", HEADINGS, OURS)
    handmade(tmp_path / "in" / "乙.xlsx", ("随便", "什么"))
    found = records(run_batch(tmp_path / "in", scheme))
    assert {path: record.status.value for path, record in found.items()} == {"甲.xlsx": "list", "乙.xlsx": "rejected"}


# The command


def call(*arguments: str) -> Result:
    words = ["run", *arguments, "--no-department-books", "--summary-sheets", "0"]
    result = CliRunner().invoke(perfxl, words, standalone_mode=False)
    assert result.exception is None, result.exception
    return result


@pytest.fixture
def year(scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A year's folder with one workbook that is returned, and the blank lists."""
    monkeypatch.chdir(tmp_path)
    returned(scheme, tmp_path / "input" / "a.xlsx")
    assert CliRunner().invoke(perfxl, ["template"]).exit_code == 0
    return tmp_path


def run_json(year: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((year / "output" / "run.json").read_text("utf-8"))
    return document


def test_lists_of_the_bureaus_folder_apply_by_themselves_and_say_so(year: Path) -> None:
    first = call()
    assert first.return_value == 3 and "使用" not in first.output and "未报送 —（未提供部门名录）" in first.output
    assert [item["path"] for item in run_json(year)["files"]] == ["a.xlsx"]
    folder = year / "workbook_templates"
    name = next(item["name"] for item in run_json(year)["departments"])
    put_rows(folder / "部门名录.xlsx", ("440118001", name, "群团机关"), ("440118002", "没有报送的局", "镇街"))
    (folder / "豁免.xlsx").rename(folder / "本年度批准事项.xlsx")
    put_rows(
        folder / "本年度批准事项.xlsx", ("440118001", "E202", "尾差", "李四", "2023-04-10"),
        ("没有这个单位", "E202", "尾差", "李四", "2023-04-10"),
    )  # fmt: skip
    done = call()
    assert done.return_value == 0, done.output
    assert "使用部门名录：workbook_templates/部门名录.xlsx（2 行，2 行生效）" in done.output
    assert "收到 1 个文件" in done.output and "未报送 1" in done.output
    assert "本年度批准事项.xlsx  已采用：2 行，1 行生效；没有生效：第 5 行" in done.output
    listed = {item["path"]: item for item in run_json(year)["files"] if item["status"] == "list"}
    assert set(listed) == {"workbook_templates/部门名录.xlsx", "workbook_templates/本年度批准事项.xlsx"}
    assert all(len(item["sha256"]) == 64 and item["bytes"] for item in listed.values())
    sheet = load_workbook(year / "output" / "2022年度绩效评价汇总.xlsx")["收件清单"]
    assert [row[3] for row in sheet.iter_rows(min_row=4, values_only=True)].count("财政名单") == 2


def test_a_roster_in_the_input_folder_is_not_asked(year: Path) -> None:
    write_roster(year / "input" / "部门名录.xlsx")
    put_rows(year / "input" / "部门名录.xlsx", ("440118002", "没有报送的局", "镇街"))
    done = call()
    assert "使用部门名录" not in done.output and "注意：部门名录.xlsx" in done.output and "财政名单 1" in done.output
    overview = load_workbook(year / "output" / "2022年度绩效评价汇总.xlsx").worksheets[0]
    cells = [str(cell) for row in overview.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "财政名单没有采用" in cells and "部门名录.xlsx" in cells and "—（未提供部门名录）" in cells
    named = call("--roster", "input/部门名录.xlsx")
    assert "使用部门名录：input/部门名录.xlsx" in named.output and "未报送 1" in named.output
    assert [item["path"] for item in run_json(year)["files"]] == ["a.xlsx", "input/部门名录.xlsx"]


@pytest.mark.parametrize("folder", [".", "workbook_templates"])
def test_the_bureaus_folder_within_the_input_is_not_sent_by_anybody(folder: str, year: Path) -> None:
    put_rows(year / "workbook_templates" / "部门名录.xlsx", ("440118002", "没有报送的局", "镇街"))
    call(folder)
    statuses = {item["path"]: item["status"] for item in run_json(year)["files"]}
    assert statuses.pop("workbook_templates/部门名录.xlsx") == "list"
    if folder == ".":
        assert statuses == {"input/a.xlsx": "returned"}
    else:
        assert "部门名录.xlsx" not in statuses


def test_a_mark_counts_before_sheets_that_are_called_like_the_templates(scheme: Scheme, tmp_path: Path) -> None:
    path = returned(scheme, tmp_path / "in" / "a.xlsx")
    book = load_workbook(path)
    del book["_meta"]
    for values in Mark(Kind.OFFICIAL).rows:
        (book[LIST_SHEET] if LIST_SHEET in book.sheetnames else book.create_sheet(LIST_SHEET)).append(values)
    book.save(path)
    assert records(run_batch(tmp_path / "in", scheme))["a.xlsx"].reason.startswith("来自报送文件夹的财政核定数")
