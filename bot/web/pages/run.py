"""One checklist run: what is to be done, who did what, and what others have changed meanwhile.

Without a script every form comes back to the whole page. With it, forms and a poll get only what
has changed since the page was last told, so that nobody's half-written note is taken away.
"""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import runs
from bot.records import Person
from bot.runs.duties import SHOWS, counts, is_shown
from bot.runs.export import FORMATS, Export
from bot.store import Conflict, NotFound, Store
from bot.texts import say
from bot.web.auth import Visitor, app_for, book, require
from bot.web.render import page, redirect, wants_fragment, with_cookies
from rules.checklists.progress import Line, Progress

PAST = 100
"""Lines of history that are shown."""

router = APIRouter(prefix="/checklists/{id_}", include_in_schema=False)


@router.get("")
def show(request: Request, id_: str) -> Response:
    """The whole run, or those of its items that the filter *show* lets through."""
    return run_page(request, require(request, "checklists"), id_)


@router.get("/changes")
def changes(request: Request, id_: str, since: int = 0) -> Response:
    """What has changed after the first *since* events; nothing (204) if nothing has."""
    return _changed_pieces(request, require(request, "checklists"), id_, since)


@router.post("/mark")
def mark(
    request: Request,
    id_: str,
    item: Annotated[str, Form(max_length=40)],
    state: Annotated[str, Form(max_length=4)],
    note: Annotated[str, Form(max_length=2_000)] = "",
    noted: Annotated[bool, Form()] = False,
    seen: Annotated[int | None, Form(ge=0)] = None,
    since: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Tick, untick, not applicable, or a note; *noted* says that the note was in the form."""
    who = require(request, "checklists")
    told, status = "", 200
    text = note if noted else None
    try:
        runs.mark(app_for(request).store, who.account, id_, item, state, text, seen)
    except Conflict:
        told, status = _conflict(request, who, id_, item), 409
    except runs.ActionNotAllowed as refused:
        told, status = refused.message(who.language), 422
    request.app.state.badges.forget()
    if wants_fragment(request):
        return _changed_pieces(request, who, id_, since, told, status, item)
    if told:
        return run_page(request, who, id_, told, status)
    return redirect(request, who, f"/checklists/{id_}{filter_query(request)}#{element_id(item)}")


@router.post("/assign")
def assign(
    request: Request,
    id_: str,
    role: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006 - FastAPI copies it
    holder: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006
    was: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006
    anchor: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Set owners and date; a role whose field was not touched is left as others have set it."""
    rows = zip(role, holder, was, strict=False)
    owners = {one: name for one, name, before in rows if name.strip() != before}
    return change_run(
        request, id_, lambda store, who: runs.assign(store, who, id_, owners, anchor), 422
    )


@router.get("/export.{form}")
def export(request: Request, id_: str, form: str) -> Response:
    """The run as a file."""
    who = require(request, "checklists")
    if form not in FORMATS:
        raise NotFound(form)
    found = app_for(request)
    history = tuple(runs.history(found.store, id_))
    view = runs.view(
        found.store,
        book(request, who),
        who.account,
        id_,
        datetime.date.today(),
        who.language,
    )
    make, media = FORMATS[form]
    try:
        data = make(Export(view, history, who.language, time.time()))
    except runs.ActionNotAllowed as refused:
        return run_page(request, who, id_, refused.message(who.language), 409)
    response = Response(data, media_type=media)
    name = f"zhiwen-{view.run.checklist.partition('.')[2]}-{view.run.id}.{form}"
    response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return with_cookies(request, who, response)


def filter_query(request: Request) -> str:
    """The part of an address that keeps the filter of the page."""
    show = request.query_params.get("show", "")
    return f"?show={show}" if show in SHOWS[1:] else ""


def said_at(request: Request, id_: str, item: str) -> str:
    """The address of a run with the comments of an item, or of the whole run, open to be read."""
    show = filter_query(request)
    where = element_id(item) if item else "comments"
    return f"/checklists/{id_}{show}{'&' if show else '?'}said={item or 'run'}#{where}"


def element_id(item: str) -> str:
    """The id that an item has on the page."""
    return "i" + item.replace(".", "-")


def change_run(
    request: Request, id_: str, act: Callable[[Store, Person], None], refused: int
) -> Response:
    """What changes a run as a whole, then the run; *refused* is the status if it may not be."""
    who = require(request, "checklists")
    try:
        act(app_for(request).store, who.account)
        request.app.state.badges.forget()
    except runs.ActionNotAllowed as error:
        return run_page(request, who, id_, error.message(who.language), refused)
    except Conflict:
        return run_page(request, who, id_, say(who.language, "web.checklists.conflict.closed"), 409)
    return redirect(request, who, f"/checklists/{id_}{filter_query(request)}")


def _conflict(request: Request, who: Visitor, id_: str, item: str) -> str:
    """The sentence about an item that somebody else has changed, or a run that was closed."""
    found = app_for(request)
    view = runs.view(found.store, book(request, who), who.account, id_, datetime.date.today())
    if view.run.status != "open":
        return say(who.language, "web.checklists.conflict.closed")
    text = next(line.item.text for line in _lines(view.progress) if line.key == item)
    return say(who.language, "web.checklists.conflict", item=text)


def run_page(
    request: Request, who: Visitor, id_: str, told: str = "", status: int = 200
) -> Response:
    return page(request, who, "run.html", status, **_page_values(request, who, id_, told))


def _changed_pieces(
    request: Request,
    who: Visitor,
    id_: str,
    since: int,
    told: str = "",
    status: int = 200,
    item: str | None = None,
) -> Response:
    """The pieces of the page that differ from what it was told before."""
    values = _page_values(request, who, id_, told)
    new = values["history"][max(0, since) :]
    if not new and not told:
        return Response(status_code=204)
    touched = {event.item for event in new} | ({item} if item else set())
    lines = _lines(values["view"].progress)
    if "" in touched:
        touched |= {line.key for line in lines}
    elif values["view"].checklist.mode == "read_do":
        # Whether an open item may be worked on depends on those before it.
        touched |= {line.key for line in lines if line.state == "open"}
    added = {event.item for event in new if event.action == "add"}
    values |= {"touched": touched, "lead_too": "" in touched, "acted": item, "added": added}
    return page(request, who, "run_changes.html", status, **values)


def _page_values(request: Request, who: Visitor, id_: str, told: str) -> dict[str, Any]:
    """What the templates of a run need. The history is read first: it may not be ahead of the rest,
    or the page would never ask for what it lacks.
    """
    found, today = app_for(request), datetime.date.today()
    history = runs.history(found.store, id_)
    view = runs.view(found.store, book(request, who), who.account, id_, today, who.language)
    show = filter_query(request).partition("=")[2] or "all"
    return {
        "show": show,
        "shows": SHOWS,
        "counts": counts(view, who.name, today),
        "filtered": filter_query(request),
        "is_shown": lambda line: is_shown(show, view, line, who.name, today),
        "shows_any": lambda section: any(
            is_shown(show, view, line, who.name, today) for line in section.lines
        ),
        "acted": None,
        "said_at": request.query_params.get("said", ""),
        "remarks": runs.remarks(history),
        "heading": lambda section: runs.section_title(section, who.language),
        "once": secrets.token_hex(8),
        "view": view,
        "run": view.run,
        "history": history,
        "past": list(reversed(history))[:PAST],
        "most": PAST,
        "leads": runs.may_lead(who.account, view.run),
        "people": [p.name for p in found.store.people.all() if not p.disabled],
        "texts": {line.key: line.item.text for line in _lines(view.progress)},
        "formats": list(FORMATS),
        "dashed": element_id,
        "told": told,
    }


def _lines(progress: Progress) -> list[Line]:
    return [line for section in progress.sections for line in section.lines]
