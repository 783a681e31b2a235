"""The styles of an OpenDocument spreadsheet, as far as they change what a person reads in a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from perfxl.workbook.hardened_xml import Attributes
from perfxl.workbook.ods.names import FO, NUMBER, STYLE, TABLE
from perfxl.workbook.ods.numbers import (
    NUMBER_SHOWN,
    SCIENTIFIC_SHOWN,
    Kind,
    NumberFormat,
    NumberFormats,
    condition_of,
    literal,
    number_code,
    pattern_of,
)
from perfxl.workbook.plain_styles import GENERAL, PLAIN, Look

_KINDS: dict[str, Kind] = {
    f"{NUMBER}number-style": "number",
    f"{NUMBER}currency-style": "number",
    f"{NUMBER}percentage-style": "percentage",
    f"{NUMBER}date-style": "date",
    f"{NUMBER}time-style": "date",
    f"{NUMBER}text-style": "text",
    f"{NUMBER}boolean-style": "number",
}
_DATE_PARTS = {"day": ("d", "dd"), "month": ("m", "mm"), "year": ("yy", "yyyy"), "hours": ("h", "hh"),
               "minutes": ("m", "mm"), "seconds": ("s", "ss"), "am-pm": ("AM/PM", "AM/PM"),
               "day-of-week": ("ddd", "dddd")}  # fmt: skip
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_PARENTS = 20
_MOST_PIECES = 30


@dataclass(slots=True)
class _Own:
    """What one style says itself; None for what it leaves to its parent."""

    parent: str = ""
    data_style: str | None = None
    strike: bool | None = None
    script: Literal["", "superscript", "subscript"] | None = None
    colour: str | None = None
    ground: str | None = None
    displayed: bool | None = None


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A style with all that it inherits. data_style: name of its number format, empty where it has none."""

    data_style: str = ""
    look: Look = PLAIN
    ground: str = ""


