"""A picture of a page of a workbook, as LibreOffice prints it.

Needs `soffice`, `pdftotext` and `pdftoppm` on the PATH.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

PICTURES = Path(__file__).resolve().parent / "pictures"
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

    further: how many pages behind that one, where a sheet is wider than a page.
    top, bottom: shares of the page's height to leave out (the page's header and footer, or rows of no interest).
    """

    name: str
    workbook: Path
    text: str
    top: float = 0.0
    bottom: float = 0.05
    further: int = 0


def make(picture: Picture, folder: Path) -> int:
    """Prints the workbook, finds the page, trims it and saves it with few colours. Returns its size in bytes."""
    printed = pdf_of(picture.workbook, folder)
    page = page_with(picture.text, printed) + picture.further
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
    # Several runs have workbooks of one name in folders of one name.
    target = folder / f"{'-'.join(workbook.with_suffix('').parts[-4:])}.pdf"
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
