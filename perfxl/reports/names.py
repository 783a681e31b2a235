"""What a report may speak of by name: what the scheme has, and what the workbook adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from perfxl.reports.sentences import plain_of
from perfxl.scheme.model import Scheme

GRADE_WORDS = {"优": "优", "优秀": "优", "良": "良", "良好": "良", "中": "中", "中等": "中", "差": "差", "较差": "差"}


@dataclass(frozen=True)
class Names:
    """year: of the scheme. indicators: first, second and third level. funds: keys of the rows by name; total: its key.

    department: of the workbook, empty where there is none. tasks, kpis: names, with the units of KPIs. spending: the
    indicator on the spending rate.
    """

    year: int
    indicators: tuple[str, ...]
    grades: tuple[str, ...]
    funds: dict[str, str] = field(default_factory=dict)
    total: str = ""
    department: str = ""
    spending: str = ""
    tasks: tuple[str, ...] = ()
    kpis: tuple[tuple[str, str], ...] = ()

    @cached_property
    def indicator_pattern(self) -> re.Pattern[str]:
        """Any of the indicators, the longest first."""
        return any_of(self.indicators)

    @cached_property
    def task_pattern(self) -> re.Pattern[str]:
        """Any of the tasks."""
        return any_of(name for name in self.tasks if len(name) >= 2)

    @cached_property
    def department_pattern(self) -> re.Pattern[str]:
        """The department, also without its region."""
        short = re.sub(r"^.{1,8}?[省市](?=.{4})|^.{1,4}?[区县](?=.{4})", "", self.department)
        return any_of({self.department, short} - {""})

    def means_department(self, text: str) -> bool:
        """Whether a few characters shorten the department's name: 区科协 for 广州市增城区科学技术协会."""
        rest = iter(self.department)
        return 2 <= len(text) <= 8 and all(letter in rest for letter in text)


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of the names; of none where there are none."""
    plain = sorted({plain_of(name)[0] for name in names if name}, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, plain)) if plain else r"(?!)")


def names_of(
    scheme: Scheme, department: str = "", tasks: Iterable[str] = (), kpis: Iterable[tuple[str, str]] = ()
) -> Names:
    """The names of a scheme, with those of a workbook where there is one."""
    rows = scheme.funds_table.rows
    total = scheme.funds_table.total
    levels = [level.name for level in scheme.levels]
    return Names(
        scheme.year,
        tuple(dict.fromkeys((*levels, *(item.name for item in scheme.indicators)))),
        tuple(dict.fromkeys(grade.name for grade in scheme.grades)),
        {plain_of(row.label)[0]: row.key for row in rows},
        total.key if total else "",
        plain_of(department)[0],
        plain_of(scheme.spending_indicator.name)[0] if scheme.spending_indicator else "",
        tuple(plain_of(name)[0] for name in tasks),
        tuple((plain_of(name)[0], plain_of(unit)[0]) for name, unit in kpis),
    )
