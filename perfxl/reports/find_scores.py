"""Claims on scores: total and grade, points, scores and rates of indicators, numbers of KPIs by level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from perfxl.reports.claims import POINTS, RATE, SCORE, Claim, Kind
from perfxl.reports.figures import CHINESE, DIGITS, PERCENT, Figure, counted, figure_of
from perfxl.reports.names import GRADE_WORDS, Names
from perfxl.reports.sentences import Sentence

_IS = r"(?:为|是|：|共|计|达到?)?"
_ATOMS = {
    POINTS: re.compile(
        rf"(?:(?:指标)?分值|满分|标准分|权重分?|总分值)(?:均)?{_IS}(?P<digits>{DIGITS})分?(?![\d.%])|（(?:共|满分)?(?P<bracket>{DIGITS})分）"
    ),
    SCORE: re.compile(
        rf"(?<!认定)(?<!核定)(?:(?:自评|评价|实际|自我评价|评定)?(?:得分|评分)|自评|实得|(?<![获取])得(?=[\d：]))(?:合计|结果|分数)?{_IS}(?P<digits>{DIGITS})分(?!值)"
    ),
    RATE: re.compile(rf"得分率(?:均)?{_IS}(?=[\d百约近])"),
}
_NEAR = re.compile(r"(?:（[^）]{0,12}）)?(?:这?[一该项]*(?:二级|三级|一级)?指标|方面|部分|情况)?[，：]?")
"""What may stand between a name and what is said of it."""
_TOTAL = re.compile(
    rf"(?:(?:自评|自我评价|评价|综合|总体|最终|绩效)*(?:总得分|总分|总评分|得分|评分|分数)|自评)(?:合计|结果)?{_IS}(?P<digits>{DIGITS})分(?!值)"
)
_TOTAL_LEAD = re.compile(
    r"20\d\d年度?|本年度?|年度|我|本|该|区|全|部门|单位|局|项目|整体|支出|绩效|自评|自我|评价|结果|结论|综合|总体|最终|经|按照?|"
    r"根据|按|对照|计算|认真|组织|通过|预算|资金|的|情况|为|是|总|得分|评分|工作|开展|方案|评分标准|标准|指标体系|后|，|其中|因此|综上|所述|一|\(|\)|（|）"
)
_SURE_TOTAL = re.compile(r"总得分|总分(?!值)|总评分|综合|整体支出|部门|单位|项目支出|自评结论|自评结果")
_GRADE = re.compile(
    r"(?:等级|等次|级别|档次|评级|评定|评为|结果|结论)(?:评定|均)?(?:为|是|：|属于?|达到)?[“\"‘「]?"
    r"(?P<word>优秀|良好|中等|较差|优|良|中|差)(?=[”\"’」。，；、）！]|等|级|档|$)"
)
_GRADE_BEHIND = re.compile(
    r"(?:评为|达到|属于?|为)[“\"‘「]?(?P<word>优秀|良好|中等|较差|优|良|中|差)[”\"’」]?(?:等级|等次|级|档)"
)
_NOT_OURS = re.compile(
    r"认定|核定|审核|复核|上年|去年|上一年|往年|拟|力争|争取|预计|计划|目标是|标准为|分以上|以下为|可评"
)
_BANDS = re.compile(r"(?:\d分?(?:（含）?)?以上|≥\d|\d+[-—~至]\d+分)")
_LEVEL = "[一二三]级"
_LEVELS = (
    re.compile(rf"(?P<count>\d{{1,3}}|{CHINESE})(?:个|项|条)?(?P<level>{_LEVEL})(?:绩效|评价)?指标"),
    re.compile(
        rf"(?P<level>{_LEVEL})(?:绩效|评价)?指标(?:共计|共|总共|一共|分别|有|设立?置?了?|包括|合计|为)*(?P<count>\d{{1,3}}|{CHINESE})(?:个|项|条)"
    ),
)


def score_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """Points, scores and rates of indicators by name."""
    plain = sentence.plain
    if _NOT_OURS.search(plain[:6]):
        return
    found = [match for match in names.indicator_pattern.finditer(plain) if _starts_atom(plain, match.end())]
    for number, match in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else len(plain)
        end = _scope_end(plain, match.end(), stop)
        yield from _atoms(sentence, match[0], match.end(), end)


def _starts_atom(plain: str, at: int) -> bool:
    """Whether the first thing said behind a name is its points, score or rate."""
    near = _NEAR.match(plain, at)
    places = {at, near.end() if near else at}
    return any(atom.match(plain, place) for atom in _ATOMS.values() for place in places)


def _scope_end(plain: str, start: int, stop: int) -> int:
    ends = [
        place
        for mark in ("；", "其中", "主要原因", "原因是", "扣分原因", "因为", "由于")
        if (place := plain.find(mark, start, stop)) >= 0
    ]
    return min((stop, *ends))


def _atoms(sentence: Sentence, name: str, start: int, end: int) -> Iterator[Claim]:
    plain = sentence.plain
    for column, pattern in _ATOMS.items():
        match = pattern.search(plain, start, end)
        if match is None:
            continue
        if column == RATE:
            rate = PERCENT.match(plain, match.end(), end)
            if rate is not None:
                yield Claim(Kind.SCORE, name, RATE, sentence, match.start(), rate.end(), figure_of(rate))
            continue
        digits = match.groupdict().get("digits") or match.groupdict().get("bracket") or ""
        yield Claim(
            Kind.SCORE, name, column, sentence, match.start(), match.end(), Figure(_number(digits), f"{digits}分")
        )


def _number(digits: str) -> Decimal:
    return Decimal(digits)


def total_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """The total of the self-evaluation, and its grade."""
    plain = sentence.plain
    if any(_starts_atom(plain, match.end()) for match in names.indicator_pattern.finditer(plain)):
        return
    total = None
    for match in _TOTAL.finditer(plain):
        clause = max(plain.rfind(mark, 0, match.start()) for mark in "，；：") + 1
        lead = plain[clause : match.start()]
        if not clause or _SURE_TOTAL.search(lead + match[0]):
            whole = lead + match[0]
        else:
            # “经自评，得分为 …” goes on from the clause before.
            whole = plain[max(plain.rfind(mark, 0, clause - 1) for mark in "，；：") + 1 : match.end()]
            lead = whole[: len(whole) - len(match[0])]
        if _NOT_OURS.search(whole) or _other_year(whole, names.year) or not _SURE_TOTAL.search(whole):
            continue
        if _strange(lead, names):
            continue
        total = match
        yield Claim(
            Kind.TOTAL,
            "",
            "",
            sentence,
            match.start(),
            match.end(),
            Figure(_number(match["digits"]), f"{match['digits']}分"),
        )
        break
    grade = _GRADE.search(plain) or _GRADE_BEHIND.search(plain)
    if grade is None or _BANDS.search(plain):
        return
    lead = plain[: grade.start()]
    before = lead[max(lead.rfind("；"), lead.rfind("。")) + 1 :]
    if _NOT_OURS.search(before + plain[grade.start() : grade.end()]) or _other_year(before, names.year):
        return
    if total is None and not re.search(r"自评|绩效评价|自我评价", plain[max(grade.start() - 14, 0) : grade.end()]):
        return
    if total is None and _strange(before, names):
        return
    word = grade["word"]
    if GRADE_WORDS[word] in {GRADE_WORDS.get(name, name) for name in names.grades}:
        yield Claim(Kind.GRADE, "", "", sentence, grade.start(), grade.end(), word=word)


def _strange(lead: str, names: Names) -> bool:
    """Whether the words before a score say more than that it is the total of the department."""
    rest = _TOTAL_LEAD.sub("", names.department_pattern.sub("", lead))
    return bool(rest) and not names.means_department(rest)


def _other_year(text: str, year: int) -> bool:
    return any(int(found) != year for found in re.findall(r"(20\d\d)年", text))


def level_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """How many KPIs of a level there are said to be."""
    plain = sentence.plain
    if "指标" not in plain or _other_year(plain, names.year):
        return
    taken: set[str] = set()
    for pattern in _LEVELS:
        for match in pattern.finditer(plain):
            number, level = counted(match["count"]), match["level"]
            lead = plain[max(match.start() - 6, 0) : match.start("count")]
            if (
                number is None
                or level in taken
                or re.search(r"[其前后第]|完成|中有|未|扣", lead + plain[match.start() : match.start() + 1])
            ):
                continue
            if re.match(r"(?:已|均|全部|未|没有|完成|达到|扣|得)", plain[match.end() :]):
                continue
            taken.add(level)
            shown = match[0]
            yield Claim(Kind.LEVELS, level, "", sentence, match.start(), match.end(), Figure(number, shown))


def year_claims(sentence: Sentence, names: Names) -> Iterator[Claim]:
    """The year in the title of a report."""
    match = re.search(r"(20\d\d)年度?[^。，]{0,50}?(?:绩效)?自评(?:情况)?报告", sentence.plain)
    if match is not None and len(sentence.plain) <= 90 and not re.search(r"通知|要求|关于报送", sentence.plain):
        yield Claim(
            Kind.YEAR, "", "", sentence, match.start(), match.end(), Figure(_number(match[1]), f"{match[1]}年度")
        )
