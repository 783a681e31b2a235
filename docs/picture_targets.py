"""Pictures of a round of targets: the template, the summary, and the bureau's list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docs.picture import Picture
from perfxl.lists.approved_columns import FILE_NAME
from perfxl.lists.approved_reader import read_approved
from perfxl.lists.approved_writer import write_approved
from perfxl.official.approved import PASSED, RETURNED, ApprovedRecord
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from perfxl.submission.document import load_document
from perfxl.template.fill import fill_template

SHOWN, VAGUE, OPEN = "示例图书馆", "示例水务局", "示例民政局"


def target_pictures(folder: Path, scheme: Scheme, documents: Path) -> list[Picture]:
    """Fills and runs the example targets, once without and once with the bureau's word."""
    targets, inbox, output = scheme_at(scheme, Stage.TARGETS), folder / "targets", folder / "targets-output"
    inbox.mkdir()
    for source in sorted(documents.glob("*.json")):
        fill_template(load_document(source), targets, inbox / f"{source.stem}.xlsx", source.name)
    run_folder(inbox, output, targets, RunOptions(jobs=1))
    asked = read_approved(output / FILE_NAME, targets)
    assert asked is not None
    path = folder / FILE_NAME
    write_approved(path, targets, map(_said, asked.all()))
    said = read_approved(path, targets)
    assert said is not None
    report = run_folder(inbox, output, targets, RunOptions(jobs=1, lists=Lists(authorities=(said,))))
    return [
        Picture("targets-template", inbox / f"{SHOWN}.xlsx", "一行填一项指标", bottom=0.45),
        Picture("targets-overview", report.summary, "审核和指标情况", bottom=0.2),
        Picture("targets-departments", report.summary, "绩效目标申报部门情况", bottom=0.45),
        Picture("targets-opinions", path, "年度绩效目标审核意见", bottom=0.4),
    ]


def _said(record: ApprovedRecord) -> ApprovedRecord:
    if record.name == OPEN:
        return record
    if record.name == VAGUE:
        return replace(record, opinion=RETURNED, words="目标不可衡量，请写明水质类别", person="张三", day="2022-02-10")
    return replace(record, opinion=PASSED, words="区财绩〔2022〕1号", person="张三", day="2022-02-10")
