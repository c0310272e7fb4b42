"""Chats and what was said in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.records import Exchanged
from bot.store import tables as t
from bot.store.database import Conflict, put, put_new, reading, writing

ANY = -1
"""In place of a revision: whatever the chat's is."""


class Chats:
    """Reads and writes chats and messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def state(self, chat: str) -> dict[str, Any] | None:
        """The state of a chat, or None for a new one."""
        return self.open(chat)[0]

    def open(self, chat: str) -> tuple[dict[str, Any] | None, int]:
        """(the state of a chat, its revision): (None, 0) for a new one."""
        query = select(t.chats.c.state, t.chats.c.revision).where(t.chats.c.id == chat)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return (row.state, row.revision) if row else (None, 0)

    def keep(
        self,
        chat: str,
        person: str | None,
        state: dict[str, Any],
        asked: str | None = None,
        reply: dict[str, Any] | None = None,
        seen: int = ANY,
    ) -> int | None:
        """Keep the state and, if given, a message with its reply. Returns the message's id.

        *seen*: the revision of the chat that this follows. Raises Conflict where another message
        came in between.
        """
        now = self._clock()
        with writing(self._engine, durable=False) as db:
            values = {"state": state, "changed": now, "person": person}
            if not self._put(db, chat, values, seen):
                raise Conflict(chat)
            if asked is None or reply is None:
                return None
            exchange = insert(t.messages).values(chat=chat, asked=asked, reply=reply, at=now)
            return int(db.execute(exchange.returning(t.messages.c.id)).scalar_one())

    def _put(self, db: Connection, chat: str, values: dict[str, Any], seen: int) -> bool:
        """Whether the state was written: not over one that has changed since it was *seen*."""
        if seen == ANY:
            put(db, t.chats, {"id": chat}, values | {"revision": 1}, add="revision")
            return True
        if seen == 0:
            return put_new(db, t.chats, {"id": chat}, values | {"revision": 1})
        same = (t.chats.c.id == chat, t.chats.c.revision == seen)
        changed = update(t.chats).where(*same).values(values | {"revision": seen + 1})
        return bool(db.execute(changed).rowcount)

    def get_message(self, chat: str, message: int | None) -> Exchanged | None:
        """That message of a chat, or the last one that was answered; None where there is none."""
        if message is None:
            answers = [one for one in self.exchanges(chat) if not one.reply.get("acted")]
            return answers[-1] if answers else None
        query = select(t.messages).where(t.messages.c.chat == chat, t.messages.c.id == message)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return Exchanged(row.id, row.asked, row.reply, row.at) if row else None

    def exchanges(self, chat: str, most: int = 50) -> list[Exchanged]:
        """The last messages of a chat, oldest first."""
        query = (
            select(t.messages)
            .where(t.messages.c.chat == chat)
            .order_by(t.messages.c.id.desc())
            .limit(most)
        )
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return [Exchanged(row.id, row.asked, row.reply, row.at) for row in reversed(rows)]

    def forget(self, chat: str) -> None:
        """Delete a chat and everything said in it."""
        with writing(self._engine, durable=False) as db:
            db.execute(delete(t.messages).where(t.messages.c.chat == chat))
            db.execute(delete(t.chats).where(t.chats.c.id == chat))
