"""What a template takes in whole, a chart or a picture: markup of our own, with the parts of the package it needs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

Add = Callable[[str, str, str, bytes], str]
"""Puts a part into the package: its name (`word/charts/chart1.xml`), content type, type of relationship, content. Gives
the id of the relationship from the main document."""


class Insert:
    """Stands in a template alone in its paragraph, as `{{p 名称 }}`."""

    @abstractmethod
    def markup(self, add: Add) -> str:
        """The paragraphs or tables (WordprocessingML) that take the place of the paragraph."""
