"""`perfxl documents`: which documents are written, where, all together, and what becomes of those that were edited."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner

from perfxl.cli.word import documents
from perfxl.documents import needed, shelf
from perfxl.documents.kinds import all_kinds
from perfxl.errors import OutputError, UsageError
from perfxl.lists.exemptions import Exemption
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from tests.word_files import DAY, examples_of, paragraphs, rows, run_of, whole_text, write

EXAMPLES = Path("input")
NAME = "广州市增城区科学技术协会"
RETURNED = "示例新城街道办事处"


@pytest.fixture(scope="module")
def output(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the shipped examples; the documents go elsewhere in each test's order."""
    folder = tmp_path_factory.mktemp("examples")
    run_folder(EXAMPLES, folder, scheme, RunOptions(jobs=1, department_sheets=0, department_books=False))
    return folder


def files(output: Path) -> set[str]:
    folder = output / "文书"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {shelf.LIST}


def test_kinds_and_departments_may_be_chosen(output: Path) -> None:
    written = write(output, "整改通知书", "公开", departments=[NAME, "水务"])
    assert written.counts == {"反馈意见": 2, "公开稿": 2}
    assert files(output) == {
        f"反馈意见/{NAME}.docx", "反馈意见/示例水务局.docx", f"公开稿/{NAME}.docx", f"公开稿/{NAME}.xlsx",
        "公开稿/示例水务局.docx", "公开稿/示例水务局.xlsx", "公开稿/公开清单.xlsx",
    }  # fmt: skip


def test_all_are_written_and_returned_departments_have_no_public_one(output: Path) -> None:
    written = write(output, "自评报告", "反馈意见", "公开稿")
    assert written.counts == {"自评报告": 13, "反馈意见": 13, "公开稿": 12}
    assert written.checked == 25
    assert f"反馈意见/{RETURNED}.docx" in files(output)
    assert f"公开稿/{RETURNED}.docx" not in files(output)
    again = {path: path.read_bytes() for path in (output / "文书").rglob("*.docx")}
    write(output, "自评报告", "反馈意见", "公开稿")
    assert {path: path.read_bytes() for path in (output / "文书").rglob("*.docx")} == again, "the same bytes"


def test_processes_write_the_same(scheme: Scheme, tmp_path: Path) -> None:
    output = run_of(examples_of("guangzhou-2022"), tmp_path, scheme)
    write(output)
    alone = {name: (output / "文书" / name).read_bytes() for name in files(output) if name.endswith(".docx")}
    assert len(alone) > 30
    from perfxl.run import workers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "POOL_FROM", 2)
        from perfxl.documents.write import Wanted, write_documents

        told: list[tuple[int, int]] = []
        write_documents(output, Wanted(today=DAY, jobs=2), lambda done, total: told.append((done, total)))
    assert {name: (output / "文书" / name).read_bytes() for name in alone} == alone
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 30


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"kinds": ["通告"]}, "没有文书“通告”。可用的有：.*自评报告"),
        ({"departments": ["无此单位"]}, "没有“无此单位”"),
    ],
)
def test_what_is_not_there_is_told(output: Path, wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        write(output, *wanted.pop("kinds", ()), **wanted)


def test_without_a_run_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="请先运行 perfxl run"):
        write(tmp_path)


def test_without_the_libraries_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(needed, "NEEDED", ("docx", "no_such_library"))
    result = CliRunner().invoke(documents, [str(tmp_path)])
    assert isinstance(result.exception, UsageError)
    assert "pip install 'perfxl[documents]'" in str(result.exception)


