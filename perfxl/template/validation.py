"""Drop-down lists, number checks and hints of the cells to fill, in the words that a department reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from perfxl.decimals import plain
from perfxl.layout import FieldSpec, Place
from perfxl.layout.fields import NOT_APPLICABLE, SUPPLIED
from perfxl.layout.sheets import META
from perfxl.scheme.records import UNITS
from perfxl.template.expressions import area
from perfxl.template.text_height import lines

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
FIRST_LIST_COLUMN = 3
UNIT_WORDS = {
    "money": "单位：万元",
    "count": "填整数",
    "points": "单位：分",
    "number": "只填数字",
    "percent": "只填数字，95.5% 写 95.5",
}
_COMMENT_WIDTH = 34


class Lists:
    """What formulas look up, in columns of `_meta`: a list in a rule itself may have 255 characters only.

    Parts of formulas that are too long for one cell stand there too. names: lists with a name of the workbook's.
    """

    def __init__(self, worksheet: Any) -> None:
        self._worksheet = worksheet
        self._ranges: dict[tuple[str | Decimal, ...], str] = {}
        self._next = FIRST_LIST_COLUMN
        self._parts: Place | None = None
        self._free: dict[str, Place] = {}
        self._places: dict[str, Place] = {}
        self.names: dict[str, str] = {}

    def begin_as(self, other: Lists) -> None:
        """Takes those of a workbook that this one begins as; its columns and parts are the same."""
        self._ranges, self._next, self._parts = other._ranges.copy(), other._next, other._parts
        self._free, self._places = other._free.copy(), other._places.copy()
        self.names = other.names.copy()

    def range_ref(self, items: Sequence[str | Decimal]) -> str:
        """Where the texts or numbers stand, as an absolute reference; written once."""
        key = tuple(items)
        if key not in self._ranges:
            for row, item in enumerate(key):
                if isinstance(item, Decimal):
                    self._worksheet.write_number(row, self._next, float(item))
                else:
                    self._worksheet.write_string(row, self._next, item)
            self._ranges[key] = area(Place(META, 0, self._next), Place(META, max(len(key) - 1, 0), self._next))
            self._next += 1
        return self._ranges[key]

    def named(self, name: str, items: Sequence[str | Decimal]) -> str:
        """`range_ref` under a defined name: a formula that names a sheet is shared with no other row."""
        self.names[name] = self.range_ref(items)
        return name

    def part_ref(self, expression: str, value: str | int) -> str:
        """Where a part of a formula stands, with what it comes to."""
        here = self._places.get(expression)
        if here is None:
            here = self._parts or self.free_columns("parts", 1)
            self._places[expression] = here
            self._parts = Place(META, here.row + 1, here.col)
        self.write(here, expression, value)
        return here.ref

    def write(self, place: Place, expression: str, value: Decimal | str | int | None) -> None:
        """A formula in a place that `free_columns` gave, with what it comes to."""
        shown = "" if value is None else float(value) if isinstance(value, Decimal) else value
        self._worksheet.write_formula(place.row, place.col, f"={expression}", None, shown)

    def free_columns(self, use: str, count: int) -> Place:
        """The top of columns that no list uses. use: what for; for the same use they are the same."""
        if use not in self._free:
            self._free[use] = Place(META, 0, self._next)
            self._next += count
        return self._free[use]

    @property
    def blank_ref(self) -> str:
        """A cell that stays empty, for a drop-down that has nothing to offer."""
        return Place(META, 0, FIRST_LIST_COLUMN - 1).ref


def validation(
    spec: FieldSpec, lists: Lists, *, at: str, source: str = "", strict: bool = True, most: Decimal | None = None,
    unit: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The data validation of a field in XlsxWriter's words.

    at: the first of its cells. source: a formula for the list instead of the field's own choices. strict: only listed
    texts may be typed. most: the highest number expected. unit: the cell of the unit of a target. Numbers only warn, so
    that a department can always go on.
    """
    if spec.bureau:
        return _supplied(spec)
    rules: dict[str, Any] = {"validate": "any"}
    if spec.may_be_na:
        # Any number may be typed too; a note beside the cell says what is wrong with it.
        rules = {"validate": "list", "source": f"={lists.range_ref((NOT_APPLICABLE,))}", "show_error": False}
    elif source or (spec.choices and spec.type != "value"):
        rules = {
            "validate": "list",
            "source": source or f"={lists.range_ref(spec.choices)}",
            "show_error": strict,
            "error_title": "不在选项中",
            "error_message": "请从下拉列表中选择。",
        }
    elif spec.type == "percent":
        rules = _percent_rules(spec, at, f"ISNUMBER({at})", _PERCENT_ONLY)
    elif spec.type == "value" and unit:
        rules = _percent_rules(
            spec, at, f'ISERROR(SEARCH("%",ASC({unit}))),NOT(ISNUMBER({at}))', _PERCENT_ROW, any_of=True
        )
    elif spec.window is not None:
        rules = _date_rules(*spec.window)
    elif spec.numeric:
        rules = _number_rules(spec, most)
    rules["ignore_blank"] = True
    rules["input_title"] = clipped(spec.label, TITLE_LIMIT)
    rules["input_message"] = clipped(hint_of(spec), MESSAGE_LIMIT)
    return rules


