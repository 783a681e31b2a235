"""Documents of the whole run: every figure worked out again, charts beside tables, few and many, several schemes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest

from perfxl.documents.text import shown as visible
from perfxl.documents.whole.counted import REVIEWED
from perfxl.results.batch import Batch
from perfxl.results.kept_results import LastRun, last_run
from perfxl.scheme import load_scheme
from perfxl.scheme.model import Scheme
from tests.oracle_whole import Rows, Whole, rate, shown
from tests.review_runs import kept_run
from tests.sample_batch import HOSTILE_NAMES, sample_batch
from tests.sample_schemes import bare_scheme, district_scheme, project_scheme
from tests.test_review_results import reviewed, several
from tests.whole_runs import both_of, charts_of, document_of, record_of, tables_of
from tests.word_files import examples_of, paragraphs, run_of, write

CASES: dict[str, Callable[[], Batch]] = {
    "one": lambda: sample_batch(2, returned=1),
    "twelve": lambda: sample_batch(12, returned=2),
    "many": lambda: sample_batch(300, returned=7),
    "none ranked": lambda: sample_batch(4, returned=4),
    "reviewed": lambda: reviewed(load_scheme(), 20),
    "district": lambda: reviewed(district_scheme(), 30),
    "projects": lambda: reviewed(project_scheme(), 15),
    "bare": lambda: sample_batch(6, returned=1, scheme=bare_scheme()),
}


@pytest.fixture(scope="module", params=CASES)
def case_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A batch as the last run, both documents on it, and the oracle."""
    batch = CASES[request.param]()
    last, notice, analysis = both_of(batch, tmp_path_factory.mktemp("whole"))
    return batch, last, notice, analysis, Whole(last.document, batch.scheme, last.departments())


def only(path: Path, title: str) -> Rows:
    """The rows of the table with that title, none where there is none."""
    found = [rows for name, rows in tables_of(path) if title in name]
    assert len(found) <= 1, (title, len(found))
    return found[0] if found else []


def text_of(path: Path) -> str:
    return "\n".join(paragraphs(path))


def test_scores_are_those_of_run_json(case_of: Any) -> None:
    _, last, notice, analysis, own = case_of
    for path in (notice, analysis):
        text = text_of(path)
        for figure in own.figures():
            assert figure in text, figure
        assert only(path, "等级分布") == own.grades()
        assert only(path, "各类别报送和得分情况") == own.by_category(last.document["rostered"])
        assert only(path, "得分排名表") == own.ranking()
        assert len(own.ranked) + len(own.returned) == len(own.sent)


def test_who_sent_is_told(case_of: Any) -> None:
    batch, last, notice, analysis, own = case_of
    one = batch.scheme.evaluated.word
    for path in (notice, analysis):
        text = text_of(path)
        all_ = len(own.sent) + len(own.missing)
        if own.missing:
            share = rate(Fraction(len(own.sent)), Fraction(all_))
            assert (
                f"应报送 {all_} 个{one}，已报送 {len(own.sent)} 个，报送率 {share}，未报送 {len(own.missing)} 个。"
                in text
            )
        else:
            rostered = last.document["rostered"]
            assert (f"应报送的 {all_} 个{one}全部报送" if rostered else f"共有 {all_} 个{one}报送。") in text
        if own.returned and own.ranked:
            assert f"评分 {len(own.ranked)} 个，退回修改 {len(own.returned)} 个。" in text
    listed = {(row[0], row[2]) for row in only(notice, "逾期报送名单")}
    wanted = {(own.name(entry), "未报送") for entry in own.missing}
    wanted |= {(own.name(entry), "退回未重报") for entry in own.returned}
    assert listed == {(visible(name), state) for name, state in wanted}
    lines = only(analysis, f"各{one}情况")
    results = {own.name(entry): entry for entry in (*own.sent, *own.missing)}
    assert len(lines) == len(results) == all_
    for _, name, state, total, grade, _, _, count in lines:
        entry = next(entry for title, entry in results.items() if visible(title) == name)
        assert state == {"scored": "已评分", "returned": "退回修改", "missing": "未报送"}[entry["status"]]
        valid = entry["status"] == "scored"
        assert (total, grade) == ((entry["total"], entry["grade"]) if valid else ("—", "—"))
        assert int(count) == sum(finding["file"] == entry["file"] for finding in own.findings)


