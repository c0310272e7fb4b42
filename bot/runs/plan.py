"""What somebody wants of a run -> the change it takes, if they may and the run allows it. Pure."""

from __future__ import annotations

import dataclasses
import itertools

from bot.changes import AssignRun, BeginRun, CloseRun, MarkItem, ReopenRun
from bot.errors import NotFound
from bot.records import STATES, Mark, Person, Run
from bot.rights import may
from bot.runs.model import ActionNotAllowed, date, roles_of
from bot.runs.queries import template
from knowledge.engine.model import Checklist
from rules.book import RuleBook
from rules.checklists.progress import NOT_APPLICABLE, OPEN, Line, Progress

MAX_TITLE, MAX_NOTE, MAX_OWNER = 120, 500, 80
KEEP = "keep"
"""In place of a date: leave it as it is."""
RunChange = BeginRun | MarkItem | CloseRun | ReopenRun | AssignRun


def begin(
    book: RuleBook,
    person: Person,
    checklist: str,
    language: str,
    id_: str,
    now: float,
    anchor: str | None = None,
    title: str = "",
) -> BeginRun:
    """Begin a run of a frozen copy of the checklist, under that id.

    Raises NotFound, ActionNotAllowed.

    *anchor*: the date T as YYYY-MM-DD; *title*: what this run is called, else the checklist's.
    """
    entry = template(book, checklist, language)
    spoken = book.base.told_in(entry.id, language)
    return begin_with(entry, spoken, book.version, person, id_, now, anchor, title)


def begin_with(
    entry: Checklist,
    language: str,
    version: str,
    person: Person,
    id_: str,
    now: float,
    anchor: str | None = None,
    title: str = "",
    owners: dict[str, str] | None = None,
) -> BeginRun:
    """The same with a checklist at hand, ours or one that somebody wrote.

    *owners*: role -> the name of whoever has it. Raises ActionNotAllowed, NotFound for a role
    that the checklist does not know.
    """
    needs(person, "checklists")
    held = {role: short(name, MAX_OWNER) for role, name in (owners or {}).items()}
    if unknown := set(held) - set(roles_of(entry)):
        raise NotFound(min(unknown))
    run = Run(
        id_, entry.id, short(title, MAX_TITLE) or entry.title, language, version,
        dataclasses.asdict(entry), date(anchor), {k: v for k, v in held.items() if v}, "open", now,
        person.name, None, None, 0, {},
    )  # fmt: skip
    return BeginRun(run)


def mark(
    person: Person,
    run: Run,
    progress: Progress,
    item: str,
    state: str,
    note: str | None = None,
    seen: int | None = None,
) -> MarkItem:
    """Set an item to done, na or open; everyone who may use checklists may.

    *note*: None keeps the one there is; "na" needs a reason. *seen*: the item's revision that the
    person saw, else the one that it has now. Raises NotFound for an item that is not there,
    ActionNotAllowed.
    """
    needs(person, "checklists")
    lines = (line for section in progress.sections for line in section.lines)
    line = next((line for line in lines if line.key == item), None)
    if line is None or state not in STATES:
        raise NotFound(item)
    told = None if note is None else short(note, MAX_NOTE)
    if state == NOT_APPLICABLE and not told and (told == "" or line.state != state):
        raise ActionNotAllowed("why", (line.item.text,))
    if state != OPEN and not line.ready:
        raise ActionNotAllowed("order", _open_before(progress, line))
    before = run.marks.get(item)
    revision = seen if seen is not None else before.revision if before else 0
    return MarkItem(run.id, item, state, person.name, told, revision)


def _open_before(progress: Progress, line: Line) -> tuple[str, ...]:
    """The items that stand open before *line*."""
    lines = (one for section in progress.sections for one in section.lines)
    before = itertools.takewhile(lambda one: one.key != line.key, lines)
    return tuple(one.item.text for one in before if one.state == OPEN)


def close(person: Person, run: Run, progress: Progress, why: str = "") -> CloseRun:
    """Close a run whose killer items are all done, or with a reason why it is closed without.

    Raises ActionNotAllowed naming the items in the way.
    """
    leads(person, run)
    reason = short(why, MAX_NOTE)
    if run.status == "open" and progress.gates and not reason:
        raise ActionNotAllowed("gates", tuple(line.item.text for line in progress.gates))
    return CloseRun(run.id, person.name, run.revision, reason)


def reopen(person: Person, run: Run) -> ReopenRun:
    """Open a closed run again. Raises ActionNotAllowed."""
    leads(person, run)
    if run.status == "open":
        raise ActionNotAllowed("open")
    return ReopenRun(run.id, person.name)


def assign(
    person: Person,
    run: Run,
    checklist: Checklist,
    owners: dict[str, str] | None = None,
    anchor: str | None = KEEP,
) -> AssignRun | None:
    """Set who holds which role and the date T; roles that are not named stay as they are.

    An empty name or date takes it away. None: it is so already. Raises NotFound, ActionNotAllowed.
    """
    day = anchor if anchor == KEEP else date(anchor)
    changed = {role: short(name, MAX_OWNER) for role, name in (owners or {}).items()}
    leads(person, run)
    known = roles_of(checklist)
    if unknown := [role for role in changed if role not in known]:
        raise NotFound(unknown[0])
    held = {role: name for role, name in (run.owners | changed).items() if name}
    when = run.anchor if day == KEEP else day
    if (held, when, run.status) == (run.owners, run.anchor, "open"):
        return None
    return AssignRun(run.id, held, when, person.name, run.revision)


def apply_change(run: Run, change: RunChange, now: float) -> Run:
    """The run as it stands once the change is written."""
    match change:
        case BeginRun(begun):
            return begun
        case MarkItem():
            return dataclasses.replace(
                run, marks={**run.marks, change.item: _mark(run, change, now)}
            )
        case CloseRun(by=by):
            return dataclasses.replace(run, status="closed", closed=now, closed_by=by)
        case ReopenRun():
            return dataclasses.replace(run, status="open", closed=None, closed_by=None)
        case AssignRun(owners=owners, anchor=anchor):
            return dataclasses.replace(run, owners=owners, anchor=anchor)


def _mark(run: Run, change: MarkItem, now: float) -> Mark:
    """What the store makes of it: a note that is not given stays, unless it was a reason."""
    before = run.marks.get(change.item) or Mark(change.item, OPEN, "", change.by, now, 0)
    note = change.note
    if note is None:
        reason = before.state == NOT_APPLICABLE and change.state != NOT_APPLICABLE
        note = "" if reason else before.note
    if (before.state, before.note) == (change.state, note):
        return before
    return Mark(change.item, change.state, note, change.by, now, before.revision + 1)


def may_lead(person: Person | None, run: Run) -> bool:
    """Whether *person* may assign, close and reopen: their own runs, or with the right for all."""
    own = person is not None and person.name == run.created_by and may(person, "checklists")
    return own or may(person, "shared_checklists")


def needs(person: Person, right: str) -> None:
    """Raises ActionNotAllowed for somebody without that right."""
    if not may(person, right):
        raise ActionNotAllowed("rights")


def leads(person: Person, run: Run) -> None:
    """Raises ActionNotAllowed for somebody who may not lead the run."""
    if not may_lead(person, run):
        raise ActionNotAllowed("rights")


def short(text: str, most: int) -> str:
    """*text* without its edges. Raises ActionNotAllowed for one that is too long."""
    bare = text.strip()
    if len(bare) > most:
        raise ActionNotAllowed("long", (str(most),))
    return bare
