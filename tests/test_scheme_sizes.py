"""How much a scheme may hold: what is too much is told, what is just enough makes formulas that Excel takes."""

from __future__ import annotations

import pytest

from perfxl.scheme.check_sizes import (
    DEEPEST,
    LENGTHS,
    LONGEST,
    MOST,
    MOST_GRADES,
    MOST_IN_FORCE,
    MOST_LISTED,
    MOST_OWN,
    MOST_SCALED,
    WIDEST,
    too_much,
)
from perfxl.scheme.raw_scheme import TABLE_BY_KEY
from tests.scheme_files import BUILTIN, book_faults, book_scheme, edited, exported, toml_faults, toml_scheme

ROWS = {
    "categories": 'name = "类{n}"',
    "levels": 'name = "级{n}"\nparent = "管理效率"\npoints = 1',
    "indicators": 'code = "Z{n}"\nlevel2 = "运行成本"\nname = "甲"\npoints = 1\nkind = "judged"',
    "funds": 'key = "k{n}"\nlabel = "甲"\nrole = "分项"',
    "fund_columns": 'key = "k{n}"\nlabel = "甲"',
    "facts": 'key = "k{n}"\nlabel = "甲"\ntype = "count"\nsheet = "管理效率"\nsection = "其他"',
    "derived": 'key = "k{n}"\nlabel = "甲"\nsheet = "管理效率"\nsection = "其他"\nnumerator = ["contracts_total"]',
    "kpi_levels": 'level1 = "产出指标"\nlevel2 = "类{n}"',
    "symbols": 'symbol = "号{n}"\ndirection = "equal"',
    "shares": 'label = "果{n}"\nshare = 0',
    "caps": 'sign = "<"\nvalue = "{n}"\ncap = 1',
    "quotas": 'grade = "等{n}"\nshare = 0.5',
    "review_reasons": 'text = "理由{n}"',
    "narrative": 'key = "k{n}"\nlabel = "甲"',
    "stages": 'stage = "监控"\nperiod = "{n}月"\nmonths = 7',
    "stage_fields": 'stage = "目标"\ntable = "narrative"\nkey = "k{n}"\nlabel = "甲"',
}


def more(table: str, count: int) -> str:
    return "".join(f"\n[[{table}]]\n{ROWS[table].format(n=number)}\n" for number in range(count))


@pytest.mark.parametrize("table", MOST)
def test_tables_have_a_most(table: str) -> None:
    there = BUILTIN.count(f"\n[[{table}]]\n")
    sheet = TABLE_BY_KEY[table].sheet
    words = f"“{sheet}”有 {MOST[table] + 1} 行，最多 {MOST[table]} 行"
    faults = toml_faults(BUILTIN + more(table, MOST[table] + 1 - there))
    assert [fault.what for fault in faults if "最多" in fault.what] == [words]
    told = next(fault for fault in faults if fault.what == words)
    text = BUILTIN + more(table, MOST[table] + 1 - there)
    assert told.place == f"x.toml 第 {text.count(chr(10), 0, text.rindex(f'[[{table}]]')) + 1} 行"


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in LENGTHS.items() for column in names])
def test_texts_have_a_most(table: str, column: str) -> None:
    most = LENGTHS[table][column]
    columns = {item.name: item for item in TABLE_BY_KEY[table].columns}
    heading = columns[column].spec.heading
    sheet = exported()[TABLE_BY_KEY[table].sheet]
    wanted = f"“{heading}”有 {most + 1} 个字符，最多 {most} 个"

    def change(book: dict[str, list[list[object]]]) -> None:
        rows = book[TABLE_BY_KEY[table].sheet]
        if TABLE_BY_KEY[table].vertical:
            next(row for row in rows if row[0] == heading)[1] = "长" * (most - 1) + "😀"
            return
        if len(rows) == 2 or not any(rows[2]):
            values = {"key": "k", "sheet": "管理效率", "section": "其他", "label": "甲", "numerator": "contracts_total"}
            rows[2:3] = [[values.get(item.name, "") for item in columns.values()]]
        rows[2][sheet[1].index(heading)] = "长" * (most - 1) + "😀"

    assert wanted in [fault.what for fault in book_faults(change)]


