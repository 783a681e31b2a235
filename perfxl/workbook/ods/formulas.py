"""An OpenDocument formula in the words of an .xlsx: it is told as a formula, and one of constants can be calculated."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:[A-Za-z]\w*:)?=?")
_TOKEN = re.compile(r"""(?P<text>"(?:[^"]|"")*")|(?P<ref>\[[^\[\]]*\])|(?P<braces>[{}])|(?P<mark>[;|~]|(?<=\])!)""")
_SHEET = re.compile(
    r"""\$?(?:'(?P<file>(?:[^']|'')*)'\#\$?)?(?:'(?P<quoted>(?:[^']|'')*)'|(?P<bare>[^.'$]*))\.(?P<cell>[^.]*)"""
)
_OWN_SHEET = re.compile(r"\.[$\w]+(?::\.[$\w]+)?")
_MARKS = {";": ",", "|": ";", "~": ",", "!": " "}
_LONGEST = 8_192
"""Characters of a formula in Excel."""


def excel_formula(formula: str) -> str:
    """`of:=SUM([.A1:.B2];[$费用.C3])` → `SUM(A1:B2,'费用'!C3)`; what has no such form stays as it is."""
    prefix = _PREFIX.match(formula)
    text = formula[prefix.end() if prefix else 0 :].strip()[:_LONGEST]
    pieces, at, in_braces = [], 0, 0
    for match in _TOKEN.finditer(text):
        pieces.append(text[at : match.start()])
        at = match.end()
        token = match[0]
        if match["ref"]:
            pieces.append(_reference(token[1:-1]))
        elif match["braces"]:
            in_braces += 1 if token == "{" else -1
            pieces.append(token)
        elif match["mark"] and (token != "|" or in_braces):
            pieces.append(_MARKS[token])
        else:
            pieces.append(token)
    pieces.append(text[at:])
    return "".join(pieces) or "NA()"


def _reference(text: str) -> str:
    """The inside of brackets: `.B2`, `$费用.A1:.B2`, `'file:///x.ods'#$表.A1`."""
    if _OWN_SHEET.fullmatch(text):
        return text.replace(".", "")
    ends = []
    for end in _ends(text):
        match = _SHEET.fullmatch(end)
        if match is None:
            return text if text.startswith("#") else f"[{text}]"
        name = match["quoted"].replace("''", "'") if match["quoted"] is not None else match["bare"]
        book = "[1]" if match["file"] is not None else ""
        quoted = "'" + book + name.replace("'", "''") + "'!" if name or book else ""
        ends.append(quoted + match["cell"])
    return ":".join(ends)


def _ends(text: str) -> list[str]:
    """Both ends of a range; a colon may stand in a name between quotation marks."""
    quoted = False
    for at, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif letter == ":" and not quoted:
            return [text[:at], text[at + 1 :]]
    return [text]
