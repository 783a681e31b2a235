"""`perfxl review`: the workbooks that it makes of the last run, for whom, and what it never writes over."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.layout.list_marks import LIST_SHEET, Kind, mark_in
from perfxl.results.kept_results import last_run
from perfxl.review.layout import (
    DATA,
    HEAD_BLOCK,
    LIST,
    BookMark,
    Judged,
    Target,
    data_rows,
    fingerprint,
    targets_in,
    unreviewed,
)
from perfxl.review.standing import Standing, after_review, standing
from perfxl.review_books import make
from perfxl.review_books.book import book_bytes
from perfxl.review_books.existing import may_be_replaced
from perfxl.review_books.make import source_of
from perfxl.review_books.previous import previous_results
from perfxl.review_books.source import Filled
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from tests.libreoffice import recalculate
from tests.review_runs import all_of, kept_run, rows_of
from tests.sample_batch import hostile_batch, sample_batch

EXAMPLES = Path(__file__).parent.parent / "input"


def review(*arguments: str | Path) -> Result:
    return CliRunner().invoke(perfxl, ["review", *map(str, arguments)], catch_exceptions=True)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> Path:
    folder = tmp_path_factory.mktemp("output")
    run_folder(EXAMPLES, folder, scheme, RunOptions(jobs=1, department_books=False))
    return folder


@pytest.fixture
def results(tmp_path: Path, output: Path) -> Path:
    """An output folder of its own."""
    for name in ("run.json", "run-details.jsonl"):
        (tmp_path / name).write_bytes((output / name).read_bytes())
    return tmp_path


def books(folder: Path) -> dict[str, list[str]]:
    """The departments in each review workbook."""
    return {
        path.name: [name for name in load_workbook(path).sheetnames if not name.startswith("_")][1:]
        for path in sorted((folder / "复核").iterdir())
    }


def mark_of(path: Path) -> Any:
    return mark_in(list(load_workbook(path)[LIST_SHEET].iter_rows(values_only=True)))


def test_one_workbook_of_all_scored_departments(results: Path) -> None:
    assert review(results).exit_code == 0
    scored = [item for item in last_run(results).departments() if item.status == "scored"]
    assert books(results) == {"复核表.xlsx": [item.name for item in scored]}
    book = load_workbook(results / "复核" / "复核表.xlsx")
    mark = mark_of(results / "复核" / "复核表.xlsx")
    assert (mark.kind, mark.schemes) == (Kind.REVIEW, ("guangzhou-2022",))
    document = json.loads((results / "run.json").read_bytes())
    assert BookMark.of(mark).started == document["started"]
    assert book[LIST_SHEET].sheet_state == book[DATA].sheet_state == "veryHidden"
    targets = targets_in(list(book[DATA].iter_rows(values_only=True)))
    shas = {item["path"]: item["sha256"] for item in document["files"]}
    for target, item in zip(targets.values(), scored, strict=True):
        assert (target.code, target.sheet, target.file_sha256) == (item.code, item.name, shas[item.file])
        assert target.scheme_sha256 == document["scheme"]["sha256"]
        assert (Decimal(target.total), target.grade) == (item.total, item.grade)
        scheme = last_run(results).scheme_of(item)
        for score in item.scores:
            judged = target.judged[score.code]
            assert judged.fingerprint == fingerprint(scheme.indicator_by_code[score.code], item, score)
            assert (judged.self_score, judged.computed, judged.accepted) == (
                score.self_score,
                score.computed,
                score.score,
            )


def test_rows_and_columns_have_their_keys(results: Path) -> None:
    review(results, "--reviewers", "张三")
    book = load_workbook(results / "复核" / "复核表（张三）.xlsx")
    targets = targets_in(list(book[DATA].iter_rows(values_only=True)))
    for key, target in targets.items():
        sheet = book[target.sheet]
        rows = list(rows_of(sheet))
        assert [(row.department, row.code) for row in rows] == [(key, code) for code in target.judged]
        assert all(sheet[row.cells["code"]].value == row.code for row in rows)
        (head,) = rows_of(sheet, HEAD_BLOCK)
        assert (head.department, sheet[head.cells["person"]].value) == (key, "张三")
        assert sheet.protection.sheet and not sheet.protection.password and not sheet.protection.autoFilter
        unlocked = {cell.coordinate for cells in sheet.iter_rows() for cell in cells if not cell.protection.locked}
        inputs = {row.cells[name] for row in rows for name in ("score", "why", "basis")}
        assert unlocked == inputs | set(head.cells.values())
        assert sheet.column_dimensions["A"].hidden and sheet.row_dimensions[head.number - 2].hidden


def test_split_among_reviewers_and_the_roster(here: Path, output: Path) -> None:
    from openpyxl import Workbook

    assert review(output, "--reviewers", "张三、李四", "--reviewers", "王五", "--each", "2").exit_code == 0
    found = books(output)
    assert [*found] == ["复核表（张三）.xlsx", "复核表（李四）.xlsx", "复核表（王五）.xlsx"]
    scored = [item for item in last_run(output).departments() if item.status == "scored"]
    assert sorted(name for names in found.values() for name in names) == sorted(2 * [item.name for item in scored])
    assert {mark_of(output / "复核" / name).more["reviewer"] for name in found} == {"张三", "李四", "王五"}
    roster = Workbook()
    roster.active.append(["部门代码", "部门名称", "部门类别", "联系人", "联系电话", "复核人"])
    for number, item in enumerate(scored):
        roster.active.append([item.code, item.name, item.category, "", "", "赵六" if number < 3 else "钱七"])
    roster.save(here / "名录.xlsx")
    told = review(output, "--roster", "名录.xlsx")
    assert told.exit_code == 0, told.output
    found = books(output)
    assert found["复核表（赵六）.xlsx"] == [item.name for item in scored[:3]]
    assert found["复核表（钱七）.xlsx"] == [item.name for item in scored[3:]]


def test_a_proposal_says_why(results: Path) -> None:
    told = review(results, "--propose", "40%", "--seed", "甲")
    assert told.exit_code == 0
    assert "种子“甲”" in told.output
    book = load_workbook(results / "复核" / "复核表.xlsx")
    reasons = [row[-1] for row in book[LIST].iter_rows(min_row=5, values_only=True)]
    assert len(reasons) == 5 and all(reasons)
    assert "种子“甲”" in book[LIST]["B2"].value


def test_filled_workbooks_are_never_written_over(results: Path) -> None:
    review(results, "--reviewers", "张三")
    path = results / "复核" / "复核表（张三）.xlsx"
    blank = path.read_bytes()
    assert review(results, "--reviewers", "张三").exit_code == 0
    assert [*books(results)] == [path.name] and path.read_bytes() == blank, "nothing was filled in"
    book = load_workbook(path)
    sheet = book.worksheets[1]
    sheet[next(iter(rows_of(sheet))).cells["basis"]] = "见附件"
    book.save(path)
    filled = path.read_bytes()
    told = review(results, "--reviewers", "张三")
    assert "没有覆盖" in told.output and "复核表（张三）（新2）.xlsx" in told.output
    assert path.read_bytes() == filled
    path.write_bytes(b"broken")
    review(results, "--reviewers", "张三")
    assert path.read_bytes() == b"broken", "what cannot be read may be anything"
    assert sorted(books_there(results)) == ["复核表（张三）.xlsx", "复核表（张三）（新2）.xlsx"]


def books_there(folder: Path) -> list[str]:
    return [path.name for path in (folder / "复核").iterdir()]


@pytest.mark.parametrize("field", ["day", "agreed"])
def test_what_is_filled_in_once_counts_too(results: Path, field: str) -> None:
    review(results)
    path = results / "复核" / "复核表.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[2]
    (head,) = rows_of(sheet, HEAD_BLOCK)
    sheet[head.cells[field]] = "是" if field == "agreed" else datetime(2023, 5, 18)
    book.save(path)
    assert "没有覆盖" in review(results).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--propose", "三"], "--propose"),
        (["--propose", "3", "--departments", "示例教育局"], "只能用一个"),
        (["--seed", "1"], "--seed"),
        (["--each", "2"], "--each"),
        (["--reviewers", "张三", "--each", "2"], "--each"),
        (["--departments", "没有的局"], "没有的局"),
        (["--previous", "没有.json"], "上年结果"),
    ],
)
def test_wrong_use(results: Path, arguments: list[str], words: str) -> None:
    result = review(results, *arguments)
    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception)
    assert not (results / "复核").exists()


def test_without_a_run_there_is_nothing_to_review(tmp_path: Path) -> None:
    assert "请先运行" in str(review(tmp_path).exception)


def test_too_many_for_one_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "MOST_SHEETS", 5)
    last = kept_run(sample_batch(13, returned=1), tmp_path)
    made = make.make_books(source_of(last), tmp_path, {"张三": all_of(last)})
    assert [(book.path.name, book.departments) for book in made] == [
        ("复核表（张三）.xlsx", 5), ("复核表（张三）（2）.xlsx", 5), ("复核表（张三）（3）.xlsx", 2),
    ]  # fmt: skip
    assert len({BookMark.of(mark_of(book.path)).book for book in made}) == 3


def test_the_largest_workbook_can_be_read_back(tmp_path: Path) -> None:
    last = kept_run(sample_batch(make.MOST_SHEETS + 1, returned=0), tmp_path)
    first, second = make.make_books(source_of(last), tmp_path, {"": all_of(last)})
    assert (first.departments, second.departments) == (make.MOST_SHEETS, 1)
    assert may_be_replaced(first.path)


def test_last_year_stands_beside(results: Path, tmp_path: Path) -> None:
    document = json.loads((results / "run.json").read_bytes())
    document["year"] -= 1
    gone = document["departments"].pop(0)["name"]
    kept = document["departments"][0]
    kept["total"], kept["scores"][0]["score"] = "71.25", "12.30"
    before = tmp_path / "last-year.json"
    before.write_text(json.dumps(document), "utf-8")
    assert review(results, "--previous", before).exit_code == 0
    book = load_workbook(results / "复核" / "复核表.xlsx")
    first = next(iter(rows_of(book[kept["name"]])))
    assert book[kept["name"]][first.cells["previous"]].value == 12.3
    assert 71.25 in [cell.value for cell in book[kept["name"]][5]]
    assert all(book[gone][row.cells["previous"]].value is None for row in rows_of(book[gone]))
    assert previous_results(before).year == 2021
    review(results)
    book = load_workbook(results / "复核" / "复核表.xlsx")
    assert "previous" not in next(iter(rows_of(book[gone]))).cells


def test_an_earlier_round_stands_there_already(tmp_path: Path) -> None:
    last = kept_run(sample_batch(3, returned=0), tmp_path)
    item = all_of(last)[0].candidate.department
    code = item.scores[0].code
    source = source_of(
        last,
        earlier=lambda department, own: (
            Filled(Decimal("1.5"), "佐证材料不足", "审计报告", "不同意，见附件")
            if (department.file, own) == (item.file, code)
            else Filled()
        ),
    )
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_bytes(source, all_of(last)))
    book = load_workbook(path, data_only=True)
    sheet = book.worksheets[1]
    row = next(iter(rows_of(sheet)))
    shown = {name: sheet[cell].value for name, cell in row.cells.items()}
    assert (shown["score"], shown["why"], shown["basis"], shown["objection"]) == (
        1.5, "佐证材料不足", "审计报告", "不同意，见附件",
    )  # fmt: skip
    assert shown["after"] == 1.5
    assert "objection" not in next(iter(rows_of(book.worksheets[2]))).cells


def test_a_name_of_several_lines_is_wrapped_and_leads_to_its_sheet(tmp_path: Path) -> None:
    """A formula, as LibreOffice does not wrap the text of a link."""
    batch = sample_batch(3, returned=0)
    long = batch.departments[0].name = "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（复核）" * 2
    last = kept_run(batch, tmp_path)
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_bytes(source_of(last), all_of(last), ""))
    shown, written = (load_workbook(path, data_only=known).worksheets[0] for known in (True, False))
    (cell,) = [cell for row in shown.iter_rows() for cell in row if cell.value == long]
    formula = written[cell.coordinate]
    assert str(formula.value).startswith("=LEFT(") and formula.alignment.wrap_text and formula.hyperlink.location
    (path,) = recalculate([path], tmp_path / "again") if shutil.which("soffice") else (path,)
    assert load_workbook(path, data_only=True).worksheets[0][cell.coordinate].value == long


def test_a_long_reason_of_a_kpi_has_a_row_of_its_own_and_is_not_cut(tmp_path: Path) -> None:
    batch = sample_batch(1, returned=0)
    (item,) = batch.departments
    short, long = "受疫情影响。", "因疫情和台风影响，项目招投标推迟，" * 25
    item.kpis = tuple(replace(kpi, reason=long if place else short) for place, kpi in enumerate(item.kpis[:2]))
    last = kept_run(batch, tmp_path)
    path = tmp_path / "x.xlsx"
    path.write_bytes(book_bytes(source_of(last), all_of(last), ""))
    sheet = load_workbook(path).worksheets[1]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if long in str(cell.value)]
    assert sheet.row_dimensions[cell.row].height < 409 and cell.coordinate in sheet.merged_cells
    assert any(str(one.value) == "见下一行" for one in sheet[cell.row - 1])
    assert any(one.value == short for one in sheet[cell.row - 2])


@pytest.mark.filterwarnings("ignore")
def test_foreign_texts_stay_texts(tmp_path: Path) -> None:
    for text in ("=1+1", "<r>粗体&</r>", "坏\x00字\x1f符\ud83d", "长" * 40_000, "http://evil.example/"):
        last = kept_run(hostile_batch(text), tmp_path)
        path = tmp_path / "x.xlsx"
        path.write_bytes(book_bytes(source_of(last), all_of(last), text[:30]))
        for sheet in load_workbook(path).worksheets:
            for cells in sheet.iter_rows():
                for cell in cells:
                    assert cell.value != text or cell.data_type == "s"
                    assert cell.hyperlink is None or cell.hyperlink.location


def test_the_hidden_sheet_gives_back_what_it_was_made_of() -> None:
    judged = {
        f"Z{number}": Judged(f"Z{number}", "0" * 16, Decimal("2.50"), None, Decimal(number), Decimal("1.25"))
        for number in range(450)
    }
    targets = [
        Target(
            "d1", "a-1", "f" * 64, "007", "甲\n局", "项目", "", "类", "甲.xlsx", "e" * 64, "甲", "1.00", "差", judged
        ),
        Target("d2", "a-1", "", "", "", "", "", "", "", "", "", "", ""),
    ]
    rows = data_rows(targets)
    assert max(len(cell) for row in rows for cell in row) < 32_767
    assert [*targets_in(rows).values()] == targets
    for broken in (
        ["d1"],
        [*rows[1][:13], "[["],
        [*rows[1][:13], '[["A",1,"x",null,null,"1"]]'],
        [*rows[1][:13], "[1]"],
    ):
        with pytest.raises(ValueError):
            targets_in([rows[0], broken])


def test_a_fingerprint_changes_with_what_is_judged(scheme: Scheme) -> None:
    item = sample_batch(1, returned=0).departments[0]
    indicator = next(one for one in scheme.indicators if one.rule.kpi_levels)
    score = next(one for one in item.scores if one.code == indicator.code)
    now = fingerprint(indicator, item, score)
    changed = [
        fingerprint(replace(indicator, name="另一名称"), item, score),
        fingerprint(replace(indicator, standard="另一标准"), item, score),
        *(
            fingerprint(indicator, item, replace(score, **{field: value}))
            for field, value in (
                ("points", Decimal(99)), ("self_score", None), ("computed", Decimal("0.01")),
                ("score", Decimal("0.01")),
                ("explanation", "另一说明"), ("reason", "另一原因"),
            )
        ),
        fingerprint(indicator, replace(item, kpis=item.kpis[1:]), score),
        fingerprint(indicator, replace(item, kpis=(replace(item.kpis[0], evidence="另一证据"), *item.kpis[1:])), score),
    ]  # fmt: skip
    assert len({now, *changed}) == len(changed) + 1
    reviewed = replace(score, review=Decimal(1), score=Decimal(1), before=score.score)
    assert unreviewed(reviewed) == score.score
    same = replace(reviewed, self_score=score.self_score and score.self_score * Decimal("1.000"))
    assert fingerprint(indicator, item, same) == now, "a review does not change what it judges, nor do zeros"


@pytest.mark.parametrize(
    ("review_score", "accepted", "reason", "stands", "after"),
    [
        (None, "4", "", Standing.BLANK, "4"),
        ("4.00", "4", "", Standing.STANDS, "4.00"),
        ("3.5", "4", "", Standing.NO_REASON, "4"),
        ("3.5", "4", "　\u200b", Standing.NO_REASON, "4"),
        ("3.5", "4", "材料不足", Standing.STANDS, "3.50"),
        ("5", "4", "补充材料", Standing.STANDS, "5.00"),
        ("5.001", "4", "补充材料", Standing.OUTSIDE, "4"),
        ("-0.01", "0", "材料不足", Standing.OUTSIDE, "0"),
        ("4.004", "4", "", Standing.STANDS, "4.00"),
        ("4.005", "4", "", Standing.NO_REASON, "4"),
    ],
)
def test_which_reviews_stand(
    review_score: str | None, accepted: str, reason: str, stands: Standing, after: str
) -> None:
    score = None if review_score is None else Decimal(review_score)
    assert standing(score, Decimal(5), Decimal(accepted), reason) is stands
    assert after_review(score, Decimal(5), Decimal(accepted), reason) == Decimal(after)
