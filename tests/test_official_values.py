"""What counts where the bureau has a value, and what is told of it: against plain reasoning, and in whole runs."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.checks.finding import Severity
from perfxl.cli.app import perfxl
from perfxl.errors import ListError
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.lists.official_columns import CORRECTIONS, FILE_NAME, TARGETS
from perfxl.lists.official_writer import write_official
from perfxl.lists.roster import Listed, Roster
from perfxl.outcome import WAITING
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.scheme.toml_file import dump_toml
from tests.books import by_hand, cell_of, filled
from tests.official_schemes import SUPPLIED, Saying, processed, supplied, told
from tests.strategies import make_document
from tests.test_official_lists import Filled

FIRES = ("W801", "I802", "W803", "W804")
"""The findings that the tests of this module set off."""
SOURCES = ("财政核定数", "往来登记")
Values = dict[FieldId, Decimal | str]


def _fields(scheme: Scheme, document: dict[str, Any]) -> list[FieldId]:
    """Fields of facts that a list may speak of, and the targets of the KPIs."""
    facts = [("facts", key, "value") for key, fact in scheme.fact_by_key.items() if fact.type != "text"]
    return [*facts, *(("kpis", str(row), "target") for row in range(1, len(document["kpis"]) + 1))]


def _value(scheme: Scheme, field: FieldId, near: Decimal | str | None, rng: random.Random) -> Decimal | str:
    """A value for a field, often near the one that stands there."""
    fact = scheme.fact_by_key.get(field[1])
    if fact is not None and fact.type == "yes_no":
        return rng.choice(("是", "否"))
    if isinstance(near, Decimal) and rng.random() < 0.6:
        step = Decimal(rng.choice(("0", "1", "-1", "0.5", "0.51", "0.49")))
        step = step.to_integral_value() if fact is not None and fact.type == "count" else step
        return max(near + step, Decimal(0))
    return Decimal(rng.randint(0, 300))


def _written(document: dict[str, Any], field: FieldId) -> str | None:
    table, key, column = field
    if table == "kpis":
        return document["kpis"][int(key) - 1][column]  # type: ignore[no-any-return]
    if key.startswith("funds."):
        _, row, name = key.split(".")
        return document["funds"][row][name]  # type: ignore[no-any-return]
    return document["facts"][key]  # type: ignore[no-any-return]


def _with(document: dict[str, Any], values: Values) -> dict[str, Any]:
    """The document as if the department had written what the bureau says."""
    changed = copy.deepcopy(document)
    for (table, key, column), value in values.items():
        text = str(value)
        if table == "kpis":
            changed["kpis"][int(key) - 1][column] = text
        elif key.startswith("funds."):
            _, row, name = key.split(".")
            changed["funds"][row][name] = text
        else:
            changed["facts"][key] = text
    return changed


def _differs(own: str | None, official: Decimal | str, gap: Decimal) -> bool:
    """The whole rule in three lines."""
    if own is None or isinstance(official, str):
        return own != official
    try:
        return abs(Decimal(own) - official) > gap
    except ArithmeticError:
        return True


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), gap=st.sampled_from(("0", "0.5", "1", "100")))
def test_the_bureau_counts_before_the_register_and_this_before_the_department(
    seed: int, gap: str, scheme: Scheme, scheme_table: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Scores are those of a department that writes what counts; findings are told of every difference and no other."""
    rng, folder = random.Random(seed), tmp_path_factory.mktemp("p")
    own = dataclasses.replace(scheme, thresholds=dataclasses.replace(scheme.thresholds, official_gap=Decimal(gap)))
    document = make_document(seed % 50, scheme_table)
    fields = _fields(own, document)

    def some() -> Values:
        chosen = rng.sample(fields, rng.randint(0, 12))
        return {name: _value(own, name, _number(_written(document, name)), rng) for name in chosen}

    official, register = some(), some()
    counts = register | official
    source = dict.fromkeys(register, SOURCES[1]) | dict.fromkeys(official, SOURCES[0])
    workbook = filled(document, own, folder / "a.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        # The bureau's values are no slips: what follows from a department's is told beside them.
        patch.setattr("perfxl.checks.catalogue.told_once", lambda found, *_: found)
        scored = processed(workbook, own, Saying(official), Saying(register, SOURCES[1]))
        as_if = processed(filled(_with(document, counts), own, folder / "b.xlsx"), own)
    assert scored.result is not None and as_if.result is not None

    def scores(result: Any) -> list[tuple[Any, ...]]:
        return [(item.code, item.self_score, item.computed, item.score) for item in result.scores]

    assert scores(scored.result) == scores(as_if.result)
    assert (scored.result.total, scored.result.grade) == (as_if.result.total, as_if.result.grade)
    differing = {name for name, value in counts.items() if _differs(_written(document, name), value, Decimal(gap))}
    found = told(scored.findings, "W801")
    assert {name for finding in found for name in finding.fields} == differing
    assert all(finding.severity is Severity.WARNING for finding in found)
    listed = {item.fact: item for item in scored.result.official}
    assert len(listed) == len(counts) == scored.result.officials
    for name, value in counts.items():
        item = listed[name[1] if name[0] == "facts" else ".".join(name)]
        assert (item.source, item.differs) == (source[name], name in differing)
        assert scored.contents[name] == value
    # Nothing else is found than of the department that writes what counts, but for what the lists spare it.
    others = {(f.code, f.cell) for f in scored.findings if f.code not in ("W801", "W701")}
    # What seems to be in 元 is never the bureau's own amount, and takes other findings along.
    if not told(as_if.findings, "W210") + told(as_if.findings, "E211"):
        assert others <= {(f.code, f.cell) for f in as_if.findings}
    assert not told(scored.findings, "W701")


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except ArithmeticError:
        return None


def test_a_blank_that_is_corrected_differs_and_one_that_the_bureau_supplies_does_not(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path
) -> None:
    own = supplied(scheme)
    document = copy.deepcopy(case["submission"])
    document["facts"]["minor_findings"] = document["facts"]["contracts_total"] = None
    workbook = filled(document, own, tmp_path / "a.xlsx")
    says: Values = {("facts", key, "value"): Decimal(1) for key in ("minor_findings", "contracts_total")}
    (finding,) = told(processed(workbook, own, Saying(says)).findings, "W801")
    assert finding.fields == (("facts", "contracts_total", "value"),) and "没有填写" in finding.message
    assert not told(processed(workbook, own, Saying(says)).findings, "E101")


def test_what_stands_in_a_corrected_cell_is_told_once(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    """A cell that holds no number has no finding of its own once the bureau has said what it is."""
    workbook = filled(case["submission"], scheme, tmp_path / "a.xlsx")
    sheet, cell = cell_of(scheme, ("facts", "minor_findings", "value"))
    by_hand(workbook, lambda book: book[sheet].__setitem__(cell, "三五个"))
    assert told(processed(workbook, scheme).findings, "E102")
    scored = processed(workbook, scheme, Saying({("facts", "minor_findings", "value"): Decimal(0)}))
    assert not told(scored.findings, "E102")
    (finding,) = told(scored.findings, "W801")
    assert (finding.value, finding.expected, finding.sheet, finding.cell) == ("三五个", "0", sheet, cell)
    assert scored.record.status == "scored"


def test_what_only_the_bureau_says_returns_no_workbook(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    """Spending above the budget is an error of a department, and none where both are the bureau's."""
    workbook = filled(case["submission"], scheme, tmp_path / "a.xlsx")
    spent = ("facts", "funds.basic.spent", "value")
    both: Values = {spent: Decimal(900), ("facts", "funds.basic.adjusted", "value"): Decimal(800)}
    codes = {finding.code for finding in processed(workbook, scheme, Saying({spent: Decimal(900)})).findings}
    assert "W204" in codes or "E203" in codes
    codes = {finding.code for finding in processed(workbook, scheme, Saying(both)).findings}
    assert not codes & {"W204", "E203"}


def test_what_the_bureau_says_in_part_returns_no_workbook_either(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path
) -> None:
    """A corrected part no longer adds up to the department's total: the bureau is told, the workbook is scored."""
    path = filled(case["submission"], scheme, tmp_path / "a.xlsx")
    scored = processed(path, scheme, Saying({("facts", "funds.project.spent", "value"): Decimal(1)}))
    (finding,) = [item for item in scored.findings if item.code == "E202"]
    assert finding.severity is Severity.WARNING
    assert "其中有财政部门的数据" in finding.message and "不用部门修改" in finding.advice
    assert scored.record.status.value == "scored"


@pytest.mark.parametrize(("pending", "score"), [("不计", "0.00"), ("0分", "0.00"), ("满分", "2.00")])
def test_what_waits_comes_to_what_the_scheme_says(
    pending: str, score: str, scheme: Scheme, case: dict[str, Any], tmp_path: Path
) -> None:
    own = supplied(scheme, pending=pending)
    workbook = filled(case["submission"], own, tmp_path / "a.xlsx")
    given = {name: Decimal(1) for name in (("facts", "three_public.reception.budget", "value"),)}
    result = processed(workbook, own, Saying(given)).result
    assert result is not None
    waiting = {item.code: item for item in result.scores if item.pending}
    assert set(waiting) == {"A03", "B22", "B56", "B64"}
    assert str(waiting["B22"].score) == score and waiting["B22"].computed is None
    assert WAITING in waiting["B22"].explanation and "“财务管理一般问题数”" in waiting["B22"].explanation
    points = sum(own.indicator_by_code[code].points for code in waiting)
    others = sum(item.score for item in result.scores if not item.pending)
    if pending == "不计":
        assert result.applied_points == 100 - points
        assert result.total == round(others * 100 / (100 - points), 2)
        assert all(not item.applies for item in waiting.values())
    else:
        assert result.applied_points is None
        assert result.total == others + (points if pending == "满分" else 0)


def test_targets_of_the_bureau_wait_by_indicator(scheme: Scheme, case: dict[str, Any], tmp_path: Path) -> None:
    own = supplied(scheme, targets=True, facts=False)
    workbook = filled(case["submission"], own, tmp_path / "a.xlsx")
    kpis = case["submission"]["kpis"]
    all_ = {
        ("kpis", str(row), "target"): Decimal(kpi["target"])
        for row, kpi in enumerate(kpis, 1)
        if _number(kpi["target"])
    }
    result = processed(workbook, own, Saying(all_)).result
    assert result is not None and not [item for item in result.scores if item.pending]
    first = next(name for name in all_)
    result = processed(workbook, own, Saying({name: value for name, value in all_.items() if name != first})).result
    assert result is not None
    owner = own.kpi_indicator[kpis[int(first[1]) - 1]["level1"]].code
    assert [item.code for item in result.scores if item.pending] == [owner]
    told = [item.name for item in result.kpis if item.explanation == f"{WAITING}：财政部门还没有给出年度指标值"]
    assert told == [kpis[int(first[1]) - 1]["name"]]


# Whole runs.


@pytest.fixture
def year(scheme: Scheme, case: dict[str, Any], here: Path) -> Path:
    """A year's folder: a scheme of the bureau's own, and one workbook."""
    own = supplied(scheme, targets=True)
    (here / "own.toml").write_text(dump_toml(own), "utf-8")
    (here / "input").mkdir()
    filled(case["submission"], own, here / "input" / "科协.xlsx")
    return here


def _run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(perfxl, [*arguments, "--scheme", "own.toml"])
    assert done.exit_code == code, done.output
    return done.output


def _roster(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["部门代码", "部门名称", "部门类别"])
    sheet.append(["440118001", "广州市增城区科学技术协会", "群团机关"])
    sheet.append(["440118002", "示例水务局", "党政机关"])
    book.save(path)


def test_a_year_with_official_values(year: Path, scheme: Scheme, case: dict[str, Any]) -> None:
    """The list is written for the roster, filled, used, kept; templates and copies to mend have its values in place."""
    own = supplied(scheme, targets=True)
    folder = year / "workbook_templates"
    folder.mkdir()
    _roster(folder / "部门名录.xlsx")
    _run("template", "--roster", "workbook_templates/部门名录.xlsx")
    clerk = Filled.__new__(Filled)
    clerk.path, clerk.book = folder / FILE_NAME, openpyxl.load_workbook(folder / FILE_NAME)
    clerk.put("管理效率", 1, 财务管理一般问题数=2, 采购总额=30, 账账="是")
    clerk.put("收支情况", 1, 合计调整预算数="642.4", 合计支出数="639.15", 公务接待费预算数="1")
    kpis = case["submission"]["kpis"]
    for row, kpi in enumerate(kpis, 1):
        clerk.put(TARGETS, row, 部门代码="440118001", 三级指标=kpi["name"], 年度指标值=kpi["target"])
    clerk.put(TARGETS, len(kpis) + 1, 部门代码="440118001", 三级指标="没有的指标", 年度指标值=3)
    clerk.put(CORRECTIONS, 1, 部门名称="广州市增城区科学技术协会", 事项="minor_findings", 值=3, 依据="区审〔2023〕5号",
              核定人="王五", 日期="2023-04-01")  # fmt: skip
    clerk.put(CORRECTIONS, 2, 部门名称="不存在的局", 事项="采购总额", 值=3)
    clerk.put(CORRECTIONS, 3, 部门名称="不存在的局", 事项="不存在的事项", 值=3)
    clerk.book.save(clerk.path)
    before = clerk.path.read_bytes()
    output = _run("template", "--roster", "workbook_templates/部门名录.xlsx")
    assert clerk.path.read_bytes() == before and "已填入财政核定数" in output
    layout = layout_of(own)
    place = layout.places["facts", "minor_findings", "value"]
    prefilled = openpyxl.load_workbook(folder / "预填模板" / "广州市增城区科学技术协会.xlsx")
    assert prefilled[place.sheet][place.cell].value == 3
    block = layout.block("kpis")
    first = {key: block.place(block.lines[0], key).cell for key in ("name", "target")}
    assert prefilled[block.sheet][first["name"]].value == kpis[0]["name"]
    assert str(prefilled[block.sheet][first["target"]].value) == kpis[0]["target"]
    other = openpyxl.load_workbook(folder / "预填模板" / "示例水务局.xlsx")
    assert other[place.sheet][place.cell].value is None

    output = _run("run", "--copies", "all")
    assert "财政核定数" in output
    document = json.loads((year / "output" / "run.json").read_text("utf-8"))
    (department,) = [item for item in document["departments"] if item["file"]]
    official = {item["fact"]: item for item in department["official"]}
    minor = official["minor_findings"]
    assert (minor["written"], minor["official"], minor["basis"], minor["person"], minor["date"], minor["source"]) == (
        "0", "3", "区审〔2023〕5号", "王五", "2023-04-01", "财政核定数",
    )  # fmt: skip
    assert {fact for fact, item in official.items() if item["differs"]} == {"minor_findings"}
    codes = {finding["code"]: finding for finding in document["findings"]}
    assert "区审〔2023〕5号" in codes["W801"]["message"] and "没有的指标" in codes["I802"]["message"]
    assert "不存在的局" in codes["W803"]["message"] and codes["W803"]["file"] == FILE_NAME
    unknown = codes["W804"]
    assert "不存在的事项" in unknown["message"] and (unknown["sheet"], unknown["cell"]) == ("更正", "C6")
    (line,) = [item for item in document["files"] if item["status"] == "list" and FILE_NAME in item["path"]]
    assert "“更正”C6" in line["reason"]
    assert department["status"] == "scored"
    scores = {score["indicator"]: score for score in department["scores"]}
    assert not any(score.get("pending") for score in scores.values())
    result = openpyxl.load_workbook(year / "output" / "部门结果" / "广州市增城区科学技术协会.xlsx")
    assert "财政核定数" in result.sheetnames
    rows = [[cell for cell in row if cell is not None] for row in result["财政核定数"].iter_rows(values_only=True)]
    assert any(row[1:5] == ["财务管理一般问题数", "个", 0, 3] for row in rows)
    texts = [str(cell) for row in result["评分结果"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert any("财务管理一般问题数以财政核定数 3 个 为准，填报 0" in text for text in texts)
    assert any(text.startswith("财政核定（") for text in texts)
    spending = [str(cell) for row in result["支出情况"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert any("支出数以财政核定数为准，填报 639.15" in text for text in spending)
    copy_ = openpyxl.load_workbook(year / "output" / "退回修改" / "广州市增城区科学技术协会.xlsx")
    assert copy_[place.sheet][place.cell].value == 3


def test_without_official_values_the_overview_says_what_waits(year: Path) -> None:
    _run("run")
    document = json.loads((year / "output" / "run.json").read_text("utf-8"))
    (department,) = document["departments"]
    waiting = [score["indicator"] for score in department["scores"] if score.get("pending")]
    assert "B22" in waiting and department["official"] == []
    (summary,) = (year / "output").glob("*汇总.xlsx")
    book = openpyxl.load_workbook(summary)
    lines = [[str(cell) for cell in row if cell is not None] for row in book["总览"].iter_rows(values_only=True)]
    (line,) = [row for row in lines if row and row[0] == f"{WAITING}的指标"]
    assert "B22 财务管理合规性（1 个部门）" in line[1]
    assert WAITING in [cell for row in book["得分矩阵"].iter_rows(values_only=True) for cell in row]
    assert not [finding for finding in document["findings"] if finding["code"] == "E101"]


def test_a_faulty_list_ends_the_run_and_names_every_fault(year: Path, scheme: Scheme) -> None:
    own = supplied(scheme, targets=True)
    (year / "workbook_templates").mkdir()
    roster = Roster({"440118001": Listed("440118001", "广州市增城区科学技术协会", "群团机关", "", "")})
    clerk = Filled(year / "workbook_templates" / FILE_NAME, [own], roster)
    clerk.put("管理效率", 1, 财务管理一般问题数="很多", 账账="大概")
    clerk.book.save(clerk.path)
    done = CliRunner().invoke(perfxl, ["run", "--scheme", "own.toml"])
    assert isinstance(done.exception, ListError) and done.exception.exit_code == 2
    output = str(done.exception)
    assert "很多" in output and "大概" in output and "管理效率" in output


def test_in_memory_and_on_disk_alike(year: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    own = supplied(scheme, targets=True)
    (year / "lists").mkdir()
    write_official(year / "lists" / FILE_NAME, own)
    clerk = Filled.__new__(Filled)
    clerk.path, clerk.book = year / "lists" / FILE_NAME, openpyxl.load_workbook(year / "lists" / FILE_NAME)
    clerk.put(CORRECTIONS, 1, 部门代码="440118001", 事项="minor_findings", 值=3, 依据="审计")
    clerk.schemes = [own]
    values = clerk.read()
    assert values is not None
    found = []
    for name, most in (("a", 200), ("b", 0)):
        monkeypatch.setattr("perfxl.run.pipeline.IN_MEMORY", most)
        options = RunOptions(jobs=1, lists=Lists(authorities=(values,)))
        run_folder(year / "input", year / name, own, options)
        document = json.loads((year / name / "run.json").read_text("utf-8"))
        found.append((document["departments"], document["findings"]))
        book = openpyxl.load_workbook(year / name / "部门结果" / "广州市增城区科学技术协会.xlsx")
        assert "财政核定数" in book.sheetnames
    assert found[0] == found[1]
    assert found[0][0][0]["official"][0]["basis"] == "审计"
    assert len(SUPPLIED) == 4
