"""What is told of reports that cannot be read, and how much text is taken."""

from __future__ import annotations

from perfxl.workbook.limits import RefusalError

LONGEST = 1_000_000
"""Characters of a report; a long one has 30,000."""
AGAIN = "重新放入后再运行一次"
SAVE_AS_DOCX = f"请在 Word 或 WPS 中打开核对，另存为 .docx 或 PDF，{AGAIN}"


def too_long() -> RefusalError:
    """More text than any report has."""
    return RefusalError(f"文字超过上限 {LONGEST // 10_000} 万字，可能不是自评报告", SAVE_AS_DOCX, "F105")
