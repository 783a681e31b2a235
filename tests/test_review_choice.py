"""Which departments are reviewed, and by whom: what is so of every batch, number, seed and set of reviewers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.cli.asking import chosen_by
from perfxl.errors import UsageError
from perfxl.review_books.candidates import Candidate
from perfxl.review_books.chosen import named
from perfxl.review_books.propose import Choice, number_of, propose
from perfxl.review_books.split import split
from perfxl.scheme import load_scheme
from perfxl.scoring.result import DepartmentResult
from tests.sample_batch import sample_batch


@cache
def _departments() -> Sequence[DepartmentResult]:
    return tuple(sample_batch(40, returned=0).departments)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    """Departments of one or two schemes with any money, risks and categories."""
    first, second = load_scheme(), load_scheme("xiangmu-2020")
    count = draw(st.integers(1, 40))
    found = []
    for number in range(count):
        department = replace(_departments()[number], code=f"4401{number:03d}", name=f"单位{number}")
        found.append(
            Candidate(
                department,
                draw(st.sampled_from([first, first, second])),
                draw(st.none() | st.decimals(0, 10**6, places=2)),
                draw(st.sampled_from("甲乙丙丁戊")),
                tuple(draw(st.lists(st.tuples(st.integers(1, 4), st.just("自评偏高")), max_size=3))),
            )
        )
    return found


def stratum(item: Candidate) -> tuple[str, str]:
    return item.scheme.id, item.category


def keys(choices: Sequence[Choice]) -> list[str]:
    return [choice.candidate.key for choice in choices]


@given(candidates(), st.integers(1, 45), st.text(max_size=5), st.randoms())
def test_a_proposal(pool: list[Candidate], number: int, seed: str, dice: random.Random) -> None:
    choices = propose(pool, number, seed)
    assert len(choices) == min(number, len(pool)) == len(set(keys(choices)))
    assert keys(choices) == [item.key for item in pool if item.key in set(keys(choices))], "in their order"
    assert all(choice.reason for choice in choices)
    strata = {stratum(item) for item in pool}
    assert len({stratum(choice.candidate) for choice in choices}) == len(strata) or number < len(strata)
    if number < len(strata):
        assert len({stratum(choice.candidate) for choice in choices}) == len(choices)
    shuffled = pool[:]
    dice.shuffle(shuffled)
    assert {(one.candidate.key, one.reason) for one in propose(shuffled, number, seed)} == {
        (one.candidate.key, one.reason) for one in choices
    }, "the same whatever the order"


@given(candidates())
def test_money_and_risk_come_first(pool: list[Candidate]) -> None:
    if len({stratum(item) for item in pool}) > 1 or len(pool) < 2:
        return
    chosen = {choice.candidate.key for choice in propose(pool, 2, "7")}
    most = max(item.money or Decimal(0) for item in pool)
    if most:
        assert any(item.key in chosen for item in pool if item.money == most)
    worst = max(item.risk for item in pool)
    assert worst == 0 or any(item.risk == worst for item in pool if item.key in chosen)


def test_another_seed_is_another_choice_and_the_same_one_the_same_everywhere() -> None:
    pool = [Candidate(item, load_scheme(), None, item.category) for item in _departments()]
    chosen = {seed: tuple(keys(propose(pool, 10, seed))) for seed in ("2022", "2023", "甲")}
    assert len(set(chosen.values())) == 3
    assert tuple(keys(propose(pool, 10, "2022"))) == chosen["2022"]


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [("12", 40, 12), ("50", 40, 40), ("20%", 12, 3), ("20％", 10, 2), ("0.5%", 1000, 5), ("100%", 7, 7), (" 1 ", 3, 1)],
)
def test_numbers_and_shares(text: str, count: int, number: int) -> None:
    assert number_of(text, count) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "101%", "0%", "三成", "", "nan", "inf", "1e9%", "9999999"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(UsageError, match="--propose"):
        number_of(text, 40)


@given(candidates(), st.integers(1, 6), st.data())
def test_a_split(pool: list[Candidate], count: int, data: st.DataObject) -> None:
    choices = [Choice(item, "") for item in pool]
    reviewers = [f"复核人{number}" for number in range(count)]
    each = data.draw(st.integers(1, count))
    parts = split(choices, reviewers, each)
    dealt = Counter(key for own in parts.values() for key in keys(own))
    assert dealt == Counter(dict.fromkeys(keys(choices), each)), "each department of so many"
    assert all(len(own) == len(set(keys(own))) and own for own in parts.values())
    sizes = [len(parts.get(name, [])) for name in reviewers]
    assert max(sizes) - min(sizes) <= 1
    assert all(keys(own) == [key for key in keys(choices) if key in keys(own)] for own in parts.values())


@given(st.lists(st.integers(1, 1000), min_size=4, max_size=40), st.integers(2, 4))
def test_money_is_spread(money: list[int], count: int) -> None:
    pool = [
        Candidate(replace(_departments()[0], code=str(n), name=f"单位{n}"), load_scheme(), Decimal(own), "甲")
        for n, own in enumerate(money)
    ]
    parts = split([Choice(item, "") for item in pool], [f"人{n}" for n in range(count)])
    sums = [sum(choice.candidate.money or 0 for choice in own) for own in parts.values()]
    assert max(sums) - min(sums) <= 2 * max(money)


def test_what_the_roster_settles_stays() -> None:
    pool = [Candidate(item, load_scheme(), item.adjusted, item.category) for item in _departments()[:9]]
    choices = [Choice(item, "") for item in pool]
    fixed = {pool[0].key: ["张三"], pool[1].key: ["张三"], pool[2].key: ["张三", "李四"]}
    parts = split(choices, ["张三", "李四"], 1, fixed)
    assert {pool[0].key, pool[1].key, pool[2].key} <= set(keys(parts["张三"]))
    assert pool[2].key in keys(parts["李四"])
    assert pool[0].key not in keys(parts["李四"])
    assert sorted(map(len, parts.values())) == [5, 5], "the others even it out"
    both = split(choices, ["张三", "李四"], 2, fixed)
    assert [len(own) for own in both.values()] == [9, 9]


def test_without_reviewers_there_is_one_part() -> None:
    choices = [Choice(Candidate(item, load_scheme(), None, ""), "") for item in _departments()[:3]]
    assert split(choices, []) == {"": choices}
    with pytest.raises(UsageError, match="--each"):
        split(choices, ["张三"], 2)


def test_departments_by_name_code_and_list(tmp_path: Path) -> None:
    from openpyxl import Workbook

    pool = [Candidate(item, load_scheme(), None, item.category) for item in _departments()[:12]]
    first, second, third = (item.department for item in pool[:3])
    assert keys(named(pool, [second.name, f" {first.code} "])) == [pool[0].key, pool[1].key]
    text = tmp_path / "名单.txt"
    text.write_bytes(f"单位\r\n{third.name}\r\n{first.code}，备注\r\n".encode("gb18030"))
    assert keys(named(pool, [str(text)])) == [pool[0].key, pool[2].key]
    book = Workbook()
    book.active.append(["序号", "部门名称"])
    book.active.append([1, second.name])
    book.save(tmp_path / "名单.xlsx")
    assert keys(named(pool, [str(tmp_path / "名单.xlsx"), third.code])) == [pool[1].key, pool[2].key]
    with pytest.raises(UsageError, match="“没有的局”"):
        named(pool, ["没有的局", first.name])
    text.write_text("没有的局", "utf-8")
    with pytest.raises(UsageError, match="里没有"):
        named(pool, [str(text)])
    with pytest.raises(UsageError, match="打不开"):
        named(pool, [str(tmp_path / "没有.txt")])


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [
        ("", 40),
        (" 全部 ", 40),
        ("5", 5),
        ("5 个", 5),
        ("５", 5),
        ("20%", 8),
        ("20％", 8),
        ("0.5%", 1),
        ("99", 40),
        ("单位3", ["单位3"]),
        ("单位7、单位3；44010005，", ["单位3", "单位5", "单位7"]),
        ("44010005", ["单位5"]),
        ("004", ["单位4"]),
        ("0", "请写个数"),
        ("1.5", "请写个数"),
        ("101%", "请写个数"),
        ("-1", "“-1”不在"),
        ("单位3、某局", "“某局”不在"),
        ("没有.xlsx", "没有.xlsx"),
    ],
)
def test_what_a_clerk_answers(answer: str, chosen: int | list[str] | str) -> None:
    """A code may be a number, and no word is an option that nobody can write there."""
    pool = [
        Candidate(
            replace(item, code="004" if number == 4 else f"440100{number:02d}", name=f"单位{number}"),
            load_scheme(),
            None,
            item.category,
        )
        for number, item in enumerate(_departments())
    ]
    if isinstance(chosen, str):
        with pytest.raises(click.ClickException) as refused:
            chosen_by(answer, pool, "7")
        assert chosen in refused.value.message and "--" not in refused.value.message
        return
    choices, how = chosen_by(answer, pool, "7")
    if isinstance(chosen, list):
        assert [choice.candidate.department.name for choice in choices] == chosen
    else:
        assert len(choices) == chosen and bool(how) == (chosen < len(pool) or answer == "99")
