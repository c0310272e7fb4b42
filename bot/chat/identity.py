"""Who is there: identities of platforms, allow-lists and binding codes; strangers are told how."""

from __future__ import annotations

import hashlib
import re
import secrets
import time

from bot.app import App
from bot.chat.model import Capability, Incoming
from bot.errors import Conflict, NotFound
from bot.records import Person
from bot.store import Store
from bot.store.people import NOBODY

PURPOSE = "link"
"""Of the tokens that stand for a binding code."""
EVERYONE = "*"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that are taken for one another."""
LENGTH = 10
CODE = re.compile(rf"(?i)\bZW-?([{ALPHABET}]{{5}})-?([{ALPHABET}]{{5}})\b")
DAY = 24 * 3600.0


def new_code(store: Store, person: Person, seconds: float = DAY) -> str:
    """A code that makes whoever sends it first known as *person*; good for so long."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    store.tokens.issue(PURPOSE, {"person": person.id}, seconds=seconds, secret=letters)
    return f"ZW-{letters[:5]}-{letters[5:]}"


def code_in(text: str) -> str | None:
    """The binding code in a message, if there is one."""
    match = CODE.search(text)
    return (match[1] + match[2]).upper() if match else None


def identify(app: App, can: Capability, incoming: Incoming) -> Person | None:
    """The person behind a message; someone on an allow-list becomes one of the staff.

    None for strangers, and for those who were disabled.
    """
    person = app.store.people.by_identity(can.channel, incoming.sender)
    if person is not None:
        return None if person.disabled else person
    if not (incoming.is_admitted or is_allowed(app, can, incoming.sender)):
        return None
    name = f"{can.channel} {incoming.sender}"[:80]
    try:
        person = app.store.people.add(name, ("staff",))
    except Conflict:
        person = app.store.people.by_name(name)
    app.store.people.link(person.id, can.channel, incoming.sender)
    app.store.audit.note(name, "admitted", can.channel)
    return None if person.disabled else person


def is_allowed(app: App, can: Capability, sender: str) -> bool:
    """Whether the configuration lets that sender in."""
    section = app.config.platforms.get(can.channel)
    allow: tuple[str, ...] = section.allow if section is not None else ()
    if can.any_case:
        allow = tuple(entry.lower() for entry in allow)
    return sender in allow or EVERYONE in allow


def bind(app: App, can: Capability, incoming: Incoming, code: str) -> Person | None:
    """The person whose code that is; from now on the sender is them. None for a wrong code."""
    if not app.tries.allow(f"{can.channel}:{incoming.sender}"):
        return None
    payload = app.store.tokens.redeem(PURPOSE, code, once=True)
    if payload is None:
        note_denial(app, can, incoming, "code")
        return None
    try:
        person = app.store.people.get(payload["person"])
        if person.disabled:
            return None
        app.store.people.link(person.id, can.channel, incoming.sender)
    except NotFound:
        return None
    app.store.audit.note(person.name, "link", can.channel, incoming.sender)
    return person


def own_chat(place: str, person: Person, name: str) -> str:
    """Where a conversation that a caller has named is kept; the name means nothing to others."""
    key = hashlib.sha256(f"{person.id}\n{name}".encode()).hexdigest()
    return f"{place}:{key}"


def note_denial(app: App, can: Capability, incoming: Incoming, what: str, by: str = NOBODY) -> None:
    """A line of the audit table about a denial; once a day for the same one."""
    day = int(time.time() // DAY)
    if app.store.replays.first_time("denied", f"{can.channel} {incoming.sender} {what} {day}"):
        app.store.audit.note(by, "denied", what, f"{can.channel} {incoming.sender}")
