"""Hostile files: each ends in one status with its words, quickly and with little memory.

What would take gigabytes in a parser that is shown it is read in a process of its own here, whose peak is measured.
"""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.references import position
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import RefusalError
from tests.books import filled
from tests.findings import clean_document, patch_part, sheet_part
from tests.folders import parts_of, zipped
from tests.test_fill_read import read_back

PEAK_MB = 900
"""Of the whole command; the libraries take some 150 MB of it, a large file its own process beside it."""
XLS_PEAK_MB = 1_000
"""An .xls can ask for 65,536 rows of 256 columns, not seen before they are read: the bound of the process."""
SECONDS = 60
Make = Callable[[Path, Scheme], None]
KPIS = "绩效指标"


def good(scheme: Scheme, path: Path) -> Path:
    return filled(clean_document(), scheme, path)


def in_sheet(change: Callable[[str], str | bytes], sheet: str = KPIS) -> Make:
    """A good workbook with the XML of a sheet changed."""

    def make(path: Path, scheme: Scheme) -> None:
        good(scheme, path)

        def apply(xml: bytes) -> bytes:
            changed = change(xml.decode())
            return changed if isinstance(changed, bytes) else changed.encode()

        patch_part(path, sheet_part(path, sheet), apply)

    return make


def rows_added(rows: str, declaration: str = "") -> Make:
    return in_sheet(lambda xml: declaration + xml.replace("</sheetData>", rows + "</sheetData>"))


FAR_ROW = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def far_in_utf16(xml: str) -> bytes:
    text = xml.replace("</sheetData>", FAR_ROW + "</sheetData>")
    return text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def far_with_prefix(xml: str) -> str:
    text = xml.replace("</sheetData>", FAR_ROW + "</sheetData>")
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text)
    return text.replace('xmlns="', 'xmlns:x="')


def far_by_counting(xml: str) -> str:
    """No cell says where it stands."""
    return xml.replace(
        "</sheetData>", '<row r="1048576"><c><v>1</v></c>' + "<c><v>1</v></c>" * 16_000 + "</row></sheetData>"
    )


def under_another_name(path: Path, scheme: Scheme) -> None:
    """A part that the workbook names in other letters, and that ends in nothing."""
    good(scheme, path)
    parts = parts_of(path)
    name = sheet_part(path, KPIS)
    parts["xl/worksheets/KPIS"] = parts.pop(name).replace(b"</sheetData>", FAR_ROW.encode() + b"</sheetData>")
    key = "xl/_rels/workbook.xml.rels"
    parts[key] = parts[key].replace(name.removeprefix("xl/").encode(), b"worksheets/kpis")
    zipped(parts, path)


def bomb(path: Path, scheme: Scheme) -> None:
    """3 GB of one letter in 3 MB; never held whole here either."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b"<t>" + b"a" * 10_000_000
    packed = b"".join(packer.compress(block) for _ in range(30)) + packer.flush()
    parts = {name: data for name, data in parts_of(good(scheme, path)).items() if name != "xl/sharedStrings.xml"}
    zipped(parts, path)
    append_raw(path, "xl/sharedStrings.xml", packed, len(block) * 30, 0)


def append_raw(path: Path, name: str, packed: bytes, size: int, crc: int) -> None:
    """Adds a deflated part with a size and a checksum of one's own choice."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, packed)
    data = bytearray(path.read_bytes())
    encoded = name.encode()
    for signature, start, at_name in ((b"PK\x03\x04", 8, 30), (b"PK\x01\x02", 10, 46)):
        at = data.rfind(signature)
        while data[at + at_name : at + at_name + len(encoded)] != encoded:
            at = data.rfind(signature, 0, at)
        struct.pack_into("<H", data, at + start, 8)
        struct.pack_into("<III", data, at + start + 6, crc, len(packed), size)
    path.write_bytes(bytes(data))


def understated(path: Path, scheme: Scheme) -> None:
    """A part that says it is as long as its harmless beginning, with a checksum that fits that."""
    good(scheme, path)
    name = sheet_part(path, KPIS)
    parts = parts_of(path)
    xml = parts.pop(name)
    zipped(parts, path)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    hidden = xml + FAR_ROW.encode() + b" " * 1000
    append_raw(path, name, packer.compress(hidden) + packer.flush(), len(xml), zlib.crc32(xml))


def two_parts_of_one_name(path: Path, scheme: Scheme) -> None:
    good(scheme, path)
    name = sheet_part(path, KPIS)
    xml = parts_of(path)[name].replace(b"</sheetData>", FAR_ROW.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(name, xml)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + "ha" * 50 + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"
)  # fmt: skip


