"""`perfxl run --previous`: last year's results of any version beside this year's, and words where they are none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from docs.make_last_year import NOTE, results
from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.layout.list_marks import Kind
from perfxl.lists.exemptions import Exemption
from perfxl.lists.roster import write_roster
from perfxl.results.kept_results import DETAILS
from perfxl.results.kept_years import previous_year, read_year
from perfxl.run.gather import gather
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.run.yearly import previous_years
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.years.result import Repeated
from tests.books import filled

FIRES = ("W671", "W672")
ROOT = Path(__file__).parent.parent
LAST_YEAR = ROOT / "examples" / "2021"
SUMMARY = "2022年度绩效评价汇总.xlsx"
SHEETS = ["年度变化", "年度对比", "二级指标对比", "屡查屡犯"]
MOVED = "示例水务局"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> RunReport:
    folder = tmp_path_factory.mktemp("years")
    years = tuple(previous_years([LAST_YEAR], [scheme], folder / "out"))
    return run_folder(ROOT / "input", folder / "out", scheme, RunOptions(jobs=1, previous=years))


def document(path: Path) -> dict[str, Any]:
    return dict(json.loads((path / "run.json").read_text("utf-8")))


def test_the_shipped_year_is_what_the_script_makes(tmp_path: Path) -> None:
    assert results(tmp_path) == (LAST_YEAR / "run.json").read_text("utf-8")


def test_everybody_is_who_it_was(compared: RunReport) -> None:
    (years,) = compared.batch.years.values()
    by_title = {item.title: years.departments[item.file].thens[0] for item in compared.batch.departments}
    assert by_title.pop("示例新城街道办事处") is None
    bases = {title: (then.titles, then.basis) for title, then in by_title.items() if then}
    assert bases.pop("示例园区建设服务中心") == (("示例园区管理委员会",), "代码")
    assert bases.pop("示例图书馆") == (("示例图书馆",), "名称")
    assert {basis for _, basis in bases.values()} == {"代码和名称"}
    (head,) = years.heads
    assert (head.year, head.matched, head.comparable, head.gone) == (2021, 12, 12, ("示例档案局",))
    assert NOTE in head.notes
    totals = {item["name"]: item["total"] for item in document(LAST_YEAR)["departments"]}
    then = by_title[MOVED]
    assert then is not None and then.figures.total == Decimal(totals[MOVED])
    # 示例档案局 stood before it and is no more.
    assert (then.rank, then.place_then, then.place_now, then.moved) == (11, 10, 11, -1)


def test_findings_with_cells_and_not_two_of_a_kind_without_cause(compared: RunReport) -> None:
    found = [one for one in compared.batch.findings if one.code in FIRES]
    lowered = {one.department: (one.sheet, one.cell, one.value, one.expected) for one in found if one.code == "W672"}
    assert lowered == {
        "示例图书馆": ("绩效指标", "F9", "330", "不低于 363"),
        "示例妇女联合会": ("绩效指标", "F9", "48", "不低于 52.8"),
        MOVED: ("绩效指标", "F9", "32", "不低于 35.2"),
    }
    claimed = next(one for one in found if one.code == "W671" and one.department == "示例疾病预防控制中心")
    assert (claimed.sheet, claimed.cell, claimed.value) == ("管理效率", "C32", "是")
    assert "W209 任务支出大于预算（2021 年 1 处，今年 1 处）" in claimed.message
    cell = openpyxl.load_workbook(ROOT / "input" / "示例疾病预防控制中心.xlsx")["管理效率"]["C32"]
    assert cell.value == "是"
    # Who does not claim it has no such finding, whatever else it repeats.
    assert "示例园区建设服务中心" not in {one.department for one in found if one.code == "W671"}
    assert {one.severity.value for one in found} == {"warning"}


def test_the_sheets_say_so(compared: RunReport) -> None:
    book = openpyxl.load_workbook(compared.summary, data_only=True)
    names = book.sheetnames
    assert names[names.index("指标分析") + 1 :][:4] == SHEETS
    sheet = book["年度对比"]
    heads = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    rows = {row[0].value: dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(4)}
    row = rows[MOVED]
    assert (row["2022总分"], row["2021总分"], row["较2021总分增减"]) == (70.11, 78.01, -7.9)
    assert (row["2021可比名次"], row["2022可比名次"], row["较2021名次升降"]) == (10, 11, -1)
    assert rows["示例园区建设服务中心"]["对应依据"] == "代码：示例园区管理委员会"
    assert rows["示例新城街道办事处"]["名次可比"] == "否"
    changes = [[cell.value for cell in row] for row in book["年度变化"].iter_rows()]
    assert any("示例档案局" in str(row[0]) for row in changes)
    assert [row[1] for row in changes if row[0] == "下降"] == ["示例镇人民政府", MOVED]
    kinds = [row[2].value for row in book["屡查屡犯"].iter_rows(4)]
    assert set(kinds) == {kind.value for kind in Repeated}
    ranking = book["排名"]
    column = next(cell.column for cell in ranking[3] if cell.value == "较上年")
    by_name = {row[3].value: row[column - 1].value for row in ranking.iter_rows(4)}
    assert by_name[MOVED] == -1
    own = openpyxl.load_workbook(compared.output / "部门结果" / f"{MOVED}.xlsx")
    assert "历年问题" in own.sheetnames
    texts = [cell.value for row in own["评分结果"].iter_rows() for cell in row]
    assert "历年对比" in texts and "2021 年" in texts and "代码和名称；可比名次 10→11" in texts
    assert len(own["评分结果"]._charts) == 2


def test_without_previous_nothing_is_new(scheme: Scheme, tmp_path: Path) -> None:
    report = run_folder(ROOT / "input", tmp_path, scheme, RunOptions(jobs=1))
    assert not set(SHEETS) & set(openpyxl.load_workbook(report.summary, read_only=True).sheetnames)
    assert not [one for one in report.batch.findings if one.code in FIRES]


def test_what_is_accepted_is_accepted_and_no_ground_for_another(scheme: Scheme, tmp_path: Path) -> None:
    """W308 of 示例图书馆 is the same as last year; where the bureau accepts it the claim to have mended all holds."""
    day = date(2023, 4, 1)
    accepted = [Exemption(3, "示例图书馆", code, "馆舍维修闭馆", "示例", day, None, "") for code in ("W308", "W672")]
    years = tuple(previous_years([LAST_YEAR], [scheme], tmp_path))
    lists = Lists(exemptions=accepted)
    options = RunOptions(jobs=1, department_books=False, previous=years, lists=lists)
    report = run_folder(ROOT / "input", tmp_path / "out", scheme, options)
    own = [one for one in report.batch.findings if one.department == "示例图书馆"]
    assert not [one for one in own if one.code == "W671"]
    assert [one.severity.value for one in own if one.code in ("W308", "W672")] == ["info", "info"]
    (found,) = report.batch.years.values()
    item = next(one for one in report.batch.departments if one.name == "示例图书馆")
    kinds = {one.kind for one in found.departments[item.file].repeats}
    assert Repeated.FINDING not in kinds and Repeated.CLAIMED not in kinds


def run(*arguments: object) -> Result:
    return CliRunner().invoke(perfxl, ["run", *map(str, arguments)], standalone_mode=False)


Change = Callable[[dict[str, Any]], object]


def changed(folder: Path, change: Change) -> Path:
    """The shipped year with a change, written by another hand than ours."""
    folder.mkdir(parents=True)
    content = document(LAST_YEAR)
    change(content)
    (folder / "run.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content.update(year=2022), "不能作为以前年度"),
        (lambda content: content.update(year="2021"), "不是 perfxl 的运行结果"),
        (lambda content: content.update(tool="x"), "不是 perfxl 的运行结果"),
        (lambda content: content.update(stage="监控"), "是“监控”的结果"),
        (lambda content: content.update(departments=[]), "没有已评分的结果"),
        (lambda content: content["departments"][0].update(total=93.04), "已损坏"),
        (lambda content: content["departments"][0].update(total="1e999999"), "已损坏"),
        (lambda content: content["departments"][0].update(total="NaN"), "已损坏"),
        (lambda content: content["departments"][0].update(rank=-1), "已损坏"),
        (lambda content: content["departments"][0].update(scores=[7]), "已损坏"),
        (lambda content: content["schemes"][0].update(indicators=[{}]), "已损坏"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_stops_with_words(change: Change, words: str, scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=words):
        previous_years([changed(tmp_path / "2021", change)], [scheme], tmp_path / "out")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{\n  "tool": "perfxl 1",\n']
)
def test_no_content_is_an_internal_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(UsageError, match="上年结果"):
        previous_year(tmp_path)


def test_it_is_told_before_the_long_work(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for previous in (tmp_path / "nothing", tmp_path, tmp_path / "out"):
        result = run(ROOT / "input", "-o", tmp_path / "out", "--previous", previous)
        assert isinstance(result.exception, UsageError) and str(previous) in str(result.exception)
    assert not list((tmp_path / "out").iterdir())


def test_last_years_results_are_not_overwritten(scheme: Scheme, tmp_path: Path) -> None:
    shutil.copytree(LAST_YEAR, tmp_path / "out")
    with pytest.raises(UsageError, match="会被换掉"):
        previous_years([tmp_path / "out" / "run.json"], [scheme], tmp_path / "out")


def test_two_outputs_of_a_year_are_one_where_their_schemes_differ(scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="请只写其中一个"):
        previous_years([LAST_YEAR, LAST_YEAR / "run.json"], [scheme], tmp_path)

    def other(content: dict[str, Any]) -> None:
        content["schemes"][0]["id"] = "towns-2021"
        for item in content["departments"]:
            item["scheme"] = "towns-2021"

    (year,) = previous_years([LAST_YEAR, changed(tmp_path / "b", other)], [scheme], tmp_path / "out")
    assert len(year.schemes) == 2 and len(year.departments) == 26


def test_by_lines_and_as_a_whole_it_is_the_same(tmp_path: Path) -> None:
    whole = read_year(changed(tmp_path / "2021", lambda _: None))
    assert whole.departments == read_year(LAST_YEAR).departments
    assert whole.schemes == read_year(LAST_YEAR).schemes


def _of_before(content: dict[str, Any]) -> None:
    """As versions before wrote it."""
    for item in content["departments"]:
        for key in ("kpis", "claims", "adjusted", "spent", "spending_rate"):
            del item[key]
    for one in content["schemes"]:
        for key in ("deadline", "project", "grades", "indicators"):
            del one[key]
    del content["note"]


def test_an_output_of_a_version_before_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    year = previous_year(changed(tmp_path / "2021", _of_before))
    told = read_year(LAST_YEAR)
    assert [item.total for item in year.departments] == [item.total for item in told.departments]
    assert [item.scores for item in year.departments] == [item.scores for item in told.departments]
    assert all(item.kpis is None and item.rate is None for item in year.departments)
    assert [item.findings for item in year.departments] == [item.findings for item in told.departments]
    assert "没有绩效指标结果和支出率" in year.lacking[0] and "只按代码对应" in year.lacking[1]
    assert "examples/2021" not in year.source


def test_results_are_found_from_the_years_folder_and_from_the_summary(scheme: Scheme, tmp_path: Path) -> None:
    """Whoever has a folder a year names that; the results that this run replaces stay refused."""
    year = tmp_path / "2021年度"
    output = changed(year / "output", lambda _: None)
    summary = output / "2021年度绩效评价汇总.xlsx"
    summary.write_bytes(b"")
    told = previous_year(output)
    assert [previous_year(path).departments for path in (year, summary)] == [told.departments] * 2
    for path in (year, summary):
        with pytest.raises(UsageError, match="运行后会被换掉"):
            previous_years([path], [scheme], output)


def test_what_lies_beside_it_in_full_makes_up_for_that(scheme: Scheme, tmp_path: Path) -> None:
    run_folder(ROOT / "input", tmp_path / "full", scheme, RunOptions(jobs=1, department_books=False))
    told = read_year(tmp_path / "full")
    content = document(tmp_path / "full")
    _ = content.setdefault("note", "")
    _of_before(content)
    (tmp_path / "full" / "run.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    year = previous_year(tmp_path / "full")
    assert year.lacking == ()
    assert year.schemes == told.schemes
    for own, its in zip(year.departments, told.departments, strict=True):
        assert (own.name, own.total, own.rank, own.scores, own.findings) == (
            its.name, its.total, its.rank, its.scores, its.findings,
        )  # fmt: skip
        assert [(kpi.name, kpi.target, kpi.actual) for kpi in own.kpis or ()] == [
            (kpi.name, kpi.target, kpi.actual) for kpi in its.kpis or ()
        ]
        assert own.rectified == its.rectified
    assert (tmp_path / "full" / DETAILS).exists()


def test_the_roster_says_who_was_merged(scheme: Scheme, tmp_path: Path) -> None:
    rows = [
        {"code": item["code"], "name": item["name"], "category": item["category"]}
        for item in document(LAST_YEAR)["departments"]
        if item["name"] in ("示例民政局", "示例教育局")
    ]
    rows[0]["formerly"], rows[1]["formerly"] = "440118995；示例图书馆", ""
    path = tmp_path / "部门名录.xlsx"
    write_roster(path, scheme, rows)
    lists = gather(tmp_path, {Kind.ROSTER: path}, [scheme], list, lambda _: None)
    years = tuple(previous_years([LAST_YEAR], [scheme], tmp_path / "out"))
    options = RunOptions(jobs=1, department_books=False, previous=years, lists=lists)
    report = run_folder(ROOT / "input", tmp_path / "out", scheme, options)
    (found,) = report.batch.years.values()
    name = rows[0]["name"]
    item = next(one for one in report.batch.departments if one.name == name)
    (then,) = found.departments[item.file].thens
    assert then is not None and set(then.titles) == {name, "示例档案局", "示例图书馆"}
    assert "合并" in then.basis and not then.comparable


def test_a_target_below_last_year_is_told_once(scheme: Scheme, tmp_path: Path) -> None:
    """At 目标 the department writes itself what it reached; where it writes nothing, last year's results tell."""
    at = scheme_at(scheme, Stage.TARGETS)
    for name, last in (("wrote", "363"), ("silent", None)):
        document = json.loads((ROOT / "examples" / "year" / "目标" / "示例图书馆.json").read_text("utf-8"))
        number = next(number for number, kpi in enumerate(document["kpis"]) if kpi["target"] == "330")
        document["kpis"][number]["last"] = last
        filled(document, at, tmp_path / name / "a.xlsx")
        years = tuple(previous_years([LAST_YEAR], [at], tmp_path / "out"))
        report = run_folder(tmp_path / name, tmp_path / "out" / name, at, RunOptions(jobs=1, previous=years))
        own = [one.code for one in report.batch.findings if one.value == "330"]
        assert own == (["W333"] if last else ["W672"]), name
