"""WeCom's AI bot: a long connection from inside, so no public address is needed."""

from __future__ import annotations

import contextlib
import logging
from urllib.parse import urlsplit

from fastapi import FastAPI

from bot import logs
from bot.app import App
from bot.channels.wecom_bot.answering import Answering
from bot.channels.wecom_bot.settings import Settings
from bot.channels.wecom_bot.timings import Timings
from bot.errors import BadInput
from bot.secrets import secret
from bot.web.startup import is_loopback

TALKATIVE = ("websockets", "httpx", "httpcore")
"""Libraries that write frames or addresses into the log at its lower levels."""


def attach(
    web: FastAPI, app: App, timings: Timings | None = None
) -> contextlib.AbstractAsyncContextManager[object]:
    """What connects as long as the server runs. Raises BadInput where the secret is missing."""
    config: Settings = app.config.platform("wecom_bot")
    given = secret("WECOM_BOT_SECRET", config.secret_file)
    if not given:
        raise BadInput(
            "wecom_bot: there is no secret. Set $ZHIWEN_WECOM_BOT_SECRET, or wecom_bot.secret_file"
            " to a file that holds it; it stands beside the Bot ID, on the bot's page in API mode"
        )
    check(config)
    _redact_logs(given)
    return Answering(app, config, given, timings or Timings()).lifespan()


def check(config: Settings) -> None:
    """Raises BadInput for an address to which the secret must not go."""
    parts = urlsplit(config.url)
    if parts.scheme == "wss" or (parts.scheme == "ws" and is_loopback(parts.hostname or "")):
        return
    raise BadInput("wecom_bot: url must begin with wss://, for the secret goes there")


def _redact_logs(given: str) -> None:
    """Keep the secret out of the log: it is a part of the first frame."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    redact = logs.Redact((given,))
    for handler in logging.getLogger().handlers:
        handler.addFilter(redact)
