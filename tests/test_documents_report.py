"""The 自评报告 of the real department beside the published text: every figure of that is in it, and right."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from perfxl.scheme import builtin_ids, load_scheme
from perfxl.scheme.model import Scheme
from tests.word_files import examples_of, paragraphs, rows, run_of, write

PUBLISHED = Path(__file__).parent / "cases" / "zengcheng-kexie-2022-report.txt"
NAME = "广州市增城区科学技术协会"
_WIDE = str.maketrans("(),:;．", "（），：；.")
FIGURE = re.compile(r"\d+(?:[.-]\d+)*(?:万人次|人次|万元|分钟|余名|[%分场次名月日年所期项个等届])?")

EXCEPTIONS = {
    "二（二）1": (
        Counter({"99.50%": 1}),
        "the published text gives the spending rate as 99.50%, which is the rate of basic expenditure and the score's "
        "share of its points; 639.15 ÷ 642.40 is 99.49%, and that stands in ours",
    ),
}
"""Figures of a paragraph that ours does not have, and why."""


def published() -> dict[str, str]:
    """The paragraphs of the published text by chapter, section and item, `二（二）5`."""
    lines = [line.strip() for line in re.split(r"[\n\f]+", PUBLISHED.read_text("utf-8"))]
    return by_place([line for line in lines if line and not re.fullmatch(r"—\d+—", line)])


def by_place(lines: list[str]) -> dict[str, str]:
    """Texts by the number of the chapter, section and item that they stand in."""
    places: dict[str, str] = {}
    chapter = section = item = ""
    for raw in lines:
        line = re.sub(r"\s+", "", raw).translate(_WIDE)
        if match := re.match(r"([一二三四])、", line):
            chapter, section, item = match[1], "", ""
        elif match := re.match(r"（([一二三四五六七八])）", line):
            section, item = match[0], ""
        elif chapter in "一二" and chapter and (match := re.match(r"(\d{1,2})\.(?!\d)", line)):
            item = match[1]
        place = f"{chapter}{section}{item}"
        number = match[0] if (match := re.match(r"[一二三四]、|（[一二三四五六七八]）|\d{1,2}\.(?!\d)", line)) else ""
        places[place] = places.get(place, "") + line.removeprefix(number)
    return places


def figures(text: str) -> Counter[str]:
    """Every number of a text with its unit."""
    return Counter(FIGURE.findall(text))


def as_published(case: dict[str, Any]) -> dict[str, Any]:
    """The submission with the narrative in the words of the published text."""
    text = published()
    narrative = {
        "duties": re.sub(r"(?=（\d+）)", "\n", text["一（一）1"].removeprefix("部门主要职责")),
        "organisation": text["一（一）2"].removeprefix("部门机构设置情况"),
        "annual_work": text["一（二）"].removeprefix("年度总体工作和重点工作任务"),
        "management": text["一（四）2"].removeprefix("绩效运行监控情况"),
        "achievements": "\n".join(f"{number}.{text[f'二（四）{number}']}" for number in range(1, 6)),
        "problems": "\n".join(f"（{number}）{text[f'三（{number}）']}" for number in "一二三"),
        "measures": "\n".join(f"（{number}）{text[f'四（{number}）']}" for number in "一二"),
    }
    submission: dict[str, Any] = case["submission"]
    return submission | {"narrative": narrative}


@pytest.fixture
def report(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> Path:
    output = run_of([as_published(case)], tmp_path, scheme)
    write(output, "自评报告")
    return output / "文书" / "自评报告" / f"{NAME}.docx"


def test_every_figure_of_the_published_text_is_in_it(report: Path) -> None:
    ours, theirs = by_place(paragraphs(report)), published()
    assert len(theirs) > 30, "the text was taken apart"
    for place, text in theirs.items():
        if not place:
            continue
        missing = figures(text) - figures(ours.get(place, ""))
        assert missing == EXCEPTIONS.get(place, (Counter(),))[0], (place, ours.get(place))


def test_chapters_and_sections_are_those_of_the_published_text(report: Path) -> None:
    ours, theirs = by_place(paragraphs(report)), published()
    for place in theirs:
        assert place in ours, place
    for heading in ("基本情况", "综合评价分析", "存在的主要问题", "下一步改进措施"):
        assert any(text.endswith(heading) or text.startswith(heading) for text in ours.values()), heading


def test_what_the_published_text_has_wrong_is_right_in_ours(report: Path) -> None:
    ours = by_place(paragraphs(report))
    assert "预算资金支出率为99.49%" in ours["二（二）1"]
    assert "99.50%，主要原因是" in ours["二（二）1"], "the share of its points"
    # 89.23 is 99.46% of the adjusted budget, not of the initial one.
    assert "完成年度预算99.46%" in ours["一（三）"]
    assert "完成年初预算" not in ours["一（三）"]


def test_scores_and_reasons_stand_in_the_annex(report: Path) -> None:
    table = rows(report)
    assert [
        "绩效管理",
        "绩效管理制度建设",
        "5",
        "2.5",
        "2.5",
        "管理制度在绩效评价管理和评价结果应用方面存在缺漏，扣减 2.5 分",
    ] in table
    assert sum(row[1] == "全国科普日科普活动场次" for row in table) == 1
    assert table[-1][3:5] == ["96.45", "96.45"]


def test_accepted_scores_are_told_where_they_are_others(case: dict[str, Any], scheme: Scheme, tmp_path: Path) -> None:
    submission = case["submission"]
    submission["facts"]["last_year_rectified"] = "否"
    output = run_of([submission], tmp_path, scheme)
    write(output, "自评报告")
    text = "\n".join(paragraphs(output / "文书" / "自评报告" / f"{NAME}.docx"))
    assert "自评得分 96.45 分，等级为优" in text
    assert "经财政部门审核，认定得分 94.95 分，等级为优" in text


@pytest.mark.parametrize("code", builtin_ids())
def test_what_a_scheme_lacks_is_left_out(code: str, tmp_path: Path) -> None:
    scheme = load_scheme(code)
    output = run_of(examples_of(code), tmp_path, scheme)
    assert write(output).counts["自评报告"] > 0
    for path in (output / "文书" / "自评报告").iterdir():
        texts = [text for text in paragraphs(path) if text.strip()]
        assert not any(re.search(r"\{|\}|None|（）|  ", text) for text in texts), path
        numbers = [text[0] for text in texts if re.match(r"[一二三四]、", text)]
        assert numbers == list("一二三四"[: len(numbers)])
        if code == "xiangmu-2020":
            assert any("项目支出绩效自评报告" in text for text in texts)
            assert not any("部门" in text.replace("财政部门", "").replace("部门预算", "") for text in texts[:8])
