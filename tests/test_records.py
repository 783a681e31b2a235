"""What workers send back arrives as it was sent."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

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
