"""Changes of a workbook after which a person sees the same in every field."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from tests.mutants import BOOK, LINKS, MAIN, RELATIONS, STYLES, TEXTS, TYPES, Base, Draft, some_ways
from tests.xml_trees import Node

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
NAMES = (
    "xl/worksheets/SHEET44.XML",
    "data/a b.xml",
    "data/c%20d.xml",
    "x.xml",
    "xl/worksheets/sheet99.xml",
    "XL/Foo.bin",
    "a/b/c/d.e",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def value_of(cell: Node) -> Node | None:
    """The `<v>` of a cell."""
    return next(iter(cell.nodes("v")), None)


def number_forms(text: str) -> list[str]:
    """Writings of one number."""
    exact = Decimal(text)
    point = text if "." in text or "E" in text.upper() else f"{text}."
    return [
        f"{exact:E}", f"{exact:e}", f"+{text}" if exact >= 0 else text, point,
        f"{text}0" if "." in text else f"{text}.0",
        f" {text}", f"{text}\n", f"00{text}" if exact >= 0 else text, f"{exact * 1000:f}E-3",
        f"{exact / 100:f}E+02",
    ]  # fmt: skip


def is_number(cell: Node) -> bool:
    """Whether a cell holds a number of its own."""
    value = value_of(cell)
    return cell.attributes.get("t", "n") == "n" and value is not None and bool(value.children)


def some_cells(draft: Draft, part: str) -> list[Node]:
    cells = [cell for cell in draft.cells(part) if cell.children]
    return draft.rng.sample(cells, min(len(cells), draft.rng.choice((1, 5, 40, 400))))


def numbers(draft: Draft) -> None:
    """35 as 3.5E1."""
    for cell in some_cells(draft, draft.sheet()):
        value = value_of(cell)
        if is_number(cell) and value is not None:
            value.children = [draft.rng.choice(number_forms(str(value.children[0])))]
            if draft.rng.random() < 0.3:
                cell.attributes["t"] = "n"


def runs(rng: random.Random, text: str) -> list[Node | str]:
    """A text in runs of several looks, none of them struck."""
    looks: tuple[list[Node | str], ...] = (
        [], [Node("rPr", {}, [Node("b"), Node("strike", {"val": rng.choice(("0", "false"))})])],
        [Node("rPr", {}, [Node("vertAlign", {"val": "baseline"}), Node("rFont", {"val": "宋体"})])],
    )  # fmt: skip
    at = sorted([rng.randrange(len(text) + 1) for _ in range(rng.choice((0, 1, 3)))] if "_x" not in text else [])
    pieces = [text[start:stop] for start, stop in zip([0, *at], [*at, len(text)], strict=True)]
    found: list[Node | str] = []
    for piece in pieces:
        inside: list[Node | str] = [piece] if piece else []
        found.append(Node("r", {}, [*rng.choice(looks), Node("t", {"xml:space": "preserve"}, inside)]))
    if rng.random() < 0.4:
        found.append(Node("rPh", {"sb": "0", "eb": "1"}, [Node("t", {}, ["99"])]))
        found.append(Node("phoneticPr", {"fontId": "0"}))
    return found


def escaped(rng: random.Random, text: str) -> str:
    """The text with a letter as Excel writes those that XML has no place for."""
    at = rng.randrange(len(text))
    if ord(text[at]) > 0xFFFF:
        return text
    return f"{text[:at]}_x{ord(text[at]):04X}_{text[at + 1 :]}"


def texts(draft: Draft) -> None:
    """Shared texts as texts of their own, as results, in runs, with signs, as other shared texts."""
    shared = draft.base.tree(TEXTS).nodes("si")
    rng = draft.rng
    for cell in some_cells(draft, draft.sheet()):
        if cell.attributes.get("t") != "s":
            continue
        item = shared[int(str(cell.node("v").children[0]))]
        if not item.nodes("t"):
            continue
        text = "".join(map(str, item.node("t").children))
        way = rng.choice(("inline", "result", "runs", "shared", "shared runs", "signs"))
        if way == "signs" and text:
            text = escaped(rng, text)
        inside: list[Node | str] = [Node("t", {"xml:space": "preserve"}, [text])]
        if "runs" in way:
            inside = runs(rng, text)
        if way.startswith("shared"):
            cell.children = [Node("v", {}, [draft.add_text(*inside)])]
        elif way == "result":
            cell.attributes["t"], cell.children = "str", [Node("v", {}, [text.replace("\r", "_x000D_")])]
        else:
            cell.attributes["t"], cell.children = "inlineStr", [Node("is", {}, inside)]


def blanks(draft: Draft) -> None:
    """Cells and rows that hold nothing."""
    part, rng = draft.sheet(), draft.rng
    rows = draft.tree(part).node("sheetData")
    for row in rng.sample(rows.nodes("row"), 3):
        last = max((LETTERS.index(cell.attributes["r"][0]) for cell in row.nodes("c")), default=0)
        kind = rng.choice(({}, {"s": "0"}, {"t": "inlineStr"}, {"t": "str"}, {"t": "n"}))
        if last < 25:
            row.children.append(Node("c", {"r": f"{LETTERS[rng.randint(last + 1, 25)]}{row.attributes['r']}", **kind}))
    number = int(rows.nodes("row")[-1].attributes["r"]) + rng.choice((1, 5, 3000))
    rows.children.append(Node("row", {"r": str(number)}, [Node("c", {"r": f"B{number}"})]))


def unreferenced(draft: Draft) -> None:
    """Cells and rows without their names, which then follow on each other."""
    tree = draft.tree(draft.sheet())
    rows, filled, number = tree.node("sheetData"), [], 0
    for row in rows.nodes("row"):
        while number + 1 < int(row.attributes["r"]):
            number += 1
            filled.append(Node("row"))
        number += 1
        cells: list[Node | str] = []
        for cell in row.nodes("c"):
            while LETTERS[len(cells)] != cell.attributes["r"][0]:
                cells.append(Node("c"))
            del cell.attributes["r"]
            cells.append(cell)
        del row.attributes["r"]
        row.children = cells
        filled.append(row)
    rows.children = list(filled)


def counts(draft: Draft) -> None:
    """Counts and ranges that are not true."""
    rng = draft.rng
    tree = draft.tree(draft.sheet())
    for node in tree.nodes("dimension"):
        node.attributes["ref"] = rng.choice(("A1", "A1:B2", "A1:XFD1048576"))
    for row in tree.node("sheetData").nodes("row"):
        row.attributes["spans"] = "1:1"
    for node in tree.nodes("mergeCells"):
        node.attributes["count"] = "77"
    draft.tree(TEXTS).attributes |= {"count": "0", "uniqueCount": rng.choice(("1", "4294967295"))}
    draft.tree(STYLES).node("cellXfs").attributes["count"] = "1"


def looks(draft: Draft) -> None:
    """Formats that nobody uses, a second one of the same look, other widths, heights and views."""
    rng, part = draft.rng, draft.sheet()
    draft.add_format("0.00%")
    draft.add_font(Node("strike"))
    formats = draft.tree(STYLES).node("cellXfs")
    for cell in some_cells(draft, part):
        number = int(cell.attributes.get("s", "0"))
        formats.children.append(formats.nodes("xf")[number].copy())
        cell.attributes["s"] = str(len(formats.children) - 1)
        if rng.random() < 0.1:
            cell.attributes |= {"cm": "0", "ph": "1"}
    for row in draft.tree(part).node("sheetData").nodes("row"):
        if rng.random() < 0.1:
            row.attributes |= {"ht": "0.75", "customHeight": "1", "outlineLevel": "1", "hidden": "0"}
    draft.tree(part).children = [
        child for child in draft.tree(part).children
        if not isinstance(child, Node) or child.name not in ("sheetViews", "dimension", "sheetPr", "pageSetup")
    ]  # fmt: skip


def results(draft: Draft) -> None:
    """The template's own formulas as plain values, or in another writing."""
    part = draft.base.sheets[draft.rng.choice(("自评得分", "绩效指标", "收支情况"))]
    for cell in draft.cells(part):
        for formula in cell.nodes("f"):
            formula.attributes["ca"] = "1"
            if draft.rng.random() < 0.2:
                cell.children.remove(formula)


