"""What monitoring shows in the pictures: the page on all, the list of lights, a department's page."""

from __future__ import annotations

from pathlib import Path

from docs.picture import Picture
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.submission.document import load_document
from perfxl.template.fill import fill_template

DOCUMENTS = Path(__file__).resolve().parent.parent / "examples" / "year" / "监控"
SHOWN = "示例水务局"


def monitoring_pictures(folder: Path, scheme: Scheme) -> list[Picture]:
    """A run over the examples of the middle of the year."""
    at = scheme_at(scheme, Stage.MONITORING)
    filled = folder / "monitoring"
    filled.mkdir()
    for source in sorted(DOCUMENTS.glob("*.json")):
        fill_template(load_document(source), at, filled / f"{source.stem}.xlsx", source.name)
    report = run_folder(filled, folder / "monitoring-output", at, RunOptions(jobs=1))
    return [
        Picture("monitoring-overview", report.summary, "亮灯情况"),
        Picture("monitoring-lights", report.summary, "红黄灯清单", bottom=0.3),
        Picture("monitoring-department", report.output / "部门结果" / f"{SHOWN}.xlsx", "灯的界线"),
    ]
