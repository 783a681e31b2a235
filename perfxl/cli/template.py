"""`perfxl template`: the blank template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.at_hand import FOLDER, at_hand, other_schemes, scheme_option
from perfxl.cli.chinese import ChineseCommand
from perfxl.cli.stages import schemes_of_stage, stage_option
from perfxl.cli.template_lists import Lists, approved_of, official_of
from perfxl.cli.terminal import echo
from perfxl.cli.verdict import finished
from perfxl.folders import INPUT_FOLDER, PREFILLED_FOLDER

if TYPE_CHECKING:
    from decimal import Decimal

    from perfxl.layout.fields import FieldId
    from perfxl.scheme.model import Scheme

VALUE = "value"


@click.command(cls=ChineseCommand)
@click.option(
    "-o",
    "--output",
    metavar="文件夹",
    type=click.Path(path_type=Path),
    help="模板放在哪里，默认 workbook_templates；用名录时默认 workbook_templates/预填模板",
)
@scheme_option
@click.option(
    "--official",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="财政核定数：预填由财政部门提供的数；不写时使用部门名录旁边或 workbook_templates 里的，没有的就生成",
)
@click.option(
    "--roster", metavar="文件", type=click.Path(path_type=Path), help="部门名录：为每个部门生成一份预填好部门信息的模板"
)
@click.option(
    "--targets",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="绩效目标核定表：监控、自评的模板预填核定目标；不写时使用部门名录旁边或 workbook_templates 里的",
)
@stage_option
@click.option("--prefilled", is_flag=True, help="同 --roster，使用 workbook_templates 里的部门名录")
@click.option("--documents", is_flag=True, help="也写出文书（自评报告等）的 Word 模板，供修改；改过的不会被覆盖")
@click.option("--jobs", metavar="个数", type=int, default=0, help="同时工作的进程数，默认每个处理器核心一个")
def template(
    output: Path | None,
    scheme_sources: tuple[str, ...],
    official: Path | None,
    roster: Path | None,
    targets: Path | None,
    stage: str,
    prefilled: bool,
    documents: bool,
    jobs: int,
) -> None:
    """按评分方案生成空白填报模板，以及部门名录、豁免名单、财政核定数的空表。"""
    if jobs < 0:
        from perfxl.errors import UsageError

        raise UsageError("--jobs 不能为负数")
    if documents:
        from perfxl.documents.needed import require

        require()
    from perfxl.run.publish import output_error

    schemes = schemes_of_stage(at_hand(scheme_sources).schemes, stage)
    roster = roster or (_standing_roster() if prefilled else None)
    folder = output or (FOLDER / _prefilled_folder(schemes[0]) if roster else FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = (
            write_prefilled(schemes, folder, roster, official, targets=targets, jobs=jobs)
            if roster
            else write_blank(schemes, folder)
        )
        more = write_word_templates(output or FOLDER, _tell_of_kept) if documents else []
    except OSError as error:
        raise output_error(folder, error) from error
    if roster:
        echo(f"已生成 {len(paths)} 份预填模板：{folder}")
        finished("预填模板做好了", f"把“{folder}”里的各份发给部门，收回的放进 {INPUT_FOLDER}")
    for path in [*([] if roster else paths), *more]:
        echo(f"已生成：{path}")


def _prefilled_folder(scheme: Scheme) -> str:
    """The folder of the prefilled templates of a stage; that of the self-review has the plain name."""
    if scheme.asks_scores:
        return PREFILLED_FOLDER
    from perfxl.results.names import stage_folder

    return stage_folder(scheme.stage.label, scheme.period, PREFILLED_FOLDER + "（{}）")


def _standing_roster() -> Path:
    """The roster that stands in the bureau's folder. Raises UsageError where there is none, or several."""
    from perfxl.errors import UsageError
    from perfxl.layout.list_marks import Kind
    from perfxl.lists.standing import standing

    found = standing(FOLDER, {})
    if Kind.ROSTER in found.lists:
        return found.lists[Kind.ROSTER].path
    if found.errors:
        raise found.errors[0]
    raise UsageError(f"“{FOLDER}”里没有填好的部门名录。请先填写“部门名录.xlsx”并保存")


def _tell_of_kept(path: Path) -> None:
    echo(f"已有文书模板，没有改动：{path}", err=True)