def test_indicators_are_those_of_run_json(case_of: Any) -> None:
    _, _, notice, analysis, own = case_of
    for path in (notice, analysis):
        assert only(path, "二级指标得分情况") == own.levels()
    wanted = own.indicators()
    assert [row[1:] for row in only(analysis, "三级指标得分情况")] == list(wanted.values())
    losing = sorted((row for row in wanted.values() if row[4] != "0"), key=lambda row: -Decimal(row[6]))[:10]
    assert only(notice, "扣分最多的三级指标") == [[*row[:5], row[6]] for row in losing]
    text = text_of(notice)
    if own.ranked:
        total = sum((own.lost(score) for one in own.ranked for score in one["scores"] if score.get("applies", True)),
                    Fraction(0))  # fmt: skip
        assert f"共扣 {shown(total)} 分" in text
        low = sorted(own.lowest(), key=lambda pair: pair[1])[:5]
        assert "".join(f"（{rate(value, Fraction(1))}）" for _, value in low) == "".join(
            re.findall(r"（[\d.]+%）", text.split("得分率最低的是")[1].split("\n")[0])
        )


def test_problems_are_those_of_run_json(case_of: Any) -> None:
    _, _, notice, analysis, own = case_of
    wanted = sorted(own.problems().values(), key=lambda pair: -pair[0])
    rows = only(analysis, "填报中的问题")
    assert sorted((int(row[2]), int(row[3])) for row in rows) == sorted(wanted)
    assert [int(row[2]) for row in rows] == [count for count, _ in wanted], "the most frequent first"
    assert only(notice, "最常见的问题") == rows[:10]
    for severity, word in (("error", "错误"), ("warning", "提醒")):
        if count := sum(one["severity"] == severity for one in own.findings):
            assert f"{word} {count} 个" in text_of(analysis)


def test_who_is_near_or_far_above_is_told(case_of: Any) -> None:
    _, _, notice, analysis, own = case_of
    for path in (notice, analysis):
        assert [row[0] for row in only(path, "临界名单")] == [visible(name) for name in own.near()]
        assert only(path, "自评偏高名单") == own.gaps()
        above = [own.over(one) for one in own.ranked if own.over(one) > 0]
        if len(above) > 1 and len(own.ranked) > 1:
            words = f"平均高 {shown(sum(above) / len(above))} 分"
            assert words in text_of(path)
            assert f"高 {shown(max(above))} 分" in text_of(path)


def test_what_reviews_did_is_told(case_of: Any) -> None:
    _, _, notice, analysis, own = case_of
    assert only(analysis, "复核结果") == own.reviews()
    assert only(analysis, "复核改分的三级指标") == own.review_indicators()
    assert ("复核情况" in text_of(analysis)) == bool(own.reviewed)
    assert ("项次指标" in text_of(notice)) == bool(own.reviewed)
    scores = [score for one in own.reviewed for score in one["scores"] if "before" in score]
    if scores:
        changed = sum(score["before"] != score["score"] for score in scores)
        assert f"共复核 {len(scores)} 项次指标，改分 {changed} 项次" in text_of(analysis)
        for flag in ("关注", "通报"):
            count = sum(own.flag(one) == flag for one in own.reviewed)
            assert (f"列为{flag}的有 {count} 个" in text_of(notice)) == bool(count)


def test_money_is_that_of_the_departments(case_of: Any) -> None:
    batch, _, _, analysis, own = case_of
    rows = only(analysis, "预算和支出（万元）")
    assert [[row[0], row[1], row[3], row[4], row[5]] for row in rows] == own.spending()
    bound = batch.scheme.thresholds.low_rate
    slow = [item for item in batch.ranked if item.spending_rate is not None and item.spending_rate < bound]
    slow.sort(key=lambda item: item.spending_rate or 0)
    assert [row[0] for row in only(analysis, "支出率低的")] == [visible(item.title) for item in slow[:30]]
    if slow:
        assert f"支出率低于 {rate(Fraction(bound), Fraction(1))} 的有 {len(slow)} 个" in text_of(analysis)