def test_grades_have_a_most() -> None:
    def grades(count: int, category: str = "") -> str:
        row = '\n[[grades]]\nset = "四档"\nname = "等{n}"\nfloor = {n}\ncategory = "{of}"\n'
        return "".join(row.format(n=number, of=category) for number in range(count))

    own = BUILTIN[: BUILTIN.index('[[grades]]\nset = "四档"')] + BUILTIN[BUILTIN.index('[[grades]]\nset = "五档"') :]
    assert toml_scheme(own + grades(MOST_GRADES))
    faults = toml_faults(own + grades(MOST_GRADES + 1))
    assert [fault.what for fault in faults] == [f"四档等级有 {MOST_GRADES + 1} 档，最多 {MOST_GRADES} 档"]
    names = [f"类{number}" for number in range(MOST_OWN + 1)]
    many = own + grades(4) + "".join(f'\n[[categories]]\nname = "{name}"\n' for name in names)
    assert toml_scheme(many + "".join(grades(2, name) for name in names[:-1]))
    faults = toml_faults(many + "".join(grades(2, name) for name in names))
    assert [fault.what[-12:] for fault in faults] == [f"最多 {MOST_IN_FORCE} 行、{MOST_OWN} 类"]
    faults = toml_faults(many + "".join(grades(8, name) for name in names[:8]))
    assert "共 68 行" in faults[0].what


def test_settings_and_sums_have_a_most() -> None:
    keys = [f"k{number}" for number in range(MOST_LISTED + 1)]
    facts = more("facts", MOST_LISTED + 1)
    of_b61 = 'settings.items = [["assets_over_standard", 1]]'

    def items(count: int) -> str:
        return edited((of_b61, "settings.items = [" + ", ".join(f'["{key}", 0.1]' for key in keys[:count]) + "]"))

    assert toml_scheme(items(MOST_LISTED).replace("{assets_over_standard}", "0.1") + facts)
    fault = toml_faults(items(MOST_LISTED + 1).replace("{assets_over_standard}", "0.1") + facts)[0]
    assert fault.what == f"指标 B61 的参数“items”有 {MOST_LISTED + 1} 行，最多 {MOST_LISTED} 行"

    def total(count: int) -> str:
        terms = ", ".join(f'"{key}"' for key in keys[:count])
        row = 'key = "s"\nlabel = "乙"\nsheet = "管理效率"\nsection = "其他"'
        return f"{BUILTIN}{facts}\n[[derived]]\n{row}\nnumerator = [{terms}]\n"

    assert toml_scheme(total(MOST_LISTED))
    assert toml_faults(total(MOST_LISTED + 1))[0].what == "“分子”（numerator）有 61 项，最多 60 项"


# --- formulas


def test_a_rule_over_more_cells_than_a_formula_holds() -> None:
    facts = more("facts", 300)
    row = '\n[[derived]]\nkey = "{}"\nlabel = "乙"\nsheet = "管理效率"\nsection = "其他"\nnumerator = [{}]\n'
    sums = "".join(
        row.format(f"s{part}", ", ".join(f'"k{number}"' for number in range(part * 60, part * 60 + 60)))
        for part in range(5)
    )
    rate = 'settings.numerator = ["fixed_assets_in_use"]\nsettings.denominator = ["fixed_assets_total"]'

    def over(*keys: str) -> str:
        numerator = ", ".join(f'"{key}"' for key in keys)
        return edited((rate, f'settings.numerator = [{numerator}]\nsettings.denominator = ["s0"]')) + facts + sums

    assert toml_scheme(over("s1"))
    fault = toml_faults(over("s1", "s2", "s3", "s4"))[0]
    assert fault.what.startswith("指标 B66 的计分公式长达")
    assert LONGEST < 8_192
    short = over("s1", "s2", "s3", "s4").replace(facts, facts.replace('sheet = "管理效率"', 'sheet = "甲"'))
    assert toml_faults(short)[0].what == "指标 B66 的计分公式有 300 个参数，Excel 放不下"
    assert WIDEST < 255


