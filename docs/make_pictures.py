"""The pictures of README and handbook, made from real workbooks: `python docs/make_pictures.py [NAME...]`.

Fills the template from `examples/documents/`, runs perfxl over the workbooks, prints what comes out with LibreOffice
and cuts out the pages to be shown. With names, only these pictures are made. Needs `pip install '.[docs]'`, and
`soffice`, `pdftotext` and `pdftoppm` on the PATH.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from picture_batch import received, write_lists
from PIL import Image, ImageChops, ImageOps

from perfxl.lists.exemptions import read_exemptions
from perfxl.lists.roster import read_roster
from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.run.reduce import Lists
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_file import write_scheme_workbook
from perfxl.submission.document import load_document
from perfxl.template import write_template
from perfxl.template.fill import fill_template

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DOCUMENTS = ROOT / "examples" / "documents"
GOOD, DEDUCTED, RETURNED = "示例民政局", "示例农业农村局", "示例新城街道办事处"
"""Departments whose workbooks are shown: scored, scored with deductions, returned for its errors."""
RESOLUTION = 110
COLOURS = 160
MARGIN = 18
PAPER, LINE, ACROSS = 255, 226, 0.5
"""Grey of the paper, grey below which a point belongs to a line, share of the page's width that a line takes."""
LARGEST = 250_000
"""Bytes that a picture may have."""


@dataclass(frozen=True)
class Picture:
    """One picture: the first page of a workbook that has the text, its outer bands cut off.

    top, bottom: shares of the page's height to leave out (the page's header and footer, or rows of no interest).
    """

    name: str
    workbook: Path
    text: str
    top: float = 0.0
    bottom: float = 0.05


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
    return [*_template(folder, scheme, filled), *_results(folder, scheme, filled), *_lists(folder, scheme, filled)]


def _template(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    blank, faulty = folder / "template.xlsx", filled / f"{RETURNED}.xlsx"
    write_template(scheme, blank)
    return [
        Picture("template-start", blank, "填报步骤", top=0.05),
        Picture("template-progress", faulty, "填报步骤", top=0.05),
        Picture("template-funds", faulty, "一、部门整体收支", top=0.05, bottom=0.3),
        Picture("template-kpis", filled / f"{GOOD}.xlsx", "绩效指标表", top=0.05, bottom=0.3),
        Picture("template-facts", faulty, "一、预算编制", top=0.05, bottom=0.3),
        Picture("template-scores", faulty, "自评得分表", top=0.05),
    ]


def _results(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    report = run_folder(filled, folder / "output", scheme, RunOptions(jobs=1))
    books = report.output / "部门结果"
    copy = report.output / "退回修改" / f"{RETURNED}.xlsx"
    return [
        Picture("overview", report.summary, "自评结果总览"),
        Picture("ranking", report.summary, "绩效评价排名"),
        Picture("deductions", report.summary, "绩效评价扣分明细", bottom=0.35),
        Picture("analysis", report.summary, "绩效评价指标分析"),
        Picture("findings", report.summary, "绩效评价问题清单", bottom=0.3),
        Picture("department", books / f"{GOOD}.xlsx", "自评结果表"),
        Picture("rectification", books / f"{DEDUCTED}.xlsx", "整改措施", bottom=0.3),
        Picture("returned", copy, "审核意见", top=0.08, bottom=0.1),
        Picture("returned-cells", copy, "一、部门整体收支", top=0.05, bottom=0.3),
    ]


def _lists(folder: Path, scheme: Scheme, filled: Path) -> list[Picture]:
    book = folder / "scheme.xlsx"
    write_scheme_workbook(scheme, book)
    roster, exemptions = write_lists(folder, sorted(DOCUMENTS.glob("*.json")))
    lists = Lists(read_roster(roster, scheme), read_exemptions(exemptions), exemptions.name)
    options = RunOptions(jobs=1, lists=lists)
    report = run_folder(received(folder, filled), folder / "received-output", scheme, options)
    return [
        Picture("roster", roster, "单位代码"),
        Picture("exemptions", exemptions, "问题代码"),
        Picture("files", report.summary, "绩效评价收件清单"),
        Picture("scheme-preview", book, "产出类三级指标逐项", bottom=0.35),
        Picture("scheme-indicators", book, "参数1名称", bottom=0.4),
    ]


def make(picture: Picture, folder: Path) -> int:
    """Prints the workbook, finds the page, trims it and saves it with few colours. Returns its size in bytes."""
    printed = pdf_of(picture.workbook, folder)
    page = page_with(picture.text, printed)
    target = folder / picture.name
    run("pdftoppm", "-r", str(RESOLUTION), "-f", str(page), "-l", str(page), "-singlefile", "-png", printed, target)
    with Image.open(f"{target}.png") as image:
        width, height = image.size
        end = last_rule(image, int(height * (1 - picture.bottom)))
        band = image.convert("RGB").crop((0, int(height * picture.top), width, end))
    blank = Image.new("RGB", band.size, "white")
    inked = ImageOps.expand(band.crop(ImageChops.difference(band, blank).getbbox()), MARGIN, "white")
    path = PICTURES / f"{picture.name}.png"
    inked.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name} has {size} bytes, more than {LARGEST}")
    return size


def last_rule(page: Image.Image, end: int) -> int:
    """The last line across a page above its row `end`, so that no row of a table is cut in two; `end` without one.

    A page with nothing in the row `end` needs no line.
    """
    grey = page.convert("L")
    width = grey.width
    if grey.crop((0, end, width, end + 1)).getextrema()[0] == PAPER:  # type: ignore[operator]
        return end
    for row in range(end, end // 2, -1):
        dark = sum(grey.crop((0, row, width, row + 1)).histogram()[:LINE])
        if dark > width * ACROSS:
            return row + 1
    return end


def pdf_of(workbook: Path, folder: Path) -> Path:
    """The workbook printed by LibreOffice, once."""
    target = folder / f"{workbook.parent.name}-{workbook.stem}.pdf"
    if not target.exists():
        profile = (folder / "profile").as_uri()
        run("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder,
            workbook)  # fmt: skip
        (folder / f"{workbook.stem}.pdf").rename(target)
    return target


def page_with(text: str, printed: Path) -> int:
    """Number of the first page with the text, whatever blanks the font puts between its characters."""
    pages = run("pdftotext", printed, "-").split("\f")
    for number, page in enumerate(pages, 1):
        if text in "".join(page.split()):
            return number
    raise SystemExit(f"{printed.name}: no page says “{text}”")


def run(command: str, *arguments: object) -> str:
    """What a command prints. Raises CalledProcessError where it fails."""
    done = subprocess.run([command, *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()
