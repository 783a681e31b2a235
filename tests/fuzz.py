"""Reads and scores mutants, and says where what came out is not what should: `python -m tests.fuzz same 0 100`.

A process of its own does so for `tests.test_fuzz`, with its memory bounded and measured; the answer is JSON.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import perfxl.run.chunk
import perfxl.scheme
from perfxl.checks.finding import Severity
from perfxl.intake.discover import Found
from perfxl.intake.submission import Intake, document_of, take_in
from perfxl.layout import layout_of
from perfxl.results.batch import Status
from perfxl.run.chunk import Scored, process_chunk
from perfxl.scheme import DEFAULT, load_scheme
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests import oracle
from tests.books import Document
from tests.folders import zipped
from tests.mutants import Base, make_bases
from tests.mutants_changed import changed, with_field
from tests.mutants_same import same

CHUNK = 25
Answer = dict[str, Any]
Mutant = tuple[list[str], bytes, Callable[[Scored, Document | None], str]]


class Fuzzer:
    """The good workbooks, and what is right of their mutants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheme: Scheme = load_scheme(DEFAULT)
        path = Path(perfxl.scheme.__file__).parent / "builtin" / f"{DEFAULT}.toml"
        self.table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        self.bases: list[Base] = make_bases(self.scheme, self.table, folder)
        self.right = {id(base): self._scores(base.document) for base in self.bases}

    def _scores(self, document: Document) -> Answer:
        found = oracle.score_document(document, self.table)
        return {"total": found["total"], "grade": found["grade"], **found["scores"]}

    def mutants(self, family: str, numbers: range) -> Iterator[Mutant]:
        """The mutants of a family, each with what it must come to."""
        for number in numbers:
            yield getattr(self, f"_{family}")(number)

    def _same(self, number: int) -> Mutant:
        draft = same(number, self.bases)
        right, document = self.right[id(draft.base)], draft.base.document
        return draft.done, draft.written(), lambda done, read: compared(done, read, right, document)

    def _changed(self, number: int) -> Mutant:
        draft, change = changed(number, self.bases, self.scheme)

        def check(done: Scored, read: Document | None) -> str:
            if done.record.status is not Status.SCORED:
                return ""
            if change.wrong:
                return f"scored: {change.field} {change.way}"
            document = with_field(draft.base.document, change.field, change.value)
            return compared(done, read, self._scores(document), document)

        return draft.done, draft.written(), check

    def _bytes(self, number: int) -> Mutant:
        rng = random.Random(f"bytes {number}")
        parts = dict(rng.choice(self.bases).parts)
        name = rng.choice([name for name in sorted(parts) if name.endswith((".xml", ".rels"))])
        how, spoil = rng.choice(tuple(SPOILT.items()))
        parts[name] = spoil(rng, parts[name])
        return [how, name], zipped(parts), lambda done, read: ""


def _flip(rng: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        spoilt[rng.randrange(len(spoilt))] = rng.choice((rng.randrange(256), rng.choice(b"<>\"'/& =09-#!?[]")))
    return bytes(spoilt)


def _splice(rng: random.Random, data: bytes) -> bytes:
    first, second = sorted(rng.randrange(len(data)) for _ in range(2))
    piece = data[first : min(second, first + 300)]
    at = rng.randrange(len(data))
    return rng.choice((data[:at] + piece + data[at:], data[:first] + data[first + len(piece) :]))


SPOILT: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "flip": _flip,
    "splice": _splice,
    "cut": lambda rng, data: data[: rng.randrange(len(data))],
}


def compared(done: Scored, read: Document | None, right: Answer, document: Document) -> str:
    """Where a scored workbook differs from what it should come to; empty where nowhere, or where it is not scored."""
    if done.record.status is not Status.SCORED:
        return ""
    assert done.result is not None and read is not None
    wrong = [path for path, one, two in differences(read, document) if not alike(one, two)]
    if wrong:
        return f"read otherwise: {wrong[:3]}"
    ours = {"total": done.result.total, "grade": done.result.grade}
    theirs = {key: right[key] for key in ours}
    for item in done.result.scores:
        ours[item.code], theirs[item.code] = (
            (item.computed, item.score),
            (right[item.code]["computed"], right[item.code]["accepted"]),
        )
    differing = [(key, str(ours[key]), str(theirs[key])) for key in ours if ours[key] != theirs[key]]
    return f"scored otherwise: {differing}" if differing else ""


def differences(one: Any, two: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The leaves in which two documents differ."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted({*one, *two}):
            yield from differences(one.get(key), two.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for at, (first, second) in enumerate(zip(one, two, strict=True)):
            yield from differences(first, second, f"{path}.{at}")
    elif one != two:
        yield f"{path}: {one!r} not {two!r}", one, two


def alike(one: Any, two: Any) -> bool:
    """Whether two leaves are one number, or one text but for the space around it."""
    if not isinstance(one, str) or not isinstance(two, str):
        return not one and not two
    return oracle.number(one) == oracle.number(two) is not None or one.strip() == two.strip()


def _remembered(intakes: list[Intake], *arguments: Any, **named: Any) -> Intake:
    """What `take_in` says, kept so that a file need not be read twice."""
    intakes.append(take_in(*arguments, **named))
    return intakes[-1]


def look(fuzzer: Fuzzer, family: str, numbers: range) -> Answer:
    """What the mutants came to: how many of each status, which are wrong, why some are refused."""
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    wrong: list[Any] = []
    lost: list[Any] = []
    slowest = 0.0
    layout = layout_of(fuzzer.scheme)
    for start in range(numbers.start, numbers.stop, CHUNK):
        files, checks = [], []
        part = range(start, min(start + CHUNK, numbers.stop))
        for number, (done, data, check) in zip(part, fuzzer.mutants(family, part), strict=True):
            path = fuzzer.folder / f"{number - start}.xlsx"
            path.write_bytes(data)
            files.append(Found(path, path.name))
            checks.append((number, done, check))
        clock = time.monotonic()
        intakes: list[Intake] = []

        with mock.patch.object(perfxl.run.chunk, "take_in", partial(_remembered, intakes)):
            scored = process_chunk(files, fuzzer.scheme, Limits())
        slowest = max(slowest, time.monotonic() - clock)
        for (number, done, check), item, intake in zip(checks, scored, intakes, strict=True):
            errors = [found for found in item.findings if found.severity is Severity.ERROR]
            statuses[item.record.status.value] += 1
            codes = sorted({found.code for found in errors})
            reasons.update(codes)
            if codes:
                lost.append([number, done, codes])
            read = document_of(intake.submission, layout) if intake.submission else None
            what = check(item, read)
            if bool(errors) == (item.record.status is Status.SCORED):
                what = f"{item.record.status} with {len(errors)} errors"
            if what:
                wrong.append([number, done, what])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return {
        "statuses": statuses, "reasons": reasons, "wrong": wrong, "lost": lost, "slowest": slowest,
        "megabytes": megabytes,
    }  # fmt: skip


def main(family: str, first: str, last: str, most_megabytes: str = "") -> None:
    """Prints what the mutants came to."""
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(Path(folder))
        # The trees of the good workbooks stay, so that nothing need look whether they are garbage.
        for base in fuzzer.bases:
            for part in base.parts:
                if part.endswith((".xml", ".rels")):
                    base.tree(part)
        gc.freeze()
        if most_megabytes:
            bound = int(most_megabytes) << 20
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        print(json.dumps(look(fuzzer, family, range(int(first), int(last))), ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
