"""Checklists: those in progress, those to begin with, and the dialog in which one is begun."""

from __future__ import annotations

import datetime
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bot import runs
from bot.records import Template
from bot.runs import own_templates
from bot.runs.duties import SHOWS, Late, counts
from bot.runs.model import roles_of
from bot.runs.queries import in_progress, list_ended, role_names
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pagination import Number
from bot.web.render import page, redirect
from knowledge.engine.model import LANGUAGES, Checklist
from rules.checklists.build import OWN

MAX_NEED = 300
MAX_LIST = 400_000
"""Characters of a list in a form."""
LISTS = (*SHOWS, "archived")
"""What the list of runs may be narrowed to."""
OPEN, OVER, OWN_ONES = 50, 20, 30
"""Runs in progress, runs that are over and lists of one's own that stand on one page."""

router = APIRouter(include_in_schema=False)


@router.get("/checklists")
def show(
    request: Request,
    need: str = "",
    show: str = "all",
    page_: Annotated[int, Query(alias="page", ge=0, le=100_000)] = 0,
    past: Number = 0,
    mine: Annotated[int, Query(alias="own", ge=0, le=100_000)] = 0,
    saved: str = "",
) -> Response:
    """Runs in progress and closed, and every checklist; those that fit a need come first.

    *page*, *past*, *own*: which page of the runs in progress, of those that are over, and of the
    lists of one's own is shown. *saved*: a list that has just been kept.
    """
    who = require(request, "checklists")
    seen, need = book(request, who), need.strip()[:MAX_NEED]
    fits = runs.find(seen, need, who.language) if need else ()
    templates = {one.id: one for one in runs.templates(seen, who.language)}
    kept = own_templates.visible_templates(app_for(request).store, who.account)
    # What has just been saved stands first, on whatever page it would be.
    kept.sort(key=lambda one: one.id != saved)
    return page(
        request,
        who,
        "checklists.html",
        **_runs_shown(request, who, show if show in LISTS else "all", page_, past),
        need=need,
        fits=[templates[id_] for id_ in fits if id_ in templates],
        templates=list(templates.values()),
        own=[(one, _count(one)) for one in kept[mine * OWN_ONES : (mine + 1) * OWN_ONES]],
        own_page=mine,
        own_more=len(kept) > (mine + 1) * OWN_ONES,
        saved=saved,
        once=secrets.token_hex(8),
        most=MAX_LIST,
    )


def _runs_shown(request: Request, who: Visitor, show: str, page_: int, past: int) -> dict[str, Any]:
    """The runs that the page shows, and how many there are behind each filter."""
    store, seen, today = app_for(request).store, book(request, who), datetime.date.today()
    views = in_progress(store, seen, who.account, today, who.language)
    numbers = {view.run.id: counts(view, who.name, today) for view in views}
    totals = {one: sum(number[one] for number in numbers.values()) for one in SHOWS[1:]}
    away = show == "archived"
    if show in SHOWS[1:]:
        views = [view for view in views if numbers[view.run.id][show]]
    over: list[runs.View] = []
    more = False
    if show in ("all", "archived"):
        over, more = list_ended(
            store, seen, who.account, today, who.language, OVER, past * OVER, archived=away
        )
    first = page_ * OPEN
    return {
        "open": [] if away else views[first : first + OPEN],
        "open_page": page_,
        "open_more": not away and len(views) > first + OPEN,
        "closed": over,
        "past": past,
        "past_more": more,
        "numbers": numbers,
        "totals": totals,
        "show": show,
        "shows": LISTS,
    }


def _count(template: Template) -> int:
    return sum(len(point["items"]) for point in template.content["pause_points"])


@router.get("/checklists/start")
def dialog(request: Request, checklist: str = "") -> Response:
    """What a new run is asked for: name, date, owners."""
    who = require(request, "checklists")
    return _dialog(request, who, checklist[:80])


@router.get("/checklists/start/late")
def show_late(request: Request, checklist: str = "", anchor: str = "") -> Response:
    """What is late at the start with that date T: the piece of the dialog that says so."""
    who = require(request, "checklists")
    try:
        found = _late_items(request, who, checklist[:80], anchor[:40])
    except runs.ActionNotAllowed:
        found = ()
    return page(request, who, "late.html", late=found, sure=anchor)


def _late_items(request: Request, who: Visitor, checklist: str, anchor: str) -> tuple[Late, ...]:
    """The items that would be late at once. Raises NotFound, ActionNotAllowed."""
    store, seen = app_for(request).store, book(request, who)
    entry, _, _ = own_templates.source(store, seen, who.account, checklist, who.language)
    return runs.late_at_start(entry, anchor, datetime.date.today())


@router.post("/checklists/start")
def start(
    request: Request,
    checklist: Annotated[str, Form(max_length=80)] = "",
    title: Annotated[str, Form(max_length=1_000)] = "",
    anchor: Annotated[str, Form(max_length=40)] = "",
    language: Annotated[str, Form(max_length=2)] = "",
    role: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006 - FastAPI copies it
    holder: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006
    monthly: Annotated[bool, Form()] = False,
    once: Annotated[str, Form(max_length=40)] = "",
    sure: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Begin a run, and show it; the same form once more shows the run that it began.

    *sure*: the date T of which the page has said that items are late at the start.
    """
    who = require(request, "checklists")
    spoken = language if language in LANGUAGES else who.language
    store, seen = app_for(request).store, book(request, who)
    owners = {one: name.strip() for one, name in zip(role, holder, strict=False) if name.strip()}
    given: dict[str, Any] = {"title": title, "anchor": anchor, "owners": owners, "monthly": monthly}
    try:
        if sure != anchor and _late_items(request, who, checklist, anchor):
            return _dialog(request, who, checklist, **given)
        id_ = runs.start(
            store, seen, who.account, checklist, spoken, anchor, title, owners, once
        )  # fmt: skip
    except runs.ActionNotAllowed as error:
        return _dialog(request, who, checklist, error.message(who.language), **given)
    if monthly:
        runs.repeat_monthly(store, who.account, id_, True, datetime.date.today())
    return redirect(request, who, f"/checklists/{id_}")


def _dialog(
    request: Request, who: Visitor, checklist: str, problem: str = "", **given: Any
) -> Response:
    store, seen = app_for(request).store, book(request, who)
    entry, spoken, _ = own_templates.source(store, seen, who.account, checklist, who.language)
    if "anchor" not in given and checklist.startswith(OWN):
        text = own_templates.get_template(store, who.account, checklist).text
        day = own_templates.parse_checklist(text, "", checklist).anchor
        given["anchor"] = day.isoformat() if day else ""
    values: dict[str, Any] = {"title": "", "anchor": "", "owners": {}, "monthly": False} | given
    try:
        values |= {"late": _late_items(request, who, checklist, values["anchor"])}
    except runs.ActionNotAllowed:
        values |= {"late": ()}
    return page(
        request, who, "run_start.html", 422 if problem else 200, entry=entry, spoken=spoken,
        count=_items(entry), roles=role_names(roles_of(entry), seen, who.language),
        people=names_of(request), problem=problem, sure=values["anchor"],
        once=secrets.token_hex(8), **values,
    )  # fmt: skip


def names_of(request: Request) -> list[str]:
    """The names of those who may be owners."""
    return [person.name for person in app_for(request).store.people.all() if not person.disabled]


def _items(entry: Checklist) -> int:
    return sum(len(point.items) for point in entry.pause_points)
