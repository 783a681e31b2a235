"""The summary of a run with several schemes: each has its sheets, whose formulas and links lead to its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from perfxl.layout import layout_of
from perfxl.ranking import rank_jointly
from perfxl.results import list_sheets
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.results.context import contexts_of
from perfxl.results.department import write_department
from perfxl.results.names import behind
from perfxl.results.several import short_titles
from perfxl.results.summary import write_summary
from perfxl.run import pipeline
from perfxl.run.pipeline import RunOptions
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult
from tests.books import filled
from tests.libreoffice import needs_libreoffice
from tests.sample_batch import FIXED_SHEETS, sample_batch
from tests.test_results_recalculation import assert_calculated

WHOLE, PROJECTS = load_scheme(), load_scheme("xiangmu-2020")
LISTS = ("问题清单", "收件清单")
OWN = tuple(name for name in FIXED_SHEETS if name not in LISTS)
SHEETS = [
    "总览",
    *(f"{name}（部门整体支出）" for name in OWN),
    *(f"{name}（项目支出）" for name in (*OWN[:2], "单位汇总", *OWN[2:])),
    *LISTS,
]  # fmt: skip
"""The sheets of a summary of the two schemes before those of the departments."""
HEADING = 4
DOCUMENTS = Path(__file__).parents[1] / "examples" / "documents"


def several_batch(*parts: tuple[Scheme, int, int], joint: bool = True) -> Batch:
    """One batch of sample batches, each with its scheme, its departments and how many are returned.

    One more workbook names a scheme that is not at hand.
    """
    single = [_part(scheme, count, returned) for scheme, count, returned in parts]
    unknown = FileRecord("外地.xlsx", "3" * 64, 1234, Status.REJECTED, "", "评分方案“别处-2021”不可用")
    batch = replace(
        single[0],
        files=[record for part in single for record in part.files] + [unknown],
        departments=[item for part in single for item in part.departments],
        findings=[finding for part in single for finding in part.findings],
        schemes=tuple(scheme for scheme, *_ in parts),
        joint=joint,
    )
    if joint:
        rank_jointly(batch.departments)
    return batch


def _part(scheme: Scheme, count: int, returned: int) -> Batch:
    batch = sample_batch(count, returned=returned, seed=len(scheme.id), scheme=None if scheme == WHOLE else scheme)
    for item in batch.departments:
        item.file, item.scheme = f"{scheme.id}/{item.file}", scheme.id
    return replace(
        batch,
        files=[
            replace(
                record,
                path=record.path and f"{scheme.id}/{record.path}",
                scheme="" if record.status is Status.IGNORED else scheme.id,
            )
            for record in batch.files
        ],
        findings=[replace(item, file=f"{scheme.id}/{item.file}") for item in batch.findings],
    )


def with_copies(batch: Batch) -> Batch:
    batch.copies = {item.file: f"{item.code}.xlsx" for item in batch.departments if not item.ranked}
    return batch


@pytest.fixture(scope="module")
def batch() -> Batch:
    return with_copies(several_batch((WHOLE, 12, 2), (PROJECTS, 9, 1)))


@pytest.fixture(scope="module")
def path(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("several") / "汇总.xlsx"
    write_summary(batch, path)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def shown(path: Path) -> Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def rows(book: Workbook, sheet: str, heading: int) -> list[dict[str, object]]:
    """The rows below a row of headings, by the headings, up to the first empty one."""
    names, *below = list(book[sheet].iter_rows(min_row=heading, values_only=True))
    found: list[dict[str, object]] = []
    for values in below:
        if not any(values):
            break
        found.append({str(name).replace("\n", ""): value for name, value in zip(names, values, strict=True) if name})
    return found


def test_each_scheme_has_its_sheets_between_the_overview_and_the_common_lists(book: Workbook, batch: Batch) -> None:
    assert book.sheetnames[: len(SHEETS)] == SHEETS
    assert len(book.sheetnames) == len(SHEETS) + len(batch.departments)


def test_sheet_names_are_valid_and_unique_whatever_the_schemes_are_called(tmp_path: Path) -> None:
    def named(code: str, title: str) -> Scheme:
        return replace(PROJECTS, header=replace(PROJECTS.header, id=code, results=title))

    long = "2022年度" + "一二三四五六七八九十" * 3
    titles = [
        "2022年度绩效评价", "2022年度A类[甲]:'项目'*?/\\~支出绩效自评", "2022年度a类", "2022年A类绩效评价结果",
        f"{long}甲绩效评价", f"{long}乙绩效评价", "{0}{}",
    ]  # fmt: skip
    schemes = [named(f"code-{number}", title) for number, title in enumerate(titles)]
    shorts = short_titles(schemes)
    assert list(shorts.values())[:4] == ["code-0", "A类［甲］：'项目'＊？／＼～支出", "code-2", "code-3"]
    batch = several_batch(*((scheme, 3, 1) for scheme in schemes))
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    names = openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames
    assert len(names) == 1 + 6 * len(schemes) + len(LISTS)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name.encode("utf-16-le")) // 2 <= 31 - len("（20）")
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)


def test_no_department_takes_the_name_of_a_sheet(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 3, 0), (PROJECTS, 3, 0))
    batch.departments[0].name = batch.departments[1].name = "排名（项目支出）"
    write_summary(batch, tmp_path / "汇总.xlsx")
    names = openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames
    assert names[: len(SHEETS)] == SHEETS
    assert names[len(SHEETS) : len(SHEETS) + 2] == ["排名（项目支出）(2)", "排名（项目支出）(3)"]


def targets(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Sheet, text and target sheet of every link within the workbook."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink and cell.hyperlink.location and not cell.hyperlink.target:
                    yield sheet.title, str(cell.value), str(cell.hyperlink.location).rpartition("!")[0]


def test_links_lead_to_sheets_that_exist(book: Workbook) -> None:
    found = list(targets(book))
    assert found
    names = {"'" + name.replace("'", "''") + "'": name for name in book.sheetnames}
    for sheet, text, target in found:
        assert target in names, (sheet, text, target)


def test_a_department_leads_back_to_the_ranking_of_its_scheme(book: Workbook, batch: Batch) -> None:
    back = {sheet: target for sheet, text, target in targets(book) if text == "返回排名"}
    assert len(back) == len(batch.departments)
    shorts = short_titles(batch.schemes)
    for item, sheet in zip(batch.departments, book.sheetnames[len(SHEETS) :], strict=True):
        assert back[sheet] == f"'{behind('排名', shorts[item.scheme])}'"
        location = next(
            cell.hyperlink.location for row in book[sheet].iter_rows(max_row=3) for cell in row if cell.hyperlink
        )
        ranking, _, cell = str(location).rpartition("!")
        # A name of several lines is taken from the cell that holds it.
        name = str(book[ranking.strip("'")][cell].value)
        held = re.fullmatch(r"='总览'!\$([A-Z]+)\$1", name)
        assert (book["总览"][f"{held[1]}1"].value if held else name) == item.title


def test_formulas_of_a_scheme_point_to_its_own_sheets_and_the_common_lists(book: Workbook) -> None:
    for name in SHEETS[1 : -len(LISTS)]:
        short = name[name.index("（") :]
        found: set[str] = set()
        for row in book[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found |= set(re.findall(r"'([^']+)'!", str(getattr(cell.value, "text", None) or cell.value)))
        # Beside 总览 stand the names that take several lines.
        assert all(target.endswith(short) or target in ("总览", *LISTS) for target in found), (name, found)
        assert found or name.startswith(("扣分明细", "得分矩阵"))


def test_the_overview_has_a_line_a_scheme(shown: Workbook, batch: Batch) -> None:
    lines = rows(shown, "总览", HEADING)
    assert [line["评分方案"] for line in lines[:4]] == ["部门整体支出", "项目支出", "—", "合计"]
    for scheme, line, returned in zip(batch.schemes, lines, (2, 1), strict=False):
        ranked = batch.of(scheme).ranked
        counts = (line["收到填报"], line["已评分"], line["退回修改"], line["无法受理"], line["未报送"])
        assert counts == (len(ranked) + returned + 2, len(ranked), returned, 1, 1)
        totals = [item.total for item in ranked]
        assert (line["最高分"], line["最低分"]) == (float(max(totals)), float(min(totals)))
        assert line["平均分"] == pytest.approx(float(sum(totals) / len(totals)))
        for grade in ("优", "良", "中", "差"):
            assert line[grade] == sum(item.grade == grade for item in ranked)
    assert (lines[2]["收到填报"], lines[2]["无法受理"], lines[2]["已评分"]) == (1, 1, 0)
    assert (lines[3]["收到填报"], lines[3]["已评分"]) == (12 + 9 + 4 + 1, 18)


def joint_heading(book: Workbook) -> int:
    return next(row for row in range(1, 100) if book["总览"].cell(row, 1).value == "合并\n名次")


def test_the_joint_ranking_mixes_the_schemes_by_total(shown: Workbook, batch: Batch) -> None:
    lines = rows(shown, "总览", joint_heading(shown))
    ranked = sorted(batch.ranked, key=lambda item: -item.total)
    assert [Decimal(str(line["总分"])) for line in lines] == [item.total for item in ranked]
    by_total = [item.total for item in ranked]
    assert [line["合并名次"] for line in lines] == [1 + by_total.index(total) for total in by_total]
    shorts = short_titles(batch.schemes)
    expected = {
        (f"{item.title}（{item.name}）" if item.project else item.title, shorts[item.scheme], item.rank, item.grade)
        for item in ranked
    }
    assert {(line["名称"], line["评分方案"], line["方案内名次"], line["等级"]) for line in lines} == expected
    assert len({line["评分方案"] for line in lines[:10]}) == 2


def test_without_joint_ranking_there_is_none(tmp_path: Path) -> None:
    write_summary(several_batch((WHOLE, 3, 1), (PROJECTS, 3, 0), joint=False), tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert "合并\n名次" not in [cell.value for cell in book["总览"]["A"]]


def test_notes_stand_once(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 2, 0), (PROJECTS, 2, 0))
    batch.notes = ["2021 年的方案没有采用。"]
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    found = [sheet.title for sheet in book.worksheets for row in sheet.values if batch.notes[0] in row]
    assert found == ["总览"]


def test_the_common_lists_have_all_and_name_the_scheme(shown: Workbook, batch: Batch) -> None:
    findings, files = rows(shown, "问题清单", 3), rows(shown, "收件清单", 3)
    assert len(findings) == len(batch.findings)
    shorts = short_titles(batch.schemes)
    for line in findings:
        assert line["评分方案"] == shorts[str(line["文件"]).partition("/")[0]]
    assert len(files) == len(batch.files)
    for line, record in zip(files, batch.files, strict=True):
        assert line["评分方案"] == shorts.get(record.scheme, "—")


def test_a_scheme_that_got_nothing_has_a_line_and_no_sheets(tmp_path: Path) -> None:
    write_summary(several_batch((WHOLE, 4, 1), (PROJECTS, 0, 0)), tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    assert not [name for name in book.sheetnames if "项目支出" in name]
    line = rows(book, "总览", HEADING)[1]
    assert (line["评分方案"], line["已评分"], line["未报送"], line["平均分"]) == ("项目支出", 0, 1, None)
    assert book["总览"].cell(HEADING + 2, 1).hyperlink is None


def test_workbooks_have_names_of_their_own_over_all_schemes() -> None:
    batch = several_batch((WHOLE, 5, 0), (PROJECTS, 5, 0))
    contexts = contexts_of(batch)
    names = [contexts[item.scheme].file_name(item) for item in batch.departments]
    assert len({item.title for item in batch.departments}) < len(names)
    assert len({name.casefold() for name in names}) == len(names)


def test_a_departments_own_workbook_is_by_its_scheme(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 5, 0), (PROJECTS, 3, 0))
    item = batch.departments[-1]
    write_department(contexts_of(batch)[item.scheme], item, tmp_path / "项目.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "项目.xlsx", data_only=True)["评分结果"]
    assert sheet["A1"].value == PROJECTS.header.results_titled("表")
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert f"排名：第 {item.rank} 名 / 共 3 个" in words


def overview_rows(path: Path) -> dict[str, dict[str, object]]:
    """The lines of 总览 by their first cell."""
    rows = list(openpyxl.load_workbook(path, data_only=True)["总览"].iter_rows(min_row=HEADING, values_only=True))
    end = next(number for number, row in enumerate(rows) if row[0] == "合计")
    return {str(row[0]): dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1 : end + 1]}


@pytest.mark.parametrize("rostered", [True, False])
def test_nobody_knows_who_is_missing_without_a_roster(tmp_path: Path, rostered: bool) -> None:
    batch = replace(several_batch((WHOLE, 3, 1), (PROJECTS, 2, 1)), rostered=rostered)
    batch.files = [record for record in batch.files if record.status is not Status.MISSING]
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    rows = overview_rows(tmp_path / "汇总.xlsx")
    assert list(rows) == ["部门整体支出", "项目支出", "—", "合计"]
    assert {row["未报送"] for row in rows.values()} == ({0} if rostered else {"—"})
    assert rows["合计"]["收到填报"] == sum(row["收到填报"] for name, row in rows.items() if name != "合计")


def test_names_of_the_joint_ranking_and_of_common_lists_lead_to_the_sheets(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 3, 1), (PROJECTS, 3, 1))
    for scheme in (WHOLE, PROJECTS):
        # One of a name under each scheme.
        next(item for item in batch.departments if item.scheme == scheme.id).name = "两边都有的单位"
    write_summary(batch, tmp_path / "汇总.xlsx")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    names = [cell.value for cell in book["总览"]["A"]]
    first = names.index("合并\n名次") + 2
    ranked = sum(item.ranked for item in batch.departments)
    joint = [book["总览"].cell(row, 2).hyperlink.location for row in range(first, first + ranked)]
    assert len(set(joint)) == ranked
    places = {location.rpartition("!")[0].strip("'").replace("''", "'") for location in joint}
    assert places <= set(book.sheetnames[len(SHEETS) :])
    listed = [row for row in book["收件清单"].iter_rows(min_row=4) if "/" in str(row[1].value)]
    own = {row[1].value: row[5].hyperlink.location for row in listed if row[5].hyperlink}
    assert {item.file for item in batch.departments} <= set(own)
    assert len(set(own.values())) == len(batch.departments)


def test_links_to_copies_are_by_the_scheme_of_the_file(tmp_path: Path) -> None:
    """The cell in the copy is where its own scheme has the field."""
    batch = with_copies(several_batch((WHOLE, 2, 1), (PROJECTS, 2, 1)))
    own, main = layout_of(PROJECTS).places, layout_of(WHOLE).places
    field = next(field for field in own if field in main and own[field] != main[field])
    batch.findings = [replace(item, fields=(field,)) for item in batch.findings]
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["问题清单"]
    found = {
        (str(row[2].value).partition("/")[0], cell.value, cell.hyperlink.location)
        for row in sheet.iter_rows(min_row=4)
        for cell in row
        if cell.hyperlink and cell.column > 3
    }
    places = {PROJECTS.id: own[field], WHOLE.id: main[field]}
    assert found == {(code, place.cell, f"'{place.sheet}'!{place.cell}") for code, place in places.items()}


def test_one_scheme_named_twice_over_is_as_one(tmp_path: Path) -> None:
    """A batch that names its one scheme in the tuple has the same summary as one that does not."""
    for name, schemes in (("plain", ()), ("named", (WHOLE,))):
        write_summary(replace(sample_batch(4), schemes=schemes), tmp_path / f"{name}.xlsx")
    assert (tmp_path / "plain.xlsx").read_bytes() == (tmp_path / "named.xlsx").read_bytes()


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@needs_libreoffice[0]
@needs_libreoffice[1]
def test_written_values_are_the_calculated_ones(
    path: Path, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = replace(WHOLE, header=replace(WHOLE.header, results='"{甲}\'乙"~*绩效评价'))
    paths = [path]
    for name, parts in (
        ("empty", ((WHOLE, 0, 0), (PROJECTS, 0, 0))),
        ("one", ((WHOLE, 1, 1), (PROJECTS, 2, 0))),
        ("odd", ((PROJECTS, 3, 0), (odd, 3, 1))),
    ):
        paths.append(tmp_path / f"{name}.xlsx")
        write_summary(several_batch(*parts), paths[-1], department_sheets=False)
    with monkeypatch.context() as patch:
        patch.setattr(list_sheets, "LAST_ROW", 20)
        paths.append(tmp_path / "split.xlsx")
        write_summary(batch, paths[-1], department_sheets=False)
    assert_calculated(paths, tmp_path / "again")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks of both schemes: examples and one returned, and one of a scheme that is not at hand."""
    folder = tmp_path_factory.mktemp("in")
    other = load_scheme("chongqing-2021")
    for scheme, pattern, count in ((WHOLE, "*.json", 5), (PROJECTS, "xiangmu-2020/*.json", 3), (other, "c*/*.json", 1)):
        for number, path in enumerate(sorted(DOCUMENTS.glob(pattern))[:count]):
            document = json.loads(path.read_text("utf-8"))
            if number == 0:
                document["department"]["code"] = ""
            filled(document, scheme, folder / f"{scheme.id}-{number}.xlsx")
    return folder


