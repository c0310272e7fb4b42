"""The knowledge: kinds, search, entries, comparisons, and the brand cycle as a wheel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.exchange import kpis as kpi_files
from bot.store import NotFound
from bot.texts import has, say
from bot.views import kpis, sources
from bot.web import knowledge_search, library
from bot.web.auth import Visitor, app_for, book, require
from bot.web.cycle_svg import wheel
from bot.web.render import page, with_cookies
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import KINDS, Role, Stage

LEAF = 60
"""Entries on one page: an overlay may hold any number."""

router = APIRouter(include_in_schema=False)


@router.get("/knowledge")
def browse(
    request: Request,
    q: Annotated[str, Query(max_length=library.MAX_QUERY)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    p: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Response:
    """The entries of a kind, those that fit a search, or the kinds alone; *p* is the leaf."""
    who = require(request, "ask")
    base, language = book(request, who).base, who.language
    chosen = kind if kind in KINDS else None
    asked = q.strip()
    found: list[str] = []
    if asked:
        found = library.search(base, asked, chosen)
    elif chosen:
        found = library.ids(base, chosen)
    last = max(1, -(-len(found) // LEAF))
    leaf = min(p, last)
    cards = [library.card(base, id_, language) for id_ in found[(leaf - 1) * LEAF : leaf * LEAF]]
    lists = {} if asked or chosen else _lists(request, who, base)
    return page(
        request, who, "knowledge.html", kinds=library.kinds(base), kind=chosen or "", q=asked,
        cards=cards, marked=knowledge_search.mark_matches, lists=lists, found=len(found), leaf=leaf,
        last=last,
    )  # fmt: skip


def _lists(request: Request, who: Visitor, base: KnowledgeBase) -> dict[str, list[library.Card]]:
    """What is asked for often, and what this visitor asked for last, where there is any."""
    store, language = app_for(request).store, who.language
    judged = store.feedback.all(most=knowledge_search.COUNTED)
    said = store.conversations.list_exchanges(who.chat, knowledge_search.RECENT * 4)
    lists = {
        "recent": knowledge_search.recent(said, base, language),
        "popular": knowledge_search.popular(judged, base, language),
    }
    return {name: cards for name, cards in lists.items() if cards}


@router.get("/knowledge/suggest")
def suggest(
    request: Request, q: Annotated[str, Query(max_length=library.MAX_QUERY)] = ""
) -> Response:
    """The entries that fit what is being typed, as options below the field."""
    who = require(request, "ask")
    cards = knowledge_search.suggestions(book(request, who).base, q, who.language)
    marked = knowledge_search.mark_matches
    return page(request, who, "suggestions.html", cards=cards, q=q.strip(), marked=marked)


@router.get("/knowledge/compare")
def compare(request: Request, of: Annotated[list[str] | None, Query()] = None) -> Response:
    """Two to four entries side by side; for any other number, what to do."""
    who = require(request, "ask")
    seen, language = book(request, who), who.language
    cards = library.asked_for(seen.base, of or [], language)
    if not library.FEWEST <= len(cards) <= library.MOST:
        return page(request, who, "compare.html", 422, cards=cards, compared=None)
    compared = library.compare_cards(cards, seen, language)
    return page(request, who, "compare.html", cards=cards, compared=compared)


@router.get("/knowledge/cycle.svg")
def cycle_picture(
    request: Request,
    step: Annotated[int, Query(ge=0, le=20)] = 0,
    dark: bool = False,
) -> Response:
    """The wheel as a picture of its own, with that step as the current one; for slides."""
    who = require(request, "ask")
    base, language = book(request, who).base, who.language
    steps = library.steps(base, language)
    drawn = wheel([_short(one, base, language) for one in steps])
    plus_one = _plus_one(base, language)["plus_one"]
    title = base.title(library.OVERVIEW, language)
    response = page(
        request, who, "cycle.svg", wheel=drawn, step=step, dark=dark, title=title,
        plus_one=plus_one,
    )  # fmt: skip
    response.headers["content-type"] = "image/svg+xml; charset=utf-8"
    response.headers["content-disposition"] = 'inline; filename="brand-cycle.svg"'
    return response


@router.get("/knowledge/cycle")
def cycle(request: Request, step: Annotated[int, Query(ge=0, le=20)] = 0) -> Response:
    """The brand cycle as a wheel, with the current *step* if there is one, and as a list."""
    who = require(request, "ask")
    base, language = book(request, who).base, who.language
    steps = library.steps(base, language)
    overview = library.entry_page(base, library.OVERVIEW, language)
    return page(
        request, who, "cycle.html", steps=steps, overview=overview,
        title=base.title(library.OVERVIEW, language), note=library.not_told(overview, language),
        cards=[library.card(base, one.id, language) for one in steps],
        wheel=wheel([_short(one, base, language) for one in steps]), step=step,
        **_plus_one(base, language),
    )  # fmt: skip


@router.get("/knowledge/{id_}")
def show(request: Request, id_: str) -> Response:
    """An entry with every section and where it comes from."""
    who = require(request, "ask")
    base, language = book(request, who).base, who.language
    found = library.entry_page(base, id_, language, who.script)
    kind = found.entry.kind
    others = [library.card(base, o, language) for o in library.ids(base, kind) if o != id_]
    return page(
        request, who, "entry.html", found=found, entry=found.entry, kind=kind, others=others,
        note=library.not_told(found, language), title=base.title(id_, language),
        is_stage=isinstance(found.entry, Stage),
        editable=who.may("edit") and app_for(request).content.overlay is not None,
        kpis=kpis.blocks(found.entry, base, language) if isinstance(found.entry, Role) else (),
    )  # fmt: skip


@router.get("/knowledge/{id_}/kpis.{form}")
def kpi_rows(request: Request, id_: str, form: str) -> Response:
    """A role's metrics as rows of a table, to take along."""
    who = require(request, "ask")
    base, language = book(request, who).base, who.language
    role = library.entry(base, id_, language)
    if not isinstance(role, Role) or form not in kpi_files.FORMATS:
        raise NotFound(id_)
    write, media = kpi_files.FORMATS[form]
    response = Response(write(role, base, language, who.script), media_type=media)
    name = f"kpis-{id_.partition('.')[2]}.{form}"
    response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return with_cookies(request, who, response)


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
