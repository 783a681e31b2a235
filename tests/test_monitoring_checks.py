"""What a run finds in workbooks of monitoring: each finding where it should be, and a near miss without it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from perfxl.layout.fields import VALUE, FieldId
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, scheme_at
from tests.books import Edit, cell_of, filled, process, put
from tests.libreoffice import needs_libreoffice, recalculate
from tests.monitoring_cases import PERIOD, clean
from tests.scheme_files import edited, only, toml_faults
from tests.test_results_recalculation import values


@dataclass(frozen=True)
class Fires:
    """What sets a finding off in a clean workbook, the cell to blame, words of the message, and a near miss."""

    edits: tuple[Edit, ...]
    field: FieldId
    words: tuple[str, ...]
    passes: tuple[Edit, ...]
    also: tuple[str, ...] = ()


REASONS = (put("kpis.0.cause", "人员保障"), put("kpis.0.reason", "人手不足"), put("kpis.0.measures", "增加人手"))
FIRES = {
    "E851": Fires(
        (put("funds.basic.expected", "300.00"), put("funds.total.expected", "389.23")),
        ("facts", "funds.basic.expected", VALUE),
        ("基本支出全年预计执行 300.00 小于已执行的",),
        (put("funds.basic.expected", "549.92"),),
    ),
    "W852": Fires(
        (put("funds.total.expected", "649.92"), put("funds.basic.expected", "560.69")),
        ("facts", "funds.total.expected", VALUE),
        ("合计全年预计执行 649.92 大于预算 642.40",),
        (
            put("funds.total.expected", "642.40"),
            put("funds.basic.expected", "552.69"),
            put("funds.project.expected", "89.71"),
        ),
        ("W852",),
    ),
    "E853": Fires(
        (put("kpis.0.actual", "36"), put("kpis.0.expected", "35.5")),
        ("kpis", "1", "expected"),
        ("“全国科普日科普活动场次”的全年预计完成值 35.5 小于已完成的 36",),
        # A satisfaction may fall.
        (put("kpis.8.actual", "95"), put("kpis.8.expected", "94")),
    ),
    "W854": Fires(
        (put("kpis.0.likelihood", "完全不可能"),),
        ("kpis", "1", "likelihood"),
        ("填“完全不可能”，但全年预计完成率为 100.00%，达到年度指标值",),
        (put("kpis.0.likelihood", "有可能"),),
    ),
    "E855": Fires(
        (put("kpis.0.actual", "16"), put("kpis.0.measures", "增加人手")),
        ("kpis", "1", "cause"),
        ("为黄灯（进度 78.37%），没有填写偏差原因、原因说明",),
        # 17 of 35 are 83.27% of what is due after seven months.
        (put("kpis.0.actual", "17"),),
    ),
    "W856": Fires(
        (put("kpis.0.actual", "12"), *REASONS[:2]),
        ("kpis", "1", "measures"),
        ("为红灯（进度 58.78%），没有填写改进措施",),
        (put("kpis.0.actual", "12"), *REASONS),
    ),
    "E857": Fires(
        (put("tasks.0.expected_spent", "20.00"), put("tasks.0.spent", "20.01")),
        ("tasks", "1", "expected_spent"),
        ("20 小于已支出的 20.01",),
        (put("tasks.0.expected_spent", "20.01"), put("tasks.0.spent", "20.01")),
    ),
    "W858": Fires(
        (put("tasks.0.spent", "16.00"), put("tasks.0.likelihood", "完全不可能")),
        ("tasks", "1", "cause"),
        ("“统筹增城区科普工作”为黄灯（77.59%）、完成可能性为“完全不可能”，没有填写偏差原因、原因说明",),
        (
            put("tasks.0.spent", "16.00"),
            put("tasks.0.likelihood", "完全不可能"),
            put("tasks.0.cause", "其他"),
            put("tasks.0.reason", "任务取消"),
        ),
    ),
}


@pytest.fixture(scope="module")
def monitoring(scheme: Scheme) -> Scheme:
    """The built-in scheme in the middle of the year."""
    return scheme_at(scheme, Stage.MONITORING, PERIOD)


def test_the_clean_workbook_has_no_finding(monitoring: Scheme, tmp_path: Path) -> None:
    assert process(filled(clean(), monitoring, tmp_path / "clean.xlsx"), monitoring).findings == []


@pytest.mark.parametrize("code", FIRES)
def test_fires(code: str, monitoring: Scheme, tmp_path: Path) -> None:
    case = FIRES[code]
    found = process(filled(clean(*case.edits), monitoring, tmp_path / "x.xlsx"), monitoring).findings
    told = [f"{item.code} {item.sheet} {item.cell} {item.message}" for item in found]
    assert sorted(item.code for item in found) == sorted((code, *case.also)), told
    hit = next(item for item in found if item.code == code and case.field in item.fields)
    assert (hit.sheet, hit.cell) == cell_of(monitoring, case.field), told
    for words in case.words:
        assert words in hit.message, told
    assert "{" not in hit.message + hit.advice + hit.expected


@pytest.mark.parametrize("code", FIRES)
def test_passes(code: str, monitoring: Scheme, tmp_path: Path) -> None:
    edits = FIRES[code].passes
    found = process(filled(clean(*edits), monitoring, tmp_path / "x.xlsx"), monitoring).findings
    assert code not in {item.code for item in found}, [item.message for item in found]


def test_a_rate_that_is_all_but_reached_is_not_told_as_reached(monitoring: Scheme, tmp_path: Path) -> None:
    """34.9999 of 35 is 100.00% in two places, and below the target; 578.15 of 642.40 is 90.00%, and below 90%."""
    funds = (
        put("funds.total.expected", "578.15"), put("funds.basic.expected", "497.24"),
        put("funds.project.expected", "80.91"),
    )  # fmt: skip
    path = filled(clean(put("kpis.0.expected", "34.9999"), *funds), monitoring, tmp_path / "x.xlsx")
    scored = process(path, monitoring)
    (said,) = [item.message for item in scored.findings if item.code == "W854"]
    assert "全年预计完成率为 99.9997%，低于年度指标值" in said
    assert scored.result is not None and scored.result.monitored is not None
    (whole,) = [item.why for item in scored.result.monitored.take_back]
    assert "的 89.998%，低于 90%" in whole


def test_no_such_finding_in_a_self_review(scheme: Scheme, tmp_path: Path) -> None:
    from tests.findings import clean_document

    found = process(filled(clean_document(), scheme, tmp_path / "x.xlsx"), scheme).findings
    assert not {item.code for item in found} & set(FIRES)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ("light_yellow = 0.5", "“红灯”（light_red）的界线 0.6 不低于“黄灯”（light_yellow）的 0.5"),
        ("light_blue = 0.8", "“黄灯”（light_yellow）的界线 0.8 不低于“蓝灯”（light_blue）的 0.8"),
        ("light_red = 0", "“红灯”（light_red）不能是 0"),
    ],
)
def test_bounds_of_lights_rise(bounds: str, words: str) -> None:
    text = edited(("review_report = 10\n", f"review_report = 10\n{bounds}\n"))
    fault = toml_faults(text)[0]
    assert words in str(fault)
    only(toml_faults(text), fault.place)


class TestNotesInTheTemplate:
    """The template shows what a run finds where that hangs on one row alone."""

    pytestmark = needs_libreoffice

    def test_notes_are_shown_where_a_run_finds(self, monitoring: Scheme, tmp_path: Path) -> None:
        shown = {"E851": "全年预计小于已执行", "W852": "全年预计大于预算", "E853": "全年预计小于已完成"}
        shown["E857"] = "任务预计支出小于已支出"
        paths = []
        for code in shown:
            paths.append(filled(clean(*FIRES[code].edits), monitoring, tmp_path / f"{code}.xlsx"))
            paths.append(filled(clean(*FIRES[code].passes), monitoring, tmp_path / f"{code}-no.xlsx"))
        again = dict(zip(paths, recalculate(paths, tmp_path / "again"), strict=True))
        for code, title in shown.items():
            for name, wanted in ((f"{code}.xlsx", True), (f"{code}-no.xlsx", False)):
                texts = [str(value) for value in values(again[tmp_path / name]).values() if value is not None]
                assert any(title in text for text in texts) is wanted, name
