"""What people type into the template is kept by Excel as they typed it, and read as they see it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.datavalidation import DataValidation

from perfxl.intake.submission import Submission, read_submission
from perfxl.layout import layout_of
from perfxl.layout.fields import FieldId
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.template.writer import template_bytes
from perfxl.workbook.limits import Limits
from tests.books import by_hand, cell_of, filled, process
from tests.findings import clean_document
from tests.libreoffice import needs_libreoffice, recalculate
from tests.seen_books import PERCENT

TARGET, DAY = ("kpis", "9", "target"), ("identity", "department.filled_on", "value")
SHARE = ("facts", "paid_share", "value")


def typed(scheme: Scheme, path: Path, field: FieldId, value: object, number_format: str = "") -> Submission:
    """The clean workbook, or the blank template of another scheme, with what Excel keeps of something typed."""
    if scheme.id == clean_document()["scheme"]:
        filled(clean_document(), scheme, path)
    else:
        path.write_bytes(template_bytes(scheme, {}, {}, None, {}))
    sheet, cell = cell_of(scheme, field)

    def change(book: Workbook) -> None:
        book[sheet][cell].value = value
        if number_format:
            book[sheet][cell].number_format = number_format

    return read_submission(by_hand(path, change).read_bytes(), layout_of(scheme), Limits())


# What Excel keeps: a typed 95% is 0.95, shown as 95% in a cell without a format of its own.
@pytest.mark.parametrize(
    ("kept", "number_format", "read"),
    [
        (95, "", "95"), (0.95, "0%", "95"), (0.955, "0.00%", "95.5"), (0.005, "0.00%", "0.5"), ("95%", "", "95"),
        ("９５％", "", "95"), (0.95, "General", "0.95"), ("95", "@", "95"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", [PERCENT, TARGET, SHARE], ids=["result", "target", "fact"])
def test_percentages(field: FieldId, kept: object, number_format: str, read: str, tmp_path: Path) -> None:
    scheme = load_scheme("gongxing-2013" if field == SHARE else "guangzhou-2022")
    found = typed(scheme, tmp_path / "a.xlsx", field, kept, number_format)
    assert found.value(*field) == Decimal(read)


@pytest.mark.parametrize(
    ("kept", "number_format", "read"),
    [
        (datetime(2023, 3, 15), "yyyy-mm-dd", "2023-03-15"), ("2023.3.1", "", "2023-03-01"),
        ("2023年3月1日", "", "2023-03-01"), ("20230301", "", "2023-03-01"), ("2023/3/1", "@", "2023-03-01"),
        (45000, "yyyy-mm-dd", "2023-03-15"), (45000, "m月d日", "2023-03-15"), ("三月", "", None),
    ],
)  # fmt: skip
def test_dates(kept: object, number_format: str, read: str | None, scheme: Scheme, tmp_path: Path) -> None:
    assert typed(scheme, tmp_path / "a.xlsx", DAY, kept, number_format).value(*DAY) == read


@pytest.mark.parametrize("kept", [12, "12", "１２", " 12 ", "12 个"])
def test_numbers_as_text(kept: object, scheme: Scheme, tmp_path: Path) -> None:
    field = ("facts", "contracts_total", "value")
    assert typed(scheme, tmp_path / "a.xlsx", field, kept, "@").value(*field) == 12


def rule_of(book: Workbook, scheme: Scheme, field: FieldId) -> DataValidation:
    """The rule on what may be typed into a field's cell."""
    sheet, cell = cell_of(scheme, field)
    (rule,) = (item for item in book[sheet].data_validations.dataValidation if cell in item.sqref)
    return rule


@pytest.fixture
def book(scheme: Scheme, tmp_path: Path) -> Any:
    """The blank template."""
    path = tmp_path / "blank.xlsx"
    path.write_bytes(template_bytes(scheme, {}, {}, None, {}))
    return load_workbook(path)


