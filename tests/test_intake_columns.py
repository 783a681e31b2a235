"""The tables of the checks: they calculate row by row as pandas does with objects, and load none of it."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from perfxl.intake.columns import Column, Table

INPUT = Path(__file__).parents[1] / "input"

NUMBERS = st.decimals(-1000, 1000, places=2)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, st.none() | st.text(max_size=3)), max_size=12)


def table_of(rows: list[tuple[Decimal, Decimal, str | None]]) -> Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return Table([f"{n}.xlsx" for n in range(len(rows))], dict(zip("abc", columns, strict=True)))


@given(ROWS, NUMBERS)
def test_columns_calculate_as_pandas_does(rows: list[tuple[Decimal, Decimal, str | None]], number: Decimal) -> None:
    table = table_of(rows)
    frame = table.frame()
    assert frame.index.tolist() == table.files

    def both(a: Column | pd.Series, b: Column | pd.Series) -> list[list[object]]:
        made = [a + b, a - b, a * number, number * a, number - a, abs(a - b), a > b, a < number, a <= b, a >= b, a == b,
                a != number, (a > b) & (b > number), (a > b) | (b <= number), ~(a > b)]  # fmt: skip
        return [list(column) for column in made]

    assert both(table["a"], table["b"]) == both(frame["a"], frame["b"])


@given(ROWS)
def test_rows_are_chosen_as_pandas_does(rows: list[tuple[Decimal, Decimal, str | None]]) -> None:
    table = table_of(rows)
    frame = table.frame()
    chosen, expected = table.kept(table["a"] > table["b"]), frame[(frame["a"] > frame["b"]).astype(bool)]
    assert list(chosen.rows("a", "c")) == list(zip(expected.index, expected["a"], expected["c"], strict=True))
    filled = [row for row in rows if row[2] is not None]
    assert [row[1:] for row in table.filled("c").rows("a", "b", "c")] == filled


def test_the_check_of_a_workbook_loads_nothing_that_only_a_batch_needs() -> None:
    program = (
        "import sys\nfrom perfxl.cli.app import perfxl\n"
        "perfxl.main(['check', sys.argv[1]], standalone_mode=False)\n"
        "print([name for name in ('pandas', 'numpy', 'xlsxwriter', 'rich', 'openpyxl', 'docx') if name in sys.modules])"
    )
    workbook = INPUT / "示例教育局.xlsx"
    ended = subprocess.run(
        [sys.executable, "-c", program, str(workbook)], capture_output=True, encoding="utf-8", check=True
    )
    assert ended.stdout.startswith(str(workbook))
    assert ended.stdout.splitlines()[-1] == "[]"
