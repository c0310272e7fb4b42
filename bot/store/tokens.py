"""Tokens: short secrets that stand for something for a while, for one person or for anybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, delete, insert, or_, select, update

from bot.store import tables as t
from bot.store.database import reading, writing
from bot.store.types import digest

TOKEN_SECONDS = 7 * 24 * 3600.0


class Tokens:
    """Issues and redeems tokens; only their hashes are kept."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def issue(
        self,
        purpose: str,
        payload: dict[str, Any],
        person: str | None = None,
        seconds: float = TOKEN_SECONDS,
        secret: str | None = None,
    ) -> str:
        """A short secret that stands for *payload*, good for a while and for *person* alone.

        *secret*: one that was made already.
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
                spent = delete(t.tokens).where(*good).returning(t.tokens.c.payload)
                payload = db.execute(spent).scalar()
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
