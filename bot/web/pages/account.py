"""Signing in and out, one's own data, and being forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from bot.texts import say
from bot.web import passwords
from bot.web import visitor as v
from bot.web.attempts import Attempts
from bot.web.render import page, to, with_cookies
from bot.web.security import name_of
from bot.web.service import LOCAL
from bot.web.visitor import Hurried, anew, book, caller, guarded, service, visitor
from bot.withheld import Withheld

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> Response:
    """The form."""
    who = visitor(request)
    if who.person is not None:
        return to(request, who, _inside(next))
    return page(request, who, "sign_in.html", next=_inside(next), told="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=200)] = "/",
) -> Response:
    """A session for the right password; the wrong one and an unknown name look the same."""
    who, found = visitor(request), service(request)
    attempts: Attempts = request.app.state.attempts
    # Not the name itself, which may be a password in the wrong field.
    keys = f"name {name_of(name.strip())}", caller(request)
    if attempts.wait(*keys):
        raise Hurried
    with attempts.room() as there_is:
        if not there_is:
            raise Hurried
        person = passwords.verified(found.store, name.strip(), password)
    if person is None:
        attempts.wrong(*keys)
        found.store.keeping.note(name[:80], "sign_in_refused")
        told = say(who.language, "web.sign_in.wrong")
        return page(request, who, "sign_in.html", 401, next=_inside(next), told=told)
    attempts.right(keys[0])
    token = found.store.people.open_session(person.id)
    found.store.keeping.note(person.name, "sign_in")
    response = to(request, anew(who), _inside(next))
    response.set_cookie(
        v.SESSION, token, httponly=True, samesite="lax", secure=found.config.secure_cookies,
        max_age=14 * 24 * 3600,
    )  # fmt: skip
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The session ends."""
    who = visitor(request)
    token = request.cookies.get(v.SESSION)
    if token:
        service(request).store.people.close_session(token)
    response = to(request, anew(who), "/")
    response.delete_cookie(v.SESSION)
    return response


@router.get("/account")
def account(request: Request) -> Response:
    """What is kept about a person, and how to be rid of it."""
    return page(request, guarded(request, "ask"), "account.html")


@router.get("/account/data")
def export(request: Request) -> Response:
    """Everything that is kept about the person."""
    who = guarded(request, "ask")
    found = service(request)
    kept_back = Withheld(found.book.base, book(request, who).base)
    data = kept_back.export(found.store.keeping.export(who.someone.id, who.someone.name))
    response = JSONResponse(data)
    response.headers["content-disposition"] = 'attachment; filename="zhiwen-data.json"'
    return with_cookies(request, who, response)


@router.post("/account/erase")
def erase(request: Request, sure: Annotated[str, Form()] = "") -> Response:
    """Forget the person; where nobody signs in, this browser's chat."""
    who = guarded(request, "ask")
    if sure != "yes":
        return to(request, who, "/account")
    found = service(request)
    if who.someone.id == LOCAL.id:
        found.store.chats.forget(who.chat)
        return to(request, who, "/")
    found.store.keeping.erase(who.someone.id, who.someone.name)
    found.batches.sweep()
    found.store.keeping.note("-", "erase")
    response = to(request, who, "/sign-in")
    response.delete_cookie(v.SESSION)
    return response


def _inside(where: str) -> str:
    """An address of ours; anything else leads to the start."""
    fine = where.startswith("/") and not where.startswith(("//", "/\\"))
    return where if fine and where.isprintable() else "/"
