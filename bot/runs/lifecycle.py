"""What else becomes of a run: cancelled, put away, renamed, talked about, made longer, repeated."""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import Conflict, NotFound
from bot.records import Event, Person, Run
from bot.runs.model import ActionNotAllowed, checklist_of
from bot.runs.plan import MAX_TITLE, leads, needs, short
from bot.runs.queries import run_of
from knowledge.engine.model import Item
from rules.checklists.build import MAX_ITEMS, MAX_TEXT
from rules.checklists.progress import keys, offset

if TYPE_CHECKING:
    from bot.store import Store

MAX_COMMENT, MAX_LINK = 2_000, 500
COMMENT, LINK = "comment", "link"
ATTEMPTS = 5


def cancel(store: Store, person: Person, id_: str, why: str = "") -> None:
    """End a run that is not to be finished. Raises NotFound, Conflict, ActionNotAllowed."""
    leads(person, run_of(store, person, id_))
    store.runs.cancel(id_, person.name, short(why, MAX_COMMENT))


def archive(store: Store, person: Person, id_: str, away: bool = True) -> None:
    """Put a run away that is over, or bring it back. Raises NotFound, ActionNotAllowed."""
    run = run_of(store, person, id_)
    leads(person, run)
    if away and run.status == "open":
        raise ActionNotAllowed("archive")
    store.runs.archive(id_, person.name, away)


def rename(store: Store, person: Person, id_: str, title: str) -> None:
    """Give a run another name. Raises NotFound, ActionNotAllowed."""
    leads(person, run_of(store, person, id_))
    name = short(title, MAX_TITLE)
    if not name:
        raise ActionNotAllowed("empty")
    store.runs.rename(id_, name, person.name)


def comment(store: Store, person: Person, id_: str, item: str, text: str, once: str = "") -> None:
    """Say something about an item, or about the whole run (""); sent twice, it is said once.

    Raises NotFound, ActionNotAllowed for nothing said.
    """
    _remark(store, person, id_, item, COMMENT, short(text, MAX_COMMENT), once)


def link(
    store: Store, person: Person, id_: str, item: str, address: str, name: str = "", once: str = ""
) -> None:
    """Put the address of a file to an item. Raises NotFound, ActionNotAllowed for what is none."""
    where = short(address, MAX_LINK)
    try:
        parts = urlsplit(where)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or not where.isprintable() or " " in where:
        raise ActionNotAllowed("link")
    text = f"{where} {short(name, MAX_TITLE)}".strip()
    _remark(store, person, id_, item, LINK, text, once)


def _remark(
    store: Store, person: Person, id_: str, item: str, action: str, text: str, once: str
) -> None:
    needs(person, "checklists")
    run = run_of(store, person, id_)
    if not text:
        raise ActionNotAllowed("empty")
    if item and item not in dict(keys(checklist_of(run))):
        raise ActionNotAllowed("no_item")
    with store.transaction():
        if not once or store.replays.first_time("remark", f"{person.id} {once}"):
            store.runs.remark(id_, item, action, text, person.name)


def retract(store: Store, person: Person, id_: str, event: int) -> None:
    """Delete a comment or link of one's own; its words stay in the audit alone.

    Raises NotFound, also for one that is deleted already, and ActionNotAllowed for somebody else's.
    """
    needs(person, "checklists")
    run_of(store, person, id_)
    with store.transaction():
        said = next((one for one in store.runs.history(id_) if one.id == event), None)
        if said is None or said.action not in (COMMENT, LINK):
            raise NotFound(str(event))
        if said.by != person.name:
            raise ActionNotAllowed("rights")
        store.runs.retract(id_, event)
        store.audit.note(person.name, "comment_deleted", id_, said.note)


def remarks(events: list[Event]) -> dict[str, list[Event]]:
    """Item -> its comments and links, oldest first; "" for those on the whole run."""
    said: dict[str, list[Event]] = {}
    for event in events:
        if event.action in (COMMENT, LINK):
            said.setdefault(event.item, []).append(event)
    return said


