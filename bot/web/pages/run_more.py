"""What else is done with a run: rename, cancel, put away, comment, link a file, add, repeat."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import runs
from bot.store import Conflict
from bot.texts import say
from bot.web.auth import app_for, require
from bot.web.pages.run import change_run, element_id, filter_query, run_page, said_at
from bot.web.render import redirect

router = APIRouter(prefix="/checklists/{id_}", include_in_schema=False)
Once = Annotated[str, Form(max_length=40)]
"""What a page put into its form: sent twice, it counts once."""


@router.post("/rename")
def rename(
    request: Request, id_: str, title: Annotated[str, Form(max_length=1_000)] = ""
) -> Response:
    """Another name."""
    return change_run(request, id_, lambda store, who: runs.rename(store, who, id_, title), 422)


@router.post("/cancel")
def cancel(
    request: Request, id_: str, why: Annotated[str, Form(max_length=2_000)] = ""
) -> Response:
    """It is not to be finished."""
    return change_run(request, id_, lambda store, who: runs.cancel(store, who, id_, why), 409)


@router.post("/archive")
def archive(request: Request, id_: str, away: Annotated[bool, Form()] = True) -> Response:
    """Out of the lists, or back."""
    return change_run(request, id_, lambda store, who: runs.archive(store, who, id_, away), 409)


@router.post("/monthly")
def repeat_monthly(request: Request, id_: str, on: Annotated[bool, Form()] = False) -> Response:
    """Every month anew, or no more."""
    today = datetime.date.today()
    return change_run(
        request, id_, lambda store, who: runs.repeat_monthly(store, who, id_, on, today), 409
    )


@router.post("/comment")
def comment(
    request: Request,
    id_: str,
    item: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form(max_length=4_000)] = "",
    address: Annotated[str, Form(max_length=1_000)] = "",
    once: Once = "",
) -> Response:
    """A comment, the address of a file, or both: the comment is then what the file is called."""
    who, store = require(request, "checklists"), app_for(request).store
    try:
        if address.strip():
            runs.link(store, who.account, id_, item, address, text, once)
        else:
            runs.comment(store, who.account, id_, item, text, once)
    except runs.ActionNotAllowed as error:
        return run_page(request, who, id_, error.message(who.language), 422)
    return redirect(request, who, said_at(request, id_, item))


@router.post("/retract")
def retract(
    request: Request,
    id_: str,
    event: Annotated[int, Form(ge=1)],
    item: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """A comment of one's own goes."""
    who, store = require(request, "checklists"), app_for(request).store
    runs.retract(store, who.account, id_, event)
    return redirect(
        request, who, f"/checklists/{id_}{filter_query(request)}#{element_id(item) if item else ''}"
    )


@router.post("/items")
def add(
    request: Request,
    id_: str,
    section: Annotated[int, Form(ge=0, le=500)] = 0,
    text: Annotated[str, Form(max_length=1_000)] = "",
    due: Annotated[str, Form(max_length=40)] = "",
    owner: Annotated[str, Form(max_length=200)] = "",
    done_when: Annotated[str, Form(max_length=1_000)] = "",
    once: Once = "",
) -> Response:
    """One more item at the end of a pause point, in this run alone."""
    who, store = require(request, "checklists"), app_for(request).store
    try:
        runs.add_item(store, who.account, id_, section, text, due, owner, done_when, once)
    except runs.ActionNotAllowed as error:
        return run_page(request, who, id_, error.message(who.language), 422)
    except Conflict:
        return run_page(request, who, id_, say(who.language, "web.checklists.conflict.closed"), 409)
    return redirect(request, who, f"/checklists/{id_}#h{section}")
