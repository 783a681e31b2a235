"""The text of a report as a reader sees it, whatever kind of file it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from perfxl.reports.docx_file import docx_blocks
from perfxl.reports.limits import AGAIN, LONGEST, SAVE_AS_DOCX, too_long
from perfxl.reports.lines import joined, without_margins
from perfxl.reports.pdf_file import pdf_pages
from perfxl.workbook.container import OLE, too_large
from perfxl.workbook.limits import Limits, RefusalError

_LEAST = 20
"""A text of fewer characters is a page number, or what a scanner wrote."""
_ENCRYPTED, _WORD = ("EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the row of a table. cells: those of the row. table: number of the table, 0 for a paragraph."""

    text: str
    cells: tuple[str, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class ReportText:
    """What a report says, in its order. kind: docx or pdf. margins: headers and footers, which are not part of it.

    macros: whether it brings a program of its own, which nobody runs here.
    """

    kind: str
    blocks: tuple[Block, ...]
    margins: tuple[str, ...] = ()
    macros: bool = False


def read_report(data: bytes, limits: Limits) -> ReportText:
    """The text of a Word document or PDF. Only to be called in a process that may be lost.

    Raises RefusalError, with its own words, for what is neither, what would harm and what holds no text.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise RefusalError("文件是空的，没有任何内容", f"请核对是否保存成功，{AGAIN}", "F101")
    if len(data) > limits.file_bytes:
        refusal = too_large(len(data), limits)
        raise RefusalError(refusal.what, "请压缩或删去图片后重新保存", refusal.code)
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        kind, (blocks, margins) = "pdf", _of_pdf(data, limits)
    elif data.startswith(b"PK"):
        kind, (blocks, margins) = "docx", _of_docx(data, limits)
    else:
        raise _neither(data)
    if sum(map(len, (block.text for block in blocks))) < _LEAST:
        raise RefusalError(
            "文件里没有可以读取的文字，可能是扫描件或图片", f"请提供 Word 原文或带文字的 PDF，{AGAIN}", "F103"
        )
    # The name stands in the directory of the archive as it is.
    return ReportText(kind, blocks, margins, macros=kind == "docx" and b"vbaProject.bin" in data)


def _neither(data: bytes) -> RefusalError:
    if data.startswith(OLE):
        if _ENCRYPTED in data:
            return RefusalError("文件设有打开密码，无法读取", f"请取消密码，{AGAIN}", "F102")
        if _WORD in data:
            return RefusalError("这是旧版 Word 文档（.doc），程序不读取这种格式", SAVE_AS_DOCX, "F103")
    if data.startswith(_PICTURES):
        return RefusalError("这是图片，程序不识别图片里的文字", f"请提供 Word 原文或带文字的 PDF，{AGAIN}", "F103")
    return RefusalError("不是 Word 文档或 PDF，或文件已损坏", SAVE_AS_DOCX, "F103")


def _of_docx(data: bytes, limits: Limits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    try:
        body, margins = docx_blocks(data, limits)
    except RefusalError as refusal:
        # The words of a package are those of workbooks.
        what = refusal.what.replace("正常的工作簿", "正常的 Word 文档").replace("Excel 工作簿", "Word 文档")
        what = what.replace("工作簿", "文档")
        raise RefusalError(
            what, SAVE_AS_DOCX if refusal.code != "F102" else f"请取消密码，{AGAIN}", refusal.code
        ) from (refusal)
    blocks: list[Block] = []
    lines: list[str] = []

    def put_lines() -> None:
        blocks.extend(map(Block, joined(lines)))
        lines.clear()

    for piece in body:
        if isinstance(piece, str):
            lines.extend(piece.split("\n"))
            continue
        put_lines()
        blocks.append(replace(row_block(piece.cells), table=piece.table))
    put_lines()
    return tuple(blocks), tuple(margins)


def row_block(cells: tuple[str, ...]) -> Block:
    """The row of a table; as text its cells side by side."""
    return Block(" | ".join(" ".join(cell.split()) for cell in cells if cell.strip()), cells, 1)


def _of_pdf(data: bytes, limits: Limits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    pages = pdf_pages(data, limits)
    if sum(map(len, pages)) > LONGEST:
        raise too_long()
    lines, margins = without_margins([page.splitlines() for page in pages])
    return tuple(map(Block, joined(lines))), tuple(margins)
