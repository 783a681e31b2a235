"""`perfxl monitor` over the shipped examples: lights and forecast against a second calculation, several periods."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from perfxl.cli.app import perfxl
from perfxl.errors import UsageError
from perfxl.intake.submission import document_of, read_submission
from perfxl.layout import layout_of
from perfxl.lists.approved_reader import read_approved
from perfxl.lists.roster import read_roster, write_roster
from perfxl.monitoring.lights import Light, gravest
from perfxl.results.earlier_periods import earlier_periods
from perfxl.results.in_full import IN_FULL
from perfxl.results.kept_results import last_run
from perfxl.run import pipeline
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.workbook.limits import Limits
from tests.books import by_hand, cell_of, filled, put
from tests.libreoffice import needs_libreoffice
from tests.monitoring_cases import PERIOD, REAL, at_the_end, clean, documents, light, number, pace, reached
from tests.oracle import computed_score, grade, half_up
from tests.paper import assert_nothing_cut, assert_readable, print_books
from tests.report_files import docx_of
from tests.scheme_files import BUILTIN, toml_scheme
from tests.target_cases import approved
from tests.test_results_recalculation import assert_calculated

SHARE = Fraction(7, 12)
TWO_PERIODS = (
    BUILTIN
    + """
[[stages]]
stage = "监控"
period = "1—4月"
months = 4

