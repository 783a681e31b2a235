"""The files of a folder at the deadline: each in exactly one status, with its own words."""

from __future__ import annotations

import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.errors import ListError
from perfxl.lists.exemptions import read_exemptions
from perfxl.lists.roster import read_roster, write_roster
from perfxl.results.batch import Status
from perfxl.run.reduce import Lists
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits, limits_from
from tests.books import by_hand, filled, put
from tests.findings import clean_document, patch_part
from tests.folders import findings_on, ole, parts_of, records, run_batch, zipped
from tests.libreoffice import needs_libreoffice, recalculate
from tests.test_run import perfxl

OUR_NAME = "广州市增城区科学技术协会"
NEXT_YEAR = f"{date.today().year + 1}-01-01"
Build = Callable[[Path, Scheme], None]


def good(scheme: Scheme, path: Path, code: str = "440118001", name: str = OUR_NAME, *more: object) -> Path:
    """A workbook without findings of a department."""
    edits = (put("department.code", code), put("department.name", name), *more)
    return filled(clean_document(*edits), scheme, path)  # type: ignore[arg-type]


# One file each: name, how it is made, status, code of its finding, words of its reason.


def raw(data: bytes) -> Build:
    return lambda path, scheme: path.write_bytes(data) and None  # type: ignore[func-returns-value]


def truncated(path: Path, scheme: Scheme) -> None:
    data = good(scheme, path).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def word(path: Path, scheme: Scheme) -> None:
    zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}, path)


def other_workbook(path: Path, scheme: Scheme) -> None:
    book = Workbook()
    book.active.title = "预算表"
    book["预算表"]["A1"] = "部门代码"
    book.save(path)


def without_workbook_part(path: Path, scheme: Scheme) -> None:
    parts = parts_of(good(scheme, path))
    del parts["xl/workbook.xml"]
    zipped(parts, path)


def with_meta(key: str, value: str) -> Build:
    def build(path: Path, scheme: Scheme) -> None:
        def change(book: Workbook) -> None:
            rows = book["_meta"].iter_rows(max_col=2)
            next(cell for cell, _ in rows if cell.value == key).offset(0, 1).value = value

        by_hand(good(scheme, path), change)

    return build


