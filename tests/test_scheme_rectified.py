"""上年整改事项: the fact by which a department claims that last year's findings are mended, as the scheme names it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perfxl.errors import SchemeError
from perfxl.scheme import dump_toml, load_scheme, scheme_of_toml
from perfxl.scheme.model import Scheme
from perfxl.scheme.workbook_file import write_scheme_workbook

KEY = "monitored_twice"


def named(scheme: Scheme, key: str) -> Scheme:
    return replace(scheme, evaluated=replace(scheme.evaluated, rectified=key))


def test_without_a_name_it_is_the_usual_one(scheme: Scheme) -> None:
    assert scheme.evaluated.rectified == ""
    assert scheme.rectified is not None and scheme.rectified.key == "last_year_rectified"
    assert load_scheme("gongxing-2013").rectified is None
    # A scheme of a version before has no such line.
    lines = [line for line in dump_toml(scheme).splitlines() if not line.startswith("rectified = ")]
    assert scheme_of_toml("\n".join(lines), "a.toml").rectified == scheme.rectified


def test_it_goes_through_toml_and_excel(scheme: Scheme, tmp_path: Path) -> None:
    changed = named(scheme, KEY)
    assert changed.rectified is not None and changed.rectified.key == KEY
    assert scheme_of_toml(dump_toml(changed), "a.toml") == changed
    write_scheme_workbook(changed, tmp_path / "a.xlsx")
    assert load_scheme(str(tmp_path / "a.xlsx")) == changed


@pytest.mark.parametrize(
    ("key", "words"), [("nothing", "没有代码为“nothing”的事项"), ("contracts_total", "不是填是或否的事项")]
)
def test_what_it_names_is_there_and_answered_by_yes_or_no(scheme: Scheme, key: str, words: str) -> None:
    with pytest.raises(SchemeError, match=words):
        scheme_of_toml(dump_toml(named(scheme, key)), "a.toml")
