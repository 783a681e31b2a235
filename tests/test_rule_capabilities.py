"""What a rule can do it says itself: a new kind is one class, and run, checks and template know all of it.

The kinds here are thrown away after each test. They are no subclasses of another kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest

from perfxl.decimals import ZERO, divide, plain
from perfxl.rules import Computed, Inputs, Quotient, Refs, Rule
from perfxl.rules.base import bounded, setting, summed
from perfxl.scheme.model import Scheme
from perfxl.submission.document import field_values
from tests.books import Edit, process, put
from tests.findings import clean_document
from tests.libreoffice import SOFFICE, recalculate
from tests.scheme_files import BUILTIN, edited, toml_scheme
from tests.template_books import differing, write
from tests.test_template_notes import notes_of

SPENDING = 'kind = "ratio"\nsettings.numerator = ["funds.total.spent"]\nsettings.denominator = ["funds.total.adjusted"]'
USE = (
    'kind = "tiers"\nsettings.numerator = ["fixed_assets_in_use"]\nsettings.denominator = ["fixed_assets_total"]\n'
    "settings.tiers = [[0.9, 2], [0.75, 1.5], [0.6, 1]]\n"
)
# The words for departments name the tiers, which another kind has not.
USE += next(line for line in BUILTIN.splitlines() if "{tiers.1}" in line)
TIERED = SPENDING.replace('"ratio"', '"tiers"') + "\nsettings.tiers = [[0.9, 10], [0.8, 6]]"


@pytest.fixture
def thrown_away() -> Iterator[None]:
    """Two new kinds: the square of a share, and half of what the KPIs earn."""

    @dataclass(frozen=True)
    class Square(Rule):
        kind: ClassVar[str] = "square"
        title: ClassVar[str] = "平方计分"

        over: tuple[str, ...] = setting("上", "facts", "事项代码")
        under: tuple[str, ...] = setting("下", "facts", "事项代码")

        @property
        def quotient(self) -> Quotient:
            return Quotient(self.over, self.under)

        def exact(self, points: Decimal, inputs: Inputs) -> Decimal:
            rate = self.quotient.value(inputs)
            return ZERO if rate is None else rate * rate * points

        def expression(self, points: Decimal, refs: Refs) -> str:
            over, under = summed(refs, self.over), summed(refs, self.under)
            return f"IF({under}<=0,0,({over}/{under})^2*{plain(points)})"

        def working(self, points: Decimal, inputs: Inputs) -> str:
            return "平方得分"

    @dataclass(frozen=True)
    class Half(Rule):
        kind: ClassVar[str] = "half"
        title: ClassVar[str] = "减半计分"

        kinds_counted: tuple[str, ...] = setting("一级指标", "texts", "绩效指标表的一级指标名称")

        @property
        def kpi_levels(self) -> tuple[str, ...]:
            return self.kinds_counted

        def kpi_total(self, points: Decimal, scores: Sequence[Decimal]) -> Decimal:
            return bounded(divide(sum(scores, ZERO), Decimal(2)), points)

        def score(self, points: Decimal, inputs: Inputs) -> Computed:
            scores = [row.score for row in self.kpi_scores(points, inputs)]
            known = [score for score in scores if score is not None]
            return Computed(self.kpi_total(points, known) if scores and len(known) == len(scores) else None)

        def formula(self, points: Decimal, refs: Refs) -> str:
            return self.kpi_sum_formula(points, refs, "computed")

        def kpi_sum_formula(self, points: Decimal, refs: Refs, column: str) -> str:
            total = "+".join(f'SUMIF({refs.kpi("level1")},"{name}",{refs.kpi(column)})' for name in self.kpi_levels)
            return f"ROUND(ROUND(({total})/2,9),2)"

        def working(self, points: Decimal, inputs: Inputs) -> str:
            return "减半得分"

    yield
    del Rule.kinds["square"], Rule.kinds["half"]


def checked(scheme: Scheme, path: Path, *edits: Edit) -> tuple[set[str], dict[tuple[str, str], set[str]]]:
    """The codes that a run finds in a workbook with these values, and those that its notes show."""
    values = field_values(clean_document(*edits), scheme)
    write(path, scheme, values)
    return {item.code for item in process(path, scheme).findings}, notes_of(path, scheme)


def square(text: str) -> str:
    return text.replace('"ratio"', '"square"').replace("numerator", "over").replace("denominator", "under")


def asset_square() -> str:
    return square("\n".join(USE.replace('"tiers"', '"ratio"').split("\n")[:3]))


@pytest.mark.usefixtures("thrown_away")
def test_a_new_kind_that_divides_has_the_warning_of_a_whole_of_zero(tmp_path: Path) -> None:
    scheme = toml_scheme(edited((USE, asset_square())))
    nothing = (put("facts.fixed_assets_total", "0"), put("facts.fixed_assets_in_use", "0"))
    found, notes = checked(scheme, tmp_path / "zero.xlsx", *nothing)
    assert "W208" in found
    assert notes["facts", "fixed_assets_total"] == {"W208"}
    found, notes = checked(scheme, tmp_path / "some.xlsx")
    assert "W208" not in found
    assert not notes["facts", "fixed_assets_total"]


@pytest.mark.usefixtures("thrown_away")
@pytest.mark.parametrize("kind", ["square", "tiers"])
def test_the_spending_rate_is_known_by_whatever_kind_scores_it(tmp_path: Path, kind: str) -> None:
    """W406 in a run and in the template, for a rate that is scored by tiers or by a new kind."""
    scheme = toml_scheme(edited((SPENDING, square(SPENDING) if kind == "square" else TIERED)))
    low = (put("funds.total.spent", "560"), put("funds.basic.spent", "470.77"))
    found, notes = checked(scheme, tmp_path / "low.xlsx", *low, put("scores.A03.self", "0"))
    assert "W406" in found
    assert notes["scores", "A03"] == {"W406"}
    found, notes = checked(scheme, tmp_path / "high.xlsx")
    assert "W406" not in found
    assert "W406" not in notes["scores", "A03"]


@pytest.mark.usefixtures("thrown_away")
def test_a_new_kind_that_counts_kpis(tmp_path: Path) -> None:
    """Its rows get weights and scores, its indicator the total, and a missing table its error."""
    scheme = toml_scheme(
        edited(
            ('kind = "kpi"\nsettings.levels = ["产出指标"]', 'kind = "half"\nsettings.kinds_counted = ["产出指标"]'),
        )
    )
    assert [item.code for item in scheme.kpi_indicators] == ["A01", "A02"]
    document = clean_document(put("scores.A01.self", "10"), put("scores.A01.reason", "减半"))
    values = field_values(document, scheme)
    write(tmp_path / "half.xlsx", scheme, values)
    result = process(tmp_path / "half.xlsx", scheme).result
    assert result is not None
    score = next(item for item in result.scores if item.code == "A01")
    rows = [row.computed for row in result.kpis if row.level1 == "产出指标"]
    assert len(rows) > 1
    assert score.computed == bounded(divide(sum((row or ZERO for row in rows), ZERO), Decimal(2)), Decimal(20))
    without = {name: value for name, value in values.items() if name[0] != "kpis"}
    write(tmp_path / "none.xlsx", scheme, without)
    found = process(tmp_path / "none.xlsx", scheme).findings
    assert "A01" in "".join(item.message for item in found if item.code == "E301")


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not on the PATH")
@pytest.mark.usefixtures("thrown_away")
def test_libreoffice_comes_to_the_same(tmp_path: Path) -> None:
    """Template formulas of both kinds and of the notes that they bring."""
    kpis = ('kind = "kpi"\nsettings.levels = ["产出指标"]', 'kind = "half"\nsettings.kinds_counted = ["产出指标"]')
    schemes = [
        toml_scheme(edited((USE, asset_square()), (SPENDING, square(SPENDING)), kpis)),
        toml_scheme(edited((SPENDING, TIERED))),
    ]
    low = (put("funds.total.spent", "560"), put("funds.basic.spent", "470.77"), put("facts.fixed_assets_total", "0"))
    paths = []
    for number, scheme in enumerate(schemes):
        paths.append(tmp_path / f"{number}.xlsx")
        write(paths[-1], scheme, field_values(clean_document(*low), scheme))
    for path, anew in zip(paths, recalculate(paths, tmp_path / "anew"), strict=True):
        assert not differing(path, anew)
