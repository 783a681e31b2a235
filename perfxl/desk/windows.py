"""The starter for Windows, a `.bat`.

cmd reads a batch file byte by byte in the code page of its console, 936 (GBK) or 65001 (UTF-8) or another one, so the
file is plain ASCII; Chinese words and paths come from files beside it, one a code page. Nothing that a folder may be
called (blanks, `&`, `%`, `!`, `^`, parentheses) is ever expanded outside quotes or through `call`.
"""

from __future__ import annotations

from collections.abc import Sequence

CODE_PAGES = {936: "gbk", 65001: "utf-8"}
"""The code pages that Chinese Windows has, with the names of their encodings in Python."""
PROGRAM, NOT_FOUND, STOPPED = "program", "not-found", "stopped"

_BATCH = r"""@echo off
rem Made by "perfxl init", which renews it. Plain ASCII: cmd reads it in the code page of the console, whatever that is.
setlocal EnableExtensions DisableDelayedExpansion
set "PERFXL_STARTER=%~n0"
rem pushd: a folder on a network share gets a drive letter.
pushd "%~dp0"
if errorlevel 1 goto nofolder
rem The year's folder is this one, or above where the starter stands in a folder of starters.
@ABOVE@
rem What lies in this folder is no program.
set "NoDefaultCurrentDirectoryInExePath=1"
set "CP="
for /f "tokens=2 delims=:." %%c in ('chcp') do set /a CP=%%c >nul 2>nul

set "RUN="
set "PROGRAM="
if exist ".perfxl\program.%CP%.txt" for /f "usebackq delims=" %%p in (".perfxl\program.%CP%.txt") do set "PROGRAM=%%p"
call :try
set "PROGRAM=%CD%\.venv\Scripts\python.exe"
call :try
set "PROGRAM=%CD%\perfxl-venv\Scripts\python.exe"
call :try
set "PROGRAM=%LOCALAPPDATA%\perfxl\perfxl-venv\Scripts\python.exe"
call :try
for %%p in (perfxl.exe) do set "PROGRAM=%%~$PATH:p"
call :try
if defined RUN goto found
set "RUN=py -3 -P -m perfxl"
%RUN% --version >nul 2>nul
if "%ERRORLEVEL%"=="0" goto found
set "RUN="
for %%p in (python.exe) do set "PROGRAM=%%~$PATH:p"
call :try
if defined RUN goto found

echo perfxl was not found on this computer.
if exist ".perfxl\not-found.%CP%.txt" type ".perfxl\not-found.%CP%.txt"
set "STATUS=1"
goto hold

:found
%RUN% @ARGUMENTS@
set "STATUS=%ERRORLEVEL%"
rem With these perfxl itself has said what came of it and that a key closes the window.
if "%STATUS%"=="0" goto wait
if "%STATUS%"=="1" goto wait
if "%STATUS%"=="2" goto wait
if "%STATUS%"=="3" goto wait
echo perfxl: exit status %STATUS%
if exist ".perfxl\stopped.%CP%.txt" type ".perfxl\stopped.%CP%.txt"
goto hold

:nofolder
echo The folder of this starter cannot be opened.
set "STATUS=1"
goto hold

:hold
pause
goto end

:wait
pause >nul

:end
popd
exit /b %STATUS%

rem Takes %PROGRAM% where it is perfxl, or a Python that has it, and none was taken before.
:try
if defined RUN exit /b 0
if not defined PROGRAM exit /b 0
if not exist "%PROGRAM%" exit /b 0
set "BASE="
for %%p in ("%PROGRAM%") do set "BASE=%%~np"
set RUN="%PROGRAM%"
if /i "%BASE:~0,6%"=="python" set RUN="%PROGRAM%" -P -m perfxl
%RUN% --version >nul 2>nul
if not "%ERRORLEVEL%"=="0" set "RUN="
exit /b 0
"""


def batch(arguments: Sequence[str], above: Sequence[int]) -> bytes:
    """The batch file that calls perfxl with the arguments, which are plain ASCII words without blanks.

    above: how many folders above its own the year's folder may be, where it is not its own.
    """
    places = ["\\".join([".."] * count) for count in above]
    looks = [
        f'if not exist "workbook_templates\\" if exist "{place}\\workbook_templates\\" cd {place}' for place in places
    ]
    text = _BATCH.replace("@ARGUMENTS@", " ".join(arguments)).replace("@ABOVE@", "\n".join(looks))
    return text.replace("\n", "\r\n").encode("ascii")
