"""The knowledge as pages show it: what may be seen, found, opened and set side by side.

`ids` is the one place that says which entries there are for a reader; everything else asks it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Block, Chat, Message, Turn
from bot.skills import respond
from bot.store import NotFound
from bot.texts import say
from bot.views import sources
from bot.views.entry import parts
from knowledge.engine import check
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import KINDS, LANGUAGES, Comparison, Entry, Stage
from knowledge.engine.normal import fold
from rules.book import RuleBook
from rules.questions import standalone as question

MAX_QUERY = 200
FOUND = 40
NEAR = 0.3
"""Share of the best hit's score from which on a hit is shown."""
FEWEST, MOST = 2, question.MAX_COMPARED
OVERVIEW, PLUS_ONE = question.OVERVIEW, question.PLUS_ONE


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in a list."""

    id: str
    title: str
    summary: str
    language: str
    """The language of the summary."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of an entry, and where it comes from if not from the entry's own sources."""

    name: str
    blocks: tuple[Block, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry as its page shows it."""

    entry: Entry
    language: str
    """The language it is told in."""
    parts: tuple[Part, ...]
    sources: tuple[Block, ...]
    related: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Entries side by side."""

    cards: tuple[Card, ...]
    written: Card | None
    """The written comparison, where there is one."""
    blocks: tuple[Block, ...]
    more: tuple[Part, ...]


def ids(base: KnowledgeBase, kind: str | None = None) -> list[str]:
    """The entries that are shown, in listing order; a retired one is as if it were not there."""
    return [id_ for id_ in base.ids(kind) if base.entry(id_).status == "active"]


def kinds(base: KnowledgeBase) -> list[tuple[str, int]]:
    """The kinds, each with the number of its entries."""
    return [(kind, count) for kind in KINDS if (count := len(ids(base, kind)))]


def entry(base: KnowledgeBase, id_: str, language: str) -> Entry:
    """The entry in the language it can be told in. Raises NotFound for one that is not shown."""
    if id_ not in base.languages or base.entry(id_).status != "active":
        raise NotFound(id_)
    return base.entry(id_, base.told_in(id_, language))


def card(base: KnowledgeBase, id_: str, language: str) -> Card:
    """The entry as lists show it. Raises NotFound."""
    found = entry(base, id_, language)
    return Card(id_, base.title(id_, language), found.summary, base.told_in(id_, language))


def search(base: KnowledgeBase, text: str, kind: str | None = None) -> list[str]:
    """The entries that fit the words, best first."""
    among = frozenset(f"{id_}|{lang}" for id_ in ids(base, kind) for lang in LANGUAGES)
    hits = base.index.search(fold(text[:MAX_QUERY]), FOUND * 2, among)
    least = NEAR * hits[0].score if hits else 0.0
    found = dict.fromkeys(hit.key.partition("|")[0] for hit in hits if hit.score >= least)
    return list(found)[:FOUND]


def entry_page(base: KnowledgeBase, id_: str, language: str, script: str = "") -> Opened:
    """Everything on an entry's page, for a reader of Chinese in that *script*. Raises NotFound."""
    found = entry(base, id_, language)
    told = tuple(
        Part(name, blocks, _own_source(found, name, base, language))
        for name, blocks in parts(sources.mark_general_practice(found), base, language, script)
    )
    shown = set(ids(base)) - {id_}
    links = dict.fromkeys([*found.related, *(link for _, _, link in check.links(found))])
    related = tuple(card(base, link, language) for link in links if link in shown)
    where = sources.full_source(found, "", base, language)
    return Opened(found, base.told_in(id_, language), told, where, related)


def _own_source(found: Entry, section: str, base: KnowledgeBase, language: str) -> str:
    if found.origin != "article":
        return ""
    if sources.is_general(found, section):
        return sources.line(found, section, base, language).text
    return sources.legend(found, (section,), language)


def asked_for(base: KnowledgeBase, given: list[str], language: str) -> list[Card]:
    """The entries named in *given*, each once; ids may be parted by commas. Raises NotFound."""
    named = dict.fromkeys(id_.strip() for part in given for id_ in part.split(",") if id_.strip())
    return [card(base, id_, language) for id_ in list(named)[: MOST + 1]]


def compare_cards(cards: list[Card], book: RuleBook, language: str) -> Compared:
    """The entries side by side, as the chat would set them."""
    base = book.base
    answer = question.side_by_side(tuple(one.id for one in cards), book)
    turn = Turn(Message("", language), Chat(), book, answer, language, None)
    reply = respond(turn).reply
    whole = base.entry(answer.entry or "", base.told_in(answer.entry or "", language))
    if not isinstance(whole, Comparison):
        return Compared(tuple(cards), None, reply.blocks[1:], ())
    more = tuple(
        Part(name, blocks, "")
        for name, blocks in parts(sources.mark_general_practice(whole), base, language)
        if name in ("in_common", "how_they_work_together")
    )
    return Compared(tuple(cards), card(base, whole.id, language), reply.blocks[1:], more)


def steps(base: KnowledgeBase, language: str) -> list[Stage]:
    """The numbered steps of the brand cycle, in order."""
    found = (entry(base, id_, language) for id_ in ids(base, "stage"))
    numbered = [stage for stage in found if isinstance(stage, Stage) and stage.number]
    return sorted(numbered, key=lambda stage: stage.number or 0)


def not_told(opened_: Opened, language: str) -> str:
    """The sentence that says in which language an entry is told, where it is not the reader's."""
    if opened_.language == language:
        return ""
    return say(language, "language.note", language=say(language, f"language.{opened_.language}"))
