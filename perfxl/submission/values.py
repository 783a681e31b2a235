"""From what a cell holds to the value of its field, or to the trouble with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from math import isfinite

from perfxl.caches import cached
from perfxl.decimals import from_float, plain
from perfxl.layout.fields import NOT_APPLICABLE, FieldSpec
from perfxl.records import Record
from perfxl.submission.numbers import DASHES, NOTHING, date_in, fact_words, measure_words, number_in, without_sign
from perfxl.text import as_cell_holds, fold, is_blank
from perfxl.workbook.sheet_cells import Raw

Value = Decimal | str | None


class Trouble(StrEnum):
    """Why a cell gives no value."""

    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    NOT_NUMBER = "not_number"
    DATE_FOR_NUMBER = "date_for_number"
    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"
    TOO_LARGE = "too_large"
    OFF_LIST = "off_list"
    BAD_DATE = "bad_date"
    ERROR_VALUE = "error_value"
    NOT_CALCULATED = "not_calculated"
    NO_PLACE = "no_place"
    SHOWN_OTHERWISE = "shown_otherwise"
    STRUCK = "struck"
    FORMULA = "formula"
    NOT_APPLICABLE = "not_applicable"


LARGEST = Decimal(10) ** 12
"""No amount, count or KPI value of a department reaches it; a slip of the keyboard does."""

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """The value of a cell. note: how it was read where that is not what stands there."""

    value: Value
    trouble: Trouble | None = None
    note: str = ""


_BLANK, _REQUIRED_BLANK = Reading(None), Reading(None, Trouble.BLANK)
_OFF_LIST = Reading(None, Trouble.OFF_LIST)


def read_value(
    raw: Raw, spec: FieldSpec, *, unit: str = "", qualitative: bool | None = None, signs: Sequence[str] = ()
) -> Reading:
    """What a cell says for its field. A required blank is trouble, another blank is the value None.

    unit: the unit of a KPI row. qualitative: for a field of type `value`, whether its row's symbol asks for words; None
    where the symbol is not known. signs: the writings of the row's symbol, which before a target only repeat it.
    """
    if is_blank(raw):
        return _REQUIRED_BLANK if spec.required else _BLANK
    if spec.type == "value":
        return _read_kpi_value(raw, spec, unit, qualitative, signs)
    return _READERS[spec.type](raw, spec, unit)


def _read_number(raw: Raw, spec: FieldSpec, unit: str, signs: Sequence[str] = ()) -> Reading:
    note = ""
    if isinstance(raw, float):
        if not isfinite(raw):
            return Reading(None, Trouble.NOT_NUMBER)
        value = from_float(raw)
    elif isinstance(raw, bool):
        return Reading(None, Trouble.NOT_NUMBER)
    elif isinstance(raw, datetime | date | time | timedelta):
        return Reading(None, Trouble.DATE_FOR_NUMBER)
    elif isinstance(raw, str):
        found = number_in(without_sign(raw, signs), _units(spec, unit))
        if found is None:
            if spec.may_be_na and fold(raw) == NOT_APPLICABLE:
                return Reading(NOT_APPLICABLE)
            placeholder = fold(raw.translate(DASHES)) in NOTHING
            if placeholder and not spec.required:
                return Reading(None, note="按空白读取")
            return Reading(None, Trouble.PLACEHOLDER if placeholder else Trouble.NOT_NUMBER)
        value, note = found, f"按数字 {plain(found)} 读取"
    else:
        value = _exact(raw)
    if abs(value) >= LARGEST:
        return Reading(None, Trouble.TOO_LARGE)
    if value < 0 and not spec.negative:
        return Reading(None, Trouble.NEGATIVE)
    if spec.type == "count" and value != value.to_integral_value():
        return Reading(None, Trouble.NOT_WHOLE)
    return Reading(value, note=note)


def _units(spec: FieldSpec, unit: str) -> tuple[str, ...]:
    """What may stand behind the number of a field. unit: of its KPI row."""
    known = {"money": ("万元",), "points": ("分",), "percent": ("%",)}.get(spec.type)
    return known or (fact_words(spec.unit) if spec.unit else measure_words(unit))


def _exact(raw: float | int | Decimal | None) -> Decimal:
    if isinstance(raw, Decimal):
        return raw
    return from_float(float(raw or 0))


def _read_kpi_value(raw: Raw, spec: FieldSpec, unit: str, qualitative: bool | None, signs: Sequence[str]) -> Reading:
    if qualitative:
        return _read_choice(raw, spec, unit) if spec.choices else _read_text(raw, spec, unit)
    reading = _read_number(raw, spec, unit, signs)
    if qualitative is None and isinstance(raw, str) and reading.trouble:
        return Reading(raw)
    return reading


def _read_choice(raw: Raw, spec: FieldSpec, unit: str) -> Reading:
    return _choices(spec.choices, tuple(spec.aliases.items())).get(fold(_text(raw)), _OFF_LIST)


@cached(maxsize=1_024)
def _choices(choices: tuple[str, ...], aliases: tuple[tuple[str, str], ...]) -> Mapping[str, Reading]:
    """Readings by the folded text of a cell; a choice comes before an alias, the first before another."""
    read: dict[str, Reading] = {}
    for choice in choices:
        read.setdefault(fold(choice), Reading(choice))
    for alias, choice in aliases:
        read.setdefault(fold(alias), Reading(choice, note=f"按“{choice}”读取"))
    return read


def _read_text(raw: Raw, spec: FieldSpec, unit: str) -> Reading:
    return Reading(_text(raw))


def _read_code(raw: Raw, spec: FieldSpec, unit: str) -> Reading:
    return Reading(fold(_text(raw)))


def _read_date(raw: Raw, spec: FieldSpec, unit: str) -> Reading:
    day = date_in(_text(raw) if isinstance(raw, float | int) else raw)
    # A number in a date cell shows as a day of 1900.
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return Reading(None, Trouble.BAD_DATE)
    text = day.isoformat()
    return Reading(text, note="" if not isinstance(raw, str) or fold(raw) == text else f"按日期 {text} 读取")


def _text(raw: Raw) -> str:
    """A cell as a person reads it."""
    if isinstance(raw, str):
        return as_cell_holds(raw)
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and not isfinite(raw):
        return str(raw)
    if isinstance(raw, float | int | Decimal):
        return plain(_exact(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return "" if raw is None else str(raw)


def as_written(raw: Raw) -> str:
    """What stands in the cell, for a message."""
    return _text(raw)


def leaf(raw: Raw, reading: Reading) -> str | None:
    """The text of a field in a submission document: the value, or what was written where it gives none."""
    if reading.value is not None:
        return plain(reading.value) if isinstance(reading.value, Decimal) else reading.value
    return _text(raw) if reading.trouble not in (None, Trouble.BLANK) else None


_READERS: dict[str, Callable[[Raw, FieldSpec, str], Reading]] = {
    "text": _read_text,
    "long_text": _read_text,
    "code": _read_code,
    "date": _read_date,
    "money": _read_number,
    "number": _read_number,
    "percent": _read_number,
    "count": _read_number,
    "points": _read_number,
    "yes_no": _read_choice,
    "choice": _read_choice,
}
