"""Batches made by code for the tests of the result workbooks: ties, returned workbooks, hostile names and texts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from perfxl.checks.finding import Finding, Severity
from perfxl.decimals import ZERO, half_up
from perfxl.outcome import apply_quotas, applying, finish, full_where_not_applying, score_where_not_applying
from perfxl.results.batch import Batch, FileRecord, Status
from perfxl.scheme import load_scheme
from perfxl.scheme.model import BASE, Indicator, Scheme
from perfxl.scoring.result import DepartmentResult, FactResult, FundsResult, IndicatorScore, KpiResult, TaskResult
from tests.sample_schemes import LIMIT_WORDS, UNITS

FIXED_SHEETS = ("总览", "排名", "得分矩阵", "扣分明细", "指标分析", "问题清单", "收件清单")
"""The sheets of a summary before those of the departments."""

HOSTILE_NAMES = (
    "=1+1",
    "[甲]/乙*丙?",
    "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（区乡村振兴工作专班）第一分部",
    "区农业农村和水务海洋渔业综合行政执法协调领导小组办公室（区乡村振兴工作专班）第二分部",
    "'区档案局'",
    "CON",
    "😀科普中心",
    "History",
    "排名",
    "@SUM(A1:A9)",
)
PLAIN_NAMES = (
    "区政府办公室", "区发展和改革局", "区教育局", "区科学技术局", "区工业和信息化局", "区民政局", "区司法局",
    "区政务服务数据管理局", "区人力资源和社会保障局", "区生态环境局", "区住房和城乡建设局", "区交通运输局", "区水务局",
    "区农业农村局", "区商务局", "区文化广电旅游体育局", "区卫生健康局", "区退役军人事务局", "区应急管理局",
    "区审计局", "区市场监督管理局", "区统计局", "区医疗保障局", "区城市管理和综合执法局", "区信访局",
    "区总工会", "团区委", "区妇联", "区科协", "区残联", "区图书馆", "区人民医院", "区疾控中心", "荔城街道",
    "增江街道", "朱村街道", "永宁街道", "新塘镇", "石滩镇", "中新镇", "正果镇", "派潭镇", "小楼镇", "仙村镇",
)  # fmt: skip
REASONS = (
    "个别项目受疫情影响未按计划开展，酌情扣减",
    "制度尚未覆盖绩效评价管理环节，已列入下年度工作计划",
    '=HYPERLINK("http://example.com","点我")',
    "年中机构改革，部分项目划转至其他部门，合同签订时间顺延；已于 2022 年 12 月底前全部补签，并完善了合同管理台账",
)
HOSTILE_TEXTS = (
    "=1+1",
    "<r>粗体&</r>",
    "坏\x00字\x1f符\ud83d",
    "😀" * 10 + "👨‍👩‍👧",
    "长" * 40_000,
    " _x0041_ ",
    "\u202e反\u200b向\ufeff",
    "\"引号\", '单引号' & <标记>",
    "\r\n\t换行",
)
FINDINGS = (
    ("W201", Severity.WARNING, "自评高于计算得分", "管理效率", "D17"),
    ("W305", Severity.WARNING, "支出率低未说明", "收支情况", "C14"),
    ("I102", Severity.INFO, "完成率超过 120%", "绩效指标", "H9"),
    ("W118", Severity.WARNING, "指标完成与支出率不匹配", "绩效指标", ""),
    ("I207", Severity.INFO, "未填佐证材料", "绩效指标", "L8:L20"),
)
ERRORS = (
    ("E101", Severity.ERROR, "必填项未填", "收支情况", "C5"),
    ("E112", Severity.ERROR, "支出数大于调整预算数", "收支情况", "D4"),
)


@dataclass
class _Maker:
    scheme: Scheme
    random: random.Random

    def department(self, number: int, name: str, *, twin: DepartmentResult | None = None) -> DepartmentResult:
        """A scored department; a twin takes over all scores of another, so that the two tie."""
        categories = [category.name for category in self.scheme.categories]
        funds = self.funds()
        rate = funds[0].spent / funds[0].adjusted
        category = categories[number % len(categories)]
        scores = twin.scores if twin else self.scores(rate)
        limits: tuple[int, ...] = ()
        if self.scheme != load_scheme():
            scores, limits = tuple(map(self.declared, scores)), self.limits(rate)
            scores = tuple(self.applicable(score, category, scores) for score in scores)
        outcome = finish(self.scheme, scores, limits, category)
        result = DepartmentResult(
            code=f"440118{number:03d}",
            name=name,
            category=category,
            file=f"{number:03d}_报送.xlsx",
            status=Status.SCORED,
            scores=scores,
            total=outcome.total,
            grade=outcome.grade,
            self_total=outcome.self_total,
            self_grade=outcome.self_grade,
            near_threshold=outcome.near_threshold,
            capped_from=outcome.capped_from,
            adjusted=funds[0].adjusted,
            spent=funds[0].spent,
            spending_rate=rate,
            limits=limits,
            limit_words=tuple(LIMIT_WORDS[limit] for limit in limits),
            facts=self.facts(),
            funds=funds,
            kpis=self.kpis() if self.scheme.has_kpis else (),
            tasks=self.tasks() if self.scheme.has_tasks else (),
        )
        result.take(outcome)
        if not self.scheme.funds_table:
            result.adjusted = result.spent = result.spending_rate = None
            result.funds = ()
        if self.scheme.evaluated.is_project:
            result.project, result.project_code = name, f"P{number:03d}"
            result.code, result.name = UNITS[number % len(UNITS)]
        return result

    def declared(self, score: IndicatorScore) -> IndicatorScore:
        """Some departments say that an indicator does not concern them."""
        indicator = self.scheme.indicator_by_code[score.code]
        return replace(score, self_score=None) if indicator.declared and self.random.random() < 0.3 else score

    def applicable(self, score: IndicatorScore, category: str, scores: tuple[IndicatorScore, ...]) -> IndicatorScore:
        """The score as it is where its indicator may not apply."""
        declared = {item.code for item in scores if item.self_score is None}
        if score.code in applying(self.scheme, category, declared):
            return score
        indicator = self.scheme.indicator_by_code[score.code]
        full = full_where_not_applying(indicator)
        accepted = score_where_not_applying(indicator)
        words = "不适用，得满分" if full else "不适用，不计分"
        return replace(
            score, self_score=None, computed=accepted if full else None, review=None, score=accepted, applies=False,
            reason=None, explanation=words,
        )  # fmt: skip

    def limits(self, rate: Decimal) -> tuple[int, ...]:
        """Some of the caps and vetoes of a scheme hold: the first at a low spending rate, the others by chance."""
        chosen = [number for number in range(1, len(self.scheme.limits)) if self.random.random() < 0.12]
        return tuple([0] * (bool(self.scheme.limits) and rate < Decimal("0.8")) + chosen)

    def facts(self) -> tuple[FactResult, ...]:
        """What is shown beside the scores, of a scheme that asks for it."""
        if not self.scheme.derived:
            return ()
        staff = self.random.randint(20, 90)
        return (
            FactResult("staff", "在职人数", "人", str(staff)),
            FactResult("vehicles", "公务用车运行费", "万元", "1234.50"),
            FactResult("remark", "其他说明", "", self.random.choice(REASONS)),
            FactResult("per_head", "人均支出", "元/人", "81234.567891", f"639.15 ÷ {staff} × 10000"),
            FactResult("carry", "结转结余率", "%", "", "缺少数据或分母为 0，无法计算"),
        )

    def grade(self, total: Decimal) -> str:
        return next(band.name for band in self.scheme.grade_bands if total >= band.floor)

    def funds(self) -> tuple[FundsResult, ...]:
        basic = Decimal(self.random.randint(20_000, 900_000)) / 100
        project = Decimal(self.random.randint(5_000, 2_000_000)) / 100
        share = Decimal(self.random.randint(7800, 10000)) / 10000
        parts = []
        for label, adjusted in (("基本支出", basic), ("项目支出", project)):
            spent = half_up(adjusted * share)
            parts.append(self.funds_row(label, None, adjusted, spent))
        adjusted, spent = basic + project, sum((part.spent or ZERO for part in parts), ZERO)
        initial = half_up(adjusted * Decimal("0.96"))
        return (self.funds_row("合计", initial, adjusted, spent), *parts)

    def funds_row(self, label: str, initial: Decimal | None, adjusted: Decimal, spent: Decimal) -> FundsResult:
        amounts = {"initial": initial, "adjusted": adjusted, "spent": spent, "left": adjusted - spent}
        shown = {key: amounts[key] for key in self.scheme.funds_table.columns}
        return FundsResult(label, label == "合计", shown)

    def scores(self, rate: Decimal | None) -> tuple[IndicatorScore, ...]:
        quality = self.random.random()
        return tuple(self.score(indicator, quality, rate) for indicator in self.scheme.indicators)

    def score(self, indicator: Indicator, quality: float, rate: Decimal | None) -> IndicatorScore:
        points = indicator.points
        if indicator.nature != BASE:
            return self.outside(indicator)
        computed = points
        explanation = "全部为“是”，得分 = " + f"{points:.2f}"
        if self.random.random() > 0.55 + 0.4 * quality:
            computed = half_up(points * Decimal(self.random.choice((0, 50, 75, 88, 95))) / 100)
            explanation = f"“否”：管理制度覆盖评价结果应用；其余得分 1.25 + 1.25 + 1.25 = {computed}"
        if indicator.code == "A03" and rate is not None:
            computed = half_up(min(rate, Decimal(1)) * points)
            explanation = f"639.15 ÷ 642.40 × 10 = {computed}"
        own = points if self.random.random() > 0.5 else computed
        score, review, reason = min(own, computed), None, None
        if score < points:
            reason = self.random.choice(REASONS)
        if self.random.random() < 0.02:
            review = score = half_up(points / 2)
            reason = "复核：佐证材料不足，按一半计分"
        return IndicatorScore(
            indicator.code, points, own, computed, review, score, reason=reason, explanation=explanation
        )

    def outside(self, indicator: Indicator) -> IndicatorScore:
        """A score of what is added or deducted outside the hundred: mostly nothing."""
        score = half_up(indicator.points * Decimal(self.random.choice((0, 0, 0, 50, 100))) / 100)
        reason = "见表彰文件" if score else None
        explanation = f"1 项 × {score} = {score}" if score else "没有，得 0.00"
        return IndicatorScore(
            indicator.code, indicator.points, score, score, None, score, indicator.nature,
            reason=reason, explanation=explanation,
        )  # fmt: skip

    def kpis(self) -> tuple[KpiResult, ...]:
        rows = []
        for number in range(self.random.randint(8, 14)):
            level = self.scheme.kpi_levels[number % len(self.scheme.kpi_levels)]
            target = self.random.randint(10, 90)
            done = target + self.random.randint(-4, 12)
            share = Decimal(done) / target
            weight = Decimal(4)
            score = half_up(min(share, Decimal(1)) * weight)
            explanation = f"{done} ÷ {target} × 4 = {score}"
            rows.append(
                KpiResult(
                    level.level1, level.level2, f"全国科普日科普活动场次（第 {number + 1} 项）", "≥", str(target),
                    "场", str(done), weight, score, share, score, explanation, "" if score == weight else REASONS[0],
                    "活动台账", score,
                )
            )  # fmt: skip
        rows.append(
            KpiResult(
                "效益指标", "社会效益指标", "科普活动如期举行", "=", "达成预期", "", "基本达成", Decimal(4),
                Decimal("3.2"), Decimal("0.8"), Decimal("3.2"), "基本达成，80% × 4 = 3.20", REASONS[2], "延期说明",
                Decimal("3.2"),
            )
        )  # fmt: skip
        return tuple(rows)

    def tasks(self) -> tuple[TaskResult, ...]:
        budget, spent = Decimal("35.35"), Decimal("35.29")
        done = "全国科普日、科技活动周、校园行、电视栏目等按计划完成，惠及群众 7000 人次"
        return (
            TaskResult("统筹全区科普工作", budget, spent, spent / budget, done, ""),
            TaskResult("新建科普特色村", None, None, None, "已完成", ""),
        )

    def findings(
        self, department: DepartmentResult, kinds: tuple[tuple[str, Severity, str, str, str], ...]
    ) -> list[Finding]:
        return [
            Finding(
                code, severity, title, department.file, department.name, sheet, cell, "=0/0" if cell else "",
                "0～20 的数",
                f"{sheet}{cell}：{title}，填报与计算相差 0.75 分，需要核实佐证材料", "请核对后改正，或补充说明原因",
            )
            for code, severity, title, sheet, cell in kinds
        ]  # fmt: skip


def sample_batch(count: int, *, returned: int = 2, seed: int = 7, scheme: Scheme | None = None) -> Batch:
    """A batch of so many departments, the last `returned` of them returned; with rejected and other files.

    scheme: another one than the built-in, whose caps, vetoes and quotas have their effects.
    """
    built_in = scheme is None
    scheme = scheme or load_scheme()
    maker = _Maker(scheme, random.Random(seed))
    plain = [name if turn == 0 else f"{name}{turn + 1}分局" for turn in range(40) for name in PLAIN_NAMES]
    names = [*HOSTILE_NAMES[: max(0, count - 4)], *plain][:count]
    maker.random.shuffle(names)
    departments: list[DepartmentResult] = []
    for number, name in enumerate(names, 1):
        twin = departments[-1] if number % 6 == 0 else None
        departments.append(maker.department(number, name, twin=twin))
    findings: list[Finding] = []
    for place, department in enumerate(departments):
        kinds = tuple(kind for kind in FINDINGS if maker.random.random() < 0.45)
        if place >= count - returned:
            department.status = Status.RETURNED
            kinds = (*ERRORS, *kinds)
        findings += maker.findings(department, kinds)
    if built_in and departments and departments[0].status == "scored":
        _cap(maker, departments[0])
    in_order = ranked(departments)
    apply_quotas(scheme, [item for item in in_order if item.ranked])
    return Batch(
        scheme=scheme,
        scheme_sha256="ab" * 32,
        files=_files(departments),
        departments=in_order,
        findings=findings,
        started=datetime(2023, 4, 3, 9, 30, 15),
        seconds=1.25,
    )


def scored_batch(scheme: Scheme, *departments: Mapping[str, Any]) -> Batch:
    """A batch of departments whose scores are given, ranked and with quotas applied.

    Each: scores by code, None where the indicator does not apply, and any fields of the result besides. What is not
    given has full marks, outside the hundred nothing.
    """
    batch = sample_batch(len(departments), returned=0, scheme=scheme)
    by_file = sorted(batch.departments, key=lambda item: item.file)
    for item, given in zip(by_file, departments, strict=True):
        item.limits, item.limit_words, item.status = (), (), Status.SCORED
        for name, value in given.items():
            if name not in scheme.indicator_by_code:
                setattr(item, name, value)
        item.scores = tuple(_given(indicator, given) for indicator in scheme.indicators)
        item.limit_words = tuple(LIMIT_WORDS[limit] for limit in item.limits)
        item.rank = item.category_rank = None
        item.take(finish(scheme, item.scores, item.limits, item.category))
    batch.departments = ranked(by_file)
    apply_quotas(scheme, [item for item in batch.departments if item.ranked])
    return batch


def _given(indicator: Indicator, given: Mapping[str, Any]) -> IndicatorScore:
    if indicator.code in given and given[indicator.code] is None:
        score = score_where_not_applying(indicator)
        computed = score if full_where_not_applying(indicator) else None
        return IndicatorScore(
            indicator.code, indicator.points, None, computed, None, score, indicator.nature, False,
            explanation="不适用，得满分" if score else "不适用，不计分",
        )  # fmt: skip
    score = half_up(Decimal(given.get(indicator.code, indicator.points if indicator.nature == BASE else "0")))
    return IndicatorScore(
        indicator.code, indicator.points, score, score, None, score, indicator.nature, explanation=f"得 {score}"
    )


def quiet_batch(count: int, scheme: Scheme) -> Batch:
    """A batch in which nobody wrote anything: all words of its results are the program's own, and names."""
    names = tuple(replace(item, name=f"指标{number}") for number, item in enumerate(scheme.indicators, 1))
    batch = sample_batch(count, scheme=replace(scheme, indicators=names))
    batch.findings = []
    batch.files = [replace(file, reason="") for file in batch.files]
    for item in batch.departments:
        item.scores = tuple(replace(score, reason=None, explanation="") for score in item.scores)
        item.kpis, item.tasks, item.facts, item.limit_words = (), (), (), ()
    return batch


