"""All that perfxl writes for the shipped input: results, summary, copies to mend, template, lists, scheme, review."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from perfxl.lists.exemptions import write_exemptions
from perfxl.lists.roster import write_roster
from perfxl.results.kept_results import last_run
from perfxl.review_books.candidates import candidates_of
from perfxl.review_books.make import make_books, source_of
from perfxl.review_books.propose import Choice
from perfxl.run import pipeline
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_file import write_scheme_workbook
from perfxl.template import write_template
from perfxl.xlsx.writer import SWITCH

INPUT = Path(__file__).parent.parent / "input"


class OneMoment(datetime):
    """The clock stands still: the time of a run is written in its workbooks."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2026, 3, 2, 9, 30, tzinfo=tz)


def write_all(folder: Path, scheme: Scheme, writer: str) -> None:
    """Writes them into a folder, by the quick or the plain writer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, writer)
        patch.setattr(pipeline, "datetime", OneMoment)
        run_folder(INPUT, folder / "结果", scheme, RunOptions(jobs=1, copies_for_all=True))
        last = last_run(folder / "结果")
        choices = [Choice(item, "") for item in candidates_of(last)]
        make_books(source_of(last), folder / "结果", {"张三": choices[:7], "李四": choices[7:]})
        write_template(scheme, folder / "填报模板.xlsx")
        write_roster(folder / "部门名录.xlsx")
        write_exemptions(folder / "豁免名单.xlsx")
        write_scheme_workbook(scheme, folder / "评分方案.xlsx")
