"""What the knowledge's pages need to find and show: suggestions, marks on hits, what is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.records import Exchanged
from bot.web import library
from bot.web.library import Card
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.normal import fold

SUGGESTED = 8
POPULAR, RECENT, COUNTED = 6, 6, 500
"""Entries of each list; messages that are counted for what is popular."""


def suggestions(base: KnowledgeBase, text: str, language: str) -> list[Card]:
    """The entries whose names begin with the words, hold them, or fit them; best first."""
    sought = fold(text.strip())
    if not sought:
        return []
    ranked = sorted(
        (rank, n, id_)
        for n, id_ in enumerate(library.ids(base))
        if (rank := _rank(base, id_, sought, language)) is not None
    )
    found = [id_ for _, _, id_ in ranked[:SUGGESTED]]
    if len(found) < SUGGESTED:
        more = (id_ for id_ in library.search(base, text) if id_ not in found)
        found += list(more)[: SUGGESTED - len(found)]
    return [library.card(base, id_, language) for id_ in found]


def _rank(base: KnowledgeBase, id_: str, sought: str, language: str) -> int | None:
    """0 for a title that begins so, 1 for a name that does, 2 where it stands inside of one."""
    title = fold(base.title(id_, language))
    names = [title, *(fold(name) for name in library.entry(base, id_, language).aliases)]
    if title.startswith(sought):
        return 0
    if any(name.startswith(sought) for name in names):
        return 1
    return 2 if any(sought in name for name in names) else None


def mark_matches(text: str, sought: str) -> list[tuple[str, bool]]:
    """A text in pieces: (words, whether they are among those that were sought)."""
    words = sorted({word for word in sought.split() if word}, key=len, reverse=True)
    if not words:
        return [(text, False)]
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return [(piece, bool(n % 2)) for n, piece in enumerate(pieces) if piece]


def popular(judged: Iterable[Any], base: KnowledgeBase, language: str) -> list[Card]:
    """The entries that were called helpful most often."""
    counts = Counter(one.entry for one in judged if one.good and one.entry)
    return _cards((id_ for id_, _ in counts.most_common()), base, language)[:POPULAR]


def recent(said: Iterable[tuple[str, Exchanged]], base: KnowledgeBase, language: str) -> list[Card]:
    """The entries that were told last in the visitor's own conversations."""
    told = dict.fromkeys(one.reply.get("about") for _, one in said)
    return _cards((id_ for id_ in told if id_), base, language)[:RECENT]


def _cards(ids: Iterable[str], base: KnowledgeBase, language: str) -> list[Card]:
    shown = set(library.ids(base))
    return [library.card(base, id_, language) for id_ in ids if id_ in shown]
