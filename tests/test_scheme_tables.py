"""Faults of the two open tables: columns whole or wholly absent, kinds of KPIs that an indicator counts."""

from __future__ import annotations

import re

from tests.scheme_files import BUILTIN, edited, form, line_of, only, toml_faults, toml_scheme


def without(text: str, table: str, *, only_of: str = "") -> str:
    """The text without the records of a table, or those of them that hold a text."""
    records = re.split(r"(?m)^(?=\[)", text)
    return "".join(part for part in records if not (part.startswith(f"[[{table}]]") and only_of in part))


def test_a_scheme_may_have_no_tasks() -> None:
    scheme = toml_scheme(without(BUILTIN, "columns", only_of='table = "tasks"'))
    assert scheme.has_kpis
    assert not scheme.has_tasks


def test_a_scheme_may_have_no_kpis_at_all() -> None:
    scheme = toml_scheme(form("gongxing-2013"))
    assert not scheme.has_kpis
    assert not scheme.has_tasks
    assert scheme.symbols == ()


def test_a_table_is_whole_or_absent() -> None:
    start = BUILTIN.index('[[columns]]\ntable = "tasks"\nkey = "budget"')
    end = BUILTIN.index('[[columns]]\ntable = "tasks"\nkey = "result"')
    faults = toml_faults(BUILTIN[:start] + BUILTIN[end:])
    assert [fault.what for fault in faults] == [
        "“重点任务”表缺少键为“budget”的列",
        "“重点任务”表缺少键为“spent”的列",
    ]
    assert "不要这张表的，请删去“重点任务”的全部列" in faults[0].advice


def test_kpi_indicators_need_the_kpi_table() -> None:
    text = without(without(BUILTIN, "columns"), "kpi_levels")
    faults = toml_faults(text)
    words = "按绩效指标计分，但方案没有绩效指标表"
    assert [fault.what for fault in faults] == [f"指标 A01 {words}", f"指标 A02 {words}"]
    assert faults[0].place == line_of(text, 'settings.levels = ["产出指标"]')


def test_kinds_of_kpis_need_the_columns_of_the_table() -> None:
    faults = toml_faults(without(BUILTIN, "columns"))
    assert "有绩效指标类别，但“表格列”中没有绩效指标表的列" in [fault.what for fault in faults]


def test_a_kpi_table_needs_kinds_and_symbols() -> None:
    for table, title in (("kpi_levels", "绩效指标类别"), ("symbols", "指标符号")):
        faults = toml_faults(without(BUILTIN, table))
        assert f"有绩效指标表，但“{title}”没有内容" in [fault.what for fault in faults]


def test_first_levels_of_one_indicator_fit_into_one_note() -> None:
    names = [f"{'长' * 34}指标{number}" for number in range(4)]
    levels = "".join(f'\n[[kpi_levels]]\nlevel1 = "{name}"\nlevel2 = "数量"\n' for name in names)
    listed = ", ".join(f'"{name}"' for name in ("产出指标", *names))
    text = edited(('settings.levels = ["产出指标"]', f"settings.levels = [{listed}]")) + levels
    fault = only(toml_faults(text), line_of(text, 'code = "A01"', 4), "最多 150 个")
    assert "指标 A01 所计的一级指标名称" in fault.what


def test_characters_that_would_change_a_formula() -> None:
    for old, new in (
        ('name = "镇街"', "name = '镇\"街'"),
        ('set = "四档"\nname = "优"', 'set = "四档"\nname = \'优"\''),
        ('level2 = "数量指标"', 'level2 = "数*量"'),
        ('level1 = "满意度指标"\nlevel2 = "服务对象满意度指标"', 'level1 = "满意度指标"\nlevel2 = "<满意"'),
        ('label = "未达成"', 'label = "未\\n达成"'),
    ):
        faults = toml_faults(edited((old, new)))
        assert any("不能用在公式里" in fault.what for fault in faults), new
