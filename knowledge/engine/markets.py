"""What holds in one market only: the platforms people use there, and the law they work under.

A note stands once in ``markets.yaml``, in every language, with the entries it belongs to: the same
law is told beside advertising, creators and coupons, and is looked up again in one place.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from knowledge.engine import shape
from knowledge.engine.marks import Link, Structure
from knowledge.engine.source import Document, Problem

Market = Literal["cn", "tw", "hk", "jp", "kr", "us", "uk", "eu"]
HOME: Mapping[str, tuple[Market, ...]] = {
    "zh": ("cn",), "ja": ("jp",), "ko": ("kr",), "en": ("us", "uk", "eu"),
}  # fmt: skip
"""The markets of those who write in a language."""
NoteId = Annotated[str, Structure(r"[a-z]+(_[a-z]+)+", "<market>_<subject>")]
LawName = Annotated[str, Structure(r"[^\n]{2,120}", "the law's name")]
CheckDay = Annotated[str, Structure(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'a day in quotes: "2026-12-01"')]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketNote:
    """One line on one market, in every language."""

    id: NoteId
    market: Market
    law: LawName | None = None
    """The law's name as it is cited there; absent for platforms."""
    checked: CheckDay | None = None
    """When the law was last looked up; needed with it, and with nothing else."""
    entries: tuple[Annotated[str, Link()], ...]
    """Where it is told."""
    zh: str
    en: str
    ja: str
    ko: str

    def text(self, language: str) -> str:
        """The note in that language. Raises KeyError for one that nobody speaks here."""
        return {"zh": self.zh, "en": self.en, "ja": self.ja, "ko": self.ko}[language]


def build(document: Document) -> tuple[MarketNote, ...]:
    """The notes of a document; what is wrong with their shape is added to its problems."""
    values = document.value if isinstance(document.value, list) else []
    if document.value is not None and not values:
        document.problems.append(document.problem((), "expected a list, each item with a dash"))
    notes = [shape.build(MarketNote, document, value, (i,)) for i, value in enumerate(values)]
    return () if document.problems else tuple(notes)


def check(
    notes: tuple[MarketNote, ...], document: Document, active: Mapping[str, bool]
) -> Iterator[Problem]:
    """A law without a day or a day without a law, entries that are not there or *active* no more,
    and a note that stands twice."""
    seen: set[str] = set()
    for i, note in enumerate(notes):
        if note.id in seen:
            yield document.problem((i, "id"), f"there is already a note '{note.id}'")
        seen.add(note.id)
        if not note.id.startswith(f"{note.market}_"):
            yield document.problem((i, "id"), f"should begin with '{note.market}_'")
        if (note.law is None) != (note.checked is None):
            message = "a law needs the day it was checked, and nothing else has one"
            yield document.problem((i, "law" if note.law else "checked"), message)
        if note.checked and _day(note) is None:
            yield document.problem((i, "checked"), f"'{note.checked}' is no day of the calendar")
        for j, id_ in enumerate(note.entries):
            if not active.get(id_, False):
                message = f"'{id_}' is retired" if id_ in active else f"there is no entry '{id_}'"
                yield document.problem((i, "entries", j), message)


def due_laws(
    notes: tuple[MarketNote, ...], today: datetime.date, days: int
) -> Iterator[tuple[str, datetime.date]]:
    """(note, when it was checked) of each law that was not looked up within *days*."""
    for note in notes:
        day = _day(note)
        if day is not None and (today - day).days > days:
            yield note.id, day


def _day(note: MarketNote) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(note.checked or "")
    except ValueError:
        return None
