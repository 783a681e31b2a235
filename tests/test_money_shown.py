"""Money is shown in one way on every page of all that perfxl writes: `1,234,567.89`, in cells, charts and sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.cli.app import perfxl
from perfxl.decimals import amount
from perfxl.results.manifest import run_json
from perfxl.scoring.result import OfficialResult
from tests.pages import ROOT
from tests.sample_batch import sample_batch
from tests.shown_texts import departments_texts, texts_of_book, texts_of_document

pytestmark = pytest.mark.slow

EXAMPLES = ROOT / "examples"
SHOWN = ("示例水务局", "示例教育局", "示例农业农村局", "示例园区建设服务中心", "示例新城街道办事处", "示例图书馆")
FORMATS = {"#,##0.00_ ", "#,##0.00####"}
"""Of money in cells: of results, and of what is typed, which may have more places."""
BARE = re.compile(r"(?<![\d,.])\d{4,}\.\d\d(?!\d)")


def call(*arguments: str | Path) -> None:
    result = CliRunner().invoke(perfxl, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code in (0, 3), result.output


def documents(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.json")) if path.stem in SHOWN]


class Written(NamedTuple):
    """All that is written. amounts: what departments typed as money; others: their other numbers."""

    folder: Path
    amounts: set[Decimal]
    others: set[Decimal]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A year of some departments: targets, monitoring, self-review beside the year before, projects and departments in
    one ranking, review workbooks, documents, templates, lists."""
    pytest.importorskip("docxtpl")
    home = tmp_path_factory.mktemp("year")
    sources = documents(EXAMPLES / "documents")
    sources += [*(EXAMPLES / "documents" / "xiangmu-2020").glob("*.json")]
    sources += [*(EXAMPLES / "documents" / "gongxing-2013").glob("*.json")]
    schemes = [part for name in ("guangzhou-2022", "xiangmu-2020", "gongxing-2013") for part in ("--scheme", name)]
    call("fill", "-o", home / "in", *schemes, *sources)
    run = ("--copies", "all", "--previous", EXAMPLES / "2021")
    call("run", home / "in", "-o", home / "out", *schemes, "--joint", *run)
    call("fill", "-o", home / "alone", *documents(EXAMPLES / "documents"))
    call("run", home / "alone", "-o", home / "one", *run)
    call("review", home / "one")
    call("documents", home / "one")
    used = list(sources)
    for stage, command in (("监控", ("monitor",)), ("目标", ("run", "--stage", "目标"))):
        used += (found := documents(EXAMPLES / "year" / stage))
        call("fill", "-o", home / f"in-{stage}", *found)
        call(*command, home / f"in-{stage}", "-o", home / f"out-{stage}")
    call("documents", home / "out-监控")
    call("template", "-o", home / "blank")
    return Written(home, *_numbers(used))


def _numbers(sources: list[Path]) -> tuple[set[Decimal], set[Decimal]]:
    amounts: set[Decimal] = set()
    others: set[Decimal] = set()

    def gather(item: Any, key: str, *, money: bool) -> None:
        if isinstance(item, dict | list):
            inner = item.items() if isinstance(item, dict) else ((key, one) for one in item)
            for name, one in inner:
                gather(one, name, money=money or name == "funds")
        elif isinstance(item, str) and re.fullmatch(r"-?\d+(\.\d+)?", item):
            (amounts if money else others).add(Decimal(item))

    for path in sources:
        gather(json.loads(path.read_text("utf-8")), "", money=False)
    return amounts, others


def sheets_of(folder: Path) -> Iterator[tuple[str, Worksheet]]:
    for path in sorted(folder.rglob("*.xlsx")):
        book = openpyxl.load_workbook(path, data_only=True)
        yield from ((str(path.relative_to(folder)), sheet) for sheet in book.worksheets)


