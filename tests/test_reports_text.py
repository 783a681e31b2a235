"""The text of reports: paragraphs from Word and PDF, lines joined, margins apart, hostile files refused in words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from perfxl.processes import call
from perfxl.reports.lines import joined, without_margins
from perfxl.reports.text import ReportText, read_report
from perfxl.workbook.limits import Limits, RefusalError
from tests.report_files import REFERENCE, docx_of, margin, pdf_of, table

ENCRYPTED = Path("tests/cases/encrypted.pdf")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONG = "自评报告的正文，" * 10


def texts(report: ReportText) -> list[str]:
    return [block.text for block in report.blocks]


def refused(data: bytes) -> str:
    """Why a file is not read."""
    try:
        return f"was read: {read_report(data, Limits())}"
    except RefusalError as refusal:
        return refusal.reason


def test_paragraphs_and_rows_stand_in_their_order() -> None:
    data = docx_of(["一、基本情况", LONG + "完。"], body=table([["指标", "得分"], ["预算编制", "3"]]))
    report = read_report(data, Limits())
    assert texts(report) == ["一、基本情况", LONG + "完。", "指标 | 得分", "预算编制 | 3"]
    assert report.blocks[-1].cells == ("预算编制", "3")


def test_what_nobody_sees_is_no_text() -> None:
    body = (
        "<w:p><w:del><w:r><w:t>删去</w:t></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        f"<w:r><w:t>{LONG}</w:t></w:r></w:p>"
    )
    assert texts(read_report(docx_of([], body=body), Limits())) == [LONG]


def test_headers_and_footers_are_apart() -> None:
    report = read_report(
        docx_of([LONG], parts={"word/header1.xml": margin("某局"), "word/footer1.xml": margin("第1页")}), Limits()
    )
    assert texts(report) == [LONG]
    assert set(report.margins) == {"某局", "第1页"}


def test_page_numbers_and_repeated_lines_go_and_sentences_are_whole() -> None:
    line = "这一行{}文字写满了整整一行的宽度到了版心的右边还没有写完所以"
    lines = [line.format(number) for number in "甲乙丙丁戊己"]
    pages = [["某局绩效自评报告", *lines[2 * n : 2 * n + 2], f"— {n} —"] for n in range(3)]
    report = read_report(pdf_of([*pages, ["某局绩效自评报告", "到这里才写完。", "4"]]), Limits())
    assert texts(report) == ["".join(lines) + "到这里才写完。"]
    assert "某局绩效自评报告" in report.margins


def test_the_published_report_has_the_same_paragraphs_as_word_and_as_pdf() -> None:
    lines = REFERENCE.read_text("utf-8").splitlines()
    ours = texts(read_report(docx_of(lines), Limits()))
    assert sum("完成率为 99.49%，其中:基本支出" in text and text.endswith("99.46%。") for text in ours) == 1
    assert any(
        text.endswith("主要原因是:部门预算资金支出进度为 99.50%，依据评标准，计算本指标得分为 9.95分。")
        for text in ours
    )
    assert not any("—8—" in text for text in ours)
    assert "（三）部门整体收支情况" in ours, "a heading stands alone"
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    printed = [[*page, str(number)] for number, page in enumerate(pages, 1)]
    plain = ["".join(text.split()) for text in ours]
    assert ["".join(text.split()) for text in texts(read_report(pdf_of(printed), Limits()))] == plain


def test_whole_paragraphs_are_not_joined() -> None:
    lines = ["一、基本情况", "（一）概况", "本单位内设两个科室", "主要职责是宣传", "二、情况"]
    assert joined(lines) == lines
    assert without_margins([["3", "正文"]]) == (["正文"], ["3"])


HOSTILE = {
    "empty": (b"\0" * 30, "没有任何内容"),
    "word of old": (OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le"), "旧版 Word 文档（.doc）"),
    "word with a password": (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "picture": (b"\xff\xd8\xff\xe0" + b"x" * 99, "这是图片"),
    "pdf with a password": (ENCRYPTED.read_bytes(), "打开密码"),
    "ten thousand pages": (pdf_of([[LONG]], count=10_000), "10001 页，超过上限 500 页"),
    "pdf cut off": (pdf_of([[LONG]])[:200], "已损坏"),
    "pictures only": (docx_of([], parts={"word/media/a.png": b"x" * 999}), "扫描件或图片"),
    "blank pdf": (pdf_of([[]]), "扫描件或图片"),
    "own entities": (docx_of([LONG], head='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "DTD"),
    "word bomb": (docx_of([LONG], body=" " * 120_000_000), "超过上限 100 MB（展开大小）"),
    "endless text": (docx_of(["自评" * 600_000]), "超过上限 100 万字"),
    "half a zip": (docx_of([LONG])[:300], "已损坏"),
    "broken xml": (docx_of([], body="<w:p>"), "已损坏"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words(name: str) -> None:
    data, words = HOSTILE[name]
    start = time.monotonic()
    reason = call(refused, data)
    assert words in reason
    assert "工作簿" not in reason
    assert time.monotonic() - start < 30, "in time"


def test_macros_and_streams_that_swell_are_read_and_harm_nobody() -> None:
    assert call(read_report, docx_of([LONG], parts={"word/vbaProject.bin": b"x"}), Limits()).macros
    assert texts(call(read_report, pdf_of([[LONG[:24]]], filler=200_000_000), Limits())) == [LONG[:24]]
    nested = docx_of([LONG], body="<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000)
    assert texts(call(read_report, nested, Limits())) == [LONG]
