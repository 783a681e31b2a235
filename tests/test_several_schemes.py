"""Several schemes in one run: the same as a run for each, one roster, one folder, and joint places where wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from perfxl.cli.app import perfxl
from perfxl.errors import DocumentError, Fault, ListError, SchemeError
from perfxl.intake.submission import read_submission
from perfxl.layout import layout_of
from perfxl.lists.roster import read_roster
from perfxl.ranking import rank_departments, rank_jointly
from perfxl.results.batch import Batch, Status
from perfxl.results.context import folder_of
from perfxl.results.manifest import run_json, write_lists
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme import load_scheme, scheme_sha256
from perfxl.scheme.at_hand import schemes_at_hand
from perfxl.scheme.model import Quota, Scheme
from perfxl.scheme.workbook_faults import checked_copy
from perfxl.scheme.workbook_file import scheme_workbook
from perfxl.workbook.limits import Limits
from tests.books import by_hand, filled, put
from tests.findings import clean_document
from tests.sample_batch import sample_batch

EXAMPLES = Path(__file__).parent.parent / "examples" / "documents"
LIBRARY = Path(__file__).parent.parent / "perfxl" / "scheme" / "builtin"
BRIEF = RunOptions(jobs=1, department_sheets=0, department_books=False)
GUANGZHOU, PROJECTS, CHONGQING = "guangzhou-2022", "xiangmu-2020", "chongqing-2021"
FOLDERS = {GUANGZHOU: EXAMPLES, PROJECTS: EXAMPLES / PROJECTS}
HEADINGS = ("部门代码", "部门名称", "项目名称", "部门类别", "评分方案")
CLEAN = ("440118901", "示例教育局", None, "党政机关")


def both() -> tuple[Scheme, Scheme]:
    return load_scheme(GUANGZHOU), load_scheme(PROJECTS)


def examples(code: str, folder: Path) -> None:
    for path in sorted(FOLDERS[code].glob("*.json")):
        filled(json.loads(path.read_text("utf-8")), load_scheme(code), folder / f"{path.stem}.xlsx")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunReport]:
    """A run over the examples of both schemes, and one for each of them."""
    root = tmp_path_factory.mktemp("several")
    for code in FOLDERS:
        examples(code, root / code)
        examples(code, root / "both")
    options = replace(BRIEF, joint=True, department_books=True)
    reports = {code: run_folder(root / code, root / f"{code}-out", load_scheme(code), BRIEF) for code in FOLDERS}
    return reports | {"both": run_folder(root / "both", root / "both-out", both(), options)}


def documents(report: RunReport) -> dict[str, Any]:
    return dict(json.loads((report.output / "run.json").read_text("utf-8")))


def without_places(department: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in department.items() if key != "joint_rank"}


def test_one_run_comes_to_the_same_as_two(runs: dict[str, RunReport]) -> None:
    whole = documents(runs["both"])
    apart = [documents(runs[code]) for code in FOLDERS]
    wanted = [without_places(item) for one in apart for item in one["departments"]]
    assert [without_places(item) for item in whole["departments"]] == wanted
    assert {item["scheme"] for item in wanted} == set(FOLDERS)
    assert len(wanted) == 17 and sum(item["rank"] == 1 for item in wanted) == 2
    for key in ("files", "findings"):
        assert sorted(map(str, whole[key])) == sorted(str(item) for one in apart for item in one[key]), key
    assert whole["units"] == [unit | {"scheme": PROJECTS} for unit in apart[1]["units"]] != []


def test_run_json_names_the_schemes(runs: dict[str, RunReport]) -> None:
    whole = documents(runs["both"])
    assert [{key: one[key] for key in ("id", "version", "sha256", "year", "title")} for one in whole["schemes"]] == [
        {
            "id": one.id, "version": one.header.version, "sha256": scheme_sha256(one), "year": 2022,
            "title": one.header.title,
        }
        for one in both()
    ]  # fmt: skip
    assert whole["scheme"] == {key: whole["schemes"][0][key] for key in ("id", "version", "sha256")}
    alone = documents(runs[PROJECTS])
    assert [one["id"] for one in alone["schemes"]] == [alone["scheme"]["id"]] == [PROJECTS]


def test_joint_places_are_those_of_a_plain_sort(runs: dict[str, RunReport]) -> None:
    departments = documents(runs["both"])["departments"]
    totals = sorted((Decimal(item["total"]) for item in departments if item["status"] == "scored"), reverse=True)
    assert len(totals) == 16 and len(set(totals)) < 16
    for item in departments:
        scored = item["status"] == "scored"
        assert item["joint_rank"] == (totals.index(Decimal(item["total"])) + 1 if scored else None)
    first = {item["scheme"]: min(d["joint_rank"] or 99 for d in departments if d["scheme"] == item["scheme"])
             for item in departments}  # fmt: skip
    assert sorted(first.values()) == [1, 2], "the schemes are mixed"
    assert all(item["joint_rank"] is None for item in documents(runs[GUANGZHOU])["departments"])


def test_joint_places_of_many() -> None:
    departments = sample_batch(60).departments
    for number, item in enumerate(departments):
        item.scheme = "ab"[number % 2]
    for scheme in "ab":
        rank_departments([item for item in departments if item.scheme == scheme])
    rank_jointly(departments)
    totals = sorted((item.total for item in departments if item.status is Status.SCORED), reverse=True)
    for item in departments:
        assert item.joint_rank == (totals.index(item.total) + 1 if item.status is Status.SCORED else None)


def test_a_view_has_one_scheme_only(runs: dict[str, RunReport]) -> None:
    batch = runs["both"].batch
    assert [scheme.id for scheme in batch.all_schemes] == list(FOLDERS)
    for code in FOLDERS:
        view, alone = batch.of(load_scheme(code)), runs[code].batch
        assert view.scheme.id == code and [one.id for one in view.all_schemes] == [code]
        assert view.scheme_sha256 == alone.scheme_sha256
        assert [item.file for item in view.departments] == [item.file for item in alone.departments]
        assert [record.path for record in view.files] == [record.path for record in alone.files]
        assert list(view.findings) == list(alone.findings)
        assert (view.notes, view.started, view.details) == (batch.notes, batch.started, batch.details)
    assert len(runs[GUANGZHOU].batch.findings) > 0 < len(runs[PROJECTS].batch.findings)
    single = runs[GUANGZHOU].batch
    assert single.of(single.scheme) is single


def test_a_view_of_what_waits_on_disk_is_the_same(
    runs: dict[str, RunReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large batch the findings are read again; run.json is written from there."""
    monkeypatch.setattr("perfxl.run.pipeline.IN_MEMORY", 0)
    seen: list[tuple[str, int, list[str]]] = []

    def looked(batch: Batch, path: Path, read: Any) -> None:
        for scheme in batch.all_schemes:
            findings = batch.of(scheme).findings
            seen.append((scheme.id, len(findings), [f"{item.file} {item.code}" for item in findings]))
        write_lists(batch, path, read)

    monkeypatch.setattr("perfxl.run.pipeline.write_lists", looked)
    for code in FOLDERS:
        examples(code, tmp_path / "in")
    run_folder(tmp_path / "in", tmp_path / "out", both(), BRIEF)
    wanted = {code: [f"{item.file} {item.code}" for item in runs[code].batch.findings] for code in FOLDERS}
    assert seen == [(code, len(found), found) for code, found in wanted.items()]


