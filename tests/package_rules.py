"""The rules of OOXML at which Excel offers to repair a workbook, or drops a part of it without a word.

`faults` reads a package as it is, without a library that would forgive. Each fault is a line of words.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from openpyxl.utils import range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
ROWS, COLUMNS = 1_048_576, 16_384
LINKS, CELL_TEXT, FORMULA, LIST = 65_530, 32_767, 8_192, 255
NAME = re.compile(r"[\w\\][\w.\\]*$")
# A text may hold what looks like a sheet, and a sheet's name what looks like a text.
SHEET_IN_FORMULA = re.compile(r"""'((?:[^']|'')+)'!|"(?:[^"]|"")*"|([^\W\d][\w.]*)!""")


def units(text: str) -> int:
    """Length in UTF-16 units, as Excel counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Package:
    """The parts of a workbook, each parsed once."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            self.parts = {name: archive.read(name) for name in self.names}
        self.trees = {
            name: ET.fromstring(data) for name, data in self.parts.items() if name.endswith((".xml", ".rels"))
        }

    def relations(self, part: str) -> dict[str, tuple[str, bool]]:
        """Target part and whether it is outside, by id."""
        folder, name = posixpath.split(part)
        tree = self.trees.get(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found = {}
        for item in tree.iter(f"{RELS}Relationship") if tree is not None else ():
            outside = item.get("TargetMode") == "External"
            target = item.get("Target", "")
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[item.get("Id", "")] = (target if outside else inside, outside)
        return found

    @property
    def sheets(self) -> dict[str, str]:
        """Part by sheet name."""
        relations = self.relations("xl/workbook.xml")
        tree = self.trees["xl/workbook.xml"]
        return {item.get("name", ""): relations[item.get(f"{OFFICE}id", "")][0] for item in tree.iter(f"{MAIN}sheet")}

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The parts below a folder (`tables`, `drawings`) that a part refers to."""
        for target, outside in self.relations(part).values():
            if not outside and f"/{kind}/" in target:
                yield target


def faults(path: Path) -> list[str]:
    """Everything in the workbook that Excel would not take as it is."""
    package = Package(path)
    found = [*_parts(package), *_sheet_names(package), *_names(package), *_texts(package), *_tables(package)]
    for name, part in package.sheets.items():
        found += [f"{name}: {fault}" for fault in _sheet(package, part)]
        for drawing in (each for each in package.related(part, "drawings") if each.endswith(".xml")):
            found += [f"{name}: {fault}" for fault in _drawing(package, drawing)]
    return found


def _parts(package: Package) -> Iterator[str]:
    if len(package.names) != len(set(package.names)):
        yield "a part is there twice"
    types = package.trees["[Content_Types].xml"]
    overrides = {item.get("PartName", "").lstrip("/") for item in types.iter(f"{TYPES}Override")}
    endings = {item.get("Extension", "") for item in types.iter(f"{TYPES}Default")}
    for name in package.names:
        if name != "[Content_Types].xml" and name not in overrides and name.rpartition(".")[2] not in endings:
            yield f"{name} has no content type"
    yield from (f"{name} has a content type and is missing" for name in overrides - set(package.names))
    for name in package.trees:
        for target, outside in package.relations(name).values():
            if not outside and target not in package.parts:
                yield f"{name} refers to {target}, which is missing"


def _sheet_names(package: Package) -> Iterator[str]:
    seen: set[str] = set()
    for item in package.trees["xl/workbook.xml"].iter(f"{MAIN}sheet"):
        name = item.get("name", "")
        if not name or units(name) > 31 or re.search(r"[\[\]:*?/\\]", name) or name.strip("'") != name:
            yield f"bad sheet name {name!r}"
        if name.casefold() in seen or name.casefold() == "history":
            yield f"sheet name {name!r} is taken"
        seen.add(name.casefold())


def _names(package: Package) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for item in package.trees["xl/workbook.xml"].iter(f"{MAIN}definedName"):
        name, formula = item.get("name", ""), item.text or ""
        key = (name.casefold(), item.get("localSheetId", ""))
        if not NAME.match(name.removeprefix("_xlnm.")) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]", name):
            yield f"bad defined name {name!r}"
        if key in seen:
            yield f"defined name {name!r} is there twice"
        seen.add(key)
        yield from (f"defined name {name}: {fault}" for fault in _formula(package, formula))


def _formula(package: Package, formula: str) -> Iterator[str]:
    if "#REF!" in formula or "#NAME?" in formula:
        yield f"{formula} refers to nothing"
    if units(formula) > FORMULA:
        yield f"{formula[:40]}… is too long"
    for quoted, plain in SHEET_IN_FORMULA.findall(formula):
        name = quoted.replace("''", "'") or plain
        if name and name not in package.sheets:
            yield f"{formula} names the sheet {name!r}, which is missing"


def _texts(package: Package) -> Iterator[str]:
    for tree in package.trees.values():
        for item in [*tree.iter(f"{MAIN}si"), *tree.iter(f"{MAIN}is")]:
            text = "".join(part.text or "" for part in item.iter(f"{MAIN}t"))
            if units(text) > CELL_TEXT:
                yield f"a text of {units(text)} units"


def _tables(package: Package) -> Iterator[str]:
    names, numbers = set(), set()
    for part, tree in package.trees.items():
        if tree.tag != f"{MAIN}table":
            continue
        name, number = tree.get("displayName", "").casefold(), tree.get("id")
        if name in names or number in numbers:
            yield f"{part}: table {name} or its id is there twice"
        names.add(name)
        numbers.add(number)
        headings = [item.get("name", "").casefold() for item in tree.iter(f"{MAIN}tableColumn")]
        if len(headings) != len(set(headings)):
            yield f"{part}: two columns have one heading"


def _sheet(package: Package, part: str) -> Iterator[str]:
    tree = package.trees[part]
    yield from _cells(package, tree)
    yield from _merges(package, part, tree)
    yield from _validations(package, tree)
    yield from _links(package, part, tree)
    dxfs = package.trees["xl/styles.xml"].find(f"{MAIN}dxfs")
    formats = 0 if dxfs is None else len(dxfs)
    for rule in tree.iter(f"{MAIN}cfRule"):
        if int(rule.get("dxfId", -1)) >= formats:
            yield "a conditional format has no format"
    for formula in [*tree.iter(f"{MAIN}f"), *tree.iter(f"{MAIN}formula")]:
        yield from _formula(package, formula.text or "")
    if len(tree.findall(f"{MAIN}autoFilter")) > 1:
        yield "two filters"


def _cells(package: Package, tree: ET.Element) -> Iterator[str]:
    shared = package.trees.get("xl/sharedStrings.xml")
    texts = 0 if shared is None else len(shared)
    styles = len(package.trees["xl/styles.xml"].find(f"{MAIN}cellXfs") or ())
    last_row = 0
    for row in tree.iter(f"{MAIN}row"):
        number = int(row.get("r", 0))
        if not last_row < number <= ROWS or float(row.get("ht", 0)) > 409.5:
            yield f"row {number} is out of order, or too high"
        last_row, last_column = number, 0
        for cell in row:
            left, top, _, _ = range_boundaries(cell.get("r", ""))
            if top != number or not last_column < left <= COLUMNS:
                yield f"cell {cell.get('r')} is out of order"
            last_column = left
            value = cell.findtext(f"{MAIN}v")
            if int(cell.get("s", 0)) >= styles or (cell.get("t") == "s" and int(value or texts) >= texts):
                yield f"cell {cell.get('r')} has no style or text"
            if cell.get("t") == "e":
                yield f"cell {cell.get('r')} shows {value}"


def _merges(package: Package, part: str, tree: ET.Element) -> Iterator[str]:
    merged = [range_boundaries(item.get("ref", "")) for item in tree.iter(f"{MAIN}mergeCell")]
    taken: set[tuple[int, int]] = set()
    for left, top, right, bottom in merged:
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(cells) < 2 or taken & cells:
            yield f"the merged cells at row {top}, column {left} overlap others, or are one cell"
        taken |= cells
    areas = [item.get("ref", "") for item in tree.iter(f"{MAIN}autoFilter")]
    areas += [package.trees[table].get("ref", "") for table in package.related(part, "tables")]
    for area in areas:
        left, top, right, bottom = range_boundaries(area)
        if any(left <= column <= right and top < row <= bottom for row, column in taken):
            yield f"merged cells in the rows of {area}, which can then not be sorted"
    for number, area in enumerate(areas):
        left, top, right, bottom = range_boundaries(area)
        for other in areas[number + 1 :]:
            least, first, most, last = range_boundaries(other)
            if left <= most and least <= right and top <= last and first <= bottom:
                yield f"{area} and {other} overlap"


def _validations(package: Package, tree: ET.Element) -> Iterator[str]:
    for item in tree.iter(f"{MAIN}dataValidation"):
        formula = item.findtext(f"{MAIN}formula1") or ""
        if item.get("type") == "list" and formula.startswith('"') and units(formula.strip('"')) > LIST:
            yield f"the list at {item.get('sqref')} is too long"
        for attribute, length in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
            if units(item.get(attribute, "")) > length:
                yield f"{attribute} at {item.get('sqref')} is too long"
        for place in ("formula1", "formula2"):
            yield from _formula(package, item.findtext(f"{MAIN}{place}") or "")


def _links(package: Package, part: str, tree: ET.Element) -> Iterator[str]:
    links = list(tree.iter(f"{MAIN}hyperlink"))
    relations = package.relations(part)
    if len(links) > LINKS:
        yield f"{len(links)} links"
    for link in links:
        target = link.get(f"{OFFICE}id")
        if target is not None and target not in relations:
            yield f"the link at {link.get('ref')} leads nowhere"
        if target is not None and units(unquote(relations[target][0])) > 2_079:
            yield f"the link at {link.get('ref')} is too long"
        if target is None:
            yield from _formula(package, link.get("location", ""))


def _drawing(package: Package, part: str) -> Iterator[str]:
    numbers: set[str] = set()
    for item in package.trees[part].iter(f"{DRAWING}cNvPr"):
        if item.get("id", "") in numbers:
            yield f"{part}: two objects have one id"
        numbers.add(item.get("id", ""))
        if not item.get("descr"):
            yield f"{part}: {item.get('name')} has no alternative text"
    for chart in package.related(part, "charts"):
        for formula in package.trees[chart].iter(f"{CHART}f"):
            yield from _formula(package, formula.text or "")
