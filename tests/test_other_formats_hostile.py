"""Hostile .ods and .xls files: each ends in a refusal or a workbook, quickly and with little memory."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.ods.content import ods_as_xlsx
from perfxl.workbook.xls.book import xls_as_xlsx
from tests import xls_files
from tests.ods_files import cell, content, number, row, table
from tests.test_other_formats import CONSTANTS, FORMATS, LOST, opened, packed
from tests.xls_files import compound, formula, record, shared_text, sst, text, workbook

PEAK_MB = 700
"""Of a process of its own for all hostile files, one after the other; the libraries take some 60 MB of it."""
NEST = 200_000
ONE = number("1")
STYLES = xls_files.STYLES


def circle_of_entries() -> bytes:
    """A directory in which each entry points twice to the next: a walk without memory has no end."""
    entries = [xls_files.entry("Root Entry", 5, xls_files.END, 0, child=1)]
    entries += [xls_files.entry(f"e{at}", 2, 0, 0, left=at + 1, right=at + 1) for at in range(1, 63)]
    return b"".join([*entries, xls_files.entry("x", 2, 0, 0, left=1, right=0)])


def short_circle() -> bytes:
    """The workbook in the small sectors, whose chain is a circle."""
    stream = workbook(ONE.encode())[:1000]
    root = xls_files.entry("Root Entry", 5, 2, 4096, child=1)
    data = bytearray(compound(stream, directory=root + xls_files.entry("Workbook", 2, 0, 1000)))
    struct.pack_into("<II", data, 60, 2, 1)
    struct.pack_into("<2I", data, 512 * 3, 1, 0)
    return bytes(data)


def long_texts() -> bytes:
    """One text of 30,000 letters in 300,000 cells."""
    cells = b"".join(shared_text(at // 100, at % 100, 0) for at in range(300_000))
    return compound(workbook(cells, STYLES + sst(text("长" * 4_000))))


def names_that_double() -> bytes:
    """A name that is the one before twice, thirty times over."""
    first = b"\x17\x05\x00aaaaa"
    names = []
    for at in range(31):
        tokens = first if not at else struct.pack("<BHHBHHB", 0x23, at, 0, 0x23, at, 0, 0x08)
        names.append(
            record(0x18, struct.pack("<HBBHHHBBBBB", 0, 0, 1, len(tokens), 0, 0, 0, 0, 0, 0, 0) + b"A" + tokens)
        )
    return compound(workbook(xls_files.number(0, 0, 1), STYLES + b"".join(names)))


XLS: dict[str, tuple[Callable[[], bytes], str]] = {
    "circle of sectors": (lambda: compound(workbook(ONE.encode()), fat_changes={9: 2}), "F104"),
    "circle of the directory": (lambda: compound(workbook(ONE.encode()), fat_changes={1: 1}), "F104"),
    "circle of tables": (lambda: compound(workbook(b""), first_difat=0), "F104"),
    "circle of small sectors": (short_circle, "F104"),
    "circle of entries": (lambda: compound(workbook(b""), directory=circle_of_entries()), "F104"),
    "far row": (lambda: compound(workbook(xls_files.number(65_535, 0, 1))), "F106"),
    "far column": (lambda: compound(workbook(xls_files.number(0, 255, 1))), "F106"),
    "far columns": (lambda: compound(workbook(record(0xBD, struct.pack("<HHHIH", 0, 0, 15, 0, 65_535)))), "F106"),
    "records without end": (lambda: compound(workbook(record(0x999) * 4_800_000)), "F104"),
    "cells without end": (lambda: compound(workbook(xls_files.number(9, 9, 1) * 1_000_000)), ""),
    "no end": (lambda: compound(workbook(b"")[:-4]), "F104"),
    "text of 2 GB": (lambda: compound(workbook(b"", STYLES + sst(text("a", 65_535)))), "F104"),
    "reading of 2 GB": (lambda: compound(workbook(b"", STYLES + sst(text("a", flags=5, more=b"\xff\xff\xff\x7f")))),
                        "F104"),
    "reading backwards": (lambda: compound(workbook(b"", STYLES + sst(text("a" * 60, flags=5, more=b"\x80\xff\xff\xff"),
                                                                     count=2_000_000_000))), "F104"),
    "2,000,000,000 texts": (lambda: compound(workbook(b"", STYLES + sst(text("a"), count=2_000_000_000))), "F104"),
    "one text often": (long_texts, "F105"),
    "formats without end": (lambda: compound(workbook(b"", STYLES + xls_files.xf() * 700_000)), "F104"),
    "300 sheets": (lambda: compound(workbook(b"", names=[f"s{at}" for at in range(300)])), "F105"),
    "sheets in one place": (lambda: compound(workbook(b"", names=["a", "b"], one_place=True)), "F104"),
    "two sheets of one name": (lambda: compound(workbook(b"", names=["a", "A"])), "F104"),
    "password": (lambda: compound(workbook(b"", record(0x2F, bytes(6)))), "F102"),
    "names that double": (names_that_double, ""),
    "cut short": (lambda: compound(workbook(ONE.encode()))[:1500], "F104"),
    "nothing": (lambda: compound(b""), "F104"),
}  # fmt: skip
SPACES = '<text:s text:c="2000000000"/>'
ODS: dict[str, tuple[Callable[[], bytes], str]] = {
    "2,000,000,000 blanks": (lambda: content(table(row(cell(SPACES, value_type="string")))), "F105"),
    "blanks again and again": (
        lambda: content(table(row(cell('<text:s text:c="32767"/>' * 100_000, value_type="string")))), "F105"),
    "long texts": (lambda: content(table(
        row(cell('<text:s text:c="32767"/>', value_type="string", more=' table:number-columns-repeated="200"'),
            more=' table:number-rows-repeated="10000"'))), "F105"),
    "far rows": (lambda: content(table(row(ONE, more=' table:number-rows-repeated="1048576"'))), "F106"),
    "far columns": (lambda: content(table(row(number("1", more=' table:number-columns-repeated="16000"')))), "F106"),
    "gap": (lambda: content(table(row(cell(), more=' table:number-rows-repeated="99999999999"') + row(ONE))), "F106"),
    "blank tail": (lambda: content(table(row(ONE, cell(more=f' table:number-columns-repeated="{"9" * 5000}"')) + row(
        cell(), more=f' table:number-rows-repeated="{"9" * 5000}"'))), ""),
    "all cells": (lambda: content("".join(table(row(
        number("1", more=' table:number-columns-repeated="200"'), more=' table:number-rows-repeated="10000"'),
        f"s{at}") for at in range(200))), "F105"),
    "merged without end": (lambda: content(table(row(
        *[cell(more=' table:number-columns-spanned="99999" table:number-rows-spanned="99999"')] * 199,
        more=' table:number-rows-repeated="9999"'))), ""),
    "300 sheets": (lambda: content("".join(table("", f"s{at}") for at in range(300))), "F105"),
    "two sheets of one name": (lambda: content(table("") * 2), "F104"),
    "laughs": (lambda: content(table(row(ONE)), "", '<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>'), "F105"),
    "laughs in utf-16": (lambda: content(table(row(ONE)), "", "<!DOCTYPE x []>").decode().encode("utf-16"), "F105"),
    "deep": (lambda: content("<table:table-row>" * NEST + "</table:table-row>" * NEST), "F104"),
    "deep text": (lambda: content(table(row(cell("<text:span>" * NEST + "</text:span>" * NEST)))), "F104"),
    "styles in a circle": (lambda: content(table(row(number("1", style_name="a"))),
        '<style:style style:name="a" style:family="table-cell" style:parent-style-name="b"/>'
        '<style:style style:name="b" style:family="table-cell" style:parent-style-name="a"/>'), ""),
    "number that a pattern goes back over": (
        lambda: content(table(row(number("1", "1" * 30_000 + "x", style_name="c1"))), FORMATS), ""),
    "exponent": (lambda: content(table(row(number("1e308", "1e999999999"))), FORMATS), ""),
    "no sheets": (lambda: content(""), "F104"),
    "no XML": (lambda: b"\0\1\2", "F104"),
    "unknown encoding": (lambda: b'<?xml version="1.0" encoding="nonsense"?><a/>', "F104"),
}  # fmt: skip
CHILD = """
import json, resource, sys
from pathlib import Path
from perfxl.workbook.limits import Limits, RefusalError
from perfxl.workbook.ods.content import ods_as_xlsx
from perfxl.workbook.xls.book import xls_as_xlsx
data = Path(sys.argv[1]).read_bytes()
try:
    code = ""
    xls_as_xlsx(data, Limits()) if sys.argv[1].endswith("xls") else ods_as_xlsx(data, None, Limits())