def behind(draft: Draft) -> None:
    """What stands behind the rows is gone: drop-downs, links, colours by condition."""
    tree = draft.tree(draft.sheet())
    at = tree.children.index(tree.node("sheetData"))
    tree.children = [*tree.children[: at + 1], *tree.nodes("mergeCells")]


def extras(draft: Draft) -> None:
    """Parts that nothing points to or needs, and the same without some that are not needed."""
    rng = draft.rng
    decoy = b"<worksheet><sheetData><row><c><v>99</v></c></row></sheetData></worksheet>"
    names = (
        "xl/worksheets/sheet77.xml",
        "xl/calcChain.xml",
        "customXml/item1.xml",
        "垃圾.bin",
        "xl/",
        "x/_rels/a.rels",
    )
    for name in rng.sample(names, 2):
        draft.parts[name] = b"" if name.endswith("/") else decoy
    for name in ("docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml"):
        if rng.random() < 0.5:
            draft.parts.pop(name, None)
    relations = draft.tree(RELATIONS)
    relations.children.append(
        Node(
            "Relationship", {"Id": "far", "Type": f"{LINKS}/hyperlink", "Target": "http://x/", "TargetMode": "External"}
        )
    )


def more_sheets(draft: Draft) -> None:
    """A sheet more, before, between or behind the others."""
    rng = draft.rng
    rows = [Node("row", {"r": "3"}, [Node("c", {"r": "C3"}, [Node("v", {}, ["99"])])])]
    draft.parts["xl/more.xml"] = b""
    draft.trees["xl/more.xml"] = Node("worksheet", {"xmlns": MAIN}, [Node("sheetData", {}, rows)])
    draft.tree(RELATIONS).children.append(
        Node("Relationship", {"Id": "more", "Type": f"{LINKS}/worksheet", "Target": "/xl/more.xml"})
    )
    book = draft.tree(BOOK)
    title = rng.choice(("Sheet1", "草稿", "附件 1"))
    prefix = "r:" if "xmlns:r" in book.attributes else "k:"
    sheet = Node("sheet", {"name": title, "sheetId": "77", f"{prefix}id": "more", f"xmlns:{prefix[0]}": LINKS})
    if rng.random() < 0.3:
        sheet.attributes["state"] = "hidden"
    sheets = book.node("sheets")
    sheets.children.insert(rng.randrange(len(sheets.children) + 1), sheet)
    rng.shuffle(sheets.children)
    for names in book.nodes("definedNames"):
        names.children = []


