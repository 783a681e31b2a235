"""A folder under watch: what comes is told at once and once, and the results are always those of one run."""

from __future__ import annotations

import os
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from perfxl.lists.roster import write_roster
from perfxl.run.pipeline import run_folder
from perfxl.scheme.model import Scheme
from perfxl.watching.network import is_remote_kind, kind_of
from perfxl.watching.whole import Wholeness, wholeness
from tests.books import by_hand, filled
from tests.test_bureau_lists import put_rows
from tests.watches import QUICK, Stepped, books, department, manifest, shuffle, stepped


@pytest.fixture
def folder(here: Path, scheme: Scheme) -> Path:
    """A folder with one workbook."""
    filled(department(1), scheme, here / "in" / "示例第1局.xlsx")
    return here / "in"


@pytest.mark.parametrize("poll", [False, True])
def test_a_busy_day_ends_with_the_results_of_one_run(poll: bool, here: Path, folder: Path, scheme: Scheme) -> None:
    sent = books(scheme, here / "sent", 12)
    with stepped(folder, here / "out", poll=poll) as watch:
        day = threading.Thread(target=shuffle, args=(folder, sent, 7))
        day.start()
        watch.until(lambda: not day.is_alive())
        watch.until_quiet()
        assert watch.lines.of("坏.xlsx", "无法受理") and watch.lines.of("照片.jpg", "已忽略")
        assert not watch.lines.of("~$") and not watch.lines.of(".tmp")
        assert watch.lines.of("退回修改：1 处错误")
        watch.assert_as_one_run()


def test_one_line_a_change(here: Path, folder: Path, scheme: Scheme) -> None:
    with stepped(folder, here / "out") as watch:
        said = watch.lines.said
        assert len(said) == 1 and said[0].startswith("汇总已更新：已评分 1。"), "what stands there is told by the run"
        path = filled(department(2, wrong=True), scheme, folder / "乙.xlsx")
        watch.until_quiet()
        assert said[1].startswith("乙.xlsx（示例第2局） 退回修改：1 处错误，")
        assert "!" in said[1] and "没有填写" in said[1]
        assert said[2].startswith("汇总已更新：已评分 1，退回修改 1。") and len(said) == 3

        path.rename(folder / "丙.xlsx")
        watch.until_quiet()
        assert (
            said[3] == "乙.xlsx 已改名为 丙.xlsx（示例第2局）" and said[4].startswith("汇总已更新") and len(said) == 5
        )

        filled(department(2), scheme, folder / "丙.xlsx")
        watch.until_quiet()
        assert said[5].startswith("丙.xlsx（示例第2局） 已评分：得分 ") and len(said) == 7

        (folder / "丙.xlsx").unlink()
        watch.until_quiet()
        assert (
            said[7] == "丙.xlsx（示例第2局） 已移走" and said[8].startswith("汇总已更新：已评分 1。") and len(said) == 9
        )


def test_nothing_new_is_not_told(here: Path, folder: Path) -> None:
    with stepped(folder, here / "out") as watch:
        before = list(watch.lines.said)
        made = manifest(here / "out")
        path = folder / "示例第1局.xlsx"
        os.utime(path, ns=(10**18, 10**18))
        watch.until_quiet()
        (folder / "~$示例第1局.xlsx").write_bytes(b"\5Zhang")
        (folder / ".~lock.示例第1局.xlsx#").write_bytes(b",me")
        (folder / "4F3A.tmp").write_bytes(b"PK")
        # As Excel saves: under another name, then in place of the old one.
        path.replace(folder / "4F3A0000")
        watch.looks(1)
        (folder / "4F3A0000").replace(path)
        watch.looks(20)
        watch.until_quiet()
        assert watch.lines.said == before
        assert manifest(here / "out")["departments"] == made["departments"]


def test_what_the_whole_batch_tells_follows_the_run(here: Path, folder: Path, scheme: Scheme) -> None:
    with stepped(folder, here / "out") as watch:
        data = (folder / "示例第1局.xlsx").read_bytes()
        (folder / "又一份.xlsx").write_bytes(data)
        watch.until_quiet()
        (line,) = watch.lines.of(" 重复：")
        assert "示例第1局.xlsx" in line or "又一份.xlsx" in line
        watch.assert_as_one_run()


