"""Checklists in a chat: find one, begin a run, see it page by page, tick it in place."""

from __future__ import annotations

import datetime
from dataclasses import replace

from bot import dues, runs
from bot.model import Block, Bullets, Footnote, Heading, Paragraph
from bot.runs import Refused, View
from bot.store import Conflict, Gone
from bot.talk.model import Box, Card
from bot.talk.visit import Option, Outcome, Visit, one_each
from bot.texts import say
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, Line

SHOWN = 8
"""Lists or runs that are offered at once."""
LABEL = 40
DOT = " \u00b7 "
BOXES = {DONE: "\u2611", OPEN: "\u2610", NOT_APPLICABLE: "\u2796"}


def lists(visit: Visit, need: str) -> Outcome:
    """The checklists that fit a *need*, or all of them, each to begin with."""
    found = list(runs.find(visit.book, need, visit.language)) if need else []
    known = {one.id: one.title for one in runs.templates(visit.book, visit.language)}
    shown = [id_ for id_ in found if id_ in known] or list(known)
    key = "talk.lists.fit" if need and found else "talk.lists.none" if need else "talk.lists.all"
    options = [Option(known[id_], f"start {id_}") for id_ in shown]
    return Outcome((Paragraph(visit.say(key)),), visit.chat, one_each(*options))


def open_runs(visit: Visit) -> Outcome:
    """The runs in progress, each to open."""
    found = _views(visit)[:SHOWN]
    if not found:
        return replace(
            visit.told("talk.runs.none"), options=one_each(Option(visit.say("talk.lists"), "lists"))
        )
    options = [
        Option(f"{view.run.title} {view.progress.settled}/{view.progress.total}",
               f"run {view.run.id} 0")
        for view in found
    ]  # fmt: skip
    return Outcome((Paragraph(visit.say("talk.runs.open")),), visit.chat, one_each(*options))


def start(visit: Visit, checklist: str) -> Outcome:
    """A new run of that checklist, at its first page. Raises Gone, Refused."""
    id_ = runs.start(visit.desk.store, visit.book, visit.person, checklist, visit.language)
    return show(visit, id_, 0)


def show(visit: Visit, id_: str, page: int) -> Outcome:
    """One pause point of a run, with a box for each item. Raises Gone."""
    view = _view(visit, id_)
    sections = view.progress.sections
    page = max(0, min(page, len(sections) - 1))
    section, language = sections[page], visit.language
    blocks: list[Block] = [
        Heading(view.run.title, f"{view.progress.settled}/{view.progress.total}"),
        Paragraph(say(language, "pause.caller", name=section.name, caller=section.caller)),
    ]
    # Where nothing can be pressed, the numbered choices below are the items.
    shown = tuple(
        _line(view, line, n, visit)
        for n, line in enumerate(section.lines, 1)
        if visit.can.buttons or not _may_turn(line)
    )
    blocks += [Bullets(shown)] if shown else []
    if view.run.status != "open":
        blocks.append(Footnote(visit.say("talk.runs.closed", by=view.run.closed_by)))
    rows: list[tuple[Option, ...]] = [
        (option,) for option in _ticks(visit, view, section.lines, page)
    ]
    rows += _turns(visit, view, page, len(sections))
    boxes = tuple(
        Box(line.key, n, line.item.text, line.state == DONE)
        for n, line in enumerate(section.lines, 1)
        if _may_turn(line)
    )
    subtitle = f"{section.name} {section.settled}/{section.total}"
    card = Card(id_, view.run.title, subtitle, boxes, visit.say("talk.card.submit"))
    checked = ",".join(box.key for box in boxes if box.done) or "-"
    is_open = view.run.status == "open" and bool(boxes)
    return Outcome(
        tuple(blocks), visit.chat, tuple(rows), card if is_open else None,
        f"vote {id_} {page} {checked}", edits=bool(visit.incoming.press), shared=True,
    )  # fmt: skip


def _line(view: View, line: Line, number: int, visit: Visit) -> str:
    """An item as the message shows it."""
    notes = [visit.say("item.killer")] if line.item.killer else []
    notes += [str(line.due or dues.told(line.item.due, visit.language))] if line.item.due else []
    notes += [visit.say("web.checklists.overdue")] if line.late else []
    notes += [view.owner(line)] if line.item.owner_role else []
    mark = view.mark(line.key)
    if mark and line.state != OPEN:
        notes += [mark.by, *([mark.note] if mark.note else [])]
    told = f" ({DOT.join(notes)})" if notes else ""
    done = visit.say("item.done", done_when=line.item.done_when)
    return f"{BOXES[line.state]} {number}. {line.item.text}{told}\n{done}"


def _may_turn(line: Line) -> bool:
    """Whether an item may be ticked or set back now."""
    return line.ready or line.state != OPEN


def _ticks(visit: Visit, view: View, lines: tuple[Line, ...], page: int) -> list[Option]:
    """A box for each item that may be ticked or set back now."""
    if view.run.status != "open":
        return []
    options = []
    for n, line in enumerate(lines, 1):
        if _may_turn(line):
            number = f" {n}." if visit.can.buttons else ""
            label = f"{BOXES[line.state]}{number} {line.item.text}"
            state = OPEN if line.state != OPEN else DONE
            act = f"tick {view.run.id} {page} {line.key} {state}"
            options.append(Option(label[:LABEL] if visit.can.buttons else label, act))
    return options


