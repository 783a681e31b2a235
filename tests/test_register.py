"""The register: what it knows of a department acts on its score, and nothing in it is ever lost."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.errors import OutputError
from perfxl.lists.exemptions import Exemption
from perfxl.register import keep as keep_module
from perfxl.register.model import FILE_NAME
from perfxl.results.names import MANIFEST
from perfxl.run.reduce import Lists
from tests.register_cases import (
    FAULTY,
    REAL,
    lines,
    manifest,
    mend,
    on_day,
    receive,
    run,
    safe,
    totals,
    write_in,
)
from tests.test_run import perfxl

AGAIN = f"{FAULTY}（重报）"


def returned(folder: Path) -> Path:
    """A folder whose department was returned, and has sent our copy again, mended and dated after the deadline."""
    receive(folder, FAULTY, REAL)
    run(folder)
    mend(folder / "output" / "退回修改" / f"{FAULTY}.xlsx", folder / "input" / f"{AGAIN}.xlsx")
    return folder


def working(folder: Path) -> Path:
    return folder / "output" / FILE_NAME


# What it knows.


def test_returned_once_and_mended_after_the_deadline(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY, REAL)
    run(tmp_path)
    assert totals(tmp_path)[FAULTY] == ("returned", "95.77")
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", tmp_path / "input" / f"{AGAIN}.xlsx")
    for _ in range(2):
        run(tmp_path)
        assert totals(tmp_path) == {REAL: ("scored", "96.45"), FAULTY: ("scored", "94.77")}
    told = [item for item in manifest(tmp_path)["findings"] if item["file"] == f"{AGAIN}.xlsx"]
    (late, before) = [item for item in told if "往来登记" in item["message"]]
    assert "填报日期 2023-04-06 晚于报送截止 2023-03-31" in late["message"]
    assert f"第 1 次报送的“{FAULTY}.xlsx”已于" in before["message"]
    form = load_workbook(tmp_path / "output" / "部门结果" / f"{FAULTY}.xlsx")["评分结果"]
    words = " ".join(str(cell.value) for row in form.iter_rows() for cell in row if cell.value)
    assert "绩效自评按时报送以往来登记 否 为准" in words and "绩效自评未被退回以往来登记 否 为准" in words
    # Without the register's word the same workbook has all it gave itself.
    run(tmp_path, "另外")
    assert totals(tmp_path, "另外")[FAULTY] == ("scored", "95.77")


def test_a_copy_that_was_mended_comes_after_what_it_mends_whatever_date_is_typed(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY)
    run(tmp_path)
    copy = tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx"
    mend(copy, tmp_path / "input" / f"{AGAIN}.xlsx", filled_on="2023-01-03")
    os.utime(tmp_path / "input" / f"{AGAIN}.xlsx", (1, 1))
    run(tmp_path)
    status = {file["path"]: (file["status"], file["reason"]) for file in manifest(tmp_path)["files"]}
    assert status[f"{AGAIN}.xlsx"][0] == "scored"
    assert status[f"{FAULTY}.xlsx"][0] == "superseded" and "由本文件的退回件改成" in status[f"{FAULTY}.xlsx"][1]
    assert lines(tmp_path)[f"{AGAIN}.xlsx"]["number"] == 2


@pytest.mark.parametrize("day", [date(2023, 3, 20), date(2023, 4, 1), date(2031, 12, 31)])
def test_the_real_case_has_the_same_score_on_any_day(
    day: date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(tmp_path, REAL)
    on_day(monkeypatch, day)
    for _ in range(2):
        run(tmp_path)
        assert totals(tmp_path) == {REAL: ("scored", "96.45")}
    assert lines(tmp_path)[f"{REAL}.xlsx"]["first_seen"] == day.isoformat()


def test_the_day_on_which_it_came_is_the_clerks_word(tmp_path: Path) -> None:
    returned(tmp_path)
    run(tmp_path)
    write_in(working(tmp_path), f"{AGAIN}.xlsx", received="2023年3月30日")
    report = run(tmp_path)
    # In time, but returned before.
    assert totals(tmp_path)[FAULTY] == ("scored", "96.77")
    assert any("已采用" in words for words in report.told)
    write_in(working(tmp_path), f"{FAULTY}.xlsx", excused="是")
    run(tmp_path)
    assert totals(tmp_path)[FAULTY] == ("scored", "97.77")
    write_in(safe(tmp_path), f"{REAL}.xlsx", received=date(2023, 4, 3))
    run(tmp_path)
    assert totals(tmp_path)[REAL] == ("scored", "94.45")
    assert not run(tmp_path).told


def test_what_the_clerk_has_filled_or_cleared_the_program_leaves_alone(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY)
    run(tmp_path)
    line = lines(tmp_path)[f"{FAULTY}.xlsx"]
    assert line["returned"] and line["due"] > line["returned"] and line["status"] == "退回修改"
    write_in(working(tmp_path), f"{FAULTY}.xlsx", returned=None, due="2031-05-06")
    for _ in range(2):
        run(tmp_path)
        line = lines(tmp_path)[f"{FAULTY}.xlsx"]
        assert (line["returned"], line["due"], line["status"]) == ("", "2031-05-06", "退回修改")
    # It was not sent back after all: nothing is held against what comes next.
    mend(tmp_path / "output" / "退回修改" / f"{FAULTY}.xlsx", tmp_path / "input" / f"{AGAIN}.xlsx", "2023-03-30")
    run(tmp_path)
    assert totals(tmp_path)[FAULTY] == ("scored", "97.77")


def test_what_is_accepted_is_no_longer_returned(tmp_path: Path) -> None:
    receive(tmp_path, FAULTY)
    run(tmp_path)
    codes = {item["code"] for item in manifest(tmp_path)["findings"] if item["severity"] == "error"}
    day = date(2023, 4, 3)
    accepted = [Exemption(5, FAULTY, code, "经批准", "李示例", day, None, "") for code in sorted(codes)]
    run(tmp_path, lists=Lists(exemptions=accepted))
    line = lines(tmp_path)[f"{FAULTY}.xlsx"]
    assert (line["status"], line["returned"], line["due"]) == ("已评分", "", "")


def test_a_day_that_is_none_is_told_with_its_cell_and_has_no_effect(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", received="四月三日", remark="电话催过")
    report = run(tmp_path)
    assert any("单元格 I5：“四月三日”不是日期" in words for words in report.told)
    line = lines(tmp_path)[f"{REAL}.xlsx"]
    assert (line["received"], line["remark"]) == ("", "电话催过")
    book = load_workbook(working(tmp_path))
    book["往来登记"].insert_cols(3)
    book.save(working(tmp_path))
    write_in(working(tmp_path), f"{REAL}.xlsx", received="四月四日")
    assert any("单元格 J5：“四月四日”不是日期" in words for words in run(tmp_path).told)


def test_a_return_that_the_clerk_writes_down_by_hand_counts(tmp_path: Path) -> None:
    """As one that a run made, in the round of that run."""
    receive(tmp_path, REAL)
    run(tmp_path)
    book = load_workbook(working(tmp_path))
    sheet = book["往来登记"]
    keys = {str(cell.value).removeprefix("@"): cell.column for cell in sheet[3]}
    for key, value in {"code": "440118001", "name": REAL, "returned": "2023-03-20"}.items():
        sheet.cell(8, keys[key]).value = value
    book.save(working(tmp_path))
    run(tmp_path)
    assert totals(tmp_path)[REAL] == ("scored", "95.45")
    by_hand = [line for line in manifest(tmp_path)["register"] if not line["file"]]
    assert [(line["status"], line["year"], line["returned"]) for line in by_hand] == [
        ("手工登记", "2022", "2023-03-20")
    ]
    run(tmp_path)
    assert len(manifest(tmp_path)["register"]) == 2 and totals(tmp_path)[REAL] == ("scored", "95.45")


def test_run_json_is_the_same_when_it_is_run_again(tmp_path: Path) -> None:
    returned(tmp_path)
    found = []
    for _ in range(3):
        run(tmp_path)
        document = manifest(tmp_path)
        found.append({key: value for key, value in document.items() if key not in ("started", "seconds")})
    assert found[0] == found[1] == found[2]


# Nothing is lost.


def keep(folder: Path) -> dict[str, object]:
    """What no later run may lose: the lines of files and the clerk's words on them."""
    return {line["file"]: (line["sha256"], line["first_seen"], line["remark"]) for line in lines(folder).values()}


