"""The workbooks that go to departments: prefilled templates for a city, and copies to mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks.data import DISTINCT, scheme, scheme_table
from benchmarks.end_to_end import fresh
from benchmarks.measure import Measured, apart, interleaved, processor
from perfxl.layout.fields import FieldId
from perfxl.run.prefilled import Prefilled, write_templates
from perfxl.submission.document import field_values
from perfxl.template import write_template
from perfxl.template.correction import CorrectionNote
from perfxl.xlsx.writer import SWITCH
from tests.documents import make_document

CITY, COPIES, PLAIN_SAMPLE = 1_500, 300, 30
QUICK_SHARE = 15
FAULTS = 10


@dataclass(frozen=True)
class Forms:
    """One kind. seconds: of each round by the clock, all of them. processor, plain: ms each, of each round.

    plain: by the writer that writes each workbook anew through XlsxWriter's public methods, of a sample.
    """

    what: str
    count: int
    jobs: int
    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    plain: tuple[float, ...]


def templates(output: str, count: int, jobs: int, writer: str) -> float:
    """Prefilled templates for so many departments; the processor time of all processes."""
    os.environ[SWITCH] = writer
    started = processor()
    own, categories = scheme(), [item.name for item in scheme().categories]
    Path(output).mkdir()
    wanted = [
        Prefilled(
            own.id,
            Path(output) / f"{number:05}.xlsx",
            {
                ("identity", "department.code", "value"): f"441{number:07}",
                ("identity", "department.name", "value"): f"示例第{number}局",
                ("identity", "department.category", "value"): categories[number % len(categories)],
                ("identity", "department.contact", "value"): f"联系人{number}",
            },
        )
        for number in range(count)
    ]
    write_templates({own.id: own}, wanted, jobs)
    return processor() - started


def copies(output: str, count: int, writer: str) -> float:
    """Copies to mend of so many filled workbooks with ten faults each, in this process; their processor time."""
    os.environ[SWITCH] = writer
    own = scheme()
    Path(output).mkdir()
    documents = (field_values(make_document(seed, scheme_table()), own) for seed in range(min(count, DISTINCT)))
    filled = [(values, _faults(values)) for values in documents]
    started = processor()
    for number, (values, faults) in enumerate(islice(cycle(filled), count)):
        write_template(own, Path(output) / f"{number:05}.xlsx", values, review=faults)
    return processor() - started


def _faults(values: Mapping[FieldId, Decimal | str]) -> list[CorrectionNote]:
    fields = islice(values, 0, None, max(1, len(values) // FAULTS))
    return [
        CorrectionNote("错误", f"E{place:03}", "应填数字", f"第{place}处“大约{place}”", "请改填数字", field, "")
        for place, field in enumerate(fields)
    ]


def measure_forms(scratch: Path, jobs: int, repeats: int, *, quick: bool = False) -> list[Forms]:
    """Both, each beside the plain writer in the same rounds."""
    share = QUICK_SHARE if quick else 1
    city, mended, sample = CITY // share, COPIES // share, max(2, PLAIN_SAMPLE // share)
    return [
        _measured("templates", city, jobs, repeats, sample, {
            "quick": partial(fresh, scratch, lambda output: apart(templates, output, city, jobs, "quick")),
            "plain": partial(fresh, scratch, lambda output: apart(templates, output, sample, 1, "plain")),
        }),
        _measured("copies", mended, 1, repeats, sample, {
            "quick": partial(fresh, scratch, lambda output: apart(copies, output, mended, "quick")),
            "plain": partial(fresh, scratch, lambda output: apart(copies, output, sample, "plain")),
        }),
    ]  # fmt: skip


def _measured(
    what: str, count: int, jobs: int, repeats: int, sample: int, programs: dict[str, Callable[[], Measured]]
) -> Forms:
    rounds = interleaved(repeats, programs)

    def each(measured: Sequence[Measured], number: int) -> tuple[float, ...]:
        return tuple(item.answer * 1000 / number for item in measured)

    seconds = tuple(item.seconds for item in rounds["quick"])
    return Forms(what, count, jobs, seconds, each(rounds["quick"], count), each(rounds["plain"], sample))
