"""By what a department's own result workbook is known when it comes back, and how its sheet 异议 is laid out.

A hidden sheet says whose result it is (`ResultMark`). On 异议 column A (hidden) holds the key of each row, `@o/` and
the indicator's code (nothing behind the stroke for what concerns no indicator), and a hidden row the keys of the
columns that are filled, after `@`. So rows may be moved or sorted, and sheets renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

RESULT_SHEET = "_result"
"""The hidden sheet."""
OBJECTIONS = "异议"
ROW_SIGN = "@o/"
CLAIM, BASIS = "claim", "basis"
COLUMN_SIGN = "@"
_KIND = "结果工作簿"
RESULT_FORMAT = "1"
_SUMMARY = frozenset(("总览", "问题清单", "收件清单"))


def is_summary(titles: Iterable[str]) -> bool:
    """Whether a workbook with these sheets, by their folded titles, is the summary of a run, of whatever stage.

    It has sheets that are called like lists of the bureau, and is none.
    """
    return frozenset(titles) >= _SUMMARY


@dataclass(frozen=True)
class ResultMark:
    """Whose result it is: scheme and identity; started: of the run that it is of, as in run.json."""

    scheme: str
    code: str
    name: str
    project: str
    project_code: str
    started: str

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Keys and values as they stand on the hidden sheet."""
        own = [(item.name, str(getattr(self, item.name))) for item in fields(self)]
        return [("kind", _KIND), ("format", RESULT_FORMAT), *own]

    @classmethod
    def of(cls, rows: Sequence[Sequence[object]]) -> ResultMark | None:
        """The mark on a hidden sheet; None where it is none."""
        pairs = [(row[0], row[1] if len(row) > 1 else None) for row in rows if row]
        values = {str(key).strip(): "" if value is None else str(value).strip() for key, value in pairs if key}
        if values.get("kind") != _KIND:
            return None
        return cls(**{item.name: values.get(item.name, "") for item in fields(cls)})
