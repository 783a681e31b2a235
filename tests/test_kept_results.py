"""The results of a run as they are kept for reviews and documents: the same records come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.documents.write import Wanted, write_documents
from perfxl.errors import UsageError
from perfxl.results.codec import decoder, encoded, names_of
from perfxl.results.kept_results import DETAILS, last_run
from perfxl.results.manifest import write_run_json
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from tests.review_runs import write_details
from tests.sample_batch import sample_batch

EXAMPLES = Path("input")


def kept(tmp_path: Path, **options: object) -> Path:
    batch = sample_batch(30, **options)  # type: ignore[arg-type]
    write_run_json(batch, tmp_path / "run.json")
    write_details(batch, tmp_path / DETAILS)
    assert list(last_run(tmp_path).departments()) == batch.departments
    assert last_run(tmp_path).schemes == batch.all_schemes
    return tmp_path


def test_departments_come_back_as_they_were(tmp_path: Path) -> None:
    kept(tmp_path)


@pytest.mark.parametrize("code", builtin_ids())
def test_of_other_schemes_too(code: str, tmp_path: Path) -> None:
    kept(tmp_path, scheme=load_scheme(code))


@pytest.mark.parametrize("in_memory", [200, 0])
def test_a_run_keeps_them(in_memory: int, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.run.pipeline.IN_MEMORY", in_memory)
    report = run_folder(EXAMPLES, tmp_path, scheme, RunOptions(jobs=1))
    found = last_run(tmp_path)
    departments = list(found.departments())
    assert [item.file for item in departments] == [item["file"] for item in found.document["departments"]]
    assert all(score.explanation for item in departments for score in item.scores if score.computed is not None)
    assert all(item.kpis and item.funds for item in departments)
    assert len(departments) == len(report.batch.departments)
    assert found.scheme_of(departments[0]) == scheme


@dataclass(frozen=True)
class Odd:
    """Everything that a record may hold."""

    number: Decimal | None
    texts: tuple[str, ...] = ()
    pairs: tuple[tuple[str, Decimal], ...] = ()
    either: Decimal | str | None = None
    flag: bool = False


numbers = st.decimals(allow_nan=False, allow_infinity=False)
odd = st.builds(
    Odd,
    st.none() | numbers,
    st.lists(st.text()).map(tuple),
    st.lists(st.tuples(st.text(), numbers)).map(tuple),
    st.none() | st.text() | numbers,
    st.booleans(),
)


@given(odd)
def test_any_record_comes_back(record: Odd) -> None:
    line = encoded(record)
    assert "\n" not in line
    again = decoder(Odd, names_of(Odd))(line)
    assert again == record
    assert str(again.number) == str(record.number), "with its places"


@dataclass(frozen=True)
class Later:
    """Odd as another version has it: a field more, one less, in another order."""

    flag: bool
    number: Decimal | None
    more: str = "new"


def test_other_versions_are_read_by_the_names_of_their_fields() -> None:
    line, names = encoded(Odd(Decimal("1.50"), ("a",), flag=True)), names_of(Odd)
    assert decoder(Later, {"Later": names["Odd"]})(line) == Later(flag=True, number=Decimal("1.50"))


def test_without_a_run_there_are_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="请先运行 perfxl run"):
        last_run(tmp_path)


def test_of_two_runs_or_cut_off_there_are_words(tmp_path: Path) -> None:
    batch = sample_batch(3)
    write_run_json(batch, tmp_path / "run.json")
    write_details(replace(batch, started=batch.started.replace(year=2001)), tmp_path / DETAILS)
    with pytest.raises(UsageError, match="请重新运行"):
        last_run(tmp_path)
    write_details(batch, tmp_path / DETAILS)
    whole = (tmp_path / DETAILS).read_text("utf-8")
    for size in (0, 10, len(whole) // 2, len(whole) - 5):
        (tmp_path / DETAILS).write_text(whole[:size], "utf-8")
        with pytest.raises(UsageError, match="请重新运行"):
            list(last_run(tmp_path).departments())


def _changed(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["departments"].pop(0),
        lambda document: document["departments"].append(document["departments"][0]),
        lambda document: document["departments"].reverse(),
        lambda document: document["departments"][0].pop("file"),
        lambda document: document["departments"][0].update(name=[1]),
        lambda document: document["departments"][0].update(scores=None),
        lambda document: document.update(files="x"),
        lambda document: document.update(findings=[1]),
        lambda document: document.update(schemes=["x"]),
        lambda document: [document.pop(key) for key in ("schemes", "scheme")],
    ],
)
def test_a_run_json_that_was_changed_has_words_and_mixes_nobody_up(
    change: Callable[[Any], object], tmp_path: Path
) -> None:
    """The records are told apart by their place: one more or one less would give each the words of another."""
    kept(tmp_path)
    _changed(tmp_path / "run.json", change)
    with pytest.raises(UsageError, match="已损坏或不完整。请重新运行"):
        list(last_run(tmp_path).departments())
    with pytest.raises(UsageError, match="已损坏或不完整。请重新运行"):
        write_documents(tmp_path, Wanted(kinds=["反馈意见"], jobs=1))


def test_a_record_that_was_changed_has_words(tmp_path: Path) -> None:
    kept(tmp_path)
    details = tmp_path / DETAILS
    head, *lines = details.read_text("utf-8").splitlines()
    for changed in (["[1]", *lines[1:]], [*lines[1:], lines[0]], lines[1:]):
        details.write_text("\n".join([head, *changed]), "utf-8")
        with pytest.raises(UsageError, match="已损坏或不完整。请重新运行"):
            write_documents(tmp_path, Wanted(kinds=["反馈意见"], jobs=1))
