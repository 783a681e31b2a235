"""Whether a Word template can be filled: every tag of every paragraph, and how those of loops and conditions pair.

What cannot be seen before filling (a division by zero) is told by `template` when it comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from perfxl.documents.environment import Environment
from perfxl.documents.expressions import Expressions, Scope
from perfxl.documents.places import Paragraph, paragraphs_of
from perfxl.documents.said import Slot
from perfxl.errors import Fault

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_INNER = re.compile(r"^(?:(p|tr|tc|r)\s)?\s*(.*?)\s*$", re.DOTALL)
_TRIMMED = re.compile(r"^-|-$")
_WIDE = re.compile(r"｛\s*[｛{%％]|\{\s*[｛％]|[｝}%％]\s*｝|[｝％]\s*\}")
_OF_WORD = frozenset({"vm", "hm", "colspan", "cellbg"})
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_ADVICE = "请在 Word 中打开模板改正；可用的占位符见使用手册“文书模板的占位符”"


@dataclass
class _Open:
    """A loop or condition that is not ended yet. scope: the names that hold before it."""

    word: str
    prefix: str
    paragraph: Paragraph
    tag: str
    scope: Scope


@dataclass
class _Part:
    faults: list[Fault] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)
    scope: Scope = field(default_factory=dict)

    def tell(self, paragraph: Paragraph, what: str, advice: str = _ADVICE) -> None:
        fault = Fault(paragraph.place, what, advice)
        if fault not in self.faults:
            self.faults.append(fault)


def faults_of(roots: Mapping[str, Any], slots: Mapping[str, Slot], environment: Environment) -> list[Fault]:
    """All faults of a template. roots: its parts, parsed, by what they are called (正文, 页脚)."""
    expressions = Expressions(slots, environment)
    faults: list[Fault] = []
    for name, root in roots.items():
        part = _Part()
        for paragraph in paragraphs_of(root, name):
            _look(part, paragraph, expressions)
        for left in part.opened:
            part.tell(left.paragraph, f"“{left.tag}”没有结束，缺少 {{%{left.prefix} end{left.word} %}}")
        if not part.faults and any(_in_attribute(root)):
            part.faults.append(Fault(name, "链接地址、图片说明等处有占位符", "占位符只能写在文字里"))
        faults += part.faults
    return faults


def _in_attribute(root: Any) -> Iterator[bool]:
    return (True for item in root.iter() for value in item.attrib.values() if "{{" in value or "{%" in value)


def _look(part: _Part, paragraph: Paragraph, expressions: Expressions) -> None:
    text = paragraph.text
    if "{{" in paragraph.strays or "{%" in paragraph.strays:
        part.tell(paragraph, "域代码（或修订中删去的文字）里有占位符", "占位符只能写在文字里；修订请先接受")
    if wide := _WIDE.search(text):
        part.tell(paragraph, f"“{wide[0]}”是全角的括号或百分号", "请改成半角的 {{ }} 或 {% %}")
        return
    tags = TAG.findall(text)
    rest = TAG.sub("", text)
    for mark, other in (("{{", "}}"), ("{%", "%}"), ("}}", "{{"), ("%}", "{%")):
        if mark in rest:
            at = rest.index(mark)
            near = rest[at : at + 20] if mark[0] == "{" else rest[max(0, at - 18) : at + 2]
            where = "后面缺少" if mark[0] == "{" else "前面缺少"
            part.tell(paragraph, f"“{near.strip()}”{where} {other}", "一个占位符的两边括号要成对，并在同一段里")
            return
    whole = [tag for tag in tags if _prefix(tag) in ("p", "tr", "tc")]
    for kind in ("p", "tr"):
        own = [tag for tag in whole if _prefix(tag) == kind]
        if len(own) > 1 or (kind == "p" and own and rest.strip()):
            part.tell(paragraph, f"“{own[-1]}”所在的一段还有别的内容，会被删去", "带 p、tr 的标签要独占一段（一行）")
            return
    before = len(part.opened)
    for tag in tags:
        _tag(part, paragraph, tag, expressions)
    inside = [item for item in part.opened[before:] if not item.prefix]
    for item in inside:
        words = f"“{item.tag}”到段末还没有结束"
        part.tell(paragraph, words, f"跨段的请写 {{%p {item.word} … %}}，表格的行写 {{%tr {item.word} … %}}")
        part.opened.remove(item)
        part.scope = item.scope


def _prefix(tag: str) -> str:
    match = _INNER.match(tag[2:-2])
    return (match[1] or "") if match else ""


def _tag(part: _Part, paragraph: Paragraph, tag: str, expressions: Expressions) -> None:
    if tag.startswith("{#"):
        return
    match = _INNER.match(tag[2:-2])
    prefix, code = (match[1] or "", match[2]) if match else ("", "")
    code = _TRIMMED.sub("", code).strip().translate(_QUOTES)
    if prefix == "tr" and paragraph.row is None:
        part.tell(paragraph, f"“{tag}”不在表格里", "表格以外请用 {%p … %}")
        return
    if tag.startswith("{{"):
        for what in expressions.output(code, part.scope, whole=prefix == "p"):
            part.tell(paragraph, f"“{tag}”{what}")
        return
    word = code.split(None, 1)[0] if code else ""
    if word == "for":
        scope, faults = expressions.loop(code, part.scope)
        part.opened.append(_Open("for", prefix, paragraph, tag, part.scope))
        part.scope = scope
        for what in faults:
            part.tell(paragraph, f"“{tag}”{what}")
    elif word in ("if", "elif"):
        for what in expressions.condition(code.removeprefix("el"), part.scope):
            part.tell(paragraph, f"“{tag}”{what}")
        if word == "if":
            part.opened.append(_Open("if", prefix, paragraph, tag, part.scope))
        else:
            _within(part, paragraph, tag)
    elif word == "else":
        _within(part, paragraph, tag)
    elif word in ("endfor", "endif"):
        _end(part, paragraph, tag, word.removeprefix("end"), prefix)
    elif word not in _OF_WORD:
        part.tell(paragraph, f"不认识“{tag}”", "可以用的有 for、endfor、if、elif、else、endif")


def _within(part: _Part, paragraph: Paragraph, tag: str) -> None:
    if not part.opened:
        part.tell(paragraph, f"“{tag}”前面没有 if")


def _end(part: _Part, paragraph: Paragraph, tag: str, word: str, prefix: str) -> None:
    if not part.opened:
        part.tell(paragraph, f"“{tag}”前面没有对应的 {word}")
        return
    opened = part.opened.pop()
    part.scope = opened.scope
    if opened.word != word:
        part.tell(
            paragraph, f"“{tag}”与前面的“{opened.tag}”不成对，应先写 end{opened.word}（{opened.paragraph.place}）"
        )
    elif opened.prefix != prefix:
        part.tell(paragraph, f"“{tag}”与“{opened.tag}”的 p、tr 要一致（{opened.paragraph.place}）")
    elif prefix == "tr" and opened.paragraph.table is not paragraph.table:
        part.tell(paragraph, f"“{tag}”与“{opened.tag}”不在同一个表格里（{opened.paragraph.place}）")
    elif prefix == "p" and opened.paragraph.container is not paragraph.container:
        part.tell(paragraph, f"“{tag}”与“{opened.tag}”一个在表格里、一个不在（{opened.paragraph.place}）")
