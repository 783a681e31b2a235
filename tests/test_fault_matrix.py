"""Each kind of fault in each kind of cell: exactly the finding that it should be, and no other.

The workbooks are the clean one with one cell changed; what the template's formulas show follows from the cell, as in
Excel. `-` in the matrix: nothing to say. More than one code where the cell is read and its value is wrong elsewhere.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.checks.finding import Finding
from perfxl.scheme.model import Scheme
from tests.books import cell_of, process
from tests.findings import CellFault, beyond_clean, faulty_cell

VALUE = "value"
FIELDS = {
    "funds": ("facts", "funds.total.adjusted", VALUE),
    "public": ("facts", "three_public.reception.spent", VALUE),
    "money": ("facts", "procurement_total", VALUE),
    "count": ("facts", "contracts_total", VALUE),
    "yes_no": ("facts", "accounts_content_ok", VALUE),
    "level1": ("kpis", "2", "level1"),
    "level2": ("kpis", "2", "level2"),
    "name": ("kpis", "2", "name"),
    "symbol": ("kpis", "2", "symbol"),
    "target": ("kpis", "2", "target"),
    "actual": ("kpis", "2", "actual"),
    "weight": ("kpis", "2", "weight"),
    "kpi_own": ("kpis", "2", "self_score"),
    "budget": ("tasks", "1", "budget"),
    "own": ("scores", "B52", "self"),
    "category": ("identity", "department.category", VALUE),
    "code": ("identity", "department.code", VALUE),
    "day": ("identity", "department.filled_on", VALUE),
}
FAULTS = {
    "blank": CellFault(None),
    "spaces": CellFault(" \u3000\u00a0\u200b"),
    "words": CellFault("待定"),
    "dash": CellFault("—"),
    "none": CellFault("无"),
    "not_applicable": CellFault("不适用"),
    "negative": CellFault(Decimal(-1)),
    "fraction": CellFault(Decimal("3.5")),
    "too_large": CellFault(Decimal(10) ** 13),
    "about": CellFault("约{}"),
    "scaled": CellFault("{}万"),
    "at_least": CellFault("≥{}"),
    "wide": CellFault("{}", wide=True),
    "padded": CellFault(" \u00a0{}\u3000"),
    "brackets": CellFault("({})"),
    "error": CellFault(None, ('t="e"', "<v>#DIV/0!</v>")),
    "date": CellFault(None, ("", "<v>45000</v>"), is_date=True),
    "not_a_number": CellFault(None, ("", "<v>NaN</v>")),
    "true": CellFault(None, ('t="b"', "<v>1</v>")),
    "formula": CellFault(None, ("", "<f>1+3</f>")),
    "empty_formula": CellFault(None, ('t="str"', '<f>""</f><v></v>')),
}
MATRIX = """
              funds public money count yes_no level1 level2 name symbol target actual weight kpi_own budget own category code day