def test_several_processes_come_to_the_same(tmp_path: Path) -> None:
    for code in FOLDERS:
        for number in range(3):
            examples(code, tmp_path / "in" / str(number))
    batches = [
        run_folder(tmp_path / "in", tmp_path / f"out{jobs}", both(), replace(BRIEF, jobs=jobs, joint=True)).batch
        for jobs in (1, 2)
    ]
    one, two = (run_json(batch)["departments"] for batch in batches)
    assert one == two and len(one) == 17


def test_every_department_and_copy_has_its_own_scheme(runs: dict[str, RunReport]) -> None:
    output = runs["both"].output
    for item in runs["both"].batch.departments:
        assert item.scheme in FOLDERS
        sheet = load_workbook(output / folder_of(item) / f"{item.title}.xlsx").worksheets[0]
        texts = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
        names = {indicator.name for indicator in load_scheme(item.scheme).indicators}
        assert any(name in text for name in names for text in texts)
    (copy,) = (output / "退回修改").iterdir()
    layout = layout_of(load_scheme(GUANGZHOU))
    assert read_submission(copy.read_bytes(), layout, Limits()).text("department.name") == copy.stem


def twin(scheme: Scheme, code: str = "other-2022", **changes: Any) -> Scheme:
    """The scheme under another code and title."""
    return replace(scheme, header=replace(scheme.header, id=code, title="另一套评分"), **changes)


