"""What became of a file, and so of the department that sent it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What became of a file. The values stand in run.json."""

    SCORED = "scored"
    RETURNED = "returned"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    ARCHIVE = "archive"
    LIST = "list"
    REPORT = "report"
    OTHER_STAGE = "other_stage"
    IGNORED = "ignored"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {
            "scored": "已评分",
            "returned": "退回修改",
            "rejected": "无法受理",
            "superseded": "已被更新报送替代",
            "duplicate": "重复",
            "archive": "压缩包",
            "list": "财政名单",
            "report": "自评报告",
            "other_stage": "其他阶段",
            "ignored": "已忽略",
            "missing": "未报送",
        }[self.value]

    def label_where(self, *, scored: bool) -> str:
        """The word at a stage of the year, before which nothing is scored."""
        return "已受理" if self is Status.SCORED and not scored else self.label
