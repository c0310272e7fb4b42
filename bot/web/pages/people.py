"""People: who there is, one-time invitations, roles, keeping somebody out, sign-ins and tokens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bot.errors import BadInput, Conflict
from bot.records import Person
from bot.store import NotFound
from bot.store.people import ROLES
from bot.texts import say
from bot.web import auth, passwords
from bot.web.auth import Visitor, app_for, require, visitor, with_new_secret
from bot.web.pagination import Number
from bot.web.render import page, redirect

INVITE = "invite"
HOUR = 3600.0
MAX_HOURS = 14 * 24
LISTED = 100
"""People on one page."""

router = APIRouter(include_in_schema=False)


@router.get("/people")
def show(
    request: Request, q: Annotated[str, Query(max_length=80)] = "", at: Number = 0
) -> Response:
    """Everyone, or those in whose names the words *q* stand, and the form that invites."""
    return _people_page(request, require(request, "admin"), q=q.strip(), at=at)


@router.post("/people/invite")
def invite(
    request: Request,
    role: Annotated[list[str], Form(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    name: Annotated[str, Form(max_length=200)] = "",
    hours: Annotated[int, Form(ge=1, le=MAX_HOURS)] = 72,
) -> Response:
    """A link by which one person joins with these roles; it is shown once, and good once."""
    who, app = require(request, "admin"), app_for(request)
    roles = _roles(role)
    if not roles:
        return _people_page(request, who, say(who.language, "people.no_role"), 422)
    called = name.strip()[:80]
    payload = {"roles": list(roles), "name": called}
    token = app.store.tokens.issue(INVITE, payload, seconds=hours * HOUR)
    app.store.audit.note(who.name, "invite", called, ",".join(roles))
    return _people_page(request, who, link=f"{request.base_url}invite/{token}")


@router.get("/people/{id_}")
def show_person(request: Request, id_: str) -> Response:
    """One person: roles, sign-ins and tokens."""
    who = require(request, "admin")
    return _person(request, who, app_for(request).store.people.get(id_))


@router.post("/people/{id_}")
def change(
    request: Request,
    id_: str,
    act: Annotated[str, Form(max_length=10)] = "",
    role: Annotated[list[str], Form(max_length=10)] = [],  # noqa: B006
    session: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Roles; keep out or let in; end a sign-in or all. The last administrator stays one."""
    who, store = require(request, "admin"), app_for(request).store
    person, roles = store.people.get(id_), _roles(role)
    loses = (act == "roles" and "admin" not in roles) or act == "disable"
    if act == "roles" and not roles:
        return _person(request, who, person, say(who.language, "people.no_role"), 422)
    if loses and _is_last_admin(request, person):
        return _person(request, who, person, say(who.language, "people.last"), 409)
    if act == "roles":
        store.people.change(person.name, roles=roles)
        store.audit.note(who.name, "user_roles", person.name, ",".join(roles))
    elif act in ("disable", "enable"):
        store.people.change(person.name, disabled=act == "disable")
        store.audit.note(who.name, f"user_{act}", person.name)
    elif act == "end":
        store.people.end_sessions(person.id, session or None)
        store.audit.note(who.name, "session_end", person.name, session)
    else:
        raise NotFound(act)
    return redirect(request, who, f"/people/{id_}")


@router.get("/invite/{token}")
def welcome(request: Request, token: str) -> Response:
    """The form of somebody who was invited."""
    who = visitor(request)
    payload = app_for(request).store.tokens.redeem(INVITE, token)
    if payload is None:
        told = say(who.language, "people.invite.gone")
        return page(request, who, "error.html", 404, told=told, detail="")
    return _join(request, who, token, payload["name"])


@router.post("/invite/{token}")
def join(
    request: Request,
    token: str,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """The person is made and signed in, and the link is good no more."""
    who, app = visitor(request), app_for(request)
    if app.store.tokens.redeem(INVITE, token) is None:
        told = say(who.language, "people.invite.gone")
        return page(request, who, "error.html", 404, told=told, detail="")
    try:
        hashed = passwords.hash_password(password)
    except BadInput:
        return _join(request, who, token, name, say(who.language, "people.password.length"))
    try:
        with app.store.transaction():
            payload = app.store.tokens.redeem(INVITE, token, once=True)
            if payload is None:
                raise NotFound(token)
            person = app.store.people.add(name.strip(), tuple(payload["roles"]), hashed)
    except Conflict:
        return _join(request, who, token, name, say(who.language, "people.name.taken"))
    except BadInput:
        return _join(request, who, token, name, say(who.language, "people.name.wrong"))
    app.store.audit.note(person.name, "invite_used", person.name, ",".join(person.roles))
    return signed_in(request, who, person, "/")


def signed_in(request: Request, who: Visitor, person: Person, where: str) -> Response:
    """A new sign-in of that person in this browser."""
    app = app_for(request)
    session = app.store.people.open_session(person.id)
    response = redirect(request, with_new_secret(who), where)
    response.set_cookie(
        auth.SESSION, session, httponly=True, samesite="lax", secure=app.config.secure_cookies,
        max_age=14 * 24 * 3600,
    )  # fmt: skip
    return response


def _roles(given: list[str]) -> tuple[str, ...]:
    return tuple(role for role in ROLES if role in given)


def _is_last_admin(request: Request, person: Person) -> bool:
    """Whether nobody else could administer then; with no sign-in, whoever is here can."""
    app = app_for(request)
    if app.config.auth == "none" or "admin" not in person.roles or person.disabled:
        return False
    others = (one for one in app.store.people.all() if one.id != person.id)
    return not any("admin" in one.roles and not one.disabled for one in others)


def _people_page(
    request: Request,
    who: Visitor,
    problem: str = "",
    status: int = 200,
    link: str = "",
    q: str = "",
    at: int = 0,
) -> Response:
    app = app_for(request)
    people = [one for one in app.store.people.all() if q.casefold() in one.name.casefold()]
    return page(
        request, who, "people.html", status, people=people[at * LISTED : (at + 1) * LISTED],
        q=q, at=at, more=len(people) > (at + 1) * LISTED, count=len(people), roles=ROLES,
        problem=problem, link=link, signs_in=app.config.auth == "password",
        identities=app.store.people.identities(),
    )  # fmt: skip


def _person(
    request: Request, who: Visitor, person: Person, problem: str = "", status: int = 200
) -> Response:
    store = app_for(request).store
    values: dict[str, Any] = {
        "person": person, "roles": ROLES, "problem": problem,
        "sessions": store.people.sessions(person.id),
        "identities": store.people.identities().get(person.id, []),
    }  # fmt: skip
    return page(request, who, "person.html", status, **values)


def _join(request: Request, who: Visitor, token: str, name: str, problem: str = "") -> Response:
    return page(
        request, who, "invite.html", 422 if problem else 200, token=token, name=name,
        problem=problem,
    )  # fmt: skip