[[stages]]
stage = "监控"
period = "1—7月"
months = 7
"""
)


def put_in(folder: Path, scheme: Scheme, period: str = PERIOD) -> Path:
    """The shipped documents as workbooks of a period."""
    at = scheme_at(scheme, Stage.MONITORING, period)
    for name, document in documents().items():
        filled(document | {"period": period}, at, folder / f"{name}.xlsx")
    return folder


@pytest.fixture(scope="module")
def report(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """A run over the shipped examples."""
    folder = tmp_path_factory.mktemp("monitoring")
    put_in(folder / "in", scheme)
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    return run_folder(folder / "in", folder / "out", at, RunOptions(jobs=1))


@pytest.fixture(scope="module")
def run(report: RunReport) -> dict[str, Any]:
    """Its run.json."""
    return dict(json.loads((report.output / "run.json").read_text("utf-8")))


def by_name(run: Mapping[str, Any]) -> dict[str, Any]:
    return {entry["name"]: entry for entry in run["departments"]}


def test_head_and_statuses(run: dict[str, Any]) -> None:
    assert (run["stage"], run["period"], run["year"]) == ("监控", PERIOD, 2022)
    statuses = {entry["name"]: entry["status"] for entry in run["departments"]}
    assert statuses.pop("示例镇人民政府") == "returned"
    assert set(statuses.values()) == {"scored"}
    codes = {(item["department"], item["code"]) for item in run["findings"]}
    assert codes == {
        ("示例镇人民政府", "E855"),
        ("示例残疾人联合会", "W854"),
        ("示例农业农村局", "W858"),
    }


def test_lights_are_those_of_a_second_calculation(run: dict[str, Any]) -> None:
    entries = by_name(run)
    for name, document in documents().items():
        entry = entries[name]
        assert [item["light"] for item in entry["kpis"]] == [light(pace(row, SHARE)) for row in document["kpis"]], name
        expected = [light(reached(row, row["expected"])) for row in document["kpis"]]
        assert [item["expected_light"] for item in entry["kpis"]] == expected, name
        for state, row in zip(entry["money"], document["funds"].values(), strict=True):
            budget, spent, end = (number(row[key]) for key in ("adjusted", "spent", "expected"))
            assert budget and spent is not None and end is not None
            assert state["light"] == light(spent / budget / SHARE), (name, state["label"])
            assert state["expected_light"] == light(end / budget), (name, state["label"])
        for task, row in zip(entry["tasks"], document["tasks"], strict=True):
            budget, spent = number(row["budget"]), number(row["spent"])
            assert budget and spent is not None
            assert task["light"] == light(spent / budget / SHARE), (name, task["label"])


def test_all_kpis_together_and_the_graver_of_both(run: dict[str, Any]) -> None:
    gravity = ["red", "yellow", "blue", "green", "none"]
    entries = by_name(run)
    for name, document in documents().items():
        # Weights that are blank are shared out: 20 points for the output, 20 for all others.
        counts = Counter(row["level1"] == "产出指标" for row in document["kpis"])
        rows = [
            (pace(row, SHARE), number(row["weight"]) or Fraction(20, counts[row["level1"] == "产出指标"]))
            for row in document["kpis"]
        ]
        known = [(min(rate, Fraction(1)), weight) for rate, weight in rows if rate is not None]
        mean = sum(rate * weight for rate, weight in known) / sum(weight for _, weight in known)
        lights = entries[name]["lights"]
        assert abs(Fraction(lights["kpi_rate"]) - mean) <= Fraction(1, 10**6)
        assert lights["kpis"] == light(mean), name
        assert lights["funds"] == entries[name]["money"][0]["light"]
        assert lights["whole"] == min(lights["funds"], lights["kpis"], key=gravity.index)


def test_forecast_is_what_the_rules_of_the_year_make_of_it(run: dict[str, Any], scheme_table: dict[str, Any]) -> None:
    entries = by_name(run)
    for name, document in documents().items():
        whole, entry = at_the_end(document), entries[name]
        total = known = points = Decimal(0)
        assumed = []
        for indicator in scheme_table["indicators"]:
            score = computed_score(indicator, whole, scheme_table)
            if score is None:
                assumed.append(indicator["code"])
                total += Decimal(indicator["points"])
                continue
            total, known, points = total + score, known + score, points + Decimal(indicator["points"])
        assert Decimal(entry["total"]) == total, name
        assert entry["grade"] == grade(total, scheme_table)
        assert entry["forecast"]["assumed"] == assumed
        assert Decimal(entry["forecast"]["known_score"]) == known
        assert Decimal(entry["forecast"]["known_total"]) == half_up(Fraction(known) / Fraction(points) * 100)
        assert entry["self_total"] is None


def test_money_to_be_taken_back(run: dict[str, Any]) -> None:
    entries = by_name(run)
    for name, document in documents().items():
        whole = document["funds"]["total"]
        budget, end = Decimal(whole["adjusted"]), Decimal(whole["expected"])
        misses = any((reached(row, row["expected"]) or Fraction(1)) < 1 for row in document["kpis"])
        misses |= any(row["likelihood"] == "完全不可能" for row in document["kpis"])
        wanted = [("", budget - end)] if end < budget * Decimal("0.9") and misses else []
        wanted += [
            (row["name"], Decimal(row["budget"]) - Decimal(row["expected_spent"]))
            for row in document["tasks"]
            if row["likelihood"] == "完全不可能"
            and Decimal(row["expected_spent"]) < Decimal(row["budget"]) * Decimal("0.9")
        ]
        found = [(item["task"], Decimal(item["amount"])) for item in entries[name]["take_back"]]
        assert found == wanted, name
    within = [item["within"] for item in entries["示例水务局"]["take_back"]]
    assert within == [False, True, True]


def test_sheets_of_the_summary(report: RunReport) -> None:
    book = openpyxl.load_workbook(report.summary)
    assert report.summary.name == "2022年度1—7月运行监控汇总.xlsx"
    fixed = ["总览", "红黄灯清单", "部门情况", "指标灯色", "指标分析", "得分预测", "调减建议", "问题清单", "收件清单"]
    assert book.sheetnames[: len(fixed)] == fixed
    assert {"催报清单", "往来登记", REAL, "示例水务局"} <= set(book.sheetnames)
    assert not {"排名", "得分矩阵", "扣分明细"} & set(book.sheetnames)
    assert "部门情况" in [sheet.title for sheet in book.worksheets if assert_nothing_cut(sheet)]


def test_list_of_warnings_has_red_ones_first(report: RunReport, run: dict[str, Any]) -> None:
    rows = list(openpyxl.load_workbook(report.summary, data_only=True)["红黄灯清单"].iter_rows(4, values_only=True))
    lights = [(row[9], row[12]) for row in rows]
    gravities = ["红灯" if "红灯" in pair else "黄灯" for pair in lights]
    assert gravities == sorted(gravities, key=["红灯", "黄灯"].index)
    warned = [
        item
        for entry in run["departments"]
        for item in (entry["money"][0], *entry["kpis"], *entry["tasks"])
        if {item["light"], item["expected_light"]} & {"red", "yellow"}
    ]
    assert len(rows) == len(warned)


def test_department_workbook_has_its_own_sheets(report: RunReport) -> None:
    book = openpyxl.load_workbook(report.output / "部门结果" / "示例水务局.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["监控结果", "问题与整改"]
    text = "".join(str(cell.value) for row in book["监控结果"].iter_rows() for cell in row if cell.value)
    assert "建议调减 16,216.00" in text
    assert "示例园区建设服务中心" not in text


def test_kept_results_are_read_at_their_stage(report: RunReport) -> None:
    last = last_run(report.output)
    assert [(one.stage, one.period) for one in last.schemes] == [(Stage.MONITORING, PERIOD)]
    kept = {item.name: item for item in last.departments()}
    monitored = kept["示例水务局"].monitored
    assert monitored is not None
    assert [row.label for row in monitored.money] == ["合计", "基本支出", "项目支出"]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".perfxl.lock"
    }


def test_periods_stand_side_by_side(tmp_path: Path) -> None:
    scheme = toml_scheme(TWO_PERIODS)
    for period, folder in (("1—4月", "early"), ("1—7月", "late")):
        put_in(tmp_path / folder, scheme, period)
    outputs = {period: tmp_path / "output" / f"运行监控{period}" for period in ("1—4月", "1—7月")}
    options = RunOptions(jobs=1, department_books=False, department_sheets=0)
    inputs = digests(tmp_path / "early") | digests(tmp_path / "late")
    first = scheme_at(scheme, Stage.MONITORING, "1—4月")
    assert run_folder(tmp_path / "early", outputs["1—4月"], first, options).batch.periods == ()
    before = digests(outputs["1—4月"])
    second = scheme_at(scheme, Stage.MONITORING, "1—7月")
    report = run_folder(tmp_path / "late", outputs["1—7月"], second, options)
    assert digests(outputs["1—4月"]) == before
    assert digests(tmp_path / "early") | digests(tmp_path / "late") == inputs
    assert [item.period for item in report.batch.periods] == ["1—4月"]
    sheet = openpyxl.load_workbook(report.summary, data_only=True)["部门情况"]
    heads = [cell.value for cell in sheet[3]]
    place = heads.index("1—4月\n综合")
    earlier = by_name(json.loads((outputs["1—4月"] / "run.json").read_text("utf-8")))
    labels = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "blue": "蓝灯"}
    for row in sheet.iter_rows(4, values_only=True):
        assert row[place] == labels[earlier[row[1]]["lights"]["whole"]], row[1]
    # By a third of the year the same numbers are far ahead of the time.
    assert earlier["示例教育局"]["money"][0]["light"] == "blue"
    # Two were merged in summer: the graver light of both, and no forecast of one of them. Another has a new name.
    formerly = ("示例教育局", "示例图书馆")
    rows = [
        {"code": "1", "name": "示例新局", "category": "党政机关", "formerly": "、".join(formerly)},
        {"code": "3", "name": "示例民政和养老局", "category": "党政机关", "formerly": "示例民政局"},
    ]
    write_roster(tmp_path / "名录.xlsx", second, rows)
    (period,) = earlier_periods(outputs["1—7月"], second, read_roster(tmp_path / "名录.xlsx", second))
    result = next(item for item in report.batch.departments if item.name == "示例民政局")
    merged, renamed = (replace(result, code=row["code"], name=row["name"]) for row in rows)
    worst = gravest(Light(earlier[name]["lights"]["whole"]) for name in formerly)
    assert (period.light_of(merged), period.total_of(merged)) == (worst, "")
    assert period.total_of(renamed) == earlier["示例民政局"]["total"]
    assert period.light_of(replace(result, code="2", name="别的局")) is Light.NONE
    # The same name under another code is the same.
    assert period.light_of(replace(result, code="2")).label == labels[earlier["示例民政局"]["lights"]["whole"]]
    # What is broken beside is nothing that a run hangs on.
    (outputs["1—4月"] / "run.json").write_text('{"stage": "监控", "departments": [1, {"lights": 7}]', "utf-8")
    assert run_folder(tmp_path / "late", outputs["1—7月"], second, options).batch.periods == ()


def test_command_and_exit_status(here: Path, scheme: Scheme) -> None:
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    filled(clean(), at, here / "input" / "a.xlsx")
    (here / "input" / "报告.docx").write_bytes(docx_of(["自评报告"]))
    done = CliRunner().invoke(perfxl, ["monitor", "--jobs", "1"], standalone_mode=False)
    assert done.exception is None, done.output
    assert done.return_value == 0
    assert "综合：红灯 0，黄灯 0，绿灯 1，蓝灯 0" in done.output
    assert (here / "output" / "运行监控1—7月" / "2022年度1—7月运行监控汇总.xlsx").exists()
    assert not (here / "output" / "run.json").exists()
    document = json.loads((here / "output" / "运行监控1—7月" / "run.json").read_text("utf-8"))
    statuses = {item["path"]: (item["status"], item["reason"]) for item in document["files"]}
    assert statuses["报告.docx"] == ("ignored", "本阶段不核对自评报告")
    unknown = CliRunner().invoke(perfxl, ["monitor", "--period", "1—99月"], standalone_mode=False)
    assert "没有监控期间“1—99月”" in str(unknown.exception)


class TestRecalculated:
    """Every formula's value is what LibreOffice calculates."""

    pytestmark = needs_libreoffice

    def test_summary_and_departments(self, report: RunReport, tmp_path: Path) -> None:
        books = sorted((report.output / "部门结果").glob("示例[水图园妇]*.xlsx"))
        assert_calculated([report.summary, *books], tmp_path / "again")