def encrypted_parts(path: Path, scheme: Scheme) -> None:
    """A zip whose parts carry the mark of a password."""
    data = bytearray(good(scheme, path).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(bytes(data))


def no_sheets(path: Path, scheme: Scheme) -> None:
    patch_part(
        good(scheme, path),
        "xl/workbook.xml",
        lambda xml: b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
    )


def unreadable_zip(path: Path, scheme: Scheme) -> None:
    path.write_bytes(b"PK\x03\x04" + b"\0" * 50)


REJECTED: dict[str, tuple[str, Build, str, tuple[str, ...]]] = {
    "empty": ("空.xlsx", raw(b""), "F101", ("文件是空的", "保存成功")),
    "zeros": ("零.xlsx", raw(bytes(5000)), "F101", ("文件是空的",)),
    "password": ("密.xlsx", raw(ole("EncryptedPackage")), "F102", ("打开密码", "打开时不问密码", "另存为新的 .xlsx")),
    "password of parts": ("密2.xlsx", encrypted_parts, "F102", ("密码",)),
    "word": ("报告.xlsx", word, "F103", ("Word 文档",)),
    "old word": ("报告.xls", raw(ole("WordDocument")), "F103", ("Word 文档",)),
    "pdf": ("扫描件.xlsx", raw(b"%PDF-1.7\n%\xe2\xe3"), "F103", ("PDF 文件",)),
    "rar": ("打包.xlsx", raw(b"Rar!\x1a\x07\x00" + bytes(50)), "F103", ("RAR 压缩包",)),
    "picture": ("照片.xlsx", raw(b"\x89PNG\r\n\x1a\n" + bytes(50)), "F103", ("图片",)),
    "html": ("导出.xls", raw(b"<html><table><tr><td>1</td></tr></table></html>"), "F103", ("网页（HTML）",)),
    "xml": ("导出2.xls", raw(b'<?xml version="1.0"?><Workbook/>'), "F103", ("XML 文件",)),
    "text": ("数据.xlsx", raw("单位,得分\n甲,95\n".encode("gb18030")), "F103", ("纯文本文件",)),
    "noise": ("乱.xlsx", raw(bytes(range(256)) * 20), "F103", ("不是 Excel 工作簿",)),
    "zip": ("压缩.xlsx", lambda path, scheme: zipped({"a.txt": b"1"}, path) and None, "F103", ("这是压缩包", ".zip")),
    "truncated": ("截断.xlsx", truncated, "F104", ("损坏", "重新报送")),
    "shell": ("头.xlsx", unreadable_zip, "F104", ("损坏",)),
    "no workbook part": ("缺.xlsx", without_workbook_part, "F104", ("缺少主要部件",)),
    "no sheets": ("无表.xlsx", no_sheets, "F104", ("没有工作表",)),
    "other workbook": ("预算.xlsx", other_workbook, "F110", ("不是填报模板", "预算表")),
    "older format": ("旧.xlsx", with_meta("format", "0"), "F112", ("已经过时", "新下发的模板")),
    "newer format": ("新.xlsx", with_meta("format", "2"), "F112", ("比程序新", "升级")),
    "other scheme": ("他.xlsx", with_meta("scheme", "foshan-2022"), "F113", ("foshan-2022", "guangzhou-2022", "模板")),
    "other year": ("去年.xlsx", with_meta("year", "2021"), "F113", ("2021 年度", "2022 年度", "模板重新填报")),
    "odd format": ("怪.xlsx", with_meta("format", "一"), "F112", ("已经过时",)),
    "broken zip": ("坏包.zip", raw(b"PK\x03\x04" + bytes(100)), "F109", ("压缩包已损坏",)),
}  # fmt: skip
IGNORED: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "lock": ("~$科协.xlsx", b"\x05Zhang" + b" " * 49, ("锁定文件", "Zhang", "科协.xlsx", "请关闭")),
    "lock in Chinese": (
        "~$农业局.xlsx",
        b"\x04" + "张三".encode("gbk").ljust(54) + struct.pack("<H", 2) + "张三".encode("utf-16-le"),
        ("张三", "农业局.xlsx"),
    ),
    "lock of nobody": ("~$空.xlsx", b"", ("有人正打开",)),
    "mac": ("._科协.xlsx", b"\0\5\x16\7", ("隐藏文件",)),
    "store": (".DS_Store", b"x", ("系统文件",)),
    "thumbs": ("Thumbs.db", b"x", ("系统文件",)),
    "desktop": ("Desktop.ini", b"x", ("系统文件",)),
    "temporary": ("科协.tmp", b"x", ("临时文件",)),
    "tilde": ("~WRL0001.xlsx", b"x", ("临时文件",)),
    "docx": ("报告.docx", b"PK\x03\x04", (".docx 文件", "不是 Excel 工作簿")),
    "pdf": ("报告.pdf", b"%PDF", (".pdf 文件",)),
    "csv": ("数据.csv", b"1,2", (".csv 文件",)),
    "rar": ("打包.rar", b"Rar!", ("RAR 压缩包", ".zip")),
    "seven": ("打包.7z", b"7z", ("7z 压缩包",)),
    "bare": ("说明", b"x", ("没有扩展名",)),
}


@pytest.fixture(scope="module")
def ragbag(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[str, str, str]]]:
    """A folder with all of them and one good workbook; status, reason and code by path."""
    folder = tmp_path_factory.mktemp("ragbag") / "in"
    good(scheme, folder / "好.xlsx")
    for name, build, _, _ in REJECTED.values():
        build(folder / name, scheme)
    for name, data, _ in IGNORED.values():
        (folder / name).write_bytes(data)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    batch = run_batch(folder, scheme)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    found = {
        path: (record.status.value, record.reason, "+".join(item.code for item in findings_on(batch, path)))
        for path, record in records(batch).items()
    }
    return folder, found


def test_every_file_has_one_status(ragbag: tuple[Path, dict[str, tuple[str, str, str]]]) -> None:
    folder, found = ragbag
    assert set(found) == {path.name for path in folder.iterdir()}
    assert found["好.xlsx"] == ("scored", "", "")


