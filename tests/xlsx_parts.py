"""The parts of a workbook in one way of writing, so that those of the two writers can be compared.

What may differ, since Excel takes both for the same, is brought to one form: texts stand in their cells or are shared;
formats are numbered in the order of their making or of their use; sheets' names in a chart's formulas stand in quotes
or not, where they need none; numbers have as many digits as they need. Hints (how far a row or a sheet reaches, rows
without anything, the count of shared texts), the order of the parts and when the workbook was made are left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.package_rules import CHART, MAIN, RELS, TYPES

_NUMBERS = count()
TERMS = "{http://purl.org/dc/terms/}"
SHARED, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NEEDLESS_QUOTES = re.compile(r"'([^\W\d]\w*)'!")


def parts(path: Path) -> dict[str, str]:
    """Every part but the shared texts, by its name."""
    with zipfile.ZipFile(path) as package:
        trees = {name: ET.fromstring(package.read(name)) for name in package.namelist()}
    shared = trees.pop(SHARED, None)
    texts = [list(item) for item in shared] if shared is not None else []
    looks, differences = ([_number(text) for text in found] for found in _looks(trees[STYLES]))
    for name, tree in trees.items():
        if name.startswith("xl/worksheets/sheet"):
            _sheet(tree, texts, looks, differences)
        for time in (item for tag in ("created", "modified") for item in tree.iter(f"{TERMS}{tag}")):
            time.text = ""
        for formula in tree.iter(f"{CHART}f"):
            formula.text = NEEDLESS_QUOTES.sub(r"\1!", formula.text or "")
        for tag in (f"{TYPES}Override", f"{RELS}Relationship"):
            for item in tree.findall(tag):
                if "sharedStrings" in (item.get("PartName") or item.get("Target") or ""):
                    tree.remove(item)
    return {name: "\n".join(_lines(tree)) for name, tree in trees.items()}


@cache
def _number(look: str) -> str:
    """A format that is long in full by a number, the same in all workbooks."""
    return f"look {next(_NUMBERS)}"


def _lines(element: ET.Element) -> Iterator[str]:
    yield f"{element.tag} {sorted(element.attrib.items())} {element.text or ''}"
    for child in element:
        yield from _lines(child)
    yield f"/ {element.tail or ''}"


DESCENT = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}dyDescent"


def differing(one: Path, other: Path) -> list[str]:
    """The names of the parts in which two workbooks differ."""
    first, second = parts(one), parts(other)
    return [name for name in first | second if first.get(name) != second.get(name)]


def _looks(styles: ET.Element) -> tuple[list[str], list[str]]:
    """Each format in full, those of cells and those of conditions; the part keeps what is no format of a cell."""
    numbers = {item.get("numFmtId"): item.get("formatCode") for item in styles.iter(f"{MAIN}numFmt")}
    lists = {
        name: [ET.tostring(item, "unicode") for item in styles.find(f"{MAIN}{name}s") or ()]
        for name in ("font", "fill", "border")
    }
    looks = []
    for item in styles.find(f"{MAIN}cellXfs") or ():
        used = [lists[name][int(item.attrib.pop(f"{name}Id"))] for name in ("font", "fill", "border")]
        number = item.attrib.pop("numFmtId")
        looks.append("".join([*used, numbers.get(number) or number, ET.tostring(item, "unicode")]))
    differences = [ET.tostring(item, "unicode") for item in styles.find(f"{MAIN}dxfs") or ()]
    for name in ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs"):
        if (found := styles.find(f"{MAIN}{name}")) is not None:
            styles.remove(found)
    ET.SubElement(styles, "default").text = looks[0]
    return looks, differences


def _sheet(tree: ET.Element, texts: list[list[ET.Element]], looks: list[str], differences: list[str]) -> None:
    if (size := tree.find(f"{MAIN}dimension")) is not None:
        tree.remove(size)
    for column in tree.iter(f"{MAIN}col"):
        column.set("style", looks[int(column.get("style", 0))])
    for cell in tree.iter(f"{MAIN}c"):
        cell.set("s", looks[int(cell.get("s", 0))])
        value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
        if value is not None and cell.get("t") == "s":
            cell.set("t", "inlineStr")
            cell[:] = [ET.Element(f"{MAIN}is")]
            cell[0][:] = texts[int(value.text or "")]
        elif value is not None and value.text and cell.get("t") is None:
            value.text = repr(float(value.text))
        if formula is not None and formula.get("t") == "array":
            formula.set("ref", formula.get("ref", "").partition(":")[0])
        text = cell.find(f"{MAIN}is")
        if text is not None and text[0].tag == f"{MAIN}r":
            # A text that looks like XML can be shared only as one with a format, which is none.
            text[:] = [text[0][0]]
    for link in tree.iter(f"{MAIN}hyperlink"):
        # The same text again, which Excel shows where the cell has none.
        if link.get(ID):
            link.attrib.pop("display", None)
        if link.get("display", "").startswith("<r>"):
            del link.attrib["display"]
    rows = tree.find(f"{MAIN}sheetData")
    for row in list(rows) if rows is not None else []:
        row.attrib.pop("spans", None)
        # How far letters reach below their line: Excel works it out where it is not told.
        row.attrib.pop(DESCENT, None)
        if len(row) == 0 and set(row.attrib) == {"r"} and rows is not None:
            rows.remove(row)
    for rule in tree.iter(f"{MAIN}cfRule"):
        if "dxfId" in rule.attrib:
            rule.set("dxfId", differences[int(rule.attrib["dxfId"])])
