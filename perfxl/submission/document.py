"""The submission document (JSON): its shape, and the way between it and the fields of the template.

Shape: `department`, `narrative`, `funds` (row → column), `kpis`, `tasks` (lists of rows), `facts`, `scores` (code →
self, reason), beside `scheme` and `year`; a scheme without KPIs or tasks has no such part. Every value is a text or
null; numbers are texts too, exact. A value that is no number where one belongs is kept as its text: saying so is the
checks' part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from perfxl.decimals import from_float
from perfxl.errors import DocumentError, Fault, system_words
from perfxl.files import read_regular
from perfxl.layout import Layout, layout_of
from perfxl.layout.fields import VALUE, FieldId, FieldSpec
from perfxl.scheme.funds import fund_cell, fund_key
from perfxl.scheme.model import Scheme
from perfxl.text import CELL_TEXT, is_blank

Document = dict[str, Any]
FieldValue = Decimal | str
SHOWN_DIGITS = 40
_HALF = re.compile("[\ud800-\udfff]")
_WHERE_FILLED = frozenset({"filled_on", "remark", "project_code"})
"""Identity fields that a document has only where they are filled."""
TEXT_TYPES = frozenset({"text", "long_text", "code", "choice", "yes_no", "date"})
PARTS = ("department", "narrative", "funds", "kpis", "tasks", "facts", "scores")
STAGE_KEYS = ("stage", "period")
"""What a document of a stage of the year has beside scheme and year."""
LISTS = ("kpis", "tasks")
"""The parts that are lists of rows; the others are objects."""


def load_document(path: Path) -> Document:
    """The document of a file. Raises DocumentError where it is no JSON object or has no `scheme`.

    A case file, which holds its document under `submission`, is taken too.
    """
    try:
        loaded = json.loads(read_regular(path).decode("utf-8-sig"))
    except OSError as error:
        fault = Fault("文件", f"打不开（{system_words(error)}）", "请检查路径，并关闭正打开它的程序")
        raise DocumentError(path.name, [fault]) from error
    except UnicodeDecodeError as error:
        fault = Fault("文件", "文字不是 UTF-8 编码", "请用记事本另存为 UTF-8 编码")
        raise DocumentError(path.name, [fault]) from error
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise DocumentError(path.name, [Fault(place, "不是正确的 JSON", "请检查括号、引号和逗号")]) from error
    except RecursionError as error:
        raise DocumentError(path.name, [Fault("文件", "括号嵌套太深", "填报文档只有几层，请核对内容")]) from error
    except ValueError as error:
        # Python reads no integer of more than some thousand digits.
        fault = Fault("文件", "有的数字太长", '数字请写成带引号的文本，例如 "35"，并核对位数')
        raise DocumentError(path.name, [fault]) from error
    if isinstance(loaded, dict) and isinstance(loaded.get("submission"), dict):
        loaded = loaded["submission"]
    if not isinstance(loaded, dict):
        raise DocumentError(path.name, [Fault("文件", "不是填报文档", "最外层应为 { }")])
    return loaded


def leaves(document: Mapping[str, Any]) -> Iterator[tuple[FieldId, Any]]:
    """Every value of a document with the name of its field. Rows of lists are numbered from 1."""
    for part in ("department", "narrative"):
        for key, value in _mapping(document.get(part)):
            yield ("identity", f"{part}.{key}", VALUE), value
    for row, columns in _mapping(document.get("funds")):
        for name, value in _mapping(columns):
            yield ("facts", fund_key(row, name), VALUE), value
    for key, value in _mapping(document.get("facts")):
        yield ("facts", key, VALUE), value
    for table in LISTS:
        rows = document.get(table)
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            for name, value in _mapping(row):
                yield (table, str(number), name), value
    for code, columns in _mapping(document.get("scores")):
        for name, value in _mapping(columns):
            yield ("scores", code, name), value


def _mapping(part: Any) -> list[tuple[str, Any]]:
    return list(part.items()) if isinstance(part, dict) else []


def spec_of(layout: Layout, field: FieldId) -> FieldSpec | None:
    """What may be written in a field; None where the template has no such field."""
    if field[0] in layout.open_specs:
        return layout.open_specs[field[0]].get(field[2])
    return layout.specs.get(field)


def check_document(document: Document, scheme: Scheme, source: str) -> None:
    """Raises DocumentError with every fault of the document's shape."""
    layout = layout_of(scheme)
    faults: list[Fault] = []
    if document.get("scheme") != scheme.id:
        faults.append(
            Fault(
                "scheme",
                f"评分方案是“{_named(document.get('scheme')).strip()}”，当前方案是“{scheme.id}”",
                "请用 --scheme 指定对应的方案",
            )
        )
    if document.get("year") != scheme.year:
        faults.append(
            Fault("year", f"年度是“{_named(document.get('year')).strip()}”，方案年度是 {scheme.year}", "请更正年度")
        )
    faults += [
        Fault(key, "填报文档没有这一部分", f"可用的部分：{'、'.join(PARTS)}")
        for key in sorted(document.keys() - {"scheme", "year", *(() if scheme.asks_scores else STAGE_KEYS), *PARTS})
    ]
    for part in PARTS:
        kind = list if part in LISTS else dict
        if part in document and not isinstance(document[part], kind):
            faults.append(Fault(part, "写法不对", "应为 [ ] 列表" if kind is list else "应为 { } 对象"))
    rows: dict[tuple[str, str], bool] = {}
    for field, value in leaves(document):
        place = ".".join(part for part in field if part != VALUE)
        if spec_of(layout, field) is None:
            faults.append(Fault(place, "评分方案中没有这一项", "请核对代码"))
        elif value is not None and not isinstance(value, str):
            faults.append(Fault(place, f"{_named(value)}不是文本", '数字也请写成带引号的文本，例如 "35"'))
        elif value is not None and _HALF.search(value):
            faults.append(Fault(place, "文字中有不完整的字符（如 \\ud800）", "Excel 单元格放不下，请删去或重新输入"))
        elif value is not None and len(value) > CELL_TEXT:
            faults.append(Fault(place, f"文字超过 {CELL_TEXT} 个字符", "Excel 单元格放不下，请删减"))
        if field[0] in layout.open_specs:
            rows[field[:2]] = rows.get(field[:2], False) or filled(value)
    faults += [
        Fault(f"{table}.{number}", "整行没有内容", "请删去这一行")
        for (table, number), filled in rows.items()
        if not filled
    ]
    if faults:
        raise DocumentError(source, faults)


