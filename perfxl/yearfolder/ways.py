"""How a person does what comes next: a command that is typed, or a starter that is double-clicked."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.desk.starters import (
    DOCUMENTS,
    MONITORING,
    MONITORING_TEMPLATES,
    REVIEW,
    RUN,
    TARGETS,
    Starter,
)  # fmt: skip

_STARTERS: dict[str, Starter] = {
    "perfxl run": RUN,
    "perfxl run --stage 目标": TARGETS,
    "perfxl monitor": MONITORING,
    "perfxl review": REVIEW,
    "perfxl documents": DOCUMENTS,
    "perfxl template --prefilled --stage 监控": MONITORING_TEMPLATES,
}
_PERIOD = " --period "


@dataclass(frozen=True)
class Ways:
    """The words for a command. clicked: whether the person has no command line, only the starters of the folder."""

    clicked: bool = False

    def do(self, command: str) -> str:
        """That it is done: `运行 perfxl run`, or `双击“运行评分”`."""
        if not self.clicked:
            return f"运行 {command}"
        plain, _, period = command.partition(_PERIOD)
        starter = _STARTERS.get(plain)
        if starter is None:
            return f"请技术人员运行 {command}"
        where = f"“{starter.folder}”里的" if starter.folder else ""
        # There is one starter a period; which of them is the first the folder does not tell.
        which = f"（{period}的那个）" if period else ""
        return f"双击{where}“{starter.name}”{which}"

    def again(self, command: str) -> str:
        """That it is done once more, in a sentence that goes on."""
        return f"再{self.do(command)}一次" if self.clicked else f"再运行一次 {command}"
