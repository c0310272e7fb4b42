"""The web channel: one ASGI server for pages and API."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.channels import attach
from bot.channels.shutdown import DRAIN_SECONDS
from bot.config import Config
from bot.errors import BadInput
from bot.postings import sandbox
from bot.reload import ContentReloader
from bot.secrets import secrets_in
from bot.store import StoreUnavailable
from bot.store.location import database
from bot.texts import say

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI


def run(config: Config, live: ContentReloader) -> int:
    """Serve until stopped. Raises BadInput for a setting that is not safe or an address in use."""
    from bot.web.startup import check

    check(config)
    logs.start(secrets=secrets_in(database(config)))
    listening = listen(config)
    sandbox.share(1)
    web = application(config, live)
    announce(config, listening)
    server_of(web).run(sockets=[listening])
    return 0


def content(config: Config, root: Path, overlay: Path | None) -> ContentReloader:
    """The content to serve. Raises ContentError, and BadInput for an organization it lacks."""
    from bot.commands.common import check_profile

    live = ContentReloader(root, overlay)
    check_profile(config, live.book.base)
    return live


def application(config: Config, live: ContentReloader) -> FastAPI:
    """Everything that is served, chat platforms included. Raises BadInput."""
    from bot.web.app import create_app
    from bot.web.startup import open_app

    try:
        app = open_app(config, live)
        web = create_app(app)
        web.state.companions = attach(web, app)
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    return web


def announce(config: Config, listening: socket.socket) -> None:
    """Say where it listens."""
    host, port = listening.getsockname()[:2]
    language = "en" if config.language == "auto" else config.language
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    print(say(language, "web.serving", address=address), file=sys.stderr, flush=True)


def server_of(web: FastAPI) -> uvicorn.Server:
    """The server for an application."""
    import uvicorn

    return uvicorn.Server(settings(web))


def settings(web: Any, **more: Any) -> uvicorn.Config:
    """How it serves: no access log of its own, no name, no header believed."""
    import uvicorn

    return uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        proxy_headers=False,
        **more,
    )


def listen(config: Config) -> socket.socket:
    """A socket at the configured address. Raises BadInput."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once instead of gathering them.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((config.host.strip("[]"), config.port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise BadInput(f"cannot listen on {config.host}:{config.port}: {error}") from None
    return listening
