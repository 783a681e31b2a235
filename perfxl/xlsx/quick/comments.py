"""The drawings of comments: all that is the same in those of a kind is written once in a process."""

from __future__ import annotations

from io import StringIO
from typing import Any

from xlsxwriter.vml import Vml

from perfxl.caches import kept
from perfxl.xlsx.quick.kept import MARK, keep

_KINDS_KEPT = 20
_kinds = kept()


class FastVml(Vml):  # type: ignore[misc]
    """A part with the boxes of a sheet's comments."""

    def _write_comment_shape(self, shape_id: int, z_index: int, comment: Any) -> None:
        key = bool(comment.is_visible), comment.color._vml_rgb_hex_value()
        pieces: list[str] | None = _kinds.get(key)
        if pieces is None:
            pieces = _pieces(comment)
            keep(_kinds, key, pieces, _KINDS_KEPT)
        size, *cells = _places(comment)
        own = (f"{shape_id}", size, f"{z_index}", *cells, "")
        self.fh.write("".join([part for pair in zip(pieces, own, strict=True) for part in pair]))


def _pieces(comment: Any) -> list[str]:
    """What stands around the number of a box, its place, its depth and its cells."""
    vml = Vml()
    vml.fh = StringIO()
    vml._write_comment_shape(MARK, MARK, comment)
    text: str = vml.fh.getvalue()
    for own in _places(comment):
        text = text.replace(own, MARK, 1)
    return text.split(MARK)


def _places(comment: Any) -> tuple[str, str, str]:
    """Where a box is, in points and in cells, and the cell that it is for."""
    first_col, first_row, x1, y1, last_col, last_row, x2, y2, *pixels = comment.vertices
    left, top, width, height = (0.75 * each for each in pixels[:4])
    return (
        f"margin-left:{left:.15g}pt;margin-top:{top:.15g}pt;width:{width:.15g}pt;height:{height:.15g}pt",
        f"<x:Anchor>{first_col}, {x1}, {first_row}, {y1}, {last_col}, {x2}, {last_row}, {y2}</x:Anchor>",
        f"<x:Row>{comment.row}</x:Row><x:Column>{comment.col}</x:Column>",
    )
