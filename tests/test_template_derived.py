"""What is worked out of facts: grey lines that nobody fills, and facts in per cent."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.layout import layout_of
from perfxl.layout.sheets import COVER
from perfxl.scheme.model import Scheme
from tests.template_books import Shown, Values, facts, own_scores, write
from tests.template_schemes import district

DATA, RESULTS = "基础'数据", "计算结果"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return district()


def cell_of(sheet: Worksheet, scheme: Scheme, key: str) -> object:
    place = layout_of(scheme).derived_places[key]
    return sheet[place.cell]


@pytest.mark.parametrize(
    ("values", "change", "per_head"),
    [
        ({}, None, None),
        (facts(carry_now="12"), None, None),
        (facts(carry_now="12", carry_before="10"), 0.2, None),
        (facts(carry_now="8", carry_before="10", funds__total__spent="310", staff="25"), -0.2, 124000),
        (facts(carry_now="8", carry_before="0", funds__total__spent="310", staff="0"), None, None),
        (facts(carry_now="约 8", carry_before="10", funds__total__spent="310", staff="-"), None, None),
    ],
)
def test_derived_facts_are_shown_as_soon_as_they_are_known(
    scheme: Scheme, tmp_path: Path, values: Values, change: float | None, per_head: float | None
) -> None:
    book = Shown(tmp_path / "derived.xlsx", scheme, values).book
    assert cell_of(book[DATA], scheme, "carry_change").value == change  # type: ignore[attr-defined]
    assert cell_of(book[RESULTS], scheme, "per_head").value == per_head  # type: ignore[attr-defined]


def test_derived_facts_cannot_be_typed_and_show_their_unit(scheme: Scheme, tmp_path: Path) -> None:
    book = write(tmp_path / "derived.xlsx", scheme)
    layout = layout_of(scheme)
    for key, sheet, unit, number_format in (
        ("carry_change", DATA, "%", "0.00%"), ("per_head", RESULTS, "元/人", "#,##0.00####"),
    ):  # fmt: skip
        cell = book[sheet][layout.derived_places[key].cell]
        assert cell.protection.locked
        assert cell.data_type == "f"
        assert cell.number_format == number_format
        assert book[sheet].cell(cell.row, cell.column + 1).value == unit
        rules = [str(rule.sqref) for rule in book[sheet].data_validations.dataValidation]
        assert cell.coordinate not in rules
    hints = [cell.value for cell in book[DATA][layout.derived_places["carry_change"].row + 1]]
    assert "（本年－上年）÷ 上年" in hints


def test_rules_take_what_is_derived(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "scored.xlsx", scheme, facts(carry_now="11", carry_before="10") | own_scores(P2="10"))
    # 10 − 10 × 0.5.
    assert shown.score("P2", "computed") == 5


def test_a_sheet_of_derived_facts_alone_asks_for_nothing(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "blank.xlsx", scheme, {})
    assert shown.row(COVER, RESULTS)[3:7] == [0, 0, "—", "不用填写"]
    steps = next(text for text in shown.texts(COVER) if text.startswith("1．"))
    assert RESULTS not in steps
    assert DATA in steps
    assert "根据其他各表填写的数据自动计算，不用填写。" in shown.texts(RESULTS)


def test_facts_in_per_cent_are_typed_in_points(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "percent.xlsx", scheme, facts(purchase_rate="95.5"))
    assert shown.line("management1", "purchase_rate", "value") == 95.5
    assert shown.line("management1", "purchase_rate", "unit") == "%"
    assert shown.line("management1", "purchase_rate", "hint") == "只填数字，95.5% 写 95.5"
    assert shown.score("P4", "computed") == 3.82
    assert any("百分数只填数字，例如 95.5" in text for text in shown.texts(DATA))
    assert any("百分数只填数字，例如 95.5" in text for text in shown.texts(COVER))
    rules = write(tmp_path / "rules.xlsx", scheme)[DATA].data_validations.dataValidation
    where = layout_of(scheme).places["facts", "purchase_rate", "value"].cell
    rule = next(rule for rule in rules if str(rule.sqref) == where)
    assert (rule.type, rule.prompt) == ("custom", "只填数字，95.5% 写 95.5。必填。")


def test_units_are_those_of_the_scheme(scheme: Scheme, tmp_path: Path) -> None:
    shown = Shown(tmp_path / "units.xlsx", scheme, {})
    assert shown.line("management2", "staff", "unit") == "人"
    assert shown.line("management1", "carry_now", "unit") == "万元"
    rules = write(tmp_path / "rules.xlsx", scheme)[DATA].data_validations.dataValidation
    where = layout_of(scheme).places["facts", "staff", "value"].cell
    assert next(rule.prompt for rule in rules if str(rule.sqref) == where) == "只填数字。单位：人。必填。"
