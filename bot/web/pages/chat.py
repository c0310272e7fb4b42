"""The chat: a conversation so far, a message and its reply; who has said nothing sees the jobs."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from bot.chat import inbox
from bot.chat.load import Asker
from bot.chat.model import Capability, Incoming
from bot.texts import say
from bot.web import conversations
from bot.web.auth import NotAuthenticated, Visitor, app_for, book, require, visitor
from bot.web.render import page, redirect, wants_fragment, with_language_cookie

WEB = Capability("web", words=False, offers_more=False)
MAX_MESSAGE, MAX_PRESS, MAX_ONCE = 20_000, 64, 40
MAX_DRAFT = 1_500
"""Characters of an unsent question that an address can bring back."""
SHOWN = 50
EXAMPLES = 4
HISTORY_GAP = 15 * 60
"""Seconds of silence after which the time is shown again."""
JOBS = (("posting", "classify"), ("checklists", "checklists"))
"""The other jobs on the first page, and the right each takes."""
Key = Annotated[str, Query(max_length=8)]

router = APIRouter(include_in_schema=False)


@router.get("/")
def show(
    request: Request,
    c: Key = "",
    thanks: int = 0,
    why: bool = False,
    edit: int = 0,
    draft: Annotated[str, Query(max_length=MAX_DRAFT)] = "",
) -> Response:
    """A conversation, the latest one unless *c* names another.

    *thanks* is the answer just judged, *why* asks for a reason; *edit* is the question, and
    *draft* the text, that stands in the field.
    """
    who = require(request, "ask")
    store = app_for(request).store
    key = c if conversations.is_key(c) else conversations.latest_conversation(store, who)
    said = conversations.visible_messages(
        request, who, store.chats.exchanges(conversations.chat_of(who, key), SHOWN)
    )
    for before, after in zip([None, *said], said, strict=False):
        after["time"] = before is None or after["at"] - before["at"] > HISTORY_GAP
    written = next((one["asked"] for one in said if one["id"] == edit), draft)
    return page(
        request, who, "chat.html", said=said, key=key, thanks=thanks, good=not why, draft=written,
        once=secrets.token_hex(8), jobs=[name for name, right in JOBS if who.may(right)],
        examples=[say(who.language, f"help.example.{i}") for i in range(1, EXAMPLES + 1)],
    )  # fmt: skip


@router.post("/chat")
def send(
    request: Request,
    text: Annotated[str, Form(max_length=MAX_MESSAGE)] = "",
    press: Annotated[str, Form(max_length=MAX_PRESS)] = "",
    c: Annotated[str, Form(max_length=8)] = "",
    once: Annotated[str, Form(max_length=MAX_ONCE)] = "",
) -> Response:
    """A message, or an action that was pressed; its bubble and the answer come back together.

    *once*: a form with the same one that was sent already is not answered again.
    """
    try:
        who = require(request, "ask")
    except NotAuthenticated:
        if wants_fragment(request) or not text.strip():
            raise
        back = f"/?draft={quote(text[:MAX_DRAFT])}"
        return page(
            request, visitor(request), "sign_in.html", 401, next=back, told="", draft=text,
            unsent=None,
        )  # fmt: skip
    app = app_for(request)
    key = conversations.key_of_press(app.store, who, press) or (
        c if conversations.is_key(c) else conversations.MAIN
    )
    chat = conversations.chat_of(who, key)
    if (
        once
        and not wants_fragment(request)
        and not app.store.replays.first_time("web", f"{chat} {once}")
    ):
        return redirect(request, who, conversations.address(key))
    incoming = Incoming(
        "", chat, who.account.id, text, press, language=who.language,
        chosen_language=who.language if who.chosen else None,
    )  # fmt: skip
    exchange = inbox.converse(app, Asker(WEB, incoming, who.account, chat, book(request, who)))
    response = _new_bubbles(request, who, exchange, key)
    if exchange.outcome.answer.intent == "language":
        with_language_cookie(request, exchange.outcome.reply.language, response)
    return response


def _new_bubbles(request: Request, who: Visitor, exchange: inbox.Exchange, key: str) -> Response:
    """The new bubbles; the page anew where no script asks for them."""
    if not wants_fragment(request):
        place = f"#m{exchange.number}" if exchange.number else ""
        return redirect(request, who, f"{conversations.address(key)}{place}")
    asked, reply = exchange.outcome.exchanged or ("", exchange.outcome.reply)
    bubble: dict[str, Any] = {
        "id": exchange.number, "asked": asked, "reply": reply, "at": 0.0, "time": False,
        "marked": conversations.mark_quotes(asked, reply),
    }  # fmt: skip
    return page(request, who, "bubbles.html", said=[bubble], key=key, latest=True)
