"""What the form of a scheme may be: tables that are not there, names of any kind, many of everything."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.layout import layout_of
from tests.small_schemes import answer, derived, fact, indicator, kpi, scheme_of, score_of, scored, small
from tests.test_fill_read import read_back
from tests.toml_text import toml_of

Table = dict[str, Any]


def comes_back(table: Table, document: Table, folder: Path) -> Any:
    """The result of a document that is the same when it is read."""
    result = scored(table, document, folder)
    assert read_back(folder / "one.xlsx", scheme_of(table)) == document
    return result


def test_no_facts_no_funds_no_kpis_no_tasks(tmp_path: Path) -> None:
    table = small()
    assert str(comes_back(table, answer(table), tmp_path).total) == "100.00"
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames == ["填报说明", "基本信息", "自评得分", "_meta"]


def test_kpis_alone(tmp_path: Path) -> None:
    table = small(indicator("甲", 20, "kpi", settings={"levels": ["产出"]}))
    assert str(comes_back(table, answer(table, kpis=[kpi("≥", "2", "1")]), tmp_path).total) == "90.00"
    assert "重点任务" not in openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames


@pytest.mark.parametrize("keys", ["在职人数 编制.上年", "a_1 b", "X.1.y 三公.出国.预算", "value label", "r1.c1 r1.c2"])
@pytest.mark.parametrize("sheet", ["管理效率", "单位's 数据", "A1", "2022", "甲" * 31, "R1C1", "a-b+c"])
def test_keys_and_sheets_of_any_name(keys: str, sheet: str, tmp_path: Path) -> None:
    part, whole = keys.split()
    facts = [fact(part, "count", sheet=sheet), fact(whole, "count", sheet=sheet)]
    table = small(indicator("甲", 10, "ratio", settings={"numerator": [part], "denominator": [whole]}), facts=facts)
    result = comes_back(table, answer(table, {part: "1", whole: "4"}), tmp_path)
    assert score_of("甲", result) == ("2.50", "2.50")


@pytest.mark.parametrize("key", ["m{row}_{column}", "表{row}.列{column}", "x{column}.{row}", "{word}{row}{column}"])
def test_matrices_whatever_their_keys(key: str, tmp_path: Path) -> None:
    """Each fact stands where its labels say, and is found there again."""
    places = [(row, column) for row in (1, 2, 3) for column in (1, 2)]
    names = {place: key.format(row=place[0], column=place[1], word="格") for place in places}
    facts = [
        fact(names[row, column], row_label=f"第{row}行", column_label=f"第{column}列", section="表")
        for row, column in places
    ]
    settings = {"value": [names[1, 1], names[3, 1]], "bound": [names[2, 2]], "side": "不高于"}
    table = small(indicator("甲", 10, "limit", settings=settings), facts=facts)
    values = {names[place]: str(number) for number, place in enumerate(places, 1)}
    result = comes_back(table, answer(table, values), tmp_path)
    # 1 + 5 are more than 4.
    assert score_of("甲", result) == ("0.00", "0.00")
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx")["业务数据"]
    for number, place in enumerate(places, 1):
        assert sheet[layout_of(scheme_of(table)).places["facts", names[place], "value"].cell].value == number


def test_seventy_qualitative_results(tmp_path: Path) -> None:
    shares = [{"label": f"结果{n}", "share": Decimal(100 - n) / 100} for n in range(70)]
    table = small(indicator("甲", 10, "kpi", settings={"levels": ["产出"]}), shares=shares)
    result = comes_back(table, answer(table, kpis=[kpi("定性", "好", "结果69")]), tmp_path)
    assert score_of("甲", result) == ("3.10", "3.10")


def test_many_categories_with_long_names(tmp_path: Path) -> None:
    categories = [{"name": f"第{n}类（名称很长的一类部门和单位）"} for n in range(60)]
    rule = indicator("甲", 10, "judged", categories=[categories[59]["name"]], na="折算")
    table = small(rule, categories=categories)
    for number, total in ((59, "94.00"), (3, "100.00")):
        document = answer(table, None, {"甲": "4" if number == 59 else None}, category=categories[number]["name"])
        assert str(comes_back(table, document, tmp_path).total) == total


def test_hints_longer_than_excel_shows(tmp_path: Path) -> None:
    facts = [fact("甲数", hint="填报说明" * 500), fact("乙数", "text", hint="第一行\n" * 80, required=False)]
    rule = indicator(
        "甲", 10, "limit", settings={"value": ["甲数"], "fixed": 5, "side": "不高于"}, standard="标准" * 2000
    )
    table = small(rule, facts=facts)
    assert str(comes_back(table, answer(table, {"甲数": "5", "乙数": "说明"}), tmp_path).total) == "100.00"


@pytest.mark.parametrize("title", ["2024年度自评/复评", '评价?*<>:"|\\', "CON", "评价.", " ", "年" * 200])
def test_a_title_that_no_file_may_have(title: str, tmp_path: Path) -> None:
    table = small()
    table["header"]["title"] = f"甲{title}"
    (tmp_path / "x.toml").write_text(toml_of(table), "utf-8")
    done = CliRunner().invoke(
        perfxl, ["template", "--scheme", str(tmp_path / "x.toml"), "-o", str(tmp_path / "out")], standalone_mode=False
    )
    assert done.exception is None, done.output
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 4


def test_funds_with_columns_of_their_own(tmp_path: Path) -> None:
    """No initial budget, two more columns, one of them with a Chinese key; rows in any order."""
    funds = [{"key": "own", "label": "本级", "role": "分项"}, {"key": "all", "label": "合计", "role": "合计"}]
    columns = [{"key": key, "label": f"{key}数"} for key in ("结余", "spent", "frozen", "adjusted")]
    rate = derived("结余率", ["funds.all.结余"], ["funds.all.adjusted"])
    rule = indicator(
        "甲", 10, "tiers", settings={"value": "结余率", "toward": "越低越好", "tiers": [[Decimal("0.1"), 10]]}
    )
    table = small(rule, funds=funds, fund_columns=columns, derived=[rate], evaluated={"funds_sheet": "资金"})
    amounts = {"结余": "10", "spent": "80", "frozen": "0", "adjusted": "100"}
    document = answer(table, funds={"own": amounts, "all": amounts})
    result = comes_back(table, document, tmp_path)
    assert (score_of("甲", result), str(result.spending_rate)) == (("10.00", "10.00"), "0.8")
    document["funds"] = {"own": amounts | {"结余": "10.01"}, "all": amounts | {"结余": "10.01"}}
    assert score_of("甲", comes_back(table, document, tmp_path)) == ("0.00", "0.00")


def test_facts_for_information_are_asked_and_shown(tmp_path: Path) -> None:
    facts = [fact("甲数"), fact("备注", "text", required=False), fact("比率", "percent")]
    table = small(facts=facts, derived=[derived("翻倍", ["甲数"], factor=2, percent=False, unit="万元")])
    result = comes_back(table, answer(table, {"甲数": "12.5", "备注": "说明", "比率": "95.5"}), tmp_path)
    assert [(item.label, item.value, item.unit) for item in result.facts] == [
        ("“甲数”", "12.50", "万元"), ("“备注”", "说明", ""), ("“比率”", "95.5", "%"), ("“翻倍”", "25.00", "万元"),
    ]  # fmt: skip
