"""How people are told what is due: their wishes, and each digest claimed before it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, or_, select, update

from bot.records import HOUR, Wishes
from bot.store import tables as t
from bot.store.database import put_new, reading, writing
from bot.store.types import digest

HELD = 600.0
"""Seconds after which a digest that was claimed and not sent may be claimed again."""
TRIES = 3
"""How often a digest is tried; a platform that refuses it thrice will refuse it again."""


class Reminders:
    """Reads and writes wishes, calendar links and what was sent."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def wishes(self, person: str) -> Wishes:
        """What that person wants; the usual, where they have not said."""
        query = select(t.notices).where(t.notices.c.person == person)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return _wishes(row) if row else Wishes(person)

    def change(self, person: str, **values: Any) -> None:
        """Change what is given of hour, off, email, confirmed, language and zone."""
        given = {k: list(v) if k == "off" else v for k, v in values.items()}
        fresh = {"hour": HOUR, "off": []} | given
        with writing(self._engine) as db:
            if not put_new(db, t.notices, {"person": person}, fresh):
                one = t.notices.c.person == person
                db.execute(update(t.notices).where(one).values(given))

    def new_link(self, person: str) -> str:
        """A new secret for the person's calendar; the one before it is good no more."""
        secret = secrets.token_urlsafe(24)
        with writing(self._engine) as db:
            put_new(db, t.notices, {"person": person}, {"hour": HOUR, "off": []})
            one = update(t.notices).where(t.notices.c.person == person)
            db.execute(one.values(calendar=digest(secret)))
        return secret

    def has_link(self, person: str) -> bool:
        """Whether there is a calendar link."""
        query = select(t.notices.c.calendar).where(t.notices.c.person == person)
        with reading(self._engine) as db:
            return db.execute(query).scalar() is not None

    def drop_link(self, person: str) -> None:
        """The calendar link is good no more."""
        one = update(t.notices).where(t.notices.c.person == person)
        with writing(self._engine) as db:
            db.execute(one.values(calendar=None))

    def person_of_link(self, secret: str) -> str | None:
        """Whose calendar that is. It is looked up by its hash, which takes always as long."""
        query = select(t.notices.c.person).where(t.notices.c.calendar == digest(secret))
        with reading(self._engine) as db:
            return db.execute(query).scalar()

    def claim(self, person: str, channel: str, day: str) -> bool:
        """Whether the digest of that day is this process's to send: once over all servers.

        One that was claimed and never sent may be claimed again, a few times.
        """
        now, key = self._clock(), {"person": person, "channel": channel, "day": day}
        with writing(self._engine) as db:
            if put_new(db, t.reminders, key, {"at": now, "tries": 1}):
                return True
            left = (
                *(t.reminders.c[name] == value for name, value in key.items()),
                t.reminders.c.sent.is_(None),
                or_(t.reminders.c.at <= now - HELD, t.reminders.c.at > now + HELD),
                t.reminders.c.tries < TRIES,
            )
            again = update(t.reminders).where(*left)
            return bool(db.execute(again.values(at=now, tries=t.reminders.c.tries + 1)).rowcount)

    def mark_sent(self, person: str, channel: str, day: str) -> None:
        """It has arrived."""
        one = (
            t.reminders.c.person == person,
            t.reminders.c.channel == channel,
            t.reminders.c.day == day,
        )
        with writing(self._engine) as db:
            db.execute(update(t.reminders).where(*one).values(sent=self._clock()))

    def list_settled(self, day: str) -> set[tuple[str, str]]:
        """(person, channel) of every digest of that day that need not be tried now."""
        now = self._clock()
        done = or_(
            t.reminders.c.sent.is_not(None),
            t.reminders.c.at.between(now - HELD, now + HELD),
            t.reminders.c.tries >= TRIES,
        )
        query = select(t.reminders.c.person, t.reminders.c.channel)
        with reading(self._engine) as db:
            rows = db.execute(query.where(t.reminders.c.day == day, done)).all()
        return {(row.person, row.channel) for row in rows}


def _wishes(row: Any) -> Wishes:
    return Wishes(
        row.person, row.hour, tuple(row.off), row.email, row.confirmed, row.language, row.zone
    )
