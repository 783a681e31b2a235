@echo off
setlocal DisableDelayedExpansion
rem ASCII only: cmd reads this file in the code page of the console, whichever that is.
rem What is said in Chinese comes from install.py and from a text file.
title perfxl
pushd "%~dp0"
set "NoDefaultCurrentDirectoryInExePath=1"
if not exist app\install.py goto nowhere
set "python="
set "good=import sys; sys.exit(not (@FIRST@ <= sys.version_info[:2] <= @LAST@ and sys.maxsize > 2**32))"
for %%v in (@PYTHONS@) do if not defined python call :try py -%%v
if not defined python call :try python
if not defined python call :try python3
if not defined python goto missing
%python% -I app\install.py %*
set "status=%errorlevel%"
goto end

:missing
set "status=1"
call :say app\no-python.txt
goto end

:nowhere
echo Please unzip the whole package first.
set "status=1"
goto end

:try
%* -c "%good%" >nul 2>nul
if "%errorlevel%"=="0" set "python=%*"
exit /b 0

:say
for /f "tokens=2 delims=:" %%c in ('chcp') do for /f "tokens=1 delims=. " %%d in ("%%c") do set "page=%%d"
chcp 65001 >nul
type "%~1"
if defined page chcp %page% >nul
exit /b 0

:end
echo.
pause
popd
exit /b %status%
