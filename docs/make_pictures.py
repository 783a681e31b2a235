"""The pictures of the README, made from the real workbooks: `python docs/make_pictures.py`.

Runs perfxl over `input/`, prints the workbooks with LibreOffice and cuts out the pages that the README shows. Needs
`pip install '.[docs]'`, and `soffice`, `pdftotext` and `pdftoppm` on the PATH.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from perfxl.run.pipeline import RunOptions, run_folder
from perfxl.scheme import load_scheme
from perfxl.template import write_template

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DEPARTMENT = "示例民政局"
RESOLUTION = 110
COLOURS = 64
MARGIN = 18


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
    """Makes all pictures anew."""
    tools = {name: shutil.which(name) for name in ("soffice", "pdftotext", "pdftoppm")}
    missing = [name for name, path in tools.items() if path is None]
    if missing:
        raise SystemExit(f"not on the PATH: {', '.join(missing)}")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for picture in workbooks(Path(folder)):
            make(picture, Path(folder))
            print(picture.name)


def workbooks(folder: Path) -> list[Picture]:
    """Runs the main job and writes the template; the pictures to be taken of them."""
    scheme = load_scheme()
    report = run_folder(ROOT / "input", folder / "output", scheme, RunOptions(jobs=1))
    template = folder / "template.xlsx"
    write_template(scheme, template)
    department = report.output / "部门结果" / f"{DEPARTMENT}.xlsx"
    filled = ROOT / "input" / f"{DEPARTMENT}.xlsx"
    return [
        Picture("overview", report.summary, "自评结果总览"),
        Picture("ranking", report.summary, "绩效评价排名"),
        Picture("department", department, "自评结果表"),
        Picture("template-start", template, "填报步骤", top=0.05),
        Picture("template-kpis", filled, "绩效指标表", top=0.05, bottom=0.3),
    ]


def make(picture: Picture, folder: Path) -> None:
    """Prints the workbook, finds the page, trims it and saves it with few colours."""
    printed = pdf_of(picture.workbook, folder)
    page = page_with(picture.text, printed)
    target = folder / picture.name
    run("pdftoppm", "-r", str(RESOLUTION), "-f", str(page), "-l", str(page), "-singlefile", "-png", printed, target)
    with Image.open(f"{target}.png") as image:
        width, height = image.size
        band = image.convert("RGB").crop((0, int(height * picture.top), width, int(height * (1 - picture.bottom))))
    blank = Image.new("RGB", band.size, "white")
    inked = ImageOps.expand(band.crop(ImageChops.difference(band, blank).getbbox()), MARGIN, "white")
    inked.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{picture.name}.png", optimize=True)


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
