"""The styles of a plain .xlsx, and its texts as XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from perfxl.xlsx.texts import escaped

T = TypeVar("T")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
GENERAL = "General"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_OWN_FORMAT = 164


@dataclass(frozen=True, slots=True)
class Look:
    """What a text looks like, as far as it changes what a person reads. Colours as RRGGBB, empty where automatic."""

    strike: bool = False
    script: Literal["", "superscript", "subscript"] = ""
    colour: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """Format of a cell. number_format: Excel's code. ground: RRGGBB, empty where there is none."""

    number_format: str = GENERAL
    look: Look = PLAIN
    ground: str = ""


def xml_text(text: str) -> str:
    """The text as XML; what XML has no place for is shown as the character for what cannot be shown."""
    # A bare carriage return would become a line feed on reading.
    return escaped(_NOT_XML.sub("\ufffd", text)).replace("\r", "&#13;")


def attribute_text(text: str) -> str:
    quoted = xml_text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{quoted}"'


def _font(look: Look) -> str:
    strike, script, colour = look_xml(look)
    return f'<font>{strike}{script}<sz val="11"/>{colour}<name val="宋体"/></font>'


def look_xml(look: Look) -> tuple[str, str, str]:
    """Strike, script and colour, which stand in another order in a run than in a font."""
    script = f'<vertAlign val="{look.script}"/>' if look.script else ""
    colour = f'<color rgb="FF{look.colour}"/>' if look.colour else ""
    return "<strike/>" if look.strike else "", script, colour


def styles_xml(styles: Sequence[Style]) -> str:
    formats = {code: _FIRST_OWN_FORMAT + at for at, code in enumerate(_distinct(s.number_format for s in styles))}
    formats[GENERAL] = 0
    fonts = {look: at for at, look in enumerate(_distinct([PLAIN, *(style.look for style in styles)]))}
    # Excel gives the first two fills a meaning of their own.
    grounds = {ground: at for at, ground in enumerate(_distinct(["", " ", *(style.ground for style in styles)]))}
    codes = "".join(
        f'<numFmt numFmtId="{at}" formatCode={attribute_text(code)}/>' for code, at in formats.items() if at
    )
    fills = "".join(_fill_xml(ground) for ground in grounds)
    cells = "".join(
        f'<xf numFmtId="{formats[style.number_format]}" fontId="{fonts[style.look]}" '
        f'fillId="{grounds[style.ground]}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        for style in styles
    )
    own = len(formats) - 1
    return (
        f'<styleSheet xmlns="{MAIN}">'
        + (f'<numFmts count="{own}">{codes}</numFmts>' if own else "")
        + f'<fonts count="{len(fonts)}">'
        + "".join(map(_font, fonts))
        + f'</fonts><fills count="{len(grounds)}">{fills}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(styles)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _fill_xml(ground: str) -> str:
    if not ground.strip():
        return f'<fill><patternFill patternType="{"gray125" if ground else "none"}"/></fill>'
    colour = f'<fgColor rgb="FF{ground}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{colour}</patternFill></fill>'


def _distinct(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))
