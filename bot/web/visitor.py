"""Who is asking, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request

from bot.errors import BadInput
from bot.rights import may
from bot.store import Conflict, Gone
from bot.store.people import ROLES, Person
from bot.web import security
from bot.web.address import address, is_trusted
from bot.web.service import LOCAL, Service
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook

SECRET, SESSION, LANGUAGE = "zhiwen", "zhiwen_session", "zhiwen_lang"
"""The cookies: a visitor's secret, a signed-in person's session, the chosen language."""
YEAR = 365 * 24 * 3600
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
STAFF = ("staff",)
MAX_NAME = 80
"""Characters of a person's name."""


class SignIn(Exception):
    """Nobody is signed in, and somebody has to be."""


class Denied(Exception):
    """The person may not do that."""


class Misled(Exception):
    """The request is for a name by which this machine is not known."""


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
        return f"web:{security.name_of(self.secret)}"

    @property
    def name(self) -> str:
        """What stands behind what they do."""
        return self.person.name if self.person else "-"

    @property
    def someone(self) -> Person:
        """The person, behind a guard that let nobody else through."""
        assert self.person is not None
        return self.person

    def may(self, right: str) -> bool:
        """Whether they have that right."""
        return may(self.person, right)


def service(request: Request) -> Service:
    """The service behind a request."""
    found: Service = request.app.state.service
    return found


def book(request: Request, who: Visitor) -> RuleBook:
    """The rules and content as *who* sees them."""
    return service(request).live.seen_by(who.person.roles if who.person else ())


def visitor(request: Request) -> Visitor:
    """Who is asking. Raises Hurried, and Misled for a name by which this machine is not known."""
    known: Visitor | None = getattr(request.state, "who", None)
    if known is not None:  # the route has asked before the body was read
        return known
    found = service(request)
    person = _person(request, found)
    if not request.app.state.rates.allow(f"person {person.id}" if person else caller(request)):
        raise Hurried
    secret = request.cookies.get(SECRET, "")
    is_new = not 20 <= len(secret) <= 64
    language, chosen = spoken(request)
    return Visitor(person, security.new_secret() if is_new else secret, is_new, language, chosen)


def anew(who: Visitor) -> Visitor:
    """The same visitor with another secret: whoever knew the old one knows nothing any more."""
    return replace(who, secret=security.new_secret(), is_new=True)


def caller(request: Request) -> str:
    """What requests of strangers are counted under, apart from those of people who are known."""
    return f"address {address(request, service(request).config.trusted_proxies)}"


def spoken(request: Request) -> tuple[str, bool]:
    """The language to answer in, and whether it was chosen or is only what the browser asks for."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    return (chosen, True) if chosen in LANGUAGES else (_accepted(request), False)


def is_at_home(request: Request) -> bool:
    """Whether the request names this machine as only the machine itself does.

    A page elsewhere may let its own name point here; it cannot ask for one of these names.
    """
    host = request.headers.get("host", "")
    return (host if host.endswith("]") else host.rpartition(":")[0] or host).lower() in LOCAL_NAMES


def guarded(request: Request, right: str) -> Visitor:
    """The visitor, who must have that right. Raises SignIn, Denied, Hurried."""
    found = visitor(request)
    if found.person is None:
        raise SignIn
    if not found.may(right):
        raise Denied(right)
    return found


def _person(request: Request, found: Service) -> Person | None:
    auth = found.config.auth
    if auth == "none":
        if not is_at_home(request):
            raise Misled
        return LOCAL
    if auth == "header" and (named := _from_proxy(request, found)):
        return named
    token = _bearer(request) or request.cookies.get(SESSION)
    return found.store.people.session(token) if token else None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _from_proxy(request: Request, found: Service) -> Person | None:
    """The person a trusted proxy names; one without roles is staff.

    Where the proxy lists groups, those of this request are the roles, here and wherever else the
    person is known: what it does not list any more is lost.
    """
    if not is_trusted(request, found.config.trusted_proxies):
        return None
    name = _header(request, found.config.auth_header)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        return None
    people, roles = found.store.people, _listed(request, found.config.roles_header)
    try:
        person = people.named(name)
    except Gone:
        try:
            person = people.add(name, roles or STAFF)
        except BadInput:
            return None
        except Conflict:
            person = people.named(name)
    if person.disabled:
        return None
    if roles is None or roles == person.roles:
        return person
    people.follow(person.id, roles)
    return Person(person.id, person.name, roles)


def _listed(request: Request, header: str | None) -> tuple[str, ...] | None:
    """The roles among the groups that the proxy lists; None where it is not asked for any."""
    if header is None:
        return None
    groups = {group.strip() for group in _header(request, header).split(",")}
    return tuple(role for role in ROLES if role in groups) or STAFF


def _header(request: Request, name: str) -> str:
    """A header's text; nothing if it came twice, for then not the proxy alone has set it."""
    given = request.headers.getlist(name)
    if len(given) != 1:
        return ""
    try:
        return given[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return given[0].strip()


def _accepted(request: Request) -> str:
    """The first language of ours that the browser asks for; Chinese if none."""
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
