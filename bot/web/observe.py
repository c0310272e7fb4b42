"""Every request under a number: counted, timed, logged; an unforeseen error answered."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import logs
from bot.release import release

HEADER, CONTENT = b"x-request-id", b"x-zhiwen-content"
"""The id of a request; the release and the content that answered it."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/healthz", "/metrics", "/static"})
"""Routes that are asked for all the time; they are logged only when something is wrong."""
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
log = logging.getLogger("zhiwen.web")


class Observe:
    """Gives every request an id, and tells how it went."""

    def __init__(self, app: ASGIApp, broken: Callable[[Request], Response]) -> None:
        """*broken* makes the answer to a request that failed."""
        self.app, self._broken = app, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id_ = _given_id(scope) or secrets.token_hex(8)
        token, start = logs.request_id.set(id_), time.perf_counter()
        status, told = 0, False

        def tell() -> None:
            nonlocal told
            if not told:
                told = True
                _tell(scope, status or 500, time.perf_counter() - start)

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = message.get("headers", [])
                message["headers"] = [*given, (HEADER, id_.encode()), (CONTENT, _content(scope))]
            elif message["type"] == "http.response.body" and not message.get("more_body"):
                tell()  # before the last of it goes out, so that whoever has it finds it counted
            await send(message)

        try:
            await self._passed_on(scope, receive, send_noted, lambda: bool(status))
        finally:
            tell()
            logs.request_id.reset(token)

    async def _passed_on(
        self, scope: Scope, receive: Receive, send: Send, begun: Callable[[], bool]
    ) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception:
            log.exception("request failed", extra={"route": route_of(scope)})
            if begun():  # too late for another answer: the connection breaks off
                raise
            await self._broken(Request(scope))(scope, receive, send)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = route_of(scope)
    method = scope["method"] if scope["method"] in METHODS else "-"
    scope["app"].state.metrics.request(method, route, status, seconds)
    if route in QUIET and status < 400:
        return
    extra = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    log.log(logging.WARNING if status >= 500 else logging.INFO, "request", extra=extra)


def route_of(scope: Scope) -> str:
    """The template of the route, such as ``/api/entries/{id}``; a dash where there is none."""
    if scope["path"].startswith("/static/"):
        return "/static"
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if not path:
        return "-"
    # A router that is included knows its own part of the path only; what stands before that is
    # fixed, and is taken from the path that was asked for.
    template, asked = str(path).split("/")[1:], scope["path"].split("/")[1:]
    before = asked[: len(asked) - len(template)]
    return "/" + "/".join([*before, *template])


def _content(scope: Scope) -> bytes:
    return f"{release()} {scope['app'].state.app.book.version}".encode()


def _given_id(scope: Scope) -> str | None:
    """The id that the one in front has given it, if it is one."""
    for name, value in scope["headers"]:
        if name == HEADER:
            text = value.decode("latin-1")
            return text if _ID.fullmatch(text) else None
    return None
