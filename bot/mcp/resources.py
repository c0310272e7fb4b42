"""The content under addresses of its own: every entry, the brand cycle, the checklists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BaseModel

from bot.errors import NotFound
from bot.mcp import answers, models, work
from bot.mcp.caller import Caller
from bot.web import library
from knowledge.engine.model import LANGUAGES

SCHEME = "zhiwen"
ENTRIES, CYCLE, CHECKLISTS = "entries", "cycle", "checklists"
MIME = "application/json"
MAX_URI = 300
"""Characters of an address."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be read under an address."""

    uri: str
    title: str
    description: str = ""


def places(caller: Caller) -> list[Place]:
    """Everything that the person can read, the lists first."""
    base, language = caller.book.base, caller.language
    places = [Place(f"{SCHEME}://{ENTRIES}", ENTRIES), Place(f"{SCHEME}://{CYCLE}", CYCLE)]
    if caller.may("checklists"):
        places.append(Place(f"{SCHEME}://{CHECKLISTS}", CHECKLISTS))
    for id_ in library.ids(base):
        card = library.card(base, id_, language)
        places.append(Place(f"{SCHEME}://{ENTRIES}/{id_}", card.title, card.summary))
    return places


def read(caller: Caller, uri: str) -> BaseModel:
    """What stands at an address. Raises NotFound, Denied."""
    try:
        parts = urlsplit(uri[:MAX_URI])
        asked = parse_qs(parts.query).get("lang", [""])[0]
    except ValueError:
        raise NotFound(uri[:MAX_URI]) from None
    language = asked if asked in LANGUAGES else caller.language
    id_ = unquote(parts.path.strip("/"))
    reader = READERS.get((parts.netloc, bool(id_)))
    if parts.scheme != SCHEME or reader is None:
        raise NotFound(uri[:MAX_URI])
    caller.require("checklists" if parts.netloc == CHECKLISTS else "ask", uri[:MAX_URI])
    return reader(caller, id_, language)


def _entries(caller: Caller, _: str, language: str) -> models.Found:
    base = caller.book.base
    cards = [library.card(base, id_, language) for id_ in library.ids(base)]
    return models.Found(
        entries=[answers.hit(one) for one in cards], knowledge_version=caller.book.version
    )


def _entry(caller: Caller, id_: str, language: str) -> BaseModel:
    return answers.read(caller, models.Read.model_construct(id=id_, language=language))


def _cycle(caller: Caller, _: str, language: str) -> models.Cycle:
    """The steps of the brand cycle in order. Raises NotFound where the content has none."""
    seen = caller.book
    steps = library.steps(seen.base, language)
    overview = library.entry(seen.base, library.OVERVIEW, language)
    return models.Cycle(
        title=overview.title,
        summary=overview.summary,
        steps=[answers.hit(library.card(seen.base, one.id, language)) for one in steps],
        citations=answers.cited_sources([overview], seen, language),
        knowledge_version=seen.version,
    )


def _checklists(caller: Caller, _: str, language: str) -> models.Checklists:
    return work.checklists(caller, models.Listing.model_construct(language=language))


def _checklist(caller: Caller, id_: str, language: str) -> models.Checklist:
    return work.checklist(caller, models.Read.model_construct(id=id_, language=language))


READERS: dict[tuple[str, bool], Callable[[Caller, str, str], BaseModel]] = {
    (ENTRIES, False): _entries,
    (ENTRIES, True): _entry,
    (CYCLE, False): _cycle,
    (CHECKLISTS, False): _checklists,
    (CHECKLISTS, True): _checklist,
}
"""(the first part of an address, whether an id follows) -> what reads it."""
