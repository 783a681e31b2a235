"""Placeholders in texts: filled where a scheme is built, written back where it is exported, told where they are none.

And figures in words that say another thing than the scheme.
"""

from __future__ import annotations

import dataclasses
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from perfxl.cli.app import perfxl
from perfxl.scheme import dump_toml, load_scheme, scheme_sha256
from perfxl.scheme.check_figures import figures
from perfxl.scheme.placeholders import COLUMNS, bare, escaped, fill, slots
from tests.scheme_files import (
    BUILTIN,
    FORM_NAMES,
    book_scheme,
    edited,
    exported,
    form,
    line_of,
    only,
    toml_faults,
    toml_scheme,
)

B21 = (
    'standard = "追加率不超过 {free} 得满分，每超 1 个百分点扣 {per_point} 分（不足 1 个百分点按比例），'
    '扣完为止；压减不扣分"'
)
NARRATIVE = 'label = "部门主要职责"'


def standard(words: str) -> tuple[str, str]:
    """The standard of B21 with other words."""
    return B21, f'standard = "{words}"'


# --- filling


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("满分 {points} 分", "满分 2 分"),
        ("{ free } 和 {per_point}", "10% 和 0.2"),
        ("目标 {target}", "目标 0%"),
        ("{low_rate} {budget_change} {over_target} {completion_gap}", "90% 10% 120% 5"),
        ("{floor} {penalty_from} {penalty}", "60% 30% 2"),
        ("{year} {title} {deadline} {bureau}", "2022 2022年度部门整体支出绩效自评 2023-03-31 区财政局"),
        ("{B22.minor_findings} {B56.target} {A01.points}", "0.5 30% 20"),
        ("{B66.tiers.2} {B66.tiers.2.points}", "75% 1.5"),
        ("{{points}} {{}} }}{{", "{points} {} }{"),
        ("不换", "不换"),
    ],
)
def test_what_a_standard_may_name(written: str, filled: str) -> None:
    assert toml_scheme(edited(standard(written))).indicator_by_code["B21"].standard == filled


@pytest.mark.parametrize(("table", "column"), [(table, name) for table, names in COLUMNS.items() for name in names])
def test_every_text_column_is_filled(table: str, column: str) -> None:
    text = form("district") + '\n[[caps]]\nsign = "<"\nvalue = "0.1"\ncap = 1\nwords = "低"\n'
    start = text.index(f"\n[[{table}]]\n")
    line = next(line for line in text[start:].splitlines() if line.startswith(f"{column} = "))
    at = text.index(line, start)
    number = text.count(f"[[{table}]]", 0, at) - 1
    changed = f'{text[:at]}{column} = "界线 {{low_rate}}"{text[at + len(line) :]}'
    record = getattr(toml_scheme(changed), table)[number]
    assert getattr(record, column) == "界线 90%"


def test_numbers_that_are_no_rates_stay_plain() -> None:
    text = form(
        "district",
        ('value = "采购执行率"', 'value = "年末结转结余"'),
        ("target = 1\nsettings.free = 0.05", "target = 12\nsettings.free = 0.5"),
        ("与 {target} 相差不超过 {free} 得满分", "{target} 万元、{free} 万元，{B31.target}"),
    )
    assert "12 万元、0.5 万元，90%" in toml_scheme(text).indicator_by_code["B21"].standard
    scheme = toml_scheme(form("gongxing-2013"))
    assert "不高于 100% 得 2 分" in scheme.indicator_by_code["G16"].standard


def test_a_changed_number_changes_the_words() -> None:
    scheme = toml_scheme(
        edited(("low_rate = 0.9", "low_rate = 0.85"), ("budget_change = 0.1", "budget_change = 0.125"))
    )
    labels = scheme.fact_labels
    assert labels["low_rate_reason"] == "支出率低于 85% 的说明"
    assert labels["budget_change_reason"] == "预算调整幅度超过 12.5% 的说明"
    scheme = toml_scheme(edited(("settings.free = 0.1", "settings.free = 0.15")))
    assert scheme.indicator_by_code["B21"].standard.startswith("追加率不超过 15% 得满分")


