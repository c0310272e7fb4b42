"""Signing in and out, one's own data, and being forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from bot.records import LOCAL
from bot.redaction import Withheld
from bot.texts import say
from bot.web import auth, form_recovery, passwords
from bot.web.attempts import Attempts
from bot.web.auth import (
    RateLimited,
    Visitor,
    app_for,
    batches,
    book,
    caller,
    require,
    visitor,
    with_new_secret,
)
from bot.web.form_recovery import Unsent
from bot.web.render import page, redirect, with_cookies
from bot.web.security import name_of

MAX_NEXT = 16_000
"""Characters of an address to go back to; it may bring an unsent question along."""

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:
    """The form."""
    who = visitor(request)
    if who.person is not None:
        return redirect(request, who, _local_address(next))
    return page(
        request, who, "sign_in.html", next=_local_address(next), told="", draft="", unsent=None
    )


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=MAX_NEXT)] = "/",
    kept: Annotated[str, Form(max_length=2 * form_recovery.MAX_KEPT)] = "",
) -> Response:
    """A session for the right password; the wrong one and an unknown name look the same.

    *kept* is a form that was not taken because the last session had ended; it is offered again.
    """
    who, found = visitor(request), app_for(request)
    attempts: Attempts = request.app.state.attempts
    # Not the name itself, which may be a password in the wrong field.
    both = name_of(name.strip()), caller(request)
    if attempts.wait(*both):
        raise RateLimited
    with attempts.room() as there_is:
        if not there_is:
            raise RateLimited
        person = passwords.verify(found.store, name.strip(), password)
    if person is None:
        attempts.record_failure(*both)
        found.store.audit.note(name[:80], "sign_in_refused")
        told = say(who.language, "web.sign_in.wrong")
        return page(
            request, who, "sign_in.html", 401, next=_local_address(next), told=told, draft="",
            unsent=form_recovery.read(kept),
        )  # fmt: skip
    attempts.record_success(*both)
    token = found.store.people.open_session(person.id)
    found.store.audit.note(person.name, "sign_in")
    response = _continue_to(
        request,
        replace(with_new_secret(who), person=person),
        _local_address(next),
        form_recovery.read(kept),
    )
    response.set_cookie(
        auth.SESSION, token, httponly=True, samesite="lax", secure=found.config.secure_cookies,
        max_age=14 * 24 * 3600,
    )  # fmt: skip
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The session ends."""
    who = visitor(request)
    token = request.cookies.get(auth.SESSION)
    if token:
        app_for(request).store.people.close_session(token)
    response = redirect(request, with_new_secret(who), "/")
    response.delete_cookie(auth.SESSION)
    return response


@router.get("/account")
def account(request: Request) -> Response:
    """What is kept about a person, and how to be rid of it."""
    return page(request, require(request, "ask"), "account.html")


@router.get("/account/data")
def export(request: Request) -> Response:
    """Everything that is kept about the person."""
    who = require(request, "ask")
    found = app_for(request)
    kept_back = Withheld(found.book.base, book(request, who).base)
    data = kept_back.export(found.store.personal.export(who.account.id, who.account.name))
    response = JSONResponse(data)
    response.headers["content-disposition"] = 'attachment; filename="zhiwen-data.json"'
    return with_cookies(request, who, response)


@router.post("/account/erase")
def erase(request: Request, sure: Annotated[str, Form()] = "") -> Response:
    """Forget the person; where nobody signs in, this browser's chat."""
    who = require(request, "ask")
    if sure != "yes":
        return redirect(request, who, "/account")
    found = app_for(request)
    if who.account.id == LOCAL.id:
        found.store.conversations.forget(who.chat)
        return redirect(request, who, "/")
    found.store.personal.erase(who.account.id, who.account.name)
    batches(request).sweep()
    found.store.audit.note("-", "erase")
    response = redirect(request, who, "/sign-in")
    response.delete_cookie(auth.SESSION)
    return response


def _continue_to(request: Request, who: Visitor, where: str, sent: Unsent | None) -> Response:
    """The page somebody wanted, or what they had sent when their session had ended."""
    if sent is None:
        return redirect(request, who, where)
    return page(request, who, "unsent.html", unsent=sent, next=where)


def _local_address(where: str) -> str:
    """An address of ours; anything else leads to the start."""
    return where if form_recovery.is_ours(where) else "/"
