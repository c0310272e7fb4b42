"""Past conversations: listed, searched, taken along, deleted; one answer judged or handed on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import PlainTextResponse, Response

from bot import serialize
from bot.records import Exchanged
from bot.render.text import as_text
from bot.store import NotFound
from bot.store.conversations import Conversations
from bot.web import conversations
from bot.web.auth import Visitor, app_for, book, require
from bot.web.pagination import Number
from bot.web.render import page, redirect, wants_fragment, with_cookies

SEARCHED = 2_000
"""Messages that are looked through, the latest first."""
FOUND = LISTED = 50
"""What is found, and conversations, on one page."""
MAX_QUERY = 200
SHARED, SHARED_SECONDS = "answer", 30 * 24 * 3600.0
"""The purpose of the link to an answer, and how long it leads there."""
NO_END = 10**6
REASONS = ("wrong", "other", "missing", "old", "unclear")
"""What can be wrong with an answer: ``web.reason.*`` says it."""

router = APIRouter(include_in_schema=False)


@router.get("/chats")
def show(
    request: Request, q: Annotated[str, Query(max_length=MAX_QUERY)] = "", at: Number = 0
) -> Response:
    """The conversations, or the questions and answers in which a search finds its words."""
    who = require(request, "ask")
    sought, found = q.strip(), []
    if sought:
        found = _search(request, who, sought)
    all_ = [(conversations.key_of(who, one.chat), one) for one in _store(request).all(who.chat)]
    return page(
        request, who, "talks.html", q=sought, found=found, any=bool(all_), at=at,
        talks=all_[at * LISTED : (at + 1) * LISTED], more=len(all_) > (at + 1) * LISTED,
    )  # fmt: skip


@router.get("/chats/new")
def begin(request: Request) -> Response:
    """An empty conversation; it is kept once something is asked in it."""
    who = require(request, "ask")
    return redirect(request, who, conversations.address(conversations.new_key()))


@router.get("/chats/export")
def export(request: Request, c: Annotated[str, Query(max_length=8)] = "") -> Response:
    """A conversation as text; all of them where none is named."""
    who = require(request, "ask")
    store = app_for(request).store
    keys = [c] if conversations.is_key(c) else [
        conversations.key_of(who, one.chat) for one in _store(request).all(who.chat)
    ]  # fmt: skip
    said = (store.chats.exchanges(conversations.chat_of(who, key), NO_END) for key in keys)
    text = "\n\n".join(
        f"> {one['asked']}\n\n{as_text(one['reply'])}"
        for exchanged in said
        for one in conversations.visible_messages(request, who, exchanged)
    )
    response = PlainTextResponse(f"{text}\n", media_type="text/markdown; charset=utf-8")
    response.headers["content-disposition"] = 'attachment; filename="zhiwen-conversation.md"'
    return with_cookies(request, who, response)


@router.post("/chats/delete")
def delete(request: Request, c: Annotated[str, Form(max_length=8)]) -> Response:
    """Forget one conversation."""
    who = require(request, "ask")
    if not conversations.is_key(c):
        raise NotFound(c)
    app_for(request).store.chats.forget(conversations.chat_of(who, c))
    return redirect(request, who, "/chats")


@router.post("/forget")
def forget(request: Request) -> Response:
    """Forget every conversation of this visitor."""
    who = require(request, "ask")
    _store(request).forget(who.chat)
    return redirect(request, who, "/")


@router.post("/feedback/{message}")
def feedback(
    request: Request,
    message: int,
    good: Annotated[bool, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A thumb on one answer; a second press replaces the first."""
    who = require(request, "ask")
    app = app_for(request)
    chat, exchanged = conversations.message(app.store, who, message)
    before = serialize.chat_from(app.store.chats.state(chat)).conversation
    about = exchanged.reply.get("about") or None
    section = before.section if before.entry == about else ""
    app.store.feedback.add(
        message, exchanged.asked, about, section, good, reason,
        exchanged.reply["language"], book(request, who).version,
    )  # fmt: skip
    app.counts.add([("feedback", "up" if good else "down")])
    if not wants_fragment(request):
        why = "" if good or reason else "&why=true"
        key = conversations.key_of(who, chat)
        return redirect(
            request, who, f"{conversations.address(key)}&thanks={message}{why}#f{message}"
        )
    return page(request, who, "thanks.html", message=message, good=good, reason=reason)


@router.post("/share/{message}")
def share(request: Request, message: int) -> Response:
    """A link to one answer, for everyone who may use this server."""
    who = require(request, "ask")
    store = app_for(request).store
    _, exchanged = conversations.message(store, who, message)
    payload = {"asked": exchanged.asked, "reply": exchanged.reply, "by": who.account.id}
    token = store.tokens.issue(SHARED, payload, seconds=SHARED_SECONDS)
    where = f"/answers/{token}"
    if not wants_fragment(request):
        return redirect(request, who, where)
    return page(request, who, "link.html", where=where)


@router.get("/answers/{token}")
def show_shared_answer(request: Request, token: str) -> Response:
    """An answer that somebody handed on, as far as this visitor may see it."""
    who = require(request, "ask")
    payload = app_for(request).store.tokens.redeem(SHARED, token[:64])
    if payload is None:
        raise NotFound(token)
    exchanged = Exchanged(0, payload["asked"], payload["reply"], 0.0)
    (one,) = conversations.visible_messages(request, who, [exchanged])
    return page(request, who, "shared.html", one=one)


def _search(request: Request, who: Visitor, sought: str) -> list[tuple[str, int, str, str, float]]:
    """(conversation, number, question, piece of the answer, time) of what holds the words."""
    rows = _store(request).list_exchanges(who.chat, SEARCHED)
    words, found = sought.casefold().split(), []
    for (chat, _), one in zip(
        rows, conversations.visible_messages(request, who, (e for _, e in rows)), strict=True
    ):
        answer = as_text(one["reply"])
        if all(word in f"{one['asked']}\n{answer}".casefold() for word in words):
            piece = _excerpt(answer, words)
            found.append(
                (conversations.key_of(who, chat), one["id"], one["asked"], piece, one["at"])
            )
            if len(found) >= FOUND:
                break
    return found


def _excerpt(text: str, words: list[str], room: int = 60) -> str:
    """The part of a text in which the first of the words stands; its beginning if none does."""
    flat = " ".join(text.split())
    at = max(0, min((flat.casefold().find(word) for word in words), default=0) - room)
    return (
        ("…" if at else "") + flat[at : at + 3 * room] + ("…" if at + 3 * room < len(flat) else "")
    )


def _store(request: Request) -> Conversations:
    return app_for(request).store.conversations
