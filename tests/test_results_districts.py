"""Results where a scheme has what districts add: 加分, 扣分, 不适用, 折算, caps, vetoes, own grades, quotas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.results.batch import Batch
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.summary import write_summary
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from tests.sample_batch import sample_batch, scored_batch
from tests.sample_schemes import LIMIT_WORDS, district_scheme

SCHEME = district_scheme()
AGENCY, TOWN = {"category": "党政机关"}, {"category": "镇街", "B66": None}
LAST = 9
"""The last column of a department's result, as openpyxl's rows have it."""


def summary(batch: Batch, folder: Path, *, formulas: bool = False) -> dict[str, Worksheet]:
    write_summary(batch, folder / "汇总.xlsx", department_sheets=False)
    book = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=not formulas)
    return {sheet.title: sheet for sheet in book.worksheets}


def form(folder: Path, changes: Mapping[str, Any], scheme: Scheme = SCHEME) -> list[tuple[Any, ...]]:
    """The rows of the result of one department."""
    batch = scored_batch(scheme, changes)
    write_department(Context.of(batch), batch.departments[0], folder / "部门.xlsx")
    sheet = openpyxl.load_workbook(folder / "部门.xlsx", data_only=True)["评分结果"]
    return list(sheet.iter_rows(values_only=True))


def row_of(rows: list[tuple[Any, ...]], start: str) -> tuple[Any, ...]:
    """The row in which some cell's text begins so."""
    return next(row for row in rows if any(str(cell).startswith(start) for cell in row if cell is not None))


def by_heading(sheet: Worksheet, heading: str) -> dict[Any, Any]:
    """The cells below a heading of a list, by the names of the departments."""
    headings = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    name, column = headings.index("部门名称"), headings.index(heading)
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return {row[name]: row[column] for row in rows if row[name]}


# A department's result.


def test_bonus_and_penalty_stand_outside_the_hundred(tmp_path: Path) -> None:
    rows = form(tmp_path, {**AGENCY, "A03": "9.50", "J01": "4", "J02": "3", "K01": "2"})
    base, bonus = row_of(rows, "计分项合计"), row_of(rows, "加分项合计（最多 5 分）")
    penalty, total = row_of(rows, "负面清单（扣分）合计（最多 10 分）"), row_of(rows, "总分")
    assert (base[3], base[7], base[8]) == (100, 99.5, 0.5)
    assert (bonus[3], bonus[7], bonus[8]) == (5, 5, None)
    assert (penalty[3], penalty[7], penalty[8]) == (10, 2, 2)
    total = next(row for row in rows if row[0] == "总分")
    assert (total[7], total[LAST]) == (100, "99.50 + 5.00 − 2.00 = 102.50，按 100.00 计")
    assert [row_of(rows, code)[8] for code in ("J01", "K01", "K02", "A03")] == [None, 2, 0, 0.5]
    head = row_of(rows, "部门类别")
    assert head[3] == 100


def test_a_total_may_exceed_the_hundred_where_the_scheme_says_so(tmp_path: Path) -> None:
    scheme = replace(SCHEME, options=replace(SCHEME.options, over_full=True))
    rows = form(tmp_path, {**AGENCY, "J01": "4"}, scheme)
    total = next(row for row in rows if row[0] == "总分")
    assert (total[7], total[LAST]) == (104, "100.00 + 4.00 − 0.00 = 104.00")


def test_what_does_not_apply_is_scaled_and_told(tmp_path: Path) -> None:
    rows = form(tmp_path, {**TOWN, "A03": "9.50", "B65": "0"})
    indicator = row_of(rows, "B66")
    assert (indicator[3], indicator[4], indicator[7], indicator[8]) == (2, None, "不适用", None)
    assert indicator[LAST] == "不适用，不计分"
    scaled = row_of(rows, "折算：适用指标 98 分，折算到 100 分")
    assert (scaled[7], scaled[LAST]) == (97.45, "95.50 ÷ 98 × 100 = 97.45")
    level = row_of(rows, "资产管理")
    assert (level[3], level[4], level[5]) == (8, 6, 0.75)


