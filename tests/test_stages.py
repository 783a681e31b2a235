"""A scheme at its stages: what is asked, what the workbook says of itself, and what a run makes of another stage's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from perfxl.cli.stages import is_monitoring, output_of, schemes_of_stage
from perfxl.errors import UsageError
from perfxl.scheme import dump_toml, load_scheme, scheme_of_toml, scheme_sha256
from perfxl.scheme.difference import differences
from perfxl.scheme.faults import build_scheme
from perfxl.scheme.library import builtin_entries
from perfxl.scheme.model import Scheme
from perfxl.scheme.stages import Stage, annual, period_share, periods_of, scheme_at, stage_schemes
from perfxl.scheme.workbook_file import read_workbook
from perfxl.scheme.workbook_writer import write_scheme_workbook
from perfxl.status import Status
from perfxl.template import write_template
from tests.books import process
from tests.scheme_files import BUILTIN, toml_faults

FIRES = ("W628",)
OWN = (
    BUILTIN
    + """
[[stages]]
stage = "监控"
period = "1—6月"
months = 6
deadline = "2022-07-31"

[[stages]]
stage = "监控"
period = "1—9月"
months = 9

[[stage_fields]]
stage = "目标"
table = "narrative"
key = "goal"
label = "总目标"
"""
)


def test_the_self_review_is_the_scheme_itself(scheme: Scheme) -> None:
    assert scheme_at(scheme, Stage.SELF_REVIEW) == scheme
    again = scheme_at(scheme_at(scheme, Stage.TARGETS), Stage.SELF_REVIEW)
    # Equal, not the same: what a stage was derived from is remembered by value, maybe of another load of the file.
    assert again == scheme
    assert again.stage is Stage.SELF_REVIEW


@pytest.mark.parametrize("entry", builtin_entries(), ids=lambda entry: entry.source)
@pytest.mark.parametrize("stage", [Stage.TARGETS, Stage.MONITORING])
def test_every_builtin_scheme_has_its_stages(entry: object, stage: Stage, tmp_path: Path) -> None:
    whole = entry.scheme  # type: ignore[attr-defined]
    at = scheme_at(whole, stage)
    assert (at.id, at.year, at.header.version) == (whole.id, whole.year, whole.header.version)
    assert annual(at) == whole
    assert scheme_sha256(at) == scheme_sha256(whole)
    assert not at.asks_scores
    assert "自评" not in at.header.title
    assert at.has_kpis == whole.has_kpis
    path = tmp_path / "a.xlsx"
    write_template(at, path)
    scored = process(path, at)
    assert scored.result is not None


def test_periods_are_the_schemes(scheme: Scheme) -> None:
    own = scheme_of_toml(OWN, "a.toml")
    assert periods_of(own) == ("1—6月", "1—9月")
    assert period_share(own, "1-9 月") == Fraction(3, 4)
    assert scheme_at(own, Stage.MONITORING).period == "1—6月"
    # By their number for scripts in plain ASCII.
    assert [scheme_at(own, Stage.MONITORING, number).period for number in ("1", "2")] == ["1—6月", "1—9月"]
    for wrong in ("0", "3", "99999999999999999999"):
        with pytest.raises(UsageError, match="可选：1—6月、1—9月"):
            scheme_at(own, Stage.MONITORING, wrong)
    assert scheme_at(own, Stage.MONITORING).header.deadline == "2022-07-31"
    assert [part.label for part in scheme_at(own, Stage.TARGETS).narrative] == ["总目标"]
    assert periods_of(scheme) == ("1—7月",)
    assert period_share(scheme) == Fraction(7, 12)
    with pytest.raises(UsageError, match="1—6月、1—9月"):
        scheme_at(own, Stage.MONITORING, "1—3月")


def test_stages_go_round_through_both_files(tmp_path: Path) -> None:
    own = scheme_of_toml(OWN, "a.toml")
    assert scheme_of_toml(dump_toml(own), "b.toml") == own
    path = tmp_path / "a.xlsx"
    write_scheme_workbook(own, path)
    assert build_scheme(read_workbook(path.read_bytes(), path.name)) == own
    assert any("1—9月" in line for line in differences(load_scheme(), own))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('[[stages]]\nstage = "监控"\n', "没有写期间"),
        ('[[stages]]\nstage = "监控"\nperiod = "甲"\nmonths = 13\n', "已过月数应在"),
        (
            "".join(f'[[stages]]\nstage = "监控"\nperiod = "{name}"\nmonths = 7\n' for name in ("1—7月", "1-7 月")),
            "“1-7 月”与“1—7月”相同",
        ),
        ('[[stages]]\nstage = "目标"\nmonths = 3\n', "没有已过月数"),
        ('[[stage_fields]]\nstage = "目标"\ntable = "kpis"\nkey = "actual"\nlabel = "甲"\n', "不能有键为“actual”"),
        ('[[stage_fields]]\nstage = "目标"\ntable = "kpis"\nkey = "name"\n', "缺少键为“target”"),
        ('[[stage_fields]]\nstage = "监控"\ntable = "narrative"\nkey = "a"\n', "没有名称"),
    ],
)
def test_faults_of_stages_are_told(lines: str, words: str) -> None:
    assert any(words in str(fault) for fault in toml_faults(f"{BUILTIN}\n{lines}"))


def test_a_workbook_of_another_stage_is_told_and_not_scored(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(scheme_at(scheme, Stage.TARGETS), path, {("kpis", "1", "target"): Decimal(3)})
    scored = process(path, scheme)
    assert scored.result is None
    assert scored.record.status is Status.OTHER_STAGE
    (found,) = scored.findings
    assert found.code == "W628"
    assert "绩效目标申报的填报表，本次处理的是绩效自评" in found.message
    assert "--stage 目标" in found.advice


def test_a_workbook_is_read_by_its_stage_where_all_are_at_hand(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(scheme_at(scheme, Stage.MONITORING), path)
    scored = process(path, stage_schemes([scheme]))  # type: ignore[arg-type]
    assert scored.result is not None
    assert scored.result.stage == "绩效运行监控（1—7月）"


@pytest.mark.parametrize(
    ("ascii_name", "name"),
    [
        ("targets", "目标"),
        (" Monitoring ", "监控"),
        ("monitoring:1—9月", "监控:1—9月"),
        ("monitoring：1-9月", "监控:1—9月"),
        ("SELF-REVIEW", "自评"),
    ],
)
def test_a_stage_has_a_name_in_plain_ascii(ascii_name: str, name: str) -> None:
    own = [scheme_of_toml(OWN, "a.toml")]
    assert schemes_of_stage(own, ascii_name) == schemes_of_stage(own, name)
    assert is_monitoring(ascii_name) == is_monitoring(name)


def test_no_other_stage_has_a_period_in_ascii_either(scheme: Scheme) -> None:
    for written in ("targets:1—7月", "self-review:1—7月", "monitoring:1—5月", "target"):
        with pytest.raises(UsageError):
            schemes_of_stage([scheme], written)


def test_a_period_may_be_of_some_schemes_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Departments are looked at in September too, projects only in July: neither stops or spoils the other."""
    own, projects = scheme_of_toml(OWN, "a.toml"), replace_year(load_scheme("xiangmu-2020"), 2022)
    found = schemes_of_stage([own, projects], "监控:1—9月")
    assert [scheme.id for scheme in found] == [own.id]
    assert "方案“xiangmu-2020”没有监控期间“1—9月”，这次不处理" in capsys.readouterr().err
    with pytest.raises(UsageError):
        schemes_of_stage([own, projects], "监控:1—5月")
    path = tmp_path / "a.xlsx"
    write_template(scheme_at(projects, Stage.MONITORING), path)
    scored = process(path, found[0])
    assert scored.record.status is Status.OTHER_STAGE and "perfxl monitor --period 1—7月" in scored.record.reason
    # Of the same stage, or of another year, it is that of another scheme.
    write_template(scheme_at(load_scheme(), Stage.MONITORING, "1—7月"), path)
    assert process(path, scheme_at(projects, Stage.MONITORING)).record.status is Status.REJECTED
    write_template(scheme_at(replace_year(projects, 2021), Stage.MONITORING), path)
    assert process(path, found[0]).record.status is Status.REJECTED


def replace_year(scheme: Scheme, year: int) -> Scheme:
    """The scheme for another year."""
    return replace(scheme, header=replace(scheme.header, year=year))


@pytest.mark.parametrize("period", ["1/9月", "../../1—9月", "1:9月", "上半年?"])
def test_results_of_a_period_stay_where_results_stand_whatever_it_is_called(period: str) -> None:
    own = scheme_of_toml(OWN.replace("1—9月", period), "a.toml")
    path = output_of(scheme_at(own, Stage.MONITORING, period))
    assert path.parent == Path("output") and not set('<>:"\\|?*') & set(path.name) and path.name.startswith("运行监控")


def test_another_period_is_another_stage(tmp_path: Path) -> None:
    own = scheme_of_toml(OWN, "a.toml")
    path = tmp_path / "a.xlsx"
    write_template(scheme_at(own, Stage.MONITORING, "1—6月"), path)
    scored = process(path, scheme_at(own, Stage.MONITORING, "1—9月"))
    assert scored.record.status is Status.OTHER_STAGE
    assert "1—6月" in scored.record.reason
