"""People, their roles and their sign-ins."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import BadInput
from bot.store import tables as t
from bot.store.database import Conflict, Gone, put, reading, writing
from bot.store.words import digest, key_of
from knowledge.engine.audience import AUDIENCE_ROLES

ROLES: tuple[str, ...] = AUDIENCE_ROLES
SESSION_SECONDS = 14 * 24 * 3600
NOBODY = "-"
"""What stands where a name was erased, or where nobody signed in."""
MAX_NAME, MAX_EXTERNAL = 80, 120


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may use the assistant, and as what."""

    id: str
    name: str
    roles: tuple[str, ...]
    disabled: bool = False


class People:
    """Reads and writes people, identities and sessions."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, name: str, roles: tuple[str, ...], password: str | None = None) -> Person:
        """A new person; *password* is a hash. Raises Conflict if the name is taken, BadInput."""
        _check(name, roles)
        person = Person(secrets.token_hex(16), name, roles)
        row = {
            "id": person.id, "name": name, "roles": list(roles), "password": password,
            "created": self._clock(), "disabled": None,
        }  # fmt: skip
        try:
            with writing(self._engine) as db:
                db.execute(insert(t.people).values(row))
        except IntegrityError:
            raise Conflict(name) from None
        return person

    def all(self) -> list[Person]:
        """Everyone, by name."""
        with reading(self._engine) as db:
            return [_person(row) for row in db.execute(select(t.people).order_by(t.people.c.name))]

    def get(self, id_: str) -> Person:
        """The person with that id. Raises Gone."""
        return self._one(t.people.c.id == id_, id_)

    def named(self, name: str) -> Person:
        """The person with that name. Raises Gone."""
        return self._one(t.people.c.name == name, name)

    def password_of(self, name: str) -> tuple[Person, str | None] | None:
        """The person and the hash of the password, or None."""
        with reading(self._engine) as db:
            row = db.execute(select(t.people).where(t.people.c.name == name)).one_or_none()
        return (_person(row), row.password) if row else None

    def change(
        self,
        name: str,
        roles: tuple[str, ...] | None = None,
        password: str | None = None,
        disabled: bool | None = None,
    ) -> None:
        """Change what is given; open sessions end. Raises Gone, BadInput for an unknown role."""
        values: dict[str, object] = {}
        if roles is not None:
            _check(name, roles)
            values["roles"] = list(roles)
        if password is not None:
            values["password"] = password
        if disabled is not None:
            values["disabled"] = self._clock() if disabled else None
        with writing(self._engine) as db:
            id_ = db.execute(select(t.people.c.id).where(t.people.c.name == name)).scalar()
            if id_ is None:
                raise Gone(name)
            if values:
                db.execute(update(t.people).where(t.people.c.id == id_).values(values))
            db.execute(delete(t.sessions).where(t.sessions.c.person == id_))

    def follow(self, id_: str, roles: tuple[str, ...]) -> None:
        """Set the roles that somebody else vouches for; sign-ins stay, and have them at once."""
        with writing(self._engine) as db:
            db.execute(update(t.people).where(t.people.c.id == id_).values(roles=list(roles)))

    def linked(self, channel: str, external: str) -> Person | None:
        """The person whose identity on *channel* that is, disabled or not."""
        joined = t.people.join(t.identities, t.people.c.id == t.identities.c.person)
        query = select(t.people).select_from(joined).where(
            t.identities.c.channel == channel,
            t.identities.c.external == key_of(external, MAX_EXTERNAL),
        )  # fmt: skip
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return _person(row) if row else None

    def link(self, person: str, channel: str, external: str) -> None:
        """That identity on *channel* is this person's from now on. Raises Gone."""
        key = {"channel": channel, "external": key_of(external, MAX_EXTERNAL)}
        try:
            with writing(self._engine) as db:
                put(db, t.identities, key, {"person": person})
        except IntegrityError:
            raise Gone(person) from None

    def open_session(self, person: str, seconds: float = SESSION_SECONDS) -> str:
        """A new secret by which the person is known for *seconds*. Raises Gone.

        Only its hash is kept.
        """
        token, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "token": digest(token), "person": person, "created": now,
            "expires": now + seconds,
        }  # fmt: skip
        try:
            with writing(self._engine) as db:
                db.execute(insert(t.sessions).values(row))
        except IntegrityError:
            raise Gone(person) from None
        return token

    def session(self, token: str) -> Person | None:
        """Whose secret that is, if it is still good."""
        joined = t.people.join(t.sessions, t.people.c.id == t.sessions.c.person)
        query = select(t.people).select_from(joined).where(
            t.sessions.c.token == digest(token), t.sessions.c.expires > self._clock()
        )  # fmt: skip
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return _person(row) if row and row.disabled is None else None

    def close_session(self, token: str) -> None:
        """That secret is good no more."""
        with writing(self._engine) as db:
            db.execute(delete(t.sessions).where(t.sessions.c.token == digest(token)))

    def _one(self, condition: ColumnElement[bool], what: str) -> Person:
        with reading(self._engine) as db:
            row = db.execute(select(t.people).where(condition)).one_or_none()
        if row is None:
            raise Gone(what)
        return _person(row)


def _person(row: Any) -> Person:
    return Person(row.id, row.name, tuple(row.roles), row.disabled is not None)


def _check(name: str, roles: tuple[str, ...]) -> None:
    """Raises BadInput for a name that cannot be one, and for roles that do not exist."""
    if not 1 <= len(name) <= MAX_NAME or name != name.strip() or name == NOBODY:
        raise BadInput(f"a name has 1 to {MAX_NAME} characters, no spaces around it, and is not -")
    if any(char < " " or char == "\x7f" for char in name):
        raise BadInput("a name has no control characters")
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise BadInput(f"{', '.join(sorted(unknown))}: roles are {', '.join(ROLES)}")
