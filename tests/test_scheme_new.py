"""`scheme new` starts a scheme that holds; `scheme diff` says what differs between two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.layout import layout_of
from perfxl.scheme import dump_toml, load_scheme
from perfxl.scheme.difference import KEYS, differences
from perfxl.scheme.model import Category, Scheme
from perfxl.scheme.new_scheme import new_scheme, starter
from perfxl.scheme.raw_scheme import TABLES
from tests.scheme_files import edited, form, toml_scheme


def output(*words: str) -> str:
    result = CliRunner().invoke(perfxl, list(words), standalone_mode=False)
    assert result.exception is None, result.exception
    return result.output


def test_the_starter_holds_and_has_an_example_of_every_usual_rule() -> None:
    scheme = starter()
    assert scheme.full_points == 100
    kinds = {indicator.kind for indicator in scheme.indicators}
    assert kinds == {"ratio", "deviation", "limit", "checklist", "deductions", "kpi"}
    assert scheme.notices == ()
    assert layout_of(scheme).blocks
    assert not any("{" in indicator.standard for indicator in scheme.indicators)


def test_a_code_names_the_scheme_and_its_year() -> None:
    header = new_scheme("qu-2024").header
    assert (header.id, header.year, header.version) == ("qu-2024", 2024, "1.0")
    assert header.title == "2024年度部门整体支出绩效自评"
    assert new_scheme("qu").year == date.today().year - 1


def test_a_title_names_it_too() -> None:
    header = new_scheme(" 2024年度示例区部门绩效自评 ").header
    assert (header.id, header.year, header.title) == ("new-2024", 2024, "2024年度示例区部门绩效自评")
    assert header.results_title == header.title


def test_another_scheme_goes_on_under_a_new_year() -> None:
    old, made = load_scheme("xiangmu-2020"), new_scheme("2024年度项目自评", "xiangmu-2020")
    assert (made.id, made.year, made.header.deadline) == ("xiangmu-2024", 2024, "")
    assert made.header.note_head.startswith("由“2022年度项目支出绩效自评”（xiangmu-2020）改编")
    assert replace(made, header=old.header) == old
    again = new_scheme("再来一份", "guangzhou-2022")
    assert (again.id, again.year) == ("guangzhou-2022-2", 2022)
    assert again.header.deadline == "2023-03-31"


@pytest.mark.parametrize("ending", ["xlsx", "toml"])
def test_what_is_new_holds_and_the_steps_are_told(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"方案.{ending}"
    told = output("scheme", "new", "qu-2024", "-o", str(path))
    assert f"已新建：{path}" in told
    for number, command in ((2, "scheme check"), (3, "template --scheme"), (4, "run --scheme")):
        assert f"{number}. " in told and f"perfxl {command} {path}" in told
    assert "没有错误" in output("scheme", "check", str(path))
    assert load_scheme(path) == new_scheme("qu-2024")


# --- what differs


def test_every_table_has_its_key() -> None:
    assert {table.key for table in TABLES if not table.vertical} - {"settings"} == set(KEYS)


def test_equal_schemes_have_no_difference(tmp_path: Path, scheme: Scheme) -> None:
    (tmp_path / "a.toml").write_text(dump_toml(scheme), "utf-8")
    assert output("scheme", "diff", "guangzhou-2022", str(tmp_path / "a.toml")) == "没有差别。\n"


def test_differences_are_told_by_table_record_and_column(scheme: Scheme) -> None:
    text = edited(
        ("low_rate = 0.9", "low_rate = 0.8"),
        ("settings.per_point = 0.2", "settings.per_point = 0.4"),
        ('name = "镇街"', 'name = "街镇"'),
    )
    found = differences(scheme, toml_scheme(text))
    assert "检查界线：支出率：0.9 → 0.8" in found
    assert "评分规则 B21 预算编制约束性：每个百分点扣分：0.2 → 0.4" in found
    assert "部门类别 镇街：只在前一个方案中" in found
    assert "部门类别 街镇：只在后一个方案中" in found


def test_rules_are_told_with_labels_and_points() -> None:
    first = toml_scheme(form("gongxing-2013"))
    second = toml_scheme(
        form("gongxing-2013", ('[["fund_use_issues", 1]]', '[["fund_use_issues", 2]]'), ("[0.05, 2]", "[0.06, 2]"))
    )
    assert differences(first, second) == [
        "评分规则 G12 预算调整率：档次：0（3 分）、0.05（2 分）、0.1（1 分） → 0（3 分）、0.06（2 分）、0.1（1 分）",
        "评分规则 G22 资金使用合规性：扣分项：资金使用一般问题数（1 分） → 资金使用一般问题数（2 分）",
    ]


def test_order_kinds_and_caps(scheme: Scheme) -> None:
    other = replace(scheme, categories=tuple(reversed(scheme.categories)))
    assert differences(scheme, other) == ["部门类别：次序不同"]
    caps = replace(scheme, caps=(replace(scheme.caps[0], cap=Decimal(80)), *scheme.caps[1:]))
    line = differences(scheme, caps)[0]
    assert line.startswith("封顶和否决 支出率 ") and line.endswith("→ 80")
    assert "部门类别 高校：只在后一个方案中" in differences(
        scheme, replace(scheme, categories=(*scheme.categories, Category("高校")))
    )


def test_a_text_that_comes_to_the_same_is_no_difference(scheme: Scheme) -> None:
    # Another difference beside it, so that the schemes are not equal.
    text = edited(("超过 {budget_change} 的说明", "超过 10% 的说明"), ("completion_gap = 5", "completion_gap = 6"))
    assert differences(scheme, toml_scheme(text)) == ["检查界线：指标得分率与支出率之差：5 → 6"]
