"""A million messages, 200,000 runs, 2,000 people: what every list, report, export and erase takes.

python benchmarks/scale_use.py [DATABASE] [--messages 1000000] [--runs 200000] [--people 2000]

Fills an empty database (a temporary SQLite file without DATABASE), then times what pages and
commands ask of the store, and how long retention takes. Prints milliseconds, the median of five.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.insights.reading import read
from bot.runs import queries
from bot.store import Store, open_store
from bot.store import tables as t
from knowledge.engine.base import open_base
from rules.book import open_book

STEP = 5_000
DAY = 86_400.0
AIM = 300.0
"""Milliseconds that anything somebody waits for may take."""
REPLY = {"language": "en", "blocks": [{"kind": "paragraph", "text": "An answer. " * 30}]}


def rows(name: str, many: int, people: int, messages: int) -> Iterator[dict[str, Any]]:
    """So many rows of a table, spread over the last sixty days."""
    now = time.time()
    for i in range(many):
        at, who = now - (i % 60) * DAY - i % 86_400, i % people
        yield {
            "people": {"id": f"p{i}", "name": f"person {i}", "roles": ["staff"], "created": at},
            "chats": {"id": f"web:p{i}", "person": f"p{i}", "state": {}, "changed": now,
                      "revision": 1},
            "messages": {"chat": f"web:p{who}", "asked": f"question {i}", "reply": REPLY, "at": at},
            "runs": {
                "id": f"r{i:x}", "checklist": "checklist.campaign", "title": f"Run {i}",
                "language": "en", "version": "x", "template": TEMPLATE, "anchor": None,
                "owners": {"role.brand": f"person {who}"}, "status": "closed" if i % 4 else "open",
                "created": at, "created_by": f"person {who}", "revision": 1,
            },
            "marks": {"run": f"r{i // 5:x}", "item": f"1.{i % 5}", "state": "done", "note": "",
                      "by": f"person {who}", "at": at, "revision": 1},
            "history": {"run": f"r{i // 5:x}", "item": f"1.{i % 5}", "action": "done", "note": "",
                        "by": f"person {who}", "at": at},
            "questions": {"at": at, "question": f"how about {i % 977}", "language": "en",
                          "band": "decline", "near": [], "score": 0.1, "version": "x"},
            "feedback": {"at": at, "question": f"q {i}", "entry": "role.brand",
                         "section": "summary", "good": i % 3 != 0, "reason": "", "language": "en",
                         "version": "x", "message": None},
            "replays": {"channel": "wechat", "message": f"m{i}", "reply": None, "at": at,
                        "sent": at, "holder": None},
            "tokens": {"token": f"t{i}", "purpose": "press", "person": f"p{who}",
                       "payload": {"chat": str(who)}, "expires": now + 5 * DAY},
            "audit": {"at": at, "by": f"person {who}", "action": "sign_in", "target": "",
                      "detail": ""},
        }[name]  # fmt: skip


TEMPLATE: dict[str, Any] = {}


def fill(store: Store, options: argparse.Namespace) -> None:
    """Put everything into empty tables."""
    many = {
        "people": options.people, "chats": options.people, "messages": options.messages,
        "runs": options.runs, "marks": options.runs * 5, "history": options.runs * 5,
        "questions": options.messages // 10, "feedback": options.messages // 20,
        "replays": options.messages // 5, "tokens": options.messages // 5,
        "audit": options.messages // 20,
    }  # fmt: skip
    for name, count in many.items():
        pending = rows(name, count, options.people, options.messages)
        while some := list(itertools.islice(pending, STEP)):
            with store.engine.begin() as db:
                db.execute(insert(t.metadata.tables[name]), some)
        print(f"{name}: {count:,} rows", flush=True)


def timed(name: str, act: Callable[[], object], times: int = 5) -> None:
    """Print what it takes."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    median = statistics.median(taken)
    print(f"{name:<34} {median:9.1f} ms{'' if median <= AIM else '   over the aim'}", flush=True)


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", nargs="?")
    for name, default in (("messages", 1_000_000), ("runs", 200_000), ("people", 2_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    book = open_book(open_base())
    import dataclasses

    TEMPLATE.update(dataclasses.asdict(queries.template(book, "checklist.campaign", "en")))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(options.database or str(Path(folder) / "zhiwen.db"))
        fill(store, options)
        measure(store, book)
        store.close()


def measure(store: Store, book: Any) -> None:
    """What pages, reports, exports and erasures ask of the store."""
    today = datetime.date.today()
    person = store.people.by_name("person 7")
    timed("list of open runs", lambda: store.runs.all("open"))
    timed("list of all runs", store.runs.all)
    timed("page of open runs", lambda: queries.views(store, book, person, today, "open"))
    timed("one run", lambda: store.runs.get("r7"))
    timed("history of a run", lambda: store.runs.history("r7"))
    timed("a chat's last messages", lambda: store.chats.exchanges("web:p7"))
    timed("people", store.people.all)
    timed("audit", store.audit.list_recent)
    timed("a person's batches", lambda: store.jobs.list_for(person.id))
    timed("replies on their way", lambda: store.outbox.take_unsent("wechat", 60))
    timed("channels that are behind", lambda: store.outbox.late_channels(300))
    timed("report of 30 days", lambda: read(store, book, 30), times=3)
    timed("export of a person", lambda: store.personal.export(person.id, person.name), times=3)
    timed("erase a person", lambda: store.personal.erase(person.id, person.name), times=1)
    start = time.perf_counter()
    gone = store.retention.forget_old()
    seconds = time.perf_counter() - start
    print(f"retention: {sum(gone.values()):,} rows in {seconds:.1f} s, in steps of 2,000")


if __name__ == "__main__":
    main()
