"""反馈意见 (整改通知书): what a department lost points for, what is wrong in its workbook, what it has to do by when.

All losses of points and all findings that stand are in it; those that the bureau has accepted (豁免) are not. Where the
bureau has scored by itself, its reasons stand beside the score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfxl.decimals import ZERO, amount, two_places
from perfxl.documents.figures import Scored, day, ended, points, scored
from perfxl.documents.kind import Case, Json, Kind
from perfxl.documents.kinds._feedback_form import draw
from perfxl.documents.said import said
from perfxl.lists.exemptions import ACCEPTED
from perfxl.results.held import held_sentences
from perfxl.results.reviewed import review_sentences, review_words
from perfxl.review.record import Reviewed
from perfxl.scheme.model import PENALTY
from perfxl.scoring.result import DepartmentResult
from perfxl.status import Status

REVIEWED = (Reviewed.WHOLE.value, Reviewed.PARTLY.value)
_LEVELS = {"error": "错误", "warning": "提醒", "info": "提示"}


@dataclass(frozen=True)
class Loss:
    """An indicator with points lost."""

    number: int = said("序号", "从 1 数起")
    name: str = said("名称", "三级指标")
    level: str = said("二级", "二级指标")
    points: str = said("分值", "分值；扣分项为空")
    own: str = said("自评", "自评得分")
    accepted: str = said("认定", "认定得分")
    lost: str = said("扣分", "扣多少分")
    basis: str = said("依据", "怎样计算的；没有公式的是评分标准")
    reason: str = said("部门原因", "部门写的扣分原因，没有的为空")
    review: str = said("复核理由", "复核怎样改分、理由和依据，没有复核的为空")


@dataclass(frozen=True)
class Matter:
    """A finding that stands."""

    number: int = said("序号", "从 1 数起")
    level: str = said("级别", "错误、提醒或提示")
    place: str = said("位置", "工作表和单元格")
    what: str = said("问题", "有什么问题")
    basis: str = said("依据", "填的是什么，应为什么")
    demand: str = said("要求", "怎样改正")


@dataclass(frozen=True)
class Feedback:
    """The letter to a department."""

    year: int = said("年度", "评价年度")
    title: str = said("事项", "方案的结果名称，如 2022年度部门整体支出绩效评价")
    name: str = said("名称", "部门或项目的名称")
    unit: str = said("单位", "部门名称，主送")
    bureau: str = said("财政部门", "落款，方案中的财政部门")
    contact: str = said("联系人", "方案中的联系人及电话，没有的为空")
    day: str = said("日期", "成文日期")
    due: str = said("期限", "整改期限")
    returned: bool = said("退回", "是否退回修改")
    reviewed: bool = said("复核过", "是否有财政部门的复核得分")
    review_words: tuple[str, ...] = said("复核说明", "复核前后的总分、等级和改了几项；没有复核的为空")
    officials: tuple[str, ...] = said("核定", "与填报不同、以财政核定数或往来登记为准的，各一句")
    own_total: str = said("自评总分", "自评得分")
    own_grade: str = said("自评等级", "自评等级")
    total: str = said("认定总分", "认定得分；退回的是暂定得分")
    grade: str = said("认定等级", "认定等级")
    held: tuple[str, ...] = said("限制", "封顶、否决、名额等，各一句")
    losses: tuple[Loss, ...] = said("扣分", "各项扣分")
    lost: str = said("扣分合计", "各项扣分之和")
    matters: tuple[Matter, ...] = said("问题", "填报中的问题，不含已豁免的")
    to_mend: bool = said("须整改", "是否有扣分或问题")


def feedback_of(case: Case) -> Feedback:
    """The letter to a department."""
    scheme, department = case.scheme, case.department
    losses = tuple(_losses(case))
    matters = tuple(_matters(case.findings))
    header = scheme.header
    return Feedback(
        year=scheme.year,
        title=header.results_title,
        name=department.title,
        unit=department.name or department.title,
        bureau=header.bureau,
        contact=header.contact,
        day=day(case.today),
        due=day(case.due),
        returned=department.status == Status.RETURNED,
        reviewed=department.review_status in REVIEWED,
        review_words=tuple(review_sentences(department)),
        officials=tuple(_officials(department)),
        own_total=two_places(department.self_total),
        own_grade=department.self_grade,
        total=two_places(department.total),
        grade=department.grade,
        held=tuple(held_sentences(scheme, department)),
        losses=losses,
        lost=points(sum((item.score.lost for item in _losing(case)), ZERO)),
        matters=matters,
        to_mend=bool(losses or matters),
    )


def _losing(case: Case) -> list[Scored]:
    return [item for item in scored(case.scheme, case.department) if item.counted and item.score.lost > 0]


def _losses(case: Case) -> Iterator[Loss]:
    for number, item in enumerate(_losing(case), 1):
        score, indicator = item.score, item.indicator
        outside = indicator.nature == PENALTY
        yield Loss(
            number,
            indicator.name,
            indicator.level2,
            "" if outside else points(score.points),
            points(score.self_score),
            points(score.score),
            points(score.lost),
            ended(score.explanation) or ended(indicator.standard),
            ended(score.reason or ""),
            ended(review_words(score)),
        )


def _officials(department: DepartmentResult) -> Iterator[str]:
    """A sentence on each value of the bureau, or word of the register, that stood in place of another."""
    for item in department.official:
        if item.written != item.official:
            basis = f"（{ended(item.basis)}）" if item.basis else ""
            yield f"{item.label}：填报“{item.written or '空白'}”，按{item.source}为“{item.official}”{basis}。"


_AMOUNT = re.compile(r"-?\d{4,}\.\d{2,}")


def _as_read(text: str) -> str:
    """An amount of run.json, which programs read, as sentences have it; whatever else as it is."""
    return amount(Decimal(text)) if _AMOUNT.fullmatch(text) else text


def _matters(findings: tuple[Json, ...]) -> Iterator[Matter]:
    number = 0
    for finding in findings:
        message = str(finding.get("message") or "")
        if finding.get("severity") == "info" and ACCEPTED in message:
            continue
        number += 1
        value, expected = str(finding.get("value") or ""), _as_read(str(finding.get("expected") or ""))
        basis = "；".join(
            f"{word}{text}" for word, text in (("填报：", value), ("应为：", expected)) if text
        )  # fmt: skip
        place = "!".join(str(finding[key]) for key in ("sheet", "cell") if finding.get(key))
        yield Matter(
            number,
            _LEVELS.get(str(finding.get("severity")), ""),
            place,
            message,
            basis,
            str(finding.get("advice") or ""),
        )


KIND = Kind(
    name="反馈意见",
    words="每个部门一份的复核反馈意见（整改通知书）：得分、扣分和依据、问题、整改要求和期限，附回执",
    record=Feedback,
    draw=draw,
    title=lambda letter: f"{letter.title}反馈意见（{letter.name}）",
    of_department=feedback_of,
    aliases=("复核反馈意见", "整改通知书", "整改通知"),
    order=20,
)
