"""Checklists in a chat: find one, begin a run, see it page by page, tick it in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import runs
from bot.chat.context import Context
from bot.chat.run_page import LABEL, page_of
from bot.errors import Gone
from bot.model import Action, Outcome
from bot.runs import Refused, View, plan
from bot.runs.plan import RunChange
from bot.runs.queries import seen
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, Line

SHOWN = 8
"""Lists or runs that are offered at once."""


def lists(context: Context, need: str = "") -> Outcome:
    """The checklists that fit a *need*, or all of them, each to begin with."""
    fitting = list(runs.find(context.book, need, context.language)) if need else []
    titles = {one.id: one.title for one in runs.templates(context.book, context.language)}
    shown = [id_ for id_ in fitting if id_ in titles] or list(titles)
    key = "talk.lists.fit" if need and fitting else "talk.lists.none" if need else "talk.lists.all"
    starts = tuple(Action(titles[id_], "start", (id_,)) for id_ in shown)
    return _with(context.reply(key), starts)


def open_runs(context: Context) -> Outcome:
    """The runs in progress, each to open."""
    views = [seen(run, context.book, context.today, context.language)
             for run in context.loaded.runs]  # fmt: skip
    shown = [view for view in views if view.checklist.admits(context.person.roles)][:SHOWN]
    if not shown:
        return _with(context.reply("talk.runs.none"), (Action(context.say("talk.lists"), "lists"),))
    opens = tuple(
        Action(
            f"{view.run.title} {view.progress.settled}/{view.progress.total}",
            "run",
            (view.run.id, "0"),
        )
        for view in shown
    )
    return _with(context.reply("talk.runs.open"), opens)


def start(context: Context, checklist: str) -> Outcome:
    """A new run of that checklist, at its first page. Raises Gone, Refused."""
    loaded = context.loaded
    begun = plan.begin(
        context.book, context.person, checklist, context.language, loaded.fresh, loaded.now
    )
    view = seen(begun.run, context.book, context.today, context.language)
    return replace(page_of(context, view, 0), changes=(begun,))


def show(context: Context, _: str, page: str) -> Outcome:
    """One pause point of a run. Raises Gone."""
    return page_of(context, _view(context), int(page))


def tick(context: Context, _: str, page: str, item: str, state: str) -> Outcome:
    """Set an item to done or back to open; the same again changes nothing. Raises Gone."""
    view = _view(context)
    before = _line_of(view, item).state
    change: RunChange | None = None
    notice = context.say("talk.tick.same" if before == state else f"talk.tick.{state}")
    try:
        _is_open(view)
        change = plan.mark(context.person, view.run, view.progress, item, state)
    except Refused as refused:
        notice = refused.message(context.language)
    except _Closed:
        notice = context.say("web.checklists.conflict.closed")
    return _changed(context, view, int(page), [change], notice)


def vote(context: Context, _: str, page: str, shown: str) -> Outcome:
    """Take a card over: what is checked and was not is done, what is no longer is open again.

    *shown*: the items that were checked on the card when it was sent. What others have ticked
    meanwhile stays. Raises Gone.
    """
    before = frozenset(shown.split(",")) - {"-"}
    checked = frozenset(context.incoming.checked or ())
    notice, changes = context.say("talk.tick.saved"), []
    view = now = _view(context)
    for item in [line.key for section in view.progress.sections for line in section.lines]:
        state = DONE if item in checked - before else OPEN if item in before - checked else ""
        if not state or _line_of(now, item).state == state:
            continue
        try:
            _is_open(now)
            change = plan.mark(context.person, now.run, now.progress, item, state)
        except Refused as refused:
            notice = refused.message(context.language)
        except _Closed:
            notice = context.say("web.checklists.conflict.closed")
        else:
            changes.append(change)
            now = _after(context, now, change)
    return _changed(context, view, int(page), changes, notice)


def close(context: Context, _: str, page: str) -> Outcome:
    """Close the run, unless a must-pass item is open. Raises Gone."""
    view, change = _view(context), None
    notice = context.say("talk.run.is_closed")
    try:
        change = plan.close(context.person, view.run, view.progress)
        _is_open(view)
    except Refused as refused:
        notice = refused.message(context.language)
    except _Closed:
        change, notice = None, context.say("web.checklists.conflict.closed")
    return _changed(context, view, int(page), [change], notice)


def reopen(context: Context, _: str, page: str) -> Outcome:
    """Open the run again. Raises Gone, Refused."""
    view = _view(context)
    change = plan.reopen(context.person, view.run)
    return _changed(context, view, int(page), [change], context.say("talk.run.is_open"))


def exceptions(context: Context, _: str, page: str) -> Outcome:
    """Which item does not apply; its reason is asked for next. Raises Gone."""
    view = _view(context)
    id_, sections = view.run.id, view.progress.sections
    section = sections[max(0, min(int(page), len(sections) - 1))]
    options = tuple(
        Action(f"{n}. {line.item.text}"[:LABEL], "reason", (id_, page, line.key))
        for n, line in enumerate(section.lines, 1)
        if line.state == OPEN
    )
    back = Action(context.say("talk.page.back"), "run", (id_, page))
    outcome = _with(context.reply("talk.run.except.which"), (*options, back))
    reply = replace(outcome.reply, edits=context.pressed, shared=True)
    return replace(outcome, reply=reply)


def ask_reason(context: Context, id_: str, page: str, item: str) -> Outcome:
    """Ask why an item does not apply."""
    return _ask(context, "talk.run.reason", Action("", "reason_is", (id_, page, item)))


def ask_date(context: Context, id_: str, page: str) -> Outcome:
    """Ask for the date T."""
    return _ask(context, "talk.run.date.when", Action("", "date_is", (id_, page)))


def _ask(context: Context, key: str, awaiting: Action) -> Outcome:
    """Ask for words that the next message brings."""
    return replace(context.reply(key), chat=replace(context.chat, awaiting=awaiting))


def reason(context: Context, _: str, page: str, item: str, text: str) -> Outcome:
    """The item does not apply, for that reason. Raises Gone, Refused."""
    view = _view(context)
    if view.run.status != "open":
        return context.reply("web.checklists.conflict.closed")
    change = plan.mark(context.person, view.run, view.progress, item, NOT_APPLICABLE, text)
    return _changed(context, view, int(page), [change])


def date(context: Context, _: str, page: str, text: str) -> Outcome:
    """The date T of the run. Raises Gone, Refused."""
    view = _view(context)
    if view.run.status != "open":
        return context.reply("web.checklists.conflict.closed")
    change = plan.assign(context.person, view.run, view.checklist, anchor=text)
    return _changed(context, view, int(page), [change])


class _Closed(Gone):
    """The run is closed, and takes nothing any more."""


def _is_open(view: View) -> None:
    if view.run.status != "open":
        raise _Closed(view.run.id)


def _with(outcome: Outcome, actions: tuple[Action, ...]) -> Outcome:
    return replace(outcome, reply=replace(outcome.reply, actions=actions))


def _view(context: Context) -> View:
    """The run that was read, for somebody who may see it. Raises Gone."""
    run = context.loaded.run
    if run is None:
        raise Gone("run")
    view = seen(run, context.book, context.today, context.language)
    if not view.checklist.admits(context.person.roles):
        raise Gone(run.id)
    return view


def _after(context: Context, view: View, change: RunChange) -> View:
    """The run as it stands with that change; its checklist is not read again."""
    return runs.with_run(view, plan.after(view.run, change, context.loaded.now), context.today)


def _changed(
    context: Context, view: View, page: int, changes: Sequence[RunChange | None], notice: str = ""
) -> Outcome:
    """The page with those changes, and what there is to say to whoever pressed."""
    done = [change for change in changes if change is not None]
    for change in done:
        view = _after(context, view, change)
    outcome = page_of(context, view, page)
    if notice:
        reply = replace(outcome.reply, notice=notice, edits=context.pressed)
        outcome = replace(outcome, reply=reply)
    return replace(outcome, changes=tuple(done))


def _line_of(view: View, item: str) -> Line:
    """The line of an item. Raises Gone."""
    for section in view.progress.sections:
        for line in section.lines:
            if line.key == item:
                return line
    raise Gone(item)
