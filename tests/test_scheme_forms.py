"""Schemes of other forms as data (built in, or in tests/schemes): each passes the check and says what the form says."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.layout import layout_of
from perfxl.rules.deviation import Deviation
from perfxl.rules.tiers import Tiers
from perfxl.scheme import DEFAULT, builtin_ids
from tests.documents import make_document
from tests.scheme_files import FORM_NAMES, FORMS, OTHER_BUILTIN, form, form_path, toml_scheme


@pytest.mark.parametrize("name", FORM_NAMES)
def test_a_form_passes_and_every_standard_is_filled(name: str) -> None:
    scheme = toml_scheme(form(name))
    assert scheme.full_points == 100
    assert all(indicator.standard for indicator in scheme.indicators)
    texts = [indicator.standard for indicator in scheme.indicators] + [fact.label + fact.hint for fact in scheme.facts]
    assert not any("{" in text or "}" in text for text in texts)
    assert [notice for notice in scheme.notices if "只作参考" not in notice] == []
    assert layout_of(scheme).blocks


def test_every_file_is_tried() -> None:
    shipped = {path.stem for path in FORMS.glob("*.toml")}
    assert shipped | {*OTHER_BUILTIN} == {*FORM_NAMES, "guangzhou-2022-first"}
    assert {*OTHER_BUILTIN, DEFAULT} == {*builtin_ids()}


@pytest.mark.parametrize("name", FORM_NAMES)
def test_what_passes_is_filled_read_back_and_scored(name: str, tmp_path: Path) -> None:
    scheme = str(form_path(name))
    table = tomllib.loads(form(name), parse_float=Decimal)
    documents = [make_document(seed, table) for seed in range(3)]
    for number, document in enumerate(documents):
        (tmp_path / f"{number}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")

    def done(*arguments: str) -> None:
        result = CliRunner().invoke(perfxl, [*arguments, "--scheme", scheme], standalone_mode=False)
        # Amounts drawn one by one may look as if some were in 元.
        assert (result.exception, result.exit_code in (0, 3)) == (None, True), result.output

    done("fill", *(str(tmp_path / f"{number}.json") for number in range(3)), "-o", str(tmp_path / "in"))
    done("read", *map(str, (tmp_path / "in").iterdir()), "-o", str(tmp_path / "read"))
    again = [json.loads(path.read_text("utf-8"))["facts"] for path in (tmp_path / "read").iterdir()]
    assert {json.dumps(facts, sort_keys=True) for facts in again} == {
        json.dumps(document["facts"], sort_keys=True) for document in documents
    }
    done("run", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert {item["code"] for item in run["findings"] if item["severity"] == "error"} <= {"E211"}
    assert len(run["departments"]) == 3 and "scored" in {department["status"] for department in run["departments"]}
    assert run["scheme"]["id"] == toml_scheme(form(name)).id


def test_the_project_form() -> None:
    scheme = toml_scheme(form("xiangmu-2020"))
    assert scheme.evaluated.is_project
    assert [(level.name, level.points) for level in scheme.first_levels] == [
        ("预算执行", 10),
        ("产出", 50),
        ("效益", 30),
        ("满意度", 10),
    ]
    assert list(scheme.funds_table.columns.values()) == ["年初预算数", "全年预算数", "全年执行数"]
    assert [row.label for row in scheme.funds] == ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]
    assert [(share.lowest, share.share) for share in scheme.shares] == [
        (Decimal("0.8"), 1),
        (Decimal("0.6"), Decimal("0.8")),
        (0, Decimal("0.6")),
    ]
    assert not scheme.has_tasks


def test_the_chongqing_form() -> None:
    scheme = toml_scheme(form("chongqing-2021"))
    assert [indicator.points for indicator in scheme.indicators] == [10, 90]
    assert [column.label for column in scheme.table_columns("kpis")][2:9] == [
        "指标名称",
        "指标性质",
        "年初指标值",
        "指标值",
        "计量单位",
        "全年完成值",
        "指标权重",
    ]
    assert scheme.spending_indicator is scheme.indicators[0]


def test_the_framework_of_2013() -> None:
    scheme = toml_scheme(form("gongxing-2013"))
    assert len(scheme.indicators) == 28
    assert [level.points for level in scheme.first_levels] == [20, 40, 20, 20]
    assert scheme.spending_rate == scheme.definitions["budget_completion"]
    assert scheme.spending_indicator is scheme.indicator_by_code["G11"]
    assert scheme.indicator_by_code["G12"].rule == Tiers(
        value="budget_change_rate", tiers=((0, 3), (Decimal("0.05"), 2), (Decimal("0.1"), 1)), toward="越低越好"
    )
    both = scheme.indicator_by_code["G18"].rule
    assert isinstance(both, Deviation)
    assert both.side == "两边"
    assert {fact.type for fact in scheme.facts} == {"money", "count", "yes_no", "text", "percent"}
    assert scheme.fact_sheets == ("预算执行", "投入情况", "管理情况", "产出和效果")
    assert not scheme.kpi_indicators


def test_the_district_form_says_everything_that_districts_add() -> None:
    scheme = toml_scheme(form("district"))
    assert [(level.name, level.points) for level in scheme.first_levels if level.nature != "计分"] == [
        ("加分项", 5),
        ("扣分项", 10),
    ]
    assert [band.floor for band in scheme.bands_of("镇街")] == [85, 75, 60, 0]
    assert [(cap.fact, cap.grade) for cap in scheme.limits if cap.grade] == [("重大违规", "中"), ("弄虚作假", "差")]
    assert [(quota.grade, quota.scope) for quota in scheme.quotas] == [("优", "每类")]
    restricted = {item.code: (item.na, item.declared) for item in scheme.indicators if not item.always}
    assert restricted == {"B21": ("折算", True), "B22": ("折算", False), "B31": ("满分", False)}
    assert {fact.key for fact in scheme.info_facts} >= {"网上办理率", "户均补贴", "特色工作", "人均公用经费"}
    assert scheme.unit_of("人均公用经费") == "元/人"
    assert scheme.options.blank_self == "必填"
    blank = form("district", ('blank_self = "必填"', 'blank_self = "按计算得分"'))
    assert toml_scheme(blank).options.blank_self == "按计算得分"
    assert toml_scheme(form("district", ("over_full = false", "over_full = true"))).options.over_full
