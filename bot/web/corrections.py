"""What people decide about a posting on its page: kept, shown, taken back."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from bot.errors import BadInput
from bot.postings import decisions
from bot.postings.model import Decided, Unreadable
from bot.postings.output import name_of
from bot.store import NotFound
from bot.web.auth import Visitor, app_for
from rules.postings.classify import input_of
from rules.postings.model import OUT_OF_SCOPE, Posting, Verdict
from rules.postings.posting_rules import PostingRules

SOURCE = "web"


def keep(request: Request, who: Visitor, posting: Posting, function: str, reason: str) -> None:
    """Keep what the visitor decided.

    Raises Unreadable for what is no function, StoreUnavailable.
    """
    found = app_for(request)
    try:
        pack = found.book.pack
        decisions.keep(found.store, posting, function, reason, who.account.name, SOURCE, pack)
    except BadInput:
        raise Unreadable("web.posting.nothing") from None


def undo(request: Request, who: Visitor, posting: Posting, id_: int) -> None:
    """Take back the decision that holds about the posting. Raises Unreadable, StoreUnavailable."""
    store = app_for(request).store
    held = store.corrections.get_many([input_of(posting)]).get(input_of(posting))
    try:
        if held is None or held.id != id_:
            raise NotFound(str(id_))
        store.corrections.undo(id_, who.account.name)
    except NotFound:
        raise Unreadable("web.posting.gone") from None


def decision_for(request: Request, verdict: Verdict) -> Decided | None:
    """What holds about the posting of a verdict."""
    key = verdict.stamp.input
    held = app_for(request).store.corrections.get_many([key]).get(key)
    return decisions.from_correction(held) if held else None


def view(held: Decided | None, pack: PostingRules, language: str) -> dict[str, Any]:
    """What the page needs beside it: the decision, and the functions to choose from."""
    names = [*pack.functions, OUT_OF_SCOPE]
    return {
        "held": held,
        "functions": [(name, name_of(name, pack, language)) for name in names],
    }