blank         E101  E101   E101  E101  E101   E101   E101   E101 E101   E101   E101   E303   E101    E101   E101 E101    E101 -
spaces        E101  E101   E101  E101  E101   E101   E101   E101 E101   E101   E101   E303   E101    E101   E101 E101    E101 -
words         E102  E102   E102  E102  E105   E105   E105   -    E105   E102   E102   E102   E102    E102   E102 E105    -    W112
dash          E110  E110   E110  E110  E105   E105   E105   -    E105   E110   E110   E303   E110    E110   E110 E105    -    W112
none          E110  E110   E110  E110  I113+W403 E105 E105  -    E105   E110   E110   E303   E110    E110   E110 E105    -    W112
not_applicable E102 E102  E102  E102  E105   E105   E105   -    E105   E102   E102   E102   E102    E102   E119 E105    -    W112
negative      E103  E103   E103  E103  E105   E105   E105   -    E105   E304   W312+W403 E103 E103 E103 E103 E105   -    W112
fraction      E202 W403 E207 E104 E105 E105 E105  -    E105   W308   W312+W403 E302 W309 W209 E401 E105 - W112
too_large     E108  E108   E108  E108  E105   E105   E105   -    E105   E108   E108   E108   E108    E108   E108 E105    -    W112
about         E102  E102   E102  E102  E105   E105   E105   -    E105   E102   E102   E102   E102    E102   E102 E105    -    W112
scaled        E102  E102   E102  E102  E105   E105   E105   -    E105   E102   E102   E102   E102    E102   E102 E105    -    W112
at_least      E102  E102   E102  E102  E105   E105   E105   -    E105   I113   E102   E102   E102    E102   E102 E105    -    W112
wide          I113  I113   I113  I113  -      -      -      -    -      I113   I113   I113   I113    I113   I113 -       -    -
padded        I113  I113   I113  I113  -      -      -      -    -      I113   I113   I113   I113    I113   I113 -       -    -
brackets      E103  E103   E103  E103  E105   E105   E105   -    E105   E304+I113 I113+W312+W403 E103 E103 E103 E103 E105 - W112
error         E106  E106   E106  E106  E106   E106   E106   E106 E106   E106   E106   E106   E106    E106   E106 E106    E106 E106
date          E109  E109   E109  E109  E105   E105   E105   -    E105   E109   E109   E109   E109    E109   E109 E105    -    -
not_a_number  E102  E102   E102  E102  E105   E105   E105   -    E105   E102   E102   E102   E102    E102   E102 E105    -    W112
true          E102  E102   E102  E102  -      E105   E105   -    E105   E102   E102   E102   E102    E102   E102 E105    -    W112
formula       E107  E107   E107  E107  E107   E107   E107   E107 E107   E107   E107   E107   E107    E107   E107 E107    E107 E107
empty_formula E101  E101   E101  E101  E101   E101   E101   E101 E101   E101   E101   E303   E101    E101   E101 E101    E101 -
"""  # noqa: E501


def _matrix() -> dict[tuple[str, str], str]:
    heads, *lines = (line.split() for line in MATRIX.strip().splitlines())
    return {(fault, head): code for fault, *row in lines for head, code in zip(heads, row, strict=True)}


EXPECTED = _matrix()


def _found(scheme: Scheme, path: Path, fault: str, field: str) -> list[Finding]:
    return beyond_clean(process(faulty_cell(scheme, path, FIELDS[field], FAULTS[fault]), scheme).findings, scheme)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.slow
def test_each_fault_in_each_cell(fault: str, scheme: Scheme, tmp_path: Path) -> None:
    wrong = {}
    for field, name in FIELDS.items():
        found = _found(scheme, tmp_path / "book.xlsx", fault, field)
        codes = "+".join(sorted(item.code for item in found)) or "-"
        if codes != EXPECTED[fault, field]:
            wrong[field] = f"{codes}, not {EXPECTED[fault, field]}"
            continue
        place = cell_of(scheme, name)
        for item in found:
            if item.code < "E2" or item.code in ("W112", "I113"):
                assert (item.sheet, item.cell) == place
    assert not wrong


def test_the_matrix_names_every_fault_and_field() -> None:
    assert set(EXPECTED) == {(fault, field) for fault in FAULTS for field in FIELDS}


@pytest.mark.parametrize(
    ("field", "fault", "value", "words"),
    [
        ("count", "words", "待定", ("采购合同总数", "待定")),
        ("target", "scaled", "36万", ("科技活动周科普活动场次", "36万")),
        ("own", "negative", "-1", ("B52", "-1")),
        ("category", "words", "待定", ("部门类别", "待定")),
        ("money", "date", "2023-03-15", ("采购总额", "2023-03-15")),
        ("budget", "wide", "３５．３５", ("统筹增城区科普工作", "３５．３５", "35.35")),
        ("target", "at_least", "≥36", ("按数字 36 读取",)),
    ],
)
def test_the_finding_shows_what_stands_there(
    field: str, fault: str, value: str, words: tuple[str, ...], scheme: Scheme, tmp_path: Path
) -> None:
    (item,) = _found(scheme, tmp_path / "book.xlsx", fault, field)
    assert item.value == value
    for word in words:
        assert word in item.message


def test_a_formula_with_its_result_is_a_value(scheme: Scheme, tmp_path: Path) -> None:
    """A department may calculate in a cell: the result counts, as long as there is one."""
    for field, number in (("public", "0.35"), ("count", "4"), ("target", "36"), ("budget", "35.35"), ("own", "1")):
        fault = CellFault(Decimal(number), ("", f"<f>{number}+0</f><v>{number}</v>"))
        path = faulty_cell(scheme, tmp_path / "book.xlsx", FIELDS[field], fault)
        assert beyond_clean(process(path, scheme).findings, scheme) == []


def test_choices_from_the_list_always_pass(scheme: Scheme, tmp_path: Path) -> None:
    """Trimmed and width-folded: whatever the drop-down offers, written by hand."""
    for field in ("yes_no", "level1", "level2", "symbol", "category"):
        for fault in ("padded", "wide"):
            assert _found(scheme, tmp_path / "book.xlsx", fault, field) == []
