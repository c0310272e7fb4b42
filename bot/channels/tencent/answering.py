"""From a callback to the core's answer, within the few seconds that a platform waits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from fastapi import Request, Response

from bot.app import App
from bot.channels.background import Result, Threads
from bot.channels.tencent.errors import Rejected
from bot.chat import inbox
from bot.chat.model import Capability, Incoming, OutgoingMessage
from bot.model import Paragraph
from bot.render.split import head
from bot.store import StoreUnavailable
from bot.texts import say
from knowledge.engine.model import LANGUAGES

LIMIT = 2048
"""Bytes of UTF-8 in a text; what is longer is cut off by WeCom without a word."""
THREADS = 4
"""For messages, and as many again for what waits for somebody else: files, WeCom's API."""
FAILURES = 3
"""So many messages in a row that went wrong, and the channel counts as stopped."""
log = logging.getLogger("zhiwen.tencent")

Arrives = Callable[[OutgoingMessage], int | None]
"""How many messages of a reply arrive with the answer to the callback, None for all."""


def all_of_it(_: OutgoingMessage) -> None:
    """Where there is nothing but the answer to the callback."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. A platform breaks off after 5, and comes again up to three times."""

    late: float = 3.5
    """After so long a file is said to be in work."""
    patience: float = 4.5
    """So long somebody else's answer to the same message, or the database, is waited for."""
    slow: float = 60.0
    """The same for a file, of which it was said that it is in work."""
    hold: float = 1.0
    """Then nothing is said until the platform breaks off: only then does it surely come again."""
    step: float = 0.05
    """Between two looks."""
    sweep: float = 20.0
    """Between two looks for replies that were never sent."""
    renew: float = 5.0
    """Between two renewals of what is just being sent."""
    drain: float = 8.0
    """So long what is under way may take when the server stops."""


class Answering:
    """Asks the core for one channel."""

    def __init__(self, app: App, can: Capability, timings: Timings | None = None) -> None:
        self.app, self.can, self.timings = app, can, timings or Timings()
        # Few threads: writers of SQLite that wait in a queue of ours are served in their order.
        self._threads = Threads(THREADS, can.channel)
        self._slow = Threads(THREADS, f"{can.channel}-slow")
        self._closed, self._failures = False, 0

    async def receive(
        self, incoming: Incoming, slow: bool = False, arrives: Arrives = all_of_it
    ) -> inbox.Delivery | None:
        """What goes back to a message; None: it is to come again; `apology` where all failed."""
        end = time.monotonic() + (self.timings.slow if slow else self.timings.patience)
        while True:
            delivery = await self.run(lambda: self._ask(incoming, end, arrives), slow)
            if delivery is not None or time.monotonic() > end:
                return delivery
            await asyncio.sleep(self.timings.step)

    async def run(self, act: Callable[[], Result], slow: bool = False) -> Result:
        """Call something that blocks; *slow*: it may take seconds, and must not hold others up."""
        return await (self._slow if slow else self._threads).run(act)

    async def retry_response(self) -> Response:
        """The answer that makes a platform come again."""
        await asyncio.sleep(self.timings.hold)
        return Response(status_code=503, headers={"retry-after": "1"})

    async def sentence(self, chat: str, key: str) -> str:
        """A sentence of the channel itself, in the language of the chat."""
        return say(await self.run(lambda: self._language_of(chat)), key)

    @property
    def works(self) -> bool:
        """Whether messages are answered: not when all that were tried lately went wrong."""
        return not self._closed and self._failures < FAILURES

    def close(self) -> None:
        """No more questions."""
        self._closed = True
        for threads in (self._threads, self._slow):
            threads.close()

    def _ask(self, incoming: Incoming, end: float, arrives: Arrives) -> inbox.Delivery | None:
        """The reply; None where somebody else makes it, or the database cannot be used.

        None, too, for a message that has waited until its *end* for its turn: nobody listens any
        more, and those behind it can still be answered in time.
        """
        if time.monotonic() > end:
            log.warning("too many messages at once", extra={"channel": self.can.channel})
            return None
        try:
            delivery = inbox.receive(self.app, self.can, incoming, arrives)
            self._failures = 0
            return delivery
        except StoreUnavailable:
            log.warning("the database cannot be used", extra={"channel": self.can.channel})
            return None
        except Exception:
            self._failures += 1
            log.exception("a message could not be answered", extra={"channel": self.can.channel})
            return inbox.Delivery(apology(self._language_of(incoming.chat)))

    def _language_of(self, chat: str) -> str:
        """The language of the chat so far."""
        try:
            state = self.app.store.chats.state(f"{self.can.channel}:{chat}") or {}
        except StoreUnavailable:
            state = {}
        language = state.get("language") or state.get("speaking")
        return language if language in LANGUAGES else LANGUAGES[0]


@cache
def apology(language: str) -> OutgoingMessage:
    """The apology for what went wrong; always the same object, and kept nowhere."""
    text = say(language, "talk.broken")
    return OutgoingMessage(language, (Paragraph(text),), texts=(text,))


def passive_text(message: OutgoingMessage) -> str:
    """The text of a reply as one message; nothing where there is none."""
    return head(message.texts[0], LIMIT, "bytes") if message.texts else ""


def refusal_response(channel: str, error: Rejected) -> Response:
    """The answer to a callback that is none; it is counted in the log, without what it held."""
    log.warning("callback refused: %s", error, extra={"channel": channel, "status": error.status})
    return Response(f"{error}\n", error.status, media_type="text/plain")


def params_of(request: Request) -> dict[str, str]:
    """The parameters in the address of a callback."""
    return dict(request.query_params)