def test_the_built_in_texts_are_the_ones_of_the_first_version() -> None:
    old = tomllib.loads(first_version())
    scheme = load_scheme()
    for table, records in (("indicators", scheme.indicators), ("facts", scheme.facts), ("columns", scheme.columns)):
        for before, record in zip(old[table], records, strict=True):
            for column in COLUMNS[table]:
                assert getattr(record, column) == before.get(column, ""), before
    assert len(scheme.written) > 25
    assert not scheme.notices


def first_version() -> str:
    """The built-in scheme as it was before it had placeholders."""
    return (Path(__file__).parent / "schemes" / "guangzhou-2022-first.toml").read_text("utf-8")


# --- writing back


@pytest.mark.parametrize("name", [*FORM_NAMES, None])
def test_both_files_give_the_placeholders_back(name: str | None) -> None:
    scheme = toml_scheme(form(name)) if name else load_scheme()
    text = dump_toml(scheme)
    for number in ("{points}", "{low_rate}"):
        assert number in text
    for again in (toml_scheme(text), book_scheme(exported(scheme))):
        assert again == scheme
        assert again.written == scheme.written
        assert scheme_sha256(again) == scheme_sha256(scheme)


def test_a_number_changed_in_the_program_leaves_no_false_placeholder() -> None:
    scheme = load_scheme()
    thresholds = dataclasses.replace(scheme.thresholds, low_rate=Decimal("0.8"))
    changed = dataclasses.replace(scheme, thresholds=thresholds)
    assert toml_scheme(dump_toml(changed)) == changed
    assert 'label = "支出率低于 90% 的说明"' in dump_toml(changed)


def test_braces_of_their_own_survive() -> None:
    scheme = load_scheme()
    first = dataclasses.replace(scheme.narrative[0], label="{low_rate} {{x} }")
    changed = dataclasses.replace(scheme, narrative=(first, *scheme.narrative[1:]))
    assert toml_scheme(dump_toml(changed)) == changed
    assert book_scheme(exported(changed)) == changed


@given(st.text(max_size=30))
def test_what_is_escaped_comes_back(text: str) -> None:
    assert fill(escaped(text), {"points": "2"}) == text
    assert not list(slots(escaped(text)))


# --- faults


@pytest.mark.parametrize(
    ("words", "what", "advice"),
    [
        ("{pionts}", "占位符“{pionts}”不是方案中的数", "是否应为“{points}”"),
        ("{per_piont}", "占位符“{per_piont}”", "是否应为“{per_point}”"),
        ("{A01.piont}", "占位符“{A01.piont}”", "是否应为“{A01.points}”"),
        ("{A09.points}", "占位符“{A09.points}”", "可以用“{points}”、"),
        ("{minor_findings}", "占位符“{minor_findings}”", "是否应为“{B22.minor_findings}”"),
        ("{}", "占位符“{}”", "可以用"),
        ("{points", "“{”没有成对", "请写两个"),
        ("points}", "“}”没有成对", "请写两个"),
    ],
)
def test_names_that_are_none(words: str, what: str, advice: str) -> None:
    text = edited(standard(words))
    fault = only(toml_faults(text), line_of(text, f'standard = "{words}"'), what)
    assert advice in fault.advice


def test_only_a_standard_knows_its_own_points() -> None:
    text = edited((NARRATIVE, 'label = "职责 {points}"'))
    only(toml_faults(text), line_of(text, "职责 {points}"), "占位符“{points}”")


def test_titles_and_names_may_have_any_braces() -> None:
    text = edited(
        ('title = "2022年度部门整体支出绩效自评"', 'title = "{x} {{ 自评"'), ('name = "数据质量"', 'name = "{数据}"')
    )
    scheme = toml_scheme(text)
    assert scheme.header.title == "{x} {{ 自评"
    assert toml_scheme(dump_toml(scheme)) == scheme


def test_a_rule_that_does_not_hold_brings_no_faults_of_names() -> None:
    text = edited(("settings.free = 0.1", "settings.free = -0.1"))
    only(toml_faults(text), line_of(text, "settings.free = -0.1"), "允许幅度不能为负")
    text = edited(('kind = "deviation"', 'kind = "deviaton"'), standard("{free}"))
    only(toml_faults(text), line_of(text, 'kind = "deviaton"'), "是否应为")
    text = edited(('kind = "deviation"', 'kind = "deviaton"'), (NARRATIVE, 'label = "{B21.free}"'))
    only(toml_faults(text), line_of(text, 'kind = "deviaton"'), "是否应为")


