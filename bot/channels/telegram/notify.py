"""A message that nobody has asked for, such as what is due today."""

from __future__ import annotations

import asyncio

from telegram.error import BadRequest, TelegramError

from bot.app import App
from bot.channels.telegram.api import bot_of
from bot.channels.telegram.retry import Ended, Later, call
from bot.channels.telegram.sending import NO_PREVIEW
from bot.channels.telegram.timings import Timings
from bot.secrets import secret

LIMIT, IN_BYTES = 4096, False
"""UTF-16 units of one message."""


def send(app: App, to: str, text: str) -> None:
    """Send it to the private chat of that user. Raises OSError for what is to be tried again.

    Somebody who has blocked the bot is told nothing, and that is that.
    """
    config = app.config.platform("telegram")
    asyncio.run(_send(secret("TELEGRAM_TOKEN", config.token_file), config.api, to, text))


async def _send(token: str, api: str, to: str, text: str) -> None:
    timings = Timings()
    bot = bot_of(token, api, timings)
    try:
        async with bot:
            await call(
                timings, lambda: bot.send_message(int(to), text, link_preview_options=NO_PREVIEW)
            )
    except (Ended, BadRequest):
        return
    except (Later, TelegramError) as error:
        raise OSError(f"Telegram: {type(error).__name__}") from None
