"""Checks that need the whole batch: two workbooks of one department, one code with two names."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.checks.finding import Finding, Severity


def shared_code(file: str, department: str, code: str, others: Iterable[str]) -> Finding:
    """E601: departments of different names filled in the same code."""
    return Finding(
        "E601", Severity.ERROR, "单位代码重复", file, department, "基本信息", "", code, "",
        f"“{department}”的单位代码 {code} 与{'、'.join(f'“{name}”' for name in others)}相同",
        "请核对单位代码，改正后重新报送",
    )  # fmt: skip


def shared_name(file: str, department: str, code: str, others: Iterable[str]) -> Finding:
    """W602: one name stands under several codes."""
    return Finding(
        "W602", Severity.WARNING, "同一单位有不同代码", file, department, "基本信息", "", code, "",
        f"“{department}”在另一份填报中的单位代码是 {'、'.join(others)}",
        "请核对是否同一单位；如是，请统一代码后只报送一份",
    )  # fmt: skip