@pytest.mark.parametrize(("in_memory", "jobs"), [(200, 1), (0, 1), (0, 2)])
def test_a_run_writes_what_the_batch_in_memory_gives(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int, jobs: int
) -> None:
    """Also where the details wait on disk and others write the workbooks: by each department's own scheme."""
    monkeypatch.setattr(pipeline, "IN_MEMORY", in_memory)
    options = RunOptions(jobs=jobs, department_sheets=0, joint=True)
    report = pipeline.run_folder(folder, tmp_path / "out", (WHOLE, PROJECTS), options)
    batch = report.batch
    assert (batch.details is None) == bool(in_memory)
    assert [scheme.id for scheme in batch.all_schemes] == [WHOLE.id, PROJECTS.id]
    assert {item.scheme for item in batch.departments if not item.ranked} == {WHOLE.id, PROJECTS.id}
    book = openpyxl.load_workbook(report.summary, data_only=True)
    assert book.sheetnames == [*SHEETS, "往来登记", "催报清单"]
    lines = rows(book, "总览", HEADING)
    assert [(line["评分方案"], line["已评分"], line["退回修改"], line["无法受理"]) for line in lines] == [
        ("部门整体支出", 4, 1, 0), ("项目支出", 2, 1, 0), ("—", 0, 0, 1), ("合计", 6, 2, 1),
    ]  # fmt: skip
    findings = rows(book, "问题清单", 3)
    assert {line["评分方案"] for line in findings} == {"部门整体支出", "项目支出", "—"}
    shorts = short_titles(batch.schemes)
    for item in batch.departments:
        (own,) = (line for line in rows(book, f"排名（{shorts[item.scheme]}）", 3) if cells(line, item))
        assert own["问题数"] == sum(line["文件"] == item.file for line in findings)
    _assert_by_scheme(batch, tmp_path / "out")
    links = [cell.hyperlink.target for name in SHEETS for row in book[name].iter_rows() for cell in row
             if cell.hyperlink and cell.hyperlink.target]  # fmt: skip
    assert len(links) > len(batch.departments)
    for target in links:
        assert (tmp_path / "out" / target.replace("\\", "/")).is_file(), target