@pytest.mark.parametrize("lost", ["output", "safe", "register"])
def test_what_is_removed_comes_back_from_the_other_place(lost: str, tmp_path: Path) -> None:
    receive(tmp_path, FAULTY, REAL)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", remark="已电话确认")
    run(tmp_path)
    before = keep(tmp_path)
    shutil.move(tmp_path / "input" / f"{FAULTY}.xlsx", tmp_path / "away.xlsx")
    if lost == "output":
        shutil.rmtree(tmp_path / "output")
    else:
        (safe(tmp_path) if lost == "safe" else working(tmp_path)).unlink()
    report = run(tmp_path)
    assert keep(tmp_path) == before
    expected = "已重新写到" if lost == "safe" else "已从“workbook_templates/往来登记.xlsx”恢复 2 行"
    assert any(expected in words for words in report.told)
    assert safe(tmp_path).read_bytes() == working(tmp_path).read_bytes()
    assert not run(tmp_path).told


def test_of_two_corrections_the_one_saved_last_counts_and_an_old_copy_brings_nothing_back(tmp_path: Path) -> None:
    receive(tmp_path, REAL, FAULTY)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", remark="输出里写的", received="2023-03-29")
    write_in(safe(tmp_path), f"{REAL}.xlsx", remark="副本里写的")
    os.utime(working(tmp_path), (2_000_000_000, 2_000_000_000))
    shutil.copy(working(tmp_path), tmp_path / "output" / "往来登记（2）.xlsx")
    report = run(tmp_path)
    line = lines(tmp_path)[f"{REAL}.xlsx"]
    assert (line["remark"], line["received"]) == ("输出里写的", "2023-03-29")
    assert any("副本里写的" in words and "以后保存的前者为准" in words for words in report.told)
    write_in(working(tmp_path), f"{REAL}.xlsx", remark="后来改的", received=None)
    for _ in range(2):
        run(tmp_path)
        line = lines(tmp_path)[f"{REAL}.xlsx"]
        assert (line["remark"], line["received"]) == ("后来改的", "")
    # A person's own copy stays where it was put.
    assert (tmp_path / "output" / "往来登记（2）.xlsx").exists()


