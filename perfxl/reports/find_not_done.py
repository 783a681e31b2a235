"""Sentences that say that something planned was not held or finished."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.reports.claims import Claim, Kind
from perfxl.reports.sentences import Sentence

_WHAT = r"(?:活动|项目|工作|任务|培训|会议|竞赛|比赛|工程|讲座|展览|检查|调研|演出|课程)"
_NOT_DONE = re.compile(
    rf"{_WHAT}[^，。；]{{0,8}}(?:未能|没有能?|未)(?:够)?(?:如期|按期|按时|及时|按(?:原定|原|既定)?计划)?(?:全部|完全)?"
    r"(?:举行|举办|开展|实施|完成|推进|进行|组织|开工|完工)|"
    rf"{_WHAT}[^，。；]{{0,6}}(?:被迫)?(?:取消|停办|停止举办|延期|推迟|暂停|暂缓)(?!制)|"
    rf"(?:未能|没能)(?:如期|按期|按时|按(?:原定|原|既定)?计划)?(?:举行|举办|开展|实施|完成)[^，。；]{{0,10}}{_WHAT}|"
    rf"(?:取消|推迟|暂停|停办)(?:了)?(?:部分|个别|原定|\d+[场次项个])[^，。；]{{0,10}}{_WHAT}"
)
_DENIED = re.compile(
    r"(?:不存在|没有出现|未出现|未发生|没有发生|无|避免|防止|杜绝|如|若|如果|对|凡|确保不)[^，。；]{0,10}$"
)


def not_done_claims(sentence: Sentence) -> Iterator[Claim]:
    """At most one for a sentence."""
    match = _NOT_DONE.search(sentence.plain)
    if match is None or _DENIED.search(sentence.plain[: match.start()]):
        return
    if re.match(r"的?(?:情况|现象|问题)?(?:没有|未曾|不存在|，?予以|，?不得|的，)", sentence.plain[match.end() :]):
        return
    yield Claim(Kind.NOT_DONE, "", "", sentence, match.start(), match.end(), word=match[0])
