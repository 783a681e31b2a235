"""What lies above the cells is read as far as it goes, whatever a workbook holds there."""

from __future__ import annotations

import io
import zipfile

import pytest

from perfxl.workbook.drawings import LARGEST, LONGEST, MOST, Drawings, TextBox, read_drawings
from perfxl.workbook.parts import Parts

SHEET, PART = "xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
)


def read(xml: str) -> Drawings:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, "<worksheet/>")
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATIONS)
        archive.writestr(PART, xml)
    with zipfile.ZipFile(stream) as archive:
        return read_drawings(Parts(archive), SHEET)


def box(text: str, row: str = "4") -> str:
    return f"<oneCellAnchor><from><col>2</col><row>{row}</row></from><sp>{text}</sp></oneCellAnchor>"


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        (box("<p><t>上年</t><t>结转</t></p><p><t>已核对</t></p>"), Drawings((TextBox("C5", "上年结转\n已核对"),))),
        (box("<p/>") + "<twoCellAnchor><pic/></twoCellAnchor><twoCellAnchor><graphicFrame/></twoCellAnchor>",
         Drawings((), 1, 1)),
        # A shape that older programs are offered beside the one of this.
        ("<AlternateContent><Choice><graphicFrame/></Choice><Fallback><sp><t>升级</t></sp><pic/></Fallback>"
         "</AlternateContent>", Drawings((), 0, 1)),
        (box("<t>字</t>", "9" * 50_000), Drawings((TextBox("C1", "字"),))),
        (box(f"<t>{'字' * 9_000}</t>"), Drawings((TextBox("C5", "字" * LONGEST),))),
        ("<a>" * 100_000 + "</a>" * 100_000, Drawings()),
        (box("<t>字</t>") * (MOST + 5), Drawings((TextBox("C5", "字"),) * MOST)),
        (f"<t>{'x' * LARGEST}</t>", Drawings(many=True)),
    ],
)  # fmt: skip
def test_drawings(xml: str, found: Drawings) -> None:
    assert read(f"<wsDr>{xml}</wsDr>") == found


@pytest.mark.parametrize("xml", ["", "<wsDr>", f"<wsDr>{box('<t>字</t>')}", "<!DOCTYPE a><wsDr/>"])
def test_no_workbook_is_refused_for_them(xml: str) -> None:
    assert read(xml).pictures == 0