def test_charts_show_the_tables(case_of: Any) -> None:
    _, _, notice, analysis, own = case_of
    for path in (notice, analysis):
        charts = {chart.title: chart for chart in charts_of(path)}
        for chart in charts.values():
            assert [row[0] for row in chart.book[1:]] == chart.names
            for column, (name, values) in enumerate(chart.values.items(), 1):
                assert chart.book[0][column] == name
                assert [Decimal(str(row[column])) for row in chart.book[1:]] == values
        if own.ranked:
            (counts,) = charts["等级分布"].values.values()
            assert [[name, str(count)] for name, count in zip(charts["等级分布"].names, counts, strict=True)] == [
                row[:2] for row in own.grades()
            ]
        else:
            assert not charts
        if chart := charts.get("各类别平均得分"):
            rows = [
                [name, shown(Fraction(value))] for name, value in zip(chart.names, *chart.values.values(), strict=True)
            ]
            assert rows == [[row[0], row[4]] for row in only(path, "各类别报送和得分情况") if row[4] != "—"]
        if chart := charts.get("二级指标得分率"):
            rates = [rate(Fraction(value), Fraction(1)) for value in next(iter(chart.values.values()))]
            assert rates == [row[4] for row in own.levels()]
    if own.reviewed:
        chart = charts["自评得分和复核后得分"]
        assert [[shown(Fraction(a)), shown(Fraction(b))] for a, b in zip(*chart.values.values(), strict=True)] == [
            [row[2], row[4]] for row in own.reviews()[:12]
        ]


def test_names_stay_what_was_written(tmp_path: Path) -> None:
    batch = sample_batch(40)
    names = [
        *HOSTILE_NAMES,
        "{{ 年度 }}",
        "{% for x in y %}",
        "坏\x00字\x1f",
        "<w:fldSimple w:instr='DATE'/>",
        "长" * 5_000,
    ]
    batch.departments = [
        replace(item, name=names[place]) if place < len(names) else item for place, item in enumerate(batch.departments)
    ]
    _, notice, analysis = both_of(batch, tmp_path)
    for path in (notice, analysis):
        listed = [row[1] for title, rows in tables_of(path) for row in rows if "排名表" in title]
        assert listed == [visible(item.title) for item in batch.ranked]
        body = docx.Document(str(path)).element.body
        ns = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
        assert not any(True for tag in ("fldSimple", "hyperlink", "instrText") for _ in body.iter(ns + tag))


def test_each_of_several_schemes_has_its_own_chapter(tmp_path: Path) -> None:
    batches = [reviewed(load_scheme(), 12), reviewed(project_scheme(), 9)]
    batch = several(batches)
    last, notice, analysis = both_of(batch, tmp_path)
    for path in (notice, analysis):
        text = paragraphs(path)
        heads = [line for line in text if re.match("[一二三四五六七八]、", line)]
        assert [line.split("、")[1] for line in heads[1:3]] == ["部门整体支出", "项目"]
        sections = [line for line in text if re.match("（[一二三四五六七八]）", line)]
        assert sections[0].startswith("（一）")
        ranked = [rows for title, rows in tables_of(path) if title.endswith("得分排名表")]
        for scheme, rows in zip(batch.schemes, ranked, strict=True):
            assert rows == Whole(last.document, scheme, last.departments()).ranking()
        assert any("单位汇总表" in title for title, _ in tables_of(path))
        names = re.findall(r"word/charts/chart\d+\.xml", "\n".join(_names(path)))
        assert len(names) == len(set(names)) >= 8
        assert not [line for line in text if "{" in line]


def _names(path: Path) -> list[str]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return archive.namelist()


def test_without_a_roster_nobody_is_said_to_be_missing(tmp_path: Path) -> None:
    batch = sample_batch(8)
    batch = replace(batch, files=[file for file in batch.files if file.path], rostered=False)
    _, notice, _ = both_of(batch, tmp_path)
    text = text_of(notice)
    assert "共有 8 个部门报送。" in text
    assert "应报送" not in text
    assert "未报送的" not in text.split("有关要求")[0]
    assert {row[2] for row in only(notice, "各类别报送和得分情况")} == {"—"}


