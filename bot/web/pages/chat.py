"""The chat: the bubbles so far, a message and its reply, thumbs up and down."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot import codec
from bot.conversation import Told, converse
from bot.model import Message, Reply
from bot.store import Gone
from bot.store.chats import Said
from bot.texts import say
from bot.web.render import page, speaking, to, wants_fragment
from bot.web.visitor import Visitor, book, guarded, service
from bot.withheld import Withheld

MAX_MESSAGE = 20_000
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
) -> Response:
    """A message; its bubble and the answer come back together."""
    who = guarded(request, "ask")
    found = service(request)
    message = Message(text, who.language if who.chosen else None, who.language, "web")
    person = who.person.id if who.person else None
    told = converse(
        found.store,
        book(request, who),
        who.chat,
        message,
        person,
        found.config.profile,
        found.tally,
        who.may("classify"),
    )
    response = _sent(request, who, told)
    if told.answer.intent == "language":
        speaking(request, told.reply.language, response)
    return response


def _sent(request: Request, who: Visitor, told: Told) -> Response:
    """The new bubbles; the page anew where no script asks for them."""
    if not wants_fragment(request):
        return to(request, who, f"/#m{told.message}")
    bubble = {
        "id": told.message, "asked": told.asked, "reply": told.reply, "at": 0.0, "time": False,
    }  # fmt: skip
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
    found = service(request)
    said = next((one for one in found.store.chats.said(who.chat, 200) if one.id == message), None)
    if said is None:
        raise Gone(str(message))
    before = codec.chat_from(found.store.chats.state(who.chat)).conversation
    about = said.reply.get("about") or None
    section = before.section if before.entry == about else ""
    found.store.learning.feedback(
        message, said.asked, about, section, good, reason,
        said.reply["language"], book(request, who).version,
    )  # fmt: skip
    found.tally["feedback", "up" if good else "down"] += 1
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


def _bubble(said: Said) -> dict[str, Any]:
    reply: Reply = codec.reply_from(said.reply)
    return {"id": said.id, "asked": said.asked, "reply": reply, "at": said.at, "time": False}
