"""The JSON API: the same answers, verdicts and checklists, for programs."""

from __future__ import annotations

from fastapi import APIRouter

from bot.web.api import checklists, docs, entries, models, questions
from bot.web.api.guard import NotJson, Replayed

__all__ = ["DOCS", "NotJson", "Replayed", "router"]

DOCS = docs.DOCS
REFUSALS = {
    400: "The body cannot be read",
    401: "Nobody is signed in",
    403: "The caller may not do this, or a page elsewhere made the call",
    404: "There is no such thing",
    409: "It has changed, is closed, a rule forbids it, or the same call was made before",
    413: "The body is too large",
    415: "The body is not JSON",
    421: "The server is not known by that name",
    422: "Something is not filled in right",
    429: "Too many calls in a short time",
    503: "The database cannot be used now; nothing was kept",
}

router = APIRouter(
    prefix="/api",
    responses={
        status: {"model": models.Error, "description": text} for status, text in REFUSALS.items()
    },
)
for part in (questions, entries, checklists):
    router.include_router(part.router)
router.include_router(docs.router)