def _named(value: Any) -> str:
    """What stands where a text belongs, briefly."""
    if isinstance(value, dict | list):
        return "对象 { } " if isinstance(value, dict) else "列表 [ ] "
    text = json.dumps(value) if isinstance(value, bool) or value is None else str(value)
    return f"{text} " if len(text) <= SHOWN_DIGITS else f"{text[:SHOWN_DIGITS]}…（共 {len(text)} 个字符）"


def field_values(document: Document, scheme: Scheme) -> dict[FieldId, FieldValue]:
    """What `fill` writes into the template: a Decimal where a number belongs and is written plainly, else the text.

    A number that a cell would not give back (more than 15 digits) stays text.
    """
    layout = layout_of(scheme)
    values: dict[FieldId, FieldValue] = {}
    for field, leaf in leaves(document):
        spec = spec_of(layout, field)
        if spec is None or not filled(leaf):
            continue
        number = None if spec.type in TEXT_TYPES else plain_number(leaf)
        values[field] = number if number is not None and _fits_cell(number) else leaf
    return values


def _fits_cell(number: Decimal) -> bool:
    """Whether a cell gives the number back; one of hundreds of digits is more than any cell can hold."""
    return abs(number.adjusted()) < 300 and from_float(float(number)) == number


def filled(leaf: Any) -> bool:
    """Whether a leaf has anything to write into a cell."""
    return isinstance(leaf, str) and not is_blank(leaf)


def plain_number(text: str) -> Decimal | None:
    """The number of a plainly written text (`-12.50`), None for anything else."""
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def to_document(values: Mapping[FieldId, str], scheme: Scheme) -> Document:
    """The document of texts by field: every key that is required, others where they are filled."""
    layout = layout_of(scheme)

    def given(field: FieldId) -> dict[str, str | None]:
        value, spec = values.get(field), layout.specs[field]
        always = spec.required or field[0] != "facts"
        return {field[1]: value} if value is not None or always else {}

    columns = scheme.funds_table.columns
    document: Document = {"scheme": scheme.id, "year": scheme.year}
    if not scheme.asks_scores:
        document |= {"stage": str(scheme.stage)} | ({"period": scheme.period} if scheme.period else {})
    document |= {"department": {}, "narrative": {}, "funds": {}}
    for field in layout.specs:
        table, key, name = field
        value = values.get(field)
        if table == "identity":
            part, _, short = key.partition(".")
            if value is not None or short not in _WHERE_FILLED:
                document[part][short] = value
        elif cell := fund_cell(key):
            row, column = cell
            document["funds"].setdefault(row, dict.fromkeys(columns))[column] = value
        elif table == "facts":
            document.setdefault("facts", {}).update(given(field))
        elif table == "scores":
            document.setdefault("scores", {}).setdefault(key, {})[name] = value
    for table, specs in layout.open_specs.items():
        numbers = sorted({int(key) for name, key, _ in values if name == table})
        document[table] = [{name: values.get((table, str(n), name)) for name in specs} for n in numbers]
    return document
