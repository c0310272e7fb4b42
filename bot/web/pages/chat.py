"""The chat: the bubbles so far, a message and its reply, thumbs up and down."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import serialize
from bot.chat import inbox
from bot.chat.load import Asker
from bot.chat.model import Capability, Incoming
from bot.records import Exchanged
from bot.store import Gone
from bot.texts import say
from bot.web.render import page, speaking, to, wants_fragment
from bot.web.visitor import Visitor, book, guarded, service
from bot.withheld import Withheld

WEB = Capability("web", words=False, beside=False)
MAX_MESSAGE, MAX_PRESS = 20_000, 64
SHOWN = 50
HISTORY_GAP = 15 * 60
"""Seconds of silence after which the time is shown again."""

router = APIRouter(include_in_schema=False)


@router.get("/")
def show(request: Request, thanks: int = 0, why: bool = False) -> Response:
    """The chat with its last messages; *thanks* is the one just judged, *why* asks for a reason."""
    who = guarded(request, "ask")
    said = [_bubble(one) for one in service(request).store.chats.said(who.chat, SHOWN)]
    kept_back = Withheld(service(request).book.base, book(request, who).base)
    for bubble in said:
        bubble["reply"] = kept_back.reply(bubble["reply"])
    for before, after in zip([None, *said], said, strict=False):
        after["time"] = before is None or after["at"] - before["at"] > HISTORY_GAP
    examples = [say(who.language, f"help.example.{i}") for i in range(1, 5)]
    thanked = {"thanks": thanks, "good": not why}
    return page(request, who, "chat.html", said=said, examples=examples, **thanked)


@router.post("/chat")
def send(
    request: Request,
    text: Annotated[str, Form(max_length=MAX_MESSAGE)] = "",
    press: Annotated[str, Form(max_length=MAX_PRESS)] = "",
) -> Response:
    """A message, or an action that was pressed; its bubble and the answer come back together."""
    who = guarded(request, "ask")
    incoming = Incoming(
        "", who.chat, who.someone.id, text, press, language=who.language,
        chosen=who.language if who.chosen else None,
    )  # fmt: skip
    asker = Asker(WEB, incoming, who.someone, who.chat, book(request, who))
    exchange = inbox.converse(service(request), asker)
    response = _sent(request, who, exchange)
    if exchange.outcome.answer.intent == "language":
        speaking(request, exchange.outcome.reply.language, response)
    return response


def _sent(request: Request, who: Visitor, exchange: inbox.Exchange) -> Response:
    """The new bubbles; the page anew where no script asks for them."""
    if not wants_fragment(request):
        return to(request, who, f"/#m{exchange.kept}" if exchange.kept else "/")
    asked, reply = exchange.outcome.exchanged or ("", exchange.outcome.reply)
    bubble = {"id": exchange.kept, "asked": asked, "reply": reply, "at": 0.0, "time": False}
    return page(request, who, "bubbles.html", said=[bubble], latest=True)


@router.post("/feedback/{message}")
def feedback(
    request: Request,
    message: int,
    good: Annotated[bool, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A thumb on one answer; a second press replaces the first."""
    who = guarded(request, "ask")
    app = service(request)
    exchanged = app.store.chats.one(who.chat, message)
    if exchanged is None:
        raise Gone(str(message))
    before = serialize.chat_from(app.store.chats.state(who.chat)).conversation
    about = exchanged.reply.get("about") or None
    section = before.section if before.entry == about else ""
    app.store.learning.feedback(
        message, exchanged.asked, about, section, good, reason,
        exchanged.reply["language"], book(request, who).version,
    )  # fmt: skip
    app.counts.add([("feedback", "up" if good else "down")])
    if not wants_fragment(request):
        why = "" if good or reason else "&why=true"
        return to(request, who, f"/?thanks={message}{why}#f{message}")
    return page(request, who, "thanks.html", message=message, good=good, reason=reason)


@router.post("/forget")
def forget(request: Request) -> Response:
    """Begin anew: the chat and everything said in it is deleted."""
    who = guarded(request, "ask")
    service(request).store.chats.forget(who.chat)
    return to(request, who, "/")


def _bubble(one: Exchanged) -> dict[str, Any]:
    reply = serialize.reply_from(one.reply)
    return {"id": one.id, "asked": one.asked, "reply": reply, "at": one.at, "time": False}
