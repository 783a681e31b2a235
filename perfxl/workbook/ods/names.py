"""Names of OpenDocument elements and attributes as expat gives them: by the namespace itself, whatever the prefix."""

from __future__ import annotations

from typing import Protocol

from perfxl.workbook.container import damaged
from perfxl.workbook.hardened_xml import Attributes, read_xml

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT = f"{_OASIS}office:1.0 ", f"{_OASIS}table:1.0 ", f"{_OASIS}text:1.0 "
STYLE, NUMBER, FO = f"{_OASIS}style:1.0 ", f"{_OASIS}datastyle:1.0 ", f"{_OASIS}xsl-fo-compatible:1.0 "
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_MOST_DEPTH = 200


class Reader(Protocol):
    """What is told of the elements of a part, in their order."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """Characters between."""


def read_part(xml: bytes, reader: Reader) -> None:
    """Reads a part through. Raises RefusalError for a DTD, for XML that is none, and for absurd nesting."""
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise damaged()
        reader.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(name)

    read_xml(xml, start, end, reader.text)
