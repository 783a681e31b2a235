"""Departments that were renamed or merged after their targets were passed: the roster says who answers for them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from perfxl.lists.approved_columns import FILE_NAME
from perfxl.lists.approved_heirs import with_heirs
from perfxl.lists.approved_reader import read_approved
from perfxl.lists.approved_writer import write_approved
from perfxl.lists.roster import read_roster, write_roster
from perfxl.official.approved import ApprovedKpi, ApprovedRecord, ApprovedTargets
from perfxl.official.heirs import joined
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from tests.books import filled, put
from tests.findings import clean_document
from tests.test_targets import perfxl

KPI = ApprovedKpi("产出指标", "数量指标", "培训场次", "≥", Decimal(10), "场", Decimal(30))
OTHER = KPI._replace(name="宣传场次", weight=Decimal(20))
NEW = ("900", "新局")


def record(code: str, name: str, *kpis: ApprovedKpi, project: str = "", sha256: str = "0" * 64) -> ApprovedRecord:
    return ApprovedRecord(
        "", code, name, project, "党政机关", "通过", "", "张三", "2022-02-10", sha256, "a.xlsx", kpis=kpis
    )


def inherited(
    folder: Path, scheme: Scheme, records: list[ApprovedRecord], rows: list[tuple[str, str, str]]
) -> tuple[ApprovedTargets, list[str]]:
    """The list as a run has it, by a roster of code, name and former names."""
    write_approved(folder / FILE_NAME, scheme, [ApprovedRecord(scheme.id, *one_of(item)) for item in records])
    write_roster(
        folder / "部门名录.xlsx",
        scheme,
        [
            {"code": code, "name": name, "category": scheme.categories[0].name, "formerly": formerly}
            for code, name, formerly in rows
        ],
    )
    values = read_approved(folder / FILE_NAME, scheme)
    assert values is not None
    told: list[str] = []
    return with_heirs(values, read_roster(folder / "部门名录.xlsx", scheme), [scheme], told.append), told


def one_of(item: ApprovedRecord) -> tuple[object, ...]:
    return (
        item.code, item.name, item.project, item.category, item.opinion, item.words, item.person, item.day,
        item.sha256, item.file, item.place, item.kpis,
    )  # fmt: skip


def names(values: ApprovedTargets, scheme: Scheme, code: str, name: str, project: str = "") -> list[str]:
    found = values.record_of(scheme.id, code, name, project)
    return [] if found is None else [item.name for item in found.kpis]


def test_the_merged_one_has_the_targets_of_both(scheme: Scheme, tmp_path: Path) -> None:
    records = [record("1", "甲局", KPI), record("2", "乙局", OTHER), record("3", "丙局", OTHER)]
    values, told = inherited(tmp_path, scheme, records, [(*NEW, "甲局、2"), ("3", "丙局", "")])
    found = values.record_of(scheme.id, *NEW)
    assert found is not None
    assert [(item.name, item.weight) for item in found.passed] == [
        ("培训场次", Decimal(15)), ("宣传场次", Decimal(10))
    ]  # fmt: skip
    assert values.knows(scheme.id, *NEW) == (0, 1)
    assert names(values, scheme, "3", "丙局") == ["宣传场次"]
    assert len(told) == 1 and "“新局”" in told[0] and "“甲局”、“乙局”的核定目标，权重按 2 个合并折算" in told[0]


def test_a_new_name_keeps_what_was_passed(scheme: Scheme, tmp_path: Path) -> None:
    values, told = inherited(tmp_path, scheme, [record("1", "甲局", KPI)], [(*NEW, "甲局")])
    found = values.record_of(scheme.id, *NEW)
    assert found is not None and found.passed == (found.kpis[0],) and found.kpis[0].weight == 30
    assert "折算" not in told[0]


def test_whoever_takes_another_in_answers_for_it_too(scheme: Scheme, tmp_path: Path) -> None:
    records = [record("1", "甲局", KPI), record("2", "乙局", OTHER)]
    values, _ = inherited(tmp_path, scheme, records, [("1", "甲局", "乙局")])
    assert names(values, scheme, "1", "甲局") == ["培训场次", "宣传场次"]


def test_what_the_bureau_wrote_by_hand_counts_alone(scheme: Scheme, tmp_path: Path) -> None:
    own = record(*NEW, KPI._replace(name="合并后的目标"), sha256="")
    values, told = inherited(tmp_path, scheme, [record("1", "甲局", KPI), own], [(*NEW, "甲局")])
    assert names(values, scheme, *NEW) == ["合并后的目标"]
    assert not told


def test_who_is_still_there_keeps_its_own(scheme: Scheme, tmp_path: Path) -> None:
    """A part of 甲局 was made a department of its own: the targets stay where they were."""
    values, told = inherited(tmp_path, scheme, [record("1", "甲局", KPI)], [("1", "甲局", ""), (*NEW, "甲局")])
    assert names(values, scheme, "1", "甲局") == ["培训场次"]
    assert names(values, scheme, *NEW) == []
    assert not told


def test_what_was_split_up_is_nobodys(scheme: Scheme, tmp_path: Path) -> None:
    """甲局 is two departments now: who answers for what, only the bureau can say."""
    values, told = inherited(tmp_path, scheme, [record("1", "甲局", KPI)], [("8", "子局", "甲局"), (*NEW, "甲局")])
    assert names(values, scheme, *NEW) == names(values, scheme, "8", "子局") == []
    assert not told


def test_projects_go_with_their_unit(tmp_path: Path) -> None:
    scheme = load_scheme("xiangmu-2020")
    records = [record("1", "甲局", KPI, project="修路"), record("1", "甲局", OTHER, project="修桥")]
    values, told = inherited(tmp_path, scheme, records, [(*NEW, "甲局")])
    assert names(values, scheme, *NEW, "修路") == ["培训场次"]
    assert names(values, scheme, *NEW, "修桥") == ["宣传场次"]
    assert len(told) == 2


@given(st.lists(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6), min_size=2, max_size=4))
def test_weights_of_several_come_to_their_mean(weights: list[list[Decimal]]) -> None:
    """To the cent, and none is further than a cent from its part."""
    records = [record("1", "甲", *(KPI._replace(weight=weight) for weight in own)) for own in weights]
    found = [item.weight or Decimal(0) for item in joined(records).kpis]
    every = [weight for own in weights for weight in own]
    assert abs(sum(found) - sum(every) / len(weights)) <= Decimal("0.005")
    assert all(abs(one - weight / len(weights)) <= Decimal("0.01") for one, weight in zip(found, every, strict=True))


def test_a_year_in_which_a_name_changes(scheme: Scheme, tmp_path: Path) -> None:
    """Targets under the old name, monitoring under the new one: prefilled, locked, and held against what was passed."""
    bureau = tmp_path / "workbook_templates"
    whole = clean_document()
    old = (whole["department"]["code"], whole["department"]["name"])
    passed = [
        ApprovedKpi(kpi["level1"], kpi["level2"], kpi["name"], kpi["symbol"],
                    Decimal(70) if number == 0 else kpi["target"], kpi["unit"] or "", Decimal(kpi["weight"]))
        for number, kpi in enumerate(whole["kpis"])
    ]  # fmt: skip
    bureau.mkdir()
    item = ApprovedRecord(scheme.id, *one_of(record(*old, *passed)))
    write_approved(bureau / FILE_NAME, scheme, [item])
    write_roster(
        bureau / "部门名录.xlsx", scheme,
        [{"code": NEW[0], "name": NEW[1], "category": whole["department"]["category"], "formerly": old[1]}],
    )  # fmt: skip
    made = perfxl("template", "--stage", "监控", "--roster", bureau / "部门名录.xlsx", cwd=tmp_path)
    assert made.returncode == 0 and "承接" in made.stderr, made.stderr
    (prefilled,) = bureau.glob("预填模板*/*.xlsx")
    sheet = openpyxl.load_workbook(prefilled)["绩效指标"]
    assert 70 in {cell.value for row in sheet.iter_rows() for cell in row}
    edits = (put("department.code", NEW[0]), put("department.name", NEW[1]))
    document = clean_document()
    for edit in edits:
        edit(document)
    filled(document, scheme, tmp_path / "input" / "a.xlsx")
    done = perfxl("run", "--jobs", "1", "--no-department-books", cwd=tmp_path)
    assert "已采用：10 行，10 行生效" in done.stdout, done.stdout
    findings = (tmp_path / "output" / "run.json").read_text("utf-8")
    assert "W340" not in findings and "W801" in findings


def test_without_kpis_the_opinion_is_all_there_is(tmp_path: Path) -> None:
    """A list of a scheme that has no KPIs was said to have passed nobody."""
    scheme = load_scheme("gongxing-2013")
    source = Path(__file__).parent.parent / "examples" / "documents" / scheme.id / "示例县水利局.json"
    (tmp_path / "workbook_templates").mkdir()
    item = ApprovedRecord(scheme.id, *one_of(record("331023301", "示例县水利局")))
    write_approved(tmp_path / "workbook_templates" / FILE_NAME, scheme, [item])
    perfxl("fill", source, "-o", "input", "--scheme", scheme.id, cwd=tmp_path)
    done = perfxl("run", "--scheme", scheme.id, "--jobs", "1", "--no-department-books", cwd=tmp_path)
    assert "1 行生效" in done.stdout and "没有通过" not in done.stdout, done.stdout