def _percent_rules(spec: FieldSpec, at: str, others: str, words: str, *, any_of: bool = False) -> dict[str, Any]:
    """A percentage is typed as 95: Excel would keep a typed 95% as 0.95, and show it as if nothing were wrong."""
    as_points = f"ABS({at})>=1,{at}=0"
    test = (
        f"OR({others},{as_points})"
        if any_of
        else f"AND({others},OR({as_points}){'' if spec.negative else f',{at}>=0'})"
    )
    # Texts are compared as larger than any number, and ABS of one is an error, which Excel takes for a refusal.
    return {
        "validate": "custom", "value": f"=IFERROR({test},{'TRUE' if any_of else 'FALSE'})", "error_type": "warning",
        "error_title": "请核对填写的内容", "error_message": words,
    }  # fmt: skip


_PERCENT_ONLY = "此处单位是 %，只写数字：95% 写 95，不要带 %。确实不到 1% 的，请选“是”保留。"
_PERCENT_ROW = "这一行的单位是 %，只写数字：95% 写 95，不要带 %。确实不到 1% 的，请选“是”保留。"


def _date_rules(first: date, last: date) -> dict[str, Any]:
    """A day within a window; what Excel keeps as a text, such as 2023.3.15, is refused too."""
    return {
        "validate": "date", "criteria": "between", "minimum": first, "maximum": last, "error_title": "请核对日期",
        "error_message": (
            f"请填 {first.isoformat()} 至 {last.isoformat()} 之间的日期，写成 2023-03-15 的样式（不要写成 2023.3.15）。"
        ),
    }  # fmt: skip


def _supplied(spec: FieldSpec) -> dict[str, Any]:
    """The data validation of what the bureau supplies: nothing may be typed over it."""
    return {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": SUPPLIED,
        "error_message": f"此单元格{SUPPLIED}，不用填写。有不同意见的，请在备注中说明。",
        "input_title": clipped(spec.label, TITLE_LIMIT),
        "input_message": clipped(spec.hint if spec.hint.endswith("。") else f"{spec.hint}。", MESSAGE_LIMIT),
    }


def computed(label: str) -> dict[str, Any]:
    """The data validation of a formula that is not locked: nothing may be typed over it, but it may be filled down."""
    return {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": "自动计算",
        "error_message": "此单元格自动计算，不用填写。误改的，把上一行或下一行的同列单元格填充过来即可恢复。",
        "input_title": clipped(label, TITLE_LIMIT),
        "input_message": "自动计算，不用填写。插入行后，把上一行的灰色单元格向下填充到插入的行。",
    }


def _number_rules(spec: FieldSpec, most: Decimal | None) -> dict[str, Any]:
    what = "整数" if spec.type == "count" else "数字"
    rules: dict[str, Any] = {
        "validate": "integer" if spec.type == "count" else "decimal",
        "error_type": "warning",
        "error_title": "请核对填写的内容",
    }
    if spec.negative:
        rules |= {"criteria": "between", "minimum": -1e12, "maximum": 1e12}
        expected = f"此处应填{what}"
    elif most is not None:
        rules |= {"criteria": "between", "minimum": 0, "maximum": float(most)}
        expected = f"此处应填 0 至 {plain(most)} 之间的{what}"
    else:
        rules |= {"criteria": ">=", "value": 0}
        expected = f"此处应填不小于 0 的{what}"
    rules["error_message"] = f"{expected}，不要带单位或文字。"
    return rules


def hint_of(spec: FieldSpec) -> str:
    """What is shown beside a selected cell."""
    parts = [spec.hint] if spec.hint else []
    unit = UNIT_WORDS.get(spec.type, "")
    if unit and not (spec.type == "money" and "万元" in spec.hint):
        parts.append(unit)
    if spec.type in ("count", "number") and spec.unit not in ("", UNITS["count"]):
        parts.append(f"单位：{spec.unit}")
    if spec.type == "value":
        parts.append("单位是 % 的只写数字，95% 写 95")
    if spec.choices and spec.type != "value" and "下拉" not in spec.hint:
        parts.append("从下拉列表选择")
    # What has to be filled in some cases says in which; to call it optional beside that would contradict it.
    if spec.required or "必须" not in spec.hint:
        parts.append("必填" if spec.required else "选填")
    return "。".join(part.rstrip("。") for part in parts) + "。"


def clipped(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than Excel takes."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def comment_size(text: str) -> dict[str, Any]:
    """A comment box that shows all of its text."""
    return {
        "font_name": "宋体",
        "font_size": 9,
        "author": "",
        "width": 260,
        "height": min(24 + 17 * lines(text, _COMMENT_WIDTH), 600),
    }
