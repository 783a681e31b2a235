"""XML as trees, and the many ways of writing one tree that all say the same to a reader who knows XML."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DECOY = '<c r="A1" t="n"><v>99</v></c>'
"""What must not be read: it stands in comments, foreign elements and extensions."""
SPACES = (" ", "  ", "\n", "\t", "\r\n ")
WITH_TEXT = frozenset({"t", "v", "f", "formula1", "formula2", "definedName", "formula", "oddHeader", "oddFooter"})
"""Elements whose space is text."""
WITH_EXTENSIONS = frozenset({"c", "row", "worksheet"})
NEVER_RENAMED = ("Relationships", "Types")
PLAIN_WAYS = ("quotes", "spaces", "order", "comments", "instructions", "references", "blanks", "pairs")
"""Those that need no namespace."""
WAYS = (
    "quotes", "spaces", "order", "comments", "instructions", "cdata", "references", "blanks", "pairs", "attributes",
    "ignorable", "extensions", "prefix",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "us-ascii", "iso-8859-1")


@dataclass(slots=True)
class Node:
    """An element: its name as it is written, its attributes and what is in it, texts as they read."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def copy(self) -> Node:
        """A copy of the whole tree."""
        inside = [child if isinstance(child, str) else child.copy() for child in self.children]
        return Node(self.name, dict(self.attributes), inside)

    def nodes(self, name: str) -> list[Node]:
        """The elements of that name right in this one."""
        return [child for child in self.children if isinstance(child, Node) and child.name == name]

    def node(self, name: str) -> Node:
        """The only element of that name right in this one."""
        (found,) = self.nodes(name)
        return found

    def every(self, name: str) -> Iterator[Node]:
        """The elements of that name, however deep."""
        for child in self.children:
            if isinstance(child, Node):
                if child.name == name:
                    yield child
                yield from child.every(name)


def parse(xml: bytes) -> Node:
    """The tree of an XML part; prefixes stay as they are written."""
    top = Node("")
    path = [top]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes)
        path[-1].children.append(node)
        path.append(node)

    def text(words: str) -> None:
        path[-1].children.append(words)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    root = top.children[0]
    assert isinstance(root, Node)
    return root


QUOTE = '"'
_PLAIN = re.compile(r"[^&<>\r\n\t\"']*")


