"""Looking at runs: the templates there are, a run as it stands, what has changed, as plain data."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any, cast

from bot.errors import NotFound
from bot.records import STATES, Event, Person, Run
from bot.runs.model import View, checklist_of, progress_with, roles_of
from knowledge.engine.model import Checklist
from rules.book import RuleBook
from rules.checklists.build import OWN
from rules.checklists.progress import OPEN, Line

if TYPE_CHECKING:
    from bot.store import Store

MOST = 10_000
"""Runs in progress that are looked through; nobody has so many."""


def templates(book: RuleBook, language: str) -> list[Checklist]:
    """The checklists that a run can begin with, in listing order."""
    return [template(book, id_, language) for id_ in book.base.ids("checklist")]


def template(book: RuleBook, id_: str, language: str) -> Checklist:
    """The checklist as told to someone who speaks *language*. Raises NotFound."""
    if id_ not in book.base.ids("checklist"):
        raise NotFound(id_)
    return cast(Checklist, book.base.entry(id_, book.base.told_in(id_, language)))


def view(
    store: Store,
    book: RuleBook,
    person: Person,
    id_: str,
    today: datetime.date,
    language: str | None = None,
) -> View:
    """A run as it stands *today*, roles named in *language* or that of the run. Raises NotFound."""
    return view_of(run_of(store, person, id_), book, today, language)


def views(
    store: Store,
    book: RuleBook,
    person: Person,
    today: datetime.date,
    status: str | None = None,
    language: str | None = None,
    archived: bool | None = False,
    most: int = 100,
) -> list[View]:
    """The runs with that status that the person may see, the newest first.

    *archived*: whether those are wanted that were put away; None for all. *most*: of how many.
    """
    shown = (
        view_of(run, book, today, language)
        for run in store.runs.all(status, most, archived=archived)
    )
    return [one for one in shown if may_see(one.run, one.checklist, person)]


def in_progress(
    store: Store, book: RuleBook, person: Person, today: datetime.date, language: str | None = None
) -> list[View]:
    """Every run in progress that the person may see, the newest first."""
    return views(store, book, person, today, "open", language, most=MOST)


def list_ended(
    store: Store,
    book: RuleBook,
    person: Person,
    today: datetime.date,
    language: str,
    most: int,
    skip: int = 0,
    archived: bool = False,
) -> tuple[list[View], bool]:
    """A page of the runs that are over (or put away), the last one first; whether more follow.

    *skip*: runs before it, those included that the person may not see.
    """
    runs = store.runs.list_ended(most + 1, skip, archived)
    shown = [view_of(run, book, today, language) for run in runs[:most]]
    return [one for one in shown if may_see(one.run, one.checklist, person)], len(runs) > most


def may_see(run: Run, checklist: Checklist, person: Person) -> bool:
    """Whether the person may see the run: by the checklist, or as they wrote and began it."""
    mine = run.checklist.startswith(OWN) and run.created_by == person.name
    return mine or checklist.admits(person.roles)


def run_of(store: Store, person: Person, id_: str) -> Run:
    """The run, for someone who may see its checklist. Raises NotFound."""
    run = store.runs.get(id_)
    if not may_see(run, checklist_of(run), person):
        raise NotFound(id_)
    return run


def history(store: Store, id_: str) -> list[Event]:
    """Everything that happened in a run, oldest first; a state that stayed is the action "note"."""
    states: dict[str, str] = {}
    told = []
    for event in store.runs.history(id_):
        is_state = bool(event.item) and event.action in STATES
        stayed = is_state and states.get(event.item, OPEN) == event.action
        if is_state:
            states[event.item] = event.action
        told.append(dataclasses.replace(event, action="note") if stayed else event)
    return told


def view_of(run: Run, book: RuleBook, today: datetime.date, language: str | None) -> View:
    """A run with all that is shown of it, to whom it may be shown."""
    checklist = checklist_of(run)
    roles = role_names(roles_of(checklist), book, language or run.language)
    return View(run, checklist, progress_with(checklist, run, today), roles)


def role_names(roles: list[str], book: RuleBook, language: str) -> dict[str, str]:
    """Each role -> what people call it; one that somebody wrote is called what they wrote."""
    base = book.base
    return {
        role: base.title(role, base.told_in(role, language)) if role in base.languages else role
        for role in roles
    }


def with_run(view: View, run: Run, today: datetime.date) -> View:
    """The same with the run as it stands now, by the checklist that was read before."""
    now = progress_with(view.checklist, run, today)
    return dataclasses.replace(view, run=run, progress=now)


def as_json(found: View) -> dict[str, Any]:
    """The run as other programs get it."""
    run, now = found.run, found.progress
    return {
        "id": run.id, "checklist": run.checklist, "title": run.title, "language": run.language,
        "version": run.version, "mode": found.checklist.mode, "status": run.status,
        "anchor": run.anchor, "created": run.created, "created_by": run.created_by,
        "closed": run.closed, "closed_by": run.closed_by, "revision": run.revision,
        "settled": now.settled, "total": now.total, "closable": now.is_closable,
        "gates": [line.key for line in now.gates], "late": [line.key for line in now.late],
        "next": now.next.key if now.next else None,
        "owners": [
            {"role": role, "name": name, "person": run.owners.get(role)}
            for role, name in found.roles.items()
        ],
        "sections": [
            {
                "name": section.name, "caller": section.caller, "settled": section.settled,
                "total": section.total, "items": [_item(found, line) for line in section.lines],
            }
            for section in now.sections
        ],
    }  # fmt: skip


def _item(found: View, line: Line) -> dict[str, Any]:
    item, made = line.item, found.mark(line.key)
    return {
        "item": line.key, "text": item.text, "done_when": item.done_when, "detail": item.detail,
        "killer": item.killer, "owner_role": item.owner_role, "due": item.due,
        "date": line.due.isoformat() if line.due else None, "late": line.late, "ready": line.ready,
        "state": line.state, "note": made.note if made else "", "by": made.by if made else None,
        "at": made.at if made else None, "revision": made.revision if made else 0,
    }  # fmt: skip