def test_full_marks_for_what_does_not_apply_count_though_it_shows_no_score(tmp_path: Path) -> None:
    rows = form(tmp_path, {**AGENCY, "B71": None, "B72": "1"})
    assert row_of(rows, "B71")[7] == "不适用"
    assert (row_of(rows, "计分项合计")[4], row_of(rows, "计分项合计")[7]) == (99, 99)
    assert row_of(rows, "部门类别")[7] == 99, "what the department gives itself"
    level = row_of(rows, "运行成本")
    assert (level[3], level[4], level[5]) == (2, 1, 0.5)


def test_a_level_of_which_nothing_applies_has_no_rate(tmp_path: Path) -> None:
    for_agencies = {"B71": {"categories": ("党政机关",)}, "B72": {"categories": ("党政机关",)}}
    indicators = tuple(replace(item, **for_agencies.get(item.code, {})) for item in SCHEME.indicators)
    rows = form(tmp_path, {**TOWN, "B71": None, "B72": None}, replace(SCHEME, indicators=indicators))
    level = row_of(rows, "运行成本")
    assert (level[2], level[4], level[5]) == (None, "不适用", None)


def test_every_cap_and_veto_is_told_with_what_it_did(tmp_path: Path) -> None:
    rows = form(tmp_path, {**AGENCY, "limits": (0, 1), "A01": "5"})
    told = [row[0] for row in rows[2:6]]
    assert told == [
        f"{LIMIT_WORDS[0]}。", f"{LIMIT_WORDS[1]}。", "支出率封顶：得分合计 85.00，总分按 79.00 计。", "部门名称",
    ]  # fmt: skip
    assert next(row for row in rows if row[0] == "总分")[LAST] == "85.00 + 0.00 − 0.00 = 85.00，按 79.00 计"
    rows = form(tmp_path, {**AGENCY, "limits": (0, 2)})
    assert rows[4][0] == "总分封顶：得分合计 100.00，总分按 59.00 计。"
    rows = form(tmp_path, {**AGENCY, "limits": (1,)})
    assert [row[0] for row in rows[2:4]] == [f"{LIMIT_WORDS[1]}。", "等级由“优”调整为“中”：一票否决。"]


def test_a_grade_beyond_its_quota_is_told_and_so_is_a_veto_before_it(tmp_path: Path) -> None:
    quotas = (*SCHEME.quotas, replace(SCHEME.quotas[0], grade="中"))
    changes = ({"limits": (1,)}, {}, {"A01": "19"})
    batch = scored_batch(replace(SCHEME, quotas=quotas), *({**AGENCY, **more} for more in changes))
    context = Context.of(batch)
    told = []
    for item in batch.departments:
        write_department(context, item, tmp_path / "部门.xlsx")
        cells = openpyxl.load_workbook(tmp_path / "部门.xlsx")["评分结果"]["A"]
        told += [cell.value for cell in cells if str(cell.value).startswith("等级由")]
    beyond = "等级由“优”调整为“良”：名额限制。"
    assert told == ["等级由“优”调整为“差”：一票否决、名额限制。", beyond, beyond]


# The summary.


def test_the_matrix_shows_what_does_not_apply_and_leaves_it_out_of_means(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**AGENCY, "B66": "1"}, {**AGENCY, "B66": "2", "B71": None}, {**TOWN, "B65": "0"})
    sheet = summary(batch, tmp_path)["得分矩阵"]
    column = next(cell.column for cell in sheet[4] if cell.value == "B66")
    total = next(cell.column for cell in sheet[3] if cell.value == "总分")
    shown = {
        sheet.cell(row, 2).value: (sheet.cell(row, column).value, sheet.cell(row, total).value) for row in (7, 8, 9)
    }
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    assert shown == {names[0]: (1, 99), names[1]: (2, 100), names[2]: ("不适用", 97.96)}
    means = {sheet.cell(row, 3).value: sheet.cell(row, column).value for row in (10, 11, 12, 13)}
    assert means == {None: 0.75, "党政机关": 1.5, "镇街": "—"}
    assert sheet.cell(10, column).value == 1.5
    formulas = summary(batch, tmp_path, formulas=True)["得分矩阵"]
    row = next(row for row in (7, 8, 9) if formulas.cell(row, 2).value == names[1])
    assert "+2)" in formulas.cell(row, total).value, "the points of what gives full marks and shows 不适用"