def _escaped(text: str, quote: str = "") -> str:
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    if quote:
        text = text.replace(quote, "&quot;" if quote == '"' else "&apos;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text


def usual_document(root: Node) -> bytes:
    """The part as usual programs write it."""
    pieces = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']

    def write(node: Node) -> None:
        head = "".join([f' {key}="{_escaped(value, QUOTE)}"' for key, value in node.attributes.items()])
        if not node.children:
            pieces.append(f"<{node.name}{head}/>")
            return
        pieces.append(f"<{node.name}{head}>")
        for child in node.children:
            if isinstance(child, str):
                pieces.append(_escaped(child))
            else:
                write(child)
        pieces.append(f"</{node.name}>")

    write(root)
    return "".join(pieces).encode()


@dataclass
class Writer:
    """Writes trees. ways: of `WAYS`, those that are used; rate: how often, from 0 to 1."""

    rng: random.Random
    ways: Sequence[str] = ()
    rate: float = 0.0
    encoding: str = "utf-8"
    prefix: str = ""

    def document(self, root: Node) -> bytes:
        """The whole part, in an encoding that it says or that shows itself."""
        self.prefix = ""
        root = Node(root.name, dict(root.attributes), root.children)
        if root.name in NEVER_RENAMED:
            ways = self.ways
            self.ways = [way for way in ways if way in PLAIN_WAYS]
            text = self._written(root)
            self.ways = ways
            return text
        if self.ways:
            self._declare(root)
        return self._written(root)

    def _written(self, root: Node) -> bytes:
        text = self._around() + self._element(root) + self._around()
        if self.encoding in ("us-ascii", "iso-8859-1"):
            head = f'<?xml version="1.0" encoding="{self.encoding}"?>'
            return (head + text).encode(self.encoding, "xmlcharrefreplace")
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        if self.ways:
            head = self.rng.choice((head, "", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-8'?>\n"))
        if self.encoding.startswith("utf-16"):
            head = self.rng.choice(("", '<?xml version="1.0" encoding="UTF-16"?>'))
            mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(self.encoding, b"")
            return mark + (head + text).encode(self.encoding)
        return (head + text).encode(self.encoding)

    def _declare(self, root: Node) -> None:
        if "prefix" in self.ways and "xmlns" in root.attributes and ":" not in root.name:
            self.prefix = self.rng.choice(("x:", "main:", "甲:" if self.encoding.startswith("utf") else "y:"))
            root.attributes[f"xmlns:{self.prefix[:-1]}"] = root.attributes.pop("xmlns")
        if "attributes" in self.ways or "ignorable" in self.ways:
            root.attributes |= {"xmlns:q": "urn:q", "xmlns:mc": COMPATIBILITY, "mc:Ignorable": "q"}
        if "extensions" in self.ways and root.name == "worksheet" and not root.nodes("extLst"):
            rows = Node("sheetData", {}, [Node("row", {"r": "1"}, [Node("c", {"r": "A1"}, [Node("v", {}, ["99"])])])])
            root.children = [*root.children, Node("extLst", {}, [Node("ext", {"uri": "{0}"}, [rows])])]

    def _does(self, way: str) -> bool:
        return way in self.ways and self.rng.random() < self.rate

    def _around(self) -> str:
        """What may stand before and behind the root."""
        text = f"<!-- {DECOY} -->" if self._does("comments") else ""
        return text + ("<?decoy <v>9</v>?>" if self._does("instructions") else "")

    def _element(self, node: Node) -> str:
        name = node.name if ":" in node.name else self.prefix + node.name
        head = f"<{name}{self._attributes(node)}"
        space = self.rng.choice(SPACES) if self._does("spaces") else ""
        inside = self._inside(node)
        if not inside and not self._does("pairs"):
            return f"{head}{space}/>"
        return f"{head}{space}>{inside}</{name}{space}>"

    def _attributes(self, node: Node) -> str:
        items = list(node.attributes.items())
        if self._does("order"):
            self.rng.shuffle(items)
        if self._does("attributes"):
            decoy = self.rng.choice((("q:r", "XFD1048576"), ("q:t", "s"), ("q:s", "3"), ("q:val", "a>b")))
            items.insert(self.rng.randrange(len(items) + 1), decoy)
        text = ""
        for key, value in items:
            quote = "'" if self._does("quotes") else '"'
            space, around = " ", ""
            if self._does("spaces"):
                space, around = self.rng.choice(SPACES), self.rng.choice(("", *SPACES))
            written = _escaped(value, quote)
            if value and self._does("references"):
                written = f"&#{ord(value[0])};" + _escaped(value[1:], quote)
            text += f"{space}{key}{around}={around}{quote}{written}{quote}"
        return text

    def _inside(self, node: Node) -> str:
        if node.name in WITH_TEXT or not any(isinstance(child, Node) for child in node.children):
            inside = "".join(
                self._text(child) if isinstance(child, str) else self._element(child) for child in node.children
            )
            if node.name in WITH_TEXT or inside:
                return inside + self._between()
        pieces = []
        for child in node.children:
            pieces.append(self._between())
            if self._does("blanks"):
                pieces.append(self.rng.choice(SPACES))
            pieces.append(self._text(child) if isinstance(child, str) else self._element(child))
        if pieces and node.name in ("sheetData", "row", "c") and self._does("ignorable"):
            pieces.insert(self.rng.randrange(len(pieces) + 1), '<q:c r="A1"><q:v>99</q:v></q:c>')
        if node.name in ("c", "row") and pieces and self._does("extensions"):
            pieces.append(f'<{self.prefix}extLst><{self.prefix}ext uri="{{0}}"><q xmlns="urn:q">99</q>'
                          f"</{self.prefix}ext></{self.prefix}extLst>")  # fmt: skip
        return "".join(pieces)

    def _between(self) -> str:
        text = self.rng.choice(("<!---->", "<!-- 9 -->", f"<!--{DECOY}-->")) if self._does("comments") else ""
        return text + ("<?q 9?>" if self._does("instructions") else "")

    def _text(self, text: str) -> str:
        if not self.ways or not text:
            return _escaped(text)
        at = self.rng.randrange(len(text) + 1)
        between = self._between()
        if self._does("cdata") and "]]>" not in text and "\r" not in text and self.encoding.startswith("utf"):
            return _escaped(text[:at]) + between + f"<![CDATA[{text[at:]}]]>"
        if self._does("references") and at < len(text):
            sign = ord(text[at])
            reference = self.rng.choice((f"&#{sign};", f"&#x{sign:x};", f"&#x{sign:06X};"))
            return _escaped(text[:at]) + between + reference + _escaped(text[at + 1 :])
        return _escaped(text[:at]) + between + _escaped(text[at:])