except RefusalError as error:
    code = error.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
status = Path("/proc/self/status")
if status.exists():
    # On Linux the other one begins with what the process had that started this one.
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024
print(json.dumps([code, peak]))
"""


@pytest.mark.parametrize(("form", "name"), [*(("xls", name) for name in XLS), *(("ods", name) for name in ODS)])
def test_hostile_files(form: str, name: str, tmp_path: Path) -> None:
    make, code = (XLS if form == "xls" else ODS)[name]
    path = tmp_path / f"a.{form}"
    path.write_bytes(make())
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found, peak = json.loads(run.stdout)
    assert found == code
    assert peak < PEAK_MB


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_damage_anywhere_is_a_refusal_or_a_workbook(form: str) -> None:
    """Bytes changed at random, always the same ones."""
    if form == "xls":
        cells = formula(0, 0, CONSTANTS, LOST) + shared_text(1, 0, 0) + xls_files.number(2, 0, 5)
        good = compound(workbook(cells, STYLES + sst(text("文字"), text("字"))))
    else:
        good = content(
            table(row(number("1234.5", "1.2", style_name="c3"), cell("<text:s/>字", formula="of:=[.A1]"))), FORMATS
        )
    chance, refused = random.Random(3), 0
    for _ in range(600):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 5))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            parts = xls_as_xlsx(bytes(data), Limits()) if form == "xls" else ods_as_xlsx(bytes(data), None, Limits())
        except RefusalError:
            refused += 1
        else:
            opened(packed(parts))
    assert 0 < refused < 600
