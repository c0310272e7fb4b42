"""Telegram: polling or a webhook; updates become messages for the core, replies become messages."""

from __future__ import annotations

import contextlib
import logging
import re

from fastapi import FastAPI

from bot import logs
from bot.app import App
from bot.channels.telegram import running
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.api import bot_of
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.timings import Timings
from bot.channels.telegram.webhook import secret_of
from bot.errors import BadInput
from bot.secrets import secret

TALKATIVE = ("httpx", "httpcore", "telegram")
"""Libraries that write addresses or messages into the log at its lower levels."""
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")


def attach(
    web: FastAPI, app: App, timings: Timings | None = None
) -> contextlib.AbstractAsyncContextManager[object]:
    """Add the channel to the server; what is returned runs beside it.

    Raises BadInput where a secret or the address is missing.
    """
    config: Settings = app.config.platform("telegram")
    timings = timings or Timings()
    token = secret("TELEGRAM_TOKEN", config.token_file)
    if not _TOKEN.fullmatch(token):
        raise BadInput(
            "telegram: there is no token, or it is not one. Set $ZHIWEN_TELEGRAM_TOKEN, or"
            " telegram.token_file to a file that holds it; @BotFather gives you one"
        )
    given = secret("TELEGRAM_SECRET", config.secret_file)
    _redact_logs(token, given)
    answering = Answering(app, bot_of(token, config.api, timings), timings)
    if config.mode == "polling":
        return running.polling_lifespan(answering)
    if not (config.url or "").startswith("https://"):
        raise BadInput(
            "telegram: mode webhook needs telegram.url, the public https address of this server"
        )
    return running.webhook(web, answering, str(config.url), secret_of(given, token))


def _redact_logs(*secrets: str) -> None:
    """Keep the token out of the log: it is a part of every address that is called."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    redact = logs.Redact(secrets)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redact)
