"""Who may do what: rights by role; the one table that pages, API and channels ask."""

from __future__ import annotations

from bot.records import Person

RIGHTS: dict[str, frozenset[str]] = {
    "ask": frozenset({"staff", "hr", "manager", "editor", "admin"}),
    "checklists": frozenset({"staff", "hr", "manager", "editor", "admin"}),
    "shared_checklists": frozenset({"manager", "admin"}),
    "classify": frozenset({"hr", "admin"}),
    "insights": frozenset({"manager", "editor", "admin"}),
    "edit": frozenset({"editor", "admin"}),
    "admin": frozenset({"admin"}),
}
"""Right -> the roles that have it. ``shared_checklists``: assign owners, close and reopen runs that
somebody else began."""


def may(person: Person | None, right: str) -> bool:
    """Whether *person* has that right; nobody has none."""
    return person is not None and not RIGHTS[right].isdisjoint(person.roles)
