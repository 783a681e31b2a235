"""Draws Word templates in the form of official documents (党政机关公文格式, GB/T 9704-2012).

A4; text area 156 × 225 mm, 22 lines of 28 characters; title 2 号小标宋, text 3 号仿宋, headings 黑体, 楷体, 仿宋; page
numbers `— 1 —` in 4 号 outside. Fonts that a computer lacks have others named beside them in the table of fonts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

SONG, XIAOBIAOSONG, FANGSONG, KAI, HEI = "宋体", "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
_OTHERS = {
    SONG: "SimSun;NSimSun;STSong;Noto Serif CJK SC",
    XIAOBIAOSONG: "方正小标宋_GBK;FZXiaoBiaoSong-B05S;华文中宋;STZhongsong;宋体",
    FANGSONG: "仿宋;FangSong;STFangsong;华文仿宋",
    KAI: "楷体;KaiTi;STKaiti;华文楷体",
    HEI: "SimHei;STHeiti;华文黑体;微软雅黑;Noto Sans CJK SC",
}
"""What stands in for a font where it is missing, the first that there is."""
TWO, THREE, FOUR, SMALL_FOUR, FIVE, SMALL_FIVE = Pt(22), Pt(16), Pt(14), Pt(12), Pt(10.5), Pt(9)
"""二号, 三号, 四号, 小四, 五号, 小五."""
TITLE, HEAD1, HEAD2, HEAD3, BODY, PLAIN, RIGHT, NOTE, CELL, CELL_HEAD, TABLE_TITLE = (
    "公文标题", "一级标题", "二级标题", "三级标题", "公文正文", "顶格正文", "落款", "附注", "表格文字", "表格标题",
    "附表标题",
)  # fmt: skip
"""The styles: the bureau changes the look of all documents of a kind by changing one of them in Word."""
NONE = Pt(0)
LINE = Pt(28.95)
"""22 lines in 225 mm."""
_CELL_MARGINS = (("top", 40), ("left", 85), ("bottom", 40), ("right", 85))
"""Of the cells of tables, twentieths of a point."""


class Form:
    """A template while it is drawn. landscape_width: of the text where a page lies on its side."""

    def __init__(self) -> None:
        self.document: Any = Document()
        self._strip()
        self._fonts()
        self._styles()
        self._page(self.document.sections[0])
        self._numbers(self.document.sections[0])

    def title(self, *lines: str) -> None:
        """The title of the document in one line or several, and a blank line below."""
        for line in lines:
            self.paragraph(line, TITLE)
        self.paragraph("", PLAIN)

    def head(self, level: int, text: str) -> None:
        """A heading: 1 一、, 2 （一）, 3 1. The number is part of the text, as `{{ 章号 }}`."""
        self.paragraph(text, (HEAD1, HEAD2, HEAD3)[level - 1])

    def body(self, *texts: str) -> None:
        """Paragraphs of the text."""
        for text in texts:
            self.paragraph(text, BODY)

    def paragraph(self, text: str, style: str = BODY, *, page_break: bool = False, keep: bool = False) -> Any:
        """A paragraph of a style. page_break: whether it begins a page; keep: whether it stands with what follows."""
        paragraph = self.document.add_paragraph(text, style=style)
        if page_break:
            paragraph.paragraph_format.page_break_before = True
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def tag(self, code: str) -> None:
        """A tag that stands alone: `for 段 in 概况` becomes `{%p for 段 in 概况 %}`."""
        self.paragraph("{%p " + code + " %}", BODY)

    def each(self, loop: str, text: str, style: str = BODY, *, keep: bool = False) -> None:
        """A paragraph for each of a list. loop: `段 in 概况`. keep: as for `paragraph`."""
        self.tag(f"for {loop}")
        self.paragraph(text, style, keep=keep)
        self.tag("endfor")

    def signed(self, *lines: str) -> None:
        """Who signs, and the date."""
        # On one page with the last paragraph of the text.
        for line in ("", *lines[:-1]):
            self.paragraph(line, RIGHT if line else BODY).paragraph_format.keep_with_next = True
        self.paragraph(lines[-1], RIGHT)

    def table(
        self, headings: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str] | str] = (),
        numbers: Sequence[int] = (), *, together: bool = False,
    ) -> Any:  # fmt: skip
        """A table. widths: shares of the text's width. rows: cells, or the tag that stands alone in its row, `endfor` →
        `{%tr endfor %}`. numbers: columns that stand in the middle. together: whether it stands on one page
        with what follows.
        """
        table = self.document.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid"
        table.autofit = False
        margins = "".join(f'<w:{side} w:w="{wide}" w:type="dxa"/>' for side, wide in _CELL_MARGINS)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))
        section = self.document.sections[-1]
        whole = section.page_width - section.left_margin - section.right_margin
        columns = [int(whole * share / sum(widths)) for share in widths]
        for column, width in zip(table.columns, columns, strict=True):
            column.width = width
        if headings:
            self._row(table, headings, columns, CELL_HEAD)
            self._mark(table.rows[0], "w:tblHeader")
        for row in rows:
            cells = ["{%tr " + row + " %}"] + [""] * (len(widths) - 1) if isinstance(row, str) else row
            self._row(table, cells, columns, CELL, numbers, together)
        return table

    def _row(
        self, table: Any, texts: Sequence[str], columns: Sequence[int], style: str, numbers: Sequence[int] = (),
        together: bool = False,
    ) -> None:  # fmt: skip
        row = table.add_row()
        self._mark(row, "w:cantSplit")
        for place, (cell, text, width) in enumerate(zip(row.cells, texts, columns, strict=True)):
            cell.width = width
            cell.vertical_alignment = 1
            paragraph = cell.paragraphs[0]
            paragraph.style = style
            for number, line in enumerate(text.split("\n")):
                if number:
                    paragraph = cell.add_paragraph(style=style)
                paragraph.add_run(line)
                if together:
                    paragraph.paragraph_format.keep_with_next = True
                if place in numbers:
                    paragraph.alignment = ALIGN.CENTER

    @staticmethod
    def _mark(row: Any, tag: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(tag))

    def landscape(self) -> None:
        """What follows stands on pages that lie on their side, for wide tables."""
        section = self.document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(28), Mm(26)
        section.left_margin, section.right_margin = Mm(35), Mm(37)

    def data(self) -> bytes:
        """The template as a file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    def _strip(self) -> None:
        """What python-docx's own empty document brings and nobody here needs: a picture, hundreds of styles."""
        package, part = self.document.part.package, self.document.part
        for owner, kinds in ((package, ("thumbnail",)), (part, ("stylesWithEffects", "customXml", "numbering"))):
            for key, relation in list(owner.rels.items()):
                if relation.reltype.endswith(kinds):
                    del owner.rels[key]
        styles = self.document.styles.element
        needed = {"Normal", "DefaultParagraphFont", "TableNormal", "TableGrid", "Header", "Footer", "NoList"}
        for style in styles.findall(qn("w:style")):
            if style.get(qn("w:styleId")) not in needed:
                styles.remove(style)
            else:
                for link in style.findall(qn("w:link")):
                    style.remove(link)
        latent = styles.find(qn("w:latentStyles"))
        if latent is not None:
            styles.remove(latent)

    def _fonts(self) -> None:
        rels = self.document.part.rels.values()
        table = next(relation.target_part for relation in rels if relation.reltype == REL.FONT_TABLE)
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others.split(";")[0]}"/><w:charset w:val="86"/>'
            f'<w:family w:val="{"modern" if name in (HEI, FANGSONG, KAI) else "auto"}"/>'
            '<w:pitch w:val="variable"/></w:font>'
            for name, others in _OTHERS.items()
        )
        western = '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>'
        table._blob = f"<w:fonts {nsdecls('w')}>{western}{fonts}</w:fonts>".encode()

    def _styles(self) -> None:
        styles = self.document.styles
        defaults = styles.element.find(qn("w:docDefaults"))
        defaults.getparent().replace(
            defaults,
            parse_xml(
                f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr>{_rfonts(FANGSONG)}<w:sz w:val="32"/>'
                '<w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
                "<w:pPrDefault/></w:docDefaults>"
            ),
        )
        normal = styles["Normal"]
        _look(normal, FANGSONG, THREE)
        self._style(TITLE, XIAOBIAOSONG, TWO, align=ALIGN.CENTER, line=Pt(35), keep=True)
        self._style(HEAD1, HEI, THREE, indent=2, outline=0)
        self._style(HEAD2, KAI, THREE, indent=2, outline=1)
        self._style(HEAD3, FANGSONG, THREE, indent=2, outline=2)
        self._style(BODY, FANGSONG, THREE, indent=2, align=ALIGN.JUSTIFY)
        self._style(PLAIN, FANGSONG, THREE)
        self._style(RIGHT, FANGSONG, THREE, align=ALIGN.RIGHT, right=4)
        self._style(NOTE, FANGSONG, SMALL_FOUR, line=Pt(20))
        self._style(TABLE_TITLE, HEI, FOUR, align=ALIGN.CENTER, after=Pt(6), keep=True)
        self._style(CELL, SONG, FIVE, line=Pt(15), snap=False)
        self._style(CELL_HEAD, HEI, FIVE, align=ALIGN.CENTER, line=Pt(15), keep=True, snap=False)

    def _style(
        self, name: str, font: str, size: Any, *, indent: int = 0, outline: int | None = None, align: Any = None,
        line: Any = LINE, after: Any = NONE, right: int = 0, keep: bool = False, snap: bool = True,
    ) -> None:  # fmt: skip
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.document.styles["Normal"]
        style.quick_style = True
        _look(style, font, size)
        shape = style.paragraph_format
        shape.line_spacing, shape.space_before, shape.space_after = line, Pt(0), after
        shape.alignment, shape.widow_control = align, False
        properties = style.element.get_or_add_pPr()
        if outline is not None:
            shape.keep_with_next = True
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(outline))
            properties.append(level)
        elif keep:
            shape.keep_with_next = True
        if not snap:
            # Else every line of a table is as high as one of the text.
            off = OxmlElement("w:snapToGrid")
            off.set(qn("w:val"), "0")
            properties.insert_element_before(
                off, "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
                "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
            )  # fmt: skip
        if indent:
            shape.first_line_indent = size * indent
            properties.ind.set(qn("w:firstLineChars"), str(indent * 100))
        if right:
            shape.right_indent = size * right
            properties.ind.set(qn("w:rightChars"), str(right * 100))

    def _page(self, section: Any) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(24)
        properties = section._sectPr
        for grid in properties.findall(qn("w:docGrid")):
            properties.remove(grid)
        properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>'))

    def _numbers(self, section: Any) -> None:
        """Page numbers outside: right on odd pages, left on even ones."""
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = FOUR
            for text in ("— ", None, " —"):
                run = paragraph.add_run(text or "")
                run.font.size = FOUR
                run.font.name = "Times New Roman"
                run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
                if text is None:
                    _page_number(run)


def _page_number(run: Any) -> None:
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        if kind == "PAGE":
            item = OxmlElement("w:instrText")
            item.text = " PAGE "
        elif kind == "1":
            item = OxmlElement("w:t")
            item.text = "1"
        else:
            item = OxmlElement("w:fldChar")
            item.set(qn("w:fldCharType"), kind)
        run._r.append(item)


def _rfonts(font: str) -> str:
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}" w:cs="Times New Roman"/>'


def _look(style: Any, font: str, size: Any) -> None:
    style.font.size = size
    style.font.bold = None
    properties = style.element.get_or_add_rPr()
    if size == THREE:
        # 28 characters of 3 号 in 156 mm stand a little closer than they are wide. A grid of characters would say so
        # too, but LibreOffice spreads them.
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), "-4")
        properties.insert_element_before(closer, "w:sz", "w:szCs", "w:lang")
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, parse_xml(_rfonts(font).replace("<w:rFonts", f"<w:rFonts {nsdecls('w')}")))
