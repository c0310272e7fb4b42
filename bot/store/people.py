"""People, their roles and their sign-ins."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import BadInput
from bot.records import Person
from bot.store import tables as t
from bot.store.database import Conflict, NotFound, put, reading, writing
from bot.store.types import digest, key_of
from knowledge.engine.audience import AUDIENCE_ROLES

ROLES: tuple[str, ...] = AUDIENCE_ROLES
SESSION_SECONDS = 14 * 24 * 3600
NOBODY = "-"
"""What stands where a name was erased, or where nobody signed in."""
MAX_NAME, MAX_EXTERNAL = 80, 120


SHOWN = 16
"""Characters of the hash of a sign-in by which it is named."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in of a browser, or a program's token."""

    name: str
    """The beginning of its hash; nobody signs in with that."""
    created: float
    expires: float
    label: str | None


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
        """The person with that id. Raises NotFound."""
        return self._get(t.people.c.id == id_, id_)

    def by_name(self, name: str) -> Person:
        """The person with that name. Raises NotFound."""
        return self._get(t.people.c.name == name, name)

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
        """Change what is given; open sessions end.

        Raises NotFound, BadInput for an unknown role.
        """
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
                raise NotFound(name)
            if values:
                db.execute(update(t.people).where(t.people.c.id == id_).values(values))
            db.execute(delete(t.sessions).where(t.sessions.c.person == id_))

    def follow(self, id_: str, roles: tuple[str, ...]) -> None:
        """Set the roles that somebody else vouches for; sign-ins stay, and have them at once."""
        with writing(self._engine) as db:
            db.execute(update(t.people).where(t.people.c.id == id_).values(roles=list(roles)))

    def by_identity(self, channel: str, external: str) -> Person | None:
        """The person whose identity on *channel* that is, disabled or not."""
        joined = t.people.join(t.identities, t.people.c.id == t.identities.c.person)
        query = select(t.people).select_from(joined).where(
            t.identities.c.channel == channel,
            t.identities.c.external == key_of(external, MAX_EXTERNAL),
        )  # fmt: skip
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return _person(row) if row else None

    def identities(self) -> dict[str, list[tuple[str, str]]]:
        """Person -> (channel, id there) of each of their accounts on chat platforms."""
        found: dict[str, list[tuple[str, str]]] = {}
        with reading(self._engine) as db:
            for row in db.execute(select(t.identities).order_by(*t.identities.primary_key)):
                found.setdefault(row.person, []).append((row.channel, row.external))
        return found

    def link(self, person: str, channel: str, external: str) -> None:
        """That identity on *channel* is this person's from now on. Raises NotFound."""
        key = {"channel": channel, "external": key_of(external, MAX_EXTERNAL)}
        try:
            with writing(self._engine) as db:
                put(db, t.identities, key, {"person": person})
        except IntegrityError:
            raise NotFound(person) from None

    def open_session(
        self, person: str, seconds: float = SESSION_SECONDS, label: str | None = None
    ) -> str:
        """A new secret by which the person is known for *seconds*. Raises NotFound.

        Only its hash is kept. *label*: what a program's token is for.
        """
        token, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "token": digest(token), "person": person, "created": now,
            "expires": now + seconds, "label": label,
        }  # fmt: skip
        try:
            with writing(self._engine) as db:
                db.execute(insert(t.sessions).values(row))
        except IntegrityError:
            raise NotFound(person) from None
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

    def sessions(self, person: str) -> list[Session]:
        """The sign-ins and tokens of a person that are still good, the newest first."""
        good = (t.sessions.c.person == person, t.sessions.c.expires > self._clock())
        query = select(t.sessions).where(*good).order_by(t.sessions.c.created.desc())
        with reading(self._engine) as db:
            return [
                Session(row.token[:SHOWN], row.created, row.expires, row.label)
                for row in db.execute(query)
            ]

    def end_sessions(self, person: str, name: str | None = None) -> int:
        """End the sign-in of that name, or all of a person. Returns how many."""
        gone = delete(t.sessions).where(t.sessions.c.person == person)
        if name is not None:
            gone = gone.where(t.sessions.c.token.startswith(name, autoescape=True))
        with writing(self._engine) as db:
            return int(db.execute(gone).rowcount)

    def close_session(self, token: str) -> None:
        """That secret is good no more."""
        with writing(self._engine) as db:
            db.execute(delete(t.sessions).where(t.sessions.c.token == digest(token)))

    def _get(self, condition: ColumnElement[bool], what: str) -> Person:
        with reading(self._engine) as db:
            row = db.execute(select(t.people).where(condition)).one_or_none()
        if row is None:
            raise NotFound(what)
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