def test_edited_documents_are_kept(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    output = run_of([case["submission"]], tmp_path, scheme)
    write(output)
    path = output / "文书" / "反馈意见" / f"{NAME}.docx"
    document = docx.Document(str(path))
    document.add_paragraph("局长批示")
    document.save(str(path))
    edited, untouched = path.read_bytes(), output / "文书" / "自评报告" / f"{NAME}.docx"
    before = untouched.read_bytes()
    shelved = write(output).shelved
    assert list(shelved.kept) == [f"反馈意见/{NAME}.docx"]
    (other,) = shelved.kept.values()
    assert (path.parent / other).read_bytes() == edited
    assert "局长批示" not in whole_text(path)
    assert untouched.read_bytes() == before
    assert not write(output).shelved.kept


def test_documents_of_departments_that_are_gone_go(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    output = run_of(examples_of("guangzhou-2022"), tmp_path, scheme)
    write(output, "自评报告", "反馈意见")
    (tmp_path / "in" / "0.xlsx").rename(tmp_path / "kept.xlsx")
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    (tmp_path / "kept.xlsx").rename(tmp_path / "in" / "0.xlsx")
    note = output / "文书" / "自评报告" / "说明.txt"
    note.write_text("ours", "utf-8")
    run_folder(tmp_path / "in", output, scheme, RunOptions(jobs=1, department_sheets=0, department_books=False))
    write(output, "自评报告", departments=[NAME])
    assert len(files(output)) > 20, "of some departments only: the others stay"
    write(output, "自评报告")
    reports = {name for name in files(output) if name.startswith("自评报告/")}
    assert reports == {f"自评报告/{NAME}.docx", "自评报告/说明.txt"}
    assert len(files(output)) > 10, "the other kind stays"


def test_a_failure_leaves_the_old_documents(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = run_of(examples_of("guangzhou-2022")[:3], tmp_path, scheme)
    write(output)
    before = {name: (output / "文书" / name).read_bytes() for name in files(output)}

    def full(*_: object) -> list[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("perfxl.documents.write.inner_matters", full)
    with pytest.raises(OutputError, match="磁盘空间不足"):
        write(output)
    assert {name: (output / "文书" / name).read_bytes() for name in files(output)} == before
    assert not list((output / "文书").glob(".perfxl-new*"))


def test_a_call_that_was_killed_is_completed_by_the_next(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = run_of([case["submission"]], tmp_path, scheme)
    placed = 0
    replace = shelf.Shelf._replace

    def killed(*arguments: Any) -> None:
        nonlocal placed
        placed += 1
        if placed > 2:
            raise KeyboardInterrupt
        replace(*arguments)

    monkeypatch.setattr(shelf.Shelf, "_replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write(output)
    monkeypatch.undo()
    written = write(output, "反馈意见")
    assert not written.shelved.kept, "nothing was taken for edited"
    assert {name.split("/")[0] for name in files(output)} >= {"自评报告", "反馈意见", "公开稿"}


def test_a_document_that_is_held_open_gets_another_name(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = run_of([case["submission"]], tmp_path, scheme)
    write(output, "反馈意见")
    target = output / "文书" / "反馈意见" / f"{NAME}.docx"
    replace = Path.replace

    def held(self: Path, other: Path) -> Path:
        if Path(other) == target:
            raise PermissionError(13, "open in Word")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", held)
    shelved = write(output, "反馈意见").shelved
    assert list(shelved.renamed) == [f"反馈意见/{NAME}.docx"]
    monkeypatch.undo()
    write(output, "反馈意见")
    assert files(output) == {f"反馈意见/{NAME}.docx"}, "the other name goes with the next"


def test_the_letter_tells_all_losses_and_findings_but_the_accepted_ones(scheme: Scheme, tmp_path: Path) -> None:
    output = tmp_path / "out"
    batch = run_folder(EXAMPLES, output, scheme, RunOptions(jobs=1, department_sheets=0, department_books=False)).batch
    write(output, "反馈意见", due=date(2023, 6, 30))
    for department in batch.departments:
        path = output / "文书" / "反馈意见" / f"{department.title}.docx"
        text, table = whole_text(path), rows(path)
        for score in department.scores:
            indicator = scheme.indicator_by_code[score.code]
            told = [row for row in table if len(row) == 6 and row[1] == indicator.name]
            assert len(told) == (score.lost > 0)
            if told:
                assert told[0][4] == format(score.lost.normalize(), "f")
        own = [finding for finding in batch.findings if finding.file == department.file]
        assert all(finding.message in text for finding in own)
        assert ("2023年6月30日" in text) == bool(own or any(score.lost > 0 for score in department.scores))
        assert ("整改情况回执" in text) == ("（整改通知书）" in text)
    returned = "\n".join(paragraphs(output / "文书" / "反馈意见" / f"{RETURNED}.docx"))
    assert "退回修改，按现有数据暂定得分" in returned


def test_accepted_findings_are_not_in_the_letter(scheme: Scheme, tmp_path: Path) -> None:
    def letter(*exemptions: Exemption) -> str:
        options = RunOptions(jobs=1, lists=Lists(exemptions=exemptions), department_sheets=0, department_books=False)
        nonlocal batch
        batch = run_folder(EXAMPLES, tmp_path, scheme, options).batch
        write(tmp_path, "反馈意见", departments=[RETURNED])
        return whole_text(tmp_path / "文书" / "反馈意见" / f"{RETURNED}.docx")

    batch: Any = None
    before = letter()
    finding = next(one for one in batch.findings if one.department == RETURNED)
    assert finding.message in before
    after = letter(Exemption(2, RETURNED, finding.code, "已核实", "张三", date(2023, 4, 1), None, finding.cell))
    assert finding.message not in after
    assert "已豁免" not in after


def test_help_names_what_there_is() -> None:
    result = CliRunner().invoke(documents, ["--help"])
    assert result.exit_code == 0
    assert "--kind" in result.output
    assert re.search("默认 output", result.output)
    assert {kind.name for kind in all_kinds()} >= {"自评报告", "反馈意见", "公开稿"}
