"""A result in two parts: what the workbook states waits on disk, all that the batch can still change stays in memory.

Which fields are stated is said where they are declared (`perfxl.scoring.result`). Everything else goes from memory into
the department's workbook, so that no change of the batch can reach one of the two and not the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any

from perfxl.caches import cached
from perfxl.decimals import interned
from perfxl.scoring.result import DepartmentResult, IndicatorScore, stated_fields

_OF_RESULT = [item.name for item in fields(DepartmentResult)]
_of_result = attrgetter(*_OF_RESULT)
_RESULT = stated_fields(DepartmentResult)
_SCORE = stated_fields(IndicatorScore)
_ALL = [item.name for item in fields(IndicatorScore)]
_CHANGING = [name for name in _ALL if name not in _SCORE]
_changing, _texts = attrgetter(*_CHANGING), attrgetter(*_SCORE)
_in_order = itemgetter(*[[*_CHANGING, *_SCORE].index(name) for name in _ALL])

Texts = Mapping[str, tuple[Any, ...]]
"""The stated fields of scores by indicator code."""


def stated_scores(result: DepartmentResult) -> Texts:
    """What waits on disk of a result's scores."""
    return {score.code: _texts(score) for score in result.scores}


def stated_rest(result: DepartmentResult) -> Mapping[str, Any]:
    """What else of a result waits on disk."""
    return {name: getattr(result, name) for name in _RESULT}


def slim(result: DepartmentResult) -> DepartmentResult:
    """The result without what waits on disk."""
    return _with(result, scores=shared_scores(result), **{name: type(getattr(result, name))() for name in _RESULT})


def shared_scores(result: DepartmentResult) -> tuple[IndicatorScore, ...]:
    """The scores without what waits on disk, the same objects for all departments that have them."""
    return tuple([_shared(*_changing(score)) for score in result.scores])


def full_scores(result: DepartmentResult, texts: Texts) -> tuple[IndicatorScore, ...]:
    """The scores as they are now, with what waited on disk."""
    return tuple(
        [
            IndicatorScore(*_in_order((*_changing(score), *(texts.get(score.code) or _texts(score)))))
            for score in result.scores
        ]
    )


def full_result(result: DepartmentResult, rest: Mapping[str, Any], texts: Texts) -> DepartmentResult:
    """The result as it is now, with what waited on disk."""
    return _with(result, scores=full_scores(result, texts), **rest)


def _with(result: DepartmentResult, **changes: Any) -> DepartmentResult:
    """The same with other values of some fields: `dataclasses.replace`, which looks at each field, in a fifth of the
    time."""
    return DepartmentResult(**(dict(zip(_OF_RESULT, _of_result(result), strict=True)) | changes))


@cached(maxsize=20_000)
def _shared(*changing: Any) -> IndicatorScore:
    values: Any = [interned(value) if isinstance(value, Decimal) else value for value in changing]
    return IndicatorScore(**dict(zip(_CHANGING, values, strict=True)))
