"""Long tables of Python values, and columns that calculate with them, as far as the checks need it.

What a data frame library would do with columns of Decimals and texts is to call Python for each value; these do no
more and need none of its half second to be loaded, which is most of what the check of a single workbook takes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Column:
    """The values of a column. Its operators work row by row, with another column or one value for all rows.

    Comparisons give columns of truth values, which `&` and `|` join, as the conditions of the findings ask for it.
    """

    __slots__ = ("values",)

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = values if isinstance(values, list) else list(values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> Any:
        return self.values[row]

    def _with(self, function: Callable[[Any, Any], Any], other: object) -> Column:
        others = other.values if isinstance(other, Column) else repeat(other)
        return Column(list(map(function, self.values, others)))

    def __add__(self, other: object) -> Column:
        return self._with(operator.add, other)

    def __sub__(self, other: object) -> Column:
        return self._with(operator.sub, other)

    def __rsub__(self, other: object) -> Column:
        return Column([other - value for value in self.values])

    def __mul__(self, other: object) -> Column:
        return self._with(operator.mul, other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __abs__(self) -> Column:
        return Column(list(map(abs, self.values)))

    def __gt__(self, other: object) -> Column:
        return self._with(operator.gt, other)

    def __lt__(self, other: object) -> Column:
        return self._with(operator.lt, other)

    def __ge__(self, other: object) -> Column:
        return self._with(operator.ge, other)

    def __le__(self, other: object) -> Column:
        return self._with(operator.le, other)

    def __eq__(self, other: object) -> Column:  # type: ignore[override]  # row by row, as the other comparisons
        return self._with(operator.eq, other)

    def __ne__(self, other: object) -> Column:  # type: ignore[override]
        return self._with(operator.ne, other)

    __hash__ = None  # type: ignore[assignment]  # what is equal row by row has no one hash

    def __and__(self, other: object) -> Column:
        return self._with(operator.and_, other)

    def __or__(self, other: object) -> Column:
        return self._with(operator.or_, other)

    def __invert__(self) -> Column:
        return Column(list(map(operator.not_, self.values)))


class Table:
    """Rows of many files under named columns. files: that of each row."""

    __slots__ = ("_columns", "files")

    def __init__(self, files: Iterable[str], columns: Mapping[str, Sequence[Any]]) -> None:
        self.files = list(files)
        self._columns = {name: Column(list(values)) for name, values in columns.items()}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return len(self.files)

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """The file and these columns of every row."""
        return zip(self.files, *(self._columns[name].values for name in names), strict=True)

    def kept(self, flags: Iterable[object]) -> Table:
        """The rows whose flag is true; the table itself where all are."""
        chosen = list(flags)
        if all(chosen):
            return self
        taken = {name: list(compress(column.values, chosen)) for name, column in self._columns.items()}
        return Table(compress(self.files, chosen), taken)

    def filled(self, *names: str) -> Table:
        """The rows in which none of the columns is None, so that their values can be compared."""
        return self.kept([None not in row for row in self.rows(*names)])

    def having(self, name: str, values: Sequence[Any]) -> Table:
        """The same rows with a column added, or another in its place."""
        return Table(self.files, {**{key: column.values for key, column in self._columns.items()}, name: values})

    def frame(self) -> pd.DataFrame:
        """As a pandas table of Python objects, the file as its index."""
        import pandas as pd

        # Without a type pandas would turn the objects into numbers or texts of its own.
        index = pd.Index(self.files, dtype=object, name="file")
        return pd.DataFrame({name: column.values for name, column in self._columns.items()}, index=index, dtype=object)