def write_blank(
    schemes: Sequence[Scheme], folder: Path, keep: Callable[[Path], bool] = lambda path: False
) -> list[Path]:
    """Writes the blank templates, and those of the bureau's lists that are not there yet. Returns what was written.

    keep: asked for each template that stands there already, whether it stays.
    """
    from perfxl.lists import exemptions, roster
    from perfxl.lists.official_columns import FILE_NAME
    from perfxl.lists.official_writer import write_official
    from perfxl.results.names import file_names, template_name
    from perfxl.scheme.stages import annual
    from perfxl.template import write_template

    paths = []
    for scheme, title in zip(schemes, file_names([scheme.header.title for scheme in schemes]), strict=True):
        path = folder / template_name(title)
        if not (path.exists() and keep(path)):
            write_template(scheme, path)
            paths.append(path)
    for name, write in (
        (roster.FILE_NAME, partial(roster.write_roster, schemes=schemes)),
        (exemptions.FILE_NAME, exemptions.write_exemptions),
        (FILE_NAME, partial(write_official, schemes=[annual(scheme) for scheme in schemes])),
    ):
        # A list that the bureau has begun to fill is not written over.
        if not (folder / name).exists():
            write(folder / name)
            paths.append(folder / name)
    return paths


def write_word_templates(folder: Path, kept: Callable[[Path], None]) -> list[Path]:
    """Writes the Word templates beside those that the bureau has already, which stay as they are; `kept` is told."""
    from perfxl.documents.kinds import all_kinds

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in all_kinds():
        path = folder / kind.template
        if path.exists():
            kept(path)
            continue
        path.write_bytes(kind.draw())
        paths.append(path)
    return paths


def write_prefilled(
    schemes: Sequence[Scheme],
    folder: Path,
    roster: Path,
    official: Path | None,
    bureau: Path = FOLDER,
    targets: Path | None = None,
    jobs: int = 0,
) -> list[Path]:
    """Writes a template for each line of the roster. bureau: its folder, whose schemes are known too. jobs: processes.

    targets: the bureau's list of approved targets; None, as of official values, for that beside the roster, else the
    one that counts in the bureau's folder, whatever it is called. Raises UsageError, ListError where the roster or a
    list cannot be used.
    """
    from perfxl.errors import UsageError
    from perfxl.lists.approved_columns import approved_fields, whole_rows
    from perfxl.lists.official_columns import supplied_fields
    from perfxl.lists.roster import read_roster
    from perfxl.results.names import file_names
    from perfxl.run.prefilled import Prefilled, write_templates
    from perfxl.scheme.stages import annual

    listed = read_roster(roster, schemes, partial(other_schemes, bureau), partial(echo, err=True))
    if listed is None:
        raise UsageError(f"部门名录“{roster}”里没有本次要评的部门。请先填写，或用 --scheme 加上它写明的方案")
    # Beside the roster, and not among what goes to the departments.
    lists = Lists(roster.parent, bureau)
    values = official_of([annual(scheme) for scheme in schemes], official, lists, listed)
    approved = approved_of(schemes, targets, lists, listed)
    by_id = {scheme.id: scheme for scheme in schemes}
    wanted = []
    # A unit has a template for each of its projects.
    for row, name in zip(listed.rows, file_names([row.project or row.name for row in listed.rows]), strict=True):
        identity = {key: getattr(row, key) for key in ("code", "name", "project", "category", "contact", "phone")}
        filled: dict[FieldId, Decimal | str] = {
            ("identity", f"department.{key}", VALUE): text for key, text in identity.items() if text
        }
        if values is not None:
            own = supplied_fields(values, by_id[row.scheme], row)
            # A stage of the year asks only some of it.
            filled |= {field: value for field, value in own.items() if _is_asked(by_id[row.scheme], field)}
        fixed = approved_fields(approved, by_id[row.scheme], row) if approved is not None else {}
        if fixed:
            # What else is known of targets by their names alone gives way to the list of all of them.
            filled = {field: value for field, value in filled.items() if field[0] != "kpis"} | fixed
        held = whole_rows(by_id[row.scheme], fixed)
        wanted.append(Prefilled(row.scheme, folder / f"{name}.xlsx", filled, held))
    with _told_of(len(wanted)) as show:
        write_templates(by_id, wanted, jobs, show)
    return [item.path for item in wanted]


@contextmanager
def _told_of(count: int) -> Iterator[Callable[[int, int], None]]:
    """How far the templates are written, where that takes a while."""
    from perfxl.cli.progress import progress
    from perfxl.run.workers import POOL_FROM

    if count < POOL_FROM:
        yield lambda done, total: None
        return
    with progress() as show:
        yield lambda done, total: show("写模板", done, total)


def _is_asked(scheme: Scheme, field: FieldId) -> bool:
    from perfxl.layout import layout_of

    layout = layout_of(scheme)
    return layout.keyed(field) in layout.places
