"""Who is asking, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request

from bot.app import App
from bot.errors import BadInput
from bot.records import LOCAL, Person
from bot.rights import may
from bot.script.detect import HONG_KONG, SIMPLIFIED, TAIWAN
from bot.store import Conflict, NotFound
from bot.store.people import ROLES
from bot.web import security
from bot.web.address import address, is_trusted
from bot.web.batches import Batches
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook

SECRET, SESSION, LANGUAGE = "zhiwen", "zhiwen_session", "zhiwen_lang"
"""The cookies: a visitor's secret, a signed-in person's session, the chosen language."""
YEAR = 365 * 24 * 3600
TONGUES = {"zh-TW": TAIWAN, "zh-HK": HONG_KONG}
"""What is chosen, or asked for by a browser, for Chinese in Traditional script."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
STAFF = ("staff",)
MAX_NAME = 80
"""Characters of a person's name."""


class NotAuthenticated(Exception):
    """Nobody is signed in, and somebody has to be."""


class Forbidden(Exception):
    """The person may not do that."""


class WrongHost(Exception):
    """The request is for a name by which this machine is not known."""


class RateLimited(Exception):
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
    script: str = SIMPLIFIED
    """Of Chinese, the one they read."""

    @property
    def tongue(self) -> str:
        """Language and script as HTML and cookies name them."""
        return next(
            (tag for tag, script in TONGUES.items() if script == self.script), self.language
        )

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
    def account(self) -> Person:
        """The person, behind a guard that let nobody else through."""
        assert self.person is not None
        return self.person

    def may(self, right: str) -> bool:
        """Whether they have that right."""
        return may(self.person, right)


def app_for(request: Request) -> App:
    """What a request is answered with."""
    app: App = request.app.state.app
    return app


def batches(request: Request) -> Batches:
    """The batches of postings.

    Raises StoreUnavailable while an earlier server's cannot be settled.
    """
    batches: Batches = request.app.state.batches
    batches.recover()
    return batches


def book(request: Request, who: Visitor) -> RuleBook:
    """The rules and content as *who* sees them."""
    return app_for(request).content.seen_by(who.person.roles if who.person else ())


def visitor(request: Request) -> Visitor:
    """Who is asking.

    Raises RateLimited, and WrongHost for a name by which this machine is not known.
    """
    known: Visitor | None = getattr(request.state, "who", None)
    if known is not None:  # the route has asked before the body was read
        return known
    found = app_for(request)
    person = _person(request, found)
    if not found.rates.allow(f"person {person.id}" if person else caller(request)):
        raise RateLimited
    secret = request.cookies.get(SECRET, "")
    is_new = not 20 <= len(secret) <= 64
    language, chosen = request_language(request)
    kept = security.new_secret() if is_new else secret
    return Visitor(person, kept, is_new, language, chosen, script_read(request))


def with_new_secret(who: Visitor) -> Visitor:
    """The same visitor with another secret: whoever knew the old one knows nothing any more."""
    return replace(who, secret=security.new_secret(), is_new=True)


def caller(request: Request) -> str:
    """What requests of strangers are counted under, apart from those of people who are known."""
    return f"address {address(request, app_for(request).config.trusted_proxies)}"


def request_language(request: Request) -> tuple[str, bool]:
    """The language to answer in, and whether it was chosen or is only what the browser asks for."""
    chosen = _chosen_language(request)
    if chosen in TONGUES:
        return LANGUAGES[0], True
    return (
        (chosen, True)
        if chosen in LANGUAGES
        else (accepted_language(request) or LANGUAGES[0], False)
    )


def script_read(request: Request) -> str:
    """The script that was chosen with the language; else the one that the browser asks for."""
    chosen = _chosen_language(request)
    if chosen in TONGUES or chosen in LANGUAGES:
        return TONGUES.get(chosen, SIMPLIFIED)
    for part in request.headers.get("accept-language", "").lower().split(","):
        code, *more = part.partition(";")[0].strip().split("-")
        if code in LANGUAGES:
            return _asked_for(set(more)) if code == LANGUAGES[0] else SIMPLIFIED
    return SIMPLIFIED


def _asked_for(subtags: set[str]) -> str:
    """The script of Chinese that these parts of its code name, such as ``hant`` and ``hk``."""
    if subtags & {"hk", "mo"}:
        return SIMPLIFIED if "hans" in subtags else HONG_KONG
    return TAIWAN if subtags & {"tw", "hant"} and "hans" not in subtags else SIMPLIFIED


def _chosen_language(request: Request) -> str:
    return request.query_params.get("lang") or request.cookies.get(LANGUAGE) or ""


def is_at_home(request: Request) -> bool:
    """Whether the request names this machine as only the machine itself does.

    A page elsewhere may let its own name point here; it cannot ask for one of these names.
    """
    host = request.headers.get("host", "")
    return (host if host.endswith("]") else host.rpartition(":")[0] or host).lower() in LOCAL_NAMES


def require(request: Request, right: str) -> Visitor:
    """The visitor, who must have that right. Raises NotAuthenticated, Forbidden, RateLimited."""
    found = visitor(request)
    if found.person is None:
        raise NotAuthenticated
    if not found.may(right):
        raise Forbidden(right)
    return found


def knows_at_once(request: Request) -> bool:
    """Whether it takes no look into the database to know who is asking."""
    return app_for(request).config.auth == "none"


def _person(request: Request, found: App) -> Person | None:
    auth = found.config.auth
    if auth == "none":
        if not is_at_home(request):
            raise WrongHost
        return LOCAL
    if auth == "header" and (named := _from_proxy(request, found)):
        return named
    token = _bearer(request) or request.cookies.get(SESSION)
    return found.store.people.session(token) if token else None


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _from_proxy(request: Request, found: App) -> Person | None:
    """The person a trusted proxy names; one without roles is staff.

    Where the proxy lists groups, those of this request are the roles, here and wherever else the
    person is known: what it does not list any more is lost.
    """
    if not is_trusted(request, found.config.trusted_proxies):
        return None
    name = _header(request, found.config.auth_header)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        return None
    people, roles = found.store.people, _proxy_roles(request, found.config.roles_header)
    try:
        person = people.by_name(name)
    except NotFound:
        try:
            person = people.add(name, roles or STAFF)
        except BadInput:
            return None
        except Conflict:
            person = people.by_name(name)
    if person.disabled:
        return None
    if roles is None or roles == person.roles:
        return person
    people.follow(person.id, roles)
    return Person(person.id, person.name, roles)


def _proxy_roles(request: Request, header: str | None) -> tuple[str, ...] | None:
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


def accepted_language(request: Request) -> str | None:
    """The first language of ours that the client asks for, None if it asks for none."""
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return None