def other_names(draft: Draft) -> None:
    """Parts under other names, and something else under the usual ones."""
    rng = draft.rng
    parts = rng.sample([TEXTS, STYLES, BOOK, draft.base.sheets["收支情况"], draft.base.sheets["自评得分"]], 2)
    for part, name in zip(parts, rng.sample(NAMES, 2), strict=True):
        draft.rename(part, name)
        if rng.random() < 0.7 and name.lower() != part:
            other = {TEXTS: b"<sst/>", BOOK: b"<workbook/>", STYLES: b"<styleSheet/>"}.get(part, b"<worksheet/>")
            draft.parts[f"decoy {part}"] = other
            draft.names[f"decoy {part}"] = part


def strict(draft: Draft) -> None:
    """Strict Open XML, as far as names go."""
    for part in (BOOK, TEXTS, STYLES, *draft.base.sheets.values()):
        draft.parts[part] = draft.data(part).replace(MAIN.encode(), STRICT.encode())
        draft.trees.pop(part, None)
        draft.ways.pop(part, None)


def types(draft: Draft) -> None:
    """Kinds of parts told by their ends, not one by one."""
    kinds = draft.tree(TYPES)
    draft.rng.shuffle(kinds.children)


SAME: tuple[Callable[[Draft], None], ...] = (
    some_ways, some_ways, some_ways, numbers, texts, blanks, unreferenced, counts, looks, results, behind, extras,
    more_sheets, other_names, types, strict,
)  # fmt: skip


def same(number: int, bases: list[Base]) -> Draft:
    """The mutant of that number, in which nothing changed that a person sees."""
    rng = random.Random(f"same {number}")
    draft = Draft(rng.choice(bases), rng)
    changes = rng.sample(SAME, rng.choice((1, 1, 2, 3)))
    for change in sorted(changes, key=SAME.index):
        change(draft)
        draft.done.append(change.__name__)
    return draft
