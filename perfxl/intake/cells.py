"""The cells of a workbook through calamine, with what calamine alone does not tell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from perfxl.intake.limits import Limits, RefusalError
from perfxl.intake.package import RESEND, Package, inspect
from perfxl.layout.template_layout import FILLED_SHEETS, META
from perfxl.submission.numbers import fold
from perfxl.submission.values import Raw

Rows = Sequence[Sequence[Raw]]
_WANTED = {fold(name): name for name in (*FILLED_SHEETS, META)}


@dataclass(slots=True)
class Cells:
    """The rows of the template's sheets by their proper names, counted from A1.

    titles: the name of each of them as it stands in the workbook. others: the sheets that are none of the template's.
    """

    sheets: Mapping[str, Rows]
    titles: dict[str, str]
    others: list[str]
    package: Package


def read_cells(data: bytes, limits: Limits) -> Cells:
    """The cells of the template's sheets in a workbook of any kind that calamine reads.

    Raises RefusalError where the workbook cannot be read.
    """
    package = inspect(data, limits)
    sheets: dict[str, Rows] = {}
    titles: dict[str, str] = {}
    others: list[str] = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            proper = _WANTED.get(fold(sheet.name))
            if proper is None or proper in sheets or sheet.typ != SheetTypeEnum.WorkSheet:
                others.append(sheet.name)
                continue
            sheets[proper] = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            titles[proper] = sheet.name
    except PasswordError as error:
        raise RefusalError("工作簿设有打开密码，无法读取", "请清空密码，保存后重新报送", "F102") from error
    except (CalamineError, OSError, ValueError, KeyError, IndexError) as error:
        raise RefusalError(
            "文件已损坏，内容读不出来", "请在 Excel 中打开原文件，另存为 .xlsx 后重新报送", "F104"
        ) from error
    if not sheets and not others:
        raise RefusalError("工作簿里没有工作表", RESEND, "F104")
    return Cells(sheets, titles, others, package)
