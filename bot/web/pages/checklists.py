"""Checklists: those in progress, those to begin with, and the dialog in which one is begun."""

from __future__ import annotations

import datetime
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import runs
from bot.records import Template
from bot.runs import own
from bot.runs.duties import SHOWS, counts
from bot.runs.model import roles_of
from bot.runs.queries import role_names
from bot.web.auth import Visitor, app_for, book, guarded
from bot.web.render import page, to
from knowledge.engine.model import LANGUAGES, Checklist
from rules.checklists.made import OWN

MAX_NEED = 300
MAX_LIST = 400_000
"""Characters of a list in a form."""
LISTS = (*SHOWS, "archived")
"""What the list of runs may be narrowed to."""

router = APIRouter(include_in_schema=False)


@router.get("/checklists")
def show(request: Request, need: str = "", show: str = "all") -> Response:
    """Runs in progress and closed, and every checklist; those that fit a need come first."""
    who = guarded(request, "checklists")
    seen, need = book(request, who), need.strip()[:MAX_NEED]
    fits = runs.find(seen, need, who.language) if need else ()
    templates = {one.id: one for one in runs.templates(seen, who.language)}
    return page(
        request,
        who,
        "checklists.html",
        **_listed(request, who, show if show in LISTS else "all"),
        need=need,
        fits=[templates[id_] for id_ in fits if id_ in templates],
        templates=list(templates.values()),
        own=[(one, _count(one)) for one in own.kept(app_for(request).store, who.someone)],
        once=secrets.token_hex(8),
        most=MAX_LIST,
    )


def _listed(request: Request, who: Visitor, show: str) -> dict[str, Any]:
    """The runs that the page shows, and how many there are behind each filter."""
    store, seen, today = app_for(request).store, book(request, who), datetime.date.today()
    away = show == "archived"
    views = runs.views(store, seen, who.someone, today, None, who.language, away)
    numbers = {view.run.id: counts(view, who.name, today) for view in views}
    active = [view for view in views if view.run.status == "open"]
    if show not in ("all", "archived"):
        active = [view for view in active if numbers[view.run.id][show]]
    return {
        "open": active,
        "closed": [] if show in ("mine", "due", "late") else
                  [view for view in views if view.run.status != "open"],
        "numbers": numbers,
        "show": show,
        "shows": LISTS,
    }  # fmt: skip


def _count(template: Template) -> int:
    return sum(len(point["items"]) for point in template.content["pause_points"])


@router.get("/checklists/start")
def dialog(request: Request, checklist: str = "") -> Response:
    """What a new run is asked for: name, date, owners."""
    who = guarded(request, "checklists")
    return _dialog(request, who, checklist[:80])


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
) -> Response:
    """Begin a run, and show it; the same form once more shows the run that it began."""
    who = guarded(request, "checklists")
    spoken = language if language in LANGUAGES else who.language
    store, seen = app_for(request).store, book(request, who)
    owners = {one: name.strip() for one, name in zip(role, holder, strict=False) if name.strip()}
    try:
        id_ = runs.start(
            store, seen, who.someone, checklist, spoken, anchor, title, owners, once
        )  # fmt: skip
    except runs.ActionNotAllowed as error:
        given = {"title": title, "anchor": anchor, "owners": owners, "monthly": monthly}
        return _dialog(request, who, checklist, error.message(who.language), **given)
    if monthly:
        runs.repeat_monthly(store, who.someone, id_, True, datetime.date.today())
    return to(request, who, f"/checklists/{id_}")


def _dialog(
    request: Request, who: Visitor, checklist: str, problem: str = "", **given: Any
) -> Response:
    store, seen = app_for(request).store, book(request, who)
    entry, spoken, _ = own.source(store, seen, who.someone, checklist, who.language)
    if "anchor" not in given and checklist.startswith(OWN):
        text = own.one(store, who.someone, checklist).text
        day = own.parsed(text, "", checklist).anchor
        given["anchor"] = day.isoformat() if day else ""
    values = {"title": "", "anchor": "", "owners": {}, "monthly": False} | given
    return page(
        request, who, "run_start.html", 422 if problem else 200, entry=entry, spoken=spoken,
        count=_items(entry), roles=role_names(roles_of(entry), seen, who.language),
        people=names_of(request), problem=problem, once=secrets.token_hex(8), **values,
    )  # fmt: skip


def names_of(request: Request) -> list[str]:
    """The names of those who may be owners."""
    return [person.name for person in app_for(request).store.people.all() if not person.disabled]


def _items(entry: Checklist) -> int:
    return sum(len(point.items) for point in entry.pause_points)
