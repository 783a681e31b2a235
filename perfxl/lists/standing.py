"""Which of the bureau's lists stand in its folder, and which one counts where there are two of a kind.

They are known by their marks, whatever their files are called; lists made by hand, or before there were marks, by
their names or headings. Only this folder, or an option of the command, speaks for the bureau.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.errors import PerfxlError, UsageError
from perfxl.intake.file_names import WORKBOOKS
from perfxl.intake.known_lists import HEADING_ROWS, Sure, kind_named
from perfxl.layout.list_marks import LIST_SHEET, Kind
from perfxl.lists.opened import OpenList, open_list
from perfxl.text import fold, is_blank

OPTIONS = {
    Kind.ROSTER: "--roster", Kind.EXEMPTIONS: "--accept", Kind.OFFICIAL: "--official", Kind.APPROVED: "--targets",
    Kind.REVIEW: "--review",
}  # fmt: skip
"""The options that name a list instead of the one in the folder."""
SUBFOLDER = "复核"
"""In the bureau's folder: only review workbooks stand in it, as `perfxl review` makes them."""
SEVERAL = Kind.REVIEW
"""The kind of which several are normal."""
IsBlank = Callable[[OpenList], bool]


@dataclass(frozen=True)
class Standing:
    """The lists that count, by kind. told: a sentence on each that does not, and why. errors: what ends the command.

    named: the kinds that an option named. reviews: review workbooks, of which several are normal. refused: those that
    cannot be opened, and why: they stop nothing else.
    """

    lists: Mapping[Kind, OpenList]
    told: Sequence[str] = ()
    errors: Sequence[PerfxlError] = ()
    named: frozenset[Kind] = frozenset()
    reviews: Sequence[OpenList] = ()
    refused: Mapping[Path, UsageError] = field(default_factory=dict)


def is_blank_list(opened: OpenList) -> bool:
    """Whether nothing stands below the headings, as in the lists that `perfxl template` writes."""
    return all(
        _blank_below(sheet.rows) for title, sheet in opened.sheets.items() if fold(title) != LIST_SHEET
    )  # fmt: skip


def _blank_below(rows: Sequence[Sequence[object]]) -> bool:
    filled = [sum(not is_blank(cell) for cell in row) for row in rows]
    head = max(range(len(filled[:HEADING_ROWS])), key=lambda at: filled[at], default=0)
    return not any(filled[head + 1 :])


def standing(
    folder: Path,
    named: Mapping[Kind, Path],
    blank: Mapping[Kind, IsBlank] | None = None,
    reviews: Sequence[Path] = (),
) -> Standing:
    """The lists that stand in the bureau's folder. named: those that options name instead, whatever they hold.

    reviews: review workbooks, or folders of them, that options name instead of those in the folder.

    blank: tells for a kind whether a list is still as it was written; by default whether it holds nothing below its
    headings. Blank lists are not among those that count. Nothing is raised.
    """
    told: list[str] = []
    errors: list[PerfxlError] = []
    found: dict[Kind, list[OpenList]] = {}
    several: list[OpenList] = []
    refused: dict[Path, UsageError] = {}
    for path in _workbooks(folder):
        try:
            opened = open_list(path)
        except UsageError as error:
            kind = kind_named(path.name)
            if kind is SEVERAL:
                refused[path] = error
            elif kind is None:
                told.append(f"{error}。")
            elif kind not in named:
                errors.append(error)
            continue
        if opened.known is not None and opened.known.kind is SEVERAL:
            several.append(opened)
        elif opened.known is not None and opened.known.kind not in named:
            found.setdefault(opened.known.kind, []).append(opened)
    lists: dict[Kind, OpenList] = {}
    for kind, path in named.items():
        try:
            lists[kind] = open_list(path)
        except UsageError as error:
            errors.append(error)
    # A run finds the register for itself: that of each output folder has its safe copy here.
    found.pop(Kind.REGISTER, None)
    for kind, all_ in found.items():
        if kind is Kind.REGISTER and len(all_) > 1:
            # Each output folder has its own, by the name of the file: a stage of the year its own too.
            continue
        empty = (blank or {}).get(kind, is_blank_list)
        chosen, words, doubt = _one(kind, [item for item in all_ if not empty(item)])
        told += words
        if doubt is not None:
            errors.append(doubt)
        elif chosen is not None:
            lists[kind] = chosen
    if reviews:
        several, refused = [], {}
    for path in reviews or (folder / SUBFOLDER,):
        _open_reviews(path, several, refused, errors, given=bool(reviews))
    kinds = frozenset(named) | (frozenset((SEVERAL,)) if reviews else frozenset())
    in_order = {kind: lists[kind] for kind in Kind if kind in lists}
    return Standing(in_order, tuple(told), tuple(errors), kinds, tuple(several), refused)


def _open_reviews(
    path: Path,
    several: list[OpenList],
    refused: dict[Path, UsageError],
    errors: list[PerfxlError],
    *,
    given: bool,
) -> None:
    """Review workbooks at a path or in a folder. given: whether the user named it."""
    if given and not path.exists():
        errors.append(UsageError(f"--review“{path}”不存在。请检查路径"))
        return
    for one in _workbooks(path) if path.is_dir() else [path] if given else []:
        try:
            several.append(open_list(one))
        except UsageError as error:
            refused[one] = error


def _workbooks(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in WORKBOOKS and not path.name.startswith(("~$", ".")) and path.is_file()
    )


def _one(kind: Kind, lists: Sequence[OpenList]) -> tuple[OpenList | None, list[str], UsageError | None]:
    """The one that counts, what is told of the others, and the error where nobody can say which one it is.

    What is known by its headings only does not stand against what has a mark or a name.
    """
    sure = [item for item in lists if item.known is not None and item.known.sure is not Sure.HEADINGS]
    candidates = sure or list(lists)
    if not candidates:
        return None, [], None
    first = candidates[0]
    others = [item for item in candidates if item.sha256 != first.sha256]
    if others:
        names = "、".join(f"“{item.path}”" for item in candidates)
        option = f"，或用 {OPTIONS[kind]} 写明用哪一份" if kind in OPTIONS else ""
        return None, [], UsageError(f"{names}都是{kind.label}，不能确定以哪一份为准。请只留一份{option}")
    told = [
        f"“{item.path}”与“{first.path}”{'内容完全相同' if item in candidates else f'都像是{kind.label}'}，"
        f"使用“{first.path}”，没有使用前者。"
        for item in lists
        if item is not first
    ]
    return first, told, None
