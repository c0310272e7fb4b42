"""Working on runs: begin, mark, close, reopen, assign, begin again; and who may."""

from __future__ import annotations

import dataclasses

from bot.rights import may
from bot.runs.look import run_of, template
from bot.runs.model import Refused, checklist_of, date, progress_of, roles_of
from bot.store import Conflict, Gone, Store
from bot.store.people import Person
from bot.store.runs import STATES, Mark, Run
from rules.book import RuleBook
from rules.checklists.progress import NOT_APPLICABLE, OPEN

MAX_TITLE, MAX_NOTE, MAX_OWNER = 120, 500, 80
KEEP = "keep"
"""In place of a date: leave it as it is."""
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
) -> str:
    """Begin a run of a frozen copy of the checklist. Returns its id. Raises Gone, Refused.

    *anchor*: the date T as YYYY-MM-DD; *title*: what this run is called, else the checklist's.
    """
    _needs(person, "checklists")
    entry = template(book, checklist, language)
    named = _short(title, MAX_TITLE) or entry.title
    return store.runs.start(
        entry.id, named, book.base.told_in(entry.id, language), book.version,
        dataclasses.asdict(entry), person.name, date(anchor),
    )  # fmt: skip


def repeat(
    store: Store,
    book: RuleBook,
    person: Person,
    id_: str,
    newest: bool = False,
    anchor: str | None = None,
) -> str:
    """Begin again with the same frozen copy, or with the *newest* text of the checklist.

    Title and owners are kept, the date is not. Returns the new run's id. Raises Gone, Refused.
    """
    _needs(person, "checklists")
    old = run_of(store, person, id_)
    frozen, version = old.template, old.version
    if newest:
        entry = template(book, old.checklist, old.language)
        frozen, version = dataclasses.asdict(entry), book.version
    return store.runs.start(
        old.checklist, old.title, old.language, version, frozen, person.name, date(anchor),
        old.owners,
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
    """Set an item to done, na or open; everyone who may use checklists may.

    *note*: None keeps the one there is; "na" needs a reason. *seen*: the item's revision that the
    person saw. Raises Gone for an item that is not there, Conflict for one that somebody else has
    changed or a run that is closed, Refused.
    """
    _needs(person, "checklists")
    run = run_of(store, person, id_)
    lines = (line for section in progress_of(run).sections for line in section.lines)
    line = next((line for line in lines if line.key == item), None)
    if line is None or state not in STATES:
        raise Gone(item)
    told = None if note is None else _short(note, MAX_NOTE)
    if state == NOT_APPLICABLE and not told and (told == "" or line.state != state):
        raise Refused("why", (line.item.text,))
    if state != OPEN and not line.ready:
        raise Refused("order", (line.item.text,))
    return store.runs.mark(id_, item, state, person.name, told, seen)


def close(store: Store, person: Person, id_: str) -> None:
    """Close a run whose killer items are all done.

    Raises Gone, Conflict for one that is closed already, Refused naming the items in the way.
    """
    for attempt in range(ATTEMPTS):
        run = run_of(store, person, id_)
        _leads(person, run)
        gates = progress_of(run).gates
        if run.status == "open" and gates:
            raise Refused("gates", tuple(line.item.text for line in gates))
        try:
            return store.runs.close(id_, person.name, run.revision)
        except Conflict:
            if run.status != "open" or attempt == ATTEMPTS - 1:
                raise
    return None


def reopen(store: Store, person: Person, id_: str) -> None:
    """Open a closed run again. Raises Gone, Refused."""
    run = run_of(store, person, id_)
    _leads(person, run)
    if run.status == "open":
        raise Refused("open")
    store.runs.reopen(id_, person.name)


def assign(
    store: Store,
    person: Person,
    id_: str,
    owners: dict[str, str] | None = None,
    anchor: str | None = KEEP,
) -> None:
    """Set who holds which role and the date T; roles that are not named stay as they are.

    An empty name or date takes it away. Raises Gone, Conflict for a closed run, Refused.
    """
    day = anchor if anchor == KEEP else date(anchor)
    changed = {role: _short(name, MAX_OWNER) for role, name in (owners or {}).items()}
    for attempt in range(ATTEMPTS):
        run = run_of(store, person, id_)
        _leads(person, run)
        known = roles_of(checklist_of(run))
        if unknown := [role for role in changed if role not in known]:
            raise Gone(unknown[0])
        held = {role: name for role, name in (run.owners | changed).items() if name}
        when = run.anchor if day == KEEP else day
        if (held, when, run.status) == (run.owners, run.anchor, "open"):
            return None
        try:
            return store.runs.assign(id_, held, when, person.name, run.revision)
        except Conflict:
            if run.status != "open" or attempt == ATTEMPTS - 1:
                raise
    return None


def may_lead(person: Person | None, run: Run) -> bool:
    """Whether *person* may assign, close and reopen: their own runs, or with the right for all."""
    own = person is not None and person.name == run.created_by and may(person, "checklists")
    return own or may(person, "shared_checklists")


def _needs(person: Person, right: str) -> None:
    if not may(person, right):
        raise Refused("rights")


def _leads(person: Person, run: Run) -> None:
    if not may_lead(person, run):
        raise Refused("rights")


def _short(text: str, most: int) -> str:
    """*text* without its edges. Raises Refused for one that is too long."""
    bare = text.strip()
    if len(bare) > most:
        raise Refused("long", (str(most),))
    return bare
