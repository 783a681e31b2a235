"""How often amounts are called 元: hardly ever by chance, whatever the amounts, and always where a slip shows twice."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import perfxl
from perfxl.checks.catalogue import check_submissions
from perfxl.intake.submission import Submission, read_submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import layout_of
from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.submission.document import field_values
from perfxl.submission.values import Reading
from perfxl.template import write_template
from perfxl.workbook.limits import Limits
from tests.documents import make_document

Amounts = dict[FieldId, Decimal]
YUAN = Decimal(10_000)
PARTS = ("abroad", "vehicle_purchase", "vehicle_running", "reception")


@lru_cache(maxsize=4)
def blank(scheme_id: str) -> Submission:
    """A template in which every row of the task table is begun, as it is read."""
    scheme = load_scheme(scheme_id)
    rows = range(1, scheme.options.task_rows + 1) if scheme.has_tasks else ()
    values = {("tasks", str(row), key): Decimal(1) for row in rows for key in ("budget", "spent")}
    with TemporaryDirectory() as folder:
        write_template(scheme, Path(folder) / "a.xlsx", values)
        return read_submission((Path(folder) / "a.xlsx").read_bytes(), layout_of(scheme), Limits())


def codes(scheme_id: str, many: Iterable[Amounts]) -> Counter[str]:
    """What is said of 元 in so many workbooks with these amounts and nothing else, "" where nothing is."""
    whole, submissions = blank(scheme_id), {}
    for number, amounts in enumerate(many):
        fields = {
            name: replace(cell, raw=amounts.get(name), reading=Reading(amounts.get(name)))
            for name, cell in whole.fields.items()
            if name[0] != "tasks" or name in amounts
        }  # fmt: skip
        submissions[str(number)] = replace(whole, fields=fields, written=fields)
    found = {item.file: item.code for item in check_submissions(Tables(whole.layout, submissions))
             if item.code in ("W210", "E211")}  # fmt: skip
    return Counter(found.get(file, "") for file in submissions)


def drawn(scheme_id: str, count: int) -> list[Amounts]:
    """Documents without errors whose amounts are drawn one by one."""
    scheme = load_scheme(scheme_id)
    path = Path(perfxl.__file__).parent / "scheme" / "builtin" / f"{scheme_id}.toml"
    table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    return [money_in(scheme_id, field_values(make_document(seed, table), scheme)) for seed in range(count)]


def money_in(scheme_id: str, values: dict[FieldId, Decimal | str | None]) -> Amounts:
    facts = load_scheme(scheme_id).money_facts
    return {name: value for name, value in values.items() if isinstance(value, Decimal)
            and (name[1] in facts if name[0] == "facts" else name[0] == "tasks")}  # fmt: skip


@lru_cache(maxsize=1)
def honest() -> list[Amounts]:
    """Departments of all sizes whose amounts fit each other."""
    rng, many = random.Random(7), []
    for _ in range(60):
        amounts: Amounts = {}
        whole = Decimal(10 ** rng.randint(1, 4) * rng.randint(50, 990)) / 100
        share, spent = Decimal(rng.randint(10, 90)) / 100, Decimal(rng.randint(60, 100)) / 100

        def put(key: str, value: Decimal, amounts: Amounts = amounts) -> Decimal:
            amounts["facts", key, VALUE] = value.quantize(Decimal("0.01"))
            return amounts["facts", key, VALUE]

        for column, factor in (
            ("initial", Decimal(rng.randint(60, 160)) / 100),
            ("adjusted", Decimal(1)),
            ("spent", spent),
        ):
            basic = put(f"funds.basic.{column}", whole * factor * share)
            put(f"funds.total.{column}", basic + put(f"funds.project.{column}", whole * factor * (1 - share)))
        for part in PARTS:
            budget = put(f"three_public.{part}.budget", whole * rng.randint(5, 30) / 1000)
            put(f"three_public.{part}.spent", budget * rng.randint(60, 100) / 100)
        put("procurement_sme", put("procurement_total", whole * rng.randint(5, 60) / 100) * rng.randint(30, 100) / 100)
        put("fixed_assets_in_use", put("fixed_assets_total", whole * rng.randint(1, 20)) * rng.randint(70, 100) / 100)
        for row in range(1, rng.choice((1, 3, 5)) + 1):
            budget = (whole * rng.randint(60, 200) / 1000).quantize(Decimal("0.01"))
            amounts["tasks", str(row), "budget"] = budget
            amounts["tasks", str(row), "spent"] = (budget * rng.randint(60, 100) / 100).quantize(Decimal("0.01"))
        many.append(amounts)
    return many


def test_amounts_that_fit_each_other_are_never_doubted() -> None:
    assert set(codes(DEFAULT, honest())) == {""}


@pytest.mark.parametrize(("scheme_id", "count"), [
    (DEFAULT, 300), ("gongxing-2013", 150),
    pytest.param(DEFAULT, 3000, marks=pytest.mark.slow), pytest.param("xiangmu-2020", 2000, marks=pytest.mark.slow),
])  # fmt: skip
def test_chance_returns_no_workbook(scheme_id: str, count: int) -> None:
    """Whatever stands beside what: fewer than one in two hundred, where every amount is drawn by itself."""
    assert codes(scheme_id, drawn(scheme_id, count))["E211"] * 200 <= count


@pytest.mark.parametrize(("scheme_id", "count"), [(DEFAULT, 300), ("gongxing-2013", 150), ("xiangmu-2020", 150)])
def test_chance_is_seldom_warned_of(scheme_id: str, count: int) -> None:
    """Amounts drawn by themselves over five powers of ten are high beside each other more often than real ones."""
    assert codes(scheme_id, drawn(scheme_id, count))["W210"] * 100 <= 30 * count


def column(key: str) -> Callable[[FieldId], bool]:
    return lambda name: name[1].startswith("funds.") and name[1].endswith(key)


def facts(*keys: str) -> Callable[[FieldId], bool]:
    return lambda name: name[1].startswith(keys)


def of_tasks(name: FieldId) -> bool:
    return name[0] == "tasks"


# What is typed in 元, and of how many workbooks the share that is returned, and that is at least warned of.
SLIPS: dict[str, tuple[Callable[[FieldId], bool], float, float]] = {
    "total spent": (facts("funds.total.spent"), 1, 1),
    "basic adjusted": (facts("funds.basic.adjusted"), 1, 1),
    "column spent": (column(".spent"), 1, 1),
    "column adjusted": (column(".adjusted"), 1, 1),
    "column initial": (column(".initial"), 1, 1),
    "all but the tasks": (lambda name: not of_tasks(name), 0.6, 0.6),
    "all but the funds": (lambda name: not name[1].startswith("funds."), 0.9, 1),
    "three public spent": (lambda name: name[1].startswith("three_public") and name[1].endswith("spent"), 0.6, 0.9),
    "all of three public": (facts("three_public"), 0.05, 0.9),
    "one of three public": (facts("three_public.reception.spent"), 0, 0.6),
    "procured": (facts("procurement_total"), 0, 0.9),
    "part of it": (facts("procurement_sme"), 0.95, 0.95),
    "tasks": (of_tasks, 0.5, 1),
    "spent on tasks": (lambda name: of_tasks(name) and name[2] == "spent", 0.6, 1),
    "one task": (lambda name: name == ("tasks", "1", "spent"), 0, 1),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_and_returned_where_two_signs_agree(name: str) -> None:
    slipped, returned, warned = SLIPS[name]
    many = [{at: value * YUAN if slipped(at) else value for at, value in amounts.items()} for amounts in honest()]
    found = codes(DEFAULT, many)
    told = f"{found} of {len(many)}"
    assert found["E211"] >= returned * len(many), told
    assert found["E211"] + found["W210"] >= warned * len(many), told
    # One amount that stands out is one sign, whatever it is compared with.
    assert returned or not found["E211"], told