def test_what_stands_only_in_one_of_them_is_in_both_afterwards(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    old = safe(tmp_path).read_bytes()
    receive(tmp_path, FAULTY)
    run(tmp_path)
    shutil.copy(safe(tmp_path), tmp_path / "whole.xlsx")
    safe(tmp_path).unlink()
    working(tmp_path).write_bytes(old)
    shutil.copy(tmp_path / "whole.xlsx", safe(tmp_path))
    (tmp_path / "input" / f"{FAULTY}.xlsx").unlink()
    report = run(tmp_path)
    assert set(lines(tmp_path)) == {f"{REAL}.xlsx", f"{FAULTY}.xlsx"}
    assert any("缺少 1 行" in words for words in report.told)


@pytest.mark.parametrize("place", ["working", "safe"])
@pytest.mark.parametrize("how", ["damaged", "foreign"])
def test_what_stands_in_its_place_is_never_written_over(place: str, how: str, tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", remark="备注")
    run(tmp_path)
    path = working(tmp_path) if place == "working" else safe(tmp_path)
    content = b"PK broken" if how == "damaged" else (tmp_path / "input" / f"{REAL}.xlsx").read_bytes()
    path.write_bytes(content)
    report = run(tmp_path)
    assert lines(tmp_path)[f"{REAL}.xlsx"]["remark"] == "备注"
    word = "已损坏" if how == "damaged" else "原有"
    (kept,) = [file for file in path.parent.iterdir() if word in file.name]
    assert kept.read_bytes() == content
    assert any(f"已改名为“{kept.name}”保留" in words for words in report.told)
    assert not run(tmp_path).told and len(list(path.parent.glob("往来登记*"))) == 2


def test_a_register_that_cannot_be_read_this_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written over it: it waits under another name, or the run does not go on where it is the only copy."""
    receive(tmp_path, REAL)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", remark="刚写的")
    real = keep_module.read_regular

    def refuse(path: Path, most: int = -1) -> bytes:
        if path == working(tmp_path):
            raise PermissionError(13, "denied", str(path))
        return real(path, most)

    with monkeypatch.context() as patch:
        patch.setattr(keep_module, "read_regular", refuse)
        report = run(tmp_path)
        assert any("读不出" in words for words in report.told)
    run(tmp_path)
    assert lines(tmp_path)[f"{REAL}.xlsx"]["remark"] == "刚写的"
    safe(tmp_path).unlink()
    before = working(tmp_path).read_bytes()
    for path in (tmp_path / "output").glob("往来登记（*"):
        path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(keep_module, "read_regular", refuse)
        with pytest.raises(OutputError, match="读不出"):
            run(tmp_path)
    assert working(tmp_path).read_bytes() == before


def test_without_run_json_the_register_still_is_ours(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    (tmp_path / "output" / MANIFEST).write_text(json.dumps({"tool": "another"}), "utf-8")
    report = run(tmp_path)
    assert FILE_NAME not in report.kept and not report.told
    assert len(list((tmp_path / "output").glob("往来登记*"))) == 1


def test_trials_have_registers_of_their_own(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    receive(tmp_path, FAULTY)
    run(tmp_path, "试算")
    assert {path.name for path in safe(tmp_path).parent.iterdir()} == {"往来登记.xlsx", "往来登记（试算）.xlsx"}
    assert set(lines(tmp_path)) == {f"{REAL}.xlsx"} and len(lines(tmp_path, "试算")) == 2
    assert not run(tmp_path).told


def test_what_cannot_be_written_is_told_and_the_results_stand(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    (tmp_path / "workbook_templates").write_text("a file", "utf-8")
    report = run(tmp_path)
    assert any("写不进" in words for words in report.told)
    assert totals(tmp_path) == {REAL: ("scored", "96.45")} and working(tmp_path).exists()


def test_the_safe_copy_is_not_put_among_the_workbooks_to_read(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    report = run(tmp_path, "input/结果")
    assert not (tmp_path / "input" / "workbook_templates").exists()
    assert any("没有另存副本" in words for words in report.told)
    assert [file["status"] for file in manifest(tmp_path, "input/结果")["files"]] == ["scored"]


@pytest.mark.parametrize("folder", ["output", "workbook_templates"])
def test_a_register_in_another_format_is_told(folder: str, tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    (tmp_path / folder / "往来登记.XLS").write_bytes(b"x")
    (told,) = [words for words in run(tmp_path).told if ".xlsx，" in words]
    assert f"{folder}/往来登记.XLS" in told and (tmp_path / folder / "往来登记.XLS").exists()


def test_a_day_that_is_still_to_come_is_told(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    run(tmp_path)
    write_in(working(tmp_path), f"{REAL}.xlsx", received="2999-01-01")
    (told,) = [words for words in run(tmp_path).told if "2999-01-01" in words]
    assert "收到日期晚于今天" in told and REAL in told
    assert totals(tmp_path)[REAL] == ("scored", "96.45")
    assert not [one for one in manifest(tmp_path)["findings"] if one["code"] == "W620"]


def test_safe_copies_of_several_output_folders_stand_side_by_side(tmp_path: Path) -> None:
    receive(tmp_path, REAL)
    for output in ("output", "other", "third", "output"):
        done = perfxl("run", "-o", output, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((tmp_path / "workbook_templates").glob("往来登记*.xlsx"))) == 3
