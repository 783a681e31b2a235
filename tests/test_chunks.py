"""How the files of a run are shared out: nothing twice, the heavy first, the last chunks small."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.intake.found import Found
from perfxl.run.pipeline import USUAL_BYTES, weight_of
from perfxl.run.workers import HEAVY, LARGEST_CHUNK, POOL_FROM, SMALLEST_CHUNK, Workers

weights = st.lists(st.one_of(st.just(0.5), st.floats(0, 200)), min_size=1, max_size=400)


@settings(max_examples=200, deadline=None)
@given(weights, st.integers(1, 9))
def test_every_file_is_in_one_chunk_and_no_chunk_is_too_heavy(sizes: list[float], jobs: int) -> None:
    with Workers(jobs, len(sizes)) as workers:
        chunks = workers.chunks(list(enumerate(sizes)), weight=lambda item: item[1])
    counted = [[max(1.0, size) for _, size in chunk] for chunk in chunks]
    assert sorted(item for chunk in chunks for item in chunk) == list(enumerate(sizes))
    assert all(len(chunk) == 1 or sum(chunk) <= LARGEST_CHUNK for chunk in counted)
    # Those that take long come first, the longest before the others; the rest stay in their order.
    flat = [item for chunk in chunks for item in chunk]
    heavy = [item for item in flat if item[1] >= HEAVY]
    assert flat[: len(heavy)] == sorted(heavy, key=lambda item: -item[1])
    assert flat[len(heavy) :] == sorted(flat[len(heavy) :])
    if jobs > 1 and len(sizes) >= POOL_FROM:
        assert sum(counted[-1]) <= max(HEAVY, SMALLEST_CHUNK, *counted[-1])


@pytest.mark.parametrize(("count", "jobs"), [(100, 2), (1_000, 2), (1_100, 2), (1_500, 4), (20_000, 2), (20_000, 64)])
def test_all_workers_end_at_the_same_time(count: int, jobs: int) -> None:
    """Each worker takes the next chunk when it is free: at the end none waits for more than a small one."""
    with Workers(jobs, count) as workers:
        chunks = workers.chunks(range(count))
    ends = [0] * jobs
    for chunk in chunks:
        ends[ends.index(min(ends))] += len(chunk)
    assert max(ends) - min(ends) <= SMALLEST_CHUNK
    # What a chunk costs by itself is about as much as one workbook.
    assert len(chunks) <= count * 0.02 + 12 * jobs


def test_one_process_gets_large_chunks_in_the_order_of_the_files() -> None:
    with Workers(1, 300) as workers:
        assert [len(chunk) for chunk in workers.chunks(range(300))] == [128, 128, 44]


def test_a_file_counts_by_its_bytes(tmp_path: Path) -> None:
    assert weight_of(Found(tmp_path, "a", size=5 * USUAL_BYTES)) == 5
    assert weight_of(Found(tmp_path / "not there", "b")) == 0
