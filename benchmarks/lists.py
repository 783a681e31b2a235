"""What the bureau's lists cost: a run with two schemes and all lists, and one with last year's results, beside without.

With lists the same number of workbooks is of two schemes in turns; roster, official values, accepted findings, the
register of a run before and review workbooks stand in the bureau's folder and are read within the time.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.bureau import (
    bureau_folder,
    keep_register,
    make_input,
    write_lists,
    write_reviews,
    write_schemes,
)
from benchmarks.data import make_folder
from benchmarks.end_to_end import fresh
from benchmarks.kinds import PLAIN
from benchmarks.measure import Measured, apart, interleaved
from benchmarks.ours import ours
from benchmarks.tables import every, table
from perfxl.scheme import load_scheme

WITHOUT, LISTS, PREVIOUS = "without", "two schemes and all lists", "last year's results (`--previous`)"


@dataclass(frozen=True)
class ListsCost:
    """One kind of run. seconds, processor: of each round, the latter in ms a workbook; over: its ratios to without."""

    what: str
    count: int
    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    over: tuple[float, ...]
    processor_over: tuple[float, ...]


def with_lists(folder: str, output: str, bureau: str, jobs: int) -> dict[str, int]:
    """One run with the schemes and lists of a folder; how much of them took effect."""
    from perfxl.run.gather import gather
    from perfxl.run.pipeline import RunOptions, run_folder

    place = Path(bureau)
    own = tuple(load_scheme(path) for path in sorted(place.glob("*.toml")))
    lists = gather(place, {}, own, lambda: (), lambda words: None)
    report = run_folder(Path(folder), Path(output), own, RunOptions(jobs=jobs, lists=lists, bureau=place))
    batch = report.batch
    return {
        "departments": len(batch.departments),
        "lists": len(report.used),
        "official": sum(item.lines for item in report.used),
        "reviews": len(batch.reviews),
        "register": len(batch.register),
        "owed": len(batch.owed),
    }


def with_previous(folder: str, output: str, previous: str, jobs: int) -> dict[str, int]:
    """One run with the results of a year before; how many departments are in both."""
    from perfxl.run.pipeline import RunOptions, run_folder
    from perfxl.run.yearly import previous_years

    own = load_scheme(None)
    years = tuple(previous_years([Path(previous)], [own], Path(output)))
    batch = run_folder(Path(folder), Path(output), own, RunOptions(jobs=jobs, previous=years)).batch
    return {"departments": len(batch.departments), "years": len(batch.years)}


def measure_lists(scratch: Path, count: int, distinct: int, jobs: int, repeats: int) -> list[ListsCost]:
    """All kinds in the same rounds, each over so many workbooks."""
    place = scratch / "lists"
    place.mkdir()
    plain = make_folder(place / "plain", count, PLAIN, distinct)
    before = _year_before(place, plain, jobs)
    folder, bureau = _prepared(place, count, distinct, jobs)

    def again(output: Path) -> Measured:
        keep_register(output, bureau)
        return apart(with_lists, folder, output, bureau, jobs)

    rounds = interleaved(
        repeats,
        {
            WITHOUT: partial(fresh, place, lambda output: apart(ours, plain, output, jobs)),
            LISTS: partial(fresh, place, again),
            PREVIOUS: partial(fresh, place, lambda output: apart(with_previous, plain, output, before, jobs)),
        },
    )
    for measured in rounds[LISTS]:
        told = measured.answer
        if told["departments"] != count or min(told.values()) == 0:
            raise RuntimeError(f"not all lists took effect: {told}")
    return [_cost(what, count, measured, rounds[WITHOUT]) for what, measured in rounds.items()]


def _year_before(place: Path, folder: Path, jobs: int) -> Path:
    """The results of the same workbooks as those of the year before."""
    output = place / "before"
    apart(ours, folder, output, jobs)
    manifest, year = output / "run.json", load_scheme(None).year
    manifest.write_text(manifest.read_text("utf-8").replace(f'"year": {year}', f'"year": {year - 1}'), "utf-8")
    return output


def _prepared(place: Path, count: int, distinct: int, jobs: int) -> tuple[Path, Path]:
    """The workbooks and the bureau's folder, after two runs: one for the lists, one for reviews and the register."""
    folder, bureau, output = make_input(place / "input", count, distinct), bureau_folder(place), place / "output"
    write_schemes(bureau)
    apart(with_lists, folder, output, bureau, jobs)
    write_lists(bureau, output, count, distinct)
    apart(with_lists, folder, output, bureau, jobs)
    write_reviews(bureau, output)
    keep_register(output, bureau)
    shutil.rmtree(output)
    return folder, bureau


def _cost(what: str, count: int, measured: Sequence[Measured], without: Sequence[Measured]) -> ListsCost:
    pairs = list(zip(measured, without, strict=True))
    return ListsCost(
        what,
        count,
        tuple(item.seconds for item in measured),
        tuple(item.processor * 1000 / count for item in measured),
        tuple(item.seconds / other.seconds for item, other in pairs),
        tuple(item.processor / other.processor for item, other in pairs),
    )


def lists_table(costs: Sequence[ListsCost]) -> str:
    """Every round, and the medians of its ratios."""
    rows = [
        (
            f"{item.what}, {item.count:,} workbooks",
            every(item.seconds, 1),
            every(item.processor, 1),
            f"{statistics.median(item.over):.2f}",
            f"{statistics.median(item.processor_over):.2f}",
        )
        for item in costs
    ]
    headings = ("run", "s", "ms of processor each", "× without, clock", "× without, processor")
    note = "Every round; × are medians of the rounds' ratios."
    return f"### With the bureau's lists\n\n{table(headings, rows)}\n\n{note}"