def test_a_date_outside_the_window_is_refused_in_words(scheme: Scheme, book: Workbook) -> None:
    """From the end of the year that is evaluated on, as the finding on odd dates has it; texts are refused with it."""
    rule = rule_of(book, scheme, DAY)
    serial = [(day - date(1899, 12, 30)).days for day in (date(2022, 12, 31), date(2024, 12, 31))]
    assert (rule.type, rule.operator or "between", rule.errorStyle or "stop") == ("date", "between", "stop")
    assert [int(rule.formula1), int(rule.formula2)] == serial
    assert rule.showErrorMessage
    for word in ("2022-12-31", "2024-12-31", "2023-03-15", "2023.3.15"):
        assert word in rule.error
    sheet, cell = cell_of(scheme, DAY)
    assert book[sheet][cell].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("stage", [Stage.TARGETS, Stage.MONITORING])
@pytest.mark.parametrize("scheme_id", builtin_ids())
def test_forms_of_the_year_itself_take_its_days(scheme_id: str, stage: Stage, tmp_path: Path) -> None:
    """Targets are filled before the year and early in it, monitoring in its middle."""
    own = scheme_at(load_scheme(scheme_id), stage)
    path = tmp_path / "blank.xlsx"
    path.write_bytes(template_bytes(own, {}, {}, None, {}))
    rule = rule_of(load_workbook(path), own, DAY)
    first, last = (int(text) for text in (rule.formula1, rule.formula2))
    for day in (date(own.year - 1, 11, 20), date(own.year, 1, 20), date(own.year, 8, 10)):
        assert first <= (day - date(1899, 12, 30)).days <= last


def test_a_percentage_is_asked_for_as_a_plain_number(scheme: Scheme, book: Workbook, tmp_path: Path) -> None:
    """Typed as 95% into a row whose unit is %, Excel asks whether 0.95 is meant; and whoever insists goes on."""
    rule = rule_of(book, scheme, ("kpis", "1", "target"))
    assert (rule.type, rule.errorStyle) == ("custom", "warning")
    assert "95% 写 95" in rule.error
    assert "95% 写 95" in rule.prompt
    assert "95% 写 95" in rule_of(book, scheme, ("kpis", "1", "actual")).prompt
    other = load_scheme("gongxing-2013")
    path = tmp_path / "other.xlsx"
    path.write_bytes(template_bytes(other, {}, {}, None, {}))
    fact = rule_of(load_workbook(path), other, SHARE)
    assert (fact.type, fact.errorStyle) == ("custom", "warning")
    assert "95% 写 95" in fact.error


@pytest.mark.parametrize(
    "field",
    [("kpis", "1", "name"), ("kpis", "1", "unit"), ("tasks", "1", "name"), ("identity", "department.name", "value")],
    ids="/".join,
)
def test_names_and_units_are_kept_as_typed(field: FieldId, scheme: Scheme, book: Workbook) -> None:
    """1-2 is no date there, and no name that begins with a minus a formula."""
    sheet, cell = cell_of(scheme, field)
    assert book[sheet][cell].number_format == "@"


FORMS = [(scheme_id, stage) for scheme_id in builtin_ids() for stage in Stage]
PERCENT_RULE = re.compile(
    r'IFERROR\(OR\(ISERROR\(SEARCH\("%",ASC\(\$[A-Z]+ROW\)\)\),NOT\(ISNUMBER\([A-Z]+ROW\)\),'
    r"ABS\([A-Z]+ROW\)>=1,[A-Z]+ROW=0\),TRUE\)"
)


