"""`python -m benchmarks`: measures everything and prints the tables."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.cluster import measure_cluster
from benchmarks.data import DISTINCT, DISTINCT_QUICK, make_folder
from benchmarks.end_to_end import measure_ours, measure_size
from benchmarks.forms import measure_forms
from benchmarks.growth import measure_growth
from benchmarks.kinds import PLAIN, WITH_SLIPS
from benchmarks.lists import measure_lists
from benchmarks.measure import apart
from benchmarks.report import Report, markdown
from benchmarks.stages import stages
from benchmarks.timeline import measure_timeline
from benchmarks.validation import measure_validation

SIZES, SIZES_QUICK = "100,1000,5000", "60"
STAGE_COUNT, STAGE_COUNT_QUICK = 256, 64
GROWTH_COUNT, GROWTH_COUNT_QUICK = 120, 24
BATCH_COUNT, BATCH_COUNT_QUICK = 1_000, 40
CLUSTER_COUNT, CLUSTER_COUNT_QUICK = 400, 40
"""Three clusters a round read so many each, and each of them takes some ten seconds to start and to warm up."""
PARTS = ("sizes", "stages", "growth", "validation", "forms", "lists", "dask", "timeline")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes and one round: does everything work?")
    parser.add_argument("--sizes", help=f"numbers of workbooks, default {SIZES}")
    parser.add_argument("--largest", type=int, help="one run of perfxl alone over so many, for memory (20000)")
    parser.add_argument("--repeats", type=int, help="rounds, default 3 (quick: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes, default one per core")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part only; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    return parser.parse_args()


def main() -> None:
    """Measures what the options ask for."""
    options = _options()
    sizes = sorted({int(size) for size in (options.sizes or (SIZES_QUICK if options.quick else SIZES)).split(",")})
    repeats = options.repeats or (1 if options.quick else 3)
    distinct = DISTINCT_QUICK if options.quick else DISTINCT
    parts = options.only or PARTS
    report = Report(repeats)
    scratch = Path(tempfile.mkdtemp(prefix="perfxl-benchmarks-"))
    try:
        if "sizes" in parts:
            _measure_sizes(report, scratch, sizes, options, distinct)
        if "stages" in parts:
            report.stage_count = STAGE_COUNT_QUICK if options.quick else STAGE_COUNT
            _say(f"stages of {report.stage_count} workbooks")
            folder = make_folder(scratch / "stages", report.stage_count, PLAIN, distinct)
            report.stages = apart(stages, folder, scratch / "stages-output", repeats).answer
        count = GROWTH_COUNT_QUICK if options.quick else GROWTH_COUNT
        if "growth" in parts:
            _say("growth with KPIs and errors")
            report.growth = measure_growth(scratch / "growth", count, count, repeats)
        if "validation" in parts:
            _say("validation beside crease")
            folder = make_folder(scratch / "validation", count, WITH_SLIPS, count)
            report.validation = measure_validation(folder, count, repeats)
            report.validated = True
        if "forms" in parts:
            _say("prefilled templates and copies to mend")
            report.forms = measure_forms(scratch, options.jobs, repeats, quick=options.quick)
        count = BATCH_COUNT_QUICK if options.quick else BATCH_COUNT
        if "lists" in parts:
            _say(f"{count} workbooks with and without the lists of a bureau")
            report.lists = measure_lists(scratch, count, distinct, options.jobs, repeats)
        if "dask" in parts:
            count = CLUSTER_COUNT_QUICK if options.quick else CLUSTER_COUNT
            _say(f"{count} workbooks on a Dask cluster")
            report.cluster, report.clustered = measure_cluster(scratch, count, distinct, repeats), True
        if "timeline" in parts:
            _say(f"who works when in a run over {count} workbooks")
            folder = make_folder(scratch / "timeline", count, PLAIN, distinct)
            report.timeline, report.timeline_of = measure_timeline(folder, scratch, options.jobs), (count, options.jobs)
        if options.json:
            options.json.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
        print(markdown(report))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _measure_sizes(report: Report, scratch: Path, sizes: list[int], options: argparse.Namespace, distinct: int) -> None:
    for size in sizes:
        _say(f"{size} workbooks: perfxl, floor, naive")
        folder = make_folder(scratch / f"input-{size}", size, PLAIN, distinct)
        report.sizes.append(measure_size(folder, scratch, size, options.jobs, report.repeats))
        shutil.rmtree(folder)
    if options.largest:
        _say(f"{options.largest} workbooks: perfxl")
        folder = make_folder(scratch / "input-largest", options.largest, PLAIN, distinct)
        own = measure_ours(folder, scratch, options.jobs)
        report.largest.append(
            {
                "count": options.largest,
                "processor": own.processor,
                "parent_mb": own.parent_mb,
                "worker_mb": own.worker_mb,
            }
        )
        shutil.rmtree(folder)


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
