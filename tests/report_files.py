"""Reports as files: Word documents and PDFs of given paragraphs, harmless and hostile ones."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

REFERENCE = Path("tests/cases/zengcheng-kexie-2022-report.txt")
"""The published report of the example's real department, with its printed lines and page numbers."""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paragraph(text: str) -> str:
    """A paragraph; a line end in it is a line break."""
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A table of texts."""
    inner = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{inner}</w:tbl>"


def docx_of(texts: Iterable[str], *, body: str = "", head: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A .docx of paragraphs, then what is given as XML. head: stands before the document element."""
    inner = "".join(map(paragraph, texts)) + body
    document = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {_W}><w:body>{inner}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", document)
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def margin(text: str) -> bytes:
    """A header or footer part."""
    return f'<?xml version="1.0"?><w:hdr {_W}>{paragraph(text)}</w:hdr>'.encode()


def pdf_of(pages: Sequence[Sequence[str]], *, count: int = 0, filler: int = 0) -> bytes:
    """A .pdf of printed lines. count: so many pages more, all blank. filler: bytes that a stream inflates to."""
    objects: list[bytes] = []

    def put(data: bytes) -> int:
        objects.append(data)
        return len(objects)

    font = 3
    objects += [b"", b"", b""]
    objects[2] = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype"
        b"/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>]>>"
    )
    kids = []
    for lines in pages:
        drawn = (
            b"BT /F 12 Tf 72 760 Td 18 TL "
            + b" ".join(b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*" for line in lines)
            + b" ET"
        )
        drawn += b" " * filler
        packed = zlib.compress(drawn, 9)
        stream = put(b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream")
        kids.append(put(_page(font, b"/Contents %d 0 R" % stream)))
    kids += [put(_page(font, b"")) for _ in range(count)]
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + data + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def _page(font: int, more: bytes) -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F %d 0 R>>>>%s>>" % (font, more)
