"""XML from outside through expat, which knows comments, CDATA, encodings and namespaces; a DTD is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers import expat

from perfxl.workbook.container import RESEND, damaged
from perfxl.workbook.limits import RefusalError

Attributes = dict[str, str]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read_xml(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    namespace: Callable[[str | None, str], None] | None = None,
) -> None:
    """Tells every element as `namespace name`, `name` where it has none; attributes likewise.

    namespace: is told each prefix (None for the default) with its address before the element that declares it.
    Raises RefusalError for what is not well-formed, in an unknown encoding, or declares a DTD.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = namespace
    parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError, RecursionError) as error:
        raise damaged() from error


def _refuse_dtd(*_: Any) -> NoReturn:
    raise dtd_refusal()


def dtd_refusal() -> RefusalError:
    """XML that declares its own entities."""
    return RefusalError("文件内部含有不允许的 XML 声明（DTD），可能有害", RESEND, "F105")


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def is_main(name: str) -> bool:
    """Whether an element is of a workbook's own namespace, transitional or strict."""
    return name.startswith((MAIN + " ", STRICT + " "))


def truth(value: str | None) -> bool:
    """A yes or no of an attribute, as XML Schema writes it; False where it is not there."""
    return value is not None and value.strip() in ("1", "true", "on")