def test_nothing_to_say_is_left_out(tmp_path: Path) -> None:
    text = text_of(document_of(kept_run(sample_batch(3, returned=3), tmp_path / "o"), "通报", tmp_path / "a.docx"))
    assert "全部退回修改，尚无得分和等级" in text
    for words in ("None", "  ", "平均", "指标得分情况", "临界"):
        assert words not in text
    record = record_of(kept_run(sample_batch(3, returned=3), tmp_path / "p"), "汇总分析")
    assert record.ranking_annex == ""
    assert record.lines_annex == "附件"


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> LastRun:
    """A real run of the examples after the deadline, of which one workbook came twice."""
    folder = tmp_path_factory.mktemp("late")
    scheme = load_scheme()
    scheme = replace(scheme, header=replace(scheme.header, deadline="2023-01-31"))
    output = run_of(examples_of("guangzhou-2022"), folder, scheme)
    write(output, "通报", "汇总分析", "反馈意见")
    return last_run(output)


def test_the_register_says_who_was_late_and_sent_again(late: LastRun) -> None:
    document = late.document
    facts = {fact.key for fact in late.schemes[0].facts if fact.source == "按时报送"}
    slow = {
        one["name"]
        for one in document["departments"]
        for item in one["official"]
        if item["fact"] in facts and item["official"] == "否"
    }
    assert slow
    record = record_of(late, "通报")
    listed = {line.name for line in record.groups[0].states if line.state == "逾期报送"}
    assert listed == slow
    assert any(f"逾期报送的有 {len(slow)} 个：" in words for words in record.by_name)
    lines = [line for line in document["register"] if line["status"] != "重复"]
    again = {line["code"] for line in lines if line["number"] > 1}
    assert f"累计收到 {len(lines)} 份填报，报送两次及以上的 {len(again)} 个" in record.reporting[0]
    owed = {one["name"]: one for one in document["owed"]}
    for line in record.groups[0].states:
        if line.state == "退回未重报":
            year, month, day = map(int, owed[line.name]["returned"].split("-"))
            assert f"退回 {year}年{month}月{day}日" in line.words


def test_the_letter_tells_of_the_register_and_of_reviews(late: LastRun, scheme: Scheme, tmp_path: Path) -> None:
    letters = "\n".join(text_of(path) for path in (late.output / "文书" / "反馈意见").glob("*.docx"))
    told = [
        item for one in late.document["departments"] for item in one["official"] if item["written"] != item["official"]
    ]
    assert told
    for item in told:
        assert f"按往来登记为“{item['official']}”（{item['basis']}）" in letters
    last, looked = kept_run(reviewed(scheme, 12), tmp_path / "o"), 0
    write(tmp_path / "o", "反馈意见")
    for one in last.departments():
        path = tmp_path / "o" / "文书" / "反馈意见" / f"{one.title}.docx"
        if one.review_status not in REVIEWED or not path.exists():
            continue
        looked += 1
        text = "\n".join([text_of(path), *(cell for _, rows in tables_of(path) for row in rows for cell in row)])
        assert "审核和复核" in text
        for score in one.scores:
            if score.before is not None and score.lost > 0 and score.before != score.score:
                assert f"复核：{score.before:.2f} 改为 {score.score:.2f}" in text
                assert score.review_reason in text
    assert looked > 3


def test_documents_of_the_run_have_a_folder_each_and_are_no_part_of_what_some_departments_get(late: LastRun) -> None:
    folder = late.output / "文书"
    assert [path.name for path in (folder / "自评情况通报").glob("*.docx")] == [
        "关于2022年度部门整体支出绩效自评情况的通报.docx"
    ]
    assert [path.name for path in (folder / "汇总分析报告").glob("*.docx")] == [
        "2022年度部门整体支出绩效评价汇总分析报告.docx"
    ]
    before = {path: path.read_bytes() for path in folder.rglob("*.docx") if "通报" in str(path)}
    counts = write(late.output, departments=["示例水务局"]).counts
    assert set(counts) == {"自评报告", "反馈意见", "公开稿"}
    assert {path: path.read_bytes() for path in before} == before
    assert json.loads((late.output / "run.json").read_bytes())["rostered"] is False
