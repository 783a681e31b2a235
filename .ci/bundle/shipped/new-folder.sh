#!/bin/sh
# Makes the year's folder with the perfxl that stands beside.
cd -- "$(dirname -- "$0")" || exit 1
folder=$1
if [ -z "$folder" ] && [ -t 0 ]; then
  usual=$HOME
  for place in "$HOME/Desktop" "$HOME/桌面"; do
    if [ -d "$place" ]; then usual=$place; fi
  done
  usual=$usual/$(($(date +%Y) - 1))年度绩效评价
  printf '年度文件夹建在哪里？直接按回车：%s\n> ' "$usual"
  read -r folder || exit 1
  folder=${folder:-$usual}
fi
if [ -z "$folder" ]; then
  echo "请写出年度文件夹的位置：sh 建立年度文件夹.sh 文件夹"
  status=1
elif ./perfxl init "$folder"; then
  echo "完成。请打开 $folder，先看里面的说明。免安装文件夹请不要移动或删除：年度文件夹里的运行程序要用它。"
  status=0
else
  echo "年度文件夹没有建成，原因见上面。改好后再试一次。"
  status=1
fi
if [ -t 0 ] && [ -t 1 ]; then
  printf '\n按回车键关闭。'
  read -r _
fi
exit "$status"