def clean_for(scheme: Scheme, *edits: Any) -> dict[str, Any]:
    return clean_document(*edits) | {"scheme": scheme.id}


def test_who_is_evaluated_by_two_schemes_is_there_twice(scheme: Scheme, tmp_path: Path) -> None:
    """Neither workbook takes the other's place, and one code under two schemes is no clash."""
    other = twin(scheme)
    filled(clean_for(scheme), scheme, tmp_path / "in" / "a.xlsx")
    filled(clean_for(other, put("department.name", "别的名称")), other, tmp_path / "in" / "b.xlsx")
    batch = run_folder(tmp_path / "in", tmp_path / "out", (scheme, other), replace(BRIEF, joint=True)).batch
    assert [(item.scheme, item.status, item.rank, item.joint_rank) for item in batch.departments] == [
        (scheme.id, Status.SCORED, 1, 1),
        (other.id, Status.SCORED, 1, 1),
    ]
    assert not {"E601", "W602"} & {item.code for item in batch.findings}
    # The same two under one scheme clash.
    filled(clean_for(scheme, put("department.name", "别的名称")), scheme, tmp_path / "in" / "b.xlsx")
    batch = run_folder(tmp_path / "in", tmp_path / "out", (scheme, other), BRIEF).batch
    assert "E601" in {item.code for item in batch.findings}


def test_of_two_workbooks_under_one_scheme_the_newer_counts(scheme: Scheme, tmp_path: Path) -> None:
    other = twin(scheme)
    for own in (scheme, other):
        for name, day in (("old", "2023-03-01"), ("new", "2023-03-09")):
            document = clean_for(own, put("department.filled_on", day))
            filled(document, own, tmp_path / "in" / f"{own.id} {name}.xlsx")
    batch = run_folder(tmp_path / "in", tmp_path / "out", (scheme, other), BRIEF).batch
    assert [(record.path, record.status.value, record.scheme) for record in batch.files] == [
        ("guangzhou-2022 new.xlsx", "scored", scheme.id),
        ("guangzhou-2022 old.xlsx", "superseded", scheme.id),
        ("other-2022 new.xlsx", "scored", other.id),
        ("other-2022 old.xlsx", "superseded", other.id),
    ]


def test_a_quota_lowers_nobody_of_another_scheme(scheme: Scheme, tmp_path: Path) -> None:
    best, second = (band.name for band in scheme.grade_bands[:2])
    strict = twin(scheme, quotas=(Quota(grade=best, share=Decimal(0)),))
    for own in (scheme, strict):
        filled(clean_for(own), own, tmp_path / "in" / f"{own.id}.xlsx")
    for order in ((scheme, strict), (strict, scheme)):
        batch = run_folder(tmp_path / "in", tmp_path / "out", order, BRIEF).batch
        assert {item.scheme: item.grade for item in batch.departments} == {scheme.id: best, strict.id: second}