def hostile_batch(text: str) -> Batch:
    """A batch whose first department wrote the same text wherever it could."""
    batch = sample_batch(12)
    first = batch.departments[0]
    first.name = first.code = text
    first.scores = tuple(replace(score, reason=text, explanation=text, score=ZERO) for score in first.scores)
    first.kpis = tuple(
        replace(kpi, name=text, target=text, unit=text, reason=text, evidence=text) for kpi in first.kpis
    )
    first.tasks = tuple(replace(task, name=text, result=text, reason=text) for task in first.tasks)
    batch.files = [replace(file, path=text, reason=text, department=text) for file in batch.files]
    batch.findings += [
        replace(finding, file=first.file, department=text, sheet=text, cell=text, value=text, expected=text,
                message=text, advice=text, title=text)
        for finding in batch.findings[:2]
    ]  # fmt: skip
    return batch


def _cap(maker: _Maker, department: DepartmentResult) -> None:
    department.capped_from, department.total = department.total, min(department.total, Decimal(79))
    department.grade = maker.grade(department.total)
    department.limit_words = ("支出率 78.40%，低于 80%，总分最高 79 分",)


def ranked(departments: list[DepartmentResult]) -> list[DepartmentResult]:
    """The departments with their ranks, in the order of a batch."""
    scored = [item for item in departments if item.status == "scored"]
    for item in scored:
        item.rank = 1 + sum(other.total > item.total for other in scored)
        item.category_rank = 1 + sum(other.total > item.total for other in scored if other.category == item.category)
    scored.sort(key=lambda item: (item.rank, item.code))
    return [*scored, *(item for item in departments if item.status != "scored")]


def _files(departments: list[DepartmentResult]) -> list[FileRecord]:
    records = [
        FileRecord(item.file, f"{place:064x}", 41_234 + place, Status(item.status), item.name, "")
        for place, item in enumerate(departments)
    ]
    return [
        *records,
        FileRecord("重复报送/旧版.xlsx", "1" * 64, 40_111, Status.SUPERSEDED, "区教育局", "已被“003_报送.xlsx”替代"),
        FileRecord("扫描件.xlsx", "2" * 64, 2_345_678, Status.REJECTED, "", "工作簿设有打开密码，请去掉密码后重新报送"),
        FileRecord("~$003_报送.xlsx", "", 165, Status.IGNORED, "", "Excel 的锁定文件"),
        FileRecord("", "", 0, Status.MISSING, "区气象局", "名录中有，没有收到填报", "440118999", "事业单位"),
    ]
