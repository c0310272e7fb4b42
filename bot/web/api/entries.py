"""The content: entries in a list, and one entry whole."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from bot.store import NotFound
from bot.web.api import models
from bot.web.api.guard import Guarded, Who, openapi_extra
from bot.web.auth import book
from knowledge.engine import cites
from knowledge.engine.model import KINDS, Entry
from rules.book import RuleBook

APART = {field.name for field in dataclasses.fields(Entry)} - {"summary", "not_covered", "related"}
"""What is no section: names, sources, examples."""
router = APIRouter(route_class=Guarded)


@router.get(
    "/entries",
    response_model=list[models.EntryLine],
    openapi_extra=openapi_extra("entries", "ask"),
)
def entries(
    request: Request,
    who: Who,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    lang: models.Language | None = None,
) -> Any:
    """List the entries, or those of one kind such as ``role``."""
    if kind is not None and kind not in KINDS:
        raise NotFound(kind)
    base, language = book(request, who).base, lang or who.language
    return [
        {"id": id_, "kind": id_.partition(".")[0], "title": base.title(id_, language)}
        for id_ in base.ids(kind)
    ]


@router.get(
    "/entries/{id}",
    response_model=models.EntryTold,
    openapi_extra=openapi_extra("entry", "ask"),
)
def entry(request: Request, who: Who, id: str, lang: models.Language | None = None) -> Any:
    """Tell one entry whole."""
    return entry_json(book(request, who), id, lang or who.language)


def entry_json(seen: RuleBook, id_: str, language: str) -> dict[str, Any]:
    """The entry as data. Raises NotFound."""
    base = seen.base
    if id_ not in base.languages:
        raise NotFound(id_)
    spoken = base.told_in(id_, language)
    found = base.entry(id_, spoken)
    sections = {
        key.rstrip("_"): value
        for key, value in dataclasses.asdict(found).items()
        if key not in APART and value not in (None, (), [])
    }
    return {
        "id": id_,
        "kind": found.kind,
        "title": found.title,
        "lang": spoken,
        "aliases": found.aliases,
        "origin": found.origin,
        "sections": sections,
        "general_lines": {
            place: standing for place, standing in cites.lines(found) if standing != "article"
        },
        "markets": [
            {"market": m.market, "text": m.text(spoken), "law": m.law, "checked": m.checked}
            for m in base.markets(id_)
        ],
        "sources": [
            {"id": c.id, "title": c.title, "states": c.states}
            for c in base.citations(found, language)
        ],
        "knowledge_version": seen.version,
    }
