"""What a platform's agent does every so often as long as it runs: sweeps, renewed leases."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.errors import StoreUnavailable


async def repeat(
    seconds: float,
    act: Callable[[], Awaitable[Any]],
    log: logging.Logger,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Do that now and every so many *seconds*, until cancelled; trouble is told and waited out.

    *extra*: what the lines of the log say besides, such as the channel.
    """
    while True:
        try:
            await act()
        except StoreUnavailable:
            log.warning("the database cannot be used; trying again later", extra=extra)
        except Exception:
            log.exception("a sweep failed; it goes on", extra=extra)
        await asyncio.sleep(seconds)
