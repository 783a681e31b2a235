"""Words of the starters for when perfxl itself cannot speak."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.desk.windows import CODE_PAGES, NOT_FOUND
from perfxl.desk.windows import STOPPED as STOPPED_FILE

_CLOSE = "按回车键关闭窗口。"
HOW_TO_INSTALL = f"""
结论：这台电脑上没有找到 perfxl，没有做任何事。

怎么办：
  1. 打开离线安装包，双击“安装”（Windows 是 安装.bat），装好后再双击这个文件。
  2. 已经装过的，在命令窗口中进入这个文件夹，运行 perfxl init . ，再双击这个文件。
  3. 仍不行时，请把这个窗口的内容交给技术人员。

{_CLOSE}"""
STOPPED = f"""
结论：程序意外停止，原有结果没有改动。

怎么办：再双击一次；仍不行时，请把这个窗口的内容交给技术人员。

{_CLOSE}"""


def word_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of the files whose words a batch file shows, one a code page."""
    for name, text in ((NOT_FOUND, HOW_TO_INSTALL), (STOPPED_FILE, STOPPED)):
        # The command that waits there has its own words, in the language of the system.
        shown = text.removesuffix(_CLOSE).replace("\n", "\r\n")
        for page, encoding in CODE_PAGES.items():
            yield f"{name}.{page}.txt", shown.encode(encoding)
