"""The scores of one indicator over many departments, read where they stand: thousands need no second copy."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import overload

from perfxl.scoring.result import DepartmentResult


class ScoreColumn(Sequence[Decimal | None]):
    """The departments' scores of an indicator, in their order; None where it does not apply, or one has none.

    at: where it stands among the scores of a department that was scored by the scheme as it is.
    """

    def __init__(self, departments: Sequence[DepartmentResult], code: str, at: int) -> None:
        self._departments, self._code, self._at = departments, code, at

    @overload
    def __getitem__(self, place: int) -> Decimal | None: ...
    @overload
    def __getitem__(self, place: slice) -> ScoreColumn: ...
    def __getitem__(self, place: int | slice) -> Decimal | ScoreColumn | None:
        if isinstance(place, slice):
            return ScoreColumn(self._departments[place], self._code, self._at)
        scores = self._departments[place].scores
        score = scores[self._at] if self._at < len(scores) else None
        if score is None or score.code != self._code:
            score = next((one for one in scores if one.code == self._code), None)
        return score.score if score is not None and score.applies else None

    def __len__(self) -> int:
        return len(self._departments)
