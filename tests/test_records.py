"""What workers send back arrives as it was sent."""

from __future__ import annotations

import pickle
from copy import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace
from decimal import Decimal

import pytest

from perfxl.records import Record
from perfxl.scoring.result import IndicatorScore
from tests.sample_batch import sample_batch


def test_results_and_findings_come_back_equal() -> None:
    batch = sample_batch(6)
    assert batch.findings and any(item.kpis and item.tasks and item.funds for item in batch.departments)
    for sent in (batch.departments, batch.findings):
        assert pickle.loads(pickle.dumps(sent)) == sent


def test_what_comes_back_is_still_frozen_and_can_be_replaced() -> None:
    score: IndicatorScore = pickle.loads(pickle.dumps(sample_batch(1).departments[0].scores[0]))
    with pytest.raises(FrozenInstanceError):
        score.code = "other"  # type: ignore[misc]
    assert replace(score, code="other").code == "other"
    assert {score: 1}[score] == 1


@dataclass(frozen=True, slots=True)
class Small(Record):
    code: str
    size: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Odd(Record):
    """One that asks for more than to set its fields."""

    code: str
    more: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.more.append(self.code)


def test_a_record_is_what_a_dataclass_is_however_quickly_it_is_made() -> None:
    for made in (
        Small("甲"),
        Small(code="甲", size=Decimal(1)),
        copy(Small("甲")),
        pickle.loads(pickle.dumps(Small("甲"))),
    ):
        assert type(made) is Small and repr(made) == "Small(code='甲', size=Decimal('1'))"
        assert made == Small("甲") != Small("乙") and hash(made) == hash(Small("甲"))
        with pytest.raises(FrozenInstanceError):
            made.code = "乙"
        with pytest.raises(AttributeError):
            object.__setattr__(made, "colour", "")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'code'"):
        Small()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Small("甲", colour="")  # type: ignore[call-arg]


def test_a_record_that_asks_for_more_is_made_as_python_makes_it() -> None:
    assert Odd("甲").more == ["甲"] and Odd("乙").more == ["乙"]
