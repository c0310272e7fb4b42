"""The webhook: Telegram brings updates to the shared server and shows a secret."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re

from fastapi import FastAPI, Request, Response

from bot.channels.telegram.answering import CAN, Answering
from bot.channels.telegram.joining import Joiner
from bot.channels.telegram.reading import KINDS
from bot.channels.telegram.retry import call
from bot.channels.telegram.shape import fits
from bot.chat.pieces import Pieces
from bot.errors import BadInput

PATH = "/hooks/telegram"
HEADER = "x-telegram-bot-api-secret-token"
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def secret_of(given: str, token: str) -> str:
    """The secret that Telegram is to show: the one *given*, else one that follows from the token.

    Raises BadInput for one that Telegram would not take, or that can be guessed.
    """
    if not given:
        return hmac.new(token.encode(), b"zhiwen telegram webhook", hashlib.sha256).hexdigest()
    if not _SECRET.fullmatch(given):
        raise BadInput(
            "the webhook secret ($ZHIWEN_TELEGRAM_SECRET or telegram.secret_file) must be 16 to 256"
            " of the characters A-Z, a-z, 0-9, _ and -"
        )
    return given


def route(web: FastAPI, answering: Answering, secret: str) -> Joiner:
    """Add the route. Before the start is over, and whenever an update is not safe, Telegram is to
    come again. Returns what holds the pieces of long texts.
    """
    joiner = Joiner(
        answering.take, answering.timings, answering.stopping, Pieces(answering.app, CAN),
        answering.threads.run,
    )  # fmt: skip

    async def hook(request: Request) -> Response:
        shown = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(shown, secret.encode()):
            return Response(status_code=403)
        try:
            update = json.loads(await request.body())
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not fits(update):
            return Response(status_code=400)
        asked, taken = True, None
        if answering.ready.is_set():
            asked, taken = await joiner.take(update)
        if not asked:
            return Response(status_code=200)
        if taken is None:
            return Response(status_code=503, headers={"retry-after": "1"})
        if taken.send_task:
            # The reply is kept: what takes longer goes on without Telegram waiting for it.
            await asyncio.wait({taken.send_task}, timeout=answering.timings.patience)
        return Response(status_code=200)

    web.add_api_route(PATH, hook, methods=["POST"], include_in_schema=False)
    return joiner


async def announce(answering: Answering, url: str, secret: str) -> None:
    """Tell Telegram where to bring updates. Raises Later, BadRequest."""
    await call(
        answering.timings,
        lambda: answering.bot.set_webhook(
            url.rstrip("/") + PATH, allowed_updates=list(KINDS), secret_token=secret
        ),
    )
