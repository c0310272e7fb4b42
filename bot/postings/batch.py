"""Rows in, results out, in order and in bounded memory, on one core or on several."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from itertools import islice

from bot.postings.model import Result, Row, Unreadable
from rules.postings.classify import classify
from rules.postings.posting_rules import PostingRules

CHUNK = 100
AHEAD = 3
"""Chunks under way for each process; more would only fill memory."""
Render = Callable[[Result, PostingRules], str]
"""Makes a line of output; a function that other processes can find by its name."""
_rules: PostingRules | None = None
_render: Render | None = None


def run(
    rows: Iterable[Row], rules: PostingRules, jobs: int = 1, render: Render | None = None
) -> Iterator[Result]:
    """The result of every row, in order; with *render* each carries its line of output."""
    if jobs <= 1:
        results = (classify_row(row, rules) for row in rows)
        return results if render is None else (_with_line(r, rules, render) for r in results)
    return _run_parallel(rows, rules, jobs, render)


def _with_line(result: Result, rules: PostingRules, render: Render) -> Result:
    """The result with its line, and without what only the line needed."""
    verdict = result.verdict and replace(result.verdict, evidence=())
    row = replace(result.row, cells={}, posting=None)
    return replace(result, row=row, verdict=verdict, line=render(result, rules))


def classify_row(row: Row, rules: PostingRules) -> Result:
    """The result of one row."""
    if row.posting is None:
        return Result(row, None)
    if not (row.posting.description.strip() or row.posting.title.strip()):
        empty = Unreadable("classify.row.empty")
        return Result(Row(row.file, row.number, row.cells, None, row.id, empty), None)
    start = time.perf_counter()
    verdict = classify(row.posting, rules)
    return Result(row, verdict, (time.perf_counter() - start) * 1000)


def _run_parallel(
    rows: Iterable[Row], rules: PostingRules, jobs: int, render: Render | None
) -> Iterator[Result]:
    import multiprocessing

    waiting: deque[Future[list[Result]]] = deque()
    rows = iter(rows)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, initializer=_start, initargs=(rules, render)) as pool:
        while True:
            while len(waiting) < jobs * AHEAD and (chunk := list(islice(rows, CHUNK))):
                waiting.append(pool.submit(_classify_chunk, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _start(rules: PostingRules, render: Render | None) -> None:
    global _rules, _render
    _rules, _render = rules, render


def _classify_chunk(rows: list[Row]) -> list[Result]:
    assert _rules is not None
    return list(run(rows, _rules, render=_render))
