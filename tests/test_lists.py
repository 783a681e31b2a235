"""The bureau's own lists, read from workbooks as clerks leave them: roster and accepted findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from perfxl.checks.finding import Finding, Severity
from perfxl.cli.app import perfxl
from perfxl.errors import ListError, UsageError
from perfxl.intake.submission import read_submission
from perfxl.layout import layout_of
from perfxl.lists.exemptions import ByDepartment, Exemption, accept, read_exemptions, without_effect, write_exemptions
from perfxl.lists.roster import Roster, read_roster, write_roster
from perfxl.scheme import dump_toml
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from perfxl.xlsx.paper import MANY
from tests.form_schemes import project_scheme

ROSTER = ("部门代码", "部门名称", "部门类别", "联系人", "联系电话")
EXEMPTIONS = ("部门代码", "问题代码", "理由", "批准人", "批准日期", "有效期至", "单元格")
ONE = ("440118001", "第一示例局", "党政机关")
TWO = ("440118002", "第二示例局", "镇街")


def book(path: Path, *rows: Sequence[Any], above: int = 1, sheet: str = "部门名录") -> Path:
    """A workbook with rows below so many lines of other text."""
    workbook = Workbook()
    page = workbook.active
    page.title = sheet
    for number in range(above):
        page.cell(number + 1, 1).value = f"第 {number + 1} 行说明"
    for number, values in enumerate(rows, above + 1):
        for column, value in enumerate(values, 1):
            page.cell(number, column).value = value
    workbook.save(path)
    return path


def faults(error: pytest.ExceptionInfo[ListError]) -> list[str]:
    """Place, without the sheet, and words of each fault."""
    return [f"{fault.place.rpartition('”')[2]} {fault.what}" for fault in error.value.faults]


def names(roster: Roster | None) -> list[tuple[str, str, str]]:
    assert roster is not None
    return [(code, listed.name, listed.category) for code, listed in roster.departments.items()]


# The roster


def test_a_roster_keeps_its_order_and_is_asked_by_code_and_name(scheme: Scheme, tmp_path: Path) -> None:
    rows = (*TWO, "张三", "020-1"), (None, None, None), ("４４０１１８００１", " 第一示例局 ", "党政机关")
    roster = read_roster(book(tmp_path / "a.xlsx", ROSTER, *rows), scheme)
    assert names(roster) == [TWO, ONE]
    assert roster is not None
    assert (roster.departments["440118002"].contact, roster.departments["440118002"].phone) == ("张三", "020-1")
    assert roster.of_name("第一 示例局") is roster.of_name("没有") is None
    assert roster.of_name("第一示例局") is roster.departments["440118001"]


def test_codes_that_are_numbers_come_without_a_fraction(scheme: Scheme, tmp_path: Path) -> None:
    roster = read_roster(book(tmp_path / "a.xlsx", ROSTER, (440118001, *ONE[1:])), scheme)
    assert names(roster) == [ONE]


@pytest.mark.parametrize("above", [0, 1, 9])
def test_headings_stand_in_the_first_ten_rows(above: int, scheme: Scheme, tmp_path: Path) -> None:
    assert names(read_roster(book(tmp_path / "a.xlsx", ROSTER, ONE, above=above), scheme)) == [ONE]


def test_headings_further_down_are_not_found(scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(ListError) as error:
        read_roster(book(tmp_path / "a.xlsx", ROSTER, ONE, above=10), scheme)
    (fault,) = map(str, error.value.faults)
    assert "工作表“部门名录”" in fault and "部门代码、部门名称、部门类别" in fault


def test_the_row_with_most_headings_counts(scheme: Scheme, tmp_path: Path) -> None:
    above = ("部门名称", None, "联系人")
    turned = (ROSTER[2], ROSTER[0], ROSTER[1])
    path = book(tmp_path / "a.xlsx", above, turned, (ONE[2], ONE[0], ONE[1]))
    assert names(read_roster(path, scheme)) == [ONE]


def test_of_two_rows_of_headings_the_first_counts(scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(ListError) as error:
        read_roster(book(tmp_path / "a.xlsx", ROSTER, ROSTER, ONE), scheme)
    assert faults(error) == ["单元格 C3 部门类别“部门类别”不在评分方案中"]


def test_cells_are_counted_from_the_first_column_of_the_sheet(scheme: Scheme, tmp_path: Path) -> None:
    rows = [(None, None, *values) for values in (ROSTER, (*ONE[:2], None))]
    with pytest.raises(ListError) as error:
        read_roster(book(tmp_path / "a.xlsx", (), *rows, above=0), scheme)
    assert "单元格 E3 “部门类别”没有填写" in faults(error)[0]


def test_the_first_of_two_columns_with_one_heading_counts(scheme: Scheme, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", (*ROSTER[:3], "部门名称"), (*ONE, "另一个名称"))
    assert names(read_roster(path, scheme)) == [ONE]


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_required_column_that_is_gone_is_named(missing: int, scheme: Scheme, tmp_path: Path) -> None:
    headings = [text for number, text in enumerate(ROSTER) if number != missing]
    with pytest.raises(ListError) as error:
        read_roster(book(tmp_path / "a.xlsx", headings, ONE), scheme)
    assert f"缺少标题“{ROSTER[missing]}”" in faults(error)[0]


def test_columns_that_may_be_missing_may_be_missing(scheme: Scheme, tmp_path: Path) -> None:
    assert names(read_roster(book(tmp_path / "a.xlsx", ROSTER[:3], ONE), scheme)) == [ONE]


def test_what_is_not_filled_is_named_with_its_cell(scheme: Scheme, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ROSTER, (*ONE[:2], "　"), TWO, (None, None, None, "张三"))
    with pytest.raises(ListError) as error:
        read_roster(path, scheme)
    assert faults(error) == [
        "单元格 C3 “部门类别”没有填写",
        "单元格 A5 “部门代码”没有填写",
        "单元格 B5 “部门名称”没有填写",
        "单元格 C5 “部门类别”没有填写",
    ]


def test_what_stands_twice_is_named_with_both_rows(scheme: Scheme, tmp_path: Path) -> None:
    other = ("440118003", ONE[1], "镇街")
    path = book(tmp_path / "a.xlsx", ROSTER, ONE, TWO, (ONE[0], "第三示例局", "镇街"), other, (*ONE[:1], "四", "镇街"))
    with pytest.raises(ListError) as error:
        read_roster(path, scheme)
    assert faults(error) == [
        "单元格 A5 部门代码“440118001”与第 3 行重复",
        "单元格 A7 部门代码“440118001”与第 3 行重复",
        "单元格 B6 部门名称“第一示例局”与第 3 行重复",
    ]


def test_a_category_that_the_scheme_does_not_have_is_named(scheme: Scheme, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ROSTER, ONE, (*TWO[:2], "企业"))
    with pytest.raises(ListError) as error:
        read_roster(path, scheme)
    assert faults(error) == ["单元格 C4 部门类别“企业”不在评分方案中"]
    assert "党政机关、群团机关、事业单位、镇街" in error.value.faults[0].advice


def test_the_blank_roster_of_the_templates_is_none(scheme: Scheme, tmp_path: Path) -> None:
    write_roster(tmp_path / "a.xlsx")
    assert read_roster(tmp_path / "a.xlsx", scheme) is None
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet["A1"].value == "部门名录" and "未报送" in str(sheet["A2"].value)
    assert [cell.value for cell in sheet[3]] == [*ROSTER, "延期至", "复核人", "曾用名称或代码"]
    assert {sheet.cell(row, column).number_format for row in (4, 203) for column in (1, 5)} == {"@"}
    assert {sheet.cell(row, 6).number_format for row in (4, 203)} == {"yyyy-mm-dd"}
    assert {sheet.cell(row, 1).fill.fgColor.rgb for row in (4, 203)} == {"FFFFF8DB"}, "the colour of the template"
    assert sheet.column_dimensions["A"].number_format == "@", "codes below the last row keep their zeros"
    assert (sheet.freeze_panes, sheet.page_setup.orientation) == ("C4", "landscape")
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.paperSize) == (MANY, 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3" and sheet.auto_filter.ref == "A3:H203"
    assert sheet.column_dimensions["B"].width == pytest.approx(36, abs=1)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken", b"text"])
def test_a_file_that_is_no_workbook_is_told(content: bytes | None, scheme: Scheme, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(UsageError) as error:
        read_roster(tmp_path / "a.xlsx", scheme)
    assert "a.xlsx" in str(error.value)
    assert ("请检查路径" in str(error.value)) is (content is None)
    assert "Errno" not in str(error.value)
    assert ("文件已损坏" in str(error.value)) is (content == b"PK\x03\x04 broken")


# Accepted findings

ACCEPTED = ("440118001", "e302", "已核实", "李四", "2023-04-10", None, None)


def test_an_acceptance_as_a_clerk_writes_it(tmp_path: Path) -> None:
    rows = ACCEPTED, (440118001, "Ｅ１０１", "补报", "王五", datetime(2023, 4, 11), date(2023, 12, 31), "ｃ12")
    one, two = read_exemptions(book(tmp_path / "a.xlsx", EXEMPTIONS, *rows, sheet="豁免"))
    assert one == Exemption(3, "440118001", "E302", "已核实", "李四", date(2023, 4, 10), None, "")
    assert two == Exemption(4, "440118001", "E101", "补报", "王五", date(2023, 4, 11), date(2023, 12, 31), "C12")


def test_dates_that_are_none_are_named_with_their_row(tmp_path: Path) -> None:
    rows = (*ACCEPTED[:4], "四月", None, None), (*ACCEPTED[:5], "年底", None), ACCEPTED
    with pytest.raises(ListError) as error:
        read_exemptions(book(tmp_path / "a.xlsx", EXEMPTIONS, *rows))
    assert faults(error) == ["单元格 E3 批准日期“四月”不是日期", "单元格 F4 有效期至“年底”不是日期"]


def test_acceptances_stand_in_their_own_sheet_of_a_roster(scheme: Scheme, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ROSTER, ONE)
    assert read_exemptions(path, in_roster=True) == ()
    assert names(read_roster(path, scheme)) == [ONE]
    workbook = load_workbook(path)
    sheet = workbook.create_sheet(" 豁免 ")
    for values in (EXEMPTIONS, ACCEPTED):
        sheet.append(values)
    workbook.save(path)
    assert [item.code for item in read_exemptions(path, in_roster=True)] == ["E302"]
    assert names(read_roster(path, scheme)) == [ONE], "of several sheets the first is the roster"


def test_the_blank_list_has_no_entry(tmp_path: Path) -> None:
    write_exemptions(tmp_path / "a.xlsx")
    assert read_exemptions(tmp_path / "a.xlsx") == ()


def exemption(until: date | None = None, cell: str = "", code: str = "E302", row: int = 3) -> Exemption:
    return Exemption(row, "440118001", code, "已核实", "李四", date(2023, 4, 10), until, cell)


FINDING = Finding("E302", Severity.ERROR, "权重", "a.xlsx", "局", "绩效指标", "H9", "21", "20", "权重合计为 21", "请改")


def test_an_acceptance_holds_to_the_end_of_its_last_day() -> None:
    last = exemption(date(2023, 12, 31))
    assert last.holds_on(date(2023, 12, 31)) and not last.holds_on(date(2024, 1, 1))
    assert exemption().holds_on(date(2099, 1, 1))


def test_an_acceptance_is_for_a_code_a_name_or_a_project() -> None:
    spoken_of = ("某县 教育局", "440118001", "某项目", "440118002", "某县教育局", "440118001")
    items = [replace(exemption(row=row), department=who) for row, who in enumerate(spoken_of)]
    items[-1] = replace(items[-1], until=date(2023, 1, 1))
    listed = ByDepartment(items)

    def rows(code: str, name: str, project: str = "") -> list[int]:
        return [item.row for item in listed.of(code, name, project, date(2023, 5, 1))]

    # In the order of the list, each once, without what has expired.
    assert rows("440118001", "某县教育局") == [0, 1, 4]
    assert rows("", "某县教育局") == [0, 4] and rows("440118002", "其他局") == [3]
    assert rows("440118002", "其他局", "某项目") == [2, 3] and rows("440118002", "某项目", "另一项目") == [2, 3]
    assert rows("1", "无人") == []


@pytest.mark.parametrize(
    ("code", "cell", "covers"),
    [("E302", "", True), ("E302", "H9", True), ("E302", "H10", False), ("E303", "", False), ("E303", "H9", False)],
)
def test_an_acceptance_covers_its_code_and_its_cell(code: str, cell: str, covers: bool) -> None:
    assert exemption(cell=cell, code=code).covers(FINDING) is covers


def test_an_accepted_finding_is_no_error_and_says_who_accepted_it() -> None:
    accepted = accept(FINDING, exemption())
    assert accepted.severity is Severity.INFO and accepted.code == "E302"
    assert "已豁免" in accepted.title
    for word in ("权重合计为 21", "已核实", "李四", "2023-04-10"):
        assert word in accepted.message


def test_what_had_no_effect_is_told_once_with_its_reason() -> None:
    today = date(2023, 6, 1)
    used, idle = exemption(row=3), exemption(row=4, cell="H10")
    ended, last_day = exemption(date(2023, 5, 31), row=5), exemption(today, row=6)
    unknown = exemption(code="E999", row=7)
    told = without_effect(
        [used, idle, ended, last_day, unknown], {used, ended, last_day}, set(), {"E302"}, today, "豁免.xlsx"
    )
    assert [(item.cell, item.value) for item in told] == [("A4", "E302"), ("A5", "E302"), ("A7", "E999")]
    assert ["没有用上" in item.message for item in told] == [True, False, False]
    assert ["到期" in item.message for item in told] == [False, True, False]
    assert "不存在" in told[2].message
    assert {item.file for item in told} == {"豁免.xlsx"}


def test_numbers_in_a_list_are_written_as_a_person_does(scheme: Scheme, tmp_path: Path) -> None:
    rows = (12.5, "甲", "镇街", 7, float(Decimal("0.1"))), ("2", "乙", "镇街", "2023.4.1", datetime(2023, 4, 1))
    roster = read_roster(book(tmp_path / "a.xlsx", ROSTER, *rows), scheme)
    assert roster is not None
    one, two = roster.departments["12.5"], roster.departments["2"]
    assert (one.contact, one.phone) == ("7", "0.1")
    assert (two.contact, two.phone) == ("2023.4.1", "2023-04-01"), "a date is written out, a text stays"


# A roster of projects, and one in a scheme's own words

PROJECTS = ("预算单位编码", "主管部门", "项目名称", "部门类别")
EDUCATION, HEALTH = ("440118001", "示例教育局"), ("440118002", "示例卫生局")


def project_rows(*rows: tuple[str, str, str | None]) -> list[tuple[str | None, ...]]:
    return [(code, name, project, "本级") for code, name, project in rows]


@pytest.mark.parametrize("headings", [PROJECTS, ("部门代码", "部门名称", "项目名称", "部门类别")])
def test_a_roster_of_projects_has_a_row_for_each(headings: tuple[str, ...], tmp_path: Path) -> None:
    rows = project_rows((*EDUCATION, "校园信息化"), (*EDUCATION, "教室改造"), (*HEALTH, None))
    roster = read_roster(book(tmp_path / "a.xlsx", headings, *rows), project_scheme())
    assert roster is not None
    assert [(row.code, row.project) for row in roster.rows] == [
        ("440118001", "校园信息化"), ("440118001", "教室改造"), ("440118002", ""),
    ]  # fmt: skip
    unit = roster.of_name("示例教育局")
    assert unit is roster.of_code("０440118001") is roster.departments["440118001"]
    assert unit is not None and [row.project for row in roster.rows_of(unit)] == ["校园信息化", "教室改造"]


def test_projects_may_be_left_out(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", PROJECTS[:2] + PROJECTS[3:], (*EDUCATION, "本级"))
    roster = read_roster(path, project_scheme())
    assert roster is not None and [row.project for row in roster.rows] == [""]


def test_departments_have_no_projects(scheme: Scheme, tmp_path: Path) -> None:
    """A column that the roster of departments does not know."""
    path = book(tmp_path / "a.xlsx", (*ROSTER, "项目名称"), (*ONE, "", "", "甲"))
    roster = read_roster(path, scheme)
    assert roster is not None and [row.project for row in roster.rows] == [""]
    assert roster.rows_of(roster.rows[0]) == (roster.rows[0],)
    with pytest.raises(ListError):
        read_roster(
            book(tmp_path / "b.xlsx", (*ROSTER, "项目名称"), (*ONE, "", "", "甲"), (*ONE, "", "", "乙")), scheme
        )


def test_what_contradicts_itself_in_a_roster_of_projects(tmp_path: Path) -> None:
    rows = project_rows(
        (*EDUCATION, "校园信息化"), (*EDUCATION, "校园 信息化"), (EDUCATION[0], "教育局", "甲"),
        ("440118009", "示例教育局", "乙"),
    )  # fmt: skip
    with pytest.raises(ListError) as error:
        read_roster(book(tmp_path / "a.xlsx", PROJECTS, *rows), project_scheme())
    assert faults(error) == [
        "单元格 C4 预算单位编码“440118001”的项目“校园 信息化”与第 3 行重复",
        "单元格 A5 预算单位编码“440118001”与第 3 行相同，主管部门却不同",
        "单元格 B6 主管部门“示例教育局”与第 3 行相同，预算单位编码却不同",
    ]


def test_the_blank_roster_of_projects_has_a_column_for_them(tmp_path: Path) -> None:
    write_roster(tmp_path / "a.xlsx", project_scheme())
    assert read_roster(tmp_path / "a.xlsx", project_scheme()) is None
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3]] == [*PROJECTS, "联系人", "联系电话", "延期至", "复核人", "曾用名称或代码"]
    assert "没有报送的项目" in str(sheet["A2"].value)


def test_a_category_is_called_as_the_scheme_calls_it(tmp_path: Path) -> None:
    scheme = project_scheme(('name_label = "主管部门"', 'name_label = "主管部门"\ncategory_label = "单位性质"'))
    path = book(tmp_path / "a.xlsx", (*PROJECTS[:3], "单位性质"), (*EDUCATION, "甲", "企业"))
    with pytest.raises(ListError) as error:
        read_roster(path, scheme)
    assert faults(error) == ["单元格 D3 单位性质“企业”不在评分方案中"]


def test_a_roster_of_projects_makes_a_template_for_each(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(dump_toml(project_scheme()), "utf-8")
    rows = project_rows((*EDUCATION, "校园信息化"), (*EDUCATION, "教室改造"), (*HEALTH, None))
    listed = book(tmp_path / "名录.xlsx", PROJECTS, *rows)
    arguments = ["template", "--scheme", str(tmp_path / "own.toml"), "--roster", str(listed), "-o", str(tmp_path / "t")]
    done = CliRunner().invoke(perfxl, arguments)
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "t").iterdir()} == {"校园信息化.xlsx", "教室改造.xlsx", "示例卫生局.xlsx"}
    layout = layout_of(project_scheme())
    submission = read_submission((tmp_path / "t" / "教室改造.xlsx").read_bytes(), layout, Limits())
    assert [submission.text(f"department.{key}") for key in ("code", "name", "project", "category")] == [
        *EDUCATION, "教室改造", "本级",
    ]  # fmt: skip


def test_the_lists_beside_a_template_are_those_of_its_scheme(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(dump_toml(project_scheme()), "utf-8")
    done = CliRunner().invoke(perfxl, ["template", "--scheme", str(tmp_path / "own.toml"), "-o", str(tmp_path / "t")])
    assert done.exit_code == 0, done.output
    sheet = load_workbook(tmp_path / "t" / "部门名录.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3]][:4] == list(PROJECTS)