@pytest.mark.parametrize("case", REJECTED)
def test_rejected(case: str, ragbag: tuple[Path, dict[str, tuple[str, str, str]]]) -> None:
    name, _, code, words = REJECTED[case]
    status, reason, codes = ragbag[1][name]
    assert (status, codes) == ("rejected", code), reason
    for word in words:
        assert word in reason


@pytest.mark.parametrize("case", IGNORED)
def test_ignored(case: str, ragbag: tuple[Path, dict[str, tuple[str, str, str]]]) -> None:
    name, _, words = IGNORED[case]
    status, reason, codes = ragbag[1][name]
    assert (status, codes) == ("ignored", ""), reason
    for word in words:
        assert word in reason


def test_limits_are_named_and_can_be_set(scheme: Scheme, tmp_path: Path) -> None:
    book = good(scheme, tmp_path / "in" / "a.xlsx")
    size = book.stat().st_size
    with zipfile.ZipFile(book) as archive:
        parts = len(archive.infolist())
    for setting, words in (("部件数=3", f"有 {parts} 个部件，超过上限 3 个（部件数）"), ("行数=5", "上限 5 行"),
                           ("列数=5", "、5 列")):  # fmt: skip
        record = records(run_batch(tmp_path / "in", scheme, limits=limits_from((setting,))))["a.xlsx"]
        assert record.status is Status.REJECTED and words in record.reason, record.reason
    book.write_bytes(book.read_bytes() + bytes(1_100_000))
    record = records(run_batch(tmp_path / "in", scheme, limits=limits_from(("文件大小=1",))))["a.xlsx"]
    assert "超过上限 1 MB（文件大小）" in record.reason and record.bytes == size + 1_100_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_and_a_broken_link_do_not_stop_the_run(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    good(scheme, folder / "a.xlsx")
    os.mkfifo(folder / "管道.xlsx")
    (folder / "断链.xlsx").symlink_to(folder / "nowhere.xlsx")
    found = records(run_batch(folder, scheme))
    assert {path: record.status.value for path, record in found.items()} == {
        "a.xlsx": "scored", "管道.xlsx": "ignored", "断链.xlsx": "rejected",
    }  # fmt: skip


def test_content_counts_and_not_the_ending(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number, name in enumerate(("a.xls", "b.et", "c.ods", "d", "e.xlsx.bak1", "f.XLSX", "g.zip", "h.dat")):
        good(scheme, folder / name, f"44011800{number}", f"示例单位{number}号")
    batch = run_batch(folder, scheme)
    assert {record.status.value for record in batch.files} == {"scored"}
    assert batch.findings == []


NAMES = (
    "带[方]括号.xlsx", "a (1).xlsx", "空 格　全角.xlsx", "表情😀.xlsx", "引'号.xlsx", "逗,号；分号.xlsx",
    "#井%百分.xlsx", "=开头.xlsx", "ﬁ连字.xlsx", "장애.xlsx", "深/更深/最深/x.xlsx",
    "长" * 80 + ".xlsx", "n" * 200 + ".xlsx",
)  # fmt: skip


def test_any_name_in_any_subfolder(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    source = good(scheme, tmp_path / "source.xlsx")
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / name)
    batch = run_batch(folder, scheme)
    assert set(records(batch)) == set(NAMES)
    statuses = sorted(record.status.value for record in batch.files)
    assert statuses == [*["duplicate"] * (len(NAMES) - 1), "scored"]


def test_the_output_folder_within_the_input_is_left_out(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    good(scheme, folder / "a.xlsx")
    for _ in range(2):
        batch = run_batch(folder, scheme, output=folder / "output")
        assert list(records(batch)) == ["a.xlsx"]


# Archives.


def test_a_zip_is_a_folder(scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    books = [good(scheme, tmp_path / f"{n}.xlsx", f"44011800{n}", f"示例单位{n}号").read_bytes() for n in range(6)]
    parts = {
        "分局/甲.xlsx": books[0], "乙.xlsx": books[1], "../丙.xlsx": books[2], "/etc/丁.xlsx": books[2],
        "C:\\戊.xlsx": books[2], "说明.docx": b"PK", "~$甲.xlsx": b"\x05Zhang", "__MACOSX/._甲.xlsx": b"x",
        "内.zip": zipped({"a.xlsx": books[3]}), "没有扩展名": books[4], "反\\斜.xlsx": books[5],
        "坏.xlsx": b"PK\x03\x04..",        "Thumbs.db": b"x",
    }  # fmt: skip
    zipped(parts, folder / "包.zip")
    batch = run_batch(folder, scheme)
    found = {path: (record.status.value, record.reason) for path, record in records(batch).items()}
    wanted = {
        "包.zip": ("archive", "已展开其中 13 个文件"),
        "包.zip/分局/甲.xlsx": ("scored", ""),
        "包.zip/乙.xlsx": ("scored", ""),
        "包.zip/没有扩展名": ("scored", ""),
        "包.zip/反/斜.xlsx": ("scored", ""),
        "包.zip/../丙.xlsx": ("rejected", "路径不安全"),
        "包.zip//etc/丁.xlsx": ("rejected", "路径不安全"),
        "包.zip/C:/戊.xlsx": ("rejected", "路径不安全"),
        "包.zip/坏.xlsx": ("rejected", "损坏"),
        "包.zip/说明.docx": ("ignored", ".docx 文件"),
        "包.zip/~$甲.xlsx": ("ignored", "锁定文件"),
        "包.zip/__MACOSX/._甲.xlsx": ("ignored", "隐藏文件"),
        "包.zip/内.zip": ("ignored", "压缩包里的压缩包"),
        "包.zip/Thumbs.db": ("ignored", "系统文件"),
    }
    assert found.keys() == wanted.keys()
    for path, (status, words) in wanted.items():
        assert found[path][0] == status and words in found[path][1], (path, found[path])
    assert {path.name for path in folder.iterdir()} == {"包.zip"}
    assert found["包.zip"][1] == "已展开其中 13 个文件，各有一行：已评分 4、无法受理 4、已忽略 5"
    # Each file has its own size, and not that of the archive.
    sizes = {record.path: record.bytes for record in batch.files}
    assert sizes["包.zip"] == (folder / "包.zip").stat().st_size
    assert all(sizes[f"包.zip/{name}"] == len(parts[name]) for name in ("说明.docx", "Thumbs.db", "内.zip", "乙.xlsx"))
    assert sizes["包.zip/../丙.xlsx"] == len(books[2])


@pytest.mark.parametrize("name", ["增城区科协（正式）.xlsx", "示例民政局.xlsx", "说明和报表.xlsx", "联通.xlsx"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_packed_without_a_mark_are_read(scheme: Scheme, tmp_path: Path, name: str, encoding: str) -> None:
    """GBK as Explorer and older archivers write them, UTF-8 as the Finder of macOS and `zip` do."""
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): good(scheme, tmp_path / "a.xlsx").read_bytes()})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "包.zip").write_bytes(data.replace(b"x" * len(raw), raw))
    assert records(run_batch(tmp_path / "in", scheme))[f"包.zip/{name}"].status is Status.SCORED


def test_two_files_of_one_name_in_a_zip(scheme: Scheme, tmp_path: Path) -> None:
    data = good(scheme, tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "包.zip", "w") as archive:
        archive.writestr("a.xlsx", data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xlsx", data)
    found = records(run_batch(tmp_path / "in", scheme))
    assert found["包.zip/a.xlsx"].status is Status.SCORED
    assert "同名" in found["包.zip/a.xlsx（第 2 个）"].reason


def test_an_archive_with_a_password(scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "包.zip"
    data = bytearray(zipped({"a.xlsx": good(scheme, tmp_path / "a.xlsx").read_bytes()}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    batch = run_batch(tmp_path / "in", scheme)
    record = records(batch)["包.zip/a.xlsx"]
    assert record.status is Status.REJECTED and "压缩包设有密码" in record.reason
    assert [item.code for item in batch.findings] == ["F109"]


def test_an_archive_with_too_many_or_too_large_files(scheme: Scheme, tmp_path: Path) -> None:
    zipped({f"{n}.xlsx": b"x" for n in range(12)}, tmp_path / "in" / "多.zip")
    zipped({"大.xlsx": bytes(3_000_000)}, tmp_path / "in" / "大.zip")
    found = records(run_batch(tmp_path / "in", scheme, limits=Limits(members=10, file_mb=2)))
    assert "12 个文件，超过上限 10 个（包内文件数）" in found["多.zip"].reason
    assert "超过上限 2 MB（文件大小）" in found["大.zip/大.xlsx"].reason
    assert {record.status.value for path, record in found.items() if path != "大.zip"} == {"rejected"}


# Who a workbook is from.


def test_the_newest_counts(scheme: Scheme, tmp_path: Path) -> None:
    """By the date of the cover, whatever the names and the times of the files; then by their times."""
    folder = tmp_path / "in"
    for name, day, when in (
        ("a.xlsx", "2023-03-09", 300),
        ("b.xlsx", "2023-03-10", 100),
        ("c.xlsx", "2023-03-10", 200),
    ):
        edits = put("department.filled_on", day), put("department.remark", name)
        good(scheme, folder / name, "440118001", OUR_NAME, *edits)
        os.utime(folder / name, (when, when))
    found = records(run_batch(folder, scheme))
    assert {path: record.status.value for path, record in found.items()} == {
        "a.xlsx": "superseded", "b.xlsx": "superseded", "c.xlsx": "scored",
    }  # fmt: skip
    assert "2023-03-10 更新" in found["a.xlsx"].reason and "“c.xlsx”" in found["a.xlsx"].reason
    assert "修改时间更新" in found["b.xlsx"].reason


def test_identical_files_are_told_as_identical(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx")
    shutil.copy(tmp_path / "in" / "a.xlsx", tmp_path / "in" / "b.xlsx")
    reasons = [record.reason for record in run_batch(tmp_path / "in", scheme).files if record.reason]
    assert len(reasons) == 1 and "内容完全相同" in reasons[0]


def test_spelling_of_a_name_does_not_make_two_departments(scheme: Scheme, tmp_path: Path) -> None:
    """The same code, and a name that differs only in spaces and width."""
    folder = tmp_path / "in"
    good(scheme, folder / "a.xlsx", "440118001", "增城区科协（本级）", put("department.filled_on", "2023-03-09"))
    good(scheme, folder / "b.xlsx", "440118001", " 增城区科协(本级)", put("department.filled_on", "2023-03-10"))
    found = records(run_batch(folder, scheme))
    assert {path: record.status.value for path, record in found.items()} == {"a.xlsx": "superseded", "b.xlsx": "scored"}


@pytest.mark.parametrize("blank", ["department.code", "department.name"])
def test_a_corrected_workbook_replaces_one_without_code_or_name(blank: str, scheme: Scheme, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name, value, when in (("a.xlsx", None, 100), ("b.xlsx", "", 200)):
        good(scheme, folder / name, "440118001", OUR_NAME, *([put(blank, None)] if value is None else []))
        os.utime(folder / name, (when, when))
    good(scheme, folder / "c.xlsx", "440118002", "第二示例局")
    found = records(run_batch(folder, scheme))
    assert {path: record.status.value for path, record in found.items()} == {
        "a.xlsx": "superseded", "b.xlsx": "scored", "c.xlsx": "scored",
    }  # fmt: skip


def _identity(scheme: Scheme, folder: Path, code: str) -> tuple[dict[str, list[str]], list[str]]:
    """Codes by file of a folder that sets off one check on identities, and the messages of that check."""
    lists = ROSTERED[code](scheme, folder)
    batch = run_batch(folder, scheme, lists=lists)
    by_file: dict[str, list[str]] = {}
    for item in batch.findings:
        by_file.setdefault(item.file, []).append(item.code)
    return by_file, [item.message for item in batch.findings if item.code == code]


def shared_code(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx", "440118001", "第一示例局")
    good(scheme, folder / "b.xlsx", "440118001", "第二示例局")
    return Lists()


def shared_name(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx", "440118001", "第一示例局")
    good(scheme, folder / "b.xlsx", "440118002", "第一示例局")
    return Lists()


def roster(scheme: Scheme, path: Path, *rows: tuple[str, ...]) -> Path:
    write_roster(path)

    def fill(book: Workbook) -> None:
        for number, values in enumerate(rows, 4):
            for col, value in enumerate(values, 1):
                book.worksheets[0].cell(number, col).value = value

    return by_hand(path, fill)


def rostered(scheme: Scheme, folder: Path, *rows: tuple[str, ...]) -> Lists:
    return Lists(read_roster(roster(scheme, folder.parent / "名录.xlsx", *rows), scheme))


def other_category(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx")
    return rostered(scheme, folder, ("440118001", OUR_NAME, "党政机关"))


def unknown(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx")
    return rostered(scheme, folder, ("440118009", "第九示例局", "党政机关"))


def other_in_file_name(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "第一示例局.xlsx", "440118001", "第一示例局")
    good(scheme, folder / "第一示例局 (2).xlsx", "440118002", "第二示例局")
    return Lists()


def expired(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx")
    return Lists(
        exemptions=exemptions(folder.parent, ("440118001", "E302", "已核实", "李四", "2022-04-10", "2022-12-31"))
    )


def code_of_another(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx", "440118009", OUR_NAME)
    return rostered(scheme, folder, ("440118001", OUR_NAME, "群团机关"), ("440118009", "第九示例局", "党政机关"))


def future_date(scheme: Scheme, folder: Path) -> Lists:
    good(scheme, folder / "a.xlsx", "440118001", OUR_NAME, put("department.filled_on", NEXT_YEAR))
    return Lists()


def order_in_doubt(scheme: Scheme, folder: Path) -> Lists:
    for name, day, when in (("a.xlsx", "2023-03-10", 1_000_000), ("b.xlsx", "2023-03-09", 1_100_000)):
        os.utime(good(scheme, folder / name, "440118001", OUR_NAME, put("department.filled_on", day)), (when, when))
    return Lists()


ROSTERED: dict[str, Callable[[Scheme, Path], Lists]] = {
    "E601": shared_code,
    "W602": shared_name,
    "W603": other_category,
    "W604": unknown,
    "W605": other_in_file_name,
    "W606": expired,
    "E607": code_of_another,
    "W608": future_date,
    "W609": order_in_doubt,
}
FIRES = {code for _, _, code, _ in REJECTED.values()} | set(ROSTERED) | {
    "F105", "F107",  # above
    "F106", "F108",  # test_hostile
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "files", "words"),
    [
        ("E601", {"a.xlsx": ["E601"], "b.xlsx": ["E601"]}, ("440118001", "第二示例局")),
        ("W602", {"a.xlsx": ["W602"], "b.xlsx": ["W602"]}, ("第一示例局", "440118002")),
        ("W603", {"a.xlsx": ["W603"]}, ("部门类别", "群团机关", "党政机关")),
        ("W604", {"a.xlsx": ["W604"]}, (OUR_NAME, "440118001")),
        ("W605", {"第一示例局 (2).xlsx": ["W605"]}, ("第一示例局", "第二示例局")),
        ("W606", {"豁免.xlsx": ["W606"]}, ("第 4 行", "2022-12-31 到期")),
        ("E607", {"a.xlsx": ["E607"]}, ("440118009", "第九示例局", OUR_NAME)),
        ("W608", {"a.xlsx": ["W608"]}, (NEXT_YEAR, "不作数")),
        ("W609", {"a.xlsx": ["W609"]}, ("“b.xlsx”", "2023-03-09", "2023-03-10", "已按日期采用")),
    ],
)
def test_who_a_workbook_is_from(
    code: str, files: dict[str, list[str]], words: tuple[str, ...], scheme: Scheme, tmp_path: Path
) -> None:
    found, messages = _identity(scheme, tmp_path / "in", code)
    assert found == files
    for word in words:
        assert word in messages[0]


def test_a_roster_gives_names_and_tells_who_is_missing(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx", "440118001", "科协（简称）")
    lists = rostered(
        scheme, tmp_path / "in", ("440118001", OUR_NAME, "群团机关"), ("440118002", "第二示例局", "党政机关"),
    )  # fmt: skip
    batch = run_batch(tmp_path / "in", scheme, lists=lists)
    assert [(item.name, item.category) for item in batch.departments] == [(OUR_NAME, "群团机关")]
    assert [item.code for item in batch.findings] == ["W603"]
    (missing,) = [record for record in batch.files if record.status is Status.MISSING]
    assert (missing.path, missing.department, missing.code, missing.category) == (
        "", "第二示例局", "440118002", "党政机关",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("1", "甲局", "党政机关"), ("1", "乙局", "党政机关")], ("单元格 A5", "部门代码“1”与第 4 行重复")),
        ([("1", "甲局", "党政机关"), ("2", "甲局", "党政机关")], ("单元格 B5", "部门名称“甲局”")),
        ([("1", "甲局", "大类")], ("单元格 C4", "大类", "党政机关、群团机关")),
        ([("1", "", "党政机关")], ("单元格 B4", "部门名称")),
    ],
)
def test_a_roster_that_does_not_hold_names_its_rows(
    rows: list[tuple[str, ...]], words: tuple[str, ...], scheme: Scheme, tmp_path: Path
) -> None:
    with pytest.raises(ListError) as raised:
        read_roster(roster(scheme, tmp_path / "名录.xlsx", *rows), scheme)
    for word in words:
        assert word in str(raised.value)


@pytest.mark.slow
def test_a_roster_in_its_place_is_used_and_a_blank_one_is_not(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "input" / "a.xlsx")
    path = tmp_path / "workbook_templates" / "部门名录.xlsx"
    path.parent.mkdir()
    write_roster(path)
    done = perfxl("run", cwd=tmp_path)
    assert done.returncode == 0 and "使用部门名录" not in done.stderr and "未报送 —" in done.stdout
    roster(scheme, path, ("440118002", "第二示例局", "党政机关"))
    done = perfxl("run", cwd=tmp_path)
    assert "使用部门名录：workbook_templates" in done.stderr and "未报送 1" in done.stdout
    roster(scheme, path, ("440118001", OUR_NAME, "群团机关"))
    done = perfxl("run", cwd=tmp_path)
    assert "使用部门名录：workbook_templates" in done.stderr and "未报送" not in done.stdout


@pytest.mark.slow
def test_a_roster_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "名录.xlsx").write_bytes(b"x")
    for arguments, words in ((("--roster", "名录.xlsx"), "纯文本文件"), (("--roster", "没有.xlsx"), "打不开"),
                             (("--accept", "没有.xlsx"), "打不开")):  # fmt: skip
        done = perfxl("run", *arguments, cwd=tmp_path)
        assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


def test_one_prefilled_template_a_department(scheme: Scheme, tmp_path: Path) -> None:
    roster(scheme, tmp_path / "名录.xlsx", ("440118001", OUR_NAME, "群团机关", "张三", "020-1"),
           ("440118002", "a/b:局", "党政机关"))  # fmt: skip
    done = perfxl("template", "--roster", "名录.xlsx", cwd=tmp_path)
    assert done.returncode == 0 and "2 份" in done.stdout
    made = sorted((tmp_path / "workbook_templates" / "预填模板").iterdir())
    assert [path.name for path in made] == ["a／b：局.xlsx", f"{OUR_NAME}.xlsx"]
    sheet = load_workbook(made[1])["基本信息"]
    written = [sheet.cell(row, 3).value for row in range(6, 13)]
    assert written[:5] == ["440118001", OUR_NAME, "群团机关", "张三", "020-1"]


# Accepted findings.


def exemptions(folder: Path, *rows: tuple[str, ...]) -> tuple[object, ...]:
    from perfxl.lists.exemptions import write_exemptions

    path = folder / "豁免.xlsx"
    folder.mkdir(parents=True, exist_ok=True)
    write_exemptions(path)

    def fill(book: Workbook) -> None:
        for number, values in enumerate(rows, 4):
            for col, value in enumerate(values, 1):
                book.worksheets[0].cell(number, col).value = value

    return read_exemptions(by_hand(path, fill))


def test_an_accepted_finding_no_longer_returns_the_workbook(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx", "440118001", OUR_NAME, put("funds.basic.adjusted", "552.68"))
    assert records(run_batch(tmp_path / "in", scheme))["a.xlsx"].status is Status.RETURNED
    for department in ("440118001", OUR_NAME):
        accepted = exemptions(tmp_path, (department, "e202", "四舍五入尾差", "李四", "2023-04-10"))
        output = tmp_path / f"out-{department}"
        batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=accepted), output=output)  # type: ignore[arg-type]
        assert records(batch)["a.xlsx"].status is Status.SCORED
        (item,) = batch.findings
        assert item.code == "E202" and item.severity.value == "info" and "已豁免" in item.title
        for word in ("四舍五入尾差", "李四", "2023-04-10"):
            assert word in item.message
        assert not list(output.glob("退回修改/*"))


def test_an_acceptance_holds_for_its_cell_and_department_only(scheme: Scheme, tmp_path: Path) -> None:
    wrong = (put("funds.basic.adjusted", "552.68"),)
    good(scheme, tmp_path / "in" / "a.xlsx", "440118001", "第一示例局", *wrong)
    good(scheme, tmp_path / "in" / "b.xlsx", "440118002", "第二示例局", *wrong)
    accepted = exemptions(
        tmp_path, ("440118001", "E202", "x", "李四", "2023-04-10", "", "D6"),
        ("440118002", "E202", "x", "李四", "2023-04-10", "", "E6"),
    )  # fmt: skip
    batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=accepted))  # type: ignore[arg-type]
    found = records(batch)
    assert (found["a.xlsx"].status, found["b.xlsx"].status) == (Status.SCORED, Status.RETURNED)
    (idle,) = [item for item in batch.findings if item.code == "W606"]
    assert "第 5 行" in idle.message and "没有用上" in idle.message


def test_what_had_no_effect_is_told(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "in" / "a.xlsx")
    tomorrow = date.today().replace(year=date.today().year + 1).isoformat()
    accepted = exemptions(
        tmp_path,
        ("440118001", "E999", "x", "李四", "2023-04-10"),
        ("440118001", "E302", "x", "李四", "2023-04-10", tomorrow),
    )  # fmt: skip
    batch = run_batch(tmp_path / "in", scheme, lists=Lists(exemptions=accepted))  # type: ignore[arg-type]
    assert [item.message.partition("：")[2][:12] for item in batch.findings] == ["问题代码“E999”不存", "“440118001”本"]
    assert records(batch)["a.xlsx"].status is Status.SCORED


def test_acceptances_that_do_not_hold_name_their_rows(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="单元格 E4：批准日期“昨天”不是日期"):
        exemptions(tmp_path, ("1", "E302", "x", "李四", "昨天"))
    with pytest.raises(ListError, match="单元格 C4：“理由”没有填写"):
        exemptions(tmp_path, ("1", "E302", "", "李四", "2023-04-10"))


def test_acceptances_may_stand_in_the_roster(scheme: Scheme, tmp_path: Path) -> None:
    good(scheme, tmp_path / "input" / "a.xlsx", "440118001", OUR_NAME, put("funds.basic.adjusted", "552.68"))
    (tmp_path / "workbook_templates").mkdir()
    path = roster(scheme, tmp_path / "workbook_templates" / "部门名录.xlsx", ("440118001", OUR_NAME, "群团机关"))

    def add(book: Workbook) -> None:
        sheet = book.create_sheet("豁免")
        sheet.append(["部门代码", "问题代码", "理由", "批准人", "批准日期"])
        sheet.append(["440118001", "E202", "尾差", "李四", date(2023, 4, 10)])

    by_hand(path, add)
    done = perfxl("run", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_check_lists_the_catalogue() -> None:
    from perfxl.checks.listing import all_checks

    done = perfxl("check", "--list")
    assert done.returncode == 0
    for item in all_checks():
        assert item.code in done.stdout and item.title in done.stdout
    assert "{" not in done.stdout


# Other formats, as LibreOffice writes them.


@pytest.mark.libreoffice
@needs_libreoffice[1]
def test_our_template_in_other_formats(scheme: Scheme, tmp_path: Path) -> None:
    source = good(scheme, tmp_path / "a.xlsx")
    folder = tmp_path / "in"
    for ending, kind in (("xls", "Excel 97-2003"), ("ods", "OpenDocument")):
        (made,) = recalculate([source], tmp_path / ending, ending)
        folder.mkdir(exist_ok=True)
        shutil.copy(made, folder / f"一.{ending}")
        shutil.copy(made, folder / "二.et")
        shutil.copy(made, folder / "三.xlsx")
        batch = run_batch(folder, scheme)
        counted = [record for record in batch.files if record.status is Status.SCORED]
        assert len(counted) == 1, [(record.path, record.reason) for record in batch.files]
        (item,) = batch.findings
        assert item.code == "I007" and kind in item.message
        assert [str(department.total) for department in batch.departments] == ["96.45"]
        shutil.rmtree(folder)
