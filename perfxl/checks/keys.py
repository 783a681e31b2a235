"""Checks of the hidden keys: two with the same, and visible names that belong to another key."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.catalogue import check
from perfxl.checks.finding import Severity
from perfxl.checks.table_rows import Hit, hit_on_file
from perfxl.intake.labels import Contradiction
from perfxl.intake.submission import Submission
from perfxl.intake.submission_tables import Tables
from perfxl.layout import Place


def _hit(file: str, submission: Submission, place: Place, **words: object) -> Hit:
    """A hit on a cell that is no field."""
    return hit_on_file(file, sheet=submission.cells.titles[place.sheet], cell=place.cell, row=place.row + 1, **words)


@check(
    "W006",
    Severity.WARNING,
    "行标识重复",
    message="“{sheet}”第 {row} 行与第 {first} 行的隐藏标识相同（可能是复制插入的行），只读取第 {first} 行",
    advice="请删去多余的行",
)
def key_twice(tables: Tables) -> Iterator[Hit]:
    """A row was copied together with its hidden key, and holds nothing else."""
    for file, submission in tables.submissions.items():
        for first, place in submission.located.twice:
            yield _hit(file, submission, place, first=first + 1)


@check(
    "E014",
    Severity.ERROR,
    "行标识与行名不符",
    message="“{sheet}”第 {key_row} 行的隐藏标识是“{own}”，{seen}，这些数据属于哪一项无法确定",
    advice="排序、移动或粘贴时隐藏的 A 列没有一起移动；请撤销该操作，或把各行数据重新填入空白模板",
    expected="{own}",
)
def other_row(tables: Tables) -> Iterator[Hit]:
    """Rows were sorted or moved without the hidden key column."""
    for file, submission in tables.submissions.items():
        for item in submission.located.odd_rows:
            seen = f"看得见的行名却是“{item.seen}”"
            if item.row != item.place.row:
                seen = f"这个行名却在第 {item.place.row + 1} 行"
            yield _contradiction(file, submission, item, key_row=item.row + 1, seen=seen)


@check(
    "E015",
    Severity.ERROR,
    "列标识与列名不符",
    message="“{sheet}”的 {cell} 所在列的隐藏标识是“{own}”，看得见的列名却是“{value}”，该列数据属于哪一项无法确定",
    advice="移动或粘贴列时隐藏的标识行没有一起移动；请撤销该操作，或把各列数据重新填入空白模板",
    expected="{own}",
)
def other_column(tables: Tables) -> Iterator[Hit]:
    """Columns were moved without the hidden key row."""
    for file, submission in tables.submissions.items():
        for item in submission.located.odd_columns:
            yield _contradiction(file, submission, item)


def _contradiction(file: str, submission: Submission, item: Contradiction, **words: object) -> Hit:
    return _hit(file, submission, item.place, own=item.key, value=item.seen, fields=item.fields, **words)


@check(
    "E016",
    Severity.ERROR,
    "行标识重复而内容不同",
    message="“{sheet}”第 {row} 行与第 {first} 行的隐藏标识相同而内容不同，以哪一行为准无法确定",
    advice="请只保留正确的一行，删去另一行",
)
def key_twice_otherwise(tables: Tables) -> Iterator[Hit]:
    """A row was copied together with its hidden key, then one of the two was changed."""
    for file, submission in tables.submissions.items():
        for first, place in submission.located.twice_otherwise:
            yield _hit(file, submission, place, first=first + 1)


@check(
    "W017",
    Severity.WARNING,
    "表格重复",
    message="“{block}”有两份：“{read}”第 {read_row} 行起和“{sheet}”第 {row} 行起，只读取了前者",
    advice="请确认数据填在读取的那一份里，并删去另一份",
)
def block_twice(tables: Tables) -> Iterator[Hit]:
    """A whole table was copied within the sheets of the template."""
    for file, submission in tables.submissions.items():
        for block, read, other in submission.located.blocks_twice:
            title = submission.cells.titles[read.sheet]
            yield _hit(file, submission, other, block=block.title, read=title, read_row=read.row + 1)


@check(
    "W018",
    Severity.WARNING,
    "列标识重复",
    message="“{sheet}”的 {cell} 与前面某一列的隐藏标识相同（“{column}”，可能是复制插入的列），只读取前一列",
    advice="请删去多余的列",
)
def column_twice(tables: Tables) -> Iterator[Hit]:
    """A column was copied together with its hidden key."""
    for file, submission in tables.submissions.items():
        for column, place in submission.located.columns_twice:
            yield _hit(file, submission, place, column=column)


@check(
    "W019",
    Severity.WARNING,
    "有名称相近的隐藏工作表",
    message="隐藏的工作表“{sheet}”与看得见的“{read}”名称相近，只读取了看得见的“{read}”",
    advice="请核对读取的数据，并删去隐藏的工作表",
)
def hidden_double(tables: Tables) -> Iterator[Hit]:
    """A hidden sheet could be taken for one that is seen."""
    for file, submission in tables.submissions.items():
        for sheet, name in submission.located.hidden:
            yield hit_on_file(file, sheet=name, read=submission.cells.titles[sheet])
