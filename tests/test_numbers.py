"""Numbers, dates and choices as people write them: read where the meaning is certain, refused where it is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.layout.fields import YES_NO, YES_NO_ALIASES, FieldSpec
from perfxl.submission.numbers import date_in, measure_words, number_in, without_sign
from perfxl.submission.values import Reading, Trouble, as_written, read_value
from perfxl.workbook.sheet_cells import Raw

SPECS = {
    "money": FieldSpec("金额", "money"),
    "count": FieldSpec("个数", "count"),
    "points": FieldSpec("得分", "points"),
    "weight": FieldSpec("权重", "points", required=False),
    "target": FieldSpec("年度指标值", "value", negative=True),
    "yes_no": FieldSpec("是否", "yes_no", choices=YES_NO, aliases=YES_NO_ALIASES),
    "date": FieldSpec("日期", "date", required=False),
    "code": FieldSpec("代码", "code"),
    "percent": FieldSpec("满意度", "percent", unit="%"),
    "change": FieldSpec("变动率", "percent", unit="%", negative=True),
    "people": FieldSpec("人数", "count", unit="人"),
    "thousands": FieldSpec("人数", "number", unit="万人"),
    "area": FieldSpec("面积", "number", unit="平方米"),
    "self": FieldSpec("自评得分", "points", may_be_na=True),
}

READ = [
    # what stands in the cell, kind of field, unit of the row, number
    ("35", "target", "场", "35"),
    ("35.0", "count", "", "35.0"),
    (" 35 ", "count", "", "35"),
    ("\u00a035\u3000", "count", "", "35"),
    ("3\u200b5\ufeff", "count", "", "35"),
    ("３５", "count", "", "35"),
    ("１，２３４．５０", "money", "", "1234.50"),
    ("1,234,567.89", "money", "", "1234567.89"),
    ("1 234 567.89", "money", "", "1234567.89"),
    ("1\u00a0234.5", "money", "", "1234.5"),
    ("642.40万元", "money", "", "642.40"),
    ("642.40 万元", "money", "", "642.40"),
    (".5", "money", "", "0.5"),
    ("5.", "money", "", "5"),
    ("1.2E+3", "money", "", "1200"),
    ("35场", "target", "场", "35"),
    ("35 场", "target", "场次", "35"),
    ("35场次", "target", "场次", "35"),
    ("35个", "count", "", "35"),
    ("7,000人次", "target", "人次", "7000"),
    ("99.5%", "target", "%", "99.5"),
    ("９９．５％", "target", "%", "99.5"),
    ("3.6万人次", "target", "万人次", "3.6"),
    ("12㎡", "target", "㎡", "12"),
    ("20分", "points", "", "20"),
    ("-5", "target", "", "-5"),
    ("－５", "target", "", "-5"),
    ("−5", "target", "", "-5"),
    ("- 5", "target", "", "-5"),
    ("(12.5)", "target", "", "-12.5"),
    ("（１２．５）", "target", "", "-12.5"),
    ("+5", "target", "", "5"),
    ("95.5", "percent", "", "95.5"),
    ("95.5%", "percent", "", "95.5"),
    ("９５．５％", "percent", "", "95.5"),
    ("95.5 %", "percent", "", "95.5"),
    ("-5%", "change", "", "-5"),
    ("35人", "people", "", "35"),
    ("35 人次", "people", "", "35"),
    ("35个", "people", "", "35"),
    ("3.6万人", "thousands", "", "3.6"),
    ("1,200.5平方米", "area", "", "1200.5"),
    ("18分", "self", "", "18"),
]  # fmt: skip

REFUSED = [
    # the unit changes the number, or is another one than the row's
    ("3.6万", "target", "人次"),
    ("3.6万人次", "target", "人次"),
    ("36000人次", "target", "万人次"),
    ("642.40元", "money", ""),
    ("¥642.40", "money", ""),
    ("642.40万", "money", ""),
    ("95%", "target", "场"),
    ("95%", "target", ""),
    ("95%", "money", ""),
    ("35人", "target", "场"),
    # about, more than, up to
    ("约35", "target", "场"),
    ("≥35", "target", "场"),
    ("＞35", "count", ""),
    ("35以上", "target", "场"),
    ("35余", "target", "场"),
    ("35左右", "target", "场"),
    ("30-35", "target", "场"),
    ("30~35", "target", "场"),
    ("35+2", "target", "场"),
    # not the groups of one number
    ("12,34", "money", ""),
    ("1,2345", "money", ""),
    ("1234,5", "money", ""),
    ("1.234.567", "money", ""),
    ("12 34", "money", ""),
    ("1 2", "count", ""),
    # signs that only look like digits
    ("35²", "target", ""),
    ("①", "count", ""),
    ("二十", "count", ""),
    ("O5", "count", ""),
    ("—5", "target", ""),
    ("1/2", "money", ""),
    ("12:30", "money", ""),
    ("2023-03-15", "money", ""),
    ("35。", "count", ""),
    ("nan", "money", ""),
    ("Infinity", "money", ""),
    ("0x10", "count", ""),
    ("待定", "money", ""),
    ("见附件", "count", ""),
    ("=1+1", "count", ""),
    ("95.5%", "people", ""),
    ("95.5‰", "percent", ""),
    ("95.5万", "percent", ""),
    ("约95.5%", "percent", ""),
    ("95.5分", "percent", ""),
    ("36000人", "thousands", ""),
    ("36000个", "thousands", ""),
    ("3.6万人", "people", ""),
    ("1200.5亩", "area", ""),
    ("不适用", "points", ""),
    ("不适用的", "self", ""),
]  # fmt: skip

PLACEHOLDERS = ("-", "－", "—", "——", "--", "/", "／", "无", "没有", "暂无", "N/A", "NA", " 无 ", "\u3000—")


def read(raw: Raw, kind: str, unit: str = "", **context: Any) -> Reading:
    if kind == "target":
        context.setdefault("qualitative", False)
    return read_value(raw, SPECS[kind], unit=unit, **context)


@pytest.mark.parametrize(("text", "kind", "unit", "number"), READ)
def test_certain_numbers_are_read(text: str, kind: str, unit: str, number: str) -> None:
    reading = read(text, kind, unit)
    assert (reading.value, reading.trouble) == (Decimal(number), None)
    # Told how, since Excel's own formulas take the text for no number.
    assert "按数字" in reading.note


@pytest.mark.parametrize(("text", "kind", "unit"), REFUSED)
def test_uncertain_numbers_are_refused(text: str, kind: str, unit: str) -> None:
    assert read(text, kind, unit) == Reading(None, Trouble.NOT_NUMBER)


@pytest.mark.parametrize("text", ["不适用", " 不适用\u3000", "不适\u200b用"])
def test_a_field_that_may_be_not_applicable_says_so(text: str) -> None:
    assert read(text, "self") == Reading("不适用")


@pytest.mark.parametrize(
    ("raw", "kind", "trouble"),
    [
        (-0.5, "percent", Trouble.NEGATIVE),
        (-0.5, "change", None),
        (-1.5, "area", Trouble.NEGATIVE),
        (35.5, "people", Trouble.NOT_WHOLE),
    ],
)
def test_what_a_percentage_or_number_may_be(raw: float, kind: str, trouble: Trouble | None) -> None:
    assert read(raw, kind).trouble == trouble


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_sign_for_nothing_is_no_zero(text: str) -> None:
    assert read(text, "money") == Reading(None, Trouble.PLACEHOLDER)
    assert read(text, "weight") == Reading(None, note="按空白读取")


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\n\t ", "\u200e"])
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert read(text, "money") == Reading(None, Trouble.BLANK)
    assert read(text, "weight") == Reading(None)


@pytest.mark.parametrize(
    ("raw", "kind", "trouble"),
    [
        (-0.01, "money", Trouble.NEGATIVE),
        ("-3", "count", Trouble.NEGATIVE),
        (2.5, "count", Trouble.NOT_WHOLE),
        ("2.5个", "count", Trouble.NOT_WHOLE),
        (1e12, "money", Trouble.TOO_LARGE),
        ("9e99", "money", Trouble.TOO_LARGE),
        (True, "money", Trouble.NOT_NUMBER),
        (float("nan"), "money", Trouble.NOT_NUMBER),
        (float("inf"), "target", Trouble.NOT_NUMBER),
        (date(2023, 3, 5), "money", Trouble.DATE_FOR_NUMBER),
        (datetime(2023, 3, 5), "target", Trouble.DATE_FOR_NUMBER),
        (time(12, 30), "count", Trouble.DATE_FOR_NUMBER),
        (timedelta(hours=30), "count", Trouble.DATE_FOR_NUMBER),
    ],
)
def test_other_troubles_of_numbers(raw: Raw, kind: str, trouble: Trouble) -> None:
    assert read(raw, kind) == Reading(None, trouble)
    assert isinstance(as_written(raw), str)


@pytest.mark.parametrize(
    ("raw", "number"),
    [(0.1 + 0.2, "0.3"), (639.15, "639.15"), (642.40 - 552.69, "89.71"), (7000.0, "7000"), (35, "35"), (-0.0, "0"),
     (Decimal("639.150000"), "639.15"), (999_999_999_999.99, "999999999999.99")],
)  # fmt: skip
def test_a_number_cell_is_what_excel_shows(raw: Raw, number: str) -> None:
    reading = read(raw, "money")
    assert (reading.value, reading.note) == (Decimal(number), "")


@pytest.mark.parametrize(
    ("text", "signs", "number"),
    [("≥35", ("≥", ">="), "35"), (">=35", ("≥", ">="), "35"), ("＞＝35场", ("≥", ">="), "35"), ("≥ 35", ("≥",), "35"),
     ("不低于35", ("≥", "不低于"), "35"), ("≤35", ("≥", ">="), None), (">35", ("≥", ">="), None),
     (">=35", (">",), None), ("≥约35", ("≥",), None), ("35≥", ("≥",), None)],
)  # fmt: skip
def test_a_target_may_repeat_its_symbol(text: str, signs: tuple[str, ...], number: str | None) -> None:
    reading = read(text, "target", "场", signs=signs)
    assert reading.value == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("raw", "value"),
    [("是", "是"), (" 是 ", "是"), ("\u00a0否\u200b", "否"), ("√", "是"), ("×", "否"), ("有", "是"), (True, "是"),
     ("是的", None), ("Y", None), (1.0, None), ("是否", None), ("大概是", None)],
)  # fmt: skip
def test_yes_and_no(raw: Raw, value: str | None) -> None:
    reading = read(raw, "yes_no")
    assert reading.value == value
    assert reading.trouble == (None if value else Trouble.OFF_LIST)
    assert bool(reading.note) == (value is not None and str(raw).strip(" \u00a0\u200b") not in ("是", "否", "True"))


@pytest.mark.parametrize(
    ("raw", "day"),
    [(date(2023, 3, 15), "2023-03-15"), (datetime(2023, 3, 15, 9, 30), "2023-03-15"), ("2023-03-15", "2023-03-15"),
     ("2023/3/5", "2023-03-05"), ("2023.3.5", "2023-03-05"), ("2023年3月5日", "2023-03-05"),
     ("2023年3月5", "2023-03-05"), ("２０２３－０３－０５", "2023-03-05"),
     (" 2023 年 3 月 5 日 ", "2023-03-05"), ("20230305", "2023-03-05"),
     (20230305.0, "2023-03-05"), ("2023-03-05 10:20:30", "2023-03-05"), ("2023—3—5", "2023-03-05")],
)  # fmt: skip
def test_certain_dates_are_read(raw: Raw, day: str) -> None:
    reading = read(raw, "date")
    assert (reading.value, reading.trouble) == (day, None)


@pytest.mark.parametrize(
    "raw",
    ["3月15日", "2023年3月", "15/3/2023", "23-3-15", "2023-02-30", "2023-13-01", "二〇二三年三月", "昨天", "20231345",
     datetime(1900, 1, 4), time(9, 30), 45000.0, 3.0, True, "9999-01-01"],
)  # fmt: skip
def test_uncertain_dates_are_told(raw: Raw) -> None:
    assert read(raw, "date") == Reading(None, Trouble.BAD_DATE)


def test_how_a_date_was_read_is_told() -> None:
    assert read("2023年3月5日", "date").note == "按日期 2023-03-05 读取"
    assert not read("2023-03-05", "date").note and not read(date(2023, 3, 5), "date").note


@pytest.mark.parametrize(
    ("raw", "text"), [(440118001.0, "440118001"), ("４４０１１８", "440118"), (" a-1 ", "a-1"), (1.0, "1")]
)
def test_codes_are_texts(raw: Raw, text: str) -> None:
    assert read(raw, "code").value == text


@given(st.text(max_size=12))
@pytest.mark.slow
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing a person can type makes the reader fail, and what it reads is a finite number."""
    for kind in SPECS:
        read(text, kind, "场", signs=("≥", ">="))
    number = number_in(text, measure_words(text))
    assert number is None or number.is_finite()
    date_in(text)
    without_sign(text, ("≥",))


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_plainly_written_number_is_that_number(number: Decimal) -> None:
    plain = format(number, "f")
    assert number_in(plain) == number
    assert number_in(format(number, ",f")) == number
    assert number_in(f" {plain} 万元", ("万元",)) == number
