"""The language of the templates: jinja2 in its sandbox, with nothing that would let markup through."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from perfxl.documents.insert import Placed
from perfxl.documents.text import as_run
from perfxl.text import chinese_number

MARKUP_FILTERS = ("safe", "xmlattr", "urlize", "tojson", "forceescape", "pprint", "format", "filesizeformat")
"""What makes markup, or English, of a text."""


class Counter:
    """A number of headings that counts on each time it is written; those below it begin anew."""

    def __init__(self, pattern: str, below: Counter | None = None, *, chinese: bool = True) -> None:
        self._pattern, self._below, self._chinese = pattern, below, chinese
        self._count = 0

    def next(self) -> str:
        """The next number as it stands before a heading."""
        self._count += 1
        if self._below is not None:
            self._below.restart()
        number = chinese_number(self._count) if self._chinese else str(self._count)
        return self._pattern.format(number)

    def restart(self) -> None:
        """Begins anew, and all below."""
        self._count = 0
        if self._below is not None:
            self._below.restart()


COUNTERS = {
    "章号": "一级标题的序号“一、”，每写一次加一",
    "节号": "二级标题的序号“（一）”，遇新的“章号”从头数",
    "条号": "三级标题的序号“1.”，遇新的“节号”从头数",
    "款号": "四级标题的序号“（1）”，遇新的“条号”从头数",
}
"""What every template may write before its headings, so that numbers stay right where a part is left out."""


def counters() -> dict[str, Counter]:
    """The counters of one document."""
    fourth = Counter("（{}）", chinese=False)
    third = Counter("{}.", fourth, chinese=False)
    second = Counter("（{}）", third)
    return dict(zip(COUNTERS, (Counter("{}、", second), second, third, fourth), strict=True))


def _written(value: Any) -> Any:
    """A value as it goes into the document; text becomes markup here and nowhere else."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Placed):
        return Markup(value.markup())
    if isinstance(value, Counter):
        return value.next()
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    if isinstance(value, StrictUndefined):
        # Raises with the name of what is not there.
        return str(value)
    return Markup(as_run(str(value)))


class Environment(ImmutableSandboxedEnvironment):
    """jinja2 with records as dicts, and without what a template of a document has no use for."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_written)
        self.globals = {}
        for name in MARKUP_FILTERS:
            self.filters.pop(name, None)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Fields of our records, which are dicts, come first: theirs are the names that templates use."""
        if type(obj) is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)
