"""What is kept how long: replays, tokens, audit, retention, and a person's own data."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import tables as t
from bot.store.database import reading, writing

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
"""Seconds each table keeps its rows; runs and people stay until someone deletes them."""
TOKEN_SECONDS = 7 * DAY
NAMED = ((t.runs, "created_by"), (t.runs, "closed_by"), (t.marks, "by"), (t.history, "by"))
"""Where a person's name stands in what belongs to a team."""
ERASED = "-"


class Keeping:
    """Reads and writes replays, tokens and audit; retention, export and erasure."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def first_time(self, channel: str, message: str) -> bool:
        """Whether this message of a platform is new; from now on it is not."""
        try:
            with writing(self._engine) as db:
                db.execute(
                    insert(t.replays).values(channel=channel, message=message, at=self._clock())
                )
        except IntegrityError:
            return False
        return True

    def replied(self, channel: str, message: str, reply: dict[str, Any]) -> None:
        """Keep what was replied, for when the platform asks again."""
        key = (t.replays.c.channel == channel, t.replays.c.message == message)
        with writing(self._engine) as db:
            db.execute(update(t.replays).where(*key).values(reply=reply))

    def reply_to(self, channel: str, message: str) -> dict[str, Any] | None:
        """What was replied to a message that came before."""
        key = (t.replays.c.channel == channel, t.replays.c.message == message)
        with reading(self._engine) as db:
            found: dict[str, Any] | None = db.execute(
                select(t.replays.c.reply).where(*key)
            ).scalar()
        return found

    def token(self, purpose: str, payload: dict[str, Any], person: str | None = None) -> str:
        """A short secret that stands for *payload*, good for a week and for *person* alone."""
        token = secrets.token_urlsafe(12)
        values = {
            "token": token, "purpose": purpose, "person": person, "payload": payload,
            "expires": self._clock() + TOKEN_SECONDS,
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(insert(t.tokens).values(values))
        return token

    def redeem(
        self, purpose: str, token: str, person: str | None = None, once: bool = False
    ) -> dict[str, Any] | None:
        """What a token stands for; None if it is unknown, expired or somebody else's."""
        with writing(self._engine) as db:
            row = db.execute(
                select(t.tokens).where(
                    t.tokens.c.token == token,
                    t.tokens.c.purpose == purpose,
                    t.tokens.c.expires > self._clock(),
                )
            ).one_or_none()
            if row is None or (row.person is not None and row.person != person):
                return None
            if once:
                db.execute(delete(t.tokens).where(t.tokens.c.token == token))
            payload: dict[str, Any] = row.payload
            return payload

    def note(self, by: str, action: str, target: str = "", detail: str = "") -> None:
        """A line of the audit table."""
        values = {
            "at": self._clock(), "by": by, "action": action, "target": target[:200],
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
        with writing(self._engine) as db:
            for name, seconds in KEEP.items():
                table = t.metadata.tables[name]
                age = next(table.c[key] for key in ("at", "changed", "created") if key in table.c)
                gone[name] = db.execute(delete(table).where(age < now - seconds)).rowcount
            for table in (t.tokens, t.sessions):
                gone[table.name] = db.execute(delete(table).where(table.c.expires < now)).rowcount
        return gone

    def export(self, person: str, name: str) -> dict[str, Any]:
        """Everything that is kept about a person, as plain data without secrets."""
        with reading(self._engine) as db:
            chats = db.execute(select(t.chats).where(t.chats.c.person == person)).all()
            said = db.execute(
                select(t.messages).where(t.messages.c.chat.in_([chat.id for chat in chats]))
            ).all()
            me = db.execute(select(t.people).where(t.people.c.id == person)).all()
            known = db.execute(select(t.identities).where(t.identities.c.person == person)).all()
            done = db.execute(select(t.history).where(t.history.c.by == name)).all()
            acts = db.execute(select(t.audit).where(t.audit.c.by == name)).all()
        return {
            "person": [_plain(row, {"password"}) for row in me],
            "identities": [_plain(row) for row in known],
            "chats": [_plain(row) for row in chats],
            "messages": [_plain(row) for row in said],
            "checklists": [_plain(row) for row in done],
            "audit": [_plain(row) for row in acts],
        }

    def erase(self, person: str, name: str) -> None:
        """Forget a person: their chats, sign-ins and identities; in shared runs only the name."""
        with writing(self._engine) as db:
            mine = select(t.chats.c.id).where(t.chats.c.person == person)
            db.execute(delete(t.messages).where(t.messages.c.chat.in_(mine)))
            db.execute(delete(t.chats).where(t.chats.c.person == person))
            db.execute(delete(t.tokens).where(t.tokens.c.person == person))
            for table in (t.sessions, t.identities):
                db.execute(delete(table).where(table.c.person == person))
            for table, column in NAMED:
                db.execute(update(table).where(table.c[column] == name).values({column: ERASED}))
            for run, owners in db.execute(select(t.runs.c.id, t.runs.c.owners)).all():
                if name in owners.values():
                    kept = {role: ERASED if who == name else who for role, who in owners.items()}
                    db.execute(update(t.runs).where(t.runs.c.id == run).values(owners=kept))
            db.execute(update(t.audit).where(t.audit.c.by == name).values(by=ERASED))
            db.execute(delete(t.people).where(t.people.c.id == person))


def _plain(row: Any, without: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    return {key: value for key, value in row._mapping.items() if key not in without}
