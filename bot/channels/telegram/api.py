"""The Bot API by python-telegram-bot: waiting as long as Telegram says, sending no faster."""

from __future__ import annotations

import os
from typing import Any

from telegram.error import InvalidToken
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.timings import Timings

# Else the library warns, at every "wait so many seconds", that their type will change.
os.environ.setdefault("PTB_TIMEDELTA", "true")
RETRIES = 3
"""How often a call is made again that Telegram answered with "wait so many seconds"."""
CONNECTIONS = 64
UPLOAD_SECONDS = 60.0


class Bot(ExtBot[int]):
    """The bot; updates come as plain data.

    The library reads all updates of a batch at once: one that it does not understand would hold up
    the others for ever.
    """

    _revoked = False

    @property
    def is_revoked(self) -> bool:
        """Whether Telegram did not know the token when it was last asked anything."""
        return self._revoked

    async def _do_post(self, *args: Any, **more: Any) -> Any:
        """Every call goes through here, as the library provides for."""
        try:
            result = await super()._do_post(*args, **more)
        except InvalidToken:
            self._revoked = True
            raise
        self._revoked = False
        return result

    async def updates(
        self, offset: int, limit: int, seconds: float, kinds: tuple[str, ...], patience: float
    ) -> list[dict[str, Any]]:
        """Up to *limit* updates from *offset* on, waiting *seconds* for the first one."""
        data = {
            "offset": offset, "limit": limit, "timeout": int(seconds),
            "allowed_updates": list(kinds),
        }  # fmt: skip
        updates = await self._post("getUpdates", data, read_timeout=seconds + patience)
        return updates if isinstance(updates, list) else []


def bot_of(token: str, address: str, timings: Timings) -> Bot:
    """The bot of that token, at the API of that address."""
    api = address.rstrip("/")
    request = HTTPXRequest(
        CONNECTIONS, timings.read, timings.read, timings.connect, pool_timeout=timings.read,
        media_write_timeout=UPLOAD_SECONDS,
    )  # fmt: skip
    polling = HTTPXRequest(
        1, timings.read, timings.read, timings.connect, pool_timeout=timings.read
    )
    limiter = AIORateLimiter(
        overall_max_rate=timings.rate, group_max_rate=timings.group_rate, max_retries=RETRIES
    )
    return Bot(
        token, f"{api}/bot", f"{api}/file/bot", request=request, get_updates_request=polling,
        rate_limiter=limiter,
    )  # fmt: skip
