"""Whatever the system, the names of files and the documents are like: words in Chinese, a status, no traceback."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from perfxl.cli.terminal import escaped, for_screen, harmless
from perfxl.errors import system_words
from perfxl.scheme.model import Scheme
from tests.books import edited, filled, put
from tests.findings import clean_document
from tests.test_run import perfxl

COMMAND = [sys.executable, "-m", "perfxl"]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def folder(scheme: Scheme, tmp_path: Path) -> Path:
    filled(clean_document(put("facts.contracts_total", None)), scheme, tmp_path / "in" / "甲局.xlsx")
    return tmp_path


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX"},
        {"TZ": "Foo/Bar"},
        {"TZ": ":::"},
        {"TZ": "\udcff"},
    ],
)
def test_languages_and_time_zones(environment: dict[str, str], folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "in"], cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False
    )
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 3 and "Traceback" not in told
    assert "退回修改：甲局.xlsx" in told
    assert (folder / "output" / "暂定结果").is_dir() and (folder / "output" / "run.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("arguments", "status"), [(["run", "in"], 1), (["read", "in/甲局.xlsx"], 1), (["--help"], 1), (["check", "in"], 1)]
)
def test_a_full_stdout(arguments: list[str], status: int, folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *arguments], cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    told = done.stderr.decode("utf-8")
    assert done.returncode == status and "磁盘空间不足" in told
    assert "Traceback" not in told and "Exception ignored" not in told
    if arguments[0] == "run":
        assert (folder / "output" / "run.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(("arguments", "status"), [(["run", "in"], 3), (["run", "nowhere"], 2)])
def test_a_full_stderr(arguments: list[str], status: int, folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=full, check=False)
    assert done.returncode == status
    assert (folder / "output" / "run.json").is_file() == (status == 3)


@pytest.mark.parametrize(("arguments", "status"), [(["run", "in"], 3), (["check", "in"], 3), (["--help"], 0)])
def test_nobody_reads_on(arguments: list[str], status: int, folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


# Documents.


def digits(document: dict[str, Any]) -> bytes:
    changed = edited(document, put("facts.procurement_total", "1" * 400), put("kpis.0.target", "9" * 400),
                     put("kpis.0.actual", "0." + "1" * 400))  # fmt: skip
    return json.dumps(changed).encode()


DOCUMENTS = {
    "half": (lambda document: json.dumps(edited(document, put("department.name", "甲\ud800局"))).encode(), "不完整"),
    "half key": (lambda document: json.dumps({**document, "\ud800": 1}).encode(), "没有这一部分"),
    "deep": (lambda document: b"[" * 100_000 + b"]" * 100_000, "嵌套太深"),
    "deep value": (lambda document: b'{"scheme":' + b"[" * 900 + b"]" * 900 + b"}", "a.json"),
    "huge": (lambda document: b'{"year": ' + b"1" * 5_000 + b"}", "数字太长"),
    "large": (lambda document: b'{"year": ' + b"1" * 4_000 + b"}", "4000 个字符"),
    "no number": (lambda document: b'{"scheme": NaN, "facts": {"contracts_total": 1e999}}', "inf 不是文本"),
    "utf-16": (lambda document: json.dumps(document, ensure_ascii=False).encode("utf-16"), "UTF-8"),
    "gbk": (lambda document: json.dumps(document, ensure_ascii=False).encode("gb18030"), "UTF-8"),
    "nothing": (lambda document: b"", "JSON"),
    "zeros": (lambda document: b"\0\0", "JSON"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_documents_that_do_not_hold(kind: str, case: dict[str, Any], tmp_path: Path) -> None:
    make, words = DOCUMENTS[kind]
    (tmp_path / "a.json").write_bytes(make(case["submission"]))
    done = perfxl("fill", "a.json", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr) < 2_000
    assert not (tmp_path / "a.xlsx").exists()


def test_numbers_of_hundreds_of_digits_come_back(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.json").write_bytes(digits(case["submission"]))
    assert perfxl("fill", "a.json", "-o", "in", cwd=tmp_path).returncode == 0
    assert json.loads(perfxl("read", "in/a.xlsx", cwd=tmp_path).stdout) == json.loads(digits(case["submission"]))
    assert perfxl("run", "in", cwd=tmp_path).returncode == 3


# Names of files.

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_control_characters_of_names_do_not_reach_the_terminal(
    scheme: Scheme, case: dict[str, Any], tmp_path: Path
) -> None:
    name = f"x{ESCAPES}y"
    filled(clean_document(put("facts.contracts_total", None)), scheme, tmp_path / "in" / f"{name}.xlsx")
    (tmp_path / "in" / f"{name}.txt").write_text("x")
    (tmp_path / f"{name}.json").write_text(json.dumps(case["submission"]))
    (tmp_path / f"{name}坏.json").write_text("{")
    for arguments in (
        ("run", "in"), ("check", "in"), ("check", name), ("read", f"in/{name}.xlsx", "-o", "out"),
        ("read", f"in/{name}.txt"), ("fill", f"{name}.json"), ("fill", f"{name}坏.json"), ("run", name),
        ("run", "in", f"--{name}"), (name,), ("run", "in", "--roster", name), ("scheme", "check", name),
    ):  # fmt: skip
        done = perfxl(*arguments, cwd=tmp_path)
        told = done.stdout + done.stderr
        assert "owned" in told, arguments
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", told), arguments


def test_harmless_text_is_left_alone() -> None:
    usual = "广州市　科协\t（1）\n😀👨\u200d👩 é"
    assert harmless(usual) == usual
    assert harmless("a\x1b[0m\r\x7f\u2028\udc80") == "a␛[0m␍␡��"


def test_what_fills_a_whole_cell_does_not_fill_the_screen(scheme: Scheme, tmp_path: Path) -> None:
    long = "长" * 32_767
    rows = [("440118001", long, long, long), ("440118002", "甲", "党政机关", long)]
    roster = tmp_path / "部门名录.xlsx"
    book = Workbook()
    for row in (("部门代码", "部门名称", "部门类别", "延期至"), *rows):
        book.active.append(row)
    book.save(roster)
    filled(clean_document(), scheme, tmp_path / "in" / "a.xlsx")
    done = perfxl("run", "in", "--roster", roster.name, cwd=tmp_path)
    assert done.returncode == 2
    assert "C2：部门类别“长" in done.stderr and "长…”不在评分方案中" in done.stderr
    assert max(map(len, done.stderr.splitlines())) < 500


def test_names_and_paths_are_shown_whole() -> None:
    path = "/".join(["很长的文件夹" * 20] * 5)
    usual = f"“{path[:300]}”、{'名' * 255}.xlsx，{path}。"
    assert for_screen(usual) == usual
    assert len(for_screen(f"没有报送的：{'长' * 32_767}、乙")) < 150
    assert for_screen(f"“{'长，' * 9_000}”不是日期").endswith("…”不是日期")


def test_a_document_on_the_terminal_says_the_same() -> None:
    document = {"a": '甲\x1b\x9b\u202e\U000e0001\ud800"\\n'}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    assert json.loads(escaped(text)) == document
    assert harmless(escaped(text)) == escaped(text)


# What the system says.


def test_what_the_system_says_is_chinese() -> None:
    for number in errno.errorcode:
        words = system_words(OSError(number, os.strerror(number)))
        assert CHINESE.search(words) and not re.search("[a-z]", words)
    assert system_words(OSError(9_999, "Strange")) == "系统错误 9999"
    assert CHINESE.search(system_words(OSError("Strange")))


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "nowhere.xlsx"), ("read", "in"), ("read", "in/甲局.xlsx/x"), ("read", "x" * 300),
        ("fill", "nowhere.json"), ("fill", "in"), ("fill", "x" * 300), ("run", "x" * 300), ("check", "x" * 300),
        ("run", "in", "--roster", "in"), ("run", "in", "--accept", "nowhere"), ("run", "in", "-o", "x" * 300),
        ("run", "in", "-o", "in/甲局.xlsx"), ("scheme", "export", "-o", "in/甲局.xlsx/x.toml"),
        ("scheme", "check", "x" * 300 + ".toml"), ("scheme", "export", "-o", "in"), ("run", "--copies", "x"),
        ("run", "--jobs", "x"), ("run", "--no-department-books=1"), ("run", "a", "b"), ("scheme", "chek"),
    ],
)  # fmt: skip
def test_no_english_reaches_the_user(arguments: tuple[str, ...], folder: Path) -> None:
    done = perfxl(*arguments, cwd=folder)
    assert done.returncode in (1, 2, 3)
    assert CHINESE.search(done.stderr)
    assert not re.search("Errno|Traceback|No such|denied|directory|too long|Invalid|valid|not one of", done.stderr)