def test_a_workbook_of_a_third_scheme_is_rejected_with_its_name(tmp_path: Path) -> None:
    third = load_scheme(CHONGQING)
    path = sorted((EXAMPLES / CHONGQING).glob("*.json"))[0]
    filled(json.loads(path.read_text("utf-8")), third, tmp_path / "in" / "c.xlsx")
    examples(PROJECTS, tmp_path / "in")
    batch = run_folder(tmp_path / "in", tmp_path / "out", both(), BRIEF).batch
    (record,) = [record for record in batch.files if record.status is Status.REJECTED]
    assert (record.path, record.scheme) == ("c.xlsx", "")
    for words in (f"2021 年度方案“{CHONGQING}”", GUANGZHOU, PROJECTS):
        assert words in record.reason
    assert [item.code for item in batch.findings if item.file == "c.xlsx"] == ["F113"]
    assert len(batch.departments) == 4


def test_a_workbook_that_names_no_scheme_is_read_by_the_first(scheme: Scheme, tmp_path: Path) -> None:
    filled(clean_for(scheme), scheme, tmp_path / "in" / "a.xlsx")
    by_hand(tmp_path / "in" / "a.xlsx", lambda book: book.remove(book["_meta"]))
    batch = run_folder(tmp_path / "in", tmp_path / "out", both(), BRIEF).batch
    assert [item.scheme for item in batch.departments] == [GUANGZHOU]
    assert "W002" in {item.code for item in batch.findings}


# The roster


def roster_book(path: Path, *rows: Sequence[str | None], headings: Sequence[str] = HEADINGS) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (headings, *rows):
        sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def project_row(name: str, scheme: str | None = None, category: str = "部门预算项目") -> tuple[str | None, ...]:
    return ("500118101", "示例市教育局", name, category, scheme)


def roster_faults(path: Path) -> list[str]:
    with pytest.raises(ListError) as caught:
        read_roster(path, both())
    return [str(fault) for fault in caught.value.faults]


def test_each_row_owes_the_scheme_that_it_names_or_that_has_its_category(tmp_path: Path) -> None:
    title = load_scheme(PROJECTS).header.title
    rows = ((*CLEAN, None), project_row("甲"), project_row("乙", PROJECTS.upper()), project_row("丙", f" {title}"))
    roster = read_roster(roster_book(tmp_path / "a.xlsx", *rows), both())
    assert roster is not None
    assert [(row.project or row.name, row.scheme) for row in roster.rows] == [
        ("示例教育局", GUANGZHOU), ("甲", PROJECTS), ("乙", PROJECTS), ("丙", PROJECTS),
    ]  # fmt: skip
    assert [row.name for row in roster.of(load_scheme(GUANGZHOU)).rows] == ["示例教育局"]
    assert [row.project for row in roster.of(load_scheme(PROJECTS)).rows] == ["甲", "乙", "丙"]


def test_the_words_of_each_scheme_are_known_and_a_department_has_no_project(tmp_path: Path) -> None:
    headings = ("部门代码", "部门名称", "项目名称", "项目类别")
    rows = (("440118901", "示例教育局", "与部门无关", "党政机关"), project_row("甲")[:4])
    roster = read_roster(roster_book(tmp_path / "a.xlsx", *rows, headings=headings), both())
    assert roster is not None
    assert [(row.project, row.scheme) for row in roster.rows] == [("", GUANGZHOU), ("甲", PROJECTS)]


def test_of_several_schemes_with_a_category_the_first_is_owed(scheme: Scheme, tmp_path: Path) -> None:
    other = twin(scheme)
    path = roster_book(tmp_path / "a.xlsx", (*CLEAN, None), (*CLEAN, "other-2022"))
    for order in ((scheme, other), (other, scheme)):
        if order[0] is scheme:
            roster = read_roster(path, order)
            assert roster is not None
            assert [row.scheme for row in roster.rows] == [scheme.id, other.id]
        else:
            # Both rows are of the other scheme then, which has the department twice.
            with pytest.raises(ListError) as caught:
                read_roster(path, order)
            assert "单元格 A3" in str(caught.value) and "重复" in str(caught.value)


