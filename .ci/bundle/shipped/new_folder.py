"""Makes the year's folder with the perfxl that stands beside, where nothing is installed."""

import importlib.util
import sys
from pathlib import Path

# The Python beside looks only into its own folders.
_spec = importlib.util.spec_from_file_location("install", Path(__file__).with_name("install.py"))
install = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(install)


def main() -> int:
    """0 where the folder is made."""
    root = Path(__file__).resolve().parent.parent
    print("核对文件……", flush=True)
    if wrong := install.broken(root):
        print(f"文件不完整或被改动过：{'、'.join(wrong[: install.MANY])}。请重新拷贝，全部解压后再试。")
        return 1
    folder = Path(sys.argv[1]) if sys.argv[1:] else install.ask_for_folder()
    if folder is None:
        print("没有建立年度文件夹。")
        return 0
    if not install.make_folder([sys.executable, "-X", "utf8", "-m", "perfxl"], folder):
        print("\n年度文件夹没有建成，原因见上面。改好后再试一次。")
        return 1
    print(f"\n完成。请打开 {folder}，先看里面的说明。这个免安装文件夹请不要移动或删除：年度文件夹里的运行程序要用它。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
