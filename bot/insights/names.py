"""What people call the things that a report counts."""

from __future__ import annotations

from collections.abc import Iterable

from bot.postings.output import name_of
from bot.texts import has, say
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook
from rules.postings.model import OUT_OF_SCOPE


def entry(id_: str | None, book: RuleBook, language: str) -> str:
    """The title of an entry; the id where there is none any more, and nothing of a hidden one."""
    if not id_ or id_ in book.base.hidden:
        return say(language, "insights.no_entry")
    return book.base.title(id_, language) if id_ in book.base.languages else id_


def visible_titles(ids: Iterable[str], book: RuleBook, language: str) -> list[tuple[str, str]]:
    """(id, title) of those entries that are not hidden."""
    return [(id_, entry(id_, book, language)) for id_ in ids if id_ not in book.base.hidden]


def section(name: str, language: str) -> str:
    """The heading of a section."""
    key = f"section.{name}"
    return say(language, key) if has(language, key) else name


def value(what: str, counted: str, book: RuleBook, language: str) -> str:
    """A band, language or function that was counted."""
    if what == "band":
        return say(language, f"band.{counted}")
    if what == "language":
        return say(language, f"language.{counted}") if counted in LANGUAGES else counted
    known = counted == OUT_OF_SCOPE or counted in book.pack.by_name
    return name_of(counted, book.pack, language) if known else counted
