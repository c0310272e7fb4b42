"""Headers, sizes, rates and forged requests: what is settled before any page has a say."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 30_000_000
"""Bytes of a request; an upload is the largest there is."""
MAX_POSTINGS = 8_000_000
"""Bytes of a request that lists postings as JSON."""
MAX_FORM = 1_000_000
"""Bytes of any request that is no upload."""
LIMITS = (("/posting", MAX_BODY), ("/api/classify", MAX_POSTINGS))
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


class TooLarge(Exception):
    """A body larger than its kind may be."""


class Headers:
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

        async def bounded() -> Message:
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

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, bounded, headed)


def _limit(scope: Scope) -> int:
    return next((most for path, most in LIMITS if scope["path"].startswith(path)), MAX_FORM)


def _told_length(scope: Scope) -> int:
    """The length the sender has announced; 0 for none."""
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def new_secret() -> str:
    """A secret that makes a visitor's forms their own."""
    return secrets.token_urlsafe(24)


def form_token(secret: str) -> str:
    """What a form must carry to come from a page that was shown to the holder of *secret*."""
    return hashlib.sha256(f"zhiwen form {secret}".encode()).hexdigest()[:40]


def is_own_form(secret: str | None, token: str | None) -> bool:
    """Whether a form's token fits the visitor's secret; compared in constant time."""
    if not secret or not token:
        return False
    return hmac.compare_digest(form_token(secret).encode(), token.encode("utf-8", "replace"))


def is_same_site(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from one of our own pages, as far as a browser says."""
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")
