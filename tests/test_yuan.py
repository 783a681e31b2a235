"""元 typed where 万元 belongs: found by what else the workbook says, and never in a workbook that is right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.checks.catalogue import check_submissions
from perfxl.checks.finding import Finding
from perfxl.intake.submission import Submission, read_submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from perfxl.submission.official import Official
from perfxl.submission.values import Reading
from perfxl.workbook.limits import Limits
from tests.books import by_hand, cell_of, process
from tests.findings import clean_document, write_values

YUAN = Decimal(10_000)
CODES = FIRES = {"W210", "E211"}
FUNDS = tuple(
    f"funds.{row}.{column}" for row in ("total", "basic", "project") for column in ("initial", "adjusted", "spent")
)


def money(scheme: Scheme) -> dict[FieldId, Decimal]:
    """The amounts of the clean workbook that are not 0, tasks included."""
    values = field_values(clean_document(), scheme)
    return {
        name: value for name, value in values.items()
        if isinstance(value, Decimal) and value
        and ((name[0] == "facts" and name[1] in scheme.money_facts) or name[0] == "tasks")
    }  # fmt: skip


def in_yuan(scheme: Scheme, *keys: str) -> dict[FieldId, Decimal | str | None]:
    """Some amounts of the clean workbook in 元, by the keys of their facts; `tasks` for all of these."""
    return {
        name: value * YUAN for name, value in money(scheme).items() if name[1] in keys or name[0] in keys
    }  # fmt: skip


@lru_cache(maxsize=1)
def clean_submission() -> Submission:
    """The clean workbook as it is read."""
    scheme = load_scheme(DEFAULT)
    with TemporaryDirectory() as folder:
        data = write_values(scheme, Path(folder) / "a.xlsx", {}).read_bytes()
    return read_submission(data, layout_of(scheme), Limits())


def told(values: dict[FieldId, Decimal | str | None], official: dict[FieldId, Official] | None = None) -> list[Finding]:
    """What is said of amounts in 元, where these values stand in the clean workbook."""
    clean = clean_submission()
    fields = {
        name: replace(cell, raw=values[name], reading=Reading(values[name])) if name in values else cell
        for name, cell in clean.fields.items()
    }  # fmt: skip
    tables = Tables(
        clean.layout, {"a.xlsx": replace(clean, fields=fields, official=official or {}, written=clean.fields)}
    )
    return [item for item in check_submissions(tables) if item.code in CODES]


def findings(scheme: Scheme, path: Path, changes: dict[FieldId, Decimal | str | None]) -> list[Finding]:
    return process(write_values(scheme, path, changes), scheme).findings


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (("funds.total.adjusted",), "E211"),
        (("funds.total.spent",), "E211"),
        (("funds.total.initial",), "W210"),
        (("funds.basic.spent",), "E211"),
        (("funds.project.adjusted",), "E211"),
        (("funds.total.spent", "funds.basic.spent", "funds.project.spent"), "E211"),
        (FUNDS, "W210"),
        (("funds.basic.adjusted", "funds.project.adjusted"), "E211"),
        (("procurement_total",), "W210"),
        (("procurement_sme",), "E211"),
        (("three_public.reception.spent",), "W210"),
        (("fixed_assets_total", "fixed_assets_in_use"), "W210"),
        (("tasks",), "W210"),
    ],
    ids=lambda item: item if isinstance(item, str) else "+".join(item),
)
def test_single_amounts(scheme: Scheme, tmp_path: Path, keys: tuple[str, ...], code: str) -> None:
    """One finding, on a cell that is in 元, and none of what follows from it."""
    changes = in_yuan(scheme, *keys)
    (found,) = findings(scheme, tmp_path / "a.xlsx", changes)
    assert found.code == code
    assert set(found.fields) <= set(changes)
    first = found.fields[0]
    assert (found.sheet, found.cell) == cell_of(scheme, first)
    assert Decimal(found.expected) == money(scheme)[first]
    assert "元" in found.message
    assert "10000" in found.advice


def test_a_whole_workbook(scheme: Scheme, tmp_path: Path) -> None:
    everything: dict[FieldId, Decimal | str | None] = {name: value * YUAN for name, value in money(scheme).items()}
    (found,) = findings(scheme, tmp_path / "a.xlsx", everything)
    assert (found.code, found.value) == ("W210", "6424000")
    assert "可能都是按元填的" in found.message
    without_tasks = {name: value for name, value in everything.items() if name[0] != "tasks"}
    assert [item.code for item in findings(scheme, tmp_path / "b.xlsx", without_tasks)] == ["E211"]


def test_a_heading_that_says_yuan(scheme: Scheme, tmp_path: Path) -> None:
    """Whoever writes 单位：元 above the table means it; with another sign that is certain."""
    everything: dict[FieldId, Decimal | str | None] = {name: value * YUAN for name, value in money(scheme).items()}
    path = write_values(scheme, tmp_path / "a.xlsx", everything)
    sheet = cell_of(scheme, ("facts", "funds.total.spent", "value"))[0]

    def retitled(book) -> None:  # type: ignore[no-untyped-def]
        for cell in (cell for row in book[sheet].iter_rows() for cell in row if cell.value == "单位：万元"):
            cell.value = "单位：元"

    codes = {item.code for item in process(by_hand(path, retitled), scheme).findings}
    assert "E211" in codes
    honest = write_values(scheme, tmp_path / "b.xlsx", {})
    assert not CODES & {item.code for item in process(by_hand(honest, retitled), scheme).findings}


def test_what_the_bureau_supplied_is_never_doubted() -> None:
    """Its own value beside the department's: the department's is compared with it, and not the other way."""
    name, other = ("facts", "procurement_sme", "value"), ("facts", "procurement_total", "value")
    values: dict[FieldId, Decimal | str | None] = {name: Decimal(300_000)}
    official = Official("300000", "财政核定数")
    assert [item.code for item in told(values)] == ["E211"]
    assert told(values, {name: official}) == []
    assert [item.code for item in told(values, {other: official})] == ["E211"]


shares = st.decimals(min_value=Decimal("0.0005"), max_value=Decimal("1.3"), places=4)


@st.composite
def honest(draw: st.DrawFn, scheme: Scheme) -> dict[FieldId, Decimal | str | None]:
    """The amounts of any honest department: from 5 万元 to 9.9 billion 元, any places, blanks and zeros."""
    places = draw(st.sampled_from([0, 1, 2, 2, 2, 4, 6]))
    step = Decimal(1).scaleb(-places)

    def typed(value: Decimal) -> Decimal:
        return value.quantize(step)

    whole = Decimal(10) ** draw(st.integers(1, 5)) * draw(st.decimals(Decimal("0.5"), Decimal("9.9"), places=3))
    values: dict[FieldId, Decimal | str | None] = {}

    def put(key: str, value: Decimal | None) -> Decimal:
        own = None if value is None else typed(value)
        values["facts", key, "value"] = own
        return own or Decimal(0)

    rate = draw(st.decimals(Decimal("0.3"), Decimal("1"), places=4))
    part = draw(st.decimals(Decimal("0"), Decimal("1"), places=3))
    for column, factor in (
        ("initial", draw(st.decimals(Decimal("0.4"), Decimal("2"), places=2))),
        ("adjusted", 1),
        ("spent", rate),
    ):
        basic = put(f"funds.basic.{column}", whole * factor * part)
        project = put(f"funds.project.{column}", whole * factor * (1 - part))
        values["facts", f"funds.total.{column}", "value"] = basic + project
    for kind in ("abroad", "vehicle_purchase", "vehicle_running", "reception"):
        budget = put(
            f"three_public.{kind}.budget",
            whole * draw(st.sampled_from([0, *map(Decimal, ("0.0001", "0.001", "0.01"))])),
        )
        put(f"three_public.{kind}.spent", budget * draw(st.one_of(st.just(Decimal(0)), shares)))
    bought = put("procurement_total", whole * draw(st.sampled_from([0, *map(Decimal, ("0.001", "0.05", "0.6", "3"))])))
    put("procurement_sme", bought * draw(st.decimals(Decimal("0"), Decimal("1"), places=4)))
    owned = put(
        "fixed_assets_total", whole * draw(st.sampled_from(list(map(Decimal, ("0.01", "0.3", "2", "20", "90")))))
    )
    put("fixed_assets_in_use", owned * draw(st.decimals(Decimal("0.1"), Decimal("1"), places=4)))
    due = put("asset_income_due", whole * draw(st.sampled_from([0, *map(Decimal, ("0.0001", "0.02"))])))
    put("asset_income_paid", due * draw(st.one_of(st.just(Decimal(0)), shares)))
    budget = typed(whole * draw(st.decimals(Decimal("0.002"), Decimal("0.9"), places=4)))
    values["tasks", "1", "budget"] = budget
    values["tasks", "1", "spent"] = typed(budget * draw(st.decimals(Decimal("0.01"), Decimal("1.1"), places=3)))
    return values


@settings(max_examples=150)
@given(st.data())
def test_honest_workbooks_are_never_doubted(data: st.DataObject) -> None:
    scheme = load_scheme(DEFAULT)
    values = data.draw(honest(scheme))
    assert not [item.message for item in told(values)]


@settings(max_examples=60)
@given(st.data())
def test_an_amount_of_the_totals_in_yuan_is_always_certain(data: st.DataObject) -> None:
    """Whatever the department: the total of one column in 元 contradicts its parts and its row."""
    scheme = load_scheme(DEFAULT)
    values = data.draw(honest(scheme))
    name = ("facts", data.draw(st.sampled_from(["funds.total.adjusted", "funds.total.spent"])), "value")
    own = values[name]
    assert isinstance(own, Decimal)
    values[name] = (own * YUAN).quantize(Decimal("0.01"))
    (found,) = told(values)
    assert (found.code, found.fields) == ("E211", (name,))
