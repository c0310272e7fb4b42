"""Passwords: hashed with Argon2, compared in constant time, never shorter than they should be."""

from __future__ import annotations

import argon2

from bot.errors import BadInput
from bot.records import Person
from bot.store import Store

MIN_LENGTH, MAX_LENGTH = 10, 200
_hasher = argon2.PasswordHasher()
_nobody = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to keep. Raises BadInput for one that is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise BadInput(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    return _hasher.hash(password)


def verify(store: Store, name: str, password: str) -> Person | None:
    """The person, if the password is theirs. Takes as long for a name that nobody has."""
    found = store.people.password_of(name)
    kept = found[1] if found and found[1] else _nobody
    try:
        _hasher.verify(kept, password[:MAX_LENGTH])
    except argon2.exceptions.VerifyMismatchError:
        return None
    return found[0] if found and found[1] and not found[0].disabled else None
