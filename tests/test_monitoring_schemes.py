"""Monitoring by schemes of other forms, one by one and several in one run: funds and KPIs of their own, or none."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl.results.watch import watch_of
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.status import Status
from perfxl.template.writer import template_bytes
from tests.books import filled, process
from tests.libreoffice import needs_libreoffice
from tests.monitoring_cases import documents, halfway
from tests.scheme_files import OTHER_BUILTIN
from tests.sound_values import sound_values
from tests.test_results_recalculation import assert_calculated

DOCUMENTS = Path(__file__).parent.parent / "examples" / "documents"


def put_in(folder: Path, scheme: Scheme) -> None:
    """The shipped documents of a scheme, halfway through their year."""
    for path in sorted((DOCUMENTS / scheme.id).glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        filled(halfway(document, scheme), scheme, folder / f"{path.stem}.xlsx")


@pytest.mark.parametrize("code", OTHER_BUILTIN)
def test_every_form_is_monitored(code: str, tmp_path: Path) -> None:
    at = scheme_at(load_scheme(code), Stage.MONITORING)
    put_in(tmp_path / "in", at)
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    statuses = {record.path: record.status for record in report.batch.files}
    errors = [item.message for item in report.batch.findings if item.severity == "error"]
    assert set(statuses.values()) == {Status.SCORED}, errors
    assert openpyxl.load_workbook(report.summary).sheetnames[:2] == ["总览", "红黄灯清单"]
    for item in report.batch.departments:
        state = item.monitored
        assert state is not None
        assert state.forecast is not None
        assert len(state.kpi_states) == (len(item.kpis) if at.has_kpis else 0)
        assert bool(state.money) is bool(at.funds)
    texts = [cell.value for row in openpyxl.load_workbook(report.summary)["调减建议"].iter_rows() for cell in row]
    # Who reads an empty list of a scheme without targets is told why it is empty.
    told = any(str(text).startswith("这个方案不填绩效指标") for text in texts)
    assert told is (not at.has_kpis and not at.table_columns("tasks"))
    watch = watch_of(report.batch, at, report.batch.departments)
    assert watch.whole.departments == len(report.batch.departments)


def test_a_result_with_a_band_is_returned_as_others(tmp_path: Path) -> None:
    """Monitoring asks for no self score of a KPI: nothing is said of it, in a cell that the copy to mend has not."""
    at = scheme_at(load_scheme("xiangmu-2020"), Stage.MONITORING)
    path = DOCUMENTS / at.id / "示例校园信息化建设项目.json"
    document = halfway(json.loads(path.read_text("utf-8")), at)
    document["narrative"]["progress"] = None
    filled(document, at, tmp_path / "in" / "示例.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    codes = {finding.code for finding in report.batch.findings}
    assert report.batch.files[0].status is Status.RETURNED
    assert "E101" in codes
    assert "I315" not in codes
    assert len(list((tmp_path / "out" / "退回修改").iterdir())) == 1


def test_a_target_that_a_word_says_is_reached_contradicts_no_chance(tmp_path: Path) -> None:
    """Of projects 达成年度指标 is worth 80% to 100%: beside 确定能 it is no contradiction and no ground for 调减."""
    at = scheme_at(load_scheme("xiangmu-2020"), Stage.MONITORING)
    document = halfway(json.loads((DOCUMENTS / at.id / "示例高标准农田建设项目.json").read_text("utf-8")), at)
    for kpi in document["kpis"]:
        kpi["expected"] = kpi["target"] if kpi["symbol"] != "定性" else "达成年度指标"
        kpi["likelihood"] = "确定能"
    for money in document["funds"].values():
        money["expected"] = money["spent"]
    filled(document, at, tmp_path / "in" / "a.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    assert "W854" not in {finding.code for finding in report.batch.findings}
    state = report.batch.departments[0].monitored
    assert state is not None
    assert state.money[0].expected_rate is not None and state.money[0].expected_rate < at.thresholds.take_back
    assert not state.take_back
    (word,) = [kpi for kpi in state.kpi_states if kpi.expected == "达成年度指标"]
    assert word.expected_light.value == "green" and word.expected_rate == 1


@pytest.mark.parametrize(
    ("chance", "expected", "told"),
    [
        ("确定能", "达成年度指标", False), ("确定能", "部分达成年度指标并具有一定效果", True),
        ("完全不可能", "达成年度指标", True), ("完全不可能", "部分达成年度指标并具有一定效果", False),
    ],
)  # fmt: skip
def test_a_word_whose_band_ends_at_the_whole_reaches_its_target(
    chance: str, expected: str, told: bool, tmp_path: Path
) -> None:
    """达成年度指标 is worth 80% to 100%: nobody who expects it and calls it certain contradicts himself."""
    at = scheme_at(load_scheme("xiangmu-2020"), Stage.MONITORING)
    said = {"expected": expected, "likelihood": chance, "cause": "其他", "reason": "场地未定", "measures": "下半年补办"}
    values = {**sound_values(at), **{("kpis", "6", key): text for key, text in said.items()}}
    path = tmp_path / "a.xlsx"
    path.write_bytes(template_bytes(at, values, {}, None, {}))
    found = [item for item in process(path, at).findings if item.code == "W854"]
    assert [item.fields for item in found] == ([(("kpis", "6", "likelihood"),)] if told else [])


def test_several_schemes_in_one_run(tmp_path: Path) -> None:
    schemes = [scheme_at(load_scheme(code), Stage.MONITORING) for code in OTHER_BUILTIN[-2:]]
    for scheme in schemes:
        put_in(tmp_path / "in", scheme)
    report = run_folder(tmp_path / "in", tmp_path / "out", schemes, RunOptions(jobs=1))
    assert {record.status for record in report.batch.files} == {Status.SCORED}
    names = openpyxl.load_workbook(report.summary).sheetnames
    assert names[0] == "总览"
    assert sum(name.startswith("红黄灯清单（") for name in names) == 2


def test_an_empty_folder_and_one_with_nothing_scored(tmp_path: Path, scheme: Scheme) -> None:
    at = scheme_at(scheme, Stage.MONITORING)
    (tmp_path / "in").mkdir()
    empty = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    assert openpyxl.load_workbook(empty.summary)["部门情况"]["A4"].value == "无"
    document = next(iter(documents().values()))
    document["funds"]["total"]["spent"] = "不详"
    filled(document, at, tmp_path / "in" / "a.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    assert [item.status for item in report.batch.departments] == [Status.RETURNED]
    assert (tmp_path / "out" / "退回修改").is_dir()


def test_bounds_are_those_of_the_scheme(tmp_path: Path, scheme: Scheme) -> None:
    """With other bounds the same workbooks have other lights."""
    thresholds = replace(scheme.thresholds, light_red=Decimal("0.95"), light_yellow=Decimal("0.99"))
    at = scheme_at(replace(scheme, thresholds=thresholds), Stage.MONITORING)
    filled(documents()["示例教育局"], at, tmp_path / "in" / "a.xlsx")
    report = run_folder(tmp_path / "in", tmp_path / "out", at, RunOptions(jobs=1))
    state = report.batch.departments[0].monitored
    assert state is not None
    # 公办园家长满意度 97.56%.
    assert [kpi.light.value for kpi in state.kpi_states][-1] == "yellow"
    text = "".join(
        str(cell.value) for row in openpyxl.load_workbook(report.summary)["总览"].iter_rows() for cell in row
    )
    assert "低于 95% 红灯" in text


class TestRecalculated:
    """Every formula's value is what LibreOffice calculates."""

    pytestmark = needs_libreoffice

    def test_summaries(self, tmp_path: Path, scheme: Scheme) -> None:
        paths = []
        every = [scheme_at(load_scheme(code), Stage.MONITORING) for code in OTHER_BUILTIN]
        for number, schemes in enumerate([*([one] for one in every), every, [scheme_at(scheme, Stage.MONITORING)]]):
            folder = tmp_path / f"in{number}"
            folder.mkdir()
            for one in schemes:
                put_in(folder, one)
            report = run_folder(folder, tmp_path / f"out{number}", schemes, RunOptions(jobs=1))
            paths.append(report.summary.rename(tmp_path / f"summary{number}.xlsx"))
        assert_calculated(paths, tmp_path / "again")
