"""What goes to the public: the department's own figures and nothing that is the bureau's or a person's."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.documents.internal import inner_matters
from perfxl.errors import OutputError
from perfxl.scheme.model import Scheme
from tests.word_files import edited, parts, run_of, whole_text, write

NAME = "广州市增城区科学技术协会"


@pytest.fixture
def folder(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> Path:
    submission = case["submission"]
    submission["department"] |= {"contact": "联系人甲", "phone": "020-12345678", "remark": "备注乙"}
    submission["facts"]["last_year_rectified"] = "否"
    for row in submission["kpis"]:
        row["evidence"] = "佐证丙"
    output = run_of([submission], tmp_path, scheme)
    write(output, "公开稿")
    return output / "文书" / "公开稿"


def test_it_holds_the_departments_own_figures(folder: Path) -> None:
    text = whole_text(folder / f"{NAME}.docx")
    sheet = openpyxl.load_workbook(folder / f"{NAME}.xlsx").active
    assert sheet is not None
    cells = [cell.value for row in sheet for cell in row if cell.value is not None]
    for word in ("全国科普日科普活动场次", "绩效管理制度建设", "基本支出"):
        assert word in text
        assert word in cells
    assert "96.45" in text
    assert 639.15 in cells
    assert 2.5 in cells
    assert 0.9949 in cells


def test_it_holds_nothing_internal(folder: Path) -> None:
    for path in folder.iterdir():
        assert inner_matters(path) == []
        everything = "".join(data.decode("utf-8", "replace") for data in parts(path).values())
        for word in ("联系人甲", "020-12345678", "备注乙", "佐证丙", "94.95", "排名", "认定", "问题"):
            assert word not in everything, (path.name, word)
        assert "dc:creator></dc:creator" in everything or "<dc:creator>" not in everything


def test_the_list_names_the_files(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "公开清单.xlsx").active
    assert sheet is not None
    row = [cell.value for cell in sheet[4]]
    assert row[1] == NAME
    assert row[-2:] == [f"{NAME}.docx", f"{NAME}.xlsx"]
    assert all((folder / str(name)).is_file() for name in row[-2:])


INTERNAL = {
    "word/comments.xml": (b"<w:comments/>", "批注"),
    "docProps/custom.xml": (b"<Properties/>", "自定义文档属性"),
    "docProps/thumbnail.jpeg": (b"jpeg", "缩略图"),
    "customXml/item1.xml": (b"<a/>", "自定义 XML"),
    "word/vbaProject.bin": (b"macro", "宏"),
    "xl/externalLinks/externalLink1.xml": (b"<a/>", "外部链接"),
    "word/_rels/other.xml.rels": (b'<Relationship Target="http://x" TargetMode="External"/>', "外部链接"),
    "word/header9.xml": (b'<w:p w:rsidR="00A1"><w:r><w:rPr><w:vanish/></w:rPr></w:r></w:p>', "隐藏文字"),
    "word/footer9.xml": (b'<w:ins w:id="1" w:author="A"></w:ins>', "修订痕迹"),
    "docProps/core.xml": (b"<cp:coreProperties><dc:creator>A</dc:creator></cp:coreProperties>", "作者"),
    "docProps/app.xml": (b"<Properties><Company>A</Company></Properties>", "单位等文档属性"),
    "xl/workbook.xml": (b'<workbook><sheets><sheet state="hidden"/></sheets></workbook>', "隐藏的工作表"),
    "xl/worksheets/sheet9.xml": (b'<worksheet><row r="1" hidden="1"/></worksheet>', "隐藏的行或列"),
}


@pytest.mark.parametrize("name", INTERNAL)
def test_what_is_internal_is_found(name: str, tmp_path: Path) -> None:
    content, words = INTERNAL[name]
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"<w:document/>")
        archive.writestr(name, content)
    assert any(words in matter for matter in inner_matters(path))


def test_a_template_with_hidden_text_is_refused_for_the_public(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path
) -> None:
    def hide(document: Any) -> None:
        document.paragraphs[0].add_run("内部").font.hidden = True

    output = run_of([case["submission"]], tmp_path, scheme)
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "公开稿模板.docx").write_bytes(edited("公开稿", hide))
    with pytest.raises(OutputError, match="不宜公开的内容：隐藏文字"):
        write(output, "公开稿", templates=templates)
    assert not (output / "文书" / "公开稿").exists()


def test_what_a_template_says_of_its_writer_does_not_get_out(
    case: dict[str, Any], scheme: Scheme, tmp_path: Path
) -> None:
    def sign(document: Any) -> None:
        document.core_properties.author = document.core_properties.last_modified_by = "王五"
        document.core_properties.comments = "内部使用"

    output = run_of([case["submission"]], tmp_path, scheme)
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "公开稿模板.docx").write_bytes(edited("公开稿", sign))
    write(output, "公开稿", templates=templates)
    everything = b"".join(parts(output / "文书" / "公开稿" / f"{NAME}.docx").values()).decode("utf-8", "replace")
    assert "王五" not in everything
    assert "内部使用" not in everything
    shutil.rmtree(templates)
