@echo off
rem perfxl with the Python beside it; ASCII only.
"%~dp0python\python.exe" -X utf8 -m perfxl %*
