"""The starters for Windows: held against what cmd makes of a batch file, and run with wine where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.desk.program import program_files
from perfxl.desk.starters import WINDOWS, above, starters_of
from perfxl.desk.windows import CODE_PAGES, batch
from perfxl.desk.words import word_files
from tests.desk_folders import ROOT, desk, with_examples

STARTERS = starters_of(("1—7月", "1—9月", "%PATH% & 1/9"))
BATCHES = {starter.name: batch(starter.arguments, above(starter)) for starter in STARTERS}
WINE = shutil.which("wine")


def faults(data: bytes) -> list[str]:
    """What cmd would stumble over, line by line."""
    found = []
    if any(byte > 126 for byte in data):
        found.append("not plain ASCII")
    if data.count(b"\n") != data.count(b"\r\n") or not data.endswith(b"\r\n"):
        found.append("a line does not end with CRLF")
    lines = data.decode("ascii", "replace").splitlines()
    labels = [line[1:].strip().lower() for line in lines if line.startswith(":")]
    found += [f"label {label} stands twice" for label in labels if labels.count(label) > 1]
    for number, line in enumerate(lines, 1):
        if line.startswith(("rem ", ":")):
            continue
        if line.count('"') % 2:
            found.append(f"{number}: quotes are not balanced: {line}")
        for label in re.findall(r"\b(?:goto|call) :?(\w+)", line):
            if label.lower() not in labels:
                found.append(f"{number}: no label {label}")
        outside = re.sub(r'"[^"]*"', '""', line)
        # The value of a variable that holds a path is only safe between quotes; RUN has quotes of its own.
        for name in re.findall(r"%(~dp0|~n0|PROGRAM|CD|LOCALAPPDATA)%?", outside):
            found.append(f"{number}: {name} stands outside quotes")
        if re.match(r"call\b.*%", line):
            found.append(f"{number}: call expands once more")
        if re.search(r"errorlevel%", line, re.IGNORECASE) and "(" in line:
            found.append(f"{number}: a status within parentheses is that of before")
    end = [line for line in lines if line.startswith("exit /b") or line.strip().startswith("exit /b")]
    if not end:
        found.append("no status is given back")
    # What stands behind the last line of the main part is only reached by call.
    main = lines[: lines.index(":try")]
    if not any(line.startswith("exit /b") for line in main):
        found.append("the main part runs into a subroutine")
    return found


@pytest.mark.parametrize("name", BATCHES)
def test_cmd_stumbles_over_nothing(name: str) -> None:
    assert faults(BATCHES[name]) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("rem What", "rem 什么", "ASCII"),
        ("\r\n:try\r\n", "\n:try\r\n", "CRLF"),
        (":hold\r\n", ":held\r\n", "no label hold"),
        ('pushd "%~dp0"', 'pushd "%~dp0', "balanced"),
        ('pushd "%~dp0"', "pushd %~dp0", "outside quotes"),
        ("call :try", "call :try %PROGRAM%", "expands once more"),
        ("exit /b %STATUS%\r\n", "", "runs into"),
    ],
)
def test_the_checker_finds_what_cmd_would_stumble_over(old: str, new: str, what: str) -> None:
    data = next(iter(BATCHES.values())).decode("ascii").replace(old, new, 1)
    assert any(what in fault for fault in faults(data.encode("utf-8")))


def test_each_calls_its_command_and_gives_back_its_status() -> None:
    for starter in STARTERS:
        text = BATCHES[starter.name].decode("ascii")
        assert f'\r\n%RUN% {" ".join(starter.arguments)}\r\nset "STATUS=%ERRORLEVEL%"\r\n' in text
        assert text.startswith("@echo off\r\n") and "DisableDelayedExpansion" in text


def test_each_looks_for_the_year_where_its_folders_stand_and_nowhere_else() -> None:
    """In its own folder first; one folder up might be that of an earlier year."""
    for starter in STARTERS:
        looked = re.findall(
            r'^if not exist "workbook_templates\\" if exist "([.\\]+)\\workbook_templates\\" cd ([.\\]+)\r$',
            BATCHES[starter.name].decode("ascii"),
            re.MULTILINE,
        )
        assert looked == [(r"..", r".."), (r"..\..\..", r"..\..\..")] if starter.folder else [(r"..\..", r"..\..")]


def test_words_are_there_in_each_code_page() -> None:
    shown = dict(word_files())
    for page, encoding in CODE_PAGES.items():
        text = shown[f"not-found.{page}.txt"].decode(encoding)
        assert "没有找到 perfxl" in text and "安装.bat" in text and not text.startswith("\ufeff")
        assert text.count("\n") == text.count("\r\n")
    assert all(
        f"{name}.%CP%.txt" in BATCHES["运行评分"].decode("ascii") for name in ("not-found", "stopped", "program")
    )


def test_the_program_is_named_in_each_code_page_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(sys, "executable", "D:\\绩效 & 评价\\python.exe")
    files = dict(program_files())
    assert files["program.936.txt"] == "D:\\绩效 & 评价\\python.exe\r\n".encode("gbk")
    assert files["program.65001.txt"] == "D:\\绩效 & 评价\\python.exe\r\n".encode()
    monkeypatch.setattr(sys, "executable", "D:\\한국\\python.exe")
    assert dict(program_files())["program.936.txt"] is None


@pytest.mark.slow
@pytest.mark.skipif(WINE is None, reason="needs wine")
def test_wine_runs_the_starter(tmp_path: Path) -> None:
    # Names with a percent sign are left out: wine expands them once more, which cmd does not.
    folder = with_examples(desk(tmp_path / "2022 年 & (甲) !x^", WINDOWS), "示例教育局")
    (folder / ".perfxl" / "program.txt").unlink(missing_ok=True)
    words = folder / ".perfxl" / "not-found.0.txt"
    words.write_bytes(b"what to do\r\n")  # wine without a console has the code page 0
    environment = {
        **os.environ, "WINEPREFIX": str(tmp_path / "wine"), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip

    def start(name: str = "运行评分", place: Path = folder) -> subprocess.CompletedProcess[str]:
        command = [str(WINE), "cmd", "/c", f"{name}.bat"]
        return subprocess.run(
            command, cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip

    lacking = start()
    assert "perfxl was not found" in lacking.stdout and "what to do" in lacking.stdout and lacking.returncode == 1
    called = tmp_path / "called"
    python = folder / ".venv" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$PERFXL_STARTER $@" >>"{called}"\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    start()
    assert called.read_text("utf-8").splitlines()[-1].endswith(" -P -m perfxl run --open")
    assert (folder / "output" / "run.json").exists()
    start("审核目标", folder / "年初和年中")
    assert called.read_text("utf-8").splitlines()[-1].endswith(" -P -m perfxl run --stage targets --open")
    assert (folder / "output" / "目标申报" / "run.json").exists()