def test_an_archive_and_a_report(here: Path, folder: Path, scheme: Scheme) -> None:
    sent = books(scheme, here / "sent", 5)
    with stepped(folder, here / "out") as watch:
        with zipfile.ZipFile(folder / "包.zip", "w") as archive:
            for name, data in sent.items():
                archive.writestr(name, data)
        watch.until_quiet()
        assert watch.lines.of("包.zip/示例第5局.xlsx（示例第5局） 退回修改")
        (folder / "包.zip").rename(folder / "新包.zip")
        watch.until_quiet()
        (folder / "报告.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        watch.until_quiet()
        assert watch.lines.of("报告.pdf")
        watch.assert_as_one_run()


def test_half_a_file_is_waited_for(here: Path, folder: Path, scheme: Scheme) -> None:
    data = filled(department(3), scheme, here / "sent.xlsx").read_bytes()
    with stepped(folder, here / "out", pace=replace(QUICK, part=4.0)) as watch:
        path = folder / "慢.xlsx"
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            watch.until_said("慢.xlsx 还没有传完")
            filled(department(2), scheme, folder / "快.xlsx")
            watch.until_said("快.xlsx（示例第2局） 已评分")
            watch.looks(20)
            assert len(manifest(here / "out")["files"]) == 1, "no run while a file is on its way"
            file.write(data[len(data) // 2 :])
        watch.until_said("慢.xlsx（示例第3局） 已评分")
        watch.until_quiet()
        assert not watch.lines.of("慢.xlsx", "无法受理")
        # What never becomes whole is said to be broken in the end.
        (folder / "断.xlsx").write_bytes(data[:-100])
        watch.until_said("断.xlsx 无法受理")
        watch.until_quiet()
        watch.assert_as_one_run()


def test_what_comes_while_the_first_run_waits_is_checked_at_once(here: Path, folder: Path, scheme: Scheme) -> None:
    """A watch may be started while somebody copies for minutes."""
    data = filled(department(3), scheme, here / "sent.xlsx").read_bytes()
    (folder / "慢.xlsx").write_bytes(data[: len(data) // 2])
    filled(department(1), scheme, folder / "早.xlsx")
    watch = Stepped(folder, here / "out", pace=replace(QUICK, part=60.0))
    try:
        watch.looks(3)
        filled(department(2), scheme, folder / "快.xlsx")
        watch.until_said("快.xlsx（示例第2局） 已评分")
        assert not watch.lines.of("早.xlsx") and not watch.lines.of("汇总已更新"), "no run while a file is on its way"
        (folder / "慢.xlsx").write_bytes(data)
        watch.until_quiet()
        assert len(watch.lines.of("汇总已更新")) == 1 and len(watch.lines.of("快.xlsx")) == 1
        watch.assert_as_one_run()
    finally:
        watch.close()


def test_what_shows_that_a_file_is_whole(here: Path, scheme: Scheme) -> None:
    data = filled(department(1), scheme, here / "甲.xlsx").read_bytes()

    def seen(content: bytes) -> Wholeness:
        (here / "x").write_bytes(content)
        return wholeness(here / "x")

    assert seen(data) is Wholeness.WHOLE
    for part in (
        data[:-1],
        data[:40],
        data[: len(data) // 2] + bytes(len(data) // 2),
        bytes(100),
        b"",
        b"%PDF-1.4 ...",
    ):
        assert seen(part) is Wholeness.PART
    assert seen(b"%PDF-1.4\n%%EOF\n") is Wholeness.WHOLE
    assert seen(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)) is Wholeness.UNMARKED
    assert wholeness(here / "nothing") is Wholeness.UNMARKED


def test_a_list_that_changes_counts_at_once(here: Path, folder: Path, scheme: Scheme) -> None:
    roster = here / "workbook_templates" / "部门名录.xlsx"
    roster.parent.mkdir()
    write_roster(roster, scheme)
    with stepped(folder, here / "out") as watch:
        assert not watch.lines.of("未报送")
        category = department(1)["department"]["category"]
        put_rows(roster, *((f"4401180{number:03}", f"示例第{number}局", category) for number in (1, 2)))
        watch.until_said("名单、方案或往来登记有改动：部门名录.xlsx")
        watch.until_quiet()
        assert watch.lines.of("汇总已更新", "未报送 1"), watch.lines.said
        # What it has written itself, the safe copy of the register among it, is no change.
        count = len(watch.lines.said)
        watch.looks(20)
        assert len(watch.lines.said) == count
        # A list that does not hold is told, watching goes on, and the old results stay.
        good = roster.read_bytes()
        roster.write_bytes(b"PK\3\4 broken")
        watch.until_said("汇总没有更新")
        filled(department(2), scheme, folder / "乙.xlsx")
        watch.looks(20)
        assert len(manifest(here / "out")["files"]) > 1
        roster.write_bytes(good)
        watch.until_said("乙.xlsx（示例第2局） 已评分")
        watch.until_quiet()
        watch.assert_as_one_run()


def test_a_run_that_fails_is_told_and_tried_again(here: Path, folder: Path, scheme: Scheme) -> None:
    with stepped(folder, here / "out") as watch:
        (here / "out").rename(here / "away")
        (here / "out").write_bytes(b"in the way")
        filled(department(2), scheme, folder / "乙.xlsx")
        watch.until_said("汇总没有更新", "结果写不进")
        watch.looks(30)
        assert len(watch.lines.of("汇总没有更新")) == 1, "the same failure is told once"
        assert watch.watcher.renewal.exit_status == 1
        (here / "out").unlink()
        (here / "away").rename(here / "out")
        watch.until_quiet()
        assert watch.watcher.renewal.exit_status == 0
        watch.assert_as_one_run()


@pytest.mark.parametrize("poll", [False, True])
def test_a_folder_that_goes_away_and_comes_back(poll: bool, here: Path, folder: Path, scheme: Scheme) -> None:
    with stepped(folder, here / "out", poll=poll) as watch:
        folder.rename(here / "elsewhere")
        watch.until_said("暂时打不开")
        watch.looks(30)
        assert not watch.lines.of("已移走") and len(watch.lines.of("暂时打不开")) == 1
        assert len(manifest(here / "out")["files"]) == 1
        filled(department(2), scheme, here / "elsewhere" / "乙.xlsx")
        (here / "elsewhere").rename(folder)
        watch.until_said("又能打开了")
        watch.until_said("乙.xlsx（示例第2局） 已评分")
        watch.until_quiet()
        filled(department(3), scheme, folder / "丙.xlsx")
        watch.until_said("丙.xlsx（示例第3局） 已评分")
        watch.until_quiet()
        watch.assert_as_one_run()


def test_results_within_the_folder_set_nothing_off(here: Path, folder: Path, scheme: Scheme) -> None:
    with stepped(folder, folder / "out") as watch:
        filled(department(2), scheme, folder / "乙.xlsx")
        watch.until_quiet()
        count = len(watch.lines.said)
        watch.looks(30)
        watch.until_quiet()
        assert len(watch.lines.said) == count == 4, "that the register has no safe copy is told once"


def test_the_register_counts_when_the_bureau_edits_it(here: Path, folder: Path) -> None:
    with stepped(folder, here / "output") as watch, stepped(folder, here / "other") as beside:
        for _ in range(10):
            watch.looks(1)
            beside.looks(1)
        run_folder(folder, here / "output", *watch.planning(lambda _: None))
        watch.looks(20)
        assert not watch.lines.of("有改动") and not beside.lines.of("有改动"), "runs write it, whoever began them"
        by_hand(here / "output" / "往来登记.xlsx", lambda book: None)
        watch.until_said("有改动：往来登记.xlsx")
        watch.until_quiet()
        beside.looks(20)
        assert not beside.lines.of("有改动")


def test_without_the_package_that_hears(here: Path, folder: Path, scheme: Scheme, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with stepped(folder, here / "out") as watch:
        assert len(watch.lines.of("系统不通知这个文件夹的变化")) == 1
        filled(department(2), scheme, folder / "乙.xlsx")
        watch.until_said("乙.xlsx（示例第2局） 已评分")
        watch.until_quiet()
        watch.assert_as_one_run()


def test_what_is_locked_holds_nothing_up_for_ever(
    here: Path, folder: Path, scheme: Scheme, monkeypatch: MonkeyPatch
) -> None:
    locked = {"乙.xlsx"}
    watch = Stepped(folder, here / "out")
    see = watch.watcher._arrivals.look_into
    watch.watcher._arrivals.look_into = lambda path: Wholeness.LOCKED if path.name in locked else see(path)
    try:
        watch.until_quiet()
        filled(department(2), scheme, folder / "乙.xlsx")
        filled(department(3), scheme, folder / "丙.xlsx")
        watch.until_said("乙.xlsx 正被其他程序打开")
        watch.until_said("汇总已更新", after=2)
        locked.clear()
        watch.until_said("乙.xlsx（示例第2局） 已评分")
        watch.until_quiet()
    finally:
        watch.close()
        watch.assert_as_one_run()


def test_other_names_do_not_heap_up(here: Path, folder: Path, scheme: Scheme, monkeypatch: MonkeyPatch) -> None:
    """A summary that stays open in Excel gets another name at each run: only the newest stays."""
    replace = Path.replace

    def held(self: Path, target: str | Path) -> Path:
        if Path(target).name == "2022年度绩效评价汇总.xlsx":
            raise PermissionError(13, "held", str(target))
        return replace(self, target)

    with stepped(folder, here / "out") as watch:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", held)
            for number in (2, 3, 4):
                filled(department(number), scheme, folder / f"{number}.xlsx")
                watch.until_quiet()
            assert len(watch.lines.of("正被打开，新结果另存为")) == 3
            assert len(list((here / "out").glob("2022年度绩效评价汇总（*.xlsx"))) == 1
        filled(department(5), scheme, folder / "5.xlsx")
        watch.until_quiet()
        assert not list((here / "out").glob("2022年度绩效评价汇总（*.xlsx"))


def test_network_folders_are_known() -> None:
    mounts = [("/", "ext4"), ("/mnt/my\\040share", "cifs"), ("/mnt", "xfs"), ("/media/key", "fuseblk")]
    assert kind_of(Path("/mnt/my share/in"), mounts) == "cifs" and is_remote_kind("cifs")
    assert kind_of(Path("/mnt/in"), mounts) == "xfs" and not is_remote_kind("xfs")
    assert kind_of(Path("/in"), [*mounts, ("/", "overlay")]) == "overlay"
    assert not is_remote_kind("fuseblk") and is_remote_kind("fuse.sshfs") and is_remote_kind("NFS4")
