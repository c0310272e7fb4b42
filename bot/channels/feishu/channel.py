"""Feishu: callbacks over HTTP in, cards with buttons and files out."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.app import App
from bot.channels.feishu.agent import SWEEP, Agent
from bot.channels.feishu.client import Api
from bot.channels.feishu.door import CHALLENGE, Door
from bot.channels.feishu.reading import read
from bot.channels.feishu.settings import Settings
from bot.channels.tencent.answering import refusal_response
from bot.channels.tencent.errors import Malformed, Rejected
from bot.errors import BadInput
from bot.secrets import secret
from bot.web.startup import is_loopback

PATH = "/hooks/feishu"


def attach(
    web: FastAPI, app: App, sweep: float = SWEEP
) -> contextlib.AbstractAsyncContextManager[object]:
    """Add the callback to the server; what is returned sends the replies.

    Raises BadInput where a secret is missing or would go out in the clear.
    """
    config: Settings = app.config.platform("feishu")
    check(config)
    door = Door(
        _required_secret(
            "FEISHU_ENCRYPT_KEY", config.encrypt_key_file, "encrypt_key_file", "Encrypt Key"
        ),
        secret("FEISHU_TOKEN", config.token_file),
    )
    given = _required_secret("FEISHU_SECRET", config.secret_file, "secret_file", "App Secret")
    agent = Agent(app, Api(config, given, app.store.leases), sweep)

    async def hook(request: Request) -> Response:
        try:
            event = door.open(request.headers, await request.body())
            if event.get("type") == CHALLENGE:
                return JSONResponse({"challenge": str(event.get("challenge", ""))[:200]})
            _check_app(config, event)
        except Rejected as error:
            return refusal_response("feishu", error)
        found = read(event)
        return JSONResponse({}) if found is None else await agent.answer(found)

    web.add_api_route(PATH, hook, methods=["POST"], include_in_schema=False)
    return agent.lifespan()


def check(config: Settings) -> None:
    """Raises BadInput for an address to which the secret must not go."""
    parts = urlsplit(config.api)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    ):
        raise BadInput("feishu: api must begin with https://, for the secret goes there")


def _check_app(config: Settings, event: dict[str, object]) -> None:
    """Raises Malformed for an event of another app."""
    header = event.get("header")
    if not isinstance(header, dict) or header.get("app_id", config.app_id) != config.app_id:
        raise Malformed("it is of another app, or of a kind before version 2.0")


def _required_secret(name: str, file: str | None, option: str, called: str) -> str:
    """A secret without which nothing works. Raises BadInput."""
    given = secret(name, file)
    if not given:
        raise BadInput(
            f"feishu: there is no {called}. Set $ZHIWEN_{name}, or feishu.{option} to a file that"
            " holds it; it stands on the app's pages in the developer console"
        )
    return given
