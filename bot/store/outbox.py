"""Messages of platforms: each is answered once, by one process, whatever happens meanwhile.

A message is claimed, its reply kept, and the reply marked as sent. What was claimed and not
answered for CLAIM_SECONDS belonged to a process that is gone, and may be claimed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, null, or_, select, update

from bot.store import tables as t
from bot.store.database import put_new, reading, writing
from bot.store.types import digest

CLAIM_SECONDS = 15.0
"""A message takes milliseconds; one with a file a few seconds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """How a message stands: ours to answer, in somebody else's hands, or answered before."""

    state: Literal["ours", "busy", "answered"]
    reply: dict[str, Any] | None = None
    """What was answered."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A reply that was made and, as far as is known, not sent."""

    message: str
    """The key under which it is kept."""
    reply: dict[str, Any]
    at: float
    holder: str | None = None
    """Who had it in hand."""


class Outbox:
    """Reads and writes claims and replies of platform messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def claim(
        self, channel: str, message: str, holder: str = "", asks_again: bool = False
    ) -> Claim:
        """Whose that message is to answer. Of several who claim it at once, one gets it.

        A reply that has not arrived is given to whoever has it in hand, to anybody once that one
        is gone, and at once for a platform that *asks again* for what it did not get. A *holder*
        who asks again for a message without a reply has failed at it before, and gets it.
        """
        now = self._clock()
        with writing(self._engine) as db:
            key = {"channel": channel, "message": digest(message)}
            if put_new(db, t.replays, key, {"at": now, "holder": holder}):
                return Claim("ours")
            row = db.execute(select(t.replays).where(*_row(channel, message))).one_or_none()
            if row is None:
                return Claim("busy")
            if row.sent is not None or (asks_again and row.reply is not None):
                return Claim("answered", row.reply)
            # One of a time to come was claimed before the clock was set back.
            late = abs(now - row.at) > CLAIM_SECONDS
            if row.reply is not None:
                ours = row.holder in (holder, None)
            else:  # an attempt of our own that failed; a process answers a message once at a time
                ours = bool(holder) and row.holder == holder
            if not (late or ours):
                return Claim("busy")
            mine = update(t.replays).where(*_row(channel, message), t.replays.c.at == row.at)
            if not db.execute(mine.values(at=now, holder=holder)).rowcount:
                return Claim("busy")
        return Claim("ours") if row.reply is None else Claim("answered", row.reply)

    def hold(self, channel: str, keys: Iterable[str], holder: str) -> None:
        """Keep in hand what *holder* is answering or sending; well within CLAIM_SECONDS."""
        ours = (t.replays.c.channel == channel, t.replays.c.message.in_(list(keys)),
                t.replays.c.holder == holder, t.replays.c.sent.is_(None))  # fmt: skip
        with writing(self._engine, durable=False) as db:
            db.execute(update(t.replays).where(*ours).values(at=self._clock()))

    def give_back(self, channel: str, message: str) -> None:
        """Let a message that could not be answered be claimed again at once."""
        with writing(self._engine) as db:
            late = update(t.replays).where(*_row(channel, message), t.replays.c.reply.is_(None))
            db.execute(late.values(at=0.0))

    def keep(
        self, channel: str, message: str, reply: dict[str, Any] | None, sent: bool = False
    ) -> None:
        """Keep the reply until it is *sent*, and for a platform that asks again."""
        now = self._clock()
        values: dict[str, Any] = {
            "reply": null() if reply is None else reply, "at": now, "sent": now if sent else None,
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*_row(channel, message)).values(values))

    def mark_sent(self, channel: str, message: str, forget: bool = True) -> None:
        """The reply has arrived (or there is none to send); *forget* what it said."""
        values: dict[str, Any] = {"sent": self._clock()}
        if forget:
            values["reply"] = null()
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*_row(channel, message)).values(values))

    def mark_arrived(self, channel: str, message: str, parts: int) -> None:
        """So many messages of a reply have arrived."""
        self._mark_arrived(_row(channel, message), parts)

    def arrived_later(self, channel: str, key: str, parts: int) -> None:
        """So many messages of a reply from `take_unsent` have arrived."""
        self._mark_arrived((t.replays.c.channel == channel, t.replays.c.message == key), parts)

    def _mark_arrived(self, row: tuple[ColumnElement[bool], ...], parts: int) -> None:
        with writing(self._engine) as db:
            reply = db.execute(select(t.replays.c.reply).where(*row)).scalar()
            if reply is not None:
                progress = update(t.replays).where(*row).values(reply=reply | {"parts": parts})
                db.execute(progress)

    def take_unsent(
        self,
        channel: str,
        older: float,
        most: int = 50,
        holder: str = "",
        abandoned: bool = False,
    ) -> list[Unsent]:
        """Replies made more than *older* seconds ago and not sent, the oldest first.

        They are the caller's for CLAIM_SECONDS: whoever asks meanwhile does not get them.
        *abandoned*: nobody else can have them in hand, however young they are.
        """
        now = self._clock()
        before = now + 1 if abandoned else now - max(older, CLAIM_SECONDS)
        waiting = (
            t.replays.c.channel == channel, t.replays.c.reply.is_not(None),
            t.replays.c.sent.is_(None),
            or_(t.replays.c.at < before, t.replays.c.at > now + CLAIM_SECONDS),
        )  # fmt: skip
        query = select(t.replays).where(*waiting).order_by(t.replays.c.at).limit(most)
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        taken = []
        for row in rows:
            same = (t.replays.c.channel == channel, t.replays.c.message == row.message)
            with writing(self._engine) as db:
                mine = update(t.replays).where(*same, t.replays.c.at == row.at)
                mine = mine.values(at=now, holder=holder)
                if db.execute(mine).rowcount:
                    taken.append(Unsent(row.message, row.reply, row.at))
        return taken

    def list_unsent(self, channel: str) -> list[Unsent]:
        """What is kept and not sent, in whoever's hands, where it stays."""
        rows = (t.replays.c.channel == channel, t.replays.c.reply.is_not(None),
                t.replays.c.sent.is_(None))  # fmt: skip
        with reading(self._engine) as db:
            found = db.execute(select(t.replays).where(*rows)).all()
        return [Unsent(row.message, row.reply, row.at, row.holder) for row in found]

    def swap(self, channel: str, seen: Unsent, reply: dict[str, Any], holder: str) -> bool:
        """Put *reply* in the place of what was *seen*, in that holder's hands; False if that is
        not what stands there any more."""
        same = (t.replays.c.channel == channel, t.replays.c.message == seen.message,
                t.replays.c.at == seen.at, t.replays.c.sent.is_(None),
                t.replays.c.holder == seen.holder)  # fmt: skip
        # A later time than was seen: else somebody who has seen the same would swap as well.
        values = {"reply": reply, "holder": holder, "at": max(self._clock(), seen.at + 1e-6)}
        with writing(self._engine) as db:
            return bool(db.execute(update(t.replays).where(*same).values(values)).rowcount)

    def late_channels(self, older: float) -> set[str]:
        """The channels with a reply that was made more than *older* seconds ago and not sent."""
        waiting = (
            t.replays.c.reply.is_not(None), t.replays.c.sent.is_(None),
            t.replays.c.at < self._clock() - older,
        )  # fmt: skip
        with reading(self._engine) as db:
            return set(db.execute(select(t.replays.c.channel).where(*waiting).distinct()).scalars())

    def mark_resent(self, channel: str, key: str) -> None:
        """A reply from `take_unsent` has arrived."""
        same = (t.replays.c.channel == channel, t.replays.c.message == key)
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*same).values(sent=self._clock(), reply=null()))


def _row(channel: str, message: str) -> tuple[ColumnElement[bool], ...]:
    """The row of a message; hashed, because a platform's number may hold who sent it."""
    return (t.replays.c.channel == channel, t.replays.c.message == digest(message))
