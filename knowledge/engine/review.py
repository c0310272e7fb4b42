"""Which entries are due to be read again: nobody is left to find out from a wrong answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import Entry
from knowledge.engine.source import Document, Problem


def check(entry: Entry, document: Document) -> Iterator[Problem]:
    """A review date that is no day of the calendar."""
    if entry.reviewed_on is not None and _day(entry) is None:
        message = f"'{entry.reviewed_on}' is no day of the calendar"
        yield document.problem(("reviewed_on",), message)


def due_reviews(
    loaded: Loaded, today: datetime.date, days: int
) -> Iterator[tuple[str, datetime.date | None, str]]:
    """(entry, when it was reviewed, its owner) of each active one that was not reviewed within
    *days*, the longest ago first; those that never were come last.
    """
    rows = []
    for id_, texts in loaded.texts.items():
        entry = texts[PRIMARY]
        day = _day(entry)
        if entry.status == "active" and (day is None or (today - day).days > days):
            rows.append((day is None, day or today, id_, entry.owner or ""))
    for never, day, id_, owner in sorted(rows):
        yield id_, None if never else day, owner


def _day(entry: Entry) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(entry.reviewed_on or "")
    except ValueError:
        return None
