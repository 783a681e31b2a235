"""What run.json says beside scores and findings: the register, who is to be urged, reviews, objections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from perfxl.decimals import two_places
from perfxl.register.model import YES, Line
from perfxl.register.owed import NEVER, Owed
from perfxl.results.batch import Answered
from perfxl.review.record import ReviewRecord
from perfxl.submission.objection import Objection


def register_line(line: Line) -> dict[str, Any]:
    """Days as 2023-04-06, empty where not known. number: 第几次报送."""
    return {
        "file": line.file,
        "sha256": line.sha256,
        "scheme": line.scheme,
        "year": line.year,
        "code": line.code,
        "name": line.name,
        "project": line.project,
        "status": line.status,
        "errors": _count(line.errors),
        "number": _count(line.number),
        "first_seen": line.seen,
        "received": line.received,
        "returned": line.returned,
        "due": line.due,
        "excused": line.excused == YES,
        "remark": line.remark,
        "mends": line.mends,
    }


def owed(item: Owed) -> dict[str, Any]:
    """Who is to be urged. How late it is depends on the day: `due` says until when."""
    return {
        "scheme": item.scheme,
        "category": item.category,
        "code": item.code,
        "name": item.name,
        "project": item.project,
        "state": "missing" if item.state == NEVER else "returned",
        "returned": item.returned,
        "due": item.due.isoformat() if item.due else "",
        "contact": item.contact,
        "phone": item.phone,
        "times": _count(item.times),
        "last": item.last,
        "remark": item.remark,
    }


def earlier(item: Answered) -> dict[str, Any]:
    """A finding of the round before on a copy that was mended: gone, still there, or accepted meanwhile."""
    return {
        "file": item.result.file,
        "department": item.result.title,
        "mends": item.result.mends,
        "code": item.earlier.code,
        "sheet": item.earlier.sheet,
        "cell": item.earlier.cell,
        "message": item.earlier.message,
        "state": item.state,
        "answer": item.earlier.answer,
    }


def review(item: ReviewRecord) -> dict[str, Any]:
    """A score that a reviewer filled in. before: accepted without any review; score: None where it does not count."""
    return {
        "scheme": item.scheme,
        "file": item.file,
        "code": item.code,
        "name": item.name,
        "project": item.project,
        "indicator": item.indicator,
        "points": places(item.points),
        "self": places(item.self_score),
        "before": places(item.accepted),
        "written": item.written,
        "score": places(item.score),
        "final": places(item.final),
        "effect": item.effect.value,
        "why": item.why,
        "reviewer": item.reviewer,
        "day": item.day,
        "reason": item.reason,
        "basis": item.basis,
        "book": item.book,
        "sheet": item.sheet,
        "cell": item.cell,
    }


def objection(item: Objection) -> dict[str, Any]:
    """What a department objects to. indicator: empty where it is to the whole; started: of the run it objects to."""
    return {
        "scheme": item.scheme,
        "code": item.code,
        "name": item.name,
        "project": item.project,
        "project_code": item.project_code,
        "indicator": item.indicator,
        "claim": item.claim,
        "basis": item.basis,
        "file": item.file,
        "sheet": item.sheet,
        "cell": item.cell,
        "started": item.started,
    }


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def places(value: Decimal | None) -> str | None:
    """A score with two places, None where there is none."""
    return None if value is None else two_places(value)