def test_what_waits_on_disk_comes_back(
    report: RunReport, run: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that is never in memory whole comes to the same, sheet by sheet."""
    monkeypatch.setattr(pipeline, "IN_MEMORY", 0)
    at = last_run(report.output).schemes[0]
    again = run_folder(report.output.parent / "in", tmp_path / "out", at, RunOptions(jobs=1))
    document = json.loads((again.output / "run.json").read_text("utf-8"))
    assert document["departments"] == run["departments"]
    books = [openpyxl.load_workbook(one.summary) for one in (report, again)]
    assert books[0].sheetnames == books[1].sheetnames
    for name in ("红黄灯清单", "部门情况", "指标灯色", "指标分析", "得分预测", "调减建议", REAL):
        first, second = ([[cell.value for cell in row] for row in book[name].iter_rows()] for book in books)
        assert first == second, name


def test_letters_go_to_those_who_lag(report: RunReport, tmp_path: Path) -> None:
    pytest.importorskip("docxtpl")
    from perfxl.documents.write import Wanted, write_documents
    from tests.word_files import whole_text

    written = write_documents(report.output, Wanted(jobs=1))
    assert set(written.counts) == {"监控预警函"}
    names = {path.stem for path in (written.folder / "监控预警函").glob("*.docx")}
    assert "示例水务局" in names
    assert not {REAL, "示例教育局"} & names
    text = whole_text(written.folder / "监控预警函" / "示例水务局.docx")
    for words in (
        "综合为黄灯",
        "支出进度 60.20%",
        "碧道建设长度（绩效指标）",
        "全年得分预测为 87.42 分",
        "建议调减 16,216.00",
    ):
        assert words in text, words
    assert "示例园区" not in text
    with pytest.raises(UsageError, match="用于绩效自评"):
        write_documents(report.output, Wanted(kinds=("反馈意见",), jobs=1))


def test_monitoring_and_self_review_share_a_folder(here: Path, scheme: Scheme) -> None:
    """Each has a register and a safe copy of its own, and the other's workbooks are told as such."""
    from tests.findings import clean_document

    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    filled(clean(), at, here / "年中" / "a.xlsx")
    filled(clean_document(), scheme, here / "年末" / "a.xlsx")
    (here / "workbook_templates").mkdir()
    for arguments in (["monitor", "年中"], ["run", "年末"], ["monitor", "年中"], ["run", "年末"]):
        done = CliRunner().invoke(perfxl, [*arguments, "--jobs", "1"], standalone_mode=False)
        assert done.exception is None, done.output
        assert done.return_value == 0, done.output
    names = {path.name for path in (here / "workbook_templates").iterdir()}
    assert names == {"往来登记.xlsx", "往来登记（运行监控1—7月）.xlsx"}
    run = json.loads((here / "output" / "run.json").read_text("utf-8"))
    assert len(run["register"]) == 1
    monitored = json.loads((here / "output" / "运行监控1—7月" / "run.json").read_text("utf-8"))
    assert len(monitored["register"]) == 1
    done = CliRunner().invoke(perfxl, ["monitor", "年末", "-o", "另", "--jobs", "1"], standalone_mode=False)
    assert "没有可以受理的工作簿（其中 1 个是其他阶段的填报表" in done.output
    other = json.loads((here / "另" / "run.json").read_text("utf-8"))
    assert [item["status"] for item in other["files"]] == ["other_stage"]
    assert other["departments"] == []


def test_examples_read_back_as_they_are(tmp_path: Path, scheme: Scheme) -> None:
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    for name, document in documents().items():
        path = filled(document, at, tmp_path / f"{name}.xlsx")
        submission = read_submission(path.read_bytes(), layout_of(at), Limits())
        assert document_of(submission, submission.layout) == document
        assert "均为示例，并非公开数据" in document["department"]["remark"]


def test_a_copy_to_mend_comes_back(here: Path, scheme: Scheme) -> None:
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    document = clean(put("kpis.0.actual", "16"))
    filled(document, at, here / "input" / "a.xlsx")
    assert CliRunner().invoke(perfxl, ["monitor", "--jobs", "1"], standalone_mode=False).return_value == 3
    (copy,) = (here / "output" / "运行监控1—7月" / "退回修改").iterdir()

    def mend(book: Any) -> None:
        sheet, cell = cell_of(at, ("kpis", "1", "actual"))
        book[sheet][cell] = 20

    by_hand(copy, mend).rename(here / "input" / "b.xlsx")
    done = CliRunner().invoke(perfxl, ["monitor", "--jobs", "1"], standalone_mode=False)
    assert done.return_value == 0, done.output
    run = json.loads((here / "output" / "运行监控1—7月" / "run.json").read_text("utf-8"))
    assert {item["path"]: item["status"] for item in run["files"] if item["path"][0] in "ab"} == {
        "a.xlsx": "superseded",
        "b.xlsx": "scored",
    }
    assert [item["lights"]["whole"] for item in run["departments"]] == ["green"]


def test_no_review_books_of_a_forecast(report: RunReport) -> None:
    done = CliRunner().invoke(perfxl, ["review", str(report.output)], standalone_mode=False)
    assert "是绩效运行监控的结果，复核表只用于绩效自评" in str(done.exception)


def test_nothing_is_scored_before_the_end_of_the_year(report: RunReport) -> None:
    """The sheets say 已受理 as 收件清单 does, and the overview tells the bounds where there is room for them."""
    book = openpyxl.load_workbook(report.summary)
    # The register keeps one word for all stages.
    sheets = [sheet for sheet in book if sheet.title != "往来登记"]
    texts = {str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert not {text for text in texts if "已评分" in text}
    assert "已受理" in texts
    assert "亮灯情况" in texts
    assert any(text.startswith("灯的界线：低于 60% 红灯") for text in texts)


def test_files_of_other_stages_are_counted(here: Path, scheme: Scheme) -> None:
    """A folder that serves the whole year: what belongs to another stage stands in the overview's tiles too."""
    filled(clean(), scheme_at(scheme, Stage.MONITORING, PERIOD), here / "input" / "a.xlsx")
    for stage in (Stage.MONITORING, Stage.SELF_REVIEW):
        at = scheme_at(scheme, stage)
        report = run_folder(here / "input", here / "out" / str(stage), at, RunOptions(jobs=1, department_books=False))
        sheet = openpyxl.load_workbook(report.summary)["总览"]
        row = next(row for row in sheet.iter_rows() if row[0].value == "收到填报")
        assert ("其他阶段、其他文件" in [cell.value for cell in row]) is (stage is Stage.SELF_REVIEW)
        # That they are there is no problem of anybody's: it is not the most frequent one.
        assert "其他阶段的填报表" not in {cell.value for row in sheet.iter_rows() for cell in row}


def test_files_of_other_stages_are_no_problem_of_the_targets(here: Path, scheme: Scheme) -> None:
    """Whoever looks at the targets again in autumn has the year's other forms beside them."""
    filled(clean(), scheme_at(scheme, Stage.MONITORING, PERIOD), here / "input" / "a.xlsx")
    at = scheme_at(scheme, Stage.TARGETS)
    report = run_folder(here / "input", here / "out", at, RunOptions(jobs=1, department_books=False))
    texts = {cell.value for row in openpyxl.load_workbook(report.summary)["总览"].iter_rows() for cell in row}
    assert "其他阶段的填报表" not in texts and "没有发现问题。" in texts


def test_approved_targets_are_what_is_monitored(scheme: Scheme, tmp_path: Path) -> None:
    """Approved were 70 shows, a KPI was left out and another one put in its place."""
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    filled(clean(put("kpis.1.name", "另一项活动")), at, tmp_path / "in" / "a.xlsx")
    path = approved(scheme, tmp_path / "核定.xlsx", k1={"target": Decimal(70)})
    listed = read_approved(path, at)
    assert listed is not None
    options = RunOptions(jobs=1, lists=Lists(authorities=(listed,)))
    report = run_folder(tmp_path / "in", tmp_path / "out", at, options)
    codes = {item.code for item in report.batch.findings}
    assert codes >= {"W801", "W337", "W338", "E855"}
    state = report.batch.departments[0].monitored
    assert state is not None
    kpis = {kpi.name: kpi for kpi in state.kpi_states}
    assert (kpis["全国科普日科普活动场次"].target, kpis["全国科普日科普活动场次"].light.value) == ("70", "red")
    assert kpis["科技活动周科普活动场次"].light.value == "red"
    assert kpis["另一项活动"].weight == 0
    # 20 points of output: half of the first, nothing of the second, the other three in full.
    scores = {score.code: score.score for score in report.batch.departments[0].scores}
    assert scores["A01"] == Decimal("14.00")


class TestOnPaper:
    """What monitoring writes can be read on paper."""

    pytestmark = needs_libreoffice

    def test_summary_department_and_template(self, report: RunReport, scheme: Scheme, tmp_path: Path) -> None:
        at = scheme_at(scheme, Stage.MONITORING, PERIOD)
        template = filled(documents()["示例水务局"], at, tmp_path / "template.xlsx")
        books = [report.summary, report.output / "部门结果" / "示例水务局.xlsx", template]
        for pages in print_books(books, tmp_path / "paper").values():
            assert_readable(pages)


def test_a_reason_longer_than_a_row_stands_in_full_below(scheme: Scheme, tmp_path: Path) -> None:
    long = "".join(f"第{number}条：招投标推迟，已调整计划；" for number in range(160))
    document = copy.deepcopy(documents()["示例水务局"])
    late = next(kpi for kpi in document["kpis"] if kpi.get("reason"))
    late["reason"] = long
    at = scheme_at(scheme, Stage.MONITORING, PERIOD)
    filled(document, at, tmp_path / "in" / "a.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    (own,) = (tmp_path / "out").glob("*结果/*.xlsx")
    for path, sheet in ((own, "监控结果"), (report.summary, "红黄灯清单")):
        rows = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
        below = next(number for number, row in enumerate(rows) if str(row[0]).startswith(IN_FULL))
        assert late["name"] in str(rows[below][0]) and "原因说明" in str(rows[below][0])
        text = "".join(str(cell) for row in rows[below:] for cell in row[1:] if cell)
        assert text.replace("\n", "") == long
