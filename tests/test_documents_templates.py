"""Templates that the bureau edits in Word: faults are told with their place, and texts of departments stay texts."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from perfxl.cli.template import template as template_command
from perfxl.cli.word import documents
from perfxl.documents.environment import COUNTERS
from perfxl.documents.kind import Kind
from perfxl.documents.kinds import all_kinds
from perfxl.documents.said import listed, slots_of
from perfxl.documents.text import as_run
from perfxl.errors import TemplateFaultError, UsageError
from perfxl.scheme.model import Scheme
from tests.review_runs import kept_run
from tests.sample_batch import sample_batch
from tests.whole_runs import charts_of, document_of, record_of
from tests.word_files import edited, parts, rows, run_of, template, whole_text, write


def text_in(code: str) -> Callable[[Any], None]:
    """Puts a paragraph of that text behind the first heading."""

    def change(document: Any) -> None:
        place = next(one for one in document.paragraphs if "基本情况" in one.text)
        place.insert_paragraph_before(code)

    return change


def in_cell(code: str) -> Callable[[Any], None]:
    return lambda document: document.tables[1].rows[2].cells[1].paragraphs[0].add_run(code) and None


def without(code: str) -> Callable[[Any], None]:
    """Takes away a paragraph."""

    def change(document: Any) -> None:
        place = next(one for one in document.paragraphs if code in one.text)
        place._p.getparent().remove(place._p)

    return change


def in_field(document: Any) -> None:
    run = document.paragraphs[0].add_run("")
    run._r.append(parse_xml(f'<w:instrText {nsdecls("w")}> HYPERLINK "{{{{ 名称 }}}}" </w:instrText>'))


BROKEN: dict[str, tuple[Callable[[Any], None], str]] = {
    "a name that is not there": (text_in("{{ 单位名 }}"), r"正文第 4 段（.*没有占位符“单位名”，是不是“单位”"),
    "a field that is not there": (in_cell("{{ 项.名 }}"), r"第 2 个表格第 3 行第 2 格（.*里没有“名”，是不是“名称”"),
    "not closed": (text_in("{{ 名称"), r"第 4 段（{{ 名称）：“{{ 名称”后面缺少 }}"),
    "closed only": (text_in("名称 }}"), "前面缺少 {{"),
    "full-width braces": (text_in("｛｛ 名称 ｝｝"), "是全角的括号"),
    "no expression": (text_in("{{ 年度 + }}"), "第 4 段.*写法不对（"),
    "two names": (text_in("{{ 名称 年度 }}"), "括号里多出了"),
    "nothing within": (text_in("{{ }}"), "缺少名称"),
    "loop without end": (without("{%p endfor %}"), "没有结束|不成对"),
    "end without loop": (text_in("{%p endfor %}"), "前面没有对应的 for"),
    "loop over a text": (text_in("{% for 字 in 名称 %}{{ 字 }}{% endfor %}"), "“名称”不是列表，不能用 for"),
    "a list written as it is": (text_in("{{ 问题 }}"), "“问题”是列表，不能直接写出"),
    "a group written as it is": (text_in("{{ 收支 }}"), "“收支”是一组内容，请写明哪一项"),
    "row tag outside a table": (text_in("{%tr for 项 in 二级 %}"), "不在表格里"),
    "block over paragraphs": (text_in("{% if 问题 %}"), "到段末还没有结束"),
    "text beside a paragraph tag": (text_in("有 {%p if 问题 %}"), "会被删去"),
    "an unknown filter": (text_in("{{ 名称|uper }}"), "没有过滤器“uper”，是不是“upper”"),
    "markup let through": (text_in("{{ 名称|safe }}"), "没有过滤器“safe”"),
    "an unknown tag": (text_in("{% include '/etc/passwd' %}"), "不认识"),
    "inner workings": (text_in("{{ 名称.__class__ }}"), "后面不能写“.__class__”"),
    "a call": (text_in("{{ 名称.format(1) }}"), "不能有括号"),
    "in the code of a field": (in_field, "域代码.*里有占位符"),
    "in the footer": (
        lambda document: document.sections[0].footer.paragraphs[0].add_run("{{ 页码 }}") and None,
        "页脚.*没有占位符“页码”",
    ),
    "elif without if": (text_in("{%p else %}"), "前面没有 if"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_told_with_its_place(fault: str) -> None:
    change, words = BROKEN[fault]
    with pytest.raises(TemplateFaultError, match=r"文书模板“自评报告模板\.docx”有 \d+ 处错误") as caught:
        template("自评报告", edited("自评报告", change))
    lines = str(caught.value)
    assert re.search(words, lines), lines
    assert not re.search(r"[A-Z][a-z]+Error|expected|unexpected|undefined|\b(?:of|token|print)\b", lines), "English"


def test_all_faults_are_told_at_once() -> None:
    def change(document: Any) -> None:
        text_in("{{ 甲 }}")(document)
        text_in("{{ 乙 }}")(document)

    with pytest.raises(TemplateFaultError, match="有 2 处错误"):
        template("自评报告", edited("自评报告", change))


def test_what_only_filling_shows_is_told_with_its_place(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    output = run_of([case["submission"]], tmp_path, scheme)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "自评报告模板.docx").write_bytes(edited("自评报告", text_in("{{ 年度 / 0 }}")))
    with pytest.raises(TemplateFaultError, match=r"正文第 4 段（{{ 年度 / 0 }}）：这里填不出来（除数是 0）"):
        write(output, "自评报告", templates=folder)
    assert not (output / "文书" / "自评报告").exists(), "nothing was put in place"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是 Word 文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .doc"),
        (b"PK\x03\x04" + bytes(100), "文件已损坏"),
        ("文字".encode(), "不是 Word 文档"),
    ],
)
def test_what_is_no_word_document_is_told(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        template("自评报告", data)
    assert "模板" in str(caught.value)


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A template with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(all_kinds()[0].draw())) as source, zipfile.ZipFile(target, "w") as changed:
        for part in source.namelist():
            data = source.read(part)
            changed.writestr(part, change(data) if part == name else data)
    return target.getvalue()


def test_a_document_with_macros_is_refused() -> None:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = with_part("[Content_Types].xml", lambda part: part.replace(plain, b"ms-word.document.macroEnabled.main+xml"))
    with pytest.raises(UsageError, match="文档带宏"):
        template("自评报告", data)


@pytest.mark.parametrize("part", ["word/styles.xml", "word/settings.xml", "word/theme/theme1.xml"])
def test_a_part_that_is_cut_off_is_told_and_not_copied_into_every_document(part: str) -> None:
    with pytest.raises(UsageError, match="文件已损坏"):
        template("自评报告", with_part(part, lambda data: data[: len(data) // 2]))


def test_a_placeholder_that_word_split_over_runs_is_filled(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path
) -> None:
    def change(document: Any) -> None:
        place = next(one for one in document.paragraphs if "基本情况" in one.text).insert_paragraph_before("")
        for piece in ("这里是{", "{ 名", "称 }", "}。"):
            place.add_run(piece).bold = True

    output = run_of([case["submission"]], tmp_path, scheme)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "自评报告模板.docx").write_bytes(edited("自评报告", change))
    written = write(output, "自评报告", templates=folder)
    assert written.edited == [folder / "自评报告模板.docx"]
    (path,) = (output / "文书" / "自评报告").iterdir()
    assert "这里是广州市增城区科学技术协会。" in whole_text(path)


HOSTILE = (
    "{{ 名称 }}{% for a in b %}{# x #}{{", "{_{ 名称 }_}", "</w:t></w:r><w:r><w:instrText>DDE</w:instrText></w:r>",
    "a & b <c> \"d\" 'e' ]]> &lt; &#65;", "HYPERLINK \"http://example.org\" http://example.org =1+1",
    "\x01\x08\x1f\x7f", "第一行\n第二行\n\n第四行", "左\t右", "\u202e反\u200b零", "𠮷野家", "100% {%p endfor %}",
)  # fmt: skip


def test_hostile_texts_come_out_as_written(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    submission = case["submission"]
    words = "甲".join(text for text in HOSTILE if "\x01" not in text and "\n" not in text)
    submission["narrative"] = dict.fromkeys(submission["narrative"], words)
    submission["kpis"][0]["name"] = submission["tasks"][0]["result"] = HOSTILE[2]
    submission["kpis"][7]["reason"] = submission["scores"]["B41"]["reason"] = HOSTILE[0]
    output = run_of([submission], tmp_path, scheme)
    write(output)
    for kind in ("自评报告", "反馈意见", "公开稿"):
        (path,) = (output / "文书" / kind).glob("*.docx")
        xml = parts(path)["word/document.xml"].decode()
        assert "<w:instrText>" not in xml
        assert "w:hyperlink" not in xml
        assert all(target not in xml for target in ("DDE</w:instrText",))
    text = whole_text(output / "文书" / "自评报告" / "广州市增城区科学技术协会.docx")
    assert text.count(words) == 7
    assert text.count(HOSTILE[0]) >= 7 + 1
    assert any(HOSTILE[2] in row[1] for row in rows(output / "文书" / "自评报告" / "广州市增城区科学技术协会.docx"))


def test_a_text_of_a_hundred_thousand_characters_comes_whole(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path
) -> None:
    submission = case["submission"]
    long = "长" * 32_000
    submission["narrative"] = dict.fromkeys(submission["narrative"], long)
    output = run_of([submission], tmp_path, scheme)
    write(output, "自评报告")
    (path,) = (output / "文书" / "自评报告").iterdir()
    assert whole_text(path).count("长" * 32_000) == 7


@given(st.text())
def test_any_text_is_well_formed_and_shown(text: str) -> None:
    tree = parse_xml(f"<w:r {nsdecls('w')}><w:t>{as_run(text)}</w:t></w:r>")
    kept = "".join("\n" if one.tag.endswith("}br") else "\t" if one.tag.endswith("}tab") else one.text or ""
                   for one in tree.iter() if one is not tree)  # fmt: skip
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    assert len(kept) == len(plain)
    assert all(ours == theirs for ours, theirs in zip(kept, plain, strict=True) if theirs.isprintable())


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_the_templates_of_the_program_hold(kind: Kind) -> None:
    template(kind.name, kind.draw())
    names = [name for name, _, _ in listed(slots_of(kind.record))]
    assert len(names) == len(set(names))
    assert not {name.split(".")[0].removesuffix("[]") for name in names} & set(COUNTERS)
    assert all(words for name, _, words in listed(slots_of(kind.record))), "every placeholder is explained"


def test_templates_are_written_and_those_of_the_bureau_stay(here: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(template_command, ["--documents"])
    assert result.exit_code == 0, result.output
    paths = [here / "workbook_templates" / kind.template for kind in all_kinds()]
    assert all(path.is_file() for path in paths)
    paths[0].write_bytes(b"edited")
    result = runner.invoke(template_command, ["--documents"])
    assert paths[0].read_bytes() == b"edited"
    assert "没有改动" in result.output


def test_the_command_tells_of_a_broken_template(case: dict[str, Any], scheme: Scheme, here: Path) -> None:
    output = run_of([case["submission"]], here, scheme)
    folder = here / "workbook_templates"
    folder.mkdir(exist_ok=True)
    (folder / "自评报告模板.docx").write_bytes(edited("自评报告", text_in("{{ 单位名 }}")))
    result = CliRunner().invoke(documents, [str(output), "--kind", "自评报告"])
    assert isinstance(result.exception, TemplateFaultError)
    assert result.exception.exit_code == 2
    assert json.dumps(str(result.exception), ensure_ascii=False)


def test_a_chart_stands_alone_and_as_often_as_the_template_has_it(tmp_path: Path) -> None:
    last = kept_run(sample_batch(12), tmp_path / "out")

    def twice(document: Any) -> None:
        place = next(one for one in document.paragraphs if "{{p 组.等级图 }}" in one.text)
        place.insert_paragraph_before("{{p 组.等级图 }}")

    data = edited("通报", twice)
    path = tmp_path / "通报.docx"
    with path.open("wb") as file:
        template("通报", data).fill(record_of(last, "通报"), file, "通报", datetime(2023, 5, 4))
    drawn = [chart.title for chart in charts_of(path)]
    assert drawn.count("等级分布") == 2
    once = charts_of(document_of(last, "通报", tmp_path / "once.docx"))
    assert len(drawn) == len(once) + 1
    for code, words in (
        ("{{ 方案[0].等级图 }}", "是图表，请独占一段"),
        ("{{ (方案|random).等级图 }}", "图表写在了文字中间"),
    ):
        inside = edited("通报", lambda document, code=code: document.paragraphs[3].add_run(code) and None)
        with pytest.raises(TemplateFaultError, match=words):
            template("通报", inside).fill(record_of(last, "通报"), io.BytesIO(), "通报", datetime(2023, 5, 4))
