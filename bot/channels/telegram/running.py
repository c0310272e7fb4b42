"""What runs beside the server: the start, polling or the webhook, the sweep, and the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import FastAPI
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.model import Running
from bot.channels.telegram import menu
from bot.channels.telegram import webhook as hooks
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.joining import Joiner
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.retry import Ended, Later
from bot.channels.telegram.timings import pause
from bot.store import StoreUnavailable

Step = Callable[[], Awaitable[object]]
log = logging.getLogger("zhiwen.telegram")


def polling_lifespan(answering: Answering) -> contextlib.AbstractAsyncContextManager[object]:
    """Polls until the server stops."""
    poll = Polling(answering)
    return _lifespan(answering, poll.run, poll.renew)


def webhook(
    web: FastAPI, answering: Answering, url: str, secret: str
) -> contextlib.AbstractAsyncContextManager[object]:
    """Adds the route; what is returned tells Telegram of it and sends what was left unsent."""
    joiner = hooks.route(web, answering, secret)
    answering.held = joiner.drain
    return _lifespan(answering, lambda: hooks.announce(answering, url, secret), joiner=joiner)


@contextlib.asynccontextmanager
async def _lifespan(
    answering: Answering,
    main: Step,
    renew: Step | None = None,
    joiner: Joiner | None = None,
) -> AsyncIterator[Running]:
    """Runs *main*, the list of commands, the sweep and the renewal of leases beside the server.

    *joiner*: of a webhook, what holds pieces of texts. Without polling Telegram is asked from time
    to time whether it knows the token still, as nothing else would tell before somebody writes.
    """
    work = asyncio.create_task(_work(answering, main, renew, joiner), name="telegram")
    work.add_done_callback(_tell)
    try:
        yield Running("telegram", lambda: not (work.done() or answering.bot.is_revoked))
    finally:
        answering.stopping.set()
        await asyncio.wait({work}, timeout=answering.timings.drain)
        await answering.drain()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        with contextlib.suppress(TelegramError):
            await answering.bot.shutdown()


def _tell(work: asyncio.Future[None]) -> None:
    """Nobody waits for this task while the server runs, so its failure would go unseen."""
    if not work.cancelled() and (error := work.exception()):
        log.critical("the Telegram channel has stopped working", exc_info=error)


async def _work(
    answering: Answering, main: Step, renew: Step | None, joiner: Joiner | None
) -> None:
    timings, stopping = answering.timings, answering.stopping
    await _until_done(answering, "Telegram does not answer yet", answering.bot.initialize)
    if joiner:
        await joiner.recover(starting=True)
    answering.ready.set()
    repeated = [_repeat(timings.sweep, stopping, answering.sweep)]
    if joiner:
        repeated.append(_repeat(timings.sweep, stopping, lambda: _probe(answering)))
        repeated.append(_repeat(timings.sweep, stopping, joiner.recover))
    renewals = [step for step in (answering.leases.renew, renew) if step]
    repeated += [_repeat(timings.lease / 3, stopping, step) for step in renewals]
    await asyncio.gather(
        _until_done(answering, "Telegram does not take the start yet", main),
        _until_done(answering, "the list of commands is not set yet",
                    lambda: menu.publish(answering.bot, timings)),
        *repeated,
    )  # fmt: skip


async def _probe(answering: Answering) -> None:
    """Whether the token is known shows in the bot itself."""
    with contextlib.suppress(TelegramError):
        await answering.bot.get_me()


async def _until_done(answering: Answering, complaint: str, step: Step) -> None:
    """Try a step of the start until it works; what is wrong with it is told each time."""
    while not answering.stopping.is_set():
        try:
            await step()
            return
        except (TelegramError, Later, Ended) as error:
            # Telegram's own words only where they cannot hold the token.
            reason = error.message if isinstance(error, BadRequest) else type(error).__name__
            if isinstance(error, InvalidToken):
                reason = "it does not know this token; ask @BotFather for it and set it again"
            log.warning("%s: %s", complaint, reason)
        await pause(answering.timings.conflict, answering.stopping)


async def _repeat(seconds: float, stopping: asyncio.Event, step: Step) -> None:
    """Do that now and every so often."""
    while not stopping.is_set():
        try:
            await step()
        except StoreUnavailable:
            log.warning("the database cannot be used; trying again later")
        await pause(seconds, stopping)
