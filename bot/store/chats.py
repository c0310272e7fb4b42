"""Chats and what was said in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from bot.store import tables as t
from bot.store.database import put, reading, writing


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat and its reply, as plain data."""

    id: int
    asked: str
    reply: dict[str, Any]
    at: float


class Chats:
    """Reads and writes chats and messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def state(self, chat: str) -> dict[str, Any] | None:
        """The state of a chat, or None for a new one."""
        with reading(self._engine) as db:
            state: dict[str, Any] | None = db.execute(
                select(t.chats.c.state).where(t.chats.c.id == chat)
            ).scalar()
        return state

    def keep(
        self,
        chat: str,
        person: str | None,
        state: dict[str, Any],
        asked: str | None = None,
        reply: dict[str, Any] | None = None,
    ) -> int | None:
        """Keep the state and, if given, a message with its reply. Returns the message's id."""
        now = self._clock()
        with writing(self._engine, durable=False) as db:
            values = {"state": state, "changed": now, "person": person}
            put(db, t.chats, {"id": chat}, values)
            if asked is None or reply is None:
                return None
            said = insert(t.messages).values(chat=chat, asked=asked, reply=reply, at=now)
            return int(db.execute(said.returning(t.messages.c.id)).scalar_one())

    def said(self, chat: str, most: int = 50) -> list[Said]:
        """The last messages of a chat, oldest first."""
        query = (
            select(t.messages)
            .where(t.messages.c.chat == chat)
            .order_by(t.messages.c.id.desc())
            .limit(most)
        )
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return [Said(row.id, row.asked, row.reply, row.at) for row in reversed(rows)]

    def forget(self, chat: str) -> None:
        """Delete a chat and everything said in it."""
        with writing(self._engine, durable=False) as db:
            db.execute(delete(t.messages).where(t.messages.c.chat == chat))
            db.execute(delete(t.chats).where(t.chats.c.id == chat))
