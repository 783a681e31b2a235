"""Pictures of a district's form: every sheet of the scheme as a clerk built it in Excel, and the template of it."""

from __future__ import annotations

from pathlib import Path

from docs.picture import Picture
from perfxl.scheme import load_scheme
from perfxl.scheme.new_scheme import new_scheme
from perfxl.scheme.workbook_file import write_scheme_workbook
from perfxl.template import write_template
from tests.clerk_form import TITLE, make_district_form

_FOOT = 0.07
"""Share of a page that its footer takes."""


def form_pictures(folder: Path) -> list[Picture]:
    """Builds the form out of a new scheme, and its template. A sheet's page is known by its footer."""
    form, template = folder / "form.xlsx", folder / "form-template.xlsx"
    write_scheme_workbook(new_scheme(TITLE), form)
    make_district_form(form)
    write_template(load_scheme(form), template)
    return [*_sheets(form), *_template(template)]


def _sheets(form: Path) -> list[Picture]:
    return [
        Picture("form-guide", form, "说明第", bottom=_FOOT),
        Picture("form-preview", form, "预览第", bottom=_FOOT),
        Picture("form-header", form, "方案信息第", bottom=_FOOT),
        Picture("form-levels", form, "一二级指标第", bottom=_FOOT),
        Picture("form-facts", form, "填报事项第", bottom=_FOOT),
        Picture("form-derived", form, "计算事项第", bottom=_FOOT),
        Picture("form-indicators", form, "三级指标第", bottom=_FOOT),
        Picture("form-indicators-2", form, "三级指标第", bottom=_FOOT, further=1),
        Picture("form-indicators-3", form, "三级指标第", bottom=_FOOT, further=4),
        Picture("form-rules", form, "规则说明第", bottom=_FOOT),
        Picture("form-grades", form, "等级第", bottom=_FOOT),
        Picture("form-caps", form, "封顶和否决第", bottom=_FOOT),
        Picture("form-quotas", form, "等级名额第", bottom=_FOOT),
        Picture("form-categories", form, "部门类别第", bottom=_FOOT),
        Picture("form-kpi-levels", form, "绩效指标类别第", bottom=_FOOT),
        Picture("form-shares", form, "定性结果第", bottom=_FOOT),
        Picture("form-symbols", form, "指标符号第", bottom=_FOOT),
        Picture("form-columns", form, "表格列第", bottom=_FOOT),
        Picture("form-funds", form, "收支表行第", bottom=_FOOT),
        Picture("form-fund-columns", form, "收支表列第", bottom=_FOOT),
        Picture("form-narrative", form, "部门自述第", bottom=_FOOT),
        Picture("form-stages", form, "阶段第", bottom=_FOOT),
        Picture("form-stage-fields", form, "阶段事项第", bottom=_FOOT),
        Picture("form-review-reasons", form, "复核理由第", bottom=_FOOT),
        Picture("form-options", form, "选项第", bottom=_FOOT),
        Picture("form-thresholds", form, "检查界线第", bottom=_FOOT),
        Picture("form-evaluated", form, "评价对象第", bottom=_FOOT),
    ]


def _template(template: Path) -> list[Picture]:
    return [
        Picture("form-template-start", template, "填报步骤", top=0.05),
        Picture("form-template-kpis", template, "绩效指标表", top=0.05, bottom=0.45),
        Picture("form-template-facts", template, "一、管理制度", top=0.05),
        Picture("form-template-own", template, "一、办件", top=0.05),
        Picture("form-template-scores", template, "自评得分表", top=0.05),
    ]