def test_faults_of_a_roster_of_several_are_told_with_their_rows(tmp_path: Path) -> None:
    rows = (
        (*CLEAN, "nobody-2022"),
        ("440118902", "示例民政局", None, "没有的类别", None),
        ("440118903", "示例水务局", None, "党政机关", PROJECTS),
    )
    one, two, three = roster_faults(roster_book(tmp_path / "a.xlsx", *rows))
    assert (
        one.startswith("工作表“Sheet”单元格 E2：评分方案“nobody-2022”不在本次使用的方案中")
        and PROJECTS in one
        and GUANGZHOU in one
    )
    assert "单元格 D3" in two and "没有的类别" in two and "党政机关" in two and "部门预算项目" in two
    assert "单元格 D4" in three and load_scheme(PROJECTS).header.title in three and "镇街" not in three


def test_the_column_counts_with_one_scheme_too(scheme: Scheme, tmp_path: Path) -> None:
    path = roster_book(tmp_path / "a.xlsx", (*CLEAN, GUANGZHOU))
    roster = read_roster(path, scheme)
    assert roster is not None and [row.scheme for row in roster.rows] == [GUANGZHOU]


def test_one_who_is_missing_is_missing_for_a_scheme(tmp_path: Path) -> None:
    for code in FOLDERS:
        examples(code, tmp_path / "in")
    rows = (
        ("440118901", "示例教育局", None, "党政机关", None),
        ("440118999", "没有报送的局", None, "党政机关", None),
        project_row("示例校园信息化建设项目"),
        project_row("没有报送的项目"),
    )
    roster = read_roster(roster_book(tmp_path / "名录.xlsx", *rows), both())
    batch = run_folder(tmp_path / "in", tmp_path / "out", both(), replace(BRIEF, lists=Lists(roster))).batch
    missing = [(record.department, record.scheme) for record in batch.files if record.status is Status.MISSING]
    assert missing == [("没有报送的局", GUANGZHOU), ("没有报送的项目", PROJECTS)]
    assert [(item["name"], item["scheme"]) for item in run_json(batch)["departments"][-2:]] == missing
    assert [record.department for record in batch.of(load_scheme(PROJECTS)).files if not record.path] == [
        "没有报送的项目"
    ]
    unknown = {item.file for item in batch.findings if item.code == "W604"}
    assert "示例教育局.xlsx" not in unknown and "示例校园信息化建设项目.xlsx" not in unknown
    assert {"示例水务局.xlsx", "示例农村学校厕所改造项目.xlsx"} <= unknown


def test_one_who_is_listed_for_another_scheme_is_told_so(scheme: Scheme, tmp_path: Path) -> None:
    other = twin(scheme)
    filled(clean_for(other), other, tmp_path / "in" / "a.xlsx")
    document = clean_for(other)["department"]
    row = (document["code"], document["name"], None, document["category"], scheme.id)
    roster = read_roster(roster_book(tmp_path / "名录.xlsx", row), (scheme, other))
    options = replace(BRIEF, lists=Lists(roster))
    batch = run_folder(tmp_path / "in", tmp_path / "out", (scheme, other), options).batch
    (finding,) = [item for item in batch.findings if item.code == "W604"]
    assert "不在方案“另一套评分”名下" in finding.message
    assert [record.scheme for record in batch.files if record.status is Status.MISSING] == [scheme.id]


# Which schemes are at hand


