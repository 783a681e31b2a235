"""Good workbooks, spoilt at random: each ends in exactly one status, none stops the run or makes it wait.

The mutants are the same each time. `ALL` of them take some minutes; the first `USUAL` run by default.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfxl.checks.finding import Severity
from perfxl.checks.listing import all_checks
from perfxl.intake.discover import Found
from perfxl.results.batch import Status
from perfxl.run.chunk import Scored, process_chunk
from perfxl.scheme.model import Scheme
from perfxl.workbook.limits import Limits
from tests.books import filled
from tests.findings import clean_document
from tests.folders import parts_of, zipped
from tests.strategies import make_document

ALL, USUAL = 2_000, 300
CHUNK = 16
SECONDS_EACH = 10.0
Parts = dict[str, bytes]
CELL = re.compile(rb"<c r=\"[A-Z]+\d+\"[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
CONTENTS = (
    b"<v>1e999</v>", b"<v>NaN</v>", b"<v>-1</v>", b"<v></v>", b"<v>99999999999999999999</v>", b"<f>A1</f>",
    b"<f>1/0</f><v>#DIV/0!</v>", b"<v>&amp;</v>", b"<v>\xff</v>", b"<v>7</v><v>8</v>", b"", b"<is><t>=1+1</t></is>",
    b"<is><t>_x0000_</t></is>", "<is><t>无</t></is>".encode(), b"<v>0.5</v>",
)  # fmt: skip
TYPES = (b"", b' t="s"', b' t="e"', b' t="b"', b' t="d"', b' t="str"', b' t="inlineStr"', b' t="n"', b' t="?"')


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 20, 200))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def splice(rng: random.Random, data: bytes) -> bytes:
    first, second = sorted(rng.randrange(len(data)) for _ in range(2))
    return rng.choice((data[:first] + data[second:], data[:second] + data[first:], data[first:] + data[:first]))


def drop_parts(rng: random.Random, parts: Parts) -> None:
    for name in rng.sample(sorted(parts), rng.choice((1, 1, 2, 5))):
        del parts[name]


def xml_part(rng: random.Random, parts: Parts) -> str:
    return rng.choice([name for name in sorted(parts) if name.endswith((".xml", ".rels"))])


def cut_xml(rng: random.Random, parts: Parts) -> None:
    name = xml_part(rng, parts)
    parts[name] = cut(rng, parts[name] or b" ")


def flip_in_xml(rng: random.Random, parts: Parts) -> None:
    name = xml_part(rng, parts)
    parts[name] = flip_bytes(rng, parts[name])


def splice_xml(rng: random.Random, parts: Parts) -> None:
    name = xml_part(rng, parts)
    parts[name] = splice(rng, parts[name])


def swap_sheets(rng: random.Random, parts: Parts) -> None:
    one, two = rng.sample([name for name in sorted(parts) if name.startswith("xl/worksheets/sheet")], 2)
    parts[one], parts[two] = parts[two], parts[one]


def swap_parts(rng: random.Random, parts: Parts) -> None:
    one, two = rng.sample(sorted(parts), 2)
    parts[one], parts[two] = parts[two], parts[one]


def rename_part(rng: random.Random, parts: Parts) -> None:
    name = rng.choice(sorted(parts))
    parts[rng.choice((name.upper(), f"{name}x", f"/{name}", name.replace("/", "\\")))] = parts.pop(name)


def change_cells(rng: random.Random, parts: Parts) -> None:
    name = rng.choice([name for name in sorted(parts) if name.startswith("xl/worksheets/sheet")])
    cells = list(CELL.finditer(parts[name]))
    xml = parts[name]
    for match in sorted(rng.sample(cells, min(len(cells), rng.choice((1, 5, 40)))), key=lambda m: -m.start()):
        ref = match[0].split(b'"')[1]
        new = b'<c r="' + ref + b'"' + rng.choice(TYPES) + b">" + rng.choice(CONTENTS) + b"</c>"
        xml = xml[: match.start()] + new + xml[match.end() :]
    parts[name] = xml


def shuffle_strings(rng: random.Random, parts: Parts) -> None:
    """Every text stands somewhere else: labels, keys, names, marks."""
    strings = re.findall(rb"<si>.*?</si>", parts["xl/sharedStrings.xml"], re.DOTALL)
    count = rng.choice((2, 10, len(strings)))
    places = rng.sample(range(len(strings)), min(count, len(strings)))
    for place, other in zip(places, rng.sample(places, len(places)), strict=True):
        strings[place] = strings[other]
    head = parts["xl/sharedStrings.xml"].partition(b"<si>")[0]
    parts["xl/sharedStrings.xml"] = head + b"".join(strings) + b"</sst>"


def move_cells(rng: random.Random, parts: Parts) -> None:
    name = rng.choice([name for name in sorted(parts) if name.startswith("xl/worksheets/sheet")])
    rows, cols = rng.choice((0, 1, 7, 900, 20_000)), rng.choice((0, 1, 3, 30))

    def shift(match: re.Match[bytes]) -> bytes:
        return b'<c r="' + bytes([min(match[1][0] + cols, 90)]) + str(int(match[2]) + rows).encode() + b'"'

    parts[name] = re.sub(rb'<c r="([A-Z])(\d+)"', shift, parts[name])


WHOLE: tuple[Callable[[random.Random, bytes], bytes], ...] = (flip_bytes, cut, splice)
PARTS: tuple[Callable[[random.Random, Parts], None], ...] = (
    drop_parts, cut_xml, flip_in_xml, splice_xml, swap_sheets, swap_parts, rename_part, change_cells, change_cells,
    change_cells, shuffle_strings, move_cells,
)  # fmt: skip


def mutant(number: int, books: list[tuple[bytes, Parts]]) -> tuple[str, bytes]:
    """The mutant of that number: what was done to it, and its bytes."""
    rng = random.Random(number)
    data, parts = rng.choice(books)
    change: Any = rng.choice((*WHOLE, *PARTS))
    if change in WHOLE:
        return change.__name__, change(rng, data)
    changed = dict(parts)
    for _ in range(rng.choice((1, 1, 1, 3))):
        if changed:
            change(rng, changed)
    return change.__name__, zipped(changed)


@pytest.fixture(scope="module")
def books(
    scheme: Scheme, scheme_table: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[bytes, Parts]]:
    folder = tmp_path_factory.mktemp("books")
    documents = [clean_document(), *(make_document(seed, scheme_table) for seed in range(3))]
    paths = [filled(document, scheme, folder / f"{n}.xlsx") for n, document in enumerate(documents)]
    return [(path.read_bytes(), parts_of(path)) for path in paths]


def _check(done: Scored, codes: set[str]) -> None:
    record = done.record
    assert record.status in (Status.SCORED, Status.RETURNED, Status.REJECTED)
    errors = [item for item in done.findings if item.severity is Severity.ERROR]
    assert bool(errors) == (record.status is not Status.SCORED)
    assert (done.result is None) == (record.status is Status.REJECTED)
    assert bool(record.reason) == (record.status is not Status.SCORED)
    assert {item.code for item in done.findings} <= codes
    for item in done.findings:
        assert item.message and item.advice


@pytest.mark.parametrize("first", range(0, USUAL, 100))
@pytest.mark.slow
def test_mutants(
    first: int, scheme: Scheme, books: list[tuple[bytes, Parts]], tmp_path: Path, count: int = 100
) -> None:
    codes = {item.code for item in all_checks()}
    found = []
    for number in range(first, first + count):
        kind, data = mutant(number, books)
        path = tmp_path / f"{number}-{kind}.xlsx"
        path.write_bytes(data)
        found.append(Found(path, path.name))
    statuses = set()
    for start in range(0, len(found), CHUNK):
        files, clock = found[start : start + CHUNK], time.monotonic()
        chunk = process_chunk(files, scheme, Limits())
        assert time.monotonic() - clock < SECONDS_EACH * CHUNK
        assert [item.record.path for item in chunk] == [item.shown for item in files]
        for item in chunk:
            _check(item, codes)
            statuses.add(item.record.status)
    # The changes are neither all fatal nor all harmless.
    assert statuses == {Status.SCORED, Status.RETURNED, Status.REJECTED}


@pytest.mark.slow
def test_mutants_are_the_same_each_time(books: list[tuple[bytes, Parts]]) -> None:
    assert all(mutant(number, books)[0] == mutant(number, books)[0] for number in range(20))
    assert {mutant(number, books)[0] for number in range(200)} == {change.__name__ for change in (*WHOLE, *PARTS)}
