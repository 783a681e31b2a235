"""财政核定数.xlsx: as it is written, as clerks fill it, and what is wrong with it, all at once with sheet and cell."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.errors import ListError
from perfxl.lists.official_blank import is_blank_official
from perfxl.lists.official_columns import CORRECTIONS, TARGETS, supplied_fields
from perfxl.lists.official_reader import read_official
from perfxl.lists.official_writer import write_official
from perfxl.lists.opened import open_list
from perfxl.lists.roster import Listed, Roster
from perfxl.official import OfficialValues
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from tests.books import filled as filled_workbook
from tests.findings import clean_document
from tests.official_schemes import supplied

TODAY = date(2023, 5, 1)
FIRST, SECOND = Listed("001234", "示例教育局", "党政机关", "", ""), Listed("440118", "示例卫生局", "党政机关", "", "")
ROSTER = Roster({item.code: item for item in (FIRST, SECOND)})


class Filled:
    """A list in the hands of a clerk: the blank one, filled by headings."""

    def __init__(self, path: Path, schemes: list[Scheme], roster: Roster | None = ROSTER) -> None:
        self.path, self.schemes = path, schemes
        write_official(path, schemes, roster)
        self.book = openpyxl.load_workbook(path)

    def head(self, sheet: str) -> int:
        """The row of the headings."""
        rows = self.book[sheet].iter_rows(max_row=8, values_only=True)
        return next(number for number, row in enumerate(rows, 1) if {"部门名称", "项目名称"} & set(row))

    def put(self, sheet: str, row: int, **values: Any) -> str:
        """Writes a row, counted from 1 below the headings, by (parts of) headings; the place of the last cell."""
        page, head = self.book[sheet], self.head(sheet)
        names = {cell.column: str(cell.value) for cell in page[head] if cell.value}
        cell = ""
        for heading, value in values.items():
            column = next(col for col, name in names.items() if name.startswith(heading))
            page.cell(head + row, column).value = value
            cell = page.cell(head + row, column).coordinate
        return f"工作表“{sheet}”单元格 {cell}"

    def correct(self, row: int, code: str, item: str, value: Any, **more: Any) -> str:
        """A line of the corrections."""
        self.put(CORRECTIONS, row, 部门代码=code, 事项=item, **more)
        return self.put(CORRECTIONS, row, 值=value)

    def read(self, told: list[str] | None = None) -> OfficialValues | None:
        """The list as a run reads it."""
        self.book.save(self.path)
        tell = (lambda words: None) if told is None else told.append
        return read_official(self.path, self.schemes, today=TODAY, tell=tell)

    def faults(self) -> list[tuple[str, str]]:
        """Place and words of all faults."""
        with pytest.raises(ListError) as error:
            self.read()
        return [(fault.place, fault.what) for fault in error.value.faults]


@pytest.fixture
def own(scheme: Scheme) -> Scheme:
    return supplied(scheme, targets=True)


@pytest.fixture
def filled(own: Scheme, tmp_path: Path) -> Filled:
    return Filled(tmp_path / "财政核定数.xlsx", [own])


def values(
    known: OfficialValues | None, scheme: Scheme, code: str, name: str = "", project: str = ""
) -> dict[str, Any]:
    """The facts that a list gives a department, by key."""
    assert known is not None
    record = known.record_of(scheme.id, code, name, project)
    return {} if record is None else {key: given.value for key, given in record.facts.items()}


def test_there_is_a_wide_sheet_a_form_with_a_row_a_department(filled: Filled) -> None:
    assert filled.book.sheetnames[:4] == ["收支情况", "管理效率", TARGETS, CORRECTIONS]
    for sheet in ("收支情况", "管理效率"):
        head = filled.head(sheet)
        rows = list(filled.book[sheet].iter_rows(min_row=head, max_row=head + 2, min_col=2, values_only=True))
        assert [row[:2] for row in rows[1:]] == [("001234", "示例教育局"), ("440118", "示例卫生局")]
        assert filled.book[sheet].row_dimensions[3].hidden
    assert "合计支出数（万元）" in [cell.value for cell in filled.book["收支情况"][filled.head("收支情况")]]


def test_the_list_of_a_scheme_without_such_values_only_corrects(scheme: Scheme, tmp_path: Path) -> None:
    write_official(tmp_path / "l.xlsx", scheme)
    assert openpyxl.load_workbook(tmp_path / "l.xlsx").sheetnames[:-1] == [CORRECTIONS]
    assert read_official(tmp_path / "l.xlsx", scheme) is None


def test_a_list_with_departments_and_no_values_is_blank(filled: Filled, own: Scheme) -> None:
    assert filled.read() is None
    assert is_blank_official(open_list(filled.path))
    filled.put("管理效率", 2, 财务管理一般问题数=0)
    assert values(filled.read(), own, "440118") == {"minor_findings": Decimal(0)}
    assert not is_blank_official(open_list(filled.path))


def test_numbers_as_people_write_them(filled: Filled, own: Scheme) -> None:
    filled.put("收支情况", 1, 合计调整预算数="１，２３４．５０", 合计支出数="1,200万元", 公务接待费预算数="—")
    filled.put("管理效率", 1, 财务管理一般问题数="2个", 采购总额=0.1 + 0.2, 账账="有")
    assert values(filled.read(), own, "1234") == {
        "funds.total.adjusted": Decimal("1234.50"), "funds.total.spent": Decimal(1200),
        "minor_findings": Decimal(2), "procurement_total": Decimal("0.3"), "books_match_assets": "是",
    }  # fmt: skip


def test_columns_may_be_moved_and_renamed_and_others_put_between(filled: Filled, own: Scheme) -> None:
    page = filled.book["管理效率"]
    filled.put("管理效率", 1, 财务管理一般问题数=3, 账账="否")
    page.insert_cols(4)
    page.cell(filled.head("管理效率"), 4).value = "备注"
    page.cell(filled.head("管理效率") + 1, 4).value = "审计提供"
    page.cell(filled.head("管理效率"), 5).value = "问题数"
    assert values(filled.read(), own, "001234") == {"minor_findings": Decimal(3), "books_match_assets": "否"}


def test_corrections_count_more_than_the_wide_sheets(filled: Filled, own: Scheme) -> None:
    filled.put("管理效率", 1, 财务管理一般问题数=3)
    filled.put("管理效率", 2, 财务管理一般问题数=4)
    filled.correct(1, "001234", "财务管理一般问题数", 5, 依据="区审〔2023〕5号", 核定人="王五", 日期="2023-04-01")
    filled.correct(2, "001234", "合计年初预算数", "800")
    known = filled.read()
    assert values(known, own, "001234") == {"minor_findings": 5, "funds.total.initial": 800}
    assert values(known, own, "440118") == {"minor_findings": 4}
    assert known is not None
    record = known.record_of(own.id, "001234", "")
    assert record is not None
    given = record.facts["minor_findings"]
    assert (given.basis, given.person, given.day) == ("区审〔2023〕5号", "王五", "2023-04-01")
    assert given.place.startswith("更正!")


def test_a_department_is_found_by_code_and_without_one_by_name(filled: Filled, own: Scheme) -> None:
    filled.put("管理效率", 1, 财务管理一般问题数=3)
    filled.put(CORRECTIONS, 1, 部门名称="示例教育局", 事项="采购总额", 值=7)
    filled.put(CORRECTIONS, 2, 部门名称="示例　水务局", 事项="采购总额", 值=8)
    known = filled.read()
    both = {"minor_findings": 3, "procurement_total": 7}
    assert values(known, own, "１２３４") == values(known, own, "", "示例教育局") == both
    # An unknown code does not hide a known name; a known one goes before it.
    assert values(known, own, "999", "示例教育局") == both
    assert values(known, own, "001234", "示例水务局") == both
    assert values(known, own, "77", "示例水务局") == {"procurement_total": 8}
    assert values(known, own, "77", "示例卫生局") == {}


def test_items_are_named_by_label_with_or_without_unit_or_by_key(filled: Filled, own: Scheme) -> None:
    for row, item in enumerate(("采购总额（万元）", "minor_findings", "　自评按时报送　", "funds.basic.spent"), 1):
        label = own.fact_labels["self_review_on_time"] if "自评" in item else item
        filled.correct(row, "001234", label, "是" if "自评" in item else row)
    assert values(filled.read(), own, "001234") == {
        "procurement_total": 1, "minor_findings": 2, "self_review_on_time": "是", "funds.basic.spent": 4,
    }  # fmt: skip


def test_a_label_that_two_facts_have_is_told_with_both(filled: Filled, own: Scheme) -> None:
    label = own.fact_labels["minor_findings"]
    facts = tuple(
        dataclasses.replace(fact, label=label) if fact.key == "contracts_total" else fact for fact in own.facts
    )
    filled.schemes = [dataclasses.replace(own, facts=facts)]
    filled.correct(1, "001234", label, 1)
    ((place, what),) = filled.faults()
    assert place.startswith(f"工作表“{CORRECTIONS}”") and "2 个" in what
    filled.correct(1, "001234", f"{label}〔contracts_total〕", 1)
    assert values(filled.read(), filled.schemes[0], "001234") == {"contracts_total": 1}


def test_targets_of_kpis(filled: Filled, own: Scheme) -> None:
    filled.put(TARGETS, 1, 部门代码="001234", 三级指标="培训场次", 年度指标值="≥35", 依据="批复")
    filled.put(TARGETS, 2, 部门代码="001234", 三级指标="满意度", 年度指标值=90)
    filled.put(CORRECTIONS, 1, 部门代码="001234", 事项=TARGETS, 三级指标="满意度", 值=95)
    filled.put(CORRECTIONS, 2, 部门代码="440118", 事项=f"{TARGETS}：覆盖率", 值="80")
    known = filled.read()
    assert known is not None
    first, second = (known.record_of(own.id, code, "") for code in ("001234", "440118"))
    assert first is not None and second is not None
    assert {key: given.value for key, given in first.targets.items()} == {"培训场次": 35, "满意度": 95}
    assert {key: given.value for key, given in second.targets.items()} == {"覆盖率": 80}
    assert supplied_fields(known, own, FIRST)["kpis", "1", "target"] == 35


def test_all_faults_at_once_with_sheet_and_cell(filled: Filled) -> None:
    expected = {
        filled.put("管理效率", 1, 财务管理一般问题数="约3"): "不能确定",
        filled.put("管理效率", 2, 财务管理一般问题数=-1): "负数",
        filled.put("管理效率", 1, 账账="大概"): "不在可选范围",
        filled.put("管理效率", 2, 采购总额=5e12): "大得不合常理",
        filled.correct(2, "001234", "采购总额", "1,200元"): "不能确定",
        filled.correct(3, "", "采购总额", 3).replace("E", "A"): "没有写部门代码或部门名称",
        filled.put(CORRECTIONS, 4, 部门代码="1", 事项="采购总额", 值=1, 日期="2023-13-01"): "不是日期",
        filled.put(CORRECTIONS, 5, 部门代码="2", 事项="采购总额", 值=1, 日期="2023-05-02"): "晚于今天",
        filled.put(CORRECTIONS, 6, 部门代码="3", 事项=TARGETS, 值=1).replace("E", "D"): "没有写指标名称",
    }
    found = filled.faults()
    assert {place for place, _ in found} == set(expected)
    assert all(expected[place] in what for place, what in found)


def test_an_unknown_line_stops_nothing_else_and_is_told_with_its_cell(filled: Filled, own: Scheme) -> None:
    filled.correct(1, "001234", "没有的事项", 1)
    filled.correct(2, "001234", "采购总额", 7)
    unknown = filled.correct(3, "001234", "采购总领", 8).rpartition(" ")[2].replace("E", "C")
    told: list[str] = []
    known = filled.read(told)
    assert values(known, own, "001234") == {"procurement_total": 7}
    assert known is not None and known.lines == 3
    assert [line.cell for line in known.passed] == ["C4", unknown] and "采购总额" in known.passed[1].what
    assert len(told) == 1 and "有 2 行没有用上" in told[0] and "C4" in told[0]


def test_lines_of_departments_stop_no_run_of_projects(filled: Filled) -> None:
    filled.correct(1, "001234", "绩效自评按时报送", "否")
    filled.correct(2, "001234", "合计年初预算数", 3)
    filled.put(CORRECTIONS, 3, 部门代码="001234", 事项=TARGETS, 三级指标="培训场次", 值=2)
    filled.schemes = [load_scheme("xiangmu-2020")]
    known = filled.read()
    assert known is not None and known.index.count == 0 and len(known.passed) == 3


def test_twice_the_same_and_twice_something_else(filled: Filled) -> None:
    filled.correct(1, "001234", "采购总额", "12.0")
    filled.correct(2, "1234", "procurement_total", 12)
    filled.read()
    third = filled.correct(3, "001234", "采购总额", 13)
    ((place, what),) = filled.faults()
    assert place == third and "13" in what and "12" in what
    filled.correct(3, "001234", "采购总额", 12)
    filled.put("管理效率", 1, 财务管理一般问题数=1)
    twice = filled.put("管理效率", 3, 部门代码="1234", 财务管理一般问题数=2)
    ((place, what),) = filled.faults()
    assert place.rpartition(" ")[2][1:] == twice.rpartition(" ")[2][1:] and "重复" in what


@pytest.mark.parametrize(
    ("first", "second", "disagree"),
    [
        (("001234", "示例局"), ("", "示例局"), True),
        (("", "示例局"), ("001234", "示例 局"), True),
        (("", "示例局"), ("", "示例局"), True),
        (("001234", ""), ("", "示例局"), False),
        (("001234", "示例局"), ("005678", "示例局"), False),
    ],
)
def test_a_line_with_the_name_alone_cannot_say_something_else(
    first: tuple[str, str], second: tuple[str, str], disagree: bool, filled: Filled
) -> None:
    """The last of the two counted, and nobody was told."""
    for row, (code, name), value in ((1, first, 12), (2, second, 13)):
        filled.put(CORRECTIONS, row, 部门代码=code, 部门名称=name, 事项="采购总额", 值=value, 依据="决算")
    if not disagree:
        filled.read()
        return
    ((place, what),) = filled.faults()
    assert place.endswith("E5") and "写的是 13，第 4 行写的是 12" in what


def test_error_values_and_percentages_are_faults(filled: Filled, own: Scheme) -> None:
    filled.put("管理效率", 1, 采购总额="=1/0")
    page = filled.book["管理效率"]
    row, column = filled.head("管理效率") + 2, 5
    page.cell(row, column).value = 0.5
    page.cell(row, column).number_format = "0%"
    words = [what for _, what in filled.faults()]
    assert len(words) == 2 and any("百分比" in what for what in words) and any("没有结果" in what for what in words)


def test_a_sheet_of_another_scheme_is_told_and_passed_over(filled: Filled, own: Scheme) -> None:
    filled.put("管理效率", 1, 财务管理一般问题数=1)
    filled.schemes = [load_scheme("chongqing-2021")]
    told: list[str] = []
    assert filled.read(told) is None
    assert sum("guangzhou-2022" in words for words in told) == 2


def test_two_schemes_with_the_same_forms_and_projects(own: Scheme, tmp_path: Path) -> None:
    """A department and its project have facts of the same name in two schemes."""
    projects = load_scheme("xiangmu-2020")
    projects = dataclasses.replace(
        projects,
        evaluated=dataclasses.replace(projects.evaluated, funds_sheet="收支情况"),
        funds=tuple(dataclasses.replace(one, bureau=("spent",) if one.is_total else ()) for one in projects.funds),
    )
    (key,) = projects.bureau_facts
    row = Listed("001234", "示例教育局", "项目", "", "", "校园信息化", projects.id)
    parts = {own.id: ROSTER, projects.id: Roster({"001234": row}, [row])}
    both = Filled(tmp_path / "l.xlsx", [own, projects], Roster({"001234": FIRST}, [FIRST, row], parts))
    assert both.book.sheetnames[:3] == ["收支情况", "管理效率", "收支情况（2）"]
    both.put("管理效率", 1, 财务管理一般问题数=1)
    both.put("收支情况（2）", 1, **{projects.fact_labels[key]: 5})
    both.put(CORRECTIONS, 1, 部门代码="001234", 项目名称="校园 信息化", 事项=projects.fact_labels[key], 值=6)
    known = both.read()
    assert values(known, own, "001234") == {"minor_findings": 1}
    assert values(known, projects, "001234", "", "校园信息化") == {key: 6}
    assert values(known, projects, "001234", "", "教室改造") == {}
    both.put(CORRECTIONS, 2, 部门代码="001234", 事项=projects.fact_labels[key], 值=6)
    ((_, what),) = both.faults()
    assert "没有写项目名称" in what


def test_what_waits_on_disk_says_the_same(filled: Filled, own: Scheme, tmp_path: Path) -> None:
    import pickle

    filled.put("管理效率", 1, 财务管理一般问题数=3)
    filled.put(TARGETS, 1, 部门代码="440118", 三级指标="培训场次", 年度指标值=35)
    known = filled.read()
    assert known is not None
    stored = pickle.loads(pickle.dumps(known.on_disk(tmp_path)))
    from perfxl.official.values import _loaded

    again = _loaded(str(stored.path), stored.start, stored.path.stat().st_mtime_ns)
    for code in ("001234", "440118", "9"):
        assert again.record_of(own.id, code, "") == known.record_of(own.id, code, "")
    assert len(pickle.dumps(stored)) < 500


def test_a_line_for_two_schemes_is_used_where_one_of_them_has_its_department(own: Scheme, tmp_path: Path) -> None:
    """The item is called alike in both, and the department is evaluated by one of them."""
    other = dataclasses.replace(own, header=dataclasses.replace(own.header, id="other"))
    both = Filled(tmp_path / "l.xlsx", [own, other], None)
    both.correct(1, "001234", "采购总额", 7)
    both.correct(2, "999", "采购总额", 8)
    both.correct(3, "999", "财务管理一般问题数", 8)
    known = both.read()
    assert known is not None and (known.index.count, known.lines) == (6, 3)
    of = {scheme: known.knows(scheme, "001234", "") for scheme in (own.id, "other")}
    for sent in of.values():
        assert [(owner.code, lines, count) for owner, lines, count in known.index.lost(sent)] == [("999", 2, 2)]
    assert [(owner.code, lines) for owner, lines, _ in known.index.lost(())] == [("1234", 1), ("999", 2)]


def test_lines_with_the_code_and_lines_with_the_name_speak_of_one(filled: Filled, own: Scheme) -> None:
    """Where no line of the list says that they belong together, the workbook does."""
    filled = Filled(filled.path, [own], None)
    filled.put("管理效率", 1, 部门代码="001234", 财务管理一般问题数=1, 采购总额=2)
    filled.put(CORRECTIONS, 1, 部门名称="示例　教育局", 事项="采购总额", 值=7)
    filled.put(CORRECTIONS, 2, 部门名称="示例卫生局", 事项="采购总额", 值=8)
    known = filled.read()
    assert known is not None
    assert values(known, own, "1234", "示例教育局") == {"minor_findings": 1, "procurement_total": 7}
    assert next(known.index.lost(known.knows(own.id, "1234", "示例教育局")))[0].shown == "示例卫生局"
    filled.put(CORRECTIONS, 3, 部门代码="001234", 事项="采购总额", 值=9)
    assert values(filled.read(), own, "1234", "示例教育局")["procurement_total"] == 9
    # A name that the list has with another code is another department.
    filled.put(CORRECTIONS, 4, 部门代码="77", 部门名称="示例教育局", 事项="财务管理较大问题数", 值=3)
    assert values(filled.read(), own, "1234", "示例教育局") == {"minor_findings": 1, "procurement_total": 9}


def test_a_file_that_is_no_such_list_is_told(own: Scheme, tmp_path: Path) -> None:
    form, table = filled_workbook(clean_document(), own, tmp_path / "a.xlsx"), openpyxl.Workbook()
    table.active.append(["单位", "数"])  # type: ignore[union-attr]
    table.active.append(["示例教育局", 3])  # type: ignore[union-attr]
    table.save(tmp_path / "b.xlsx")
    for path in (form, tmp_path / "b.xlsx"):
        with pytest.raises(ListError) as error:
            read_official(path, own)
        assert "没有一张财政核定数的表" in error.value.faults[0].what