# --- figures that contradict


def notices(text: str) -> list[str]:
    return list(toml_scheme(text).notices)


@pytest.mark.parametrize(
    "words",
    [
        "不超过 10% 得满分，每超 1 个百分点扣 0.2 分，最多 2 分，否则 0 分",
        "支出率 × 2，100%",
        "偏离 90%～110%",
        "达成预期 80%、低于 60%、超过 120%",
        "按 2 个百分点",
        "共 45 分钟，分 3 项、第 7 分类",
        "10 日内、2022 年、35 场",
        "{free} {per_point} 分",
    ],
)
def test_figures_that_the_scheme_has(words: str) -> None:
    assert notices(edited(standard(words))) == []


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("每超 1 个百分点扣 0.3 分", "0.3 分"),
        ("满分 3分", "3分"),
        ("追加率 × 3", "× 3"),
        ("不超过 15% 得满分", "15%"),
        ("不超过 ５％ 得满分", "5%"),
        ("每超 7 个百分点", "7 个百分点"),
        ("{points} 分或 5 分", "5 分"),
    ],
)
def test_figures_that_contradict_the_scheme(words: str, figure: str) -> None:
    text = edited(standard(words))
    found = notices(text)
    assert len(found) == 1
    assert found[0].startswith(line_of(text, f'standard = "{words}"') + "：指标 B21 的评分标准写着")
    assert f"“{figure}”" in found[0]


def test_reasons_that_ask_for_another_bound() -> None:
    text = edited(
        ('label = "支出率低于 {low_rate} 的说明"', 'label = "支出率低于 90% 的说明"'),
        ("low_rate = 0.9", "low_rate = 0.85"),
    )
    place = line_of(text, 'label = "支出率低于 90%')
    words = "事项“low_rate_reason”的“名称”（label）写着“90%”，检查界线是 85%。请核对，或写成占位符 {low_rate}。"
    assert notices(text) == [f"{place}：{words}"]
    same = edited(('label = "支出率低于 {low_rate} 的说明"', 'label = "支出率低于 90% 的说明"'))
    assert notices(same) == []


def test_full_width_braces_are_noticed() -> None:
    found = notices(edited((NARRATIVE, 'label = "界线 ｛low_rate｝ ｛别的｝"')))
    assert len(found) == 1
    assert "“｛low_rate｝”用了全角花括号" in found[0]


def test_facts_that_nothing_uses_are_noticed_once() -> None:
    unused = '\n[[facts]]\nkey = "{}"\nlabel = "无用"\ntype = "count"\nsheet = "管理效率"\nsection = "其他"\n'
    found = notices(BUILTIN + unused.format("甲") + unused.format("乙") + unused.format("丙").replace("count", "text"))
    assert len(found) == 1
    assert "有 2 项没有评分规则使用，只作参考显示在结果中：甲、乙" in found[0]
    by_cap = '\n[[caps]]\nfact = "甲"\nsign = "≥"\nvalue = "1"\ncap = 60\n'
    assert notices(BUILTIN + unused.format("甲") + by_cap) == []


def test_the_check_shows_notices_and_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    path.write_text(edited(standard("满分 3 分")), "utf-8")
    done = CliRunner().invoke(perfxl, ["scheme", "check", str(path)])
    assert done.exit_code == 0
    assert "没有错误：三级指标 25 个，总分 100 分。" in done.output
    assert "提示 1. 方案.toml 第 154 行：指标 B21 的评分标准写着“3 分”" in done.output
    path.write_text(form("district"), "utf-8")
    done = CliRunner().invoke(perfxl, ["scheme", "check", str(path)])
    assert "总分 100 分，另有加分最多 5 分、扣分最多 10 分。" in done.output


def test_notices_make_no_other_scheme() -> None:
    scheme = toml_scheme(edited(standard("满分 3 分")))
    assert scheme.notices
    assert dataclasses.replace(scheme, notices=(), written={}) == scheme


def test_figures_and_placeholders_are_told_apart() -> None:
    assert list(figures(bare("{points} 分 × {free} 10%"))) == [(Decimal(10), "%", "10%")]