def test_a_derived_fact_over_more_cells_than_a_formula_holds() -> None:
    row = '\n[[derived]]\nkey = "all"\nlabel = "乙"\nsheet = "管理效率"\nsection = "其他"\n'
    first, second = (", ".join(f'"k{number}"' for number in range(start, start + 60)) for start in (0, 60))
    quotient = f"{row}numerator = [{first}]\ndenominator = [{second}]\n"
    facts = more("facts", 120)
    assert toml_scheme(BUILTIN + facts.replace('sheet = "管理效率"', 'sheet = "甲"') + quotient)
    long = BUILTIN + facts.replace('sheet = "管理效率"', f'sheet = "{"表" * 31}"') + quotient
    fault = toml_faults(long)[0]
    assert fault.what.startswith("计算事项“all”的公式长达")


def test_a_formula_that_nests_too_deep() -> None:
    assert too_much("IF(1," * DEEPEST + "0" + ")" * DEEPEST, 0) == ""
    assert too_much("IF(1," * (DEEPEST + 1) + "0" + ")" * (DEEPEST + 1), 0) == f"嵌套 {DEEPEST + 1} 层，Excel 放不下"
    assert too_much("IF(A1=\"((((\",'a(b'!A1)", 0) == ""
    assert DEEPEST < 64


def test_conditions_of_caps_share_one_formula() -> None:
    sheet = "表" * 31
    terms = ", ".join(f'"k{number}"' for number in range(9))
    derived = f'\n[[derived]]\nkey = "d"\nlabel = "乙"\nsheet = "{sheet}"\nsection = "其他"\nnumerator = [{terms}]\n'
    facts = more("facts", 9).replace('sheet = "管理效率"', f'sheet = "{sheet}"')
    cap = '\n[[caps]]\nfact = "d"\nsign = "<"\nvalue = "{}"\ncap = 1\n'

    def text(count: int) -> str:
        return BUILTIN + facts + derived + "".join(cap.format(number) for number in range(count))

    assert toml_scheme(text(3))
    assert "“封顶和否决”各行的条件和说明合起来长达" in toml_faults(text(20))[0].what


def test_indicators_that_are_scaled_for_have_a_most() -> None:
    start = BUILTIN.index('[[indicators]]\ncode = "B72"')
    end = BUILTIN.index("# 收支表的行")

    def text(count: int) -> str:
        row = '[[indicators]]\ncode = "Z{}"\nlevel2 = "运行成本"\nname = "甲"\npoints = {}\n'
        row += 'kind = "judged"\nna = "折算"\n'
        rows = [row.format(number, "0.02") + ("declared = true\n" if number < count else "") for number in range(50)]
        rows += [row.format(f"Y{n}", "0.04") + ("declared = true\n" if n + 50 < count else "") for n in range(25)]
        return BUILTIN[:start] + "\n".join(rows) + "\n" + BUILTIN[end:]

    assert toml_scheme(text(MOST_SCALED)).scaled
    fault = toml_faults(text(MOST_SCALED + 1))[0]
    assert fault.what == f"不适用时折算的指标有 {MOST_SCALED + 1} 个，最多 {MOST_SCALED} 个"


def test_a_fact_of_many_restricted_indicators() -> None:
    names = [f"{'长' * 36}{number}" for number in range(50)]
    categories = "".join(f'\n[[categories]]\nname = "{name}"\n' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    assert toml_scheme(BUILTIN + categories)
    text = BUILTIN + categories
    for name in (
        'code = "B54"',
        'code = "B55"',
        *(f'key = "contracts_{key}"' for key in ("total", "filed", "signed_30d")),
    ):
        text = text.replace(name, f"{name}\ncategories = [{listed}]")
    assert [fault.what[:20] for fault in toml_faults(text)] == ["事项“contracts_total”要"]


def test_the_workbook_of_the_largest_tables_still_loads() -> None:
    text = BUILTIN + more("narrative", MOST["narrative"] - 7) + more("shares", MOST["shares"] - 4)
    scheme = toml_scheme(text)
    assert len(scheme.shares) == MOST["shares"]
    assert book_scheme(exported(scheme)) == scheme
