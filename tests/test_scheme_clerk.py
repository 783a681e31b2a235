"""As a clerk works: a district's form built in Excel alone from `scheme new`, then checked, filled and scored.

What Excel would show of the formulas is what LibreOffice calculates.
"""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.errors import SchemeError
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.new_scheme import starter
from perfxl.scheme.workbook_file import scheme_workbook
from tests.clerk_form import DOCUMENT, INDICATORS, TITLE, TOTAL, column, find, make_district_form, put
from tests.libreoffice import calculated, needs_libreoffice
from tests.scheme_files import cells_of, form, toml_scheme


def call(*words: str) -> str:
    result = CliRunner().invoke(perfxl, list(words), standalone_mode=False)
    assert result.exception is None, result.exception
    assert not result.return_value, result.output
    return result.output


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clerk") / "本区方案.xlsx"
    assert "已新建" in call("scheme", "new", TITLE, "-o", str(path))
    make_district_form(path)
    return path


def test_a_new_form_is_built_in_excel_and_scored(district: Path) -> None:
    folder = district.parent
    assert "没有错误：三级指标 11 个，总分 100 分，另有加分最多 3 分" in call("scheme", "check", str(district))
    scheme = load_scheme(district)
    assert scheme.derived[-1].numerator == ("本年办件数", "-上年办件数")
    assert scheme.fact_by_key["按期办结事项数"].part_of == "应办结事项数"
    call("template", "--scheme", str(district), "-o", str(folder / "模板"))
    (folder / "示例政务服务局.json").write_text(json.dumps(DOCUMENT, ensure_ascii=False), "utf-8")
    call("fill", str(folder / "示例政务服务局.json"), "--scheme", str(district), "-o", str(folder / "in"))
    call("run", str(folder / "in"), "--scheme", str(district), "-o", str(folder / "out"))
    run = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    [department] = run["departments"]
    assert (Decimal(str(department["total"])), department["grade"]) == (TOTAL, "优")
    assert str(TOTAL) == "97.7"


def test_what_the_clerk_changed_is_listed(district: Path, tmp_path: Path) -> None:
    call("scheme", "new", TITLE, "-o", str(tmp_path / "原来.xlsx"))
    lines = call("scheme", "diff", str(tmp_path / "原来.xlsx"), str(district)).splitlines()
    assert "  方案信息：财政部门：空 → 示例区财政局" in lines
    assert "  三级指标 B11 绩效指标完成情况：分值：50 → 40" in lines
    assert "  三级指标 J11 市级表彰：只在后一个方案中" in lines
    assert "  填报事项 上年办件数：只在后一个方案中" in "\n".join(lines).replace("上年办件数 上年办件数", "上年办件数")


def test_a_slip_is_marked_in_the_checked_copy(district: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(district)
    sheet = book[INDICATORS]
    row = find(sheet, "指标代码", "B22")
    put(sheet, row, 参数1="按期办结事项", 分值=5)
    book.save(tmp_path / "本区方案.xlsx")
    result = CliRunner().invoke(perfxl, ["scheme", "check", str(tmp_path / "本区方案.xlsx")], standalone_mode=False)
    assert isinstance(result.exception, SchemeError)
    copied = openpyxl.load_workbook(tmp_path / "本区方案（检查结果）.xlsx")
    marked = copied[INDICATORS].cell(row, column(sheet, "参数1"))
    assert marked.comment is not None and "是否应为“按期办结事项数”" in marked.comment.text
    assert any(cell.hyperlink for cell in copied["检查结果"]["B"])


def shown(value: object) -> str:
    """A cell as the list of LibreOffice writes it."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return "" if value is None else str(value)


def trimmed(rows: list[list[Any]]) -> list[list[str]]:
    lines = [[shown(value) for value in row] for row in rows]
    for line in lines:
        while line and not line[-1]:
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def with_blank_line(district: Path, folder: Path) -> Path:
    """The form with one more indicator on a line without formulas, as Excel inserts it."""
    book = openpyxl.load_workbook(district)
    sheet = book[INDICATORS]
    row = find(sheet, "指标代码", "J11") + 1
    for cell in sheet[row]:
        cell.value = None
    put(sheet, row, 所属二级="表彰", 指标代码="J12", 三级指标="县级表彰", 分值=2, 评分标准="最多 {points} 分")
    book.save(folder / "插入空行.xlsx")
    return folder / "插入空行.xlsx"


@needs_libreoffice[0]
@needs_libreoffice[1]
def test_formulas_come_to_what_is_written_and_follow_edits(district: Path, tmp_path: Path) -> None:
    """One LibreOffice for all: every sheet of every built-in scheme, and the sheets of the clerk's form."""
    schemes = [*(load_scheme(code) for code in builtin_ids()), toml_scheme(form("district")), starter()]
    paths = []
    for scheme in schemes:
        paths.append(tmp_path / f"{scheme.id}.xlsx")
        paths[-1].write_bytes(scheme_workbook(scheme))
    sheets = ("预览", INDICATORS, "一二级指标", "_lists")
    *exports, made, inserted = calculated(
        [*paths, district, with_blank_line(district, tmp_path)], tmp_path / "out", sheets
    )
    for path, values in zip(paths, exports, strict=True):
        written = cells_of(path.read_bytes())
        for sheet in sheets:
            assert trimmed(copy.deepcopy(values[sheet])) == trimmed(written[sheet]), (path.name, sheet)
    preview = "\n".join("|".join(row) for row in made["预览"])
    assert "服务和满意度|服务对象满意度|8|满意度达到 90% 得满分" in preview
    assert "|按期办结率|6|按期办结数 ÷ 应办结数 × 6" in preview
    assert "加分项|表彰|市级表彰|3|每次加 1.5 分，最多 3 分" in preview
    assert "业务数据|办件|应办结事项数|件" in preview
    lines = {row[2]: row for row in made[INDICATORS]}
    assert lines["B22"][0] == "产出和效果"
    assert lines["B22"][10:14] == ["分子", "按期办结事项数", "分母", "应办结事项数"]
    assert lines["B21"][5] == "合计 20"
    assert "计分的一级合计 100" in made["一二级指标"][0]
    # A line that was inserted blank has no formulas; the preview shows it nevertheless.
    preview = "\n".join("|".join(row[:5]) for row in inserted["预览"])
    assert "|市级表彰|3|每次加 1.5 分，最多 3 分\n||县级表彰|2|最多 2 分\n" in preview
    assert "评分指标：共 12 个，计分合计 100 分，加分合计 5 分" in preview
    names = [row[4] for row in made["_lists"]]
    assert {"应办结事项数", "办件增长率", "合计支出数"} <= set(names)


def test_sums_that_do_not_fit_are_told_beside_them(district: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(district)
    put(book[INDICATORS], find(book[INDICATORS], "指标代码", "B22"), 分值=5)
    formulas = [str(cell.value) for cell in book[INDICATORS][find(book[INDICATORS], "指标代码", "B21")]]
    assert any("，应为" in formula for formula in formulas)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SchemeError, match="服务和满意度"):
        load_scheme(tmp_path / "a.xlsx")