def toml(folder: Path, code: str, name: str, *replacements: tuple[str, str]) -> Path:
    text = (LIBRARY / f"{code}.toml").read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_the_schemes_of_the_folder_are_at_hand(tmp_path: Path) -> None:
    assert [one.id for one in schemes_at_hand((), tmp_path / "none").schemes] == [GUANGZHOU]
    toml(tmp_path / "t", GUANGZHOU, "b.toml")
    (tmp_path / "t" / "a.xlsx").write_bytes(scheme_workbook(load_scheme(PROJECTS)))
    Workbook().save(tmp_path / "t" / "部门名录.xlsx")
    found = schemes_at_hand((), tmp_path / "t")
    assert found.schemes == (load_scheme(PROJECTS), load_scheme(GUANGZHOU))
    assert [Path(path).name for path in found.found] == ["a.xlsx", "b.toml"] and found.told == ()
    named = schemes_at_hand([CHONGQING], tmp_path / "t")
    assert [one.id for one in named.schemes] == [CHONGQING] and named.found == ()


def test_a_copy_with_its_faults_marked_is_no_scheme_and_one_that_does_not_hold_stops_all(tmp_path: Path) -> None:
    """The copy stays faulty when the scheme is mended; a run without the faulty one would reject its workbooks."""
    toml(tmp_path, GUANGZHOU, "a.toml")
    data = scheme_workbook(load_scheme(GUANGZHOU))
    copy = checked_copy(data, [Fault("工作表“等级”单元格 A3", "不对", "请改正")], "a.xlsx")
    (tmp_path / "a（检查结果）.xlsx").write_bytes(copy)
    found = schemes_at_hand((), tmp_path)
    assert [Path(path).name for path in found.found] == ["a.toml"] and found.told == ()
    toml(tmp_path, PROJECTS, "b.toml", ('name = "部门预算项目"', 'name = ""'))
    with pytest.raises(SchemeError):
        schemes_at_hand((), tmp_path)


def test_of_several_years_the_newest_counts_and_the_rest_are_told(tmp_path: Path) -> None:
    toml(tmp_path / "t", GUANGZHOU, "b.toml")
    toml(tmp_path / "t", GUANGZHOU, "c.toml", ("year = 2022", "year = 2023"))
    toml(tmp_path / "t", PROJECTS, "a.toml", ("year = 2022", "year = 2023"))
    chosen = schemes_at_hand((), tmp_path / "t")
    assert [(one.id, one.year) for one in chosen.schemes] == [(PROJECTS, 2023), (GUANGZHOU, 2023)]
    (told,) = chosen.told
    assert "b.toml" in told and "2022 年度" in told and "2023 年度" in told
    named = schemes_at_hand([CHONGQING, GUANGZHOU])
    assert [one.id for one in named.schemes] == [GUANGZHOU]
    assert CHONGQING in named.told[0] and "2021 年度" in named.told[0]


@pytest.mark.parametrize(
    ("versions", "kept", "words"),
    [
        (("1.9", "1.10"), "b.toml", "低于"),
        (("1.10", "1.9"), "a.toml", "低于"),
        (("2.0", "2"), "a.toml", "内容却不同"),
        (("1.0", "1.0"), "a.toml", "内容也相同"),
    ],
)
def test_of_several_versions_the_highest_counts(
    versions: tuple[str, str], kept: str, words: str, tmp_path: Path
) -> None:
    for name, version in zip(("a.toml", "b.toml"), versions, strict=True):
        toml(tmp_path / "t", GUANGZHOU, name, ('version = "1.0"', f'version = "{version}"'))
    chosen = schemes_at_hand((), tmp_path / "t")
    assert [Path(path).name for path in chosen.found] == [kept]
    assert chosen.schemes[0].header.version == dict(zip(("a.toml", "b.toml"), versions, strict=True))[kept]
    (told,) = chosen.told
    assert words in told and GUANGZHOU in told


# The commands


