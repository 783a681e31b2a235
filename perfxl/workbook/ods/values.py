"""The value of one OpenDocument cell from what its attributes say and what its text shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite

from perfxl.workbook.hardened_xml import Attributes
from perfxl.workbook.ods.formulas import excel_formula
from perfxl.workbook.ods.names import CALCEXT, OFFICE, TABLE
from perfxl.workbook.ods.numbers import HOURS, ISO_DATE, ISO_MOMENT
from perfxl.workbook.ods.styles import CellStyle, Styles
from perfxl.workbook.plain_book import ERRORS, Run, Value
from perfxl.workbook.plain_styles import GENERAL, Look, Style

_ERROR = re.compile(r"#\w+(?:/\w+)?[!?]|#N/?[A-Z]|#DIV/0!?|\w{2,6}\s*[:：]\s*[5]\d\d", re.IGNORECASE)
_ERROR_NUMBERS = {"503": "#NUM!", "511": "#VALUE!", "519": "#VALUE!", "524": "#REF!", "525": "#NAME?", "532": "#DIV/0!"}
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{1,17})?")
_TIME = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,](\d{1,9}))?S)?")
_EPOCH = datetime(1899, 12, 30)
_FIRST_COMMON_DATE = datetime(1900, 3, 1)
"""Excel's calendar has a day before it that never was."""
_TRUTHS = {("1", "TRUE"), ("0", "FALSE"), ("1", "真"), ("0", "假")}


def value_of(
    attributes: Attributes, style: CellStyle, styles: Styles, runs: Sequence[Run] | None
) -> tuple[Value, Style]:
    """Value and format of a cell. runs: its text by looks, None where it has no paragraph at all."""
    shown = None if runs is None else "".join(text for text, _ in runs)
    formula = attributes.get(f"{TABLE}formula")
    said = None if formula is None else excel_formula(formula)
    kind = attributes.get(f"{OFFICE}value-type", "")
    form, numbers = Style(GENERAL, style.look, style.ground), styles.numbers
    is_error = attributes.get(f"{CALCEXT}value-type") == "error"
    if is_error or (said is not None and shown is not None and len(shown) < 30 and _ERROR.fullmatch(shown.strip())):
        return Value("e", _error(shown or ""), said), form
    if kind in ("float", "percentage", "currency"):
        text = attributes.get(f"{OFFICE}value", "").strip()
        if (text, (shown or "").strip().upper()) in _TRUTHS:
            return Value("b", text, said), form
        number = _number(text)
        if number is None:
            # No program writes it so; what is shown is all that there is.
            return Value("s", shown or text, said), form
        if not number:
            return Value("e", "#NUM!", said), form
        code = numbers.fitting(style.data_style, Decimal(number), shown)
        return Value("n", number, said), replace(form, number_format=code)
    if kind in ("date", "time"):
        dated = _moment(attributes.get(f"{OFFICE}{kind}-value", ""))
        if dated is None:
            return Value("s", shown or attributes.get(f"{OFFICE}{kind}-value", ""), said), form
        serial, moment, hours, default = dated
        code = numbers.fitting_date(style.data_style, moment, hours, shown, default)
        return Value("n", serial, said), replace(form, number_format=code)
    if kind == "boolean":
        return Value("b", "1" if attributes.get(f"{OFFICE}boolean-value") == "true" else "0", said), form
    if kind != "string" and runs is None:
        return Value("", "", said), form
    return _text(attributes.get(f"{OFFICE}string-value"), shown or "", runs or (), said, style, styles)


def _text(
    stated: str | None, shown: str, runs: Sequence[Run], formula: str | None, style: CellStyle, styles: Styles
) -> tuple[Value, Style]:
    form = Style(GENERAL, style.look, style.ground)
    if stated is not None and stated != shown:
        code = styles.numbers.fitting_text(style.data_style, stated, shown) if shown else GENERAL
        if code != GENERAL or not any(look != style.look for _, look in runs):
            return Value("s", stated, formula), replace(form, number_format=code)
    if not shown or all(look == style.look for _, look in runs):
        return Value("s", shown, formula), form
    if len({look for _, look in runs}) == 1:
        return Value("s", shown, formula), replace(form, look=runs[0][1])
    # The runs say all of it; a run without a look of its own would take that of the cell.
    return Value("s", shown, formula, runs), replace(form, look=Look(colour=style.look.colour))


def _error(shown: str) -> str:
    text = shown.strip().upper()
    if text in ERRORS:
        return text
    if text in ("#NV", "#N/D", "#NA"):
        return "#N/A"
    return _ERROR_NUMBERS.get(text[-3:], "#VALUE!")


def _number(text: str) -> str | None:
    """A number as Excel writes it; empty for one beyond all numbers, None for what is none."""
    if _NUMBER.fullmatch(text):
        return text
    try:
        number = float(text) if len(text) < 400 and "_" not in text else None
    except ValueError:
        return None
    if number is None:
        return None
    return repr(number) if isfinite(number) else ""


def _moment(text: str) -> tuple[str, datetime, int, str] | None:
    """Serial number, moment, hours and a usual format of a date or of a time of day; None for what is neither.

    Dates count from 1900 whatever the file's own first day: it has a meaning for dates that are given as numbers only.
    """
    duration = _TIME.fullmatch(text)
    if duration is not None:
        sign, days, hours, minutes, seconds, fraction = duration.groups()
        span = timedelta(int(days or 0), int(seconds or 0) + float(f"0.{fraction or 0}"), 0, 0,
                         int(minutes or 0), int(hours or 0))  # fmt: skip
        serial = span / timedelta(1)
        whole_hours = int(span // timedelta(hours=1))
        return (("-" if sign else "") + repr(serial), _EPOCH + timedelta(seconds=span.seconds), whole_hours, HOURS)
    try:
        moment = datetime.fromisoformat(text[:26].removesuffix("Z"))
    except ValueError:
        return None
    if moment.tzinfo is not None or moment < _FIRST_COMMON_DATE:
        return None
    span = moment - _EPOCH
    if moment.time() == datetime.min.time():
        return str(span.days), moment, 0, ISO_DATE
    return repr(span / timedelta(1)), moment, moment.hour, ISO_MOMENT
