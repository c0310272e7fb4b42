"""Calls of the Bot API that are tried again where that is right, and what their errors mean."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.timings import Timings

Result = TypeVar("Result")
ENDED = (
    "chat not found",
    "peer_id_invalid",
    "user_is_blocked",
    "chat_write_forbidden",
    "topic_closed",
    "not enough rights",
    "have no rights to send",
    "group chat was deactivated",
)
"""Where nobody can be reached any more, or not by us."""
log = logging.getLogger("zhiwen.telegram")


class Later(Exception):
    """Telegram cannot be reached or wants us to wait: what was to be done is still to be done."""


class Ended(Exception):
    """The chat is gone, or its person wants nothing from us."""


async def call(timings: Timings, act: Callable[[], Awaitable[Result]]) -> Result | None:
    """What *act* returns; tried again on errors of the network and of Telegram's own.

    None: Telegram took the call twice and answered neither in time. It is not known then whether
    it was carried out. Once more is better than never, as someone who sees nothing is worse off
    than someone who sees it twice; a third time would only be a nuisance.
    Raises Later, Ended, and BadRequest or ChatMigrated for what the caller knows better.
    """
    waits, unanswered = iter(timings.again), False
    while True:
        try:
            return await act()
        except BadRequest as error:
            if mentions(error, *ENDED):
                raise Ended(error.message) from None
            raise
        except Forbidden as error:
            raise Ended(error.message) from None
        except ChatMigrated:
            raise
        except TimedOut as error:
            if isinstance(error.__cause__, httpx.ReadTimeout | httpx.WriteTimeout):
                if unanswered:
                    return None
                unanswered = True
                log.warning("Telegram did not answer in time; the call is made once more")
        except NetworkError:
            pass  # refused, dropped, or an error of Telegram's own: not carried out
        except TelegramError as error:
            raise Later(type(error).__name__) from None
        wait = next(waits, None)
        if wait is None:
            raise Later("network")
        await asyncio.sleep(wait)


def mentions(error: TelegramError, *words: str) -> bool:
    """Whether the error speaks of one of those things."""
    description = error.message.lower()
    return any(word in description for word in words)
