"""A file that somebody sent, fetched from Telegram when the core asks for it, on its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from telegram import Document
from telegram.error import TelegramError

from bot.channels.telegram.api import Bot
from bot.channels.telegram.retry import Ended, Later, call
from bot.channels.telegram.timings import Timings

MOST = 5_000_000
"""Bytes; a larger file is not fetched, whatever was said of its size."""
SECONDS = 60.0


def fetcher_for(bot: Bot, timings: Timings) -> Callable[[Document], Callable[[], bytes]]:
    """A document -> what fetches it, to be called on another thread than this one's loop."""
    loop = asyncio.get_running_loop()

    def lazy_fetch(document: Document) -> Callable[[], bytes]:
        def fetch() -> bytes:
            future = asyncio.run_coroutine_threadsafe(_fetch(bot, timings, document), loop)
            try:
                return future.result(SECONDS)
            except (TelegramError, Later, Ended, TimeoutError):
                future.cancel()
                # Not "from" the error: that may hold the address, and the address the token.
                raise OSError("the file cannot be fetched from Telegram") from None

        return fetch

    return lazy_fetch


async def _fetch(bot: Bot, timings: Timings, document: Document) -> bytes:
    if (document.file_size or 0) > MOST:
        raise Later("too large")
    file = await call(timings, lambda: bot.get_file(document.file_id))
    if file is None or (file.file_size or 0) > MOST:
        raise Later("no answer, or too large")
    data = await call(timings, file.download_as_bytearray)
    if data is None:
        raise Later("no answer")
    return bytes(data)
