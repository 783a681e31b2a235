@echo off
setlocal DisableDelayedExpansion
rem ASCII only: cmd reads this file in the code page of the console; the Chinese words come from install.py.
title perfxl
pushd "%~dp0"
set "NoDefaultCurrentDirectoryInExePath=1"
if not exist python\python.exe goto nowhere
python\python.exe -X utf8 app\install.py --portable %*
set "status=%errorlevel%"
goto end

:nowhere
echo Please unzip the whole package first.
set "status=1"

:end
echo.
pause
popd
exit /b %status%
