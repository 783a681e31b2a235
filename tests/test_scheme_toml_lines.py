"""Lines of TOML keys: strings, arrays, comments and inline tables do not lead the scanner astray."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.scheme.toml_lines import KeyLines
from tests.scheme_files import BUILTIN

TRICKY = '''\
# [[a]] in a comment
title = "[[a]] # no comment"   # [[a]]
text = """
[[a]]
x = 1 \\""" still inside
"""
raw = \'\'\'
[a]
"\'\'\'
list = [  # ]
  "]", \'[\',
  [1, 2], { x = 1, y = ["}"] },
]
[[a]]
x = 1
"quoted key" = 2
b.c.d = 3

 [[ a ]]
x = 1

[a.sub]
deep = true

[[a.rows]]
n = 1
[[a.rows]]
n = 2
[last]
inline = { x = 1 }
end = 1'''


def test_every_key_has_its_line() -> None:
    tomllib.loads(TRICKY)
    lines = KeyLines(TRICKY)
    expected: dict[tuple[str | int, ...], int] = {
        ("title",): 2,
        ("text",): 3,
        ("raw",): 7,
        ("list",): 10,
        ("a",): 14,
        ("a", 0): 14,
        ("a", 0, "x"): 15,
        ("a", 0, "quoted key"): 16,
        ("a", 0, "b"): 17,
        ("a", 0, "b", "c", "d"): 17,
        ("a", 1): 19,
        ("a", 1, "x"): 20,
        ("a", 1, "sub"): 22,
        ("a", 1, "sub", "deep"): 23,
        ("a", 1, "rows", 0, "n"): 26,
        ("a", 1, "rows", 1): 27,
        ("a", 1, "rows", 1, "n"): 28,
        ("last", "inline", "x"): 30,
        ("last", "end"): 31,
        ("nowhere",): 1,
    }
    assert {path: lines.line(*path) for path in expected} == expected


@pytest.mark.parametrize("text", ["", "\n", "a = 1 # end", 'a = "x"', "a = [1, # c\n2]", "a = '''\n'''"])
def test_short_texts(text: str) -> None:
    tomllib.loads(text)
    assert KeyLines(text).line("a") == 1


def walk(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        return [hit for key, part in value.items() for hit in ((((*path, key), key)), *walk(part, (*path, key)))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [hit for number, part in enumerate(value) for hit in walk(part, (*path, number))]
    return []


def test_every_key_of_the_built_in_scheme_stands_on_its_line() -> None:
    lines, text = KeyLines(BUILTIN), BUILTIN.splitlines()
    for path, key in walk(tomllib.loads(BUILTIN)):
        assert key in text[lines.line(*path) - 1], path


VALUES = st.sampled_from(
    ['"a"', '"""\n[[t]]\nk = 1\n"""', "'''[[t]]\n'''", "[1,\n# [[t]]\n2]", "{ k = 1 }", '"# \\" ["']
)


@settings(max_examples=50)
@given(st.lists(st.lists(VALUES, max_size=4), min_size=1, max_size=5))
def test_keys_of_tables_after_any_values(tables: list[list[str]]) -> None:
    text, expected, line = "", {}, 1
    for number, values in enumerate(tables):
        text += "[[t]]\n"
        line += 1
        for at, value in enumerate(values):
            expected["t", number, f"k{at}"] = line
            text += f"k{at} = {value} # c\n"
            line += value.count("\n") + 1
    tomllib.loads(text)
    lines = KeyLines(text)
    assert {path: lines.line(*path) for path in expected} == expected