@dataclass(slots=True)
class Styles:
    """The styles by family and name; a reader of `office:styles` and `office:automatic-styles`.

    Those of content.xml are read last and go before those of styles.xml that bear the same name.
    """

    numbers: NumberFormats = field(default_factory=NumberFormats)
    _own: dict[tuple[str, str], _Own] = field(default_factory=dict)
    _cells: dict[str, CellStyle] = field(default_factory=dict)
    _style: _Own | None = None
    _format: NumberFormat | None = None
    _literal: list[str] | None = None
    _literal_of: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element of the styles begins."""
        if name in (f"{STYLE}style", f"{STYLE}default-style"):
            self._style = _Own(
                attributes.get(f"{STYLE}parent-style-name", ""), attributes.get(f"{STYLE}data-style-name")
            )
            family = attributes.get(f"{STYLE}family", "")
            self._own[family, attributes.get(f"{STYLE}name", "")] = self._style
        elif name in _KINDS:
            self._format = NumberFormat(_KINDS[name])
            self.numbers.by_name[attributes.get(f"{STYLE}name", "")] = self._format
        elif self._format is not None:
            self._start_piece(self._format, name, attributes)
        elif self._style is not None:
            _read_properties(self._style, name, attributes)

    def end(self, name: str) -> None:
        """It ends."""
        if name in (f"{STYLE}style", f"{STYLE}default-style"):
            self._style = None
        elif name in _KINDS:
            self._format = None
        elif self._literal is not None and name == self._literal_of and self._format is not None:
            self._add_literal(self._format, "".join(self._literal))
            self._literal = None

    def text(self, text: str) -> None:
        """Characters of a literal in a number format."""
        if self._literal is not None:
            self._literal.append(text)

    def _start_piece(self, form: NumberFormat, name: str, attributes: Attributes) -> None:
        own = {key.removeprefix(NUMBER): value for key, value in attributes.items()}
        local = name.removeprefix(NUMBER)
        add = partial(_add, form)
        if name == f"{STYLE}map":
            condition = condition_of(attributes.get(f"{STYLE}condition", ""))
            form.known = form.known and bool(condition)
            form.maps.append((condition, attributes.get(f"{STYLE}apply-style-name", "")))
        elif local in ("text", "currency-symbol", "embedded-text"):
            # Digits with a text inside have no code of their own.
            form.known = form.known and local != "embedded-text"
            self._literal, self._literal_of = [], name
        elif local == "number":
            code, form.scale = number_code(own) or ("", form.scale)
            form.known = form.known and bool(code) and not _has_number(form)
            add(code, NUMBER_SHOWN)
        elif local == "scientific-number":
            decimals = min(int(own.get("decimal-places", "2")) if own.get("decimal-places", "2").isdecimal() else 2, 15)
            form.known = form.known and not _has_number(form)
            add("0" + ("." + "0" * decimals if decimals else "") + "E+00", SCIENTIFIC_SHOWN)
        elif local == "text-content":
            add("@", "")
        elif local in ("fill-character", "boolean"):
            if local == "boolean":
                add(GENERAL, "")
        elif local in _DATE_PARTS:
            add(_date_code(local, own, form), "")
        elif name.startswith(NUMBER):
            form.known = False

    def _add_literal(self, form: NumberFormat, text: str) -> None:
        if form.kind == "percentage" and text.strip() == "%":
            _add(form, "%", "%")
        elif text:
            _add(form, literal(text), pattern_of(text))

    def cell(self, name: str) -> CellStyle:
        """The style of a cell."""
        known = self._cells.get(name)
        if known is None:
            merged = self._merged("table-cell", name)
            look = Look(bool(merged.strike), merged.script or "", merged.colour or "")
            known = self._cells[name] = CellStyle(merged.data_style or "", look, merged.ground or "")
        return known

    def over(self, look: Look, family: Literal["text", "paragraph"], name: str) -> Look:
        """The look of a span or paragraph of a style, on the ground of what it stands in."""
        own = self._merged(family, name, default=False)
        return Look(
            look.strike if own.strike is None else own.strike,
            look.script if own.script is None else own.script,
            look.colour if own.colour is None else own.colour,
        )

    def is_displayed(self, table_style: str) -> bool:
        """Whether a sheet of the style is shown."""
        return self._merged("table", table_style).displayed is not False

    def _merged(self, family: str, name: str, *, default: bool = True) -> _Own:
        merged, seen = _Own(), 0
        while name and seen < _MOST_PARENTS and (own := self._own.get((family, name))) is not None:
            _inherit(merged, own)
            name, seen = own.parent, seen + 1
        if default and (own := self._own.get((family, ""))) is not None:
            _inherit(merged, own)
        return merged


def _inherit(merged: _Own, own: _Own) -> None:
    for key in ("data_style", "strike", "script", "colour", "ground", "displayed"):
        if getattr(merged, key) is None:
            setattr(merged, key, getattr(own, key))


def _read_properties(style: _Own, name: str, attributes: Attributes) -> None:
    if name == f"{STYLE}text-properties":
        through = [attributes.get(f"{STYLE}text-line-through-{key}") for key in ("style", "type")]
        if any(through):
            style.strike = all(value != "none" for value in through)
        position = attributes.get(f"{STYLE}text-position")
        if position is not None:
            style.script = _script(position)
        if attributes.get(f"{STYLE}use-window-font-color") == "true":
            style.colour = ""
        else:
            style.colour = _colour(attributes.get(f"{FO}color"))
    elif name == f"{STYLE}table-cell-properties":
        style.ground = _colour(attributes.get(f"{FO}background-color"))
    elif name == f"{STYLE}table-properties" and f"{TABLE}display" in attributes:
        style.displayed = attributes[f"{TABLE}display"] != "false"


def _colour(text: str | None) -> str | None:
    if text is None:
        return None
    # Black is what an automatic colour looks like.
    return text[1:].upper() if _COLOUR.fullmatch(text) and text != "#000000" else ""


def _script(position: str) -> Literal["", "superscript", "subscript"]:
    """`super 58%`, `33% 58%`, `-33% 58%`."""
    first = position.split(maxsplit=1)[0] if position.split() else ""
    if first == "sub" or first.startswith("-"):
        return "subscript"
    return "superscript" if first == "super" or first.strip("%0.") else ""


def _add(form: NumberFormat, code: str, pattern: str) -> None:
    if len(form.pieces) >= _MOST_PIECES:
        form.known = False
        return
    form.pieces.append((code, pattern))


def _has_number(form: NumberFormat) -> bool:
    return any(pattern in (NUMBER_SHOWN, SCIENTIFIC_SHOWN) for _, pattern in form.pieces)


def _date_code(local: str, own: dict[str, str], form: NumberFormat) -> str:
    short, long = _DATE_PARTS[local]
    code = long if own.get("style") == "long" else short
    if local == "month" and own.get("textual") == "true":
        return "mmmm" if own.get("style") == "long" else "mmm"
    if local == "hours" and form.kind == "date" and own.get("truncate-on-overflow") == "false":
        return f"[{code}]"
    if local == "seconds" and own.get("decimal-places", "0").strip("0").isdecimal():
        return code + "." + "0" * min(int(own["decimal-places"][:2]), 3)
    return code
