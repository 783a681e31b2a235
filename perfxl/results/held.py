"""What held a department's total or grade down, in words: caps, vetoes and quotas."""

from __future__ import annotations

from perfxl.decimals import two_places
from perfxl.outcome import QUOTA, best_place
from perfxl.scheme.model import Scheme
from perfxl.scoring.result import DepartmentResult

CAPPED, VETOED, BEYOND_QUOTA = "总分封顶", "一票否决", "名额限制"
BY_RATE = "支出率封顶"


def what_held(scheme: Scheme, department: DepartmentResult) -> list[str]:
    """Words of those above that had an effect."""
    capped = [CAPPED] if department.capped_from is not None else []
    return [*capped, *what_lowered(scheme, department)]


def what_lowered(scheme: Scheme, department: DepartmentResult) -> list[str]:
    """What lowered the grade: a veto, a quota, or one after the other."""
    if not department.grade_from:
        return []
    if department.grade_by != QUOTA:
        return [VETOED]
    bands = scheme.bands_of(department.category)
    names = [band.name for band in bands]
    vetoed = best_place(department.limits, bands, scheme) > names.index(department.grade_from)
    return [VETOED, BEYOND_QUOTA] if vetoed else [BEYOND_QUOTA]


def held_sentences(scheme: Scheme, department: DepartmentResult) -> list[str]:
    """A sentence on each cap and veto that holds, and on what they and the quotas did."""
    sentences = [f"{words}。" for words in department.limit_words]
    if department.capped_from is not None:
        before, total = two_places(department.capped_from), two_places(department.total)
        cap = BY_RATE if _by_rate(scheme, department) else CAPPED
        sentences.append(f"{cap}：得分合计 {before}，总分按 {total} 计。")
    if causes := what_lowered(scheme, department):
        change = f"等级由“{department.grade_from}”调整为“{department.grade}”"
        sentences.append(f"{change}：{'、'.join(causes)}。")
    return sentences


def held_lines(scheme: Scheme, department: DepartmentResult) -> list[tuple[str, str]]:
    """`held_sentences`, each with the tone that it has on a result sheet."""
    return [(text, "weak") for text in held_sentences(scheme, department)]


def _by_rate(scheme: Scheme, department: DepartmentResult) -> bool:
    """Whether no other cap than that of a low spending rate holds."""
    limits = (scheme.limits[number] for number in department.limits)
    return all(limit.fact in ("", scheme.evaluated.spending_rate) for limit in limits if limit.cap is not None)
