"""Working on runs that are kept: begin, mark, close, reopen, assign, begin again."""

from __future__ import annotations

import dataclasses
import secrets
import time
from typing import TYPE_CHECKING

from bot.errors import Conflict
from bot.records import Mark, Person
from bot.runs import own_templates, plan
from bot.runs.model import checklist_of, date, progress_of, roles_of
from bot.runs.plan import KEEP, needs
from bot.runs.queries import run_of
from rules.book import RuleBook

if TYPE_CHECKING:
    from bot.store import Store

ATTEMPTS = 5
"""How often something is tried again that somebody else's tick came in between."""


def start(
    store: Store,
    book: RuleBook,
    person: Person,
    checklist: str,
    language: str,
    anchor: str | None = None,
    title: str = "",
    owners: dict[str, str] | None = None,
    once: str = "",
) -> str:
    """Begin a run of a frozen copy of the checklist, ours or one that somebody wrote.

    *anchor*: the date T as YYYY-MM-DD; *title*: what this run is called, else the checklist's;
    *owners*: role -> name; *once*: what a form brings that may be sent twice. Returns the run's id.
    Raises NotFound, ActionNotAllowed.
    """
    found = own_templates.source(store, book, person, checklist, language)
    return start_with(store, person, found, anchor, title, owners, once)


def start_with(
    store: Store,
    person: Person,
    source: own_templates.Source,
    anchor: str | None = None,
    title: str = "",
    owners: dict[str, str] | None = None,
    once: str = "",
) -> str:
    """The same with a checklist at hand. Raises NotFound, ActionNotAllowed."""
    id_ = own_templates.id_once(person, once) if once else secrets.token_hex(6)
    # An owner who was named in the list itself has the item, unless somebody else is given it.
    held = {role: role for role in roles_of(source[0]) if _is_somebody(store, role)} | (
        owners or {}
    )
    begun = plan.begin_with(*source, person, id_, time.time(), anchor, title, held)
    store.runs.begin(begun.run)
    return id_


def _is_somebody(store: Store, name: str) -> bool:
    return any(person.name == name for person in store.people.all())


def repeat(
    store: Store,
    book: RuleBook,
    person: Person,
    id_: str,
    newest: bool = False,
    anchor: str | None = None,
    once: str = "",
) -> str:
    """Begin again with the same frozen copy, or with the *newest* text of the checklist.

    Title and owners are kept, the date is not. *once*: what a form brings that may be sent twice.
    Returns the new run's id. Raises NotFound,
    ActionNotAllowed.
    """
    needs(person, "checklists")
    old = run_of(store, person, id_)
    frozen, version = old.template, old.version
    if newest:
        entry, _, version = own_templates.source(store, book, person, old.checklist, old.language)
        frozen = dataclasses.asdict(entry)
    return store.runs.start(
        old.checklist, old.title, old.language, version, frozen, person.name, date(anchor),
        old.owners, own_templates.id_once(person, once) if once else "",
    )  # fmt: skip


def mark(
    store: Store,
    person: Person,
    id_: str,
    item: str,
    state: str,
    note: str | None = None,
    seen: int | None = None,
) -> Mark:
    """Set an item to done, na or open; see `plan.mark`.

    *seen*: the item's revision that the person saw; without it the last one wins. Raises NotFound,
    Conflict for an item that somebody else has changed or a run that is closed, ActionNotAllowed.
    """
    needs(person, "checklists")
    run = run_of(store, person, id_)
    change = plan.mark(person, run, progress_of(run), item, state, note, seen)
    return store.runs.mark(id_, item, state, change.by, change.note, seen)


def close(store: Store, person: Person, id_: str, why: str = "") -> None:
    """Close a run whose killer items are all done, or with a reason, which its history keeps.

    Raises NotFound, Conflict for one that is closed already, ActionNotAllowed naming the items in
    the way.
    """
    for attempt in range(ATTEMPTS):
        run = run_of(store, person, id_)
        change = plan.close(person, run, progress_of(run), why)
        try:
            return store.runs.close(id_, change.by, change.seen_revision, change.why)
        except Conflict:
            if run.status != "open" or attempt == ATTEMPTS - 1:
                raise
    return None


def reopen(store: Store, person: Person, id_: str) -> None:
    """Open a closed run again. Raises NotFound, ActionNotAllowed."""
    change = plan.reopen(person, run_of(store, person, id_))
    store.runs.reopen(id_, change.by)


def assign(
    store: Store,
    person: Person,
    id_: str,
    owners: dict[str, str] | None = None,
    anchor: str | None = KEEP,
) -> None:
    """Set who holds which role and the date T; see `plan.assign`.

    Raises NotFound, Conflict for a closed run, ActionNotAllowed.
    """
    for attempt in range(ATTEMPTS):
        run = run_of(store, person, id_)
        change = plan.assign(person, run, checklist_of(run), owners, anchor)
        if change is None:
            return None
        try:
            return store.runs.assign(
                id_, change.owners, change.anchor, change.by, change.seen_revision
            )
        except Conflict:
            if run.status != "open" or attempt == ATTEMPTS - 1:
                raise
    return None
