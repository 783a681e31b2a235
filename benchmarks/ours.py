"""perfxl itself, as `perfxl run` does it."""

from __future__ import annotations

from pathlib import Path

import pandas  # noqa: F401  # imported before the clock starts, as the baselines' libraries are

from perfxl.results.batch import Status
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme


def ours(folder: str, output: str, jobs: int) -> dict[str, int]:
    """One run over a folder; how many departments and findings came of it."""
    report = run_folder(Path(folder), Path(output), load_scheme(None), RunOptions(jobs=jobs))
    done = sum(record.status in (Status.SCORED, Status.RETURNED) for record in report.batch.files)
    return {"departments": done, "findings": len(report.batch.findings)}
