"""One input changed to another value, written in one of the ways in which people and programs write it.

What a person then sees is worked out here on its own, by the words of the formats that are used.
"""

from __future__ import annotations

import copy
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId, FieldSpec
from perfxl.scheme.model import Scheme
from perfxl.submission.document import leaves, spec_of
from tests.books import Document
from tests.mutants import Base, Draft, some_ways
from tests.mutants_same import number_forms, runs
from tests.values import plain, text
from tests.xml_trees import Node

WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789.-"}
ZERO = Decimal(0)


def rounded(value: Decimal, places: int) -> str:
    """A number as `0.00` shows it."""
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def grouped(value: Decimal, places: int) -> str:
    return format(Decimal(rounded(value, places)), ",f")


def shortest(value: Decimal) -> str:
    found = plain(value)
    return found.rstrip("0").rstrip(".") if "." in found else found


FORMATS: dict[str, Callable[[Decimal], str]] = {
    "0": lambda value: rounded(value, 0),
    "0.0": lambda value: rounded(value, 1),
    "0.00_ ": lambda value: rounded(value, 2),
    "[Red]0.000": lambda value: rounded(value, 3),
    "#,##0.00": lambda value: grouped(value, 2),
    "#,##0;[Red]-#,##0": lambda value: grouped(value, 0),
    '"¥"#,##0.00': lambda value: grouped(value, 2),
    "0.00%": lambda value: rounded(value * 100, 2) + "%",
    "0%": lambda value: rounded(value * 100, 0) + "%",
    "0.00,": lambda value: rounded(value / 1000, 2),
    '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ': lambda value: grouped(value, 2),
    "000000.00": lambda value: rounded(value, 2),
    "@": shortest,
}
"""Formats in which the digits are the number's own, with what they show for a number that is not below 0."""
BLURRED = (
    '"35"', ";;;", '0"0"', "0!.0,", '[<50]0;"100"', "# ?/?", "0.00E+00", "yyyy-mm-dd", '0"万"', "General\"0\"",
    "[h]:mm", '"约"0',
)  # fmt: skip
"""Formats in which what is seen may be another number than the cell's."""


@dataclass
class Change:
    """One field changed. value: what it then says, as a person sees it. wrong: whether it must not be scored."""

    field: FieldId
    way: str
    value: str | None
    wrong: bool = False


@dataclass
class Pen:
    """Writes the value of one field into a draft."""

    draft: Draft
    spec: FieldSpec
    unit: str
    cell: Node

    @property
    def rng(self) -> random.Random:
        return self.draft.rng

    def put(self, kind: str, *inside: Node, style: str = "") -> None:
        """What the cell is from now on."""
        self.cell.attributes.pop("t", None)
        if kind:
            self.cell.attributes["t"] = kind
        if style:
            self.cell.attributes["s"] = style
        self.cell.children = list(inside)

    def words(self, words: str, style: str = "") -> None:
        """A text, in one of the ways in which texts are stored."""
        way = self.rng.choice(("s", "s", "inlineStr", "str", "runs"))
        if way == "s":
            self.put("s", Node("v", {}, [self.draft.add_text(words)]), style=style)
        elif way == "str":
            self.put("str", Node("v", {}, [words.replace("\r", "_x000D_")] if words else []), style=style)
        elif way == "runs":
            self.put("s", Node("v", {}, [self.draft.add_text(*runs(self.rng, words))]), style=style)
        else:
            self.put("inlineStr", Node("is", {}, [Node("t", {"xml:space": "preserve"}, [words])]), style=style)

    def number(self, value: Decimal, style: str = "") -> None:
        """A number, in any of its writings."""
        written = self.rng.choice((plain(value), *number_forms(plain(value))))
        self.put(self.rng.choice(("", "n")), Node("v", {}, [written]), style=style)


