"""The pictures of README and handbook, made from real workbooks: `python -m docs.make_pictures [NAME...]`.

Fills the template from `examples/documents/`, runs perfxl over the workbooks, prints what comes out with LibreOffice
and cuts out the pages to be shown. With names, only these pictures are made. Needs `pip install '.[docs]'`, and
`soffice`, `pdftotext` and `pdftoppm` on the PATH.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import zlib
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from docs.picture import PICTURES, Picture, make
from docs.picture_batch import received, write_lists
from docs.picture_desk import desk_pictures
from docs.picture_form import form_pictures
from docs.picture_monitoring import monitoring_pictures
from docs.picture_official import official_pictures
from docs.picture_register import register_pictures
from docs.picture_targets import target_pictures
from docs.picture_years import years_pictures
from perfxl.documents.write import FOLDER, Wanted, write_documents
from perfxl.lists.exemptions import FILE_NAME as EXEMPTIONS
from perfxl.lists.exemptions import read_exemptions, write_exemptions
from perfxl.lists.opened import open_list
from perfxl.lists.roster import FILE_NAME as ROSTER
from perfxl.lists.roster import read_roster, write_roster
from perfxl.results.kept_results import last_run
from perfxl.review.read import read_review
from perfxl.review_books.candidates import candidates_of
from perfxl.review_books.make import make_books, source_of
from perfxl.review_books.propose import propose
from perfxl.review_books.source import Filled
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_file import write_scheme_workbook
from perfxl.scoring.result import DepartmentResult
from perfxl.submission.document import load_document
from perfxl.template import write_template
from perfxl.template.fill import fill_template

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "examples" / "documents"
GOOD, DEDUCTED, RETURNED = "示例民政局", "示例农业农村局", "示例新城街道办事处"
"""Departments whose workbooks are shown: scored, scored with deductions, returned for its errors."""
REVIEWED = "示例教育局"
PROPOSED = "按预算规模、风险和类别抽取 8 个，种子“2022”。"


def main() -> None:
    """Makes the pictures named on the command line anew, or all of them."""
    tools = {name: shutil.which(name) for name in ("soffice", "pdftotext", "pdftoppm")}
    missing = [name for name, path in tools.items() if path is None]
    if missing:
        raise SystemExit(f"not on the PATH: {', '.join(missing)}")
    PICTURES.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for picture in pictures(Path(folder)):
            if not wanted or picture.name in wanted:
                size = make(picture, Path(folder))
                print(f"{picture.name} {size // 1024} KB")


def pictures(folder: Path) -> list[Picture]:
    """Fills and runs everything that is shown; the pictures to be taken of it."""
    scheme = load_scheme()
    filled = folder / "input"
    filled.mkdir()
    for source in sorted(DOCUMENTS.glob("*.json")):
        fill_template(load_document(source), scheme, filled / f"{source.stem}.xlsx", source.name)
    return [
        *_template(folder, scheme, filled),
        *_results(folder, scheme, filled),
        *_lists(folder, scheme, filled),
        *years_pictures(folder, scheme, filled),
        *_review(folder),
        *desk_pictures(folder, scheme, filled),
        *monitoring_pictures(folder, scheme),
        *target_pictures(folder, scheme, ROOT / "examples" / "year" / "目标"),
        *form_pictures(folder),
    ]


def _template(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    blank, faulty = folder / "template.xlsx", filled / f"{RETURNED}.xlsx"
    write_template(scheme, blank)
    return [
        Picture("template-start", blank, "填报步骤", top=0.05),
        Picture("template-progress", faulty, "填报步骤", top=0.05),
        Picture("template-funds", faulty, "一、部门整体收支", top=0.05, bottom=0.3),
        Picture("template-kpis", filled / f"{GOOD}.xlsx", "绩效指标表", top=0.05, bottom=0.3),
        Picture("template-facts", faulty, "一、预算编制", top=0.05, bottom=0.3),
        Picture("template-scores", faulty, "自评得分表", top=0.065),
    ]


def _results(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    report = run_folder(filled, folder / "output", scheme, RunOptions(jobs=1))
    books = report.output / "部门结果"
    copy = report.output / "退回修改" / f"{RETURNED}.xlsx"
    write_documents(report.output, Wanted(("通报", "汇总分析"), today=date(2023, 5, 4), jobs=1))
    notice, analysis = (
        next((report.output / FOLDER).glob(f"{kind}/*.docx")) for kind in ("自评情况通报", "汇总分析报告")
    )
    return [
        Picture("overview", report.summary, "评价结果总览"),
        Picture("ranking", report.summary, "绩效评价排名"),
        Picture("deductions", report.summary, "绩效评价扣分明细", bottom=0.35),
        Picture("analysis", report.summary, "绩效评价指标分析"),
        Picture("findings", report.summary, "绩效评价问题清单", bottom=0.3),
        Picture("department", books / f"{GOOD}.xlsx", "评价结果表"),
        Picture("rectification", books / f"{DEDUCTED}.xlsx", "整改措施", bottom=0.3),
        Picture("returned", copy, "审核意见", top=0.08, bottom=0.1),
        Picture("document-notice", notice, "等级分布", top=0.05, bottom=0.11),
        Picture("document-analysis", analysis, "各类别支出率", top=0.05, bottom=0.11),
        Picture("returned-cells", copy, "一、部门整体收支", top=0.05, bottom=0.3),
    ]


def _lists(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    book = folder / "scheme.xlsx"
    write_scheme_workbook(scheme, book)
    blank = folder / "blank"
    blank.mkdir()
    write_roster(blank / ROSTER, scheme)
    write_exemptions(blank / EXEMPTIONS)
    roster, exemptions = write_lists(folder, sorted(DOCUMENTS.glob("*.json")), scheme)
    listed = read_roster(roster, scheme)
    assert listed is not None
    lists = Lists(listed, read_exemptions(exemptions), exemptions.name)
    options = RunOptions(jobs=1, lists=lists)
    report = run_folder(received(folder, filled), folder / "received-output", scheme, options)
    return [
        *official_pictures(folder, scheme, filled, listed),
        Picture("roster-blank", blank / roster.name, "部门代码", bottom=0.5),
        Picture("exemptions-blank", blank / exemptions.name, "问题代码", bottom=0.5),
        Picture("roster", roster, "部门代码", bottom=0.5),
        Picture("exemptions", exemptions, "问题代码", bottom=0.5),
        Picture("files", report.summary, "绩效评价收件清单"),
        Picture("scheme-preview", book, "产出类三级指标逐项", bottom=0.35),
        Picture("scheme-indicators", book, "参数1名称", bottom=0.4),
        *register_pictures(folder, scheme, filled, lists),
    ]


def _review(folder: Path) -> list[Picture]:
    """Review workbooks of the results that `_results` has left, filled in part."""
    last = last_run(folder / "output")
    typed = {
        "A01": Filled(Decimal(20)),
        "A02": Filled(Decimal(18), "佐证材料不足，不能证明完成情况", "问卷样本不足 100 份"),
        "B22": Filled(Decimal("1.5")),
        "B42": Filled(Decimal(2)),
    }

    def earlier(department: DepartmentResult, code: str) -> Filled:
        return typed.get(code, Filled()) if department.name == REVIEWED else Filled()

    candidates = candidates_of(last)
    choices = propose(candidates, 8, "2022")
    made = make_books(source_of(last, earlier=earlier), last.output, {"李示例": choices}, PROPOSED)
    return [
        Picture("review-list", made[0].path, "复核清单（李示例）"),
        Picture("review-department", made[0].path, f"{REVIEWED}（复核）"),
        *_reviewed(folder),
    ]


def _reviewed(folder: Path) -> list[Picture]:
    """What a run makes of review workbooks that two reviewers have filled, one strict and one mild."""
    last = last_run(folder / "output")
    books = []
    for reviewer, cut in (("李示例", Decimal(1)), ("王示例", Decimal("0.5"))):
        source = source_of(last, earlier=partial(_judged, reviewer, cut))
        choices = {reviewer: propose(candidates_of(last), 8, reviewer)}
        (made,) = make_books(source, folder / reviewer, choices, PROPOSED)
        books.append(read_review(open_list(made.path))[0])
    options = RunOptions(jobs=1, lists=Lists(reviews=tuple(books)))
    report = run_folder(folder / "input", folder / "reviewed-output", last.schemes[0], options)
    return [
        Picture("review-analysis", report.summary, "各部门的自评和复核"),
        Picture("review-records", report.summary, "绩效评价复核记录", bottom=0.3),
        Picture("objections", report.output / "部门结果" / f"{GOOD}.xlsx", "异议（认为应得几分"),
    ]


def _judged(reviewer: str, cut: Decimal, department: DepartmentResult, code: str) -> Filled:
    """Every reviewer judges some indicators of each department, chosen by their names."""
    score = next(score for score in department.scores if score.code == code)
    if zlib.crc32(f"{reviewer}{department.name}{code}".encode()) % 7 or score.score < cut:
        return Filled()
    return Filled(score.score - cut, "佐证材料不足，按规则扣减", "现场核查记录")


if __name__ == "__main__":
    main()
