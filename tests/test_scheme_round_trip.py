"""A scheme is the same object whether it comes from TOML or from the workbook, and stays so when it is written."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.rules import rule_kinds
from perfxl.rules.judged import Judged
from perfxl.rules.limit import Limit
from perfxl.rules.ratio import Ratio
from perfxl.rules.tiers import Tiers
from perfxl.scheme import DEFAULT, builtin_ids, dump_toml, load_scheme, scheme_sha256
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.model import Indicator, Scheme
from perfxl.scheme.workbook_file import read_workbook, scheme_workbook, write_scheme_workbook
from tests.scheme_files import BUILTIN, FORM_NAMES, form, toml_scheme


def with_rule(scheme: Scheme, code: str, change: Callable[[Indicator], Indicator]) -> Scheme:
    return replace(scheme, indicators=tuple(change(i) if i.code == code else i for i in scheme.indicators))


def without_facts(scheme: Scheme, *keys: str) -> Scheme:
    return replace(scheme, facts=tuple(fact for fact in scheme.facts if fact.key not in keys))


def variants() -> list[Scheme]:
    scheme = load_scheme()
    options = replace(
        scheme.options,
        floor_on=True,
        floor=Decimal("0.55"),
        penalty_on=True,
        penalty_from=Decimal("0.25"),
        penalty=Decimal("1.5"),
        caps_on=True,
        five_grades=True,
        kpi_rows=60,
    )
    judged = with_rule(
        without_facts(scheme, "procurement_rules_issued"),
        "B52",
        lambda indicator: replace(indicator, kind="judged", rule=Judged()),
    )
    tiered = with_rule(
        scheme,
        "B66",
        lambda indicator: replace(indicator, rule=replace(indicator.rule, na="满分")),
    )
    precise = with_rule(
        scheme,
        "B56",
        lambda indicator: replace(indicator, rule=replace(indicator.rule, target=Decimal("0.333333333"))),
    )
    return [
        scheme,
        *(toml_scheme(form(name)) for name in FORM_NAMES),
        replace(scheme, options=options, thresholds=replace(scheme.thresholds, self_over=Decimal("0.005"))),
        judged,
        tiered,
        precise,
        replace(scheme, caps=(), narrative=(), header=replace(scheme.header, contact="", bureau="")),
        replace(
            scheme, header=replace(scheme.header, title='=1+1 “引号" \\ 反斜杠 # 井号', contact="http://a.cn\n电话")
        ),
    ]


@pytest.mark.parametrize("scheme", variants(), ids=lambda scheme: scheme_sha256(scheme)[:8])
def test_both_files_give_back_the_scheme(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    write_scheme_workbook(scheme, path)
    from_workbook = load_scheme(path)
    from_toml = toml_scheme(dump_toml(scheme))
    assert from_workbook == scheme
    assert from_toml == scheme
    assert scheme_sha256(from_workbook) == scheme_sha256(from_toml) == scheme_sha256(scheme)


def test_the_variants_cover_every_rule_kind() -> None:
    kinds = {indicator.rule.kind for scheme in variants() for indicator in scheme.indicators}
    assert kinds == set(rule_kinds())


def test_what_the_built_in_file_says_is_what_the_scheme_holds(scheme: Scheme) -> None:
    assert scheme.header.id == DEFAULT
    assert scheme.year == 2022
    assert scheme.options.floor == Decimal("0.6")
    assert sum(indicator.points for indicator in scheme.indicators) == 100
    assert scheme.indicator_by_code["A03"].rule == Ratio(
        numerator=("funds.total.spent",), denominator=("funds.total.adjusted",)
    )
    assert scheme.indicator_by_code["A03"].level1 == "履职效能"
    assert scheme.indicator_by_code["B62"].rule == Limit(
        value=("asset_income_paid",), bound=("asset_income_due",), side="不低于", na="满分"
    )
    assert scheme.indicator_by_code["B66"].rule == Tiers(
        numerator=("fixed_assets_in_use",),
        denominator=("fixed_assets_total",),
        tiers=((Decimal("0.9"), Decimal(2)), (Decimal("0.75"), Decimal("1.5")), (Decimal("0.6"), Decimal(1))),
    )
    assert scheme.symbols[0].aliases[0] == ">="
    assert not scheme.funds[1].initial_required
    assert scheme.fact_by_key["contracts_filed"].part_of == "contracts_total"


def test_numbers_are_exact(scheme: Scheme) -> None:
    for number in (scheme.options.floor, scheme.indicators[0].points, scheme.shares[1].share):
        assert isinstance(number, Decimal)
    from_workbook = build_scheme(read_workbook(scheme_workbook(scheme), "x.xlsx"))
    assert str(from_workbook.thresholds.self_over) == "0.01"
    assert str(from_workbook.indicators[0].points) == "20"


def test_hash_is_of_the_content_and_not_of_its_form(scheme: Scheme) -> None:
    points = replace(scheme, options=replace(scheme.options, floor=Decimal("0.60")))
    assert scheme_sha256(points) == scheme_sha256(scheme)
    assert scheme_sha256(toml_scheme("# 说明\n" + BUILTIN)) == scheme_sha256(scheme)
    changed = replace(scheme, header=replace(scheme.header, version="1.1"))
    assert scheme_sha256(changed) != scheme_sha256(scheme)


def test_a_comment_in_chinese_stands_above_each_table(scheme: Scheme) -> None:
    lines = dump_toml(scheme).splitlines()
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.startswith("[") and line not in seen:
            assert lines[number - 1].startswith("# "), line
            seen.add(line)
    assert len(seen) == 17


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cf"), exclude_characters="、"),
    min_size=1,
    max_size=20,
)


@settings(max_examples=20)
@given(title=TEXTS, alias=TEXTS, floor=st.decimals("0.0000000001", "0.9999999999", places=10))
@pytest.mark.slow
def test_any_text_and_number_survives_both_files(title: str, alias: str, floor: Decimal) -> None:
    scheme = load_scheme()
    shares = (replace(scheme.shares[0], aliases=(f"甲{alias}",)), *scheme.shares[1:])
    scheme = replace(
        scheme,
        header=replace(scheme.header, title=title, contact=f"{title}\n{alias}"),
        options=replace(scheme.options, floor=floor),
        shares=shares,
    )
    assert toml_scheme(dump_toml(scheme)) == scheme
    assert build_scheme(read_workbook(scheme_workbook(scheme), "x.xlsx")) == scheme


def test_same_scheme_same_bytes(scheme: Scheme) -> None:
    assert scheme_workbook(scheme) == scheme_workbook(scheme)


def test_the_workbook_has_no_drop_down_that_excel_drops(scheme: Scheme) -> None:
    package = zipfile.ZipFile(io.BytesIO(scheme_workbook(scheme)))
    sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    lists = [part.split("</formula1>")[0] for sheet in sheets for part in sheet.split("<formula1>")[1:]]
    assert any(item.startswith('"是,否') for item in lists)
    assert all(len(item) <= 257 for item in lists if item.startswith('"'))


def test_built_in_codes_and_the_default(scheme: Scheme) -> None:
    assert DEFAULT in builtin_ids()
    assert load_scheme(DEFAULT) == load_scheme() == scheme


def test_importing_schemes_is_light() -> None:
    code = "import sys, perfxl.scheme; print([m for m in ('pandas','openpyxl','xlsxwriter','python_calamine') if m in sys.modules])"  # noqa: E501
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
