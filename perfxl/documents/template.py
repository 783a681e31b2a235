"""A Word template that is read once and filled many times."""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any, BinaryIO
from xml.parsers import expat

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from perfxl.caches import kept
from perfxl.deflate import QUICK
from perfxl.documents.check import faults_of
from perfxl.documents.environment import Environment, counters
from perfxl.documents.insert import Insert, Parts, Placed
from perfxl.documents.package import CORE, core_properties, package_of, parsed, with_parts
from perfxl.documents.places import paragraphs_of
from perfxl.documents.said import Slot, slots_of, values_of
from perfxl.errors import Fault, TemplateFaultError, UsageError
from perfxl.workbook.limits import RefusalError
from perfxl.xlsx.archive import Archive, Member, pack

_MARK = re.compile(r"\{#@(\d+)#\}")
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_EMPTY_CELL = re.compile(r"(</w:tcPr>|<w:tcPr/>|<w:tc>|</w:tbl>)\s*</w:tc>")
_IN_TEXT = re.compile(r"<w:t(?: [^<>]*)?>[^<]*<w:p[ >]")
"""A chart where text should be: XML as good as any, and nothing that Word opens."""
_FILE = "<template>"


class Template:
    """A template, checked and compiled. name: of its file, for messages; record: the record that fills it."""

    def __init__(self, data: bytes, name: str, record: type[Any]) -> None:
        """Raises UsageError for what is no Word document, TemplateFaultError with all faults of the template."""
        self.name = name
        self._environment = Environment()
        try:
            self._package = package_of(data)
            roots = {words: parsed(self._package.parts[part]) for words, part in self._package.filled.items()}
        except (RefusalError, KeyError, etree.XMLSyntaxError) as error:
            why = error.reason if isinstance(error, RefusalError) else "文件已损坏。请在 Word 中另存后重试。"
            raise UsageError(f"文书模板“{name}”不能用：{why.rstrip('。')}") from error
        slots: Mapping[str, Slot] = slots_of(record)
        if faults := faults_of(roots, slots, self._environment):
            raise TemplateFaultError(name, faults)
        self._sources: dict[str, str] = {}
        self._compiled: dict[str, Any] = {}
        self._members: dict[str, Member] = {}
        self._places: dict[str, list[str]] = {}
        for words, part in self._package.filled.items():
            self._compile(words, part, roots[words])
        self._static = {
            part: pack(part, content, QUICK)
            for part, content in self._package.parts.items()
            if part not in self._compiled and part != CORE
        }

    def _compile(self, words: str, part: str, root: Any) -> None:
        self._places[part] = [paragraph.place for paragraph in paragraphs_of(root, words)]
        source = etree.tostring(root, encoding="unicode").replace("\n", " ")
        numbers = count()
        source = _PARAGRAPH.sub(lambda match: f"\n{{#@{next(numbers)}#}}{match[0]}", source)
        source = DocxTemplate(io.BytesIO()).patch_xml(source)
        self._sources[part] = source
        try:
            self._compiled[part] = self._environment.from_string(source)
        except TemplateError as error:
            raise self._fault(part, getattr(error, "lineno", None), error) from error

    def fill(self, record: Any, file: BinaryIO, title: str, when: datetime) -> None:
        """Writes the document of a record. Raises TemplateFaultError where the template cannot be filled with it."""
        parts = Parts(self._package.parts)
        values = _inserted(values_of(record), parts) | counters()
        archive = Archive(file)
        changed: dict[str, Member] = {}
        for part, template in self._compiled.items():
            try:
                xml = template.render(values)
            except Exception as error:
                # Whatever a template does with what it is given is its own fault, and told as such.
                raise self._fault(part, _line(error), error) from error
            xml = _EMPTY_CELL.sub(r"\1<w:p/></w:tc>", xml)
            if parts.added and _IN_TEXT.search(xml):
                what = "图表写在了文字中间"
                raise TemplateFaultError(self.name, [Fault("正文", what, "图表请独占一段，写成 {{p 名称 }}")])
            if not _whole(xml):
                what = "填写后的文档不完整"
                raise TemplateFaultError(self.name, [Fault(self._places[part][0] if self._places[part] else part, what,
                                         "请检查 {%p … %}、{%tr … %} 是否各占一段、一行")])  # fmt: skip
            changed[part] = pack(part, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}', QUICK)
        changed[CORE] = pack(CORE, core_properties(title, f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"), QUICK)
        if parts.added:
            further = with_parts(self._package, parts.added) | {part.name: part.content for part in parts.added}
            changed |= {name: pack(name, data, QUICK) for name, data in further.items()}
        for name in dict.fromkeys([*self._static, *self._compiled, *changed]):
            archive.add(changed.get(name) or self._static[name])
        archive.close()

    def _fault(self, part: str, line: int | None, error: Exception) -> TemplateFaultError:
        place, places = "正文", self._places[part]
        if line is not None:
            before = "\n".join(self._sources[part].split("\n")[:line])
            if numbers := _MARK.findall(before):
                place = places[int(numbers[-1])]
        fault = Fault(place, f"这里填不出来（{_plain(error)}）", "请核对这一段的占位符和标签")
        return TemplateFaultError(self.name, [fault])


def _inserted(values: Any, parts: Parts) -> Any:
    """The values with what is put in whole on its way."""
    if isinstance(values, Insert):
        return Placed(values, parts)
    if isinstance(values, dict):
        return {key: _inserted(value, parts) for key, value in values.items()}
    if isinstance(values, list):
        return [_inserted(value, parts) for value in values]
    return values


def _line(error: Exception) -> int | None:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _FILE]
    return lines[-1] if lines else getattr(error, "lineno", None)


def _plain(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "除数是 0"
    if isinstance(error, TypeError | ValueError):
        return "文字和数不能这样计算"
    return "有没有定义的名称" if type(error).__name__ == "UndefinedError" else "模板里的写法不允许"


def _whole(xml: str) -> bool:
    try:
        expat.ParserCreate().Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


_TEMPLATES: dict[Any, Template] = kept()


def template_of(data: bytes, name: str, record: type[Any]) -> Template:
    """The template, read once in each process. Raises as `Template`."""
    key = sha256(data).digest(), name, record
    if key not in _TEMPLATES:
        _TEMPLATES[key] = Template(data, name, record)
    return _TEMPLATES[key]


def check_template(data: bytes, name: str, record: type[Any]) -> None:
    """Raises as `Template`; in a process of its own it keeps a hostile file from this one."""
    Template(data, name, record)
