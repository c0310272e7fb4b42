"""A person's conversations on the pages: which there are, what was said, one message of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select

from bot.records import Exchanged
from bot.store import tables as t
from bot.store.database import reading, writing

MOST = 200
"""Conversations that are listed."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat in which something was said."""

    chat: str
    first: str
    """The question it began with."""
    count: int
    """Questions that were asked."""
    at: float
    """When the last one was."""


class Conversations:
    """Reads chats whose ids begin with one *base*: the base itself, and ``<base>:<key>``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, base: str) -> list[Conversation]:
        """The conversations, the latest first."""
        m = t.messages.c
        groups = select(
            m.chat, func.min(m.id).label("first"), func.max(m.id).label("last"),
            func.count().label("count"), func.max(m.at).label("at"),
        ).where(_belongs_to(m.chat, base)).group_by(m.chat).subquery()  # fmt: skip
        query = (
            select(groups.c.chat, m.asked, groups.c.count, groups.c.at)
            .join(groups, m.id == groups.c.first)
            .order_by(groups.c.last.desc())
            .limit(MOST)
        )
        with reading(self._engine) as db:
            return [Conversation(*row) for row in db.execute(query)]

    def list_exchanges(self, base: str, most: int) -> list[tuple[str, Exchanged]]:
        """(chat, message) of the last messages in all of them, the latest first."""
        m = t.messages.c
        query = (
            select(t.messages).where(_belongs_to(m.chat, base)).order_by(m.id.desc()).limit(most)
        )
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return [(row.chat, Exchanged(row.id, row.asked, row.reply, row.at)) for row in rows]

    def find(self, base: str, message: int) -> tuple[str, Exchanged] | None:
        """(chat, message) of that number, if it is in one of them."""
        m = t.messages.c
        query = select(t.messages).where(_belongs_to(m.chat, base), m.id == message)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return (row.chat, Exchanged(row.id, row.asked, row.reply, row.at)) if row else None

    def forget(self, base: str) -> None:
        """Delete all of them with everything said in them."""
        with writing(self._engine, durable=False) as db:
            db.execute(delete(t.messages).where(_belongs_to(t.messages.c.chat, base)))
            db.execute(delete(t.chats).where(_belongs_to(t.chats.c.id, base)))


def _belongs_to(chat: ColumnElement[str], base: str) -> ColumnElement[bool]:
    return or_(chat == base, chat.startswith(f"{base}:", autoescape=True))