def laughs(part: str, encoding: str = "utf-8") -> Make:
    def make(path: Path, scheme: Scheme) -> None:
        def change(xml: bytes) -> bytes:
            text = re.sub(r"^<\?xml.*?\?>", "", xml.decode())
            head = LAUGHS.replace('"1.0"', f'"1.0" encoding="{encoding}"')
            return (head + text.replace("</", "&j;</", 1)).encode(encoding)

        patch_part(good(scheme, path), part, change)

    return make


def deep(part: str, tag: str = "g") -> Make:
    def make(path: Path, scheme: Scheme) -> None:
        nest = f"<{tag}>" * 300_000 + f"</{tag}>" * 300_000
        patch_part(good(scheme, path), part, lambda xml: re.sub(rb"(</[a-zA-Z]+>\s*)$", nest.encode() + rb"\1", xml))

    return make


def many_sheets(path: Path, scheme: Scheme) -> None:
    def change(xml: bytes) -> bytes:
        more = "".join(f'<sheet name="s{n}" sheetId="{n + 100}" r:id="rId1"/>' for n in range(5_000))
        return xml.replace(b"</sheets>", more.encode() + b"</sheets>")

    patch_part(good(scheme, path), "xl/workbook.xml", change)


def one_string_often(path: Path, scheme: Scheme) -> None:
    """A long text that half a million cells refer to."""
    good(scheme, path)
    parts = parts_of(path)
    count = parts["xl/sharedStrings.xml"].count(b"<si>")
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(
        b"</sst>", b"<si><t>" + b"a" * 30_000 + b"</t></si></sst>"
    )
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{col}{row}" t="s"><v>{count}</v></c>' for col in "BCDEFGHIJ") + "</row>"
        for row in range(100, 5_000)
    )
    name = sheet_part(path, KPIS)
    parts[name] = parts[name].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    zipped(parts, path)


def long_strings(path: Path, scheme: Scheme) -> None:
    """90 MB of shared strings: below the limit of inflated size, far above a template."""

    def change(xml: bytes) -> bytes:
        more = b"".join(
            b"<si><t>" + os.urandom(8).hex().encode() * 2 + b"x" * 4000 + b"</t></si>" for _ in range(20_000)
        )
        return xml.replace(b"</sst>", more + b"</sst>")

    patch_part(good(scheme, path), "xl/sharedStrings.xml", change)


def spaces_and_marks(xml: str) -> str:
    """What makes a careless pattern go back and forth for ever."""
    return xml.replace("</sheetData>", "</f></c>" * 400_000 + "<c" + " " * 2_000_000 + "</sheetData>")


def ods(content: str) -> Make:
    def make(path: Path, scheme: Scheme) -> None:
        head = (
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="{KPIS}">'
        )
        tail = "</table:table></office:spreadsheet></office:body></office:document-content>"
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": (head + content + tail).encode(),
                "META-INF/manifest.xml": b"<manifest/>"}, path)  # fmt: skip

    return make


ONE = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
MANY = ONE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16000"')


