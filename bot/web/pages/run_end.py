"""The end of a run: closed, asked about first where items are open; opened again; begun anew."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import runs
from bot.runs import View
from bot.texts import say
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pages.run import change_run, run_page
from bot.web.render import page, redirect

router = APIRouter(prefix="/checklists/{id_}", include_in_schema=False)


@router.get("/close")
def show_close_form(request: Request, id_: str) -> Response:
    """What is still open, and the form that closes the run all the same."""
    who = require(request, "checklists")
    view = view_of(request, who, id_)
    if view.run.status != "open" or not runs.may_lead(who.account, view.run):
        return redirect(request, who, f"/checklists/{id_}")
    return _ask(request, who, view, 200)


@router.post("/close")
def close(
    request: Request,
    id_: str,
    sure: Annotated[bool, Form()] = False,
    why: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Close the run. With items open it is asked once more, and what must pass needs a reason.

    *sure*: the page has said what is open. *why*: the reason, which the history keeps.
    """
    who = require(request, "checklists")
    view = view_of(request, who, id_)
    leads = view.run.status == "open" and runs.may_lead(who.account, view.run)
    asked = sure and (not view.progress.gates or why.strip())
    if leads and (view.progress.open or view.progress.gates) and not asked:
        told = say(who.language, "lists.close.reason") if sure else ""
        return _ask(request, who, view, 422 if sure else 409, told)
    return change_run(request, id_, lambda store, who: runs.close(store, who, id_, why), 409)


def view_of(request: Request, who: Visitor, id_: str) -> View:
    """The run as it stands. Raises NotFound."""
    store, today = app_for(request).store, datetime.date.today()
    return runs.view(store, book(request, who), who.account, id_, today, who.language)


def _ask(request: Request, who: Visitor, view: View, status: int, told: str = "") -> Response:
    """The page that asks before a run is closed with items open."""
    gates = view.progress.gates
    named = {line.key for line in gates}
    return page(
        request, who, "run_close.html", status, view=view, run=view.run, gates=gates, told=told,
        others=[line for line in view.progress.open if line.key not in named],
    )  # fmt: skip


@router.post("/reopen")
def reopen(request: Request, id_: str) -> Response:
    """Open the run again."""
    return change_run(request, id_, lambda store, who: runs.reopen(store, who, id_), 409)


@router.post("/repeat")
def repeat(
    request: Request,
    id_: str,
    newest: Annotated[bool, Form()] = False,
    anchor: Annotated[str, Form(max_length=40)] = "",
    once: Annotated[str, Form(max_length=40)] = "",
    sure: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Begin the same again, and show it; the same form once more shows the run that it began.

    *sure*: the date T of which the page has said that items are late at the start.
    """
    who = require(request, "checklists")
    found = app_for(request)
    try:
        view = view_of(request, who, id_)
        late = runs.late_at_start(view.checklist, anchor, datetime.date.today())
        if late and sure != anchor:
            return page(
                request, who, "run_repeat.html", run=view.run, late=late, sure=anchor,
                newest=newest, once=once,
            )  # fmt: skip
        new = runs.repeat(found.store, book(request, who), who.account, id_, newest, anchor, once)
    except runs.ActionNotAllowed as refused:
        return run_page(request, who, id_, refused.message(who.language), 422)
    return redirect(request, who, f"/checklists/{new}")