def test_cells_of_a_sheet_have_one_format(written: Written) -> None:
    seen = 0
    for book, sheet in sheets_of(written.folder):
        formats: dict[str, list[str]] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "n" or cell.value is None or abs(cell.value) < 1000:
                    continue
                value = Decimal(repr(cell.value))
                # Sums and differences too; a number of a KPI may happen to be an amount as well.
                money = value in written.amounts or cell.number_format != "General"
                if money and value not in written.others:
                    formats.setdefault(cell.number_format, []).append(cell.coordinate)
        seen += bool(formats)
        assert len(formats) < 2 and set(formats) <= FORMATS, (book, sheet.title, formats)
    assert seen > 60


def test_charts_of_money_have_it_too(written: Written) -> None:
    found = 0
    for path in sorted(written.folder.rglob("*.xlsx")):
        with ZipFile(path) as package:
            for name in package.namelist():
                text = package.read(name).decode() if name.startswith("xl/charts/chart") else ""
                if "万元" in text:
                    found += 1
                    # Of its numbers, the labels at the bars, and the axis.
                    kinds = re.findall(r'<c:formatCode>([^<]*)|<c:numFmt formatCode="([^"]*)" sourceLinked="0"', text)
                    codes = {first or second for first, second in kinds} - {"General"}
                    assert codes <= {"#,##0.00", "#,##0.00_ "}, (path.name, name, codes)
    assert found > 5


def test_sentences_have_it_too(written: Written) -> None:
    texts = list(_texts(written.folder))
    bare = [(place, text) for place, text in texts if BARE.search(_without_quotes(text))]
    assert bare == []
    shown = {amount(value) for value in written.amounts if value >= 1000}
    said = "\n".join(text for _, text in texts)
    assert sum(text in said for text in shown) > 10
    assert re.search(r"全年预计执行 \d+,\d{3}\.\d\d", said)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text with where it stands, without the sentences of departments; their numbers stay."""
    own = [text for text in departments_texts() if not re.fullmatch(r"[\d.,%+-]+", text)]
    for path in sorted(folder.rglob("*.*")):
        found = {".xlsx": texts_of_book, ".docx": texts_of_document}.get(path.suffix)
        for place, text in found(path) if found else ():
            left = text
            for one in own if len(text) > 3 else ():
                left = left.replace(one, "")
            if "_meta!" not in place:
                yield place, left


def _without_quotes(text: str) -> str:
    """A text without what it quotes as it was typed: as the whole cell, behind 填报, in quotation marks."""
    return "" if BARE.fullmatch(text) else re.sub(r"填报：[\d.]+|“[\d.]+”", "", text)


def test_programs_read_what_the_bureau_gives_without_it() -> None:
    batch = sample_batch(3)
    given = [("万元", "1,234,567.80", "1234567.80"), ("万元", "一千，二百", "一千，二百"), ("个", "1,000", "1,000")]
    batch.departments[0].official = tuple(
        OfficialResult(f"f{number}", "数", unit, shown, shown, False, "财政核定数")
        for number, (unit, shown, _) in enumerate(given)
    )
    (told,) = [item["official"] for item in run_json(batch)["departments"] if item["official"]]
    assert [(item["written"], item["official"]) for item in told] == [(number, number) for *_, number in given]


def test_programs_read_numbers_without_it(written: Written) -> None:
    document = json.loads((written.folder / "one" / "run.json").read_text("utf-8"))
    numbers = [
        value
        for item in (*document["departments"], *document["findings"])
        for key, value in _leaves(item)
        if isinstance(value, str)
        and key not in ("explanation", "reason", "message", "advice", "value")
        and re.match(r"^-?[\d,]+\.", value)
    ]
    assert len(numbers) > 100 and not [value for value in numbers if "," in value]


def _leaves(item: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(item, dict):
        for name, one in item.items():
            yield from _leaves(one, name)
    elif isinstance(item, list):
        for one in item:
            yield from _leaves(one, key)
    else:
        yield key, item
