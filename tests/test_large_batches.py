"""A batch that is too large for memory comes to the same as a small one; the details of each wait on disk."""

from __future__ import annotations

import json
import pickle
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.intake.discover import Found
from perfxl.layout.result_marks import RESULT_SHEET
from perfxl.register.model import FILE_NAME as REGISTER
from perfxl.results import list_sheets
from perfxl.results.cells import Book
from perfxl.results.context import Context
from perfxl.results.department import write_department
from perfxl.results.kept_results import DETAILS
from perfxl.results.manifest import write_run_json
from perfxl.results.summary import write_summary
from perfxl.run import pipeline
from perfxl.run.chunk import process_one
from perfxl.run.details import DetailsFile, pack
from perfxl.run.lock import LOCK
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from perfxl.xlsx.quick import long_sheet
from tests.books import filled, process, put
from tests.documents import make_document
from tests.findings import clean_document
from tests.folders import parts_of
from tests.random_schemes import make_scheme
from tests.sample_batch import sample_batch
from tests.scheme_files import toml_scheme

EXAMPLES = Path(__file__).parents[1] / "input"


def run(folder: Path, output: Path, scheme: Scheme, **options: Any) -> RunReport:
    return run_folder(folder, output, scheme, RunOptions(jobs=1, department_sheets=0, **options))


def results(output: Path) -> dict[str, Any]:
    """Everything that a run wrote: the cells of its workbooks, and run.json without its times."""
    found: dict[str, Any] = {}
    for path in sorted(output.rglob("*.xlsx")):
        if path.name == REGISTER:
            # It is of its output folder; its lines stand in run.json.
            continue
        for sheet in openpyxl.load_workbook(path).worksheets:
            rows = [[getattr(cell.value, "text", cell.value) for cell in row] for row in sheet.iter_rows()]
            # The overview and the mark of a result tell when they were made.
            rows = rows[2:] if sheet.title == "总览" else rows
            rows = [row for row in rows if row[0] != "started"] if sheet.title == RESULT_SHEET else rows
            found[f"{path.relative_to(output)} {sheet.title}"] = rows
    document = json.loads((output / "run.json").read_text("utf-8"))
    # What was written is named by the run that puts it in place.
    times = ("started", "seconds", "results")
    return found | {key: value for key, value in document.items() if key not in times}


@pytest.mark.slow
def test_the_results_are_the_same(scheme: Scheme, tmp_path: Path) -> None:
    report = run(EXAMPLES, tmp_path / "disk", scheme, copies_for_all=True)
    batch, memory = report.batch, tmp_path / "memory"
    assert batch.details is None
    context = Context.of(batch)
    for folder in ("部门结果", "暂定结果"):
        (memory / folder).mkdir(parents=True)
    write_summary(batch, memory / report.summary.name, department_sheets=False)
    write_run_json(batch, memory / "run.json")
    for department in batch.departments:
        write_department(context, department, memory / context.book_path(department))
    here, there = results(memory), results(tmp_path / "disk")
    assert here.keys() == {place for place in there if not place.startswith("退回修改")}
    assert len(here) < len(there)
    for place in here:
        assert here[place] == there[place], place


def with_limits(kind: str, folder: Path) -> Scheme:
    """The first random scheme of that kind of which a cap or veto holds, with nine of its workbooks in a folder."""
    for seed in range(200):
        text = make_scheme(seed)
        scheme, table = toml_scheme(text), tomllib.loads(text, parse_float=Decimal)
        if not (scheme.limits and scheme.derived) or scheme.evaluated.kind != kind:
            continue
        paths = [folder / str(seed) / f"{number}.xlsx" for number in range(9)]
        for number, path in enumerate(paths):
            filled(make_document(number, table, aimed=True), scheme, path)
        if any(scored.result and scored.result.limit_words for scored in (process(path, scheme) for path in paths)):
            (folder / str(seed)).rename(folder / "in")
            return scheme
    raise AssertionError


