"""What was kept while somebody might see more: of entries that are kept from them now, nothing.

A role can be lost; answers that were given with it still lie in chats. Before anything kept is
shown to the person it is about, it is looked through for the ids and titles of such entries.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from bot.model import Paragraph, Reply
from bot.texts import say
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import LANGUAGES

NOTHING = "-"
TOLD = {"messages": "reply", "chats": "state", "tokens": "payload"}
"""Where an answer or what led to it is kept as a whole: table -> column."""


class Withheld:
    """Knows what is kept from somebody; *whole* is the content, *seen* what they see of it."""

    def __init__(self, whole: KnowledgeBase, seen: KnowledgeBase) -> None:
        words = {*seen.hidden, *(name for id_ in seen.hidden for name in _titles(id_, whole))}
        longest = sorted(map(re.escape, words), key=len, reverse=True)
        self._words = re.compile("|".join(longest), re.IGNORECASE) if longest else None

    def reply(self, reply: Reply) -> Reply:
        """The reply; one that tells of such an entry gives way to a sentence."""
        if not self._mentions_hidden(dataclasses.asdict(reply)):
            return reply
        return Reply(reply.language, (Paragraph(say(reply.language, "web.chat.withheld")),))

    def export(self, data: dict[str, Any]) -> dict[str, Any]:
        """Everything that is kept about a person, without what is kept from them."""
        if self._words is None:
            return data
        return {table: [self._row(table, row) for row in rows] for table, rows in data.items()}

    def _row(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        column = TOLD.get(table)
        if column and self._mentions_hidden(row.get(column)):
            row = row | {column: {"withheld": True}}
        asked = {"asked": row["asked"]} if "asked" in row else {}  # their own words
        return {**{key: self._redact(value) for key, value in row.items()}, **asked}

    def _mentions_hidden(self, value: Any) -> bool:
        return self._words is not None and any(self._words.search(text) for text in _texts(value))

    def _redact(self, value: Any) -> Any:
        if isinstance(value, str):
            return NOTHING if self._mentions_hidden(value) else value
        if isinstance(value, dict):
            return {self._redact(key): self._redact(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._redact(item) for item in value]
        return value


def _titles(id_: str, base: KnowledgeBase) -> Iterator[str]:
    return (base.title(id_, language) for language in LANGUAGES)


def _texts(value: Any) -> Iterator[str]:
    """Every text anywhere in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
