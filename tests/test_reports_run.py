"""Reports beside workbooks: recognised, matched, held against them; what is true in them is not told."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.reports.text import read_report
from perfxl.results.batch import Status
from perfxl.run import reporting
from perfxl.run.pipeline import RunOptions, RunReport, run_folder
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits, RefusalError
from tests.libreoffice import SOFFICE, recalculate
from tests.report_files import REFERENCE, docx_of, pdf_of
from tests.test_reports_text import ENCRYPTED, HOSTILE

FIRES = ("W660", "W661", "W662", "W663", "W664", "W665")
"""The findings that the tests of reports set off."""
NAME = "广州市增城区科学技术协会"
BOOK = Path("input") / f"{NAME}.xlsx"
REPORTS = set(FIRES)


def run(folder: Path, scheme: Scheme, **options: Any) -> RunReport:
    return run_folder(folder, folder.parent / "out", scheme, RunOptions(jobs=1, department_sheets=0, **options))


def folder_of(tmp_path: Path, files: dict[str, bytes], books: tuple[Path, ...] = (BOOK,)) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for book in books:
        shutil.copy(book, folder)
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def found_in(report: RunReport) -> list[Any]:
    return [finding for finding in report.batch.findings if finding.code in REPORTS]


def reference() -> str:
    return REFERENCE.read_text("utf-8")


def assert_true_inconsistencies(report: RunReport) -> None:
    """What the published report has wrong, and nothing else."""
    codes = {finding.code: finding for finding in found_in(report)}
    assert len(found_in(report)) == 3
    rate = codes["W662"]
    assert "99.50%" in rate.message and "99.49%" in rate.message and "639.15 ÷ 642.40" in rate.message
    assert "支出进度为" in rate.message and "0.01 个百分点" in rate.message
    assert (rate.sheet, rate.cell) == ("收支情况", "E6")
    base = codes["W664"]
    assert "完成年初预算" in base.message and "99.46%" in base.message and "89.23 ÷ 89.71" in base.message
    assert "未能如期举行" in codes["W665"].message
    assert all(f"{NAME}.xlsx" == finding.file for finding in codes.values())


def test_the_published_report_gives_its_true_inconsistencies_as_word(tmp_path: Path, scheme: Scheme) -> None:
    report = run(folder_of(tmp_path, {"报告.docx": docx_of(reference().splitlines())}), scheme)
    assert_true_inconsistencies(report)
    record = next(record for record in report.batch.files if record.path == "报告.docx")
    assert (record.status, record.department) == (Status.REPORT, NAME)
    assert "3 处问题" in record.reason
    written = json.loads((report.output / "run.json").read_text("utf-8"))
    assert {one["code"] for one in written["findings"]} >= {"W662", "W664", "W665"}
    assert any(one["path"] == "报告.docx" and one["status"] == "report" for one in written["files"])


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="soffice is not on the PATH")
@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_published_report_gives_its_true_inconsistencies_made_by_libreoffice(
    kind: str, tmp_path: Path, scheme: Scheme
) -> None:
    source = tmp_path / "text.docx"
    source.write_bytes(docx_of(reference().splitlines()))
    if kind == "docx":
        (source,) = recalculate([source], tmp_path / "odt", "odt")
    (made,) = recalculate([source], tmp_path / "made", kind)
    report = run(folder_of(tmp_path, {f"报告.{kind}": made.read_bytes()}), scheme)
    assert_true_inconsistencies(report)


def test_word_and_pdf_of_one_report_are_told_once(tmp_path: Path, scheme: Scheme) -> None:
    lines = reference().splitlines()
    pages = [[*lines[at : at + 45], f"— {at // 45 + 1} —"] for at in range(0, len(lines), 45)]
    files = {"a.docx": docx_of(lines), "a.pdf": pdf_of(pages), "b.docx": docx_of(lines)}
    report = run(folder_of(tmp_path, files), scheme)
    assert_true_inconsistencies(report)
    reasons = {record.path: record.reason for record in report.batch.files}
    assert "内容完全相同" in reasons["b.docx"]


def test_of_identical_reports_one_counts_wherever_they_lie(tmp_path: Path, scheme: Scheme) -> None:
    """The first by its path of each department, and what is of somebody before what is of nobody."""
    # Without a title and a name: whose it is, only file name and folder say.
    nameless = docx_of(["部门整体支出绩效自评报告", "一、基本情况", "本年度工作按计划完成，资金全部到位。"])
    unread, named = ENCRYPTED.read_bytes(), docx_of(reference().splitlines())
    files = {"报告.docx": named, "说明.docx": nameless, f"{NAME}/说明.docx": nameless, "示例图书馆/说明.docx": nameless}
    files |= {"密.pdf": unread, "示例图书馆/密.pdf": unread, "示例图书馆/密2.pdf": unread}
    folder = folder_of(tmp_path, files, (BOOK, Path("input/示例图书馆.xlsx")))
    with zipfile.ZipFile(folder / "0包.zip", "w") as archive:
        archive.writestr("自评.docx", named)
    report = run(folder, scheme)
    records = {record.path: record for record in report.batch.files}
    copies = {path: record for path, record in records.items() if record.status is Status.DUPLICATE}
    assert set(copies) == {"报告.docx", "说明.docx", "示例图书馆/密.pdf"}
    assert "“0包.zip/自评.docx”" in copies["报告.docx"].reason and copies["报告.docx"].department == NAME
    assert records["0包.zip/自评.docx"].status is Status.REPORT
    assert {records[f"{name}/说明.docx"].department for name in (NAME, "示例图书馆")} == {NAME, "示例图书馆"}
    assert records["0包.zip"].reason.endswith("：自评报告 1")
    assert sorted(item.code for item in found_in(report)) == ["W660", "W660", "W662", "W664", "W665"]
    # None of them is a workbook that was sent twice.
    row = next(load_workbook(report.summary, data_only=True)["总览"].iter_rows(min_row=6, max_row=6, values_only=True))
    assert [value for value in row if value is not None][:6] == [2, 2, 0, 0, 0, 9]


# What is altered, into what; the code of the finding that follows, and words of its message.
ALTERED = (
    ("自评得分 96.45分", "自评得分 97.45分", "W662", ("97.45分", "96.45 分", "相差 1 分")),
    ("等级为优。", "等级为良。", "W662", ("等级为良", "自评等级是 优")),
    ("年初预算 797.28 万元", "年初预算 779.28 万元", "W662", ("779.28万元", "797.28 万元", "18 万元", "“收支情况”C6")),
    ("642.40 万元，实际", "624.40 万元，实际", "W662", ("624.40万元", "642.40 万元")),
    ("实际完成支出 639.15 万元", "实际完成支出 6391600 元", "W662", ("6391600元", "639.15 万元", "0.01 万元")),
    ("完成率为 99.49%", "完成率为 98.49%", "W662", ("98.49%", "1 个百分点")),
    ("552.69万元", "522.69万元", "W662", ("522.69万元", "基本支出的调整预算数")),
    ("完成年度预算 99.50%", "完成年度预算 99.05%", "W662", ("99.05%", "549.92 ÷ 552.69")),
    ("三个一级指标", "四个一级指标", "W662", ("四个一级指标", "3 个")),
    ("五个二级", "六个二级", "W662", ("六个二级", "5 个")),
    ("三级指标共设立九个", "三级指标共设立十九个", "W662", ("十九个", "9 个")),
    ("评价得分 12.5分", "评价得分 13.5分", "W662", ("13.5分", "“绩效管理”的自评得分", "12.5 分", "1 分")),
    ("得分率 83.33%", "得分率 83.03%", "W662", ("83.03%", "12.5 ÷ 15")),
    ("采购管理分值 10分", "采购管理分值 12分", "W662", ("12分", "10 分")),
    ("评价得分 9.95分", "评价得分 9.59分", "W662", ("9.59分", "“自评得分”I8")),
    ("预算金额 35.35万元", "预算金额 35.53万元", "W662", ("35.53万元", "统筹增城区科普工作")),
    ("执行率 99.83%", "执行率 98.83%", "W662", ("98.83%", "99.83%")),
    ("全国科普日组织举办 35场", "全国科普日组织举办 53场", "W662", ("53场", "35 场")),
    ("3.6 万人次", "6.3 万人次", "W662", ("6.3万人次", "36000 人次")),
    ("等 10 个科普特色村", "等 12 个科普特色村", "W662", ("12个", "10 个")),
    ("邀请11名教授", "邀请12名教授", "W663", ("12名", "11名", "相差 1")),
    ("约378分钟", "约783分钟", "W663", ("783分钟", "378分钟")),
    ("2022年度广州市", "2021年度广州市", "W662", ("2021年度", "2022")),
)
HARMLESS = (
    ("639.15 万元", "639 万元"), ("642.40 万元，实际", "6,424,000 元，实际"),
    ("99.49%", "约99.5%"), ("96.45分", "96.450 分"), ("3.6 万人次", "36100 余人次"), ("约378分钟", "近380分钟"),
    ("等级为优。", "等级为“优秀”。"),
    ("三个一级指标", "３个一级指标"),
    ("797.28 万元", "约800 万元"), ("获组织奖24个", "获组织奖42个"), ("15大项", "51大项"),
    ("7000 人次", "７０００ 人次"),
)  # fmt: skip


def altered(old: str, new: str) -> bytes:
    spelt = re.compile(r"\s*".join(map(re.escape, "".join(old.split()))))
    text, count = spelt.subn(new, reference(), count=1)
    assert count, old
    return docx_of(text.splitlines())


def test_every_alteration_is_found_and_nothing_else(tmp_path: Path, scheme: Scheme) -> None:
    files = {"0.docx": docx_of(reference().splitlines())}
    files |= {f"甲{number:02}.docx": altered(old, new) for number, (old, new, *_) in enumerate(ALTERED)}
    files |= {f"乙{number:02}.docx": altered(old, new) for number, (old, new) in enumerate(HARMLESS)}
    report = run(folder_of(tmp_path, files), scheme)
    told: dict[str, list[Any]] = {}
    for finding in found_in(report):
        told.setdefault(finding.message.partition("“")[2].partition("”")[0], []).append(finding)
    assert len(told.pop("0.docx")) == 3, "what was wrong before is told of the first"
    for number, (old, new, code, words) in enumerate(ALTERED):
        found = told.pop(f"甲{number:02}.docx", [])
        assert [one.code for one in found] == [code], (old, new, found)
        for word in words:
            assert word in found[0].message, (word, found[0].message)
        plain = "".join(new.split())
        assert plain[-4:] in "".join(found[0].message.split()), "the sentence is quoted"
    assert told == {}, "what is harmless is not told"


def test_reports_are_matched_by_title_name_and_folder(tmp_path: Path, scheme: Scheme) -> None:
    body = ["部门整体支出绩效自评得分 50.00分，等级为差。" + "其他文字。" * 5]
    files = {
        "一.docx": docx_of(["2022年度示例图书馆整体支出绩效自评报告", *body]),
        "2022年增城区科学技术协会自评报告.docx": docx_of(["部门整体支出绩效自评报告", *body, "甲"]),
        "示例水务局/自评报告.docx": docx_of(["绩效自评报告", *body, "乙"]),
        "二.docx": docx_of(["2022年度增城区科协部门整体支出绩效自评报告", *body, "丙"]),
        "三.docx": docx_of(["2022年度示例气象局整体支出绩效自评报告", *body, "丁"]),
        "四.docx": docx_of(["绩效自评报告", *body, "戊"]),
    }
    books = (BOOK, Path("input/示例图书馆.xlsx"), Path("input/示例水务局.xlsx"))
    report = run(folder_of(tmp_path, files, books), scheme)
    matched = {record.path: record.department for record in report.batch.files if record.status is Status.REPORT}
    assert matched == {
        "一.docx": "示例图书馆", "2022年增城区科学技术协会自评报告.docx": NAME,
        "示例水务局/自评报告.docx": "示例水务局", "二.docx": NAME, "三.docx": "", "四.docx": "",
    }  # fmt: skip
    nobody = {finding.file: finding for finding in found_in(report) if finding.code == "W661"}
    assert "示例气象局" in nobody["三.docx"].message
    assert "文件名" in nobody["四.docx"].advice
    reasons = {record.path: record.reason for record in report.batch.files}
    assert reasons["三.docx"].startswith("未能对应")


def test_hostile_reports_cost_themselves_alone(tmp_path: Path, scheme: Scheme) -> None:
    files = {f"{name}.{'pdf' if 'pdf' in name else 'docx'}": data for name, (data, _) in HOSTILE.items()}
    files |= {"旧.doc": b"\xd0\xcf", "扫描.jpg": b"\xff\xd8\xff", "报告.docx": docx_of(reference().splitlines())}
    report = run(folder_of(tmp_path, files), scheme)
    records = {record.path: record for record in report.batch.files}
    for name, (_, words) in HOSTILE.items():
        record = records[f"{name}.{'pdf' if 'pdf' in name else 'docx'}"]
        if name in ("empty", "picture"):
            assert record.status is Status.IGNORED
            assert "不是 Word 文档或 PDF" in record.reason
            continue
        assert record.status is Status.REPORT, name
        assert words in record.reason, (name, record.reason)
    assert "另存为 .docx" in records["旧.doc"].reason
    assert "图片" in records["扫描.jpg"].reason
    unread = [finding for finding in found_in(report) if finding.code == "W660"]
    assert len(unread) == len(HOSTILE) - 2
    assert len(found_in(report)) == len(unread) + 3
    assert [item.title for item in report.batch.departments] == [NAME]


def test_archives_hold_reports_and_a_workbook_of_any_ending_is_one(tmp_path: Path, scheme: Scheme) -> None:
    folder = folder_of(tmp_path, {"工作簿.docx": Path("input/示例图书馆.xlsx").read_bytes()})
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        archive.writestr("报告.docx", docx_of(reference().splitlines()))
        archive.writestr("锁.pdf", ENCRYPTED.read_bytes())
    report = run(folder, scheme)
    statuses = {record.path: record.status for record in report.batch.files}
    assert statuses["包.zip/报告.docx"] is Status.REPORT
    assert statuses["包.zip/锁.pdf"] is Status.REPORT
    assert statuses["工作簿.docx"] is Status.SCORED
    assert sum(finding.code in ("W662", "W664", "W665") for finding in found_in(report)) == 3


def test_a_pdf_without_its_component_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.reports.pdf_file.NEEDED", "no_such_module_here")
    with pytest.raises(RefusalError, match="没有安装读取 PDF 的组件") as refusal:
        read_report(pdf_of([["自评报告" * 10]]), Limits())
    assert "perfxl[reports]" in refusal.value.reason


def test_without_reports_there_is_nothing_of_them(tmp_path: Path, scheme: Scheme) -> None:
    report = run(folder_of(tmp_path, {}), scheme)
    assert not any(record.status is Status.REPORT for record in report.batch.files)
    assert found_in(report) == []


def test_a_report_that_kills_or_holds_its_process_costs_itself_alone(
    tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = reporting.read_report

    def guilty(data: bytes, limits: Limits) -> Any:
        if b"guilty" in data:
            os._exit(9)
        if b"endless" in data:
            time.sleep(600)
        return reading(data, limits)

    monkeypatch.setattr(reporting, "read_report", guilty)
    good = docx_of(reference().splitlines())
    files = {"杀.docx": good + b"guilty", "等.docx": good + b"endless", "报告.docx": good}
    report = run(folder_of(tmp_path, files), scheme, limits=Limits(seconds=2))
    reasons = {record.path: record.reason for record in report.batch.files}
    assert "没有读取" in reasons["杀.docx"]
    assert "没有读取" in reasons["等.docx"]
    assert "3 处问题" in reasons["报告.docx"]
