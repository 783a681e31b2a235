"""Schemes at the bounds of the check: their templates hold nothing that Excel would not take."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfxl.scheme.check_sizes import LENGTHS, MOST, MOST_SCALED
from perfxl.template import write_template
from tests.package_rules import faults
from tests.scheme_files import BUILTIN, toml_scheme
from tests.test_scheme_sizes import more

SHEET = "表" * 31
_FORMULA = re.compile(r"<(?:f|formula1?|formula2)(?: [^>]*)?>([^<]*)</")
_TOKEN = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[(),]')


def formulas(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/") and name.endswith(".xml"):
                yield from (html.unescape(text) for text in _FORMULA.findall(archive.read(name).decode()))


def too_deep_or_wide(formula: str) -> bool:
    """Whether a formula nests deeper, or has more arguments or longer texts, than Excel takes."""
    counts, deepest, widest = [1], 0, 1
    for match in _TOKEN.finditer(formula):
        token = match.group()
        if token == "(":
            counts.append(1)
        elif token == ")":
            counts.pop()
        elif token == ",":
            counts[-1] += 1
        elif token.startswith('"') and len(token) - 2 > 255:
            return True
        deepest, widest = max(deepest, len(counts) - 1), max(widest, counts[-1])
    return deepest > 64 or widest > 255


def many_of_everything() -> str:
    """Long names for everything, sixty categories, fourteen of them with grades of their own."""
    names = [f"{'类' * 38}{number:02d}" for number in range(MOST["categories"])]
    start, end = BUILTIN.index("[[categories]]"), BUILTIN.index("# 一级、二级指标")
    text = BUILTIN[:start] + "".join(f'[[categories]]\nname = "{name}"\n\n' for name in names) + BUILTIN[end:]
    grade = '\n[[grades]]\nset = "四档"\nname = "{}{}"\nfloor = {}\ncategory = "{}"\n'
    text += "".join(grade.format("优" * 19, n, floor, name) for name in names[:14] for n, floor in ((1, 80), (2, 0)))
    text += more("shares", MOST["shares"] - 4).replace('label = "果', 'label = "' + "果" * 98)
    text += more("symbols", MOST["symbols"] - 6).replace('symbol = "号', 'symbol = "' + "号" * 18)
    text += more("kpi_levels", MOST["kpi_levels"] - 9).replace('level2 = "类', 'level2 = "' + "类" * 38)
    text += more("narrative", MOST["narrative"] - 7)
    text += more("facts", MOST["facts"] - BUILTIN.count("\n[[facts]]\n")).replace(
        'label = "甲"', f'label = "{"甲" * 255}"'
    )
    text += more("derived", MOST["derived"]).replace('key = "k', 'key = "d')
    cap = '\n[[caps]]\nfact = "d{n}"\nsign = "<"\nvalue = "0.{n}"\ncap = 59\nwords = "{words}"\n'
    text += "".join(cap.format(n=number, words="低" * 200) for number in range(9))
    for old, new in (("caps_on = false", "caps_on = true"), ("kpi_rows = 40", "kpi_rows = 200")):
        text = text.replace(old, new)
    return text


def many_indicators() -> str:
    """Two hundred indicators that may not apply, over facts of one sheet, sixty of them scaled for."""
    head = '[header]\nid = "big"\nversion = "1"\nyear = 2022\ntitle = "大"\n'
    head += "".join(f'[[categories]]\nname = "{name}"\n' for name in ("党政机关", "事业单位", "镇街"))
    head += '[[levels]]\nname = "效能"\npoints = 100\n[[levels]]\nname = "整体"\npoints = 100\nparent = "效能"\n'
    indicator = (
        '[[indicators]]\ncode = "{code}"\nlevel2 = "整体"\nname = "{name}"\npoints = 0.5\nkind = "ratio"\n'
        'settings.numerator = ["k{n}"]\nsettings.denominator = ["k{next}"]\n'
    )
    scaled = 'categories = ["党政机关", "事业单位"]\ndeclared = true\nna = "折算"\n'
    count = MOST["indicators"]
    for number in range(count):
        code, name = f"{'Z' * 17}{number:03d}", "名" * LENGTHS["indicators"]["name"]
        head += indicator.format(code=code, name=name, n=number, next=(number + 1) % count)
        head += scaled if number < MOST_SCALED else "declared = true\n" if number < count - 1 else ""
    facts = more("facts", count).replace('sheet = "管理效率"', f'sheet = "{SHEET}"')
    return f'{head}{facts}\n[[grades]]\nset = "四档"\nname = "优"\nfloor = 0\n'


def a_wide_matrix() -> str:
    """Facts of a table whose notes have no room for all of them."""
    fact = (
        '\n[[facts]]\nkey = "m{row}.{col}"\nlabel = "{label}"\ntype = "count"\nsheet = "{sheet}"\n'
        'section = "{section}"\n'
        'row_label = "{rows}{row}"\ncolumn_label = "{cols}{col}"\npart_of = "contracts_total"\n'
    )
    words = {"label": "签" * 255, "sheet": SHEET, "section": "组" * 100, "rows": "行" * 98, "cols": "列" * 58}
    return BUILTIN + "".join(fact.format(row=row, col=col, **words) for row in range(40) for col in range(6))


@pytest.mark.slow
@pytest.mark.parametrize("make", [many_of_everything, many_indicators, a_wide_matrix])
def test_the_template_of_a_scheme_at_the_bounds(make: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(toml_scheme(make()), path)
    assert list(faults(path)) == []
    assert [formula[:200] for formula in formulas(path) if len(formula) > 8_192 or too_deep_or_wide(formula)] == []
