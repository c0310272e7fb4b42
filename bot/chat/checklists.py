"""Checklists in a chat: find one, begin a run, see it page by page, tick it in place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import runs
from bot.chat.context import Context
from bot.chat.run_page import LABEL, page_of
from bot.errors import NotFound
from bot.model import Action, Bullets, Outcome, Paragraph, Reply, pick
from bot.runs import ActionNotAllowed, View, plan
from bot.runs import own_templates as own_lists
from bot.runs.plan import RunChange
from bot.runs.queries import may_see, view_of
from knowledge.engine.normal import compact
from rules.checklists.build import OWN
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, Line

SHOWN = 8
"""Lists or runs that are offered at once."""


def lists(context: Context, need: str = "") -> Outcome:
    """The checklists that fit a *need*, or all of them, each to begin with."""
    fitting = list(runs.find(context.book, need, context.language)) if need else []
    titles = {one.id: one.title for one in runs.templates(context.book, context.language)}
    own = {
        OWN + one.id: one.title
        for one in context.loaded.own_templates
        if _matches_name(one.title, need)
    }
    fits = [id_ for id_ in fitting if id_ in titles]
    shown = fits or ([] if need and own else list(titles))
    fit = bool(need and (fits or own))
    key = "talk.lists.fit" if fit else "talk.lists.none" if need else "talk.lists.all"
    if not context.can.offers_more:  # what starts one stands beside it, or is told below it
        offers = tuple(pick(titles[id_], id_, "pause_points") for id_ in shown)
        return _with_actions(_with_own(context, context.reply(f"{key}.told"), own), offers)
    starts = tuple(Action(name, "start", (id_,)) for id_, name in own.items())
    starts += tuple(Action(titles[id_], "start", (id_,)) for id_ in shown)
    return _with_actions(context.reply(key), starts)


def _matches_name(title: str, need: str) -> bool:
    """Whether a list that somebody wrote is meant: its name is named, or nothing is."""
    named, wanted = compact(title).text, compact(need).text
    return not wanted or wanted in named or named in wanted


def _with_own(context: Context, outcome: Outcome, own: dict[str, str]) -> Outcome:
    """The reply with the lists that people wrote; on a page each leads to where it is begun."""
    if not own:
        return outcome
    links = tuple(f"/checklists/start?checklist={id_}" for id_ in own)
    mine = Bullets(tuple(own.values()), context.say("lists.own"), links=links)
    return replace(outcome, reply=replace(outcome.reply, blocks=(*outcome.reply.blocks, mine)))


def open_runs(context: Context) -> Outcome:
    """The runs in progress, each to open."""
    views = [view_of(run, context.book, context.today, context.language)
             for run in context.loaded.runs]  # fmt: skip
    shown = [view for view in views if may_see(view.run, view.checklist, context.person)][:SHOWN]
    if not context.can.offers_more:
        return _told_runs(context, shown)
    if not shown:
        return _with_actions(
            context.reply("talk.runs.none"), (Action(context.say("talk.lists"), "lists"),)
        )
    opens = tuple(
        Action(
            f"{view.run.title} {view.progress.settled}/{view.progress.total}",
            "run",
            (view.run.id, "0"),
        )
        for view in shown
    )
    return _with_actions(context.reply("talk.runs.open"), opens)


def _told_runs(context: Context, shown: Sequence[View]) -> Outcome:
    """The runs in progress where they are worked through elsewhere, and where that is."""
    if not shown:
        return context.reply("talk.runs.none")
    # The terminal opens a run by its id; on a page its name is a link.
    linked = context.can.channel == "web"
    lines = tuple(
        f"{view.run.title} {view.progress.settled}/{view.progress.total}"
        + ("" if linked else f" ({view.run.id})")
        for view in shown
    )
    where = Paragraph(context.say(f"talk.runs.{context.can.channel}"))
    links = tuple(f"/checklists/{view.run.id}" for view in shown)
    blocks = (Bullets(lines, context.say("talk.runs.open"), links=links), where)
    return Outcome(Reply(context.language, blocks), context.chat)


def start(context: Context, checklist: str) -> Outcome:
    """A new run of that checklist, at its first page. Raises NotFound, ActionNotAllowed."""
    loaded = context.loaded
    if checklist.startswith(OWN):
        found = next((one for one in loaded.own_templates if OWN + one.id == checklist), None)
        if found is None:
            raise NotFound(checklist)
        source = own_lists.source_of(found)
        begun = plan.begin_with(*source, context.person, loaded.new_run_id, loaded.now)
    else:
        begun = plan.begin(
            context.book, context.person, checklist, context.language, loaded.new_run_id, loaded.now
        )
    view = view_of(begun.run, context.book, context.today, context.language)
    return replace(page_of(context, view, 0), changes=(begun,))


def show(context: Context, _: str, page: str) -> Outcome:
    """One pause point of a run. Raises NotFound."""
    return page_of(context, visible_run(context), int(page))


def tick(context: Context, _: str, page: str, item: str, state: str) -> Outcome:
    """Set an item to done or back to open; the same again changes nothing. Raises NotFound."""
    view = visible_run(context)
    before = _line_of(view, item).state
    change: RunChange | None = None
    notice = context.say("talk.tick.same" if before == state else f"talk.tick.{state}")
    try:
        _is_open(view)
        change = plan.mark(context.person, view.run, view.progress, item, state)
    except ActionNotAllowed as refused:
        notice = refused.message(context.language)
    except _Closed:
        notice = context.say("web.checklists.conflict.closed")
    return _page_after(context, view, int(page), [change], notice)


def vote(context: Context, _: str, page: str, shown: str) -> Outcome:
    """Take a card over: what is checked and was not is done, what is no longer is open again.

    *shown*: the items that were checked on the card when it was sent. What others have ticked
    meanwhile stays. Raises NotFound.
    """
    before = frozenset(shown.split(",")) - {"-"}
    checked = frozenset(context.incoming.checked or ())
    notice, changes = context.say("talk.tick.saved"), []
    view = now = visible_run(context)
    for item in [line.key for section in view.progress.sections for line in section.lines]:
        state = DONE if item in checked - before else OPEN if item in before - checked else ""
        if not state or _line_of(now, item).state == state:
            continue
        try:
            _is_open(now)
            change = plan.mark(context.person, now.run, now.progress, item, state)
        except ActionNotAllowed as refused:
            notice = refused.message(context.language)
        except _Closed:
            notice = context.say("web.checklists.conflict.closed")
        else:
            changes.append(change)
            now = _apply_change(context, now, change)
    return _page_after(context, view, int(page), changes, notice)


def close(context: Context, _: str, page: str) -> Outcome:
    """Close the run, unless a must-pass item is open. Raises NotFound."""
    view, change = visible_run(context), None
    notice = context.say("talk.run.is_closed")
    try:
        change = plan.close(context.person, view.run, view.progress)
        _is_open(view)
    except ActionNotAllowed as refused:
        notice = refused.message(context.language)
    except _Closed:
        change, notice = None, context.say("web.checklists.conflict.closed")
    return _page_after(context, view, int(page), [change], notice)


def reopen(context: Context, _: str, page: str) -> Outcome:
    """Open the run again. Raises NotFound, ActionNotAllowed."""
    view = visible_run(context)
    change = plan.reopen(context.person, view.run)
    return _page_after(context, view, int(page), [change], context.say("talk.run.is_open"))


def exceptions(context: Context, _: str, page: str) -> Outcome:
    """Which item does not apply; its reason is asked for next. Raises NotFound."""
    view = visible_run(context)
    id_, sections = view.run.id, view.progress.sections
    section = sections[max(0, min(int(page), len(sections) - 1))]
    options = tuple(
        Action(f"{n}. {line.item.text}"[:LABEL], "reason", (id_, page, line.key))
        for n, line in enumerate(section.lines, 1)
        if line.state == OPEN
    )
    back = Action(context.say("talk.page.back"), "run", (id_, page))
    outcome = _with_actions(context.reply("talk.run.except.which"), (*options, back))
    reply = replace(outcome.reply, edits=context.is_press, shared=True)
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
    """The item does not apply, for that reason. Raises NotFound, ActionNotAllowed."""
    view = visible_run(context)
    if view.run.status != "open":
        return context.reply("web.checklists.conflict.closed")
    change = plan.mark(context.person, view.run, view.progress, item, NOT_APPLICABLE, text)
    return _page_after(context, view, int(page), [change])


def date(context: Context, _: str, page: str, text: str) -> Outcome:
    """The date T of the run. Raises NotFound, ActionNotAllowed."""
    view = visible_run(context)
    if view.run.status != "open":
        return context.reply("web.checklists.conflict.closed")
    change = plan.assign(context.person, view.run, view.checklist, anchor=text)
    return _page_after(context, view, int(page), [change])


class _Closed(NotFound):
    """The run is closed, and takes nothing any more."""


def _is_open(view: View) -> None:
    if view.run.status != "open":
        raise _Closed(view.run.id)


def _with_actions(outcome: Outcome, actions: tuple[Action, ...]) -> Outcome:
    return replace(outcome, reply=replace(outcome.reply, actions=actions))


def visible_run(context: Context) -> View:
    """The run that was read, for somebody who may see it. Raises NotFound."""
    run = context.loaded.run
    if run is None:
        raise NotFound("run")
    view = view_of(run, context.book, context.today, context.language)
    if not may_see(view.run, view.checklist, context.person):
        raise NotFound(run.id)
    return view


def _apply_change(context: Context, view: View, change: RunChange) -> View:
    """The run as it stands with that change; its checklist is not read again."""
    return runs.with_run(
        view, plan.apply_change(view.run, change, context.loaded.now), context.today
    )


def _page_after(
    context: Context, view: View, page: int, changes: Sequence[RunChange | None], notice: str = ""
) -> Outcome:
    """The page with those changes, and what there is to say to whoever pressed."""
    done = [change for change in changes if change is not None]
    for change in done:
        view = _apply_change(context, view, change)
    outcome = page_of(context, view, page)
    if notice:
        reply = replace(outcome.reply, notice=notice, edits=context.is_press)
        outcome = replace(outcome, reply=reply)
    return replace(outcome, changes=tuple(done))


def _line_of(view: View, item: str) -> Line:
    """The line of an item. Raises NotFound."""
    for section in view.progress.sections:
        for line in section.lines:
            if line.key == item:
                return line
    raise NotFound(item)