def test_indicators_are_analysed_by_those_whom_they_concern(tmp_path: Path) -> None:
    batch = scored_batch(
        SCHEME, {**AGENCY, "B66": "1", "J01": "4"}, {**AGENCY, "B66": "2", "K02": "2.5"}, TOWN, {**TOWN, "J01": "2"}
    )
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    sheet = summary(batch, tmp_path)["指标分析"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=4, max_row=3 + len(SCHEME.indicators), values_only=True)}
    # The first of four has 1, the last 2 of 2 points.
    assert rows["B66"][4:12] == (1.5, 0.75, 2, 1, 0.5, 1, 0, -0.5)
    assert rows["B66"][12] == names[0]
    bonus, penalty, none = rows["J01"], rows["K02"], rows["K01"]
    assert (bonus[1], bonus[4], bonus[5], bonus[11], bonus[12]) == (
        "国家级、省级表彰（加分）", 1.5, None, None, f"加分最多：{names[0]}"
    )  # fmt: skip
    assert (penalty[4], penalty[12]) == (0.625, f"扣分最多：{names[1]}")
    assert none[12] == "没有扣分"
    weakest = [row[0] for row in sheet.iter_rows(min_row=4 + len(SCHEME.indicators) + 3, max_row=45, values_only=True)]
    assert not {"J01", "J02", "K01", "K02"} & set(weakest)


def test_an_indicator_that_concerns_nobody_has_a_blank_line(tmp_path: Path) -> None:
    sheet = summary(scored_batch(SCHEME, TOWN, TOWN), tmp_path)["指标分析"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "B66")
    assert set(row[4:]) == {None}


def test_levels_of_the_overview_are_weighed_by_what_applies(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**AGENCY, "B66": "0"}, {**TOWN, "B61": "0", "B62": "0", "B63": "0"})
    rows = list(summary(batch, tmp_path)["总览"].iter_rows(values_only=True))
    level = next(row for row in rows if row[7] == "资产管理")
    # 8 of 10 and 4 of 8 points: 12 of 18, the lowest 5 of 10.
    assert level[10] == 10
    assert level[11] == pytest.approx(10 * 12 / 18)
    assert level[12] == pytest.approx(12 / 18)
    assert level[13] == 5


def test_grades_and_bounds_by_category(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**AGENCY, "A01": "7"}, {**TOWN, "A01": "7"}, {**TOWN, "A01": "3"})
    sheets = summary(batch, tmp_path)
    grades = by_heading(sheets["排名"], "等级")
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    # 87 of 100; 85 of 98 = 86.73, 优 for a town, but no quota for one of two; 81 of 98 = 82.65.
    assert [grades[name] for name in names] == ["良", "良", "良"]
    rows = [row for row in sheets["总览"].iter_rows(values_only=True) if row[0] in ("优", "良", "中", "差")]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("优", "90（镇街 85）", 0), ("良", "80（镇街 75）", 3), ("中", 60, 0), ("差", 0, 0),
    ]  # fmt: skip
    held = by_heading(sheets["排名"], "封顶、否决")
    assert [held[name] for name in names] == [None, "名额限制", None]


def test_a_grade_that_a_veto_or_a_quota_decided_is_a_value(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, AGENCY, {**AGENCY, "limits": (1,)}, *({**AGENCY, "A01": "18"} for _ in range(3)))
    grades = by_heading(summary(batch, tmp_path, formulas=True)["排名"], "等级")
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    assert grades[names[0]].startswith("=IF(ISNUMBER(")
    assert [grades[name] for name in names[1:]] == ["中", "良", "良", "良"]
    built_in = by_heading(summary(sample_batch(3, returned=0), tmp_path, formulas=True)["排名"], "等级")
    assert all(re.match(r"=INDEX\('总览'!\$A\$\d+:\$A\$\d+,", formula) for formula in built_in.values())