def _turns(visit: Visit, view: View, page: int, pages: int) -> list[tuple[Option, ...]]:
    """Ways on from a page: to its neighbours, and what else can be done with the run."""
    id_ = view.run.id
    rows: list[tuple[Option, ...]] = []
    beside: list[Option] = []
    if page:
        beside.append(Option(visit.say("talk.page.before"), f"run {id_} {page - 1}"))
    if page < pages - 1:
        beside.append(Option(visit.say("talk.page.after"), f"run {id_} {page + 1}"))
    rows += [tuple(beside)] if beside else []
    fresh = Option(visit.say("talk.page.fresh"), f"run {id_} {page}", quiet=True)
    if view.run.status != "open":
        again = Option(visit.say("talk.run.reopen"), f"reopen {id_} {page}")
        return [*rows, (again,)] if runs.may_lead(visit.person, view.run) else rows
    more = [fresh, Option(visit.say("talk.run.except"), f"except {id_} {page}")]
    if runs.may_lead(visit.person, view.run):
        more.append(Option(visit.say("talk.run.date"), f"date {id_} {page}"))
        if view.progress.closable:
            more.append(Option(visit.say("talk.run.close"), f"close {id_} {page}"))
    return [*rows, tuple(more)]


def tick(visit: Visit, id_: str, page: int, item: str, state: str) -> Outcome:
    """Set an item to done or back to open; the same again changes nothing. Raises Gone."""
    store = visit.desk.store
    before = _state(_view(visit, id_), item)
    try:
        runs.mark(store, visit.person, id_, item, state)
    except Refused as refused:
        return show(visit, id_, page).noting(refused.message(visit.language))
    except Conflict:
        return show(visit, id_, page).noting(visit.say("web.checklists.conflict.closed"))
    key = "talk.tick.same" if before == state else f"talk.tick.{state}"
    return show(visit, id_, page).noting(visit.say(key))


def vote(visit: Visit, id_: str, page: int, shown: frozenset[str]) -> Outcome:
    """Take a card over: what is checked and was not is done, what is no longer is open again.

    *shown*: the items that were checked on the card when it was sent. What others have ticked
    meanwhile stays. Raises Gone.
    """
    checked = frozenset(visit.incoming.chosen or ())
    told = visit.say("talk.tick.saved")
    view = _view(visit, id_)
    lines = [line.key for section in view.progress.sections for line in section.lines]
    for item in lines:
        state = DONE if item in checked - shown else OPEN if item in shown - checked else ""
        if state and _state(_view(visit, id_), item) != state:
            try:
                runs.mark(visit.desk.store, visit.person, id_, item, state)
            except Refused as refused:
                told = refused.message(visit.language)
            except Conflict:
                told = visit.say("web.checklists.conflict.closed")
    return show(visit, id_, page).noting(told)


def close(visit: Visit, id_: str, page: int) -> Outcome:
    """Close the run, unless a must-pass item is open. Raises Gone."""
    try:
        runs.close(visit.desk.store, visit.person, id_)
    except Refused as refused:
        return show(visit, id_, page).noting(refused.message(visit.language))
    except Conflict:
        return show(visit, id_, page).noting(visit.say("web.checklists.conflict.closed"))
    return show(visit, id_, page).noting(visit.say("talk.run.is_closed"))


def reopen(visit: Visit, id_: str, page: int) -> Outcome:
    """Open the run again. Raises Gone, Refused."""
    runs.reopen(visit.desk.store, visit.person, id_)
    return show(visit, id_, page).noting(visit.say("talk.run.is_open"))


def exceptions(visit: Visit, id_: str, page: int) -> Outcome:
    """Which item does not apply; its reason is asked for next. Raises Gone."""
    view = _view(visit, id_)
    section = view.progress.sections[max(0, min(page, len(view.progress.sections) - 1))]
    options = [
        Option(f"{n}. {line.item.text}"[:LABEL], f"reason {id_} {page} {line.key}")
        for n, line in enumerate(section.lines, 1)
        if line.state == OPEN
    ]
    back = Option(visit.say("talk.page.back"), f"run {id_} {page}")
    blocks = (Paragraph(visit.say("talk.run.except.which")),)
    return Outcome(
        blocks, visit.chat, one_each(*options, back), edits=bool(visit.incoming.press), shared=True
    )


def await_(visit: Visit, what: str, key: str) -> Outcome:
    """Ask for a word that the next message brings."""
    return Outcome((Paragraph(visit.say(key)),), replace(visit.chat, awaiting=what))


def reason(visit: Visit, id_: str, page: int, item: str, text: str) -> Outcome:
    """The item does not apply, for that reason. Raises Gone, Refused."""
    runs.mark(visit.desk.store, visit.person, id_, item, NOT_APPLICABLE, text)
    return show(visit, id_, page)


def date(visit: Visit, id_: str, page: int, text: str) -> Outcome:
    """The date T of the run. Raises Gone, Refused."""
    runs.assign(visit.desk.store, visit.person, id_, anchor=text)
    return show(visit, id_, page)


def _state(view: View, item: str) -> str:
    """The state of an item. Raises Gone."""
    lines = (line for section in view.progress.sections for line in section.lines)
    found = next((line for line in lines if line.key == item), None)
    if found is None:
        raise Gone(item)
    return found.state


def _view(visit: Visit, id_: str) -> View:
    today = datetime.date.today()
    return runs.view(visit.desk.store, visit.book, visit.person, id_, today, visit.language)


def _views(visit: Visit) -> list[View]:
    today = datetime.date.today()
    return runs.views(visit.desk.store, visit.book, visit.person, today, "open", visit.language)
