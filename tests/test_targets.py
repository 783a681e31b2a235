"""Targets before the year: what can be measured, what the bureau says, and what counts of it at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.checks.finding import Finding
from perfxl.documents.write import Wanted, write_documents
from perfxl.errors import ListError, UsageError
from perfxl.layout import layout_of
from perfxl.lists.approved_columns import FILE_NAME, OPINION_SHEET, TARGET_SHEET
from perfxl.lists.approved_reader import read_approved
from perfxl.lists.roster import write_roster
from perfxl.official.approved import ApprovedKpi
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.status import Status
from perfxl.submission.document import load_document
from tests.books import Document, Edit, by_hand, codes, filled, process, put
from tests.findings import clean_document
from tests.libreoffice import needs_libreoffice, recalculate
from tests.official_schemes import supplied
from tests.target_cases import EXAMPLES, approved, target_document
from tests.test_results_recalculation import formula_cells, values
from tests.test_run import manifest, perfxl

FIRES = {"W332", "W333", "W334", "W335", "E336", "W337", "W338", "I339", "W340"}


@pytest.fixture(scope="module")
def targets(scheme: Scheme) -> Scheme:
    return scheme_at(scheme, Stage.TARGETS)


def found(document: Document, scheme: Scheme, path: Path) -> list[Finding]:
    return process(filled(document, scheme, path), scheme).findings


# What can be measured.


def test_sound_targets_have_no_finding(targets: Scheme, tmp_path: Path) -> None:
    assert found(target_document(), targets, tmp_path / "a.xlsx") == []


@pytest.mark.parametrize(
    ("edits", "code", "cell", "words"),
    [
        ((put("kpis.0.last", "40"),), "W333", "F9", ("35", "40", "指标值设定依据")),
        ((put("kpis.0.last", "35"),), "W334", "F9", ("35", "相同")),
        ((put("kpis.7.target", "影响力明显提升"),), "W332", "F16", ("影响力明显提升", "明显")),
        ((put("kpis.0.target", None),), "E101", "F9", ("年度指标值", "没有填写")),
        ((put("kpis.0.target", "几十"),), "E102", "F9", ("几十",)),
        ((put("kpis.0.weight", "3"),), "E302", "H9", ("19", "20")),
        ((put("narrative.goal", None),), "E101", "C17", ("年度总体目标",)),
        ((put("kpis.0.basis", None),), "E101", "K9", ("设定依据",)),
    ],
)
def test_what_is_doubtful_is_told(
    edits: Sequence[Edit], code: str, cell: str, words: Sequence[str], targets: Scheme, tmp_path: Path
) -> None:
    (one,) = found(target_document(*edits), targets, tmp_path / "a.xlsx")
    assert (one.code, one.cell) == (code, cell)
    assert all(word in f"{one.message}。{one.advice}" for word in words)


@pytest.mark.parametrize(
    "edits",
    [
        (put("kpis.0.last", "30"),),
        (put("kpis.0.symbol", "≤"), put("kpis.0.last", "40")),
        (put("kpis.0.unit", "%"), put("kpis.0.target", "100"), put("kpis.0.last", "100")),
        (put("kpis.7.target", "影响力明显提升，覆盖 13 个镇街"),),
    ],
)
def test_what_is_sound_is_not_told(edits: Sequence[Edit], targets: Scheme, tmp_path: Path) -> None:
    assert found(target_document(*edits), targets, tmp_path / "a.xlsx") == []


@settings(max_examples=15, deadline=None)
@given(
    symbol=st.sampled_from(["≥", ">", "=", "≤", "<"]),
    target=st.decimals(0, 500, places=1),
    last=st.decimals(0, 500, places=1),
)
def test_worse_than_last_year_by_the_direction(
    symbol: str, target: Decimal, last: Decimal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from perfxl.scheme import load_scheme

    scheme = scheme_at(load_scheme(), Stage.TARGETS)
    edits = [put("kpis.0.symbol", symbol), put("kpis.0.target", str(target)), put("kpis.0.last", str(last))]
    told = codes(found(target_document(*edits), scheme, tmp_path_factory.mktemp("t") / "a.xlsx"))
    worse = target > last if symbol in "≤<" else target < last
    same = target == last and target != 0
    assert ("W333" in told, "W334" in told) == (worse, same)


def test_the_template_shows_the_same(targets: Scheme, tmp_path: Path) -> None:
    document = target_document(put("kpis.0.last", "40"), put("kpis.7.target", "明显提升"))
    sheet = openpyxl.load_workbook(filled(document, targets, tmp_path / "a.xlsx"), data_only=True)["绩效指标"]
    notes = [str(cell.value) for row in sheet.iter_rows(min_row=9) for cell in row if str(cell.value).startswith("！")]
    assert notes == ["！目标低于上年完成值", "！目标不可衡量"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_examples_are_documents_of_the_stage(path: Path, targets: Scheme, tmp_path: Path) -> None:
    document = load_document(path)
    scored = process(filled(document, targets, tmp_path / "a.xlsx"), targets)
    assert scored.result is not None
    assert scored.result.stage == "绩效目标申报"


# The list.


def test_the_list_reads_back(scheme: Scheme, tmp_path: Path) -> None:
    values_ = read_approved(approved(scheme, tmp_path / FILE_NAME), scheme)
    assert values_ is not None
    (record,) = values_.all()
    assert record.passed == record.kpis
    assert (record.kpis[0].name, record.kpis[0].target) == ("全国科普日科普活动场次", Decimal(35))
    assert (record.opinion, record.person, record.day) == ("通过", "张三", "2022-02-10")
    assert values_.lines == 1 + len(record.kpis)


@pytest.mark.parametrize(
    ("sheet", "cell", "content", "words"),
    [
        (OPINION_SHEET, "审核意见", "同意", "意见“同意”不在可选范围内"),
        (OPINION_SHEET, "日期", "2099-01-01", "晚于今天"),
        (TARGET_SHEET, "年度指标值", "几十", "不能确定是哪个数字"),
        (TARGET_SHEET, "一级指标", "投入", "不在可选范围内"),
        (TARGET_SHEET, "三级指标", None, "没有填写"),
    ],
)
def test_faults_of_the_list_are_told(
    sheet: str, cell: str, content: str | None, words: str, scheme: Scheme, tmp_path: Path
) -> None:
    path = approved(scheme, tmp_path / FILE_NAME)
    by_hand(path, lambda book: set_cell(book, sheet, cell, content))
    with pytest.raises(ListError) as caught:
        read_approved(path, scheme)
    assert any(words in str(fault) for fault in caught.value.faults)


def set_cell(book: Any, sheet: str, heading: str, content: object, row: int = 1) -> None:
    """Writes into the first line, or another, of a column of the list."""
    page = book[sheet]
    head = next(cell for line in page.iter_rows(max_row=6) for cell in line if cell.value == heading)
    page.cell(head.row + row, head.column).value = content


def test_targets_have_no_documents(scheme: Scheme, tmp_path: Path) -> None:
    """It is said, and no empty folder is left."""
    at = scheme_at(scheme, Stage.TARGETS)
    filled(target_document(), at, tmp_path / "input" / "a.xlsx")
    report = run_folder(tmp_path / "input", tmp_path / "output", at, RunOptions(jobs=1))
    with pytest.raises(UsageError, match="绩效目标申报的结果，这个阶段没有要写的文书"):
        write_documents(report.output, Wanted(jobs=1))
    assert not (tmp_path / "output" / "文书").exists()


# What counts at the end.


def run(folder: Path, scheme: Scheme, targets_list: Path | None = None) -> RunReport:
    read = [] if targets_list is None else [read_approved(targets_list, scheme)]
    lists = Lists(authorities=tuple(item for item in read if item is not None))
    return run_folder(folder, folder.parent / "output", scheme, RunOptions(jobs=1, lists=lists))


def self_review(folder: Path, scheme: Scheme, *edits: Edit) -> Path:
    return filled(clean_document(*edits), scheme, folder / "a.xlsx")


def told(report: RunReport, *wanted: str) -> list[Finding]:
    return [one for one in report.batch.findings if one.code in wanted]


def test_the_same_targets_change_nothing(scheme: Scheme, tmp_path: Path) -> None:
    self_review(tmp_path / "input", scheme)
    before = run(tmp_path / "input", scheme).batch.departments[0]
    report = run(tmp_path / "input", scheme, approved(scheme, tmp_path / FILE_NAME))
    after = report.batch.departments[0]
    assert (after.total, after.status) == (before.total, Status.SCORED)
    assert told(report, "W801", "W337", "W338", "W701") == []


def test_the_approved_target_scores(scheme: Scheme, tmp_path: Path) -> None:
    """35 asked, 35 done: full marks by the department. Approved were 70, so half of the weight is earned."""
    self_review(tmp_path / "input", scheme)
    report = run(tmp_path / "input", scheme, approved(scheme, tmp_path / FILE_NAME, k1={"target": Decimal(70)}))
    (one,) = told(report, "W801")
    assert one.cell == "F9"
    assert "35" in one.message and "核定目标为 70" in one.message and "张三" in one.message
    kpi = report.batch.departments[0].kpis[0]
    assert (kpi.target, kpi.computed) == ("70", Decimal(kpi.actual) / 70 * 4)
    assert "核定目标为准，填报 35" in kpi.explanation


def test_a_target_left_out_scores_nothing_and_a_new_one_does_not_count(scheme: Scheme, tmp_path: Path) -> None:
    self_review(tmp_path / "input", scheme, put("kpis.0.name", "另一项活动"))
    before = run(tmp_path / "input", scheme).batch.departments[0]
    report = run(tmp_path / "input", scheme, approved(scheme, tmp_path / FILE_NAME))
    result = report.batch.departments[0]
    assert [one.code for one in told(report, "W337", "W338", "E302", "W801", "W701", "E101")] == ["W337", "W338"]
    assert "全国科普日科普活动场次" in told(report, "W337")[0].message
    lost = next(kpi for kpi in result.kpis if kpi.name == "全国科普日科普活动场次")
    added = next(kpi for kpi in result.kpis if kpi.name == "另一项活动")
    assert (lost.computed, lost.weight) == (Decimal("0.00"), Decimal(4))
    assert (added.computed, added.weight) == (Decimal("0.00"), Decimal(0))
    assert result.status is Status.SCORED
    gone = before.kpis[0].counted
    assert gone is not None
    assert result.total == before.total - gone


def test_targets_that_the_bureau_supplies_come_from_its_list(scheme: Scheme, tmp_path: Path) -> None:
    own = supplied(scheme, targets=True, facts=False)
    assert not layout_of(scheme_at(own, Stage.TARGETS)).open_specs["kpis"]["target"].bureau
    assert layout_of(scheme_at(own, Stage.MONITORING)).open_specs["kpis"]["target"].bureau
    blank = [put(f"kpis.{number}.target", None) for number in range(9)]
    filled(clean_document(*blank, put("kpis.0.name", "另一项活动")), own, tmp_path / "input" / "a.xlsx")
    report = run(tmp_path / "input", own, approved(own, tmp_path / FILE_NAME))
    result = report.batch.departments[0]
    assert not any(score.pending for score in result.scores)
    assert {kpi.name: kpi.target for kpi in result.kpis}["科技活动周科普活动场次"] == "36"
    assert [one.code for one in told(report, "W337", "W338", "W801", "E101")] == ["W337", "W338"]


def test_what_is_returned_or_open_stays_the_departments(scheme: Scheme, tmp_path: Path) -> None:
    self_review(tmp_path / "input", scheme)
    changes = {"k1": {"target": Decimal(70), "opinion": "退回"}}
    for opinion in ("通过", ""):
        path = approved(scheme, tmp_path / FILE_NAME, opinion=opinion, **changes)
        report = run(tmp_path / "input", scheme, path)
        assert told(report, "W801", "W337", "W338", "E302") == []
        (one,) = told(report, "W340")
        assert (one.cell, one.sheet) == (("F9", "绩效指标") if opinion else ("", "绩效指标"))
        assert ("“全国科普日科普活动场次”" in one.message, "还没有审核" in one.message) == (bool(opinion), not opinion)


def test_who_is_not_on_the_list_of_approved_targets_is_told(scheme: Scheme, tmp_path: Path) -> None:
    """Whoever asked for no targets sets them at the end."""
    filled(
        clean_document(put("department.code", "999"), put("department.name", "别的局")),
        scheme,
        tmp_path / "input/a.xlsx",
    )
    report = run(tmp_path / "input", scheme, approved(scheme, tmp_path / FILE_NAME))
    assert ["核定表中没有" in one.message for one in told(report, "W340")] == [True]
    assert told(run(tmp_path / "input", scheme), "W340") == []


@pytest.mark.parametrize(
    ("opinion", "words"),
    [
        ("通过", "已采用：10 行，9 行生效；没有生效：“广州市增城区科学技术协会”的“全国科普日科普活动场次”没有通过"),
        ("", "已采用：10 行，0 行生效；没有生效：“广州市增城区科学技术协会”没有通过"),
    ],
)
def test_lines_that_were_not_passed_are_not_said_to_have_an_effect(
    opinion: str, words: str, scheme: Scheme, here: Path
) -> None:
    self_review(here / "input", scheme)
    (here / "workbook_templates").mkdir()
    approved(scheme, here / "workbook_templates" / FILE_NAME, opinion=opinion, k1={"opinion": "退回"})
    assert words in perfxl("run", "--jobs", "1", "--no-department-books", cwd=here).stdout


def test_another_unit_than_the_approved_one_is_told(scheme: Scheme, tmp_path: Path) -> None:
    """≥35 场 and ≥35 人次 are not the same target; a blank and another spelling are no other unit."""
    edits = (put("kpis.0.unit", "人次"), put("kpis.1.unit", None), put("kpis.2.unit", " 所 "))
    self_review(tmp_path / "input", scheme, *edits)
    report = run(tmp_path / "input", scheme, approved(scheme, tmp_path / FILE_NAME))
    (one,) = told(report, "W801")
    assert "的单位填的是“人次”，核定目标为 场" in one.message
    assert [kpi.unit for kpi in report.batch.departments[0].kpis[:2]] == ["场", "场次"]


def test_a_target_that_somebody_else_added_to_the_list_is_missed(scheme: Scheme, tmp_path: Path) -> None:
    more = [ApprovedKpi("产出指标", "数量指标", "新增指标", "≥", Decimal(5), "个", Decimal(1))]
    self_review(tmp_path / "input", scheme)
    path = approved(scheme, tmp_path / FILE_NAME, more=more, k1={"weight": Decimal(3)})
    report = run(tmp_path / "input", scheme, path)
    (one,) = told(report, "W337")
    assert "新增指标" in one.message and "年度指标值 5 个" in one.message
    assert report.batch.departments[0].status is Status.SCORED


def test_requests_are_told(scheme: Scheme, tmp_path: Path) -> None:
    monitoring = scheme_at(scheme, Stage.MONITORING)
    document = target_document()
    document |= {"stage": "监控", "period": monitoring.period, "tasks": [], "narrative": {"progress": "按计划"}}
    document["funds"] = {
        row: {"initial": part["initial"], "adjusted": part["initial"], "spent": "0", "expected": part["initial"]}
        for row, part in document["funds"].items()
    }
    for number, kpi in enumerate(document["kpis"]):
        del kpi["last"], kpi["basis"]
        numeric = kpi["symbol"] != "定性"
        result = kpi["target"] if numeric else "达成预期"
        kpi |= {"actual": result, "expected": result, "likelihood": "确定能"}
        if number < 2:
            kpi |= {"request_target": "30", "request_reason": "疫情" if number else None}
    findings = found(document, monitoring, tmp_path / "a.xlsx")
    told = {one.cell: (one.code, one.message) for one in findings if one.code in ("W335", "I339")}
    # One request, one finding: without a reason it is told as that.
    assert len(told) == len([one for one in findings if one.code in ("W335", "I339")])
    assert [code for code, _ in told.values()] == ["W335", "I339"]
    (_, without), (_, given) = told.values()
    assert "申请由 35 调整为 30，没有写理由" in without
    assert "申请由 36 调整为 30，理由：疫情" in given


# A round of targets.


def test_a_round_with_the_bureaus_word(scheme: Scheme, targets: Scheme, tmp_path: Path) -> None:
    filled(target_document(), targets, tmp_path / "input" / "a.xlsx")
    self_review(tmp_path / "input", scheme, put("department.name", "别的单位"))
    (tmp_path / "input" / "a.xlsx").rename(tmp_path / "input" / "b.xlsx")
    filled(target_document(), targets, tmp_path / "input" / "a.xlsx")
    report = run(tmp_path / "input", targets)
    assert [record.status for record in report.batch.files] == [Status.SCORED, Status.OTHER_STAGE]
    (one,) = report.batch.targets
    assert (one.decision, one.state, one.count, one.numbers) == ("待审核", "首次报送", 9, 8)
    written = tmp_path / "output" / FILE_NAME
    bureau = tmp_path / "bureau.xlsx"
    bureau.write_bytes(written.read_bytes())
    by_hand(bureau, lambda book: set_cell(book, OPINION_SHEET, "审核意见", "退回"))
    by_hand(bureau, lambda book: set_cell(book, OPINION_SHEET, "说明", "请提高目标"))
    again = run(tmp_path / "input", targets, bureau)
    (finding,) = told(again, "E336")
    assert "请提高目标" in finding.message
    assert again.batch.files[0].status is Status.RETURNED
    assert again.batch.targets[0].decision == "退回"
    # What was sent again is another workbook, of which nothing has been said.
    filled(target_document(put("kpis.0.target", "40")), targets, tmp_path / "input" / "a.xlsx")
    third = run(tmp_path / "input", targets, bureau)
    assert told(third, "E336") == []
    assert third.batch.targets[0].state == "重新报送，上次退回：请提高目标"
    document = manifest(tmp_path / "output")
    assert (document["stage"], document["period"]) == ("目标", "")


def test_a_list_filled_in_its_place_is_not_written_over(targets: Scheme, tmp_path: Path) -> None:
    filled(target_document(), targets, tmp_path / "input" / "a.xlsx")
    run(tmp_path / "input", targets)
    path = tmp_path / "output" / FILE_NAME
    by_hand(path, lambda book: set_cell(book, OPINION_SHEET, "审核意见", "通过"))
    report = run(tmp_path / "input", targets)
    (kept,) = (tmp_path / "output").glob("绩效目标核定表（原有*.xlsx")
    assert any(kept.name in words for words in report.told)
    values_ = read_approved(kept, targets)
    assert values_ is not None and next(values_.all()).opinion == "通过"


def test_who_sent_nothing_this_time_stays_in_the_list(scheme: Scheme, targets: Scheme, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    report = run(tmp_path / "input", targets, approved(scheme, tmp_path / FILE_NAME))
    assert report.batch.targets == []
    values_ = read_approved(tmp_path / "output" / FILE_NAME, targets)
    assert values_ is not None
    assert next(values_.all()).opinion == "通过"


# By the commands.


@pytest.mark.slow
def test_a_year_by_its_commands(tmp_path: Path) -> None:
    documents = sorted(EXAMPLES.glob("*.json"))
    assert perfxl("fill", *documents, "-o", "input", cwd=tmp_path).returncode == 0
    done = perfxl("run", "--stage", "目标", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "已受理 12" in done.stdout and "退回修改 1" in done.stdout
    assert "待审核 12 份" in done.stdout
    output = tmp_path / "output" / "目标申报"
    bureau = tmp_path / "workbook_templates"
    (bureau / FILE_NAME).write_bytes((output / FILE_NAME).read_bytes())
    by_hand(bureau / FILE_NAME, lambda book: set_cell(book, OPINION_SHEET, "审核意见", "通过"))
    write_roster(
        bureau / "部门名录.xlsx",
        rows=[{"code": "440118001", "name": "广州市增城区科学技术协会", "category": "群团机关"}],
    )
    for stage in ("监控", "自评"):
        made = perfxl("template", "--stage", stage, "--roster", bureau / "部门名录.xlsx", cwd=tmp_path)
        assert made.returncode == 0, made.stderr
        assert "已填入核定目标" in made.stderr
    prefilled = next(bureau.glob("预填模板（绩效运行监控*/*.xlsx"))
    page = openpyxl.load_workbook(prefilled)["绩效指标"]
    cell = next(cell for row in page.iter_rows() for cell in row if cell.value == "全国科普日科普活动场次")
    rules = [rule for rule in page.data_validations.dataValidation if cell.coordinate in rule.sqref]
    assert [rule.formula1 for rule in rules] == ["FALSE"]
    checked = perfxl("check", tmp_path / "input" / "示例图书馆.xlsx", cwd=tmp_path)
    assert checked.returncode == 0
    assert "绩效目标申报" in checked.stdout and "W333" in checked.stdout
    read = perfxl("read", tmp_path / "input" / "示例图书馆.xlsx", cwd=tmp_path)
    assert json.loads(read.stdout)["stage"] == "目标"
    other = perfxl("run", cwd=tmp_path)
    assert other.returncode == 0
    assert "其他阶段 13" in other.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--stage", "年中"), "没有阶段“年中”"),
        (("run", "--stage", "监控"), "perfxl monitor"),
        (("template", "--stage", "监控:1—3月"), "没有监控期间“1—3月”"),
        (("template", "--stage", "目标:1—3月"), "没有期间"),
    ],
)
def test_wrong_stages_are_told(arguments: Sequence[str], words: str, tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    done = perfxl(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr


# A second opinion on every formula.


def opened_by_libreoffice(test: Any) -> Any:
    for mark in (*needs_libreoffice, pytest.mark.filterwarnings("ignore:.*extension is not supported")):
        test = mark(test)
    return test


@opened_by_libreoffice
def test_written_values_are_the_calculated_ones(scheme: Scheme, targets: Scheme, tmp_path: Path) -> None:
    edits = (put("kpis.0.last", "40"), put("kpis.1.weight", None), put("kpis.7.target", "明显提升"))
    filled(target_document(*edits), targets, tmp_path / "input" / "a.xlsx")
    filled(load_document(EXAMPLES / "示例图书馆.json"), targets, tmp_path / "input" / "b.xlsx")
    run(tmp_path / "input", targets, approved(scheme, tmp_path / FILE_NAME))
    paths = [*(tmp_path / "input").glob("*.xlsx"), *(tmp_path / "output").glob("*汇总.xlsx")]
    for path, again in zip(paths, recalculate(paths, tmp_path / "again"), strict=True):
        own, others = values(path), values(again)
        cells = formula_cells(path)
        assert cells
        for cell in cells:
            mine, theirs = own[cell], others[cell]
            if isinstance(mine, int | float) and isinstance(theirs, int | float):
                assert float(mine) == pytest.approx(float(theirs), abs=1e-9), (path.name, cell)
            else:
                assert (mine or "") == (theirs or ""), (path.name, cell)


def test_the_layout_of_a_stage_has_no_scores(targets: Scheme) -> None:
    layout = layout_of(targets)
    assert not layout.has("scores")
    assert layout.sheets == ("基本信息", "收支情况", "绩效指标", "重点任务")


@pytest.mark.parametrize("first", ["both", "name"])
def test_two_opinions_on_one_department_are_told_however_it_is_named(
    first: str, scheme: Scheme, tmp_path: Path
) -> None:
    """通过 on the line with its code, 退回 on the one with its name alone: the second had no effect in silence."""
    path = approved(scheme, tmp_path / FILE_NAME)
    book = openpyxl.load_workbook(path)
    sheet = book[OPINION_SHEET]
    row = next(cell.row for cell in sheet["C"] if cell.value == "广州市增城区科学技术协会")
    for column in range(1, sheet.max_column + 1):
        sheet.cell(row + 1, column).value = sheet.cell(row, column).value
    sheet.cell(row + 1 if first == "both" else row, 2).value = None
    book.save(path)
    with pytest.raises(ListError, match=f"单元格 .{row + 1}：“广州市增城区科学技术协会”有两行"):
        read_approved(path, scheme)
