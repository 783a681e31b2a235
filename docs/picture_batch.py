"""What a clerk has in hand in the pictures: a folder as it comes in, the roster and the list of accepted findings."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from perfxl.lists.exemptions import FILE_NAME as EXEMPTIONS
from perfxl.lists.exemptions import HEADINGS, write_exemptions
from perfxl.lists.roster import FILE_NAME as ROSTER
from perfxl.lists.roster import write_roster
from perfxl.scheme.model import Scheme

ABSENT = ("440118950", "示例体育局", "党政机关", "", "")
ACCEPTED = (
    ("示例新城街道办事处", "E202", "年初预算批复有误，已另行更正", "李示例", "2023-04-10", "", "C6"),
    ("440118908", "W206", "项目跨年实施，经批准结转", "李示例", "2023-04-11", "2023-12-31", ""),
)  # fmt: skip
PACKED = ("示例图书馆", "示例妇女联合会", "示例残疾人联合会")


def write_lists(folder: Path, documents: Iterable[Path], scheme: Scheme) -> tuple[Path, Path]:
    """A filled roster and a filled list of accepted findings."""
    departments = [json.loads(source.read_text("utf-8"))["department"] for source in documents]
    keys = ("code", "name", "category", "contact", "phone")
    # Who sent twice stands on the roster once.
    rows = {item["code"]: {key: item.get(key) or "" for key in keys} for item in departments}
    rows |= {ABSENT[0]: dict(zip(keys, ABSENT, strict=True))}
    roster, exemptions = folder / ROSTER, folder / EXEMPTIONS
    write_roster(roster, scheme, [rows[code] for code in sorted(rows)])
    named = [heading.key for heading in HEADINGS]
    write_exemptions(exemptions, [dict(zip(named, values, strict=True)) for values in ACCEPTED])
    return roster, exemptions


def received(folder: Path, filled: Path) -> Path:
    """A folder of workbooks as they come in: subfolder, archive, sent twice, broken, and files that are none."""
    target = folder / "received"
    shutil.copytree(filled, target)
    towns = target / "镇街"
    towns.mkdir()
    for path in sorted(target.glob("*街道办事处*.xlsx")):
        path.rename(towns / path.name)
    with zipfile.ZipFile(target / "群团和事业单位.zip", "w") as archive:
        for name in PACKED:
            archive.write(target / f"{name}.xlsx", f"{name}.xlsx")
            (target / f"{name}.xlsx").unlink()
    broken = target / "示例农业农村局.xlsx"
    broken.write_bytes(broken.read_bytes()[:20_000])
    (target / "~$示例教育局.xlsx").write_bytes(b"\x08zhangsan")
    (target / "自评报告.docx").write_text("自评报告", "utf-8")
    return target
