"""The measurements as Markdown tables for people and as JSON for programs."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from benchmarks.cluster import Cluster, cluster_table
from benchmarks.end_to_end import NAIVE_SAMPLE, EndToEnd
from benchmarks.forms import Forms
from benchmarks.growth import Growth
from benchmarks.lists import ListsCost, lists_table
from benchmarks.measure import median_ratio
from benchmarks.stages import STAGES, Timing
from benchmarks.tables import table
from benchmarks.timeline import Phase, timeline_table
from benchmarks.validation import NOT_THERE, Validation

LIBRARIES = ("pandas", "openpyxl", "XlsxWriter", "python-calamine")


@dataclass
class Report:
    """What was measured. largest: of perfxl alone; its ratios to other programs are absent.

    stage_count: workbooks on which the stages were measured. validated, clustered: whether validation, and runs on a
    cluster, were to be measured. timeline_of: workbooks and workers of the run that was looked at.
    """

    repeats: int
    sizes: list[EndToEnd] = field(default_factory=list)
    largest: list[dict[str, float]] = field(default_factory=list)
    stages: Timing = field(default_factory=dict)
    stage_count: int = 0
    growth: list[Growth] = field(default_factory=list)
    validation: Validation | None = None
    validated: bool = False
    forms: list[Forms] = field(default_factory=list)
    lists: list[ListsCost] = field(default_factory=list)
    cluster: list[Cluster] | None = None
    clustered: bool = False
    timeline: list[Phase] = field(default_factory=list)
    timeline_of: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, with the machine."""
        return {"machine": machine(), **asdict(self)}


def machine() -> str:
    """Cores, Python and libraries; figures of two machines are compared only as ratios."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {libraries}"


def markdown(report: Report) -> str:
    """All tables."""
    parts = [machine()]
    if report.sizes:
        parts += [end_to_end_table(report), files_table(report)]
    if report.stages:
        parts.append(stage_table(report))
    if report.growth:
        parts.append(growth_table(report.growth))
    if report.validated:
        parts.append(validation_table(report.validation))
    if report.forms:
        parts.append(forms_table(report.forms))
    if report.lists:
        parts.append(lists_table(report.lists))
    if report.clustered:
        parts.append(cluster_table(report.cluster))
    if report.timeline_of is not None:
        parts.append(timeline_table(report.timeline, *report.timeline_of))
    return "\n\n".join(parts) + "\n"


def end_to_end_table(report: Report) -> str:
    """perfxl beside the floor and the naive program."""
    rows = [
        (
            f"{item.count:,}",
            f"{item.over_floor:.2f}",
            f"{item.processor_over_floor:.2f}",
            f"{item.under_naive:.1f}",
            f"{item.count / item.seconds:.0f}",
            f"{item.count / item.floor_seconds:.0f}",
            f"{item.count / item.naive_seconds:.1f}",
        )
        for item in report.sizes
    ]
    note = (
        f"Medians of {report.repeats} interleaved rounds. The naive program runs over {NAIVE_SAMPLE} workbooks and is "
        "scaled up to the others; its summary is written in full."
    )
    headings = (
        "workbooks",
        "× the floor, clock",
        "× the floor, processor",
        "naive ÷ perfxl",
        "perfxl / s",
        "floor / s",
        "naive / s",
    )
    return f"### End to end\n\n{table(headings, rows)}\n\n{note}"


def files_table(report: Report) -> str:
    """Time a workbook and peak memory by number of workbooks, as ratios to the smallest size of 1,000 or more."""
    measured = [
        {
            "count": item.count,
            "processor": item.processor,
            "parent_mb": item.parent_mb,
            "worker_mb": item.worker_mb,
        }
        for item in report.sizes
    ] + report.largest
    base = next((item for item in measured if item["count"] >= 1000), measured[0])
    rows = [
        (
            f"{item['count']:,}",
            f"{item['processor'] / item['count'] * 1000:.1f}",
            f"{item['processor'] / item['count'] / (base['processor'] / base['count']):.2f}",
            f"{item['parent_mb']:.0f}",
            f"{item['parent_mb'] / base['parent_mb']:.2f}",
            f"{item['worker_mb']:.0f}",
            f"{item['worker_mb'] / base['worker_mb']:.2f}" if base["worker_mb"] else "",
        )
        for item in measured
    ]
    headings = ("workbooks", "ms each", "×", "parent MB", "×", "worker MB", "×")
    note = f"× is the ratio to {base['count']:,.0f} workbooks. Processor time of parent and workers together."
    return f"### Growth with the number of workbooks\n\n{table(headings, rows)}\n\n{note}"


def stage_table(report: Report) -> str:
    """Each stage in milliseconds of processor time a workbook and against bare reading."""
    bare = report.stages["calamine"]
    rows = [
        (STAGES[name], f"{milliseconds:.2f}", f"{milliseconds / bare:.2f}")
        for name, milliseconds in report.stages.items()
    ]
    shown = table(("stage", "ms a workbook", "× bare reading"), rows)
    return f"### Each stage alone\n\n{shown}\n\nOne process, {report.stage_count:,} workbooks."


def growth_table(growth: Iterable[Growth]) -> str:
    """Time a workbook by its number of KPIs and errors."""
    rows = [
        (
            item.what,
            " / ".join(map(str, item.sizes)),
            " / ".join(f"{milliseconds:.1f}" for milliseconds in item.milliseconds),
            f"{item.slope_ratio:.2f}",
            f"{item.off_line:+.1%}",
        )
        for item in growth
    ]
    shown = table(("what", "a workbook", "ms a workbook", "slope ratio", "middle off the line"), rows)
    note = (
        "The slope ratio compares the slopes between the last three sizes: 1 is a straight line. A workbook with "
        "errors is returned with a copy to mend, which is the step from 0."
    )
    return f"### Growth with what is in a workbook\n\n{shown}\n\n{note}"


def validation_table(validation: Validation | None) -> str:
    """perfxl's intake and checks beside crease."""
    if validation is None:
        return f"### Validation alone\n\n{NOT_THERE}."
    rows = [
        ("perfxl", f"{validation.milliseconds:.1f}", f"{validation.over_crease:.2f}", f"{validation.errors:,}"),
        ("crease", f"{validation.crease_milliseconds:.1f}", "1.00", f"{validation.crease_errors:,}"),
    ]
    return "### Validation alone\n\n" + table(("program", "ms a workbook", "× crease", "cell errors found"), rows)


def forms_table(forms: Iterable[Forms]) -> str:
    """What goes to departments, every measurement, beside the writer that writes each workbook anew."""
    rows = [
        (
            f"{item.what} ({item.jobs} processes)",
            f"{item.count:,}",
            " / ".join(f"{seconds:.1f}" for seconds in item.seconds),
            " / ".join(f"{milliseconds:.1f}" for milliseconds in item.processor),
            " / ".join(f"{milliseconds:.1f}" for milliseconds in item.plain),
            f"{median_ratio(item.processor, item.plain):.2f}",
        )
        for item in forms
    ]
    headings = ("workbooks", "count", "s in all", "ms each", "ms each, written anew", "×")
    note = "Every round. ms of processor time, the first workbook and what it prepares among them."
    return f"### Templates and copies to mend\n\n{table(headings, rows)}\n\n{note}"
