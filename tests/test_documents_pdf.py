"""Documents as LibreOffice prints them: all texts are there, pages begin where they should, for few and many."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from perfxl.scheme.model import Scheme
from tests.libreoffice import SOFFICE, needs_libreoffice
from tests.many_documents import many
from tests.sample_batch import sample_batch
from tests.whole_runs import both_of
from tests.word_files import examples_of, paragraphs, run_of, write

pytestmark = [
    *needs_libreoffice,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on the PATH"),
]
KINDS = ("自评报告", "反馈意见", "公开稿")


def bare(text: str) -> str:
    """The text without spaces and punctuation, but for the dashes around page numbers."""
    return re.sub(r"[^\w—]", "", text)


def pages(paths: Sequence[Path], folder: Path) -> dict[str, list[str]]:
    """The text of each page of documents, without spaces, by the name of their file.

    Without punctuation too: where it hangs over the end of a line, pdftotext leaves it out.
    """
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [str(SOFFICE), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder), *map(str, paths)],
            check=True, capture_output=True, timeout=900,
        )  # fmt: skip
    found = {}
    for path in paths:
        pdf = folder / f"{path.stem}.pdf"
        text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
        found[path.stem] = [bare(page) for page in text.split("\f")[:-1]]
    return found


@pytest.mark.parametrize("count", [1, 12, pytest.param(300, marks=pytest.mark.slow)])
def test_all_is_on_paper(count: int, scheme: Scheme, tmp_path: Path) -> None:
    documents = many(examples_of("guangzhou-2022"), count)
    output = run_of(documents, tmp_path, scheme)
    written = write(output, *KINDS)
    # Of one department there are two workbooks among the examples.
    departments = len({document["department"]["code"] for document in documents})
    assert written.counts["自评报告"] == written.counts["反馈意见"] == departments >= count - 1
    # Of many a few are printed: LibreOffice takes a second for each.
    for kind in KINDS:
        paths = sorted((output / "文书" / kind).glob("*.docx"))[:: max(1, count // 6)]
        shown = pages(paths, tmp_path / kind)
        for path in paths:
            printed = shown[path.stem]
            whole = "".join(re.sub(r"—\d+—", "", page) for page in printed)
            for text in paragraphs(path):
                assert bare(text) in whole, (path, text)
            assert 1 <= len(printed) <= 14
            assert [re.findall(r"—(\d+)—", page) for page in printed] == [[str(n + 1)] for n in range(len(printed))]


@pytest.mark.parametrize("count", [2, 12, pytest.param(300, marks=pytest.mark.slow)])
def test_documents_of_the_whole_run_are_on_paper(count: int, tmp_path: Path) -> None:
    batch = sample_batch(count, returned=1)
    _, notice, analysis = both_of(batch, tmp_path)
    shown = pages([notice, analysis], tmp_path)
    for path, heads in ((notice, ("附件1", "附件2")), (analysis, ("附件1", "附件2"))):
        printed = shown[path.stem]
        whole = "".join(re.sub(r"—\d+—$", "", page) for page in printed)
        for text in paragraphs(path):
            assert bare(text) in whole, (path, text)
        assert [re.findall(r"—(\d+)—$", page) for page in printed] == [[str(n + 1)] for n in range(len(printed))]
        assert 4 <= len(printed) <= 14 + count // 4
        for head in heads:
            # The list of annexes before the signature may come to stand at the head of a page too.
            assert sum(page.startswith(head) and "2023年5月4日" not in page for page in printed) == 1
        for item in batch.ranked:
            # The end of a long name stands on a line of its own.
            assert bare(item.title)[:8] in whole
        signed = next(number for number, page in enumerate(printed) if "2023年5月4日" in page)
        assert len(printed[signed]) > 40, "the signature does not stand alone"
        assert printed[signed + 1].startswith("附件1")


def test_annexes_and_slip_begin_pages_of_their_own(scheme: Scheme, tmp_path: Path) -> None:
    output = run_of(examples_of("guangzhou-2022")[:3], tmp_path, scheme)
    write(output, *KINDS)
    for kind, heads in (("自评报告", ("附件1绩效", "附件2自评")), ("反馈意见", ("回执",))):
        for name, printed in pages(sorted((output / "文书" / kind).glob("*.docx")), tmp_path / kind).items():
            for head in heads:
                assert sum(page.startswith(head) for page in printed) == 1, (name, head)
