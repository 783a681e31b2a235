"""The pictures of this year beside the year before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docs.make_last_year import TARGET
from docs.picture import Picture
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.yearly import previous_years
from perfxl.scheme.model import Scheme


def years_pictures(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    """The examples beside the shipped year before. filled: their workbooks."""
    output = folder / "年度对比"
    # As who follows the handbook names it.
    named = f"{TARGET.parent.name}/{TARGET.name}"
    years = tuple(replace(year, source=named) for year in previous_years([TARGET], [scheme], output))
    options = RunOptions(jobs=1, department_books=False, previous=years)
    report = run_folder(filled, output, scheme, options)
    return [
        Picture("years-changes", report.summary, "绩效评价年度变化"),
        Picture("years", report.summary, "绩效评价年度对比", bottom=0.5),
    ]
