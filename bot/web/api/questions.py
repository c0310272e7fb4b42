"""Ask, classify, feedback."""

from __future__ import annotations

import hashlib
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from bot import ask as asking
from bot import codec
from bot.conversation import count, count_verdict, learn, present
from bot.model import Chat, Message, Outcome
from bot.postings import batch, decided
from bot.postings.model import Row
from bot.postings.output import as_json
from bot.store import Busy, Gone
from bot.web.api import models
from bot.web.api.guard import Guarded, Key, Who, about, once
from bot.web.service import Service
from bot.web.visitor import Visitor, book, service
from rules.book import RuleBook
from rules.postings.model import Posting

FILE = "api"
HELD, PATIENCE = 30.0, 10.0
"""Seconds a turn of a conversation may take, and how long the next one waits for it."""
log = logging.getLogger("zhiwen.web")
router = APIRouter(route_class=Guarded)


@router.post(
    "/ask",
    response_model=models.Answer,
    response_model_exclude_unset=True,
    openapi_extra=about("ask", "ask"),
)
def ask(request: Request, who: Who, body: models.Ask) -> Any:
    """Answer one question; with ``chat``, as a part of that conversation.

    Without it the same question gives the same answer. Questions of one conversation that come
    at once are answered one after the other, so that none is lost.
    """
    found, seen = service(request), book(request, who)
    chat = _chat_id(who, body.chat) if body.chat else None
    if chat:
        with found.store.leases.held(f"chat:{chat}", HELD, PATIENCE):
            before = present(codec.chat_from(found.store.chats.state(chat)), seen)
            outcome, elapsed = _asked(body, found, seen, before)
            found.store.chats.keep(chat, _person(who), codec.chat_to(outcome.chat))
    else:
        outcome, elapsed = _asked(body, found, seen, asking.NEW)
    count(outcome, found.tally)
    try:
        learn(found.store, seen, Message(body.question, body.lang), outcome)
    except Busy:
        # The answer is what was asked for; only the note that it was a weak one is lost.
        log.warning("a question without an answer could not be kept")
    return asking.as_json(outcome, seen, body.id, elapsed, outcome.reply.language)


def _asked(body: models.Ask, found: Service, seen: RuleBook, before: Chat) -> tuple[Outcome, float]:
    profile = found.config.profile
    return asking.timed(body.question, body.lang, seen, profile, before)


def _chat_id(who: Visitor, chat: str) -> str:
    """Where a caller's conversation is kept: its name means nothing to anybody else."""
    told = hashlib.sha256(f"{_person(who) or ''}\n{chat}".encode()).hexdigest()
    return f"{FILE}:{told}"


def _person(who: Visitor) -> str | None:
    return who.person.id if who.person else None


@router.post(
    "/classify",
    response_model=models.Verdict | list[models.Verdict | models.Unread],
    response_model_exclude_unset=True,
    openapi_extra=about("classify", "classify"),
)
def classify(request: Request, body: Annotated[models.Postings, Body()]) -> Any:
    """Say which function a posting belongs to, or each of a list of up to 200.

    No text is kept. A posting of a list that cannot be used is told in its place; raises
    Unreadable for one that comes alone.
    """
    found = service(request)
    pack, of = found.book.pack, found.store.corrections.of
    results = []
    for number, given in enumerate(body if isinstance(body, list) else [body], 1):
        posting = Posting(given.description, given.title, given.lang)
        (row,) = decided.beside([Row(FILE, number, {}, posting, given.id)], of)
        result = batch.one(row, pack)
        if result.verdict:
            count_verdict(result.verdict, found.tally)
        elif result.row.problem and not isinstance(body, list):
            raise result.row.problem
        results.append(as_json(result, pack))
    return results if isinstance(body, list) else results[0]


@router.post(
    "/feedback",
    status_code=201,
    response_model=models.Noted,
    openapi_extra=about("feedback", "ask"),
)
def feedback(request: Request, who: Who, body: models.Thumb, key: Key = None) -> Any:
    """Say whether an answer was good; nobody is named with it."""
    found, seen = service(request), book(request, who)
    if body.entry is not None and body.entry not in seen.base.languages:
        raise Gone(body.entry)
    with once(request, who, key):
        found.store.learning.feedback(
            None, body.question, body.entry, body.section, body.good, body.reason,
            body.lang or who.language, seen.version,
        )  # fmt: skip
    found.tally["feedback", "up" if body.good else "down"] += 1
    return models.Noted()
