"""Scoring: from one submission to its department's result, in exact decimals."""

from perfxl.scoring.result import DepartmentResult
from perfxl.scoring.score import score_submission

__all__ = ["DepartmentResult", "score_submission"]
