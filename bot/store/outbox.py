"""Messages of platforms: each is answered once, by one process, whatever happens meanwhile.

A message is claimed, its reply kept, and the reply marked as sent. What was claimed and not
answered for CLAIM_SECONDS belonged to a process that is gone, and may be claimed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, null, select, update

from bot.store import tables as t
from bot.store.database import put_new, reading, writing
from bot.store.words import digest

CLAIM_SECONDS = 15.0
"""A message takes milliseconds; one with a file a few seconds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """How a message stands: ours to answer, in somebody else's hands, or answered before."""

    state: Literal["ours", "busy", "answered"]
    reply: dict[str, Any] | None = None
    """What was answered."""
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Unsent:
    """A reply that was made and, as far as is known, not sent."""

    message: str
    """The key under which it is kept."""
    reply: dict[str, Any]
    at: float


class Outbox:
    """Reads and writes claims and replies of platform messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def claim(self, channel: str, message: str) -> Claim:
        """Whose that message is to answer. Of several who claim it at once, one gets it."""
        now = self._clock()
        with writing(self._engine) as db:
            key = {"channel": channel, "message": digest(message)}
            if put_new(db, t.replays, key, {"at": now}):
                return Claim("ours")
            late = (
                *_row(channel, message), t.replays.c.reply.is_(None), t.replays.c.sent.is_(None),
                t.replays.c.at < now - CLAIM_SECONDS,
            )  # fmt: skip
            if db.execute(update(t.replays).where(*late).values(at=now)).rowcount:
                return Claim("ours")
            row = db.execute(select(t.replays).where(*_row(channel, message))).one_or_none()
        if row is None or (row.reply is None and row.sent is None):
            return Claim("busy")
        return Claim("answered", row.reply, row.sent is not None)

    def give_back(self, channel: str, message: str) -> None:
        """Let a message that could not be answered be claimed again at once."""
        with writing(self._engine) as db:
            late = update(t.replays).where(*_row(channel, message), t.replays.c.reply.is_(None))
            db.execute(late.values(at=0.0))

    def keep(self, channel: str, message: str, reply: dict[str, Any]) -> None:
        """Keep the reply until it is sent, and for a platform that asks again."""
        values = {"reply": reply, "at": self._clock()}
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*_row(channel, message)).values(values))

    def sent(self, channel: str, message: str, forget: bool = True) -> None:
        """The reply has arrived (or there is none to send); *forget* what it said."""
        values: dict[str, Any] = {"sent": self._clock()}
        if forget:
            values["reply"] = null()
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*_row(channel, message)).values(values))

    def arrived(self, channel: str, message: str, parts: int) -> None:
        """So many messages of a reply have arrived."""
        self._arrived(_row(channel, message), parts)

    def arrived_later(self, channel: str, key: str, parts: int) -> None:
        """So many messages of a reply from `unsent` have arrived."""
        self._arrived((t.replays.c.channel == channel, t.replays.c.message == key), parts)

    def _arrived(self, row: tuple[ColumnElement[bool], ...], parts: int) -> None:
        with writing(self._engine) as db:
            reply = db.execute(select(t.replays.c.reply).where(*row)).scalar()
            if reply is not None:
                kept = update(t.replays).where(*row).values(reply=reply | {"parts": parts})
                db.execute(kept)

    def unsent(self, channel: str, older: float, most: int = 50) -> list[Unsent]:
        """Replies made more than *older* seconds ago and not sent, the oldest first.

        They are the caller's for CLAIM_SECONDS: whoever asks meanwhile does not get them.
        """
        now = self._clock()
        waiting = (
            t.replays.c.channel == channel, t.replays.c.reply.is_not(None),
            t.replays.c.sent.is_(None), t.replays.c.at < now - max(older, CLAIM_SECONDS),
        )  # fmt: skip
        query = select(t.replays).where(*waiting).order_by(t.replays.c.at).limit(most)
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        found = []
        for row in rows:
            same = (t.replays.c.channel == channel, t.replays.c.message == row.message)
            with writing(self._engine) as db:
                mine = update(t.replays).where(*same, t.replays.c.at == row.at).values(at=now)
                if db.execute(mine).rowcount:
                    found.append(Unsent(row.message, row.reply, row.at))
        return found

    def resent(self, channel: str, key: str) -> None:
        """A reply from `unsent` has arrived."""
        same = (t.replays.c.channel == channel, t.replays.c.message == key)
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*same).values(sent=self._clock(), reply=null()))


def _row(channel: str, message: str) -> tuple[ColumnElement[bool], ...]:
    """The row of a message; hashed, because a platform's number may hold who sent it."""
    return (t.replays.c.channel == channel, t.replays.c.message == digest(message))
