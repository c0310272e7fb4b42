"""The same server over HTTP, on the web server: behind its tokens, rights, rates and audit."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.app import App
from bot.web.auth import accepted_language, require

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from bot.mcp.caller import Caller

PATH = "/mcp"


def attach(web: FastAPI, app: App) -> contextlib.AbstractAsyncContextManager[None]:
    """Add the door; what is returned closes it."""
    door = Door(app)
    door.route = Route(PATH, endpoint=door)
    web.router.routes.append(door.route)
    return door.lifespan()


class Door:
    """Lets in who may ask, each request by itself; no session is kept, so any process answers.

    The SDK takes its second to import and its memory only once somebody comes.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self.route: Route | None = None
        """Under which its requests are counted."""
        self._opening = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whose body is read only once its sender is known.

        Raises NotAuthenticated, Forbidden, RateLimited, WrongHost.
        """
        scope["route"] = self.route
        request = Request(scope, receive)
        scope.setdefault("state", {})["caller"] = await run_in_threadpool(self._caller, request)
        manager = self._manager or await self._open_manager()
        await manager.handle_request(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Runs as long as the server does."""
        try:
            yield
        finally:
            self._over.set()
            if self._running:
                await self._running

    def _caller(self, request: Request) -> Caller:
        from bot.mcp.caller import Caller

        who = require(request, "ask")
        # An assistant names no language as browsers do; it reads English, and translates.
        language = who.language if who.chosen else accepted_language(request) or "en"
        return Caller(self._app, who.account, language)

    async def _open_manager(self) -> StreamableHTTPSessionManager:
        async with self._opening:
            if self._manager is None:
                manager = await run_in_threadpool(_manager)
                ready = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, ready), name="mcp")
                await ready.wait()
                self._manager = manager
            return self._manager

    async def _run(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        """The SDK wants its group of tasks begun and ended in one task."""
        async with manager.run():
            ready.set()
            await self._over.wait()


def _manager() -> StreamableHTTPSessionManager:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from bot.mcp.server import server_for

    # Who may come in by which name is settled by our own guard, as for every other page.
    return StreamableHTTPSessionManager(server_for(_caller_of), json_response=True, stateless=True)


def _caller_of(ctx: Any) -> Caller:
    caller: Caller = ctx.request.scope["state"]["caller"]
    return caller