def xls_from_corner_to_corner(path: Path, scheme: Scheme) -> None:
    """A BIFF8 stream in a compound file: one number in A1, one in IV65536."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    name = "s".encode("utf-16-le")
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    sheet += record(0x200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0))
    sheet += record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + record(0x203, struct.pack("<HHHd", 65535, 255, 0, 1.0))
    sheet += record(0x0A, b"")
    globals_ = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bound = struct.pack("<IBBBB", len(globals_) + 4 + 8 + len(name) + 4, 0, 0, 1, 1) + name
    stream = globals_ + record(0x85, bound) + record(0x0A, b"") + sheet
    stream = stream.ljust(4096, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *(3 + n for n in range(7)), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(text: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = text.encode("utf-16-le")
        head = encoded.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(encoded) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child
        )
        return head + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    path.write_bytes(header.ljust(512, b"\xff") + fat + directory + stream)


def far(cell: str) -> Make:
    return rows_added(f'<row r="1048576">{cell}</row>')


HOSTILE: dict[str, tuple[str, Make, str, tuple[str, ...]]] = {
    "zip bomb": ("a.xlsx", bomb, "F105", ("超过上限",)),
    "two corners": ("a.xlsx", rows_added(FAR_ROW), "F106", ("XFD1048576", "10000 行", KPIS)),
    "single quotes": ("a.xlsx", rows_added(FAR_ROW.replace('"', "'")), "F106", ("XFD1048576",)),
    "spaces": ("a.xlsx", far('<c\n\tr = "XFD1048576" ><v>1</v></c>'), "F106", ("XFD1048576",)),
    "entity": ("a.xlsx", far('<c r="&#88;FD1048576"><v>1</v></c>'), "F106", ("范围之外",)),
    "lower case": ("a.xlsx", far('<c r="xfd1048576"><v>1</v></c>'), "F106", ("XFD1048576",)),
    "far text": ("a.xlsx", rows_added('<row r="99999"><c t="inlineStr" r="A99999"><is><t>1</t></is></c></row>'), "F106",
                 ("A99999",)),
    "no references": ("a.xlsx", in_sheet(far_by_counting), "F106", ("范围之外",)),
    "utf-16": ("a.xlsx", in_sheet(far_in_utf16), "F106", ("XFD1048576",)),
    "prefix": ("a.xlsx", in_sheet(far_with_prefix), "F106", ("XFD1048576",)),
    "other name": ("a.xlsx", under_another_name, "F106", ("XFD1048576",)),
    "understated size": ("a.xlsx", understated, "F104", ("损坏",)),
    "two parts of one name": ("a.xlsx", two_parts_of_one_name, "F104", ("损坏",)),
    "laughs in the workbook": ("a.xlsx", laughs("xl/workbook.xml"), "F105", ("DTD",)),
    "laughs in a sheet": ("a.xlsx", laughs("xl/worksheets/sheet3.xml"), "F105", ("DTD",)),
    "laughs in the strings": ("a.xlsx", laughs("xl/sharedStrings.xml"), "F105", ("DTD",)),
    "laughs in the styles": ("a.xlsx", laughs("xl/styles.xml"), "F105", ("DTD",)),
    "laughs in utf-16": ("a.xlsx", laughs("xl/sharedStrings.xml", "utf-16"), "F105", ("DTD",)),
    "laughs in the relations": ("a.xlsx", laughs("xl/_rels/workbook.xml.rels"), "F105", ("DTD",)),
    "5,000 sheets": ("a.xlsx", many_sheets, "F105", ("工作表超过 200 个",)),
    "ods rows": ("a.ods", ods(f'<table:table-row table:number-rows-repeated="1048576">{ONE}</table:table-row>'), "F106",
                 ("1048576 行",)),
    "ods columns": ("a.ods", ods(f"<table:table-row>{MANY}</table:table-row>"), "F106", ("16000 列",)),
    "ods gap": ("a.ods", ods('<table:table-row table:number-rows-repeated="1048575"><table:table-cell/>'
                             f"</table:table-row><table:table-row>{ONE}</table:table-row>"), "F106", ("1048576 行",)),
    "ods laughs": ("a.ods", ods(f"<table:table-row>{ONE}</table:table-row><!DOCTYPE x>"), "F104", ("损坏",)),
    "xls corners": ("a.xls", xls_from_corner_to_corner, "F106", ("IV65536",)),
}  # fmt: skip

CHILD = """
import json, resource, sys, time
from pathlib import Path
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
if __name__ == "__main__":
    started = time.monotonic()
    options = RunOptions(jobs=1, department_sheets=0, department_books=False)
    batch = run_folder(Path(sys.argv[1]), Path(sys.argv[2]), load_scheme(), options).batch
    peaks = [resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "files": {r.path: [r.status.value, r.reason] for r in batch.files},
        "codes": [f.code for f in batch.findings], "peaks": peaks, "seconds": time.monotonic() - started,
    }))
"""


def run_in_child(folder: Path) -> dict[str, object]:
    """What a run over the folder comes to, with its peak memory in MB and its seconds, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(folder.with_name("out"))],
        capture_output=True, text=True, timeout=SECONDS * 3, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.slow
def test_hostile_files_are_refused_with_words(name: str, scheme: Scheme, tmp_path: Path) -> None:
    file, make, code, words = HOSTILE[name]
    (tmp_path / "in").mkdir()
    make(tmp_path / "in" / file, scheme)
    told = run_in_child(tmp_path / "in")
    status, reason = told["files"][file]  # type: ignore[index]
    assert (status, told["codes"]) == ("rejected", [code]), reason
    for word in words:
        assert word in reason
    assert max(told["peaks"]) < (XLS_PEAK_MB if file.endswith(".xls") else PEAK_MB), told  # type: ignore[type-var]
    assert float(told["seconds"]) < SECONDS, told  # type: ignore[arg-type]


