#!/bin/sh
# Finds a Python that the bundle is for; install.py does the rest. Holds the window where there is one.
cd -- "$(dirname -- "$0")" || exit 1
good='import sys; sys.exit(not (@FIRST@ <= sys.version_info[:2] <= @LAST@ and sys.maxsize > 2**32))'
found=
frameworks=/Library/Frameworks/Python.framework/Versions
for python in @PYTHONS@; do
  for candidate in "python$python" "$frameworks/$python/bin/python3" "/opt/homebrew/bin/python$python" "/usr/local/bin/python$python"; do
    if [ -z "$found" ] && "$candidate" -c "$good" >/dev/null 2>&1; then
      found=$candidate
    fi
  done
done
# On a Mac without developer tools, python3 is only a window that offers to install them.
if [ -z "$found" ] && { [ "$(uname)" != Darwin ] || xcode-select -p >/dev/null 2>&1; } && python3 -c "$good" >/dev/null 2>&1; then
  found=python3
fi
if [ ! -e app/install.py ]; then
  echo "没有装好：请先把压缩包全部解压，再运行安装程序。"
  status=1
elif [ -z "$found" ]; then
  cat app/no-python.txt
  status=1
else
  "$found" -I app/install.py "$@"
  status=$?
fi
if [ -t 0 ] && [ -t 1 ]; then
  printf '\n按回车键关闭。'
  read -r _
fi
exit "$status"