@pytest.mark.parametrize("kind", ["department", "project"])
@pytest.mark.slow
def test_so_they_are_of_schemes_with_more(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences on caps, facts beside the scores, units of projects: from memory and from disk."""
    scheme, found = with_limits(kind, tmp_path), []
    for in_memory in (200, 0):
        monkeypatch.setattr(pipeline, "IN_MEMORY", in_memory)
        report = run(tmp_path / "in", tmp_path / str(in_memory), scheme)
        assert (report.batch.details is None) == bool(in_memory)
        found.append(results(tmp_path / str(in_memory)))
    assert found[0] == found[1]
    assert any(item["limits"] for item in found[0]["departments"])
    assert any(place.endswith("填报事项") for place in found[0])
    assert ("units" in found[0]) == (kind == "project")


def test_nothing_of_the_details_is_left(scheme: Scheme, tmp_path: Path) -> None:
    run(EXAMPLES, tmp_path / "out", scheme)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "2022年度绩效评价汇总.xlsx", "run.json", DETAILS, "部门结果", "暂定结果", "退回修改", LOCK, REGISTER,
    }  # fmt: skip


def test_who_is_returned_by_the_batch_alone_gets_a_copy(scheme: Scheme, tmp_path: Path) -> None:
    for name in ("第一示例局", "第二示例局"):
        document = clean_document(put("department.code", "440118001"), put("department.name", name))
        filled(document, scheme, tmp_path / "in" / f"{name}.xlsx")
    run(tmp_path / "in", tmp_path / "out", scheme)
    for name in ("第一示例局", "第二示例局"):
        copy = tmp_path / "out" / "退回修改" / f"{name}.xlsx"
        own = process_one(Found(tmp_path / "in" / f"{name}.xlsx", "a"), scheme, Limits())
        again = process_one(Found(copy, "a"), scheme, Limits())
        assert again.contents == own.contents
        cells = [str(cell.value) for row in openpyxl.load_workbook(copy).worksheets[0].iter_rows() for cell in row]
        assert any("部门代码 440118001 与" in text for text in cells)


def test_who_is_not_returned_gets_a_copy_on_demand(scheme: Scheme, tmp_path: Path) -> None:
    document = clean_document(put("department.phone", "020-1"), put("kpis.0.evidence", None))
    filled(document, scheme, tmp_path / "in" / "a.xlsx")
    report = run(tmp_path / "in", tmp_path / "out", scheme, copies_for_all=True)
    assert report.batch.findings
    assert len(list((tmp_path / "out" / "退回修改").glob("*.xlsx"))) == 1


def test_rows_that_are_finished_are_written_as_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_sheet, "ROWS_AT_ONCE", 4)
    batch = sample_batch(3)
    for name in ("long", "plain"):
        with Book(tmp_path / f"{name}.xlsx", "", "", batch.started) as book:
            page = book.long_page("表") if name == "long" else book.page("表")
            page.widths([10, 12])
            for row in range(12):
                page.row(row, 0, [f" 第 {row} 行<&>", row, None, batch.departments[0].total], "box text wrap")
                page.height(row, 20 + row)
                if row == 5:
                    page.put(row, 8, "最右", "bold")
                if 4 <= row < 10:
                    page.finish(row)
            page.put(1, 5, "之后", "bold")
    sheets = [openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["表"] for name in ("long", "plain")]
    long, plain = (
        [[(cell.value, cell.font.b, cell.border.left.style) for cell in row] for row in sheet] for sheet in sheets
    )
    assert long == plain
    assert sheets[0].dimensions == sheets[1].dimensions
    for name in ("long", "plain"):
        assert b'<dimension ref="A1:I12"/>' in parts_of(tmp_path / f"{name}.xlsx")["xl/worksheets/sheet1.xml"]
    heights = [{row: size.height for row, size in sheet.row_dimensions.items()} for sheet in sheets]
    assert heights[0] == heights[1]


def test_finished_rows_come_in_order(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="row 8 does not follow row 5"),
        Book(tmp_path / "a.xlsx", "", "", sample_batch(1).started) as book,
    ):
        page = book.long_page("表")
        page.finish(3)
        page.finish(4)
        page.finish(7)


def test_a_list_leaves_memory_while_it_is_written(
    scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_sheet, "ROWS_AT_ONCE", 10)
    held: list[int] = []

    with Book(tmp_path / "a.xlsx", "", "", sample_batch(1).started) as book:
        page = book.long_page("表")

        def value(item: int, row: int) -> str:
            held.append(len(page.sheet.table))
            return f"第 {item} 行"

        list_sheets.Table("表", [list_sheets.Column("a", "甲", 10, "box", value)], range(300)).write(
            [page], "标题", "说明"
        )
    assert max(held) < 20
    rows = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"].iter_rows(min_row=4, values_only=True)
    assert [row[0] for row in rows] == [f"第 {item} 行" for item in range(300)]


def test_details_are_read_while_more_are_written(scheme: Scheme, tmp_path: Path) -> None:
    filled(clean_document(put("kpis.0.evidence", None)), scheme, tmp_path / "a.xlsx")
    with DetailsFile(tmp_path) as details:
        for name in ("一", "二", "三"):
            scored = process_one(Found(tmp_path / "a.xlsx", name), scheme, Limits())
            entry = details.add(pack(scored))
            stored = details.stored
            assert list(stored[name]) == scored.findings
            assert stored.count(name) == len(scored.findings) > 0
            assert entry.result is not None and scored.result is not None
            assert stored.result(entry.result) == scored.result
            assert stored.scores(entry.result) == scored.result.scores
        details.rewrite(entry, scored.findings * 2)
        assert len(details.stored["三"]) == details.stored.count("三") == 2 * len(scored.findings)
        assert list(pickle.loads(pickle.dumps(details.stored.only(["一"])))) == ["一"]
        assert details.stored.count("四") == 0
    assert not (tmp_path / details.path.name).exists()
