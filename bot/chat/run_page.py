"""One pause point of a run as a chat shows it: the items, the boxes to tick, the ways on. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot import due_dates, runs
from bot.chat.context import Context
from bot.model import (
    Action,
    Block,
    Box,
    Bullets,
    Card,
    Footnote,
    Heading,
    Outcome,
    Paragraph,
    Reply,
)
from bot.runs import View
from bot.runs.model import section_title
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, Line

LABEL = 40
"""Characters of a button."""
DOT = " \u00b7 "
BOXES = {DONE: "\u2611", OPEN: "\u2610", NOT_APPLICABLE: "\u2796"}


def page_of(context: Context, view: View, page: int) -> Outcome:
    """One pause point of a run, with a box for each item."""
    sections = view.progress.sections
    page = max(0, min(page, len(sections) - 1))
    section = sections[page]
    blocks: list[Block] = [
        Heading(view.run.title, f"{view.progress.settled}/{view.progress.total}"),
        Paragraph(section_title(section, context.language)),
    ]
    # Where nothing can be pressed, the numbered choices below are the items.
    shown = tuple(
        _line(view, line, n, context)
        for n, line in enumerate(section.lines, 1)
        if context.can.buttons or not may_turn(line)
    )
    blocks += [Bullets(shown)] if shown else []
    if view.run.status != "open":
        blocks.append(Footnote(context.say("talk.runs.closed", by=view.run.closed_by)))
    actions = (
        *_ticks(context, view, section.lines, page), *_turns(context, view, page, len(sections)),
    )  # fmt: skip
    card = _card(context, view, page) if view.run.status == "open" else None
    reply = Reply(context.language, tuple(blocks), actions, card=card, edits=context.is_press,
                  shared=True)  # fmt: skip
    return Outcome(reply, context.chat)


def _card(context: Context, view: View, page: int) -> Card | None:
    """The page as a card with boxes, unless none of its items can be turned."""
    section = view.progress.sections[page]
    boxes = tuple(
        Box(line.key, n, line.item.text, line.state == DONE)
        for n, line in enumerate(section.lines, 1)
        if may_turn(line)
    )
    if not boxes:
        return None
    checked = ",".join(box.key for box in boxes if box.done) or "-"
    submit = Action(context.say("talk.card.submit"), "vote", (view.run.id, str(page), checked))
    subtitle = f"{section.name} {section.settled}/{section.total}"
    return Card(view.run.id, view.run.title, subtitle, boxes, submit)


def _line(view: View, line: Line, number: int, context: Context) -> str:
    """An item as the message shows it."""
    notes = [context.say("item.killer")] if line.item.killer else []
    notes += (
        [str(line.due or due_dates.due_text(line.item.due, context.language))]
        if line.item.due
        else []
    )
    notes += [context.say("web.checklists.overdue")] if line.late else []
    notes += [view.owner(line)] if line.item.owner_role else []
    mark = view.mark(line.key)
    if mark and line.state != OPEN:
        notes += [mark.by, *([mark.note] if mark.note else [])]
    aside = f" ({DOT.join(notes)})" if notes else ""
    text = f"{BOXES[line.state]} {number}. {line.item.text}{aside}"
    if not line.item.done_when:
        return text
    return f"{text}\n{context.say('item.done', done_when=line.item.done_when)}"


def may_turn(line: Line) -> bool:
    """Whether an item may be ticked or set back now."""
    return line.ready or line.state != OPEN


def _ticks(context: Context, view: View, lines: tuple[Line, ...], page: int) -> list[Action]:
    """A box for each item that may be ticked or set back now."""
    if view.run.status != "open":
        return []
    ticks = []
    for n, line in enumerate(lines, 1):
        if may_turn(line):
            number = f" {n}." if context.can.buttons else ""
            label = f"{BOXES[line.state]}{number} {line.item.text}"
            label = label[:LABEL] if context.can.buttons else label
            state = OPEN if line.state != OPEN else DONE
            ticks.append(Action(label, "tick", (view.run.id, str(page), line.key, state)))
    return ticks


def _turns(context: Context, view: View, page: int, pages: int) -> list[Action]:
    """Ways on from a page: to its neighbours, and what else can be done with the run."""
    say, here = context.say, (view.run.id, str(page))
    leads = runs.may_lead(context.person, view.run)
    beside, more = [], []
    if page:
        beside.append(Action(say("talk.page.before"), "run", (view.run.id, str(page - 1))))
    if page < pages - 1:
        beside.append(Action(say("talk.page.after"), "run", (view.run.id, str(page + 1))))
    if view.run.status != "open":
        more += [Action(say("talk.run.reopen"), "reopen", here)] if leads else []
        return [*_row(beside), *_row(more)]
    more += [
        Action(say("talk.page.fresh"), "run", here, quiet=True),
        Action(say("talk.run.except"), "except", here),
    ]
    if leads:
        more.append(Action(say("talk.run.date"), "date", here))
        if view.progress.is_closable:
            more.append(Action(say("talk.run.close"), "close", here))
    return [*_row(beside), *_row(more)]


def _row(actions: list[Action]) -> list[Action]:
    """The actions in one row."""
    return [replace(one, beside=n > 0) for n, one in enumerate(actions)]
