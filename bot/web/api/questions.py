"""Ask, classify, feedback."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from bot import ask as asking
from bot.app import App
from bot.assistant import reply
from bot.chat import inbox, save
from bot.chat.load import Asker
from bot.chat.memory import counts, verdict_counts
from bot.chat.model import Capability, Incoming
from bot.model import Message, Outcome
from bot.postings import batch, decided
from bot.postings.model import Row
from bot.postings.output import as_json
from bot.store import Busy, Gone
from bot.web.api import models
from bot.web.api.guard import Guarded, Key, Who, about, once
from bot.web.visitor import Visitor, book, service
from rules.book import RuleBook
from rules.postings.model import Posting

FILE = "api"
API = Capability("", words=False, beside=False)
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
    app, seen = service(request), book(request, who)
    if body.chat:
        return _in_chat(app, who, body, seen)
    start = time.perf_counter()
    message = Message(body.question, body.lang)
    outcome = reply(message, asking.NEW, seen, app.config.profile)
    app.counts.add(counts(outcome))
    try:
        save.note(app, body.question, outcome, seen.version)
    except Busy:
        # The answer is what was asked for; only the note that it was a weak one is lost.
        log.warning("a question without an answer could not be kept")
    return _told(body, outcome, seen, start)


def _in_chat(app: App, who: Visitor, body: models.Ask, seen: RuleBook) -> Any:
    """Answer it as a part of a conversation; the question itself is kept nowhere."""
    start, chat = time.perf_counter(), _chat_id(who, body.chat or "")
    incoming = Incoming("", chat, who.someone.id, body.question, chosen=body.lang)
    exchange = inbox.converse(app, Asker(API, incoming, who.someone, chat, seen), keeps=False)
    return _told(body, exchange.outcome, seen, start)


def _told(body: models.Ask, outcome: Outcome, seen: RuleBook, start: float) -> Any:
    elapsed = (time.perf_counter() - start) * 1000
    return asking.as_json(outcome, seen, body.id, elapsed, outcome.reply.language)


def _chat_id(who: Visitor, chat: str) -> str:
    """Where a caller's conversation is kept: its name means nothing to anybody else."""
    key = hashlib.sha256(f"{who.someone.id}\n{chat}".encode()).hexdigest()
    return f"{FILE}:{key}"


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
            found.counts.add(verdict_counts(result.verdict))
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
    found.counts.add([("feedback", "up" if body.good else "down")])
    return models.Noted()
