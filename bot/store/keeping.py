"""What is kept how long: replays, tokens, audit, retention, and a person's own data."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, insert, or_, select, update

from bot.store import personal
from bot.store import tables as t
from bot.store.database import put_new, reading, together, writing
from bot.store.words import digest

DAY = 24 * 3600.0
KEEP = {
    "messages": 30 * DAY,
    "chats": 30 * DAY,
    "questions": 365 * DAY,
    "feedback": 365 * DAY,
    "audit": 180 * DAY,
    "replays": 2 * DAY,
    "jobs": 7 * DAY,
}
"""Seconds each table keeps its rows. Runs and counts stay, people until they are erased."""
TOKEN_SECONDS = 7 * DAY
AGE = {
    "chats": "changed", "jobs": "created", "tokens": "expires", "sessions": "expires",
    "leases": "until",
}  # fmt: skip
"""The column that tells how old a row is, where it is not ``at``."""


class Keeping:
    """Reads and writes replays, tokens and audit; retention, export and erasure."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def first_time(self, channel: str, message: str) -> bool:
        """Whether this message of a platform is new; from now on it is not."""
        with writing(self._engine) as db:
            key = {"channel": channel, "message": digest(message)}
            return put_new(db, t.replays, key, {"at": self._clock()})

    @contextlib.contextmanager
    def once(self, channel: str, name: str) -> Iterator[bool]:
        """Whether a call of that name is new, and one transaction for all that it writes.

        The name is kept together with what the call came to, or neither is: one that failed, or
        whose process died, is new again.
        """
        with together(self._engine):
            yield self.first_time(channel, name)

    def replied(self, channel: str, message: str, reply: dict[str, Any]) -> None:
        """Keep what was replied, for when the platform asks again."""
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*_replay(channel, message)).values(reply=reply))

    def reply_to(self, channel: str, message: str) -> dict[str, Any] | None:
        """What was replied to a message that came before."""
        query = select(t.replays.c.reply).where(*_replay(channel, message))
        with reading(self._engine) as db:
            found: dict[str, Any] | None = db.execute(query).scalar()
        return found

    def token(
        self,
        purpose: str,
        payload: dict[str, Any],
        person: str | None = None,
        seconds: float = TOKEN_SECONDS,
        secret: str | None = None,
    ) -> str:
        """A short secret that stands for *payload*, good for a while and for *person* alone.

        Only its hash is kept. *secret*: one that was made already.
        """
        token = secret or secrets.token_urlsafe(12)
        values = {
            "token": digest(token), "purpose": purpose, "person": person, "payload": payload,
            "expires": self._clock() + seconds,
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(insert(t.tokens).values(values))
        return token

    def redeem(
        self, purpose: str, token: str, person: str | None = None, once: bool = False
    ) -> dict[str, Any] | None:
        """What a token stands for; None if it is unknown, expired or somebody else's.

        Of several who redeem it *once* at the same time, one gets it.
        """
        good = (
            t.tokens.c.token == digest(token),
            t.tokens.c.purpose == purpose,
            t.tokens.c.expires > self._clock(),
            or_(t.tokens.c.person.is_(None), t.tokens.c.person == person),
        )
        payload: dict[str, Any] | None
        if once:
            with writing(self._engine) as db:
                gone = delete(t.tokens).where(*good).returning(t.tokens.c.payload)
                payload = db.execute(gone).scalar()
        else:
            with reading(self._engine) as db:
                payload = db.execute(select(t.tokens.c.payload).where(*good)).scalar()
        return payload

    def bind(self, purpose: str, token: str, **values: Any) -> None:
        """Add to what a token stands for, if it is still there."""
        same = (t.tokens.c.token == digest(token), t.tokens.c.purpose == purpose)
        with writing(self._engine, durable=False) as db:
            payload = db.execute(select(t.tokens.c.payload).where(*same)).scalar()
            if payload is not None:
                db.execute(update(t.tokens).where(*same).values(payload=payload | values))

    def note(self, by: str, action: str, target: str = "", detail: str = "") -> None:
        """A line of the audit table."""
        values = {
            "at": self._clock(), "by": by[:80], "action": action[:40], "target": target[:200],
            "detail": detail,
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(insert(t.audit).values(values))

    def audited(self, most: int = 200) -> list[dict[str, Any]]:
        """The last lines of the audit table, newest first."""
        query = select(t.audit).order_by(t.audit.c.id.desc()).limit(most)
        with reading(self._engine) as db:
            return [dict(row._mapping) for row in db.execute(query)]

    def forget_old(self) -> dict[str, int]:
        """Delete what has been kept long enough. Returns how many rows of each table went."""
        now, gone = self._clock(), {}
        old = {name: now - seconds for name, seconds in KEEP.items()}
        for name, before in (old | {"tokens": now, "sessions": now, "leases": now}).items():
            age = t.metadata.tables[name].c[AGE.get(name, "at")]
            # One transaction for each table, so that nobody waits for all of them.
            with writing(self._engine) as db:
                gone[name] = db.execute(delete(age.table).where(age < before)).rowcount
        return gone

    def export(self, person: str, name: str) -> dict[str, Any]:
        """Everything that is kept about a person, as plain data without secrets."""
        return personal.export(self._engine, person, name)

    def erase(self, person: str, name: str) -> None:
        """Forget a person; see `personal.erase`."""
        personal.erase(self._engine, person, name)


def _replay(channel: str, message: str) -> tuple[ColumnElement[bool], ...]:
    """The row of a message; hashed, because a platform's number may hold who sent it."""
    return (t.replays.c.channel == channel, t.replays.c.message == digest(message))
