"""One's own password, sign-ins and tokens for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.errors import BadInput
from bot.records import LOCAL
from bot.store import NotFound
from bot.texts import say
from bot.web import auth, passwords
from bot.web.attempts import Attempts
from bot.web.auth import RateLimited, Visitor, app_for, caller, require
from bot.web.pages.people import signed_in
from bot.web.render import page, redirect
from bot.web.security import name_of

MAX_DAYS = 365
DAY = 24 * 3600.0

router = APIRouter(prefix="/account/access", include_in_schema=False)


@router.get("")
def show(request: Request) -> Response:
    """The forms."""
    return _page(request, _require_person(request))


@router.post("/password")
def password(
    request: Request,
    old: Annotated[str, Form(max_length=200)] = "",
    new: Annotated[str, Form(max_length=300)] = "",
    again: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Another password; every other sign-in of the person ends, tokens too."""
    who, app = _require_person(request), app_for(request)
    attempts: Attempts = request.app.state.attempts
    both = name_of(who.name), caller(request)
    if attempts.wait(*both):
        raise RateLimited
    with attempts.room() as there_is:
        if not there_is:
            raise RateLimited
        known = passwords.verify(app.store, who.name, old)
    if known is None:
        attempts.record_failure(*both)
        return _page(request, who, say(who.language, "people.password.wrong"), 422)
    attempts.record_success(*both)
    if new != again:
        return _page(request, who, say(who.language, "people.password.twice"), 422)
    try:
        hashed = passwords.hash_password(new)
    except BadInput:
        return _page(request, who, say(who.language, "people.password.length"), 422)
    app.store.people.change(who.name, password=hashed)
    app.store.audit.note(who.name, "user_password", who.name)
    return signed_in(request, who, who.account, "/account/access#done")


@router.post("/token")
def token(
    request: Request,
    label: Annotated[str, Form(max_length=80)] = "",
    days: Annotated[int, Form(ge=1, le=MAX_DAYS)] = 14,
) -> Response:
    """A token for a program; it is shown once."""
    who, app = _require_person(request), app_for(request)
    made = app.store.people.open_session(who.account.id, days * DAY, label.strip() or "-")
    app.store.audit.note(who.name, "user_token", who.name, f"{days} days")
    return _page(request, who, made=made)


@router.post("/end")
def end(request: Request, session: Annotated[str, Form(max_length=32)] = "") -> Response:
    """End one of one's own sign-ins or tokens."""
    who = _require_person(request)
    if not session:
        raise NotFound("session")
    app_for(request).store.people.end_sessions(who.account.id, session)
    return redirect(request, who, "/account/access")


def _require_person(request: Request) -> Visitor:
    """Somebody who signs in; at this machine alone there is nobody. Raises NotFound."""
    who = require(request, "ask")
    if who.account.id == LOCAL.id:
        raise NotFound("account")
    return who


def _page(
    request: Request, who: Visitor, problem: str = "", status: int = 200, made: str = ""
) -> Response:
    app = app_for(request)
    return page(
        request, who, "own_access.html", status, problem=problem, made=made,
        sessions=app.store.people.sessions(who.account.id),
        signs_in=app.config.auth == "password", here=request.cookies.get(auth.SESSION, ""),
    )  # fmt: skip
