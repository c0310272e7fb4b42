"""Ask, classify, feedback."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from starlette.concurrency import run_in_threadpool

from bot import ask as asking
from bot.app import App
from bot.chat import programs
from bot.chat.load import Asker
from bot.model import Outcome
from bot.postings.json_form import as_json
from bot.postings.model import Row
from bot.store import NotFound
from bot.web.api import models
from bot.web.api.guard import Guarded, Key, Who, idempotent, openapi_extra
from bot.web.auth import app_for, book
from rules.postings.model import Posting

FILE = "api"
SHORT = 300
"""Characters of a question that takes a few milliseconds."""
router = APIRouter(route_class=Guarded)


@router.post(
    "/ask",
    response_model=models.Answer,
    response_model_exclude_unset=True,
    openapi_extra=openapi_extra("ask", "ask"),
)
async def ask(request: Request, who: Who, body: models.Ask) -> Response:
    """Answer one question; with ``chat``, as a part of that conversation.

    Without it the same question gives the same answer. Questions of one conversation that come
    at once are answered one after the other, so that none is lost.
    """
    start, app, seen = time.perf_counter(), app_for(request), book(request, who)
    asker = programs.asker_of(FILE, who.account, seen, body.question, body.lang, body.chat)
    if asker.chat or len(body.question) > SHORT:
        outcome = await run_in_threadpool(programs.answer, app, asker)
    else:
        outcome = await _at_once(app, asker)
    elapsed = (time.perf_counter() - start) * 1000
    return _json(asking.as_json(outcome, seen, body.id, elapsed, outcome.reply.language))


async def _at_once(app: App, asker: Asker) -> Outcome:
    """Answer a short question that belongs to no conversation."""
    # Answering reads nothing and waits for nobody: another thread would only take turns with this.
    outcome = programs.answer_alone(app, asker)
    if programs.is_open(asker, outcome):
        await run_in_threadpool(programs.note, app, asker, outcome)
    return outcome


def _json(told: dict[str, Any] | list[dict[str, Any]]) -> Response:
    """The answer as it is: a test holds it to the model, so that not every call has to."""
    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(raw, media_type="application/json")


@router.post(
    "/classify",
    response_model=models.Verdict | list[models.Verdict | models.Unread],
    response_model_exclude_unset=True,
    openapi_extra=openapi_extra("classify", "classify"),
)
def classify(request: Request, body: Annotated[models.Postings, Body()]) -> Response:
    """Say which function a posting belongs to, or each of a list of up to 200.

    No text is kept. A posting of a list that cannot be used is told in its place; raises
    Unreadable for one that comes alone.
    """
    app = app_for(request)
    results = []
    for number, given in enumerate(body if isinstance(body, list) else [body], 1):
        posting = Posting(given.description, given.title, given.lang)
        result = programs.classify(app, app.book, Row(FILE, number, {}, posting, given.id))
        if result.row.problem and not isinstance(body, list):
            raise result.row.problem
        results.append(as_json(result, app.book.pack))
    return _json(results if isinstance(body, list) else results[0])


@router.post(
    "/feedback",
    status_code=201,
    response_model=models.Noted,
    openapi_extra=openapi_extra("feedback", "ask"),
)
def feedback(request: Request, who: Who, body: models.Thumb, key: Key = None) -> Any:
    """Say whether an answer was good; nobody is named with it."""
    found, seen = app_for(request), book(request, who)
    if body.entry is not None and body.entry not in seen.base.languages:
        raise NotFound(body.entry)
    with idempotent(request, who, key):
        found.store.feedback.add(
            None, body.question, body.entry, body.section, body.good, body.reason,
            body.lang or who.language, seen.version,
        )  # fmt: skip
    found.counts.add([("feedback", "up" if body.good else "down")])
    return models.Noted()
