"""The application: pages and API under one roof; errors become clear answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.store import Busy, Conflict, Gone
from bot.texts import say
from bot.web import pages
from bot.web.render import page, to, wants_fragment
from bot.web.security import Headers, Rates, TooLarge
from bot.web.service import Service
from bot.web.visitor import Denied, Forged, Hurried, SignIn, Visitor, _accepted

STATIC = Path(__file__).with_name("static")
FLUSH_SECONDS = 5.0
log = logging.getLogger("zhiwen.web")

STATUS: dict[type[Exception], tuple[int, str]] = {
    SignIn: (401, "web.error.sign_in"),
    Denied: (403, "web.error.denied"),
    Forged: (403, "web.error.forged"),
    Hurried: (429, "web.error.hurried"),
    Gone: (404, "web.error.gone"),
    Conflict: (409, "web.error.conflict"),
    TooLarge: (413, "web.error.too_large"),
    Busy: (503, "web.error.busy"),
}
"""What an exception means to the one who asked."""


def create_app(service: Service) -> FastAPI:
    """The ASGI application over *service*."""
    app = FastAPI(
        title="Zhiwen", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    app.state.service = service
    app.state.rates = Rates()
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in pages.ROUTERS:
        app.include_router(router)
    for kind in STATUS:
        app.add_exception_handler(kind, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(Headers)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    task = asyncio.create_task(_housekeeping(service))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    service.flush()
    service.store.close()


async def _housekeeping(service: Service) -> None:
    """Write counts down, forget what is old, and take changed content."""
    from bot.web.housekeeping import once

    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await asyncio.to_thread(once, service)
        except Exception:
            log.exception("housekeeping failed; it goes on")


def _told(request: Request, error: Exception) -> Response:
    status, key = STATUS[type(error)]
    if isinstance(error, SignIn) and not _is_api(request) and not wants_fragment(request):
        return to(request, _stranger(request), f"/sign-in?next={request.url.path}")
    return _answer(request, status, key)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return _answer(
        request, 422, "web.error.invalid", f"{place}: {first.get('msg', '')}".strip(": ")
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, TooLarge):
        return _told(request, error.__cause__)
    key = {404: "web.error.gone", 405: "web.error.method"}.get(error.status_code)
    return _answer(request, error.status_code, key or "web.error.other")


def _broken(request: Request, error: Exception) -> Response:
    log.exception("request failed", exc_info=error)
    return _answer(request, 500, "web.error.broken")


def _answer(request: Request, status: int, key: str, detail: str = "") -> Response:
    """One clear sentence, as a page, a fragment or JSON."""
    who = _stranger(request)
    told = say(who.language, key)
    if _is_api(request):
        body = {"error": told, "code": key.rpartition(".")[2]}
        return JSONResponse(body | ({"detail": detail} if detail else {}), status)
    if wants_fragment(request):
        # htmx shows an error body only if told to; the page has a place for it.
        response = page(request, who, "notice.html", status, told=told, detail=detail)
        response.headers["hx-retarget"] = "#notice"
        response.headers["hx-reswap"] = "innerHTML"
        return response
    return page(request, who, "error.html", status, told=told, detail=detail)


def _stranger(request: Request) -> Visitor:
    """The visitor as far as an error page needs one: nobody, in their language."""
    return Visitor(None, "", False, _accepted(request), False)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
