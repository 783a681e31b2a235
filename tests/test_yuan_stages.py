"""元 typed for 万元 in the forms of the year's other stages, and in those that ask for nothing but the funds."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.checks.finding import Finding
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from tests.books import filled, process
from tests.monitoring_cases import clean as monitored
from tests.target_cases import target_document

EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"
ON_MONEY = ("W210", "E211", "E202", "E851", "W852", "E857", "W858")


def times(document: dict[str, Any], *columns: str) -> dict[str, Any]:
    """The document with columns of the funds table in 元; all of them where none is named."""

    def typed(column: str, value: str | None) -> str | None:
        return str(Decimal(value) * 10_000) if value and (not columns or column in columns) else value

    funds = {row: {key: typed(key, value) for key, value in own.items()} for row, own in document["funds"].items()}
    return document | {"funds": funds}


def found(document: dict[str, Any], scheme: Scheme, folder: Path) -> list[Finding]:
    scored = process(filled(document, scheme, folder / "a.xlsx"), scheme)
    return [item for item in scored.findings if item.code in ON_MONEY or item.code[0] == "F"]


def test_the_funds_of_targets_are_told_beside_their_tasks(scheme: Scheme, tmp_path: Path) -> None:
    """The form has a single column of money, in which the doubt stands."""
    document = times(target_document())
    task = document["tasks"][0]
    document["tasks"] = [task | {"name": f"任务{number}", "budget": "1.20"} for number in range(3)]
    own = scheme_at(scheme, Stage.TARGETS)
    (told,) = found(document, own, tmp_path)
    assert (told.code, told.fields[0]) == ("W210", ("facts", "funds.total.initial", "value"))
    assert "其余各项金额的几千倍以上" in told.message


@pytest.mark.parametrize(("columns", "code"), [(("expected",), "E211"), (("spent", "expected"), "E211"), ((), "")])
def test_what_is_expected_in_yuan_is_one_finding(
    columns: tuple[str, ...], code: str, scheme: Scheme, tmp_path: Path
) -> None:
    own = scheme_at(scheme, Stage.MONITORING)
    told = found(times(monitored(), *columns) if columns else monitored(), own, tmp_path)
    assert [item.code for item in told] == ([code] if code else [])


@pytest.mark.parametrize(
    ("scheme_id", "name"), [("xiangmu-2020", "示例校园信息化建设项目"), ("chongqing-2021", "示例市生态环境局")]
)
def test_more_than_any_department_has_is_told_where_nothing_else_is_asked(
    scheme_id: str, name: str, tmp_path: Path
) -> None:
    own = load_scheme(scheme_id)
    document = json.loads((EXAMPLES / scheme_id / f"{name}.json").read_text("utf-8"))
    (told,) = found(times(document), own, tmp_path)
    assert told.code == "W210" and "1000 亿元以上" in told.message
    assert not found(document, own, tmp_path)


@pytest.mark.parametrize("key", ["carry_over", "carry_over_last", "three_public_last", "office.budget"])
def test_an_amount_is_compared_with_what_its_rule_compares_it_with(key: str, tmp_path: Path) -> None:
    """Where it stands in no row with anything, and is not hundreds of times the whole money."""
    own = load_scheme("gongxing-2013")
    document = json.loads((EXAMPLES / own.id / "示例县水利局.json").read_text("utf-8"))
    document["facts"][key] = str(Decimal(document["facts"][key]) * 10_000)
    (told,) = found(document, own, tmp_path)
    assert (told.code, told.fields[0][1]) == ("W210", key)