@pytest.mark.parametrize(("scheme_id", "stage"), FORMS)
def test_every_cell_of_every_form_keeps_what_belongs_in_it(scheme_id: str, stage: Stage, tmp_path: Path) -> None:
    """Dates are refused outside their window and texts nowhere; percentages are asked for, whatever unit is typed."""
    own = scheme_at(load_scheme(scheme_id), stage)
    path = tmp_path / "blank.xlsx"
    path.write_bytes(template_bytes(own, {}, {}, None, {}))
    written, layout = load_workbook(path), layout_of(own)
    for field, place in layout.places.items():
        spec, cell = layout.specs[field], written[place.sheet][place.cell]
        (rule,) = (item for item in written[place.sheet].data_validations.dataValidation if place.cell in item.sqref)
        look, kind, refuses = cell.number_format, rule.type, (rule.errorStyle or "stop") == "stop"
        if spec.type == "date":
            assert (look, kind, refuses) == ("yyyy-mm-dd", "date", True)
        elif spec.type in ("text", "long_text", "code"):
            assert kind is None, "anything may be typed"
            assert look == ("@" if spec.as_typed or spec.type == "code" else "General")
        elif spec.choices:
            # Numbers may be typed where results in words are offered.
            assert (kind, bool(rule.showErrorMessage)) == ("list", spec.type != "value")
            assert look == ("General" if spec.type == "value" else "@")
        elif spec.type == "value":
            # A format of its own would show 95% as 0.95, and the sign would be lost.
            assert (look, kind, refuses) == ("General", "custom", False)
            first = str(rule.sqref).partition(":")[0]
            here = Translator(f"={rule.formula1}", origin=first).translate_formula(place.cell)[1:]
            assert PERCENT_RULE.fullmatch(re.sub(rf"(?<=[A-Z]){place.row + 1}(?!\d)", "ROW", here)), here
            unit = layout.places[field[0], field[1], "unit"]
            assert f"${unit.cell}" in here
        elif spec.type == "percent":
            assert (look, kind, refuses) == ("General", "custom", False)
        else:
            assert spec.numeric and kind in ("decimal", "whole") and not refuses


UNITS_AND_VALUES = [
    ("%", 98, True), ("%", 0, True), ("%", 0.98, False), ("%", -0.5, False), ("％", 0.98, False), ("%", "≥98", True),
    ("个", 0.98, True), ("亩", 0.5, True), (None, 0.98, True), ("‰", 0.98, True),
]  # fmt: skip


@pytest.mark.libreoffice
def test_the_rule_for_percentages_follows_the_unit(scheme: Scheme, book: Workbook, tmp_path: Path) -> None:
    """Also where a department changes the unit: the rule looks at the cell."""
    sheet, cell = cell_of(scheme, ("kpis", "1", "target"))
    _, unit = cell_of(scheme, ("kpis", "1", "unit"))
    rule = rule_of(book, scheme, ("kpis", "1", "target")).formula1
    tried = Workbook()
    page = tried.active
    page.title = sheet
    first = int(re.sub(r"\D", "", cell))
    for row, (word, value, _) in enumerate(UNITS_AND_VALUES, first):
        page[f"{re.sub(r'[0-9]', '', unit)}{row}"] = word
        page[f"{re.sub(r'[0-9]', '', cell)}{row}"] = value
        page[f"Z{row}"] = Translator(f"={rule}", origin=cell).translate_formula(f"{re.sub(r'[0-9]', '', cell)}{row}")
    tried.save(tmp_path / "tried.xlsx")
    (done,) = recalculate([tmp_path / "tried.xlsx"], tmp_path / "out")
    values = load_workbook(done, data_only=True)[sheet]
    for row, (word, value, accepted) in enumerate(UNITS_AND_VALUES, first):
        assert values[f"Z{row}"].value is accepted, (word, value)


test_the_rule_for_percentages_follows_the_unit.pytestmark += needs_libreoffice[1:]  # type: ignore[attr-defined]


def test_the_word_on_an_odd_date_and_the_rule_agree(scheme: Scheme, tmp_path: Path) -> None:
    """What the template's rule accepts the run does not call odd."""
    document = json.loads(json.dumps(clean_document()))
    document["department"]["filled_on"] = "2022-12-31"
    found = process(filled(document, scheme, tmp_path / "a.xlsx"), scheme).findings
    assert not [item for item in found if item.code in ("W112", "W620")]
