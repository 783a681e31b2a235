"""The funds table is data: a further row or column stands in template, document, checks and results at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl.layout import layout_of
from perfxl.rules import Inputs, Quotient
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from tests.books import Document, filled, process, put
from tests.findings import clean_document
from tests.scheme_files import edited, toml_scheme
from tests.template_books import write
from tests.test_template_notes import notes_of

ROW = (
    '[[funds]]\nkey = "project"',
    '[[fund_columns]]\nkey = "initial"\nlabel = "年初预算数"\n\n[[fund_columns]]\nkey = "adjusted"\n'
    'label = "调整预算数"\n\n[[fund_columns]]\nkey = "spent"\nlabel = "支出数"\n\n[[fund_columns]]\nkey = "frozen"\n'
    'label = "冻结数"\n\n[[funds]]\nkey = "carried"\nlabel = "结转支出"\nrole = "分项"\n\n[[funds]]\nkey = "project"',
)
FROZEN = {"total": "3.00", "basic": "1.00", "project": "2.00", "carried": "0"}
VERSION = ('version = "1.0"', 'version = "1.0-funds"')


@pytest.fixture
def larger() -> Scheme:
    """A scheme whose funds table has a row and a column more."""
    return toml_scheme(edited(VERSION, ROW))


def document(frozen: str = "3.00") -> Document:
    """The clean document with the further row (nothing in it) and column."""
    zeros = [put(f"funds.carried.{name}", "0") for name in ("initial", "adjusted", "spent")]
    amounts = [put(f"funds.{row}.frozen", value) for row, value in FROZEN.items()]
    found = clean_document()
    found["funds"]["carried"] = {}
    for edit in (*zeros, *amounts, put("funds.total.frozen", frozen)):
        edit(found)
    return found


def test_a_further_row_and_column_are_scored_checked_and_shown(larger: Scheme, tmp_path: Path) -> None:
    scored = process(filled(document(), larger, tmp_path / "whole.xlsx"), larger)
    assert not scored.findings
    assert scored.result is not None
    assert [funds.label for funds in scored.result.funds] == ["合计", "基本支出", "结转支出", "项目支出"]
    assert [funds.amounts["frozen"] for funds in scored.result.funds] == [Decimal(3), 1, 0, 2]
    assert str(scored.result.total) == "96.45"


def test_the_sum_of_a_further_column_is_checked(larger: Scheme, tmp_path: Path) -> None:
    path = filled(document(frozen="4.00"), larger, tmp_path / "wrong.xlsx")
    (finding,) = process(path, larger).findings
    assert finding.code == "E202"
    assert "冻结数" in finding.message
    place = layout_of(larger).places["facts", "funds.total.frozen", "value"]
    assert (finding.sheet, finding.cell) == (place.sheet, place.cell)
    values = field_values(document(frozen="4.00"), larger)
    write(tmp_path / "notes.xlsx", larger, values)
    assert notes_of(tmp_path / "notes.xlsx", larger)["facts", "funds"] == {"E202"}


def test_a_further_column_stands_in_the_results(larger: Scheme, tmp_path: Path) -> None:
    filled(document(), larger, tmp_path / "in" / "one.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", larger, RunOptions(jobs=1))
    (path,) = (report.output / "部门结果").iterdir()
    sheet = openpyxl.load_workbook(path)["支出情况"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "支出类别")
    total = next(row for row in rows if row[0] == "合计")
    assert head[1:8] == ["年初预算数", "调整预算数", "支出数", "冻结数", "未支出数", "支出率", "预算调整幅度"]
    assert total[1:5] == [690, 642.4, 639.15, 3]
    number = rows.index(total) + 1
    assert total[5:8] == [
        f"=ROUND(C{number}-D{number},6)", f"=D{number}/C{number}", f"=(C{number}-B{number})/B{number}",
    ]  # fmt: skip


def test_facts_under_the_title_of_the_funds_table_are_a_table_of_their_own() -> None:
    """They would else be a row of it, with no role there."""
    fact = '[[facts]]\nkey = "budget_added"'
    table = (
        '[[facts]]\nkey = "extra.adjusted"\nlabel = "其他调整数"\ntype = "money"\nsheet = "收支情况"\n'
        'section = "部门整体收支"\nrow_label = "其他"\ncolumn_label = "调整预算数"\n\n'
    )
    scheme = toml_scheme(
        edited(VERSION, (fact, table + fact), ('["budget_added"]', '["budget_added", "extra.adjusted"]'))
    )
    blocks = layout_of(scheme).sheet_blocks("收支情况")
    assert [line.key for line in blocks[0].lines] == ["funds.total", "funds.basic", "funds.project"]
    assert [line.key for line in blocks[1].lines] == ["extra"]


RATE = Quotient(("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("numbers", "value"),
    [
        ({"a": 1, "b": 2, "c": 4}, Decimal("0.75")),
        ({"a": 0, "b": 0, "c": 4}, Decimal(0)),
        ({"a": 1, "b": 2, "c": 0}, None),
        ({"a": 1, "b": 2, "c": -4}, None),
        ({"a": 1, "c": 4}, None),
        ({"a": 1, "b": 2}, None),
    ],
)
def test_a_quotient_of_facts(numbers: dict[str, int], value: Decimal | None) -> None:
    assert RATE.value(Inputs({key: Decimal(number) for key, number in numbers.items()})) == value


def test_the_spending_rate_is_that_of_the_total_row(scheme: Scheme) -> None:
    assert scheme.spending_rate == Quotient(("funds.total.spent",), ("funds.total.adjusted",))
    assert scheme.spending_indicator is scheme.indicator_by_code["A03"]
