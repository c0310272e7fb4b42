"""Headers, sizes, rates and forged requests: what is settled before any page has a say."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 30_000_000
"""Bytes of a request; an upload is the largest there is."""
MAX_POSTINGS = 8_000_000
"""Bytes of a request that lists postings as JSON."""
MAX_FORM = 1_000_000
"""Bytes of any request that is no upload."""
LIMITS = (("/posting", MAX_BODY), ("/api/classify", MAX_POSTINGS))
SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing, so that it does not matter who makes them."""
DRAIN = 100_000_000
"""Bytes of a body that is too large which are read all the same, so that the sender reads why."""
HEADERS = (
    (b"content-security-policy",
     b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
     b" form-action 'self'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)  # fmt: skip


CACHE, STATIC = b"cache-control", "/static/"
"""The header about caches; files that are the same for everybody."""


class TooLarge(Exception):
    """A body larger than its kind may be."""


class Bounds:
    """Adds the security headers to every response, and bounds every body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = _limit(scope)
        told = _told_length(scope)
        size = 0

        async def receive_bounded() -> Message:
            nonlocal size
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > limit or told > limit:
                    while message.get("more_body") and size <= DRAIN:
                        message = await receive()
                        size += len(message.get("body", b""))
                    raise TooLarge
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                message["headers"] = [*given, *HEADERS, *_kept_nowhere(scope, given)]
            await send(message)

        await self.app(scope, receive_bounded, send_with_headers)


def _kept_nowhere(scope: Scope, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The header by which no cache and no history keeps a page: what it shows is for one person."""
    if scope["path"].startswith(STATIC) or any(name.lower() == CACHE for name, _ in given):
        return []
    return [(CACHE, b"no-store")]


def _limit(scope: Scope) -> int:
    return next((most for path, most in LIMITS if scope["path"].startswith(path)), MAX_FORM)


def _told_length(scope: Scope) -> int:
    """The length the sender has announced; 0 for none."""
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def new_secret() -> str:
    """A secret that makes a visitor's forms their own."""
    return secrets.token_urlsafe(24)


def name_of(secret: str) -> str:
    """What may be kept of a visitor's secret: it is known again by it, and not found out."""
    return hashlib.sha256(f"zhiwen form {secret}".encode()).hexdigest()[:40]


class OwnPages:
    """Refuses what a page of another site makes a browser send here, before anything looks at it.

    A browser says where a request comes from, in Sec-Fetch-Site or, an old one or one that comes
    without TLS, in Origin, and no page can have it say something else. Whoever says neither is no
    browser, and has no cookies of somebody else.
    """

    def __init__(self, app: ASGIApp, refused: Callable[[Request], Response]) -> None:
        """*refused* makes the answer to a request from elsewhere."""
        self.app, self._refused = app, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        foreign = scope["type"] == "http" and scope["method"] not in SAFE
        if foreign and is_from_elsewhere(Headers(scope=scope)):
            await self._refused(Request(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another origin makes the request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    there, here = urlsplit(origin).netloc.lower(), headers.get("host", "").lower()
    # A proxy may hand on the name it is called by without the port.
    return not there or here not in (there, there.rpartition(":")[0])