def amounts(pen: Pen, value: Decimal) -> tuple[str, Decimal | None, bool]:
    """Writes a number; what was done, what a person sees, whether that must not be scored."""
    rng, draft = pen.rng, pen.draft
    way = rng.choice((
        "number", "number", "number", "words", "wide", "grouped", "unit", "about", "format", "format", "format",
        "blurred", "struck", "struck cell", "formula", "formula", "wrong formula", "unknown formula", "zero formula",
        "no result", "error", "truth", "blank", "unseen", "hidden row", "wrong formula", "blurred", "blurred",
    ))  # fmt: skip
    if pen.unit == "%" and pen.spec.type == "value" and rng.random() < 0.4:
        # What Excel makes of a percentage that is typed.
        pen.number(value / 100, draft.add_format("0.00%"))
        return "typed percentage", *_seen(FORMATS["0.00%"](value / 100), pen)
    if way == "number":
        pen.number(value)
    elif way == "words":
        pen.words(rng.choice(("", " ", "\u3000")) + plain(value) + rng.choice(("", " ", "\n")))
    elif way == "wide":
        pen.words(plain(value).translate(WIDE))
    elif way == "grouped":
        pen.words(format(value, ",f"))
    elif way == "unit":
        unit = {"money": "万元", "points": "分"}.get(pen.spec.type, pen.unit)
        pen.words(plain(value) + unit)
    elif way == "about":
        pen.words(rng.choice(("约{}", "{}左右", "{}；", "{}-{}", "{}①", "{}.{}.1")).replace("{}", plain(value)))
        return way, None, True
    elif way == "format":
        code = rng.choice(list(FORMATS))
        pen.number(value, draft.add_format(code))
        return f"format {code}", *_seen(FORMATS[code](value), pen)
    elif way == "blurred":
        code = rng.choice(BLURRED)
        pen.number(value, draft.add_format(code))
        # Nothing but a zero of `# ?/?` and the like is surely itself.
        return f"blurred {code}", None, True
    elif way == "struck":
        look = Node("rPr", {}, [rng.choice((Node("strike"), Node("vertAlign", {"val": "superscript"})))])
        pieces = [Node("r", {}, [look, Node("t", {}, ["1"])]), Node("r", {}, [Node("t", {}, [plain(value)])])]
        rng.shuffle(pieces)
        if rng.random() < 0.5:
            pen.put("s", Node("v", {}, [draft.add_text(*pieces)]))
        else:
            pen.put("inlineStr", Node("is", {}, list(pieces)))
        return way, None, True
    elif way == "struck cell":
        pen.number(value, draft.add_font(Node("strike")))
        return way, None, True
    elif way in ("formula", "wrong formula", "zero formula", "no result", "unknown formula"):
        return _formula(pen, value, way)
    elif way == "error":
        pen.put("e", Node("v", {}, [rng.choice(("#DIV/0!", "#N/A", "#REF!", "#VALUE!"))]))
        return way, None, True
    elif way == "truth":
        pen.put("b", Node("v", {}, [rng.choice("01")]))
        return way, None, True
    elif way == "blank":
        pen.put("")
        return way, None, pen.spec.required
    elif way == "unseen":
        pen.number(value, draft.add_font(Node("color", {"rgb": "FFFFFFFF"})))
    else:
        pen.number(value)
        _row_of(draft, pen.cell).attributes["hidden"] = "1"
    return way, value, False


def _row_of(draft: Draft, cell: Node) -> Node:
    return next(
        row for tree in draft.trees.values() for row in tree.every("row") if any(item is cell for item in row.children)
    )


def _seen(shown: str, pen: Pen) -> tuple[Decimal | None, bool]:
    if shown.endswith("%"):
        return (None, True) if pen.unit != "%" or pen.spec.type != "value" else (Decimal(shown[:-1]), False)
    return Decimal(shown.replace(",", "")), False


def _formula(pen: Pen, value: Decimal, way: str) -> tuple[str, Decimal | None, bool]:
    rng, held = pen.rng, plain(value)
    other = Decimal(rng.randint(1, 50))
    right = rng.choice((
        held, f"{plain(value - other)}+{plain(other)}", f"({plain(value * other)})/{plain(other)}",
        f"SUM({held},{plain(other)},-{plain(other)})", f"ROUND({held}1,6)", f"{held}*200%/2", f" - -{held}",
        f"MAX({held},MIN(-1,{held}))", f"{held}^1+$Y$900", f"SUM({held},Y900:Z910)",
    ))  # fmt: skip
    if right.startswith("ROUND") and "." not in held:
        right = held
    unknown = rng.choice((f"IF(1,{held},0)", f"VLOOKUP(1,A1:B2,2)+{held}", f'{held}&""', "表外", "{1,2}", "Y900:Z901"))
    # A program that does not calculate leaves 0 or nothing.
    cached = {"formula": held, "wrong formula": plain(value + other), "zero formula": "0", "unknown formula": held}
    text = unknown if way in ("unknown formula", "zero formula") else right
    inside = [Node("f", {}, [text])]
    if way != "no result":
        inside.append(Node("v", {}, [cached[way]]))
    pen.put("", *inside)
    wrong = way in ("wrong formula", "zero formula", "no result") or (way == "unknown formula" and value == 0)
    return f"{way} {text}", None if wrong else value, wrong


