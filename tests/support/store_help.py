"""What the tests of the store share: a clock, a checklist, writers at once, all that is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from bot.store import Store
from bot.store import tables as t
from bot.store.database import reading

START = 1_750_000_000.0
DAY = 24 * 3600.0
TEMPLATE = {"id": "checklist.launch", "pause_points": [{"name": "Before", "items": [1, 2, 3]}]}


class Clock:
    """Seconds since 1970 that pass only when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def start(store: Store, by: str = "Ann", **more: Any) -> str:
    """A run of a small checklist."""
    return store.runs.start("checklist.launch", "Launch", "en", "v1", TEMPLATE, by, **more)


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """What each job gives or raises, all begun at the same moment in threads of their own."""
    barrier = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return job()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with reading(store.engine) as db:
        return {
            name: [dict(row._mapping) for row in db.execute(select(table))]
            for name, table in t.metadata.tables.items()
        }


def texts(value: Any) -> Iterator[str]:
    """Every text in plain data, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