def cells(line: dict[str, object], item: DepartmentResult) -> bool:
    """Whether a line of 排名 is a department's."""
    return item.title in line.values() and float(item.total) in line.values()


def _assert_by_scheme(batch: Batch, output: Path) -> None:
    """Every workbook that goes to a department is its scheme's: results by the title, copies by what they say of it."""
    for sub, sheet, words in (
        ("部门结果", "评分结果", "title"),
        ("暂定结果", "评分结果", "title"),
        ("退回修改", "_meta", "id"),
    ):
        books = [openpyxl.load_workbook(path, read_only=True) for path in sorted((output / sub).glob("*.xlsx"))]
        texts = [" ".join(str(value) for row in book[sheet].values for value in row) for book in books]
        wanted = [item for item in batch.departments if item.ranked == (sub == "部门结果")]
        assert len(books) == len(wanted)
        for scheme in batch.schemes:
            said = scheme.header.results_titled("表") if words == "title" else scheme.header.id
            own = sum(said in text for text in texts)
            assert own == sum(item.scheme == scheme.id for item in wanted), (sub, scheme.id)


def test_the_overview_of_all_schemes_is_printed_on_one_page_with_notes_that_wrap(tmp_path: Path) -> None:
    batch = several_batch((WHOLE, 8, 1), (PROJECTS, 6, 1))
    batch.notes = ["提示：" + "本次运行没有使用部门名录，未报送的部门无从得知；" * 6]
    write_summary(batch, tmp_path / "汇总.xlsx", department_sheets=False)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["总览"]
    # All on one page wide, without the links, which say nothing on paper.
    assert sheet.page_setup.fitToWidth in (None, 1) and not sheet.page_setup.scale
    heads = [cell.value for cell in sheet[4]]
    last = openpyxl.utils.column_index_from_string(str(sheet.print_area).split("$")[-2])
    assert heads[last - 1] == "差" and heads[last] == "总览"
    (note,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == batch.notes[0])
    assert note.alignment.wrap_text and sheet.row_dimensions[note.row].height > 25
    assert any(str(each).startswith(f"A{note.row}:") for each in sheet.merged_cells.ranges)
