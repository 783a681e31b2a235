"""How large an input may be before a parser sees it; each limit has its words in Chinese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes. A filled template has about 60 KB, 1 MB inflated, 12 parts, 60 rows and 15 columns a sheet."""

    file_bytes: int = 20_000_000
    inflated_bytes: int = 200_000_000
    ratio: int = 200
    parts: int = 2_000
    rows: int = 10_000
    columns: int = 200


class RefusalError(Exception):
    """A file that cannot be taken: what is wrong and what to do, in Chinese. Caught where a file becomes a record."""

    def __init__(self, what: str, advice: str, code: str = "F100") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.code = code

    @property
    def reason(self) -> str:
        """What the list of received files says."""
        return f"{self.what}。{self.advice}。"
