"""Whether a package (.docx, .xlsx) holds what is nobody's business but the bureau's: for what goes to the public."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_PARTS = (
    (re.compile(r"comments?[\w]*\.xml$|threadedComments/|/people\.xml$|persons/", re.IGNORECASE), "批注"),
    (re.compile(r"^docProps/custom\.xml$", re.IGNORECASE), "自定义文档属性"),
    (re.compile(r"^docProps/thumbnail|thumbnail\.(jpe?g|png|emf|wmf)$", re.IGNORECASE), "缩略图"),
    (re.compile(r"^customXml/", re.IGNORECASE), "自定义 XML 部件"),
    (re.compile(r"vbaProject|\.bin$|activeX|macrosheets", re.IGNORECASE), "宏、控件或打印机设置"),
    (re.compile(r"embeddings/", re.IGNORECASE), "嵌入的文件"),
    (re.compile(r"externalLinks?/", re.IGNORECASE), "外部链接"),
)
_TEXTS: tuple[tuple[str, re.Pattern[bytes], str], ...] = (
    (r"^docProps/core\.xml$", re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|cp:keywords|dc:description|cp:category|"
                                         rb"cp:revision|cp:contentStatus|dc:subject)>[^<]"), "作者等文档属性"),
    (r"^docProps/app\.xml$", re.compile(rb"<(?:Company|Manager|HyperlinkBase|Template|TotalTime)>[^<]"),
     "单位等文档属性"),
    (r"\.rels$", re.compile(rb"TargetMode\s*=\s*[\"']External[\"']"), "外部链接"),
    (r"^word/(?!webSettings)[^/]*\.xml$", re.compile(rb"\bw:rsid|<w:rsids?\b"), "修订标识"),
    (r"^word/[^/]*\.xml$", re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)\b[^>]*w:author"), "修订痕迹"),
    (r"^word/[^/]*\.xml$", re.compile(rb"<w:(?:comment(?:Reference|RangeStart|RangeEnd))\b"), "批注"),
    (r"^word/[^/]*\.xml$", re.compile(rb"<w:(?:vanish|webHidden)\b(?![^>]*\"(?:0|false)\")"), "隐藏文字"),
    (r"^word/settings\.xml$", re.compile(rb"<w:(?:docVars|attachedTemplate|mailMerge)\b"), "文档变量或关联的模板"),
    (r"^xl/workbook\.xml$", re.compile(rb"state\s*=\s*[\"'](?:hidden|veryHidden)[\"']"), "隐藏的工作表"),
    (r"^xl/workbook\.xml$",
     re.compile(rb"<definedName (?![^>]*_FilterDatabase)[^>]*hidden\s*=\s*[\"']1[\"']"), "隐藏的名称"),
    (r"^xl/worksheets/", re.compile(rb"<(?:row|col)\b[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']"), "隐藏的行或列"),
)  # fmt: skip


def inner_matters(path: Path) -> list[str]:
    """What a package holds that is not for the public, in Chinese; nothing where all is well. Raises OSError."""
    return list(dict.fromkeys(_matters(path)))


def _matters(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield from (words for pattern, words in _PARTS if pattern.search(name))
            wanted = [(pattern, words) for where, pattern, words in _TEXTS if re.search(where, name)]
            if wanted:
                content = archive.read(name)
                yield from (words for pattern, words in wanted if pattern.search(content))
