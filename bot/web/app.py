"""The application: pages and API under one roof; errors become clear answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot import runs
from bot.postings.model import Unreadable
from bot.rates import Rates
from bot.store import Busy, Conflict, Gone
from bot.texts import say
from bot.web import api, operation, pages
from bot.web.attempts import Attempts
from bot.web.metrics import Metrics
from bot.web.observe import Observe
from bot.web.render import page, to, wants_fragment
from bot.web.security import Bounds, OwnPages, TooLarge
from bot.web.service import Service
from bot.web.told import reason
from bot.web.visitor import Denied, Hurried, Misled, SignIn, Visitor, spoken

STATIC = Path(__file__).with_name("static")
FLUSH_SECONDS = 5.0
log = logging.getLogger("zhiwen.web")

STATUS: dict[type[Exception], tuple[int, str]] = {
    SignIn: (401, "web.error.sign_in"),
    Denied: (403, "web.error.denied"),
    Misled: (421, "web.error.host"),
    Hurried: (429, "web.error.hurried"),
    Gone: (404, "web.error.gone"),
    Conflict: (409, "web.error.conflict"),
    api.NotJson: (415, "web.error.json"),
    api.Replayed: (409, "web.error.replayed"),
    TooLarge: (413, "web.error.too_large"),
    Busy: (503, "web.error.busy"),
}
"""What an exception means to the one who asked."""
REFUSED = {"rights": 403, "why": 422, "date": 422, "long": 422}
"""What a checklist run does not allow; anything else goes against how the run stands."""
HTTP = {
    400: "web.error.unreadable",
    404: "web.error.gone",
    405: "web.error.method",
}
"""What the framework finds by itself."""
FIELD_TOO_LARGE = "exceeded maximum size"
"""What Starlette says about a single field of a form that is beyond its bounds."""
HINTS = {401: {"www-authenticate": "Bearer"}, 429: {"retry-after": "5"}, 503: {"retry-after": "5"}}
"""Headers that tell a program what to do about a status."""


def create_app(service: Service) -> FastAPI:
    """The ASGI application over *service*."""
    app = FastAPI(
        title="Zhiwen", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    app.state.service = service
    app.state.companions = []
    """What runs as long as the server does, such as the polling of a chat platform."""
    app.state.rates = Rates()
    app.state.attempts = Attempts()
    app.state.metrics = Metrics(service)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (*pages.ROUTERS, operation.router, api.router):
        app.include_router(router)
    for kind in STATUS:
        app.add_exception_handler(kind, _told)
    app.add_exception_handler(runs.Refused, _refused)
    app.add_exception_handler(Unreadable, _unreadable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(OwnPages, refused=_forged)
    app.add_middleware(Observe, broken=_broken)
    app.add_middleware(Bounds)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    steady = asyncio.create_task(_housekeeping(service))
    async with contextlib.AsyncExitStack() as stack:
        for companion in app.state.companions:
            task = await stack.enter_async_context(companion)
            if isinstance(task, asyncio.Task):
                service.running[task.get_name()] = task
        yield
    steady.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await steady
    await asyncio.to_thread(service.stop)
    service.flush()
    service.store.close()


async def _housekeeping(service: Service) -> None:
    """Write counts down, forget what is old, and take changed content."""
    from bot.web.housekeeping import once

    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        await asyncio.to_thread(once, service)


def _told(request: Request, error: Exception) -> Response:
    status, key = STATUS[type(error)]
    if isinstance(error, SignIn) and not _is_api(request) and not wants_fragment(request):
        return to(request, _stranger(request), f"/sign-in?next={request.url.path}")
    return _answer(request, status, key)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, runs.Refused)
    language, _ = spoken(request)
    return _say(request, REFUSED.get(error.reason, 409), error.message(language), error.reason)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    language, _ = spoken(request)
    return _say(request, 422, error.message(language), "invalid")


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language, _ = spoken(request)
    return _answer(request, 422, "web.error.invalid", reason(language, error.errors()))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, TooLarge):
        return _told(request, error.__cause__)
    if error.status_code == 400 and FIELD_TOO_LARGE in str(error.detail):
        return _told(request, TooLarge())
    key = HTTP.get(error.status_code, "web.error.other")
    return _answer(request, error.status_code, key, headers=error.headers)


def _forged(request: Request) -> Response:
    return _answer(request, 403, "web.error.forged")


def _broken(request: Request) -> Response:
    return _answer(request, 500, "web.error.broken")


def _answer(
    request: Request,
    status: int,
    key: str,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    language, _ = spoken(request)
    return _say(request, status, say(language, key), key.rpartition(".")[2], detail, headers)


def _say(
    request: Request,
    status: int,
    told: str,
    code: str,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One clear sentence, as a page, a fragment or JSON."""
    hints = {**(headers or {}), **HINTS.get(status, {})}
    if _is_api(request):
        body = {"error": told, "code": code}
        return JSONResponse(body | ({"detail": detail} if detail else {}), status, hints)
    who = _stranger(request)
    if wants_fragment(request):
        # htmx shows an error body only if told to; the page has a place for it.
        response = page(request, who, "notice.html", status, told=told, detail=detail)
        hints |= {"hx-retarget": "#notice", "hx-reswap": "innerHTML"}
    else:
        response = page(request, who, "error.html", status, told=told, detail=detail)
    response.headers.update(hints)
    return response


def _stranger(request: Request) -> Visitor:
    """The visitor as far as an error page needs one: nobody, in their language."""
    language, chosen = spoken(request)
    return Visitor(None, "", False, language, chosen)


def _is_api(request: Request) -> bool:
    path = request.url.path
    return path.startswith("/api/") and path != api.DOCS
