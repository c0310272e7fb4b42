"""How one is reminded of what is due: the hour, the channels, the address, the calendar link."""

from __future__ import annotations

import datetime
import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.records import LOCAL, Person
from bot.reminders import mail, zones
from bot.reminders.sending import BADGE, EMAIL, OFF, platforms
from bot.runs.feed import feed
from bot.runs.queries import in_progress
from bot.store import NotFound
from bot.texts import say
from bot.web.auth import Visitor, app_for, require, visitor
from bot.web.render import page, redirect

CONFIRM = "confirm_email"
CONFIRM_SECONDS = 24 * 3600.0
MINUTE = 60

router = APIRouter(include_in_schema=False)


@router.get("/account/reminders")
def show(request: Request) -> Response:
    """The form."""
    return _form(request, require(request, "checklists"))


@router.post("/account/reminders")
def change(
    request: Request,
    hour: Annotated[int, Form(ge=0, le=23)] = 9,
    on: Annotated[list[str], Form(max_length=6)] = [],  # noqa: B006 - FastAPI copies it
    email: Annotated[str, Form(max_length=300)] = "",
    zone: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Keep what was chosen; a new address gets a mail by which it is confirmed."""
    who, app = require(request, "checklists"), app_for(request)
    channels, store = _channels(request, who), app.store.reminders
    off = tuple(name for name in channels if name not in on)
    store.change(who.account.id, hour=hour, off=off, language=who.language)
    found = zones.canonical_name(zone) if zone.strip() else None
    if zone.strip() and found is None:
        return _form(request, who, say(who.language, "remind.zone.wrong"), 422, typed=zone)
    store.change(who.account.id, zone=found)
    address, before = email.strip(), store.wishes(who.account.id).email or ""
    if address == before or app.config.smtp is None:
        return _form(request, who, say(who.language, "remind.saved"))
    if not address:
        store.change(who.account.id, email=None, confirmed=None)
        return _form(request, who, say(who.language, "remind.saved"))
    if not mail.is_address(address):
        return _form(request, who, say(who.language, "remind.email.wrong"), 422, address)
    return _confirm(request, who, address)


@router.get("/reminders/{what}/{token}")
def ask(request: Request, what: str, token: str) -> Response:
    """What a link in a mail leads to: a button, since programs that check mails open links too."""
    who = visitor(request)
    if what not in PURPOSES or app_for(request).store.tokens.redeem(PURPOSES[what], token) is None:
        raise NotFound(what)
    return page(request, who, "reminder_link.html", what=what, token=token, told="")


@router.post("/reminders/{what}/{token}")
def act(request: Request, what: str, token: str) -> Response:
    """The address is theirs; or no more mails."""
    who, app = visitor(request), app_for(request)
    if what not in PURPOSES:
        raise NotFound(what)
    payload = app.store.tokens.redeem(PURPOSES[what], token, once=what == "confirm")
    if payload is None:
        raise NotFound(what)
    store, person = app.store.reminders, payload["person"]
    if what == "confirm":
        store.change(person, email=payload["email"], confirmed=time.time())
    else:
        store.change(person, off=(*{*store.wishes(person).off, EMAIL},))
    told = say(who.language, f"remind.{what}.done")
    return page(request, who, "reminder_link.html", what=what, token="", told=told)


@router.post("/account/calendar")
def link(request: Request, act: Annotated[str, Form(max_length=10)] = "new") -> Response:
    """A new calendar link, which is shown once; the one before it is good no more."""
    who, store = require(request, "checklists"), app_for(request).store.reminders
    if act == "drop":
        store.drop_link(who.account.id)
        return redirect(request, who, "/account/reminders#calendar")
    secret = store.new_link(who.account.id)
    return _form(request, who, address=None, secret=secret)


@router.get("/calendar/{secret}.ics")
def calendar(request: Request, secret: str) -> Response:
    """The calendar of whoever has that link. Raises NotFound."""
    visitor(request)  # counts the request, and refuses names that are not this machine's
    app = app_for(request)
    person = _owner(request, app.store.reminders.person_of_link(secret))
    today = datetime.date.today()
    shown = in_progress(app.store, app.content.seen_by(person.roles), person, today)
    language = app.store.reminders.wishes(person.id).language or "zh"
    data = feed(shown, person.name, language, time.time())
    return Response(data, media_type="text/calendar; charset=utf-8")


def _owner(request: Request, id_: str | None) -> Person:
    if id_ is None:
        raise NotFound("calendar")
    if id_ == LOCAL.id and app_for(request).config.auth == "none":
        return LOCAL
    person = app_for(request).store.people.get(id_)
    if person.disabled:
        raise NotFound("calendar")
    return person


PURPOSES = {"confirm": CONFIRM, "off": OFF}


def _confirm(request: Request, who: Visitor, address: str) -> Response:
    """Send the mail by which an address is confirmed; at most one a minute."""
    app = app_for(request)
    smtp, person, language = app.config.smtp, who.account, who.language
    assert smtp is not None
    minute = f"{person.id} {int(time.time() // MINUTE)}"
    if not app.store.replays.first_time("confirm", minute):
        return _form(request, who, say(language, "remind.email.wait"), 429, address)
    payload = {"person": person.id, "email": address}
    token = app.store.tokens.issue(CONFIRM, payload, seconds=CONFIRM_SECONDS)
    where = f"{smtp.url.rstrip('/')}/reminders/confirm/{token}"
    text = say(language, "remind.confirm.mail", name=person.name, link=where)
    try:
        mail.send(smtp, address, say(language, "remind.confirm.subject"), text)
    except (mail.Unsent, mail.Rejected):
        return _form(request, who, say(language, "remind.email.unsent"), 503, address)
    return _form(request, who, say(language, "remind.email.sent", address=address))


def _channels(request: Request, who: Visitor) -> tuple[str, ...]:
    """Where this person can be told."""
    app = app_for(request)
    linked = {channel for channel, _ in app.store.people.identities().get(who.account.id, ())}
    chats = tuple(name for name in platforms(app) if name in linked)
    return (*chats, *((EMAIL,) if app.config.smtp else ()), BADGE)


def _form(
    request: Request,
    who: Visitor,
    told: str = "",
    status: int = 200,
    address: str | None = None,
    secret: str = "",
    typed: str | None = None,
) -> Response:
    app, now = app_for(request), datetime.datetime.now()
    wishes = app.store.reminders.wishes(who.account.id)
    link = f"{request.base_url}calendar/{secret}.ics" if secret else ""
    return page(
        request, who, "reminders.html", status, wishes=wishes, told=told, link=link,
        address=wishes.email or "" if address is None else address,
        channels=_channels(request, who), linked=app.store.reminders.has_link(who.account.id),
        mails=app.config.smtp is not None,
        clock=zones.local_time(now, wishes.zone).strftime("%H:%M"),
        zone=wishes.zone or "" if typed is None else typed, zones=zones.COMMON,
        usual=zones.zone_label(now, None),
    )  # fmt: skip
