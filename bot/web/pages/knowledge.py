"""The knowledge: kinds, search, entries, comparisons, and the brand cycle as a wheel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot import sources
from bot.texts import has, say
from bot.web import library
from bot.web.render import page
from bot.web.visitor import book, guarded
from bot.web.wheel import wheel
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import KINDS, Stage

router = APIRouter(include_in_schema=False)


@router.get("/knowledge")
def browse(
    request: Request,
    q: Annotated[str, Query(max_length=library.MAX_QUERY)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The entries of a kind, those that fit a search, or the kinds alone."""
    who = guarded(request, "ask")
    base, language = book(request, who).base, who.language
    chosen = kind if kind in KINDS else None
    asked = q.strip()
    found: list[str] = []
    if asked:
        found = library.search(base, asked, chosen)
    elif chosen:
        found = library.ids(base, chosen)
    cards = [library.card(base, id_, language) for id_ in found]
    return page(
        request, who, "knowledge.html", kinds=library.kinds(base), kind=chosen or "", q=asked,
        cards=cards,
    )  # fmt: skip


@router.get("/knowledge/compare")
def compare(request: Request, of: Annotated[list[str] | None, Query()] = None) -> Response:
    """Two to four entries side by side; for any other number, what to do."""
    who = guarded(request, "ask")
    seen, language = book(request, who), who.language
    cards = library.asked_for(seen.base, of or [], language)
    if not library.FEWEST <= len(cards) <= library.MOST:
        return page(request, who, "compare.html", 422, cards=cards, compared=None)
    compared = library.compared(cards, seen, language)
    return page(request, who, "compare.html", cards=cards, compared=compared)


@router.get("/knowledge/cycle")
def cycle(request: Request) -> Response:
    """The brand cycle: the steps as a wheel and as a list, and what is known of the +1."""
    who = guarded(request, "ask")
    base, language = book(request, who).base, who.language
    steps = library.steps(base, language)
    overview = library.opened(base, library.OVERVIEW, language)
    return page(
        request, who, "cycle.html", steps=steps, overview=overview,
        title=base.title(library.OVERVIEW, language), note=library.not_told(overview, language),
        cards=[library.card(base, step.id, language) for step in steps],
        wheel=wheel([_short(step, base, language) for step in steps]), **_plus_one(base, language),
    )  # fmt: skip


@router.get("/knowledge/{id_}")
def show(request: Request, id_: str) -> Response:
    """An entry with every section and where it comes from."""
    who = guarded(request, "ask")
    base, language = book(request, who).base, who.language
    found = library.opened(base, id_, language)
    kind = found.entry.kind
    others = [library.card(base, o, language) for o in library.ids(base, kind) if o != id_]
    return page(
        request, who, "entry.html", found=found, entry=found.entry, kind=kind, others=others,
        note=library.not_told(found, language), title=base.title(id_, language),
        is_stage=isinstance(found.entry, Stage),
    )  # fmt: skip


def _short(step: Stage, base: KnowledgeBase, language: str) -> str:
    """The title as it fits the wheel."""
    key = f"web.wheel.{step.id.partition('.')[2]}"
    return say(language, key) if has(language, key) else base.title(step.id, language)


def _plus_one(base: KnowledgeBase, language: str) -> dict[str, Any]:
    """What stands in the middle: that nobody knows, and what we make of it."""
    id_ = library.PLUS_ONE
    if id_ not in library.ids(base, "stage"):
        return {"plus_one": None}
    source = sources.line(library.entry(base, id_, language), "summary", base, language)
    return {"plus_one": library.card(base, id_, language), "plus_one_source": source.text}