def add_item(
    store: Store,
    person: Person,
    id_: str,
    section: int,
    text: str,
    due: str = "",
    owner: str = "",
    done_when: str = "",
    once: str = "",
) -> None:
    """Put one more item at the end of a pause point of this run alone.

    Raises NotFound, Conflict for a closed run, ActionNotAllowed.
    """
    item = Item(
        text=short(text, MAX_TEXT["text"]),
        done_when=short(done_when, MAX_TEXT["done_when"]),
        owner_role=short(owner, MAX_TEXT["owner"]) or None,
        due=due.strip().upper().replace(" ", "").replace("D", "d").replace("W", "w") or None,
    )
    if not item.text:
        raise ActionNotAllowed("empty")
    if item.due and offset(item.due) is None:
        raise ActionNotAllowed("due")
    for attempt in range(ATTEMPTS):
        run = run_of(store, person, id_)
        leads(person, run)
        try:
            return _add_item(store, person, run, section, item, once)
        except Conflict:
            if run.status != "open" or attempt == ATTEMPTS - 1:
                raise
    return None


def _add_item(store: Store, person: Person, run: Run, section: int, item: Item, once: str) -> None:
    checklist = checklist_of(run)
    points = list(checklist.pause_points)
    if not 0 <= section < len(points):
        raise ActionNotAllowed("no_item")
    if sum(len(point.items) for point in points) >= MAX_ITEMS:
        raise ActionNotAllowed("large", (str(MAX_ITEMS),))
    key = f"{section}.{len(points[section].items)}"
    points[section] = dataclasses.replace(points[section], items=(*points[section].items, item))
    longer = dataclasses.asdict(dataclasses.replace(checklist, pause_points=tuple(points)))
    with store.transaction():
        if not once or store.replays.first_time("item", f"{person.id} {once}"):
            store.runs.extend(run.id, longer, key, item.text, person.name, run.revision)


def repeat_monthly(store: Store, person: Person, id_: str, on: bool, today: datetime.date) -> None:
    """Let the same begin anew every month, on the day of the month on which this one began.

    Raises NotFound, ActionNotAllowed.
    """
    run = run_of(store, person, id_)
    leads(person, run)
    if on == bool(run.repeats):
        return
    if run.status == "cancelled":
        raise ActionNotAllowed("repeat")
    if not on:
        store.runs.repeat(id_, None, None, person.name)
        return
    begun = datetime.date.fromtimestamp(run.created)
    rule = {"every": "month", "day": begun.day}
    if run.anchor:
        rule["anchor_day"] = datetime.date.fromisoformat(run.anchor).day
    following = month_after(max(begun, today.replace(day=1)), begun.day)
    store.runs.repeat(id_, rule, following.isoformat(), person.name)


def renew(store: Store, today: datetime.date) -> int:
    """Begin the runs that are due to come again. Returns how many; each once over all servers.

    After a long pause one that has been missed begins once, not once for each month.
    """
    count = 0
    for id_ in store.runs.list_renewable(today.isoformat()):
        old = store.runs.get(id_)
        if old.repeats and old.next_start:
            count += store.runs.renew(old, following_run(old, today))
    return count


def following_run(old: Run, today: datetime.date) -> Run:
    """The run that comes after one which repeats: the same copy, a month or more later."""
    rule, start = old.repeats or {}, datetime.date.fromisoformat(old.next_start or "")
    months = 1
    after = month_after(start, rule["day"])
    while after <= today:
        after, months = month_after(after, rule["day"]), months + 1
    anchor = datetime.date.fromisoformat(old.anchor) if old.anchor else None
    for _ in range(months if anchor else 0):
        assert anchor
        anchor = month_after(anchor, rule.get("anchor_day", anchor.day))
    # The id follows from the old one's, so that two servers would make the same run.
    id_ = hashlib.sha256(f"{old.id} {old.next_start}".encode()).hexdigest()[:12]
    now = datetime.datetime.combine(today, datetime.time()).timestamp()
    return dataclasses.replace(
        old, id=id_, anchor=anchor.isoformat() if anchor else None, status="open",
        created=now, closed=None, closed_by=None, revision=0, marks={}, archived=None,
        next_start=after.isoformat(),
    )  # fmt: skip


def month_after(day: datetime.date, number: int) -> datetime.date:
    """The day of that *number* in the month after *day*; the last one where it is too short."""
    year, month = day.year + day.month // 12, day.month % 12 + 1
    return datetime.date(year, month, min(number, calendar.monthrange(year, month)[1]))
