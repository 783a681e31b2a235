"""Which scheme a workbook names in its hidden sheet, and the layout that it is read by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.layout import Layout
from perfxl.layout.sheets import PERIOD, STAGE
from perfxl.layout.template_layout import META
from perfxl.scheme.model import Scheme, Stage
from perfxl.text import fold
from perfxl.workbook.limits import RefusalError
from perfxl.workbook.package import Package
from perfxl.workbook.sheet_cells import Raw

SCHEME, YEAR, VERSION, FORMAT = "scheme", "year", "version", "format"
OTHER_STAGE = "W628"
"""The code of the refusal of a workbook of another stage."""
_SHOWN = 40
"""Characters that a message shows of what stands in the hidden sheet."""


def several(layouts: Layout | Sequence[Layout]) -> Sequence[Layout]:
    """One layout or several as a sequence."""
    return (layouts,) if isinstance(layouts, Layout) else layouts


def meta_of(package: Package) -> dict[str, str]:
    """The key and value rows of the hidden `_meta` sheet; empty where it is gone."""
    contents = (content for title in package.states if fold(title) == META and (content := package.sheets.get(title)))
    rows = next((content.rows for content in contents), ())
    # Its further columns hold long lists for formulas.
    return {str(row[0]): _whole(row[1]) for row in rows if row and row[0] and len(row) > 1 and row[1] is not None}


def _whole(value: Raw) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def layout_named(meta: Mapping[str, str], layouts: Sequence[Layout]) -> Layout:
    """The layout of the scheme and year that a workbook names; the first where it names none.

    Another version of a scheme is read, and told. Raises RefusalError where no layout is of the scheme that is named,
    or none of these is of the stage of the year and the period. What is of another stage of the same year is told as
    that, whatever its scheme: a stage, or a period, may be of some of the bureau's schemes only.
    """
    if SCHEME not in meta:
        return layouts[0]
    own = [layout for layout in layouts if _is_of(meta, layout.scheme)]
    for layout in own:
        if _at(layout.scheme) == _stage_of(meta):
            return layout
    of_year = [layout for layout in layouts if meta.get(YEAR) == str(layout.scheme.year)]
    if own or (of_year and not any(_stage_of(meta) == _at(layout.scheme) for layout in layouts)):
        raise _other_stage(meta, own or of_year)
    ours = "、".join(f"{layout.scheme.year} 年度方案“{layout.scheme.id}”" for layout in layouts)
    year = f" {_shown(meta[YEAR])} 年度" if YEAR in meta else ""
    raise RefusalError(
        f"工作簿是用{year}方案“{_shown(meta[SCHEME])}”的模板填报的，本次使用的是 {ours}",
        "确应按该方案评分的，请用 --scheme 指定该方案再运行；否则请部门用本次方案的模板重新填报",
        "F113",
    )


def _is_of(meta: Mapping[str, str], scheme: Scheme) -> bool:
    return meta[SCHEME] == scheme.id and meta.get(YEAR, str(scheme.year)) == str(scheme.year)


def _at(scheme: Scheme) -> tuple[str, str]:
    return str(scheme.stage), scheme.period


def _stage_of(meta: Mapping[str, str]) -> tuple[str, str]:
    """Stage and period; a workbook that names no stage is one of the self-review."""
    return meta.get(STAGE) or str(Stage.SELF_REVIEW), meta.get(PERIOD, "")


def _other_stage(meta: Mapping[str, str], layouts: Sequence[Layout]) -> RefusalError:
    """What is said of a workbook that belongs to another stage of the year: what it is, and where it belongs."""
    stage, period = _stage_of(meta)
    ours = "、".join(dict.fromkeys(_called(*_at(layout.scheme)) for layout in layouts))
    belongs = _COMMANDS.get(stage, "").format(period=_shown(period))
    return RefusalError(
        f"是{_called(stage, _shown(period))}的填报表，本次处理的是{ours}，没有计分",
        f"在{_called(stage, _shown(period))}时处理（{belongs}）；应报送{ours}的，请用{ours}的模板填报"
        if belongs
        else f"请用{ours}的模板填报",
        OTHER_STAGE,
    )


_COMMANDS = {
    str(Stage.TARGETS): "perfxl run --stage 目标",
    str(Stage.MONITORING): "perfxl monitor --period {period}",
    str(Stage.SELF_REVIEW): "perfxl run",
}


def _called(stage: str, period: str) -> str:
    label = Stage(stage).label if stage in set(Stage) else f"“{_shown(stage)}”阶段"
    return f"{label}（{period}）" if period else label


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
