"""Inline mode: what somebody looks up while they write in another chat."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.app import App
from bot.channels.telegram.api import Bot
from bot.channels.telegram.reading import language_of
from bot.channels.telegram.render import render
from bot.channels.telegram.retry import Ended, Later, call, mentions
from bot.channels.telegram.sending import LIMIT, STALE
from bot.channels.telegram.split import clean, html, part
from bot.channels.telegram.timings import Timings
from bot.chat import inbox
from bot.chat.model import Capability, SearchResult
from bot.store import StoreUnavailable

CACHE_SECONDS = 10
ID_BYTES = 64
log = logging.getLogger("zhiwen.telegram")


async def answer(
    app: App,
    can: Capability,
    bot: Bot,
    timings: Timings,
    query: InlineQuery,
    run: Callable[[Callable[[], Any]], Awaitable[Any]],
) -> None:
    """Answer an inline query; what fails is not tried again, as the next key brings another."""
    sender, language = str(query.from_user.id), language_of(query.from_user)
    try:
        matches = await run(lambda: inbox.search(app, can, sender, query.query, language))
    except StoreUnavailable:
        log.warning("the database cannot be used; an inline query is not answered")
        return
    except Exception:
        log.exception("an inline query could not be answered", extra={"channel": can.channel})
        return
    results = [article for one in matches if (article := _article(one))]
    try:
        await call(
            timings,
            lambda: bot.answer_inline_query(
                query.id, results, cache_time=CACHE_SECONDS, is_personal=True
            ),
        )
    except BadRequest as error:
        if not mentions(error, *STALE):
            log.error("Telegram refused the answer to an inline query: %s", error.message)
    except (Later, Ended, ChatMigrated):
        log.warning("an inline query was not answered")


def _article(match: SearchResult) -> InlineQueryResultArticle | None:
    """One result; None for an entry with nothing to say."""
    pieces = part(render(match.message.blocks, match.message.language), LIMIT)
    if not pieces:
        return None
    text = InputTextMessageContent(
        html(pieces[0]), ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    id_ = match.id.encode()[:ID_BYTES].decode(errors="ignore")
    return InlineQueryResultArticle(id_, clean(match.title), text, description=clean(match.summary))
