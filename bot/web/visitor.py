"""Who is asking, in which language, and whether their form is their own."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from fastapi import Request

from bot.app import App
from bot.errors import BadInput
from bot.records import LOCAL, Person
from bot.rights import may
from bot.store import Conflict, Gone
from bot.store.people import ROLES
from bot.web import security
from bot.web.batches import Batches
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook

SECRET, SESSION, LANGUAGE = "zhiwen", "zhiwen_session", "zhiwen_lang"
"""The cookies: a visitor's secret, a signed-in person's session, the chosen language."""
YEAR = 365 * 24 * 3600
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
MAX_NAME = 80
"""Characters of a person's name."""


class SignIn(Exception):
    """Nobody is signed in, and somebody has to be."""


class Denied(Exception):
    """The person may not do that."""


class Forged(Exception):
    """The request does not come from a page that was shown to this visitor."""


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
        return f"web:{security.form_token(self.secret)}"

    @property
    def form(self) -> str:
        """The token of their forms."""
        return security.form_token(self.secret)

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


def service(request: Request) -> App:
    """What a request is answered with."""
    app: App = request.app.state.app
    return app


def batches(request: Request) -> Batches:
    """The batches of postings. Raises Busy while an earlier server's cannot be settled."""
    batches: Batches = request.app.state.batches
    batches.recover()
    return batches


def book(request: Request, who: Visitor) -> RuleBook:
    """The rules and content as *who* sees them."""
    return service(request).content.seen_by(who.person.roles if who.person else ())


def visitor(request: Request) -> Visitor:
    """Who is asking. Raises Hurried, and Misled for a name by which this machine is not known."""
    found = service(request)
    person = _person(request, found)
    host = request.client.host if request.client else "-"
    if not found.rates.allow(person.id if person else host):
        raise Hurried
    secret = request.cookies.get(SECRET, "")
    is_new = not 20 <= len(secret) <= 64
    language, chosen = spoken(request)
    return Visitor(person, security.new_secret() if is_new else secret, is_new, language, chosen)


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


def check_form(request: Request, who: Visitor, token: str | None) -> None:
    """Raises Forged unless the form comes from a page shown to *who*."""
    given = token or request.headers.get("x-zhiwen-form")
    if not security.is_same_site(request.headers):
        raise Forged
    if who.is_new or not security.is_own_form(who.secret, given):
        raise Forged


def _person(request: Request, found: App) -> Person | None:
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


def _from_proxy(request: Request, found: App) -> Person | None:
    """The person a trusted proxy names; a new one gets the roles it lists, or is staff."""
    if not is_trusted(request, found.config.trusted_proxies):
        return None
    name = _header(request, found.config.auth_header)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        return None
    listed = _header(request, found.config.roles_header) if found.config.roles_header else ""
    roles = tuple(role for role in ROLES if role in {r.strip() for r in listed.split(",")})
    try:
        person = found.store.people.named(name)
    except Gone:
        try:
            person = found.store.people.add(name, roles or ("staff",))
        except BadInput:
            return None
        except Conflict:
            person = found.store.people.named(name)
    if person.disabled:
        return None
    return Person(person.id, person.name, roles) if roles else person


def _header(request: Request, name: str) -> str:
    """A header's text; nothing if it came twice, for then not the proxy alone has set it."""
    given = request.headers.getlist(name)
    if len(given) != 1:
        return ""
    try:
        return given[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return given[0].strip()


def is_trusted(request: Request, proxies: tuple[str, ...]) -> bool:
    """Whether the request comes from one of the *proxies* (addresses or networks)."""
    try:
        host = ipaddress.ip_address(request.client.host if request.client else "")
        nets = [ipaddress.ip_network(net, strict=False) for net in proxies]
    except ValueError:
        return False
    mapped = host.ipv4_mapped if isinstance(host, ipaddress.IPv6Address) else None
    return any((mapped or host) in net for net in nets)


def _accepted(request: Request) -> str:
    """The first language of ours that the browser asks for; Chinese if none."""
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
