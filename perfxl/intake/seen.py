"""What a person sees in the cells of a workbook's fields, where that is not simply what the cells hold.

A number shows as its format says; a text may be struck out in part; a formula may hold another result than Excel would
show. Where what is seen is certain it counts; else the cell gives no value, and both readings are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.decimals import from_float, plain
from perfxl.intake.cells import Cells
from perfxl.layout import Place
from perfxl.layout.fields import FieldId
from perfxl.references import Position
from perfxl.submission.numbers import DASHES, NOTHING, number_in
from perfxl.submission.values import Reading, Trouble, as_written
from perfxl.text import fold, is_blank
from perfxl.workbook.formula_values import FormulaValues
from perfxl.workbook.number_format import as_displayed, shown_text
from perfxl.workbook.sheet_cells import Raw, SheetCells
from perfxl.workbook.styles import Look

_CURRENCY = str.maketrans("", "", "¥￥$€")
_NEAR = 1e-9
Placed = Mapping[FieldId, tuple[Place, Raw]]


@dataclass(slots=True)
class Seen:
    """The contents of fields as they are seen, and the readings of those that cannot be told for certain.

    otherwise: fields whose number shows as another text, with the number that the cell holds. spelt: what is seen where
    a number shows as itself, in a spelling that counts where words or a code are asked for. unseen: cells that are
    filled where nobody sees them, and why.
    """

    contents: dict[FieldId, Raw]
    doubtful: dict[FieldId, Reading]
    otherwise: dict[FieldId, str]
    spelt: dict[FieldId, str]
    unseen: list[tuple[str, Place]]


def see(placed: Placed, cells: Cells) -> Seen:
    """What is seen in each field's cell."""
    seen = Seen({name: content for name, (_, content) in placed.items()}, {}, {}, {}, [])
    fields: dict[str, dict[Position, FieldId]] = {sheet: {} for sheet in cells.titles}
    for name, (place, _) in placed.items():
        fields[place.sheet][place.row, place.col] = name
    values = FormulaValues(cells.package.sheets)
    for sheet, names in fields.items():
        content, title = cells.content(sheet), cells.titles[sheet]
        for spot in names.keys() & content.formulas:
            _see_formula(names[spot], seen.contents[names[spot]], values.of(title, spot), seen)
        for spot in names.keys() & content.uncalculated:
            seen.doubtful[names[spot]] = Reading(None, Trouble.NOT_CALCULATED)
        for spot in names.keys() & content.errors:
            seen.doubtful[names[spot]] = Reading(None, Trouble.ERROR_VALUE)
        for spot in names.keys() & content.looks.keys():
            if spot not in content.struck and not is_blank(seen.contents[names[spot]]):
                _see_look(names[spot], seen.contents[names[spot]], content.looks[spot], seen)
        for spot in names.keys() & content.struck.keys():
            whole, rest = content.struck[spot]
            note = f"全部文字是“{whole}”，不算加了删除线或上下标的部分是“{rest}”"
            seen.doubtful[names[spot]] = Reading(None, Trouble.STRUCK, note)
        _find_unseen(sheet, names, content, seen)
    for content in cells.package.sheets.values():
        # A chunk of workbooks keeps its cells until all are scored; the texts of formulas are most of their bytes.
        content.with_formulas = b""
    return seen


def _find_unseen(sheet: str, names: Mapping[Position, FieldId], content: SheetCells, seen: Seen) -> None:
    """Fields that are filled where nobody sees them."""
    rows = content.hidden_rows & {row for row, _ in names}
    columns = {col for _, col in names}
    hidden = {col for col in columns if any(first <= col <= last for first, last in content.hidden_columns)}
    coloured = {spot for spot, look in content.looks.items() if look.unseen}
    if not rows and not hidden and not coloured:
        return
    for spot, name in names.items():
        row, col = spot
        if row in rows:
            why = "所在的行被隐藏"
        elif col in hidden:
            why = "所在的列被隐藏"
        elif spot in coloured:
            why = "文字颜色与底色相同"
        else:
            continue
        if not is_blank(seen.contents[name]):
            seen.unseen.append((why, Place(sheet, row, col)))


def _see_formula(name: FieldId, content: Raw, value: float | None, seen: Seen) -> None:
    if isinstance(content, bool) or not isinstance(content, float):
        return
    if value is None:
        # A program that does not calculate writes 0.
        if content == 0:
            seen.doubtful[name] = Reading(None, Trouble.FORMULA, "文件里存的结果是 0，可能没有计算过")
    elif abs(value - content) > _NEAR * max(1.0, abs(value)):
        stored, right = plain(from_float(content)), plain(from_float(value))
        seen.doubtful[name] = Reading(None, Trouble.FORMULA, f"文件里存的结果是 {stored}，按公式计算是 {right}")


def _see_look(name: FieldId, content: Raw, look: Look, seen: Seen) -> None:
    if look.struck:
        note = f"“{as_written(content)}”整格加了删除线或上下标，不知道是否还算数"
        seen.doubtful[name] = Reading(None, Trouble.STRUCK, note)
        return
    if isinstance(content, str):
        text = shown_text(content, look.code)
        if text is None or text.strip() != content.strip():
            how = f"显示为“{text}”" if text else "没有显示" if text == "" else f"按格式“{look.code}”显示成什么无法确定"
            note = f"{how}，单元格里的内容是“{as_written(content)}”"
            seen.doubtful[name] = Reading(None, Trouble.SHOWN_OTHERWISE, note)
        return
    if isinstance(content, bool) or not isinstance(content, float) or look.date:
        return
    value = from_float(content)
    what = as_displayed(value, look.code)
    text = what.text
    held = f"单元格里的数是 {plain(value)}"
    if text is not None and what.certain:
        number = number_in(text.translate(_CURRENCY).strip())
        dash = value == 0 and fold(text.translate(DASHES)) in NOTHING
        if number == value or dash:
            seen.spelt[name] = text
            return
        seen.contents[name], seen.otherwise[name] = text, f"显示为“{text}”，{held}"
        return
    how = f"按格式“{look.code}”显示成什么无法确定" if text is None else f"显示为“{text}”" if text else "没有显示"
    seen.doubtful[name] = Reading(None, Trouble.SHOWN_OTHERWISE, f"{how}，{held}")