def call(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(perfxl, list(map(str, words)), standalone_mode=False)
    assert result.exception is None, result.exception
    assert (result.return_value or 0) == code, result.output
    return result


def example(code: str, number: int = 0) -> Path:
    return sorted(FOLDERS[code].glob("*.json"))[number]


def test_a_folder_of_two_schemes_from_template_to_run(here: Path) -> None:
    """What stands in workbook_templates counts for every command, without a word."""
    for code in FOLDERS:
        toml(here / "workbook_templates", code, f"{code}.toml")
    toml(here / "workbook_templates", CHONGQING, "old.toml")
    told = call("template").output
    assert "old.toml" in told
    for scheme in both():
        assert (here / "workbook_templates" / f"{scheme.header.title}填报模板.xlsx").is_file()
    sheet = load_workbook(here / "workbook_templates" / "部门名录.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3]] == [
        "部门代码", "部门名称", "项目名称", "部门类别", "联系人", "联系电话", "延期至", "复核人",
        "曾用名称或代码", "评分方案",
    ]  # fmt: skip
    documents = [example(code) for code in FOLDERS]
    call("fill", *documents, "-o", "input")
    for source in documents:
        call("read", here / "input" / f"{source.stem}.xlsx", "-o", "back")
        assert json.loads((here / "back" / source.name).read_text("utf-8")) == json.loads(source.read_text("utf-8"))
    assert "得分" in call("check", here / "input").output
    output = call("run", here / "input", "--joint").output
    run = json.loads((here / "output" / "run.json").read_text("utf-8"))
    assert sorted((item["scheme"], item["joint_rank"]) for item in run["departments"]) in (
        [(GUANGZHOU, 1), (PROJECTS, 2)],
        [(GUANGZHOU, 2), (PROJECTS, 1)],
    )
    for scheme in both():
        assert f"{scheme.header.title}：1 个参加排名" in output
    assert "没有使用它" in output and f"{GUANGZHOU}.toml" in output
    overview = load_workbook(here / "output" / "2022年度绩效评价汇总.xlsx").worksheets[0]
    assert any("没有使用它" in str(cell) for row in overview.iter_rows(values_only=True) for cell in row)


def test_what_is_told_of_other_schemes_stands_in_the_results_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    batch = run_folder(tmp_path / "in", tmp_path / "out", both(), replace(BRIEF, notes=("另一个方案没有使用。",))).batch
    assert "另一个方案没有使用。" in batch.notes


def test_schemes_can_be_named_several_times(here: Path) -> None:
    named = [word for code in FOLDERS for word in ("--scheme", code)]
    call("fill", *[example(code) for code in FOLDERS], "-o", "in", *named)
    assert "没有使用" not in call("run", here / "in", *named).output
    run = json.loads((here / "output" / "run.json").read_text("utf-8"))
    assert [item["scheme"] for item in run["departments"]] == list(FOLDERS)
    assert {item["joint_rank"] for item in run["departments"]} == {None}
    call("run", here / "in", code=3)
    call("check", here / "in", "--scheme", PROJECTS, code=3)
    call("check", here / "in", *named)


def test_a_document_of_no_scheme_at_hand_is_told(here: Path) -> None:
    source = sorted((EXAMPLES / CHONGQING).glob("*.json"))[0]
    named = [word for code in FOLDERS for word in ("--scheme", code)]
    error = CliRunner().invoke(perfxl, ["fill", str(source), *named]).exception
    assert isinstance(error, DocumentError)
    for words in (CHONGQING, GUANGZHOU, PROJECTS, "--scheme"):
        assert words in str(error)
    assert not list(here.glob("*.xlsx"))


def test_a_template_for_each_row_is_of_its_scheme(here: Path) -> None:
    roster_book(here / "名录.xlsx", (*CLEAN, None), project_row("甲项目"))
    named = [word for code in FOLDERS for word in ("--scheme", code)]
    call("template", "--roster", here / "名录.xlsx", "-o", "t", *named)
    layouts = [layout_of(scheme) for scheme in both()]
    found = {}
    for path in (here / "t").iterdir():
        submission = read_submission(path.read_bytes(), layouts, Limits())
        found[path.stem] = submission.layout.scheme.id, submission.text("department.category")
    assert found == {"示例教育局": (GUANGZHOU, "党政机关"), "甲项目": (PROJECTS, "部门预算项目")}
