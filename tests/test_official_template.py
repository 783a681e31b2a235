"""The cells that the bureau supplies: grey in the template, asked of nobody, and live scores wait for them."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest

from perfxl.layout import layout_of
from perfxl.outcome import WAITING
from perfxl.scheme.model import Scheme
from perfxl.template import write_template
from perfxl.template.styles import COMPUTED, INPUT
from tests.libreoffice import calculated, needs_libreoffice, recalculate
from tests.official_schemes import SUPPLIED, Saying, processed, supplied
from tests.template_books import Shown, Values, differing, own_scores, random_values

PENDING = ("不计", "0分", "满分")


def _bureau_fields(scheme: Scheme, values: Values) -> Values:
    """What of some values the bureau supplies."""
    layout = layout_of(scheme)
    return {name: value for name, value in values.items() if layout.specs[layout.keyed(name)].bureau}


def test_the_cells_of_the_bureau_are_grey_locked_and_say_whose_they_are(scheme: Scheme, tmp_path: Path) -> None:
    own = supplied(scheme, targets=True)
    write_template(own, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    layout = layout_of(own)
    for key in ("funds.total.adjusted", "funds.total.spent", *SUPPLIED):
        place = layout.places["facts", key, "value"]
        cell = book[place.sheet][place.cell]
        assert cell.protection.locked and cell.fill.fgColor.rgb == f"FF{COMPUTED[1:]}", key
        (rule,) = [
            rule
            for rule in book[place.sheet].data_validations.dataValidation
            if place.cell in rule.sqref  # type: ignore[attr-defined]
        ]
        assert rule.type == "custom" and "由财政部门提供" in rule.prompt and "必填" not in rule.prompt
    other = layout.places["facts", "funds.total.initial", "value"]
    assert not book[other.sheet][other.cell].protection.locked
    assert book[other.sheet][other.cell].fill.fgColor.rgb == f"FF{INPUT[1:]}"
    # In an open table a locked cell would keep Excel from sorting it: typing there is refused instead.
    target = layout.block("kpis").place(layout.block("kpis").lines[0], "target")
    cell = book[target.sheet][target.cell]
    assert not cell.protection.locked and cell.fill.fgColor.rgb == f"FF{COMPUTED[1:]}"


def test_nobody_is_asked_for_them(scheme: Scheme, tmp_path: Path) -> None:
    """Neither the list of what is missing, nor the counters, nor the findings of a run."""
    own = supplied(scheme, targets=True)
    values = random_values(own, 1, junk=0)
    given = {name: value for name, value in values.items() if name not in _bureau_fields(own, values)}
    shown = Shown(tmp_path / "t.xlsx", own, given)
    cover = "".join(shown.texts("填报说明"))
    labels = [own.fact_labels[key] for key in SUPPLIED]
    assert "年度指标值" not in "".join(text for text in shown.texts("填报说明") if text.startswith("绩效指标："))
    assert not any(f"：{label}" in cover for label in labels)
    blank = Shown(tmp_path / "blank.xlsx", scheme, {})
    less = Shown(tmp_path / "less.xlsx", own, {})
    due = [book.named("完成进度") for book in (blank, less)]
    counts = [int(words.partition("应填 ")[2].partition(" 项")[0]) for words in due]
    assert counts[0] - counts[1] == len(SUPPLIED) + 2
    fields = {name for finding in processed(tmp_path / "t.xlsx", own).findings for name in finding.fields}
    assert not any(layout_of(own).specs[layout_of(own).keyed(name)].bureau for name in fields)


def test_whatever_a_department_writes_there_has_no_finding_and_no_effect(scheme: Scheme, tmp_path: Path) -> None:
    own = supplied(scheme)
    write_template(own, tmp_path / "t.xlsx", random_values(own, 2, junk=0))
    layout = layout_of(own)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for key, junk in zip(SUPPLIED, ("三十", -5, "也许", "=1/0"), strict=True):
        place = layout.places["facts", key, "value"]
        book[place.sheet][place.cell] = junk
    book.save(tmp_path / "junk.xlsx")
    scored = processed(tmp_path / "junk.xlsx", own)
    blamed = {name[1] for finding in scored.findings for name in finding.fields}
    assert blamed.isdisjoint(SUPPLIED)
    assert scored.result is not None
    waiting = {score.code for score in scored.result.scores if score.pending}
    assert waiting == own.pendable
    assert all(("facts", key, "value") not in scored.contents for key in SUPPLIED)


@pytest.mark.parametrize("pending", PENDING)
def test_the_live_scores_wait_as_the_run_does(pending: str, scheme: Scheme, tmp_path: Path) -> None:
    """The written values of the formulas: computed and accepted scores, totals, notes."""
    own = supplied(scheme, pending=pending, targets=True)
    waited = False
    for seed in range(8):
        values, rng = random_values(own, seed, junk=0) | own_scores(A01="3"), random.Random(seed)
        bureau = {name: value for name, value in _bureau_fields(own, values).items() if rng.random() < 0.6}
        values = {name: value for name, value in values.items() if name not in _bureau_fields(own, values)} | bureau
        shown = Shown(tmp_path / "t.xlsx", own, values)
        result = processed(tmp_path / "t.xlsx", own, Saying(bureau)).result
        assert result is not None
        for score in result.scores:
            computed, accepted = (shown.score(score.code, column) for column in ("computed", "accepted"))
            if not score.pending:
                assert computed in (None, "") or computed == float(score.computed or 0)
                continue
            waited = True
            assert computed == WAITING
            assert accepted == (WAITING if pending == "不计" else float(score.score))
            assert str(shown.score(score.code, "note")).startswith(WAITING)
        assert shown.named("认定总分") == float(result.total), seed
        assert shown.named("自评总分") == float(result.self_total), seed
    assert waited


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_libreoffice_calculates_the_same(scheme: Scheme, tmp_path: Path) -> None:
    paths = []
    for pending in PENDING:
        own = supplied(scheme, pending=pending, targets=True)
        for seed in range(5):
            values, rng = random_values(own, seed, junk=0), random.Random(seed)
            gone = {name for name in _bureau_fields(own, values) if rng.random() < 0.3}
            paths.append(tmp_path / f"{PENDING.index(pending)}-{seed}.xlsx")
            left = {name: value for name, value in values.items() if name not in gone}
            write_template(own, paths[-1], {} if seed == 0 else left)
    again = recalculate(paths, tmp_path / "again")
    assert [fault for pair in zip(paths, again, strict=True) for fault in differing(*pair)] == []


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_a_value_that_the_bureau_gives_ends_the_waiting(scheme: Scheme, tmp_path: Path) -> None:
    """Typed into the grey cell of a saved workbook, and calculated anew by another program."""
    own = supplied(scheme)
    write_template(own, tmp_path / "t.xlsx", {})
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    layout = layout_of(own)
    place = layout.places["facts", "books_match_assets", "value"]
    book[place.sheet][place.cell] = "是"
    book.save(tmp_path / "given.xlsx")
    block = layout.block("scores")
    cells = {code: block.place(next(line for line in block.lines if line.key == code), "computed")
             for code in ("B64", "B22")}  # fmt: skip
    (sheets,) = calculated([tmp_path / "given.xlsx"], tmp_path / "again", [block.sheet])
    shown = {code: sheets[place.sheet][place.row][place.col] for code, place in cells.items()}
    assert shown == {"B64": "", "B22": WAITING}
