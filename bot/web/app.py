"""The application: pages and API under one roof; errors become clear answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from bot import runs
from bot.app import App
from bot.channels.model import Running
from bot.channels.shutdown import limit_shutdown
from bot.editing.refusal import EditRefused
from bot.postings.model import Unreadable
from bot.store import Conflict, NotFound, StoreUnavailable
from bot.texts import say
from bot.web import api, operation, pages
from bot.web.attempts import Attempts, SharedMemory
from bot.web.auth import (
    Forbidden,
    NotAuthenticated,
    RateLimited,
    Visitor,
    WrongHost,
    request_language,
    script_read,
)
from bot.web.badge import Badges
from bot.web.batches import Batches
from bot.web.form_recovery import Unsent, unsent_form
from bot.web.housekeeping import Housekeeping
from bot.web.metrics import Metrics
from bot.web.observe import Observe
from bot.web.render import page, redirect, wants_fragment
from bot.web.security import SAFE, Bounds, OwnPages, TooLarge
from bot.web.startup import folder
from bot.web.trials import Trials
from bot.web.validation import reason

TOKENS = "/account/access"
"""The page where people make tokens for their programs."""
STATIC = Path(__file__).with_name("static")
FLUSH_SECONDS = 5.0
log = logging.getLogger("zhiwen.web")

STATUS: dict[type[Exception], tuple[int, str]] = {
    NotAuthenticated: (401, "web.error.sign_in"),
    Forbidden: (403, "web.error.denied"),
    WrongHost: (421, "web.error.host"),
    RateLimited: (429, "web.error.hurried"),
    NotFound: (404, "web.error.gone"),
    Conflict: (409, "web.error.conflict"),
    api.NotJson: (415, "web.error.json"),
    api.Replayed: (409, "web.error.replayed"),
    TooLarge: (413, "web.error.too_large"),
    StoreUnavailable: (503, "web.error.busy"),
}
"""What an exception means to the one who asked."""
LATER = (NotAuthenticated, RateLimited, StoreUnavailable)
"""What passes: a form that was sent meanwhile is given back, to be sent again."""
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


def create_app(app: App) -> FastAPI:
    """The ASGI application over *app*."""
    web = FastAPI(
        title="Zhiwen", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    web.state.app = app
    web.state.batches = Batches(
        app.store, folder(app.config) / "batches", app.counts.add, lambda: app.book.pack
    )
    web.state.trials = Trials(app)
    web.state.housekeeping = Housekeeping(app, web.state.batches)
    web.state.companions = []
    """What runs as long as the server does, such as the polling of a chat platform."""
    web.state.running = {}
    """Name of a channel -> whether it works now."""
    web.state.attempts = Attempts(app.store.now, SharedMemory(app.store.leases))
    web.state.metrics = Metrics(app)
    web.state.badges = Badges(app)
    # What is the same for everyone is packed; a page that holds a secret beside words from outside
    # must not be, or its length would tell of the secret.
    web.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")
    for router in (api.router, operation.router, *pages.ROUTERS):
        web.include_router(router)
    for kind in STATUS:
        web.add_exception_handler(kind, _known_error)
    web.add_exception_handler(runs.ActionNotAllowed, _not_allowed)
    web.add_exception_handler(EditRefused, _not_edited)
    web.add_exception_handler(Unreadable, _unreadable_file)
    web.add_exception_handler(RequestValidationError, _invalid_request)
    web.add_exception_handler(HTTPException, _http)
    web.add_middleware(OwnPages, refused=_csrf_failed)
    web.add_middleware(Observe, broken=_server_error)
    web.add_middleware(Bounds)
    return web


@contextlib.asynccontextmanager
async def _lifespan(web: FastAPI) -> AsyncIterator[None]:
    app: App = web.state.app
    limit_shutdown()
    steady = asyncio.create_task(_housekeeping(web.state.housekeeping))
    async with contextlib.AsyncExitStack() as stack:
        for companion in web.state.companions:
            running = await stack.enter_async_context(companion)
            if isinstance(running, Running):
                web.state.running[running.name] = running.works
        yield
    steady.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await steady
    await asyncio.to_thread(web.state.trials.stop)
    await asyncio.to_thread(web.state.batches.stop)
    app.counts.flush()
    app.store.close()


async def _housekeeping(housekeeping: Housekeeping) -> None:
    """Write counts down, forget what is old, and take changed content."""
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        await asyncio.to_thread(housekeeping.run_steps)


async def _known_error(request: Request, error: Exception) -> Response:
    status, key = STATUS[type(error)]
    if isinstance(error, NotAuthenticated) and _is_api(request):
        return _no_token(request)
    if _is_api(request) or wants_fragment(request) or type(error) not in LATER:
        return _answer(request, status, key)
    sent = await unsent_form(request)
    if not isinstance(error, NotAuthenticated):
        return _answer(request, status, key, unsent=sent)
    if request.method in SAFE:
        return redirect(request, _anonymous_visitor(request), _sign_in(request))
    who = _anonymous_visitor(request)
    told = "" if sent else say(who.language, "web.unsent.lost")
    return page(
        request,
        who,
        "sign_in.html",
        status,
        next=_previous_page(request),
        told=told,
        draft="",
        unsent=sent,
    )


def _no_token(request: Request) -> Response:
    """What a program is told that is not known: what to send, and where to get it."""
    language, _ = request_language(request)
    sent = request.headers.get("authorization", "")
    cause = "bad_token" if sent else "no_token"
    body = {
        "error": say(language, f"web.error.{cause}"), "code": "sign_in", "reason": cause,
        "detail": say(language, "web.error.get_token", page=TOKENS), "tokens": TOKENS,
    }  # fmt: skip
    return JSONResponse(body, 401, HINTS[401])


def _not_allowed(request: Request, error: Exception) -> Response:
    assert isinstance(error, runs.ActionNotAllowed)
    language, _ = request_language(request)
    return _say(request, REFUSED.get(error.reason, 409), error.message(language), error.reason)


def _not_edited(request: Request, error: Exception) -> Response:
    assert isinstance(error, EditRefused)
    language, _ = request_language(request)
    return _say(request, 409, error.message(language), error.reason)


def _unreadable_file(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    language, _ = request_language(request)
    return _say(request, 422, error.message(language), "invalid")


def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language, _ = request_language(request)
    return _answer(request, 422, "web.error.invalid", reason(language, error.errors()))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    large = error.status_code == 400 and FIELD_TOO_LARGE in str(error.detail)
    if large or isinstance(error.__cause__, TooLarge):
        return _answer(request, *STATUS[TooLarge])
    key = HTTP.get(error.status_code, "web.error.other")
    return _answer(request, error.status_code, key, headers=error.headers)


def _csrf_failed(request: Request) -> Response:
    return _answer(request, 403, "web.error.forged")


def _server_error(request: Request) -> Response:
    return _answer(request, 500, "web.error.broken")


def _answer(
    request: Request,
    status: int,
    key: str,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    unsent: Unsent | None = None,
) -> Response:
    language, _ = request_language(request)
    code = key.rpartition(".")[2]
    return _say(request, status, say(language, key), code, detail, headers, unsent)


def _say(
    request: Request,
    status: int,
    told: str,
    code: str,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    unsent: Unsent | None = None,
) -> Response:
    """One clear sentence, as a page, a fragment or JSON."""
    hints = {**(headers or {}), **HINTS.get(status, {})}
    if _is_api(request):
        body = {"error": told, "code": code}
        return JSONResponse(body | ({"detail": detail} if detail else {}), status, hints)
    who = _anonymous_visitor(request)
    if wants_fragment(request):
        # htmx shows an error body only if told to; the page has a place for it.
        sign_in = _sign_in(request) if status == 401 else ""
        told = say(who.language, "web.session_ended") if sign_in else told
        response = page(
            request, who, "notice.html", status, told=told, detail=detail, sign_in=sign_in
        )
        hints |= {"hx-retarget": "#notice", "hx-reswap": "innerHTML"}
    else:
        response = page(request, who, "error.html", status, told=told, detail=detail, unsent=unsent)
    response.headers.update(hints)
    return response


def _anonymous_visitor(request: Request) -> Visitor:
    """The visitor as far as an error page needs one: nobody, in their language."""
    language, chosen = request_language(request)
    return Visitor(None, "", False, language, chosen, script_read(request))


def _sign_in(request: Request) -> str:
    """Where one signs in, to come back to the page from which the request was made."""
    return f"/sign-in?next={quote(_previous_page(request))}"


def _previous_page(request: Request) -> str:
    """The page from which the request was made."""
    here = request.url
    if wants_fragment(request):
        here = URL(request.headers.get("hx-current-url", "/"))
    elif request.method not in SAFE:
        here = URL(request.headers.get("referer", "/"))
    return here.path + (f"?{here.query}" if here.query else "")


def _is_api(request: Request) -> bool:
    path = request.url.path
    return path.startswith(("/api/", "/mcp")) and path != api.DOCS
