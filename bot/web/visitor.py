"""Who is asking, in which language, and whether their form is their own."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from fastapi import Request

from bot.store import Conflict, Gone
from bot.store.people import ROLES, Person
from bot.web import security
from bot.web.rights import may
from bot.web.service import LOCAL, Service
from knowledge.model import LANGUAGES

SECRET, SESSION, LANGUAGE = "zhiwen", "zhiwen_session", "zhiwen_lang"
"""The cookies: a visitor's secret, a signed-in person's session, the chosen language."""
YEAR = 365 * 24 * 3600
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class SignIn(Exception):
    """Nobody is signed in, and somebody has to be."""


class Denied(Exception):
    """The person may not do that."""


class Forged(Exception):
    """The request does not come from a page that was shown to this visitor."""


class Hurried(Exception):
    """Too many requests in a short time."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone with a browser or a program."""

    person: Person | None
    secret: str
    is_new: bool
    """Whether the secret still has to be given to them."""
    language: str
    chosen: bool
    """Whether they have chosen the language."""

    @property
    def chat(self) -> str:
        """The id of their chat: one for each signed-in person, else one for each browser."""
        if self.person is not None and self.person.id != LOCAL.id:
            return f"web:{self.person.id}"
        return f"web:{security.form_token(self.secret)}"

    @property
    def form(self) -> str:
        """The token of their forms."""
        return security.form_token(self.secret)

    @property
    def name(self) -> str:
        """What stands behind what they do."""
        return self.person.name if self.person else "-"

    def may(self, right: str) -> bool:
        """Whether they have that right."""
        return may(self.person, right)


def service(request: Request) -> Service:
    """The service behind a request."""
    found: Service = request.app.state.service
    return found


def visitor(request: Request) -> Visitor:
    """Who is asking. Raises Hurried, and Denied for a name by which this machine is not known."""
    found = service(request)
    person = _person(request, found)
    host = request.client.host if request.client else "-"
    if not request.app.state.rates.allow(person.id if person else host):
        raise Hurried
    secret = request.cookies.get(SECRET, "")
    is_new = not 20 <= len(secret) <= 64
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    language = chosen if chosen in LANGUAGES else _accepted(request)
    return Visitor(
        person,
        security.new_secret() if is_new else secret,
        is_new,
        language,
        chosen in LANGUAGES,
    )


def guarded(request: Request, right: str) -> Visitor:
    """The visitor, who must have that right. Raises SignIn, Denied, Hurried."""
    found = visitor(request)
    if found.person is None:
        raise SignIn
    if not found.may(right):
        raise Denied(right)
    return found


def check_form(request: Request, who: Visitor, token: str | None) -> None:
    """Raises Forged unless the form comes from a page shown to *who*."""
    given = token or request.headers.get("x-zhiwen-form")
    if not security.is_same_site(request.headers):
        raise Forged
    if who.is_new or not security.is_own_form(who.secret, given):
        raise Forged


def _person(request: Request, found: Service) -> Person | None:
    auth = found.config.auth
    if auth == "none":
        # A page elsewhere may let its own name point here; only our own names are served.
        name = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
        if name.lower() not in LOCAL_NAMES:
            raise Denied("host")
        return LOCAL
    token = request.cookies.get(SESSION) or _bearer(request)
    if token:
        person = found.store.people.session(token)
        if person:
            return person
    return _from_proxy(request, found) if auth == "header" else None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _from_proxy(request: Request, found: Service) -> Person | None:
    """The person a trusted proxy names; a new one gets the roles it lists, or is staff."""
    name = request.headers.get(found.config.auth_header, "").strip()
    if not name or not _trusted(request, found):
        return None
    listed = request.headers.get(found.config.roles_header, "")
    roles = tuple(role for role in ROLES if role in {r.strip() for r in listed.split(",")})
    try:
        person = found.store.people.named(name[:80])
    except Gone:
        try:
            person = found.store.people.add(name[:80], roles or ("staff",))
        except Conflict:
            person = found.store.people.named(name[:80])
    if person.disabled:
        return None
    return Person(person.id, person.name, roles) if roles else person


def _trusted(request: Request, found: Service) -> bool:
    try:
        host = ipaddress.ip_address(request.client.host if request.client else "")
        nets = [ipaddress.ip_network(net, strict=False) for net in found.config.trusted_proxies]
    except ValueError:
        return False
    return any(host in net for net in nets)


def _accepted(request: Request) -> str:
    """The first language of ours that the browser asks for; Chinese if none."""
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
