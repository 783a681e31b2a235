"""The text of a .pdf, page by page, through PDFium. Only to be used in a process that may be lost."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from perfxl.reports.limits import AGAIN, LONGEST, SAVE_AS_DOCX, too_long
from perfxl.workbook.limits import Limits, RefusalError

NEEDED = "pypdfium2"
_PASSWORD = "password"


def pdf_pages(data: bytes, limits: Limits) -> list[str]:
    """The text of each page, a line for each printed line. Raises RefusalError."""
    if importlib.util.find_spec(NEEDED) is None:
        raise RefusalError(
            "没有安装读取 PDF 的组件", f"请安装：pip install 'perfxl[reports]'，或把报告另存为 .docx，{AGAIN}", "F103"
        )
    pdfium: Any = importlib.import_module(NEEDED)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if _PASSWORD in str(error).lower():
            raise RefusalError("PDF 设有打开密码，无法读取", f"请取消密码，{AGAIN}", "F102") from error
        raise RefusalError("PDF 已损坏（可能没有传完或没有正常保存），打不开", SAVE_AS_DOCX, "F104") from error
    try:
        count = len(document)
        if count > limits.pages:
            raise RefusalError(
                f"PDF 有 {count} 页，超过上限 {limits.pages} 页（页数）", f"请只放入自评报告，{AGAIN}", "F105"
            )
        pages: list[str] = []
        size = 0
        for number in range(count):
            page = document[number]
            text = page.get_textpage()
            size += text.count_chars()
            if size > LONGEST:
                raise too_long()
            # PDFium marks a hyphen at the end of a line with U+FFFE.
            pages.append(text.get_text_range().replace("\ufffe", "-").replace("\r\n", "\n"))
            text.close()
            page.close()
    except pdfium.PdfiumError as error:
        raise RefusalError("PDF 的内容已损坏，读不出来", SAVE_AS_DOCX, "F104") from error
    finally:
        document.close()
    return pages