@pytest.mark.parametrize(
    "only",
    [{"quotas": SCHEME.quotas}, {"caps": SCHEME.caps}, {"grades": SCHEME.grades}],
    ids=["quotas", "vetoes", "own grades"],
)
def test_any_of_them_ends_the_one_list_of_bounds(tmp_path: Path, only: dict[str, Any]) -> None:
    built_in = load_scheme()
    nothing = {"quotas": (), "caps": (), "grades": built_in.grades}
    formulas = []
    for changes in (nothing, {**nothing, **only}):
        batch = scored_batch(replace(SCHEME, **changes), {**AGENCY, "A01": "1"}, AGENCY)
        formulas.append(by_heading(summary(batch, tmp_path, formulas=True)["排名"], "等级").values())
    assert all(formula.startswith("=INDEX(") for formula in formulas[0])
    assert not any(formula.startswith("=INDEX(") for formula in formulas[1])


def test_who_is_held_down_waits_for_a_look(tmp_path: Path) -> None:
    batch = scored_batch(
        SCHEME, {**AGENCY, "limits": (0,)}, {**AGENCY, "limits": (1,)}, {**TOWN, "limits": (2,)}, AGENCY, TOWN
    )
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    sheets = summary(batch, tmp_path)
    lines = {row[0]: (row[2], row[3], row[9]) for row in sheets["总览"].iter_rows(values_only=True) if row[0]}
    # The lowest first.
    assert lines["总分封顶"] == (2, f"{names[2]}（100.00 → 59.00）", f"{names[0]}（100.00 → 79.00）")
    assert lines["一票否决"] == (1, f"{names[1]}（优 → 中）", None)
    assert lines["名额限制"] == (2, f"{names[3]}（优 → 良）", f"{names[4]}（优 → 良）")
    assert by_heading(sheets["排名"], "封顶、否决")[names[2]] == "总分封顶"
    built_in = summary(sample_batch(3, returned=0), tmp_path)
    assert not {"总分封顶", "一票否决", "名额限制"} & {row[0].value for row in built_in["总览"].iter_rows()}
    assert "封顶、\n否决" not in [cell.value for cell in built_in["排名"][3]]


def test_ranking_has_what_is_added_and_deducted_within_its_maximum(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**AGENCY, "J01": "4", "J02": "3", "K02": "2.5"}, {**AGENCY, "B71": None})
    sheet = summary(batch, tmp_path)["排名"]
    names = [item.name for item in sorted(batch.departments, key=lambda item: item.file)]
    assert [by_heading(sheet, "加分项")[name] for name in names] == [5, 0]
    assert [by_heading(sheet, "负面清单（扣分）")[name] for name in names] == [2.5, 0]
    assert [by_heading(sheet, "管理效率")[name] for name in names] == [50, 50], "full marks for what does not apply"


def test_deductions_name_what_goes_off_outside_the_hundred(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**TOWN, "A03": "9", "J01": "1", "K01": "6"})
    sheet = summary(batch, tmp_path)["扣分明细"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [(row[2], row[3], row[8], row[9]) for row in rows] == [
        ("A03", "部门预算资金支出率", 9, 1), ("K01", "审计发现问题（扣分）", 6, 6),
    ]  # fmt: skip
    assert sheet["J2"].value == 7


def test_titles_come_from_the_scheme(tmp_path: Path) -> None:
    sheets = summary(sample_batch(12, scheme=SCHEME), tmp_path)
    titles = {name: sheet["A1"].value for name, sheet in sheets.items() if name != "总览"}
    assert titles == {name: f"2023年度绩效考核{name}" for name in titles}
    assert sheets["总览"]["A1"].value == "2023年度绩效考核结果总览"
    texts = [str(cell.value) for sheet in sheets.values() for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [text for text in texts if "部门整体支出" in text]


def test_scores_add_up_exactly_where_they_are_scaled(tmp_path: Path) -> None:
    batch = scored_batch(SCHEME, {**TOWN, "A01": "17.83"})
    (item,) = batch.departments
    # 95.83 ÷ 98 × 100 = 97.7857…
    assert (item.total, item.applied_points) == (Decimal("97.79"), Decimal(98))
    sheet = summary(batch, tmp_path)["得分矩阵"]
    column = next(cell.column for cell in sheet[3] if cell.value == "总分")
    assert sheet.cell(7, column).value == 97.79
