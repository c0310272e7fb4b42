"""Who is there: identities of platforms, allow-lists and binding codes; strangers are told how."""

from __future__ import annotations

import re
import secrets
import time

from bot.store import Conflict, Gone, Store
from bot.store.people import NOBODY, Person
from bot.talk.desk import Desk
from bot.talk.model import Capability, Incoming

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
    store.keeping.token(PURPOSE, {"person": person.id}, seconds=seconds, secret=letters)
    return f"ZW-{letters[:5]}-{letters[5:]}"


def code_in(text: str) -> str | None:
    """The binding code in a message, if there is one."""
    found = CODE.search(text)
    return (found[1] + found[2]).upper() if found else None


def who(desk: Desk, can: Capability, incoming: Incoming) -> Person | None:
    """The person behind a message; someone on an allow-list becomes one of the staff.

    None for strangers, and for those who were disabled.
    """
    known = desk.store.people.linked(can.channel, incoming.sender)
    if known is not None:
        return None if known.disabled else known
    if not (incoming.admitted or is_allowed(desk, can, incoming.sender)):
        return None
    name = f"{can.channel} {incoming.sender}"[:80]
    try:
        person = desk.store.people.add(name, ("staff",))
    except Conflict:
        person = desk.store.people.named(name)
    desk.store.people.link(person.id, can.channel, incoming.sender)
    desk.store.keeping.note(name, "admitted", can.channel)
    return None if person.disabled else person


def is_allowed(desk: Desk, can: Capability, sender: str) -> bool:
    """Whether the configuration lets that sender in."""
    section = getattr(desk.config, can.channel)
    allow: tuple[str, ...] = section.allow if section is not None else ()
    if can.any_case:
        allow = tuple(entry.lower() for entry in allow)
    return sender in allow or EVERYONE in allow


def bind(desk: Desk, can: Capability, incoming: Incoming, code: str) -> Person | None:
    """The person whose code that is; from now on the sender is them. None for a wrong code."""
    if not desk.tries.allow(f"{can.channel}:{incoming.sender}"):
        return None
    kept = desk.store.keeping.redeem(PURPOSE, code, once=True)
    if kept is None:
        denied(desk, can, incoming, "code")
        return None
    try:
        person = desk.store.people.get(kept["person"])
        if person.disabled:
            return None
        desk.store.people.link(person.id, can.channel, incoming.sender)
    except Gone:
        return None
    desk.store.keeping.note(person.name, "link", can.channel, incoming.sender)
    return person


def denied(desk: Desk, can: Capability, incoming: Incoming, what: str, by: str = NOBODY) -> None:
    """A line of the audit table about a denial; once a day for the same one."""
    day = int(time.time() // DAY)
    if desk.store.keeping.first_time("denied", f"{can.channel} {incoming.sender} {what} {day}"):
        desk.store.keeping.note(by, "denied", what, f"{can.channel} {incoming.sender}")
