"""How large an input may be before a parser sees it; each limit has its words in Chinese."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from perfxl.errors import UsageError


def _limit(name: str, words: str, default: int) -> int:
    """A limit with its name on the command line and its words."""
    value: int = field(default=default, metadata={"name": name, "words": words})
    return value


@dataclass(frozen=True)
class Limits:
    """A filled template has about 60 KB, 1 MB inflated, 15 parts, 60 rows and 15 columns a sheet."""

    file_mb: int = _limit("文件大小", "单个文件，MB", 20)
    inflated_mb: int = _limit("展开大小", "工作簿展开后，MB", 100)
    ratio: int = _limit("压缩倍数", "展开后是文件的多少倍", 200)
    parts: int = _limit("部件数", "工作簿内部的部件个数", 2_000)
    rows: int = _limit("行数", "每个工作表，有内容的最后一行", 10_000)
    columns: int = _limit("列数", "每个工作表，有内容的最后一列", 200)
    seconds: int = _limit("秒数", "读取一个文件的时间", 60)
    pages: int = _limit("页数", "自评报告的页数（PDF）", 500)
    members: int = _limit("包内文件数", "一个压缩包里的文件个数", 5_000)

    @property
    def file_bytes(self) -> int:
        """`file_mb` in bytes."""
        return self.file_mb * 1_000_000

    @property
    def inflated_bytes(self) -> int:
        """`inflated_mb` in bytes."""
        return self.inflated_mb * 1_000_000


def limits_from(settings: tuple[str, ...]) -> Limits:
    """The limits with some set by the user, as `文件大小=50`. Raises UsageError for what is none."""
    names = {item.metadata["name"]: item.name for item in fields(Limits)}
    changed: dict[str, int] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in names or not value.isdecimal() or len(value) > 9 or int(value) < 1:
            raise UsageError(f"--limit“{setting}”不对。写法是 名称=正整数，名称有：{describe_limits()}")
        changed[names[name]] = int(value)
    return replace(Limits(), **changed)


def describe_limits() -> str:
    """Names, words and defaults of the limits, for help."""
    return "、".join(f"{item.metadata['name']}（{item.metadata['words']}，{item.default}）" for item in fields(Limits))


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

    def __reduce__(self) -> tuple[type[RefusalError], tuple[str, str, str]]:
        """Whole when it comes from a worker process."""
        return RefusalError, (self.what, self.advice, self.code)
