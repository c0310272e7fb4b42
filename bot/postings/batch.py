"""Rows in, results out, in order and in bounded memory, on one core or on several."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from bot.postings.model import Result, Row, Unreadable
from rules.posting.classify import classify
from rules.posting.pack import Pack

CHUNK = 100
AHEAD = 3
"""Chunks under way for each process; more would only fill memory."""
_pack: Pack | None = None


def run(rows: Iterable[Row], pack: Pack, jobs: int = 1) -> Iterator[Result]:
    """The result of every row, in order."""
    if jobs <= 1:
        return (one(row, pack) for row in rows)
    return _spread(rows, pack, jobs)


def one(row: Row, pack: Pack) -> Result:
    """The result of one row."""
    if row.posting is None:
        return Result(row, None)
    if not (row.posting.description.strip() or row.posting.title.strip()):
        empty = Unreadable("classify.row.empty")
        return Result(Row(row.file, row.number, row.cells, None, row.id, empty), None)
    start = time.perf_counter()
    verdict = classify(row.posting, pack)
    return Result(row, verdict, (time.perf_counter() - start) * 1000)


def _spread(rows: Iterable[Row], pack: Pack, jobs: int) -> Iterator[Result]:
    import multiprocessing

    waiting: deque[Future[list[Result]]] = deque()
    rows = iter(rows)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, initializer=_start, initargs=(pack,)) as pool:
        while True:
            while len(waiting) < jobs * AHEAD and (chunk := list(islice(rows, CHUNK))):
                waiting.append(pool.submit(_many, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _start(pack: Pack) -> None:
    global _pack  # noqa: PLW0603 - a process of the pool has one pack for its whole life
    _pack = pack


def _many(rows: list[Row]) -> list[Result]:
    assert _pack is not None
    return [one(row, _pack) for row in rows]
