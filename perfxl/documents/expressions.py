"""Whether what stands in the braces of a template can be filled: names that are there, filters that are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from jinja2 import TemplateSyntaxError, nodes

from perfxl.documents.environment import COUNTERS, Environment
from perfxl.documents.said import INSERT, LIST, NUMBER, RECORD, TEXT, YES_NO, Slot

LOOP = Slot(
    "loop", "", RECORD,
    inner={
        **{name: Slot(name, "", NUMBER) for name in ("index", "index0", "length", "revindex", "revindex0", "depth")},
        **{name: Slot(name, "", YES_NO) for name in ("first", "last")},
    },
)  # fmt: skip
_KEPT = frozenset({"first", "last", "default", "d", "trim", "upper", "lower", "sort", "reverse", "unique", "list"})
"""Filters that give what they were given, or one of it."""
_OF_LIST = frozenset({"first", "last"})
Scope = Mapping[str, Slot | None]
"""What names stand for; None for what is not known."""


class Expressions:
    """Looks through expressions and collects what is wrong with them, in Chinese."""

    def __init__(self, slots: Mapping[str, Slot], environment: Environment) -> None:
        self._environment = environment
        self.base: dict[str, Slot | None] = {**slots, **{name: Slot(name, "", NUMBER) for name in COUNTERS}}

    def output(self, code: str, scope: Scope, *, whole: bool) -> list[str]:
        """What is wrong with `{{ code }}`. whole: whether it takes the place of its paragraph, `{{p code }}`."""
        tree = self._parse("{{ " + code + " }}")
        if isinstance(tree, str):
            return [tree]
        faults: list[str] = []
        for node in tree.find_all(nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    continue
                slot = self._slot(part, scope, faults)
                if slot is not None:
                    faults += self._not_written(slot, whole)
        return faults

    @staticmethod
    def _not_written(slot: Slot, whole: bool) -> Iterator[str]:
        if slot.kind == LIST:
            yield f"“{slot.name}”是列表，不能直接写出，请用 {{%p for 项 in {slot.name} %}} 逐条写"
        elif slot.kind == RECORD:
            names = "、".join(f"{slot.name}.{inner}" for inner in list(slot.inner or {})[:3])
            yield f"“{slot.name}”是一组内容，请写明哪一项，如 {names}"
        elif slot.kind == INSERT and not whole:
            yield f"“{slot.name}”是图表，请独占一段，写成 {{{{p {slot.name} }}}}"
        elif whole and slot.kind != INSERT:
            yield f"“{slot.name}”是文字，不要写 {{{{p，请写成 {{{{ {slot.name} }}}}"

    def loop(self, code: str, scope: Scope) -> tuple[Scope, list[str]]:
        """The names within `{% for … %}`, and what is wrong with it."""
        tree = self._parse("{% " + code + " %}{% endfor %}")
        if isinstance(tree, str):
            return scope, [tree]
        node = next(tree.find_all(nodes.For))
        faults: list[str] = []
        slot = self._slot(node.iter, scope, faults)
        if slot is not None and slot.kind != LIST:
            faults.append(f"“{slot.name}”不是列表，不能用 for")
        targets = [name.name for name in node.target.find_all(nodes.Name)] or [getattr(node.target, "name", "")]
        item = slot.item if slot is not None and slot.kind == LIST and len(targets) == 1 else None
        inner = {**scope, "loop": LOOP, **dict.fromkeys(targets, None)}
        if item is not None:
            inner[targets[0]] = Slot(targets[0], "", item.kind, item.inner, item.item)
        if node.test is not None:
            self._slot(node.test, inner, faults)
        return inner, faults

    def condition(self, code: str, scope: Scope) -> list[str]:
        """What is wrong with `{% if … %}`."""
        tree = self._parse("{% " + code + " %}{% endif %}")
        if isinstance(tree, str):
            return [tree]
        faults: list[str] = []
        self._slot(next(tree.find_all(nodes.If)).test, scope, faults)
        return faults

    def _parse(self, source: str) -> nodes.Template | str:
        try:
            return self._environment.parse(source)
        except TemplateSyntaxError as error:
            return f"写法不对（{_plain(error.message or '')}）"

    def _slot(self, node: nodes.Node, scope: Scope, faults: list[str]) -> Slot | None:
        """What an expression gives, where that is known; tells what is wrong within it."""
        if isinstance(node, nodes.Name):
            names = {**self.base, **scope}
            if node.name not in names:
                faults.append(f"没有占位符“{node.name}”{_near(node.name, list(names))}")
                return None
            return names[node.name]
        if isinstance(node, nodes.Getattr):
            return self._field(self._slot(node.node, scope, faults), node.attr, faults)
        if isinstance(node, nodes.Filter):
            slot = self._slot(node.node, scope, faults) if node.node is not None else None
            for argument in node.args:
                self._slot(argument, scope, faults)
            if node.name not in self._environment.filters:
                faults.append(f"没有过滤器“{node.name}”{_near(node.name, list(self._environment.filters))}")
                return None
            if slot is not None and slot.kind == LIST and node.name in _OF_LIST:
                return slot.item
            return slot if node.name in _KEPT else None
        if isinstance(node, nodes.Getitem):
            slot = self._slot(node.node, scope, faults)
            self._slot(node.arg, scope, faults)
            if slot is None or slot.kind != LIST:
                return None
            return slot if isinstance(node.arg, nodes.Slice) else slot.item
        if isinstance(node, nodes.Test) and node.name not in self._environment.tests:
            faults.append(f"没有判断“is {node.name}”")
            return None
        if isinstance(node, nodes.Call):
            faults.append("占位符后面不能有括号，这里没有可以调用的功能")
            return None
        for child in node.iter_child_nodes():
            self._slot(child, scope, faults)
        return Slot("", "", TEXT) if isinstance(node, nodes.Const) else None

    @staticmethod
    def _field(slot: Slot | None, name: str, faults: list[str]) -> Slot | None:
        if slot is None:
            return None
        if slot.inner is None:
            what = "列表，先用 for 取出一项" if slot.kind == LIST else f"{slot.kind}"
            faults.append(f"“{slot.name}”是{what}，后面不能写“.{name}”")
            return None
        if name not in slot.inner:
            faults.append(f"“{slot.name}”里没有“{name}”{_near(name, list(slot.inner))}")
            return None
        inner = slot.inner[name]
        return Slot(f"{slot.name}.{name}", inner.words, inner.kind, inner.inner, inner.item)


def _near(name: str, names: Sequence[str]) -> str:
    found = difflib.get_close_matches(name, names, 1, 0.5)
    return f"，是不是“{found[0]}”" if found else ""


_PHRASES = (
    ("expected token 'end of print statement', got", "括号里多出了"),
    ("expected token 'end of statement block', got", "标签里多出了"),
    ("unexpected 'end of print statement'", "没有写完"),
    ("unexpected 'end of statement block'", "没有写完"),
    ("unexpected 'end of template'", "没有写完"),
    ("unexpected end of template", "没有写完"),
    ("Expected an expression, got 'end of print statement'", "缺少名称"),
    ("Expected an expression, got 'end of statement block'", "缺少名称"),
    ("unexpected char", "有不认识的字符"),
    ("expected token", "缺少"),
    ("unexpected", "多出了"),
    ("got", "得到"),
    ("'integer'", "数字"),
    ("'string'", "文字"),
    ("'name'", "名称"),
)


def _plain(message: str) -> str:
    for english, chinese in _PHRASES:
        message = message.replace(english, chinese)
    return message.rstrip(".")
