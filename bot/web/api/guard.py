"""What a call must fulfil before its body is read: rights and content type; and replays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from bot.web import security
from bot.web.auth import Visitor, app_for, knows_at_once, require

RIGHT = "x-right"
"""The property of the OpenAPI document that names the right a call needs."""
CHANNEL = "api"


class NotJson(Exception):
    """A body that does not say it is JSON."""


class Replayed(Exception):
    """The same call has been made before."""


class Guarded(APIRoute):
    """A route whose caller is known, and may do this, before anything they sent is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the guard."""
        inner = super().get_route_handler()
        right = (self.openapi_extra or {})[RIGHT]

        async def handle(request: Request) -> Response:
            if knows_at_once(request):
                request.state.who = require(request, right)
            else:
                request.state.who = await run_in_threadpool(require, request, right)
            if request.method not in security.SAFE:
                check_call(request)
            return await inner(request)

        return handle


def openapi_extra(call: str, right: str) -> dict[str, Any]:
    """The ``openapi_extra`` of a route: the name of the call, and the right it needs."""
    return {"operationId": call, RIGHT: right}


def check_call(request: Request) -> None:
    """Raises NotJson for a body that says it is something else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson


async def _caller(request: Request) -> Visitor:
    who: Visitor = request.state.who
    return who


Who = Annotated[Visitor, Depends(_caller)]
"""Who makes the call."""
Key = Annotated[
    str | None, Header(alias="Idempotency-Key", max_length=64, pattern=r"^[\x21-\x7e]+$")
]
"""A name of the caller's own for this very call: made twice, it counts once."""


@contextlib.contextmanager
def idempotent(request: Request, who: Visitor, key: str | None) -> Iterator[None]:
    """Raises Replayed for a *key* that *who* has used before; one that came to nothing is free.

    What is written inside is kept together with the key, or neither is.
    """
    if key is None:
        yield
        return
    with app_for(request).store.replays.first_time_transaction(
        CHANNEL, f"{who.name[:40]} {key}"
    ) as new:
        if not new:
            raise Replayed
        yield
