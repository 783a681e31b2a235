"""Results of schemes that have less, or other words: no funds, KPIs or tasks; a noun; facts shown beside the scores."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.results.words import Words
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Derived, Evaluated, Level, Scheme
from perfxl.scoring.result import DepartmentResult, FactResult
from tests.sample_batch import FIXED_SHEETS, quiet_batch, sample_batch
from tests.sample_schemes import bare_scheme, district_scheme

BARE = bare_scheme()


def summary(scheme: Scheme, folder: Path, count: int = 12) -> Workbook:
    write_summary(sample_batch(count, scheme=scheme), folder / "汇总.xlsx")
    return openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)


def own_book(scheme: Scheme, department: DepartmentResult, folder: Path) -> Workbook:
    context = replace(Context.of(sample_batch(12, scheme=scheme)), scheme=scheme)
    write_department(context, department, folder / "部门.xlsx")
    return openpyxl.load_workbook(folder / "部门.xlsx", data_only=True)


def texts(book: Workbook) -> set[str]:
    return {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}


# Less than the built-in scheme.


def test_without_funds_kpis_and_tasks_nothing_speaks_of_them(tmp_path: Path) -> None:
    write_summary(quiet_batch(12, BARE), tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert book.sheetnames[: len(FIXED_SHEETS)] == list(FIXED_SHEETS)
    shown = texts(book)
    words = ("支出", "预算数", "÷ 预算", "万元", "指标完成", "任务")
    assert [text for text in shown if any(word in text for word in words)] == []
    assert "各类单位的得分" in shown
    headings = [str(cell.value) for cell in book["得分矩阵"][3] if cell.value]
    assert headings[-2:] == ["总分", "自评总分"]


def test_a_department_without_funds_kpis_and_tasks_has_two_sheets(tmp_path: Path) -> None:
    batch = sample_batch(12, scheme=BARE)
    book = own_book(BARE, batch.departments[0], tmp_path)
    assert book.sheetnames == ["评分结果", "问题与整改", "异议", "_result"]
    labels = [cell.value for cell in book["评分结果"]["A"]]
    assert "优势" in labels and not {"指标完成", "支出"} & set(labels)
    assert not [text for text in texts(book) if "÷ 预算" in text or "万元" in text]


def test_tasks_stand_alone_where_there_is_no_funds_table(tmp_path: Path) -> None:
    scheme = replace(BARE, columns=tuple(column for column in load_scheme().columns if column.table == "tasks"))
    batch = sample_batch(12, scheme=scheme)
    sheet = own_book(scheme, batch.departments[0], tmp_path)["支出情况"]
    assert sheet["A3"].value == "重点任务（2 项）"
    assert [cell.value for cell in sheet[4]][:5] == ["重点任务", "预算金额", "支出金额", "执行率", "完成情况"]
    assert [cell.value for cell in sheet[5]][:3] == ["统筹全区科普工作", 35.35, 35.29]


def test_many_levels_leave_room_for_their_chart(tmp_path: Path) -> None:
    names = [f"二级指标{number}" for number in range(1, 26)]
    scheme = replace(
        BARE,
        levels=(Level("履职效能", Decimal(100)), *(Level(name, Decimal(4), "履职效能") for name in names)),
        indicators=tuple(
            replace(BARE.indicators[place], level1="履职效能", level2=name, points=Decimal(4))
            for place, name in enumerate(names)
        ),
    )
    sheet = summary(scheme, tmp_path)["总览"]
    levels = [cell.row for cell in sheet["H"] if cell.value in names]
    places = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("前 "))
    assert levels == list(range(levels[0], levels[0] + 25))
    charts = [drawing.anchor._from.row for drawing in sheet._charts if drawing.anchor._from.col == 7]
    assert min(charts) == levels[-1], "below the table, counting from 0"
    assert places - levels[-1] > 8


# Words.


@pytest.mark.parametrize(
    ("evaluated", "words"),
    [
        (Evaluated(), Words("部门", "部门名称", "部门代码", "部门类别", "部门名称")),
        (Evaluated(noun="单位"), Words("单位", "单位名称", "单位代码", "单位类别", "单位名称")),
        (
            Evaluated(name_label="主管部门", code_label="预算编码", category_label="层级"),
            Words("部门", "主管部门", "预算编码", "层级", "主管部门"),
        ),
        (
            Evaluated(kind="project", noun="专项", project_label="专项名称"),
            Words("专项", "专项名称", "实施单位代码", "部门类别", "实施单位"),
        ),
        (Evaluated(noun="学校"), Words("学校", "学校名称", "学校代码", "学校类别", "学校名称")),
        (
            Evaluated(noun="学校", code_label="单位代码"),
            Words("学校", "学校名称", "单位代码", "学校类别", "学校名称"),
        ),
    ],
)
def test_words_come_from_the_scheme(evaluated: Evaluated, words: Words) -> None:
    assert Words.of(evaluated) == words


def test_a_noun_takes_the_place_of_departments_everywhere(tmp_path: Path) -> None:
    batch = quiet_batch(12, BARE)
    write_summary(batch, tmp_path / "汇总.xlsx")
    write_department(Context.of(batch), batch.departments[0], tmp_path / "单位.xlsx")
    shown = {text for name in ("汇总", "单位") for text in texts(openpyxl.load_workbook(tmp_path / f"{name}.xlsx"))}
    assert [text for text in shown if "部门" in text] == []
    assert {"单位名称", "单位代码", "单位类别", "单位数", "本单位", "满分\n单位数", "得分最低的单位"} <= shown


def test_without_a_name_of_its_own_results_have_the_title_of_the_scheme(tmp_path: Path) -> None:
    assert summary(BARE, tmp_path)["排名"]["A1"].value == "2023年度单位履职评价排名"


def test_a_derived_fact_may_be_the_spending_rate(tmp_path: Path) -> None:
    scheme = load_scheme()
    spent = Derived("pace", "预算执行进度", "收支情况", "进度", ("funds.total.spent",), ("funds.total.initial",))
    scheme = replace(scheme, evaluated=replace(scheme.evaluated, spending_rate="pace"), derived=(spent,))
    batch = sample_batch(12, scheme=scheme)
    write_summary(batch, tmp_path / "汇总.xlsx")
    for only_values in (True, False):
        book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=only_values)
        headings = [cell.value for cell in book["得分矩阵"][3]]
        cell = book["得分矩阵"].cell(7, headings.index("预算执行进度") + 1)
        assert cell.value == pytest.approx(float(batch.departments[0].spending_rate or 0)), "a value, no formula"
    assert "预算执行进度" in [cell.value for cell in book["排名"][3]]
    assert "预算执行进度低于 90%" in [cell.value for cell in book["总览"]["A"]]
    assert "支出数 ÷ 调整预算数" in [cell.value for cell in book["总览"][8]]


# Facts beside the scores.


def test_facts_are_shown_with_unit_and_calculation(tmp_path: Path) -> None:
    scheme = district_scheme()
    batch = sample_batch(12, scheme=scheme)
    department = replace(
        batch.departments[0],
        facts=(
            FactResult("staff", "在职人数", "人", "38"),
            FactResult("vehicles", "公务用车运行费", "万元", "1234.50"),
            FactResult("remark", "其他说明", "", "2023"),
            FactResult("per_head", "人均支出", "元/人", "168,197.368421", "639.15 ÷ 38 × 10000"),
            FactResult("carry", "结转结余率", "%", "", "缺少数据或分母为 0，无法计算"),
        ),
    )
    book = own_book(scheme, department, tmp_path)
    assert book.sheetnames == ["评分结果", "指标完成", "支出情况", "填报事项", "问题与整改", "异议", "_result"]
    rows = list(book["填报事项"].iter_rows(min_row=3, values_only=True))
    assert rows == [
        ("序号", "事项", "内容", "单位", "计算说明"),
        (1, "在职人数", 38, "人", None),
        (2, "公务用车运行费", 1234.5, "万元", None),
        (3, "其他说明", "2023", None, None),
        (4, "人均支出", 168197.368421, "元/人", "639.15 ÷ 38 × 10000"),
        (5, "结转结余率", None, "%", "缺少数据或分母为 0，无法计算"),
    ]
    assert book["填报事项"]["C5"].number_format.startswith("#,##0.00")


def test_an_explanation_of_the_built_in_scheme_stands_below_the_spending(tmp_path: Path) -> None:
    """A sheet of one line would look lost."""
    department = replace(
        sample_batch(12).departments[0],
        facts=(FactResult("low_rate_reason", "支出率低于 90% 的说明", "", "=1+1 年末集中支付"),),
    )
    book = own_book(load_scheme(), department, tmp_path)
    assert book.sheetnames == ["评分结果", "指标完成", "支出情况", "问题与整改", "异议", "_result"]
    *_, title, line = [row for row in book["支出情况"].iter_rows() if row[0].value is not None]
    assert title[0].value == "情况说明"
    assert [cell.value for cell in line[:2]] == ["支出率低于 90% 的说明", "=1+1 年末集中支付"]
    assert line[1].data_type == "s"


def test_without_facts_there_is_no_sheet_of_them(tmp_path: Path) -> None:
    book = own_book(load_scheme(), sample_batch(12).departments[0], tmp_path)
    assert "填报事项" not in book.sheetnames
    assert "情况说明" not in [cell.value for cell in book["支出情况"]["A"]]