def number_near(rng: random.Random, spec: FieldSpec, before: str | None) -> Decimal:
    """A number that may stand in the field."""
    known = Decimal(before) if before else Decimal(rng.randint(0, 100))
    places = 0 if spec.type == "count" else rng.choice((0, 1, 2, 4, 6) if spec.type == "money" else (0, 1, 2))
    step = Decimal(1).scaleb(-places)
    found = rng.choice((
        known * Decimal("0.9"), known * Decimal("0.5"), known - 1, known + 1, known * 2, ZERO,
        Decimal(rng.randint(0, 10**6)) * step, known * Decimal("0.995"), known + step, known - step,
    ))  # fmt: skip
    return abs(found.quantize(step, ROUND_HALF_UP))


def with_field(document: Document, name: FieldId, value: str | None) -> Document:
    """The document with one field changed."""
    changed = copy.deepcopy(document)
    table, key, column = name
    if table == "identity":
        part, _, key = key.partition(".")
        changed[part][key] = value
    elif key.startswith("funds."):
        _, row, column = key.split(".")
        changed["funds"][row][column] = value
    elif table == "facts":
        changed["facts"][key] = value
    elif table == "scores":
        changed["scores"][key][column] = value
    else:
        changed[table][int(key) - 1][column] = value
    return changed


def _choice(pen: Pen) -> tuple[str, str | None, bool]:
    rng, spec = pen.rng, pen.spec
    draw = rng.random()
    chosen = rng.choice(spec.choices)
    if draw < 0.6:
        pen.words(chosen)
        return "choice", chosen, False
    if draw < 0.8 and spec.aliases:
        alias = rng.choice(list(spec.aliases))
        pen.words(f" {alias}\u3000")
        return f"alias {alias}", spec.aliases[alias], False
    pen.words(rng.choice(("待定", "是否", "其他", "？", chosen * 2)))
    return "off the list", None, True


def _words(pen: Pen) -> tuple[str, str | None, bool]:
    words = text(pen.rng)
    # What Excel would read as a sign is written as one.
    pen.words(words.replace("_x", "_x005F_x"))
    if pen.spec.type == "code":
        return "text", unicodedata.normalize("NFKC", words), False
    return "text", words, False


def changed(number: int, bases: list[Base], scheme: Scheme) -> tuple[Draft, Change]:
    """The mutant of that number, and the one input that changed in it."""
    rng = random.Random(f"changed {number}")
    base = rng.choice(bases)
    draft = Draft(base, rng)
    fields = [name for name, _ in leaves(base.document)]
    numeric = [name for name in fields if _is_amount(name, base.document, scheme)]
    name = rng.choice(numeric if rng.random() < 0.7 else fields)
    before = dict(leaves(base.document))[name]
    spec = spec_of(layout_of(scheme), name)
    assert spec is not None
    unit = base.document["kpis"][int(name[1]) - 1]["unit"] or "" if name[0] == "kpis" else ""
    pen = Pen(draft, spec, unit, draft.cell(*base.places[name]))
    if _is_amount(name, base.document, scheme):
        way, value, wrong = amounts(pen, number_near(rng, spec, before))
        done = Change(name, way, None if value is None else plain(value), wrong)
    elif spec.choices and spec.type != "value":
        done = Change(name, *_choice(pen))
    else:
        done = Change(name, *_words(pen))
    draft.done.append(f"{name} {done.way} {done.value}")
    if rng.random() < 0.3:
        some_ways(draft)
    return draft, done


def _is_amount(name: FieldId, document: Document, scheme: Scheme) -> bool:
    spec = spec_of(layout_of(scheme), name)
    assert spec is not None
    if spec.type == "value":
        symbols = {item.symbol for item in scheme.symbols if item.direction == "qualitative"}
        return document["kpis"][int(name[1]) - 1]["symbol"] not in symbols
    return spec.numeric