HARMLESS: dict[str, Make] = {
    "100,000 merged ranges": in_sheet(
        lambda xml: re.sub(
            r"<mergeCells.*?</mergeCells>", "", xml
        ).replace(
            "</sheetData>",
            "</sheetData><mergeCells>"
            + "".join(f'<mergeCell ref="B{2 * n}:C{2 * n + 1}"/>' for n in range(10_000, 110_000)) + "</mergeCells>",
        )
    ),
    "1,048,576 formatted rows": rows_added("".join(
        f'<row r="{n}" ht="20" customHeight="1"><c r="B{n}" s="1"/></row>' for n in range(60, 1_048_577)
    )),
    "wrong dimension": in_sheet(lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml)),
    "strings of 80 MB": long_strings,
    "one text often": one_string_often,
    "deep styles": deep("xl/styles.xml"),
    "far blank cell": rows_added('<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
@pytest.mark.slow
def test_large_but_harmless_files_are_read(name: str, scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    HARMLESS[name](tmp_path / "in" / "a.xlsx", scheme)
    told = run_in_child(tmp_path / "in")
    assert told["files"] == {"a.xlsx": ["scored", ""]}, told
    assert max(told["peaks"]) < PEAK_MB, told  # type: ignore[type-var]
    assert float(told["seconds"]) < SECONDS, told  # type: ignore[arg-type]


ANY_STATUS: dict[str, tuple[str, Make]] = {
    "deep workbook": ("a.xlsx", deep("xl/workbook.xml")),
    "deep sheet": ("a.xlsx", deep("xl/worksheets/sheet4.xml")),
    "deep strings": ("a.xlsx", deep("xl/sharedStrings.xml")),
    "deep ods": ("a.ods", ods("<table:table-row>" * 200_000)),
    "deep ods, closed": ("a.ods", ods("<text:p>" * 200_000 + "</text:p>" * 200_000)),
    "marks and spaces": ("a.xlsx", in_sheet(spaces_and_marks)),
    "no number": ("a.xlsx", rows_added('<row r="60"><c r="B60"><v>NaN</v></c><c r="C60"><v>1e999</v></c></row>')),
    "dates out of range": ("a.xlsx", rows_added(
        '<row r="60"><c r="B60" t="d"><v>99999-99-99</v></c><c r="C60" t="b"><v>7</v></c>'
        '<c r="D60" t="s"><v>99999999</v></c><c r="E60" t="s"><v>-1</v></c><c r="F60" t="zz"><v>x</v></c></row>'
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", ANY_STATUS)
@pytest.mark.slow
def test_odd_files_end_in_one_status(name: str, scheme: Scheme, tmp_path: Path) -> None:
    file, make = ANY_STATUS[name]
    (tmp_path / "in").mkdir()
    make(tmp_path / "in" / file, scheme)
    told = run_in_child(tmp_path / "in")
    ((status, reason),) = told["files"].values()  # type: ignore[attr-defined]
    assert status in ("scored", "returned", "rejected")
    assert reason or status == "scored"
    assert max(told["peaks"]) < PEAK_MB and float(told["seconds"]) < SECONDS, told  # type: ignore[type-var, arg-type]


@pytest.mark.parametrize(
    ("ref", "place"),
    [(b"A1", (0, 0)), (b"xfd1048576", (1048575, 16383)), (b" D7 ", (6, 3)), (b"7D", None), (b"AAAA1", None),
     (b"", None), (b"A99999999", None)],
)  # fmt: skip
def test_references(ref: bytes, place: tuple[int, int] | None) -> None:
    assert position(ref) == place


def test_meta_written_by_hand_does_no_harm(scheme: Scheme, tmp_path: Path) -> None:
    """The hidden sheet is input like any other."""
    from tests.books import by_hand

    path = good(scheme, tmp_path / "a.xlsx")

    def change(book: object) -> None:
        sheet = book["_meta"]  # type: ignore[index]
        for key, value in (("spelling:facts|contracts_total|value", "[" * 30_000), ("spelling:a|b", "[1]"),
                           ("spelling:kpis|0|name", '["x", 1]'), ("spelling:kpis|x|name", '["x"]'),
                           ("spelling:scores|A01|self", "3"), ("spelling:identity|x|y", "{}")):  # fmt: skip
            sheet.append([key, value])

    by_hand(path, change)
    assert read_back(path)["facts"]["contracts_total"] == "4"
    for version in ("9" * 5_000, "²", "-1", "1.0"):
        by_hand(path, lambda book, version=version: book["_meta"].__setitem__("B1", version))  # type: ignore[misc]
        with pytest.raises(RefusalError) as refused:
            read_back(path)
        assert refused.value.code == "F112"
