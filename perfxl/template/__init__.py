"""The template (填报模板): the workbook that a department fills, generated from a scheme and never drawn by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.layout import Layout
    from perfxl.layout.fields import FieldId
    from perfxl.scheme.model import Scheme
    from perfxl.template.correction import CorrectionNote, Returning

__all__ = ["write_template"]


def write_template(
    scheme: Scheme,
    path: str | Path,
    values: Mapping[FieldId, Decimal | str] | None = None,
    *,
    meta: Mapping[str, str] | None = None,
    layout: Layout | None = None,
    marks: Mapping[FieldId, str] | None = None,
    review: Sequence[CorrectionNote] | None = None,
    returning: Returning | None = None,
    fixed: Collection[FieldId] = (),
) -> None:
    """Writes the template of a scheme, blank or filled. The same arguments give the same bytes.

    values: what to write in the cells to fill. A Decimal (at most 15 significant digits) becomes a number, a text
    always stays a text. Rows of open tables are named by their ordinals, `("kpis", "1", "target")`; where more of them
    are filled than the scheme gives, the tables grow. Money is in 万元. meta: further rows of the hidden `_meta`
    sheet. layout: where the caller has one. marks: a note for a cell, which then stands out and carries it as a
    comment. review: the findings on what the department sent; the workbook then is a copy to be mended: it opens on
    审核意见, which lists them with a link to each cell, and the cells that they name are marked (in the words of marks
    where that has some). returning: what holds for the whole of such a copy. fixed: fields of the KPI table's first
    rows that nobody may change: approved targets.

    Raises KeyError for a field that the template does not have, ValueError for a text that no cell can hold, OSError
    where the file cannot be written.
    """
    # XlsxWriter is loaded only where a workbook is written, so that commands answer quickly.
    from perfxl.template.writer import template_bytes

    made = template_bytes(scheme, values or {}, meta or {}, layout, marks or {}, review, returning, fixed)
    Path(path).write_bytes(made)
