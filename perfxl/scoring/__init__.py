"""Scoring: from one submission to its department's result, in exact decimals."""

from perfxl.scoring.levels import first_level, level_scores, second_level
from perfxl.scoring.result import DepartmentResult
from perfxl.scoring.score import score_submission

__all__ = ["DepartmentResult", "first_level", "level_scores", "score_submission", "second_level"]
