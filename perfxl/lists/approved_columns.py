"""The columns of 绩效目标核定表.xlsx, the same for who writes it and who reads it.

On one sheet a line for each department or project, with what the bureau says of all its targets; on the other a line
for each target, which may be said of by itself and be put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from perfxl.layout.fields import FieldId
from perfxl.lists.columns import Heading
from perfxl.lists.official_columns import who_headings
from perfxl.lists.roster import Listed
from perfxl.official.approved import OPINIONS, ApprovedTargets, approved_weights
from perfxl.scheme.model import Evaluated, Scheme, Stage
from perfxl.scheme.stages import annual

FILE_NAME = "绩效目标核定表.xlsx"
OPINION_SHEET, TARGET_SHEET = "审核意见", "核定目标"
_SCHEME = Heading("scheme", "评分方案", required=False, width=14, hidden=True, locked=True)


FIXED = ("level1", "level2", "name", "symbol", "target", "unit", "weight")
"""The columns of the KPI table that the approved targets fill."""


def approved_fields(values: ApprovedTargets, scheme: Scheme, row: Listed) -> dict[FieldId, Decimal | str]:
    """What the template of a department has of its approved targets: the first rows of the KPI table."""
    project = row.project if scheme.evaluated.is_project else ""
    record = values.record_of(scheme.id, row.code, row.name, project)
    columns = {column.key for column in scheme.table_columns("kpis")}
    if record is None or scheme.stage is Stage.TARGETS:
        return {}
    found: dict[FieldId, Decimal | str] = {}
    weighed = zip(record.kpis, approved_weights(scheme, record.kpis), strict=True)
    passed = [(item, weight) for item, weight in weighed if record.passes(item)]
    for number, (item, weight) in enumerate(passed, 1):
        given = {key: getattr(item, key) for key in FIXED} | {"weight": weight}
        found |= {
            ("kpis", str(number), key): value
            for key, value in given.items()
            if key in columns and value is not None and value != ""
        }
    return found


def whole_rows(scheme: Scheme, fields: Iterable[FieldId]) -> set[FieldId]:
    """All that nobody may change in the rows of these fields, what is blank included."""
    columns = {column.key for column in scheme.table_columns("kpis")}
    return {(table, row, key) for table, row, _ in fields for key in FIXED if key in columns}


def opinion_headings(schemes: Sequence[Scheme]) -> list[Heading]:
    """The columns of the departments' lines."""
    projects = any(scheme.evaluated.is_project for scheme in schemes)
    return [
        _SCHEME,
        *who_headings(schemes, projects=projects),
        Heading(
            "category", schemes[0].evaluated.category_title, required=False, width=12, locked=True,
            usual=Evaluated().category_title,
        ),
        Heading("count", "指标项数", required=False, width=9, type="count", locked=True),
        Heading("problems", "需要核对", required=False, width=28, locked=True),
        Heading("state", "报送情况", required=False, width=18, locked=True),
        Heading("opinion", "审核意见", required=False, width=11, type="choice", choices=OPINIONS,
                note="通过 = 全部指标通过，个别退回的在“核定目标”中写；留空 = 还没有审核"),
        Heading("words", "说明", required=False, width=28, note="退回的写明要改什么，会写给部门；通过的可写批复文号"),
        Heading("person", "审核人", required=False, width=11),
        Heading("day", "日期", required=False, width=12, type="date", note="例如 2022-02-10，不能晚于今天"),
        Heading("file", "文件", required=False, width=20, locked=True),
        Heading("sha256", "文件标识", required=False, width=12, hidden=True, locked=True),
    ]  # fmt: skip


def kpi_headings(schemes: Sequence[Scheme]) -> list[Heading]:
    """The columns of the targets' lines."""
    projects = any(scheme.evaluated.is_project for scheme in schemes)
    labels = {
        column.key: column.label for scheme in reversed(schemes) for column in annual(scheme).table_columns("kpis")
    }
    signs = tuple(dict.fromkeys(symbol.symbol for scheme in schemes for symbol in scheme.symbols))

    def named(key: str, usual: str) -> str:
        return labels.get(key, usual)

    return [
        _SCHEME,
        *who_headings(schemes, projects=projects),
        Heading("level1", named("level1", "一级指标"), width=10, usual="一级指标"),
        Heading("level2", named("level2", "二级指标"), required=False, width=11, usual="二级指标"),
        Heading("kpi", named("name", "三级指标"), width=24, usual="三级指标"),
        Heading("symbol", named("symbol", "符号"), required=False, width=7, type="choice", choices=signs, usual="符号"),
        Heading("target", named("target", "年度指标值"), required=False, width=11, usual="年度指标值",
                note="可以改：以这里的为准"),
        Heading("unit", named("unit", "单位"), required=False, width=7, usual="单位"),
        Heading("weight", named("weight", "权重"), required=False, width=8, type="points", usual="权重"),
        Heading("last", "上年完成值", required=False, width=10, locked=True),
        Heading("basis", "指标值设定依据", required=False, width=16, locked=True),
        Heading("problems", "需要核对", required=False, width=18, locked=True),
        Heading("opinion", "核定意见", required=False, width=10, type="choice", choices=OPINIONS,
                note="留空 = 随“审核意见”表中的意见"),
        Heading("words", "说明", required=False, width=20, note="退回的写明要改什么，会写给部门"),
    ]  # fmt: skip
