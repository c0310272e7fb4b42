"""Questions, entries, comparisons: what the content says, and plainly where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot import ask as asking
from bot.chat import programs
from bot.mcp import models
from bot.mcp.caller import Caller
from bot.model import Reply, Table
from bot.render.text import as_text
from bot.web import library
from bot.web.api.entries import entry_json as whole
from bot.web.api.models import EntryLine, EntryTold, Source
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Entry
from rules.book import RuleBook


def ask(caller: Caller, asked: models.Ask) -> models.Answer:
    """The answer to a question, in a conversation or by itself."""
    seen = caller.book
    asker = programs.asker_of(
        "mcp", caller.person, seen, asked.question, asked.language, asked.chat
    )
    outcome = programs.answer(caller.app, asker)
    told = asking.as_json(outcome, seen, None, 0.0, outcome.reply.language)
    language: Any = outcome.reply.language
    base, entry = seen.base, told["entry"]
    return models.Answer(
        answered=told["band"] == "answer" and not told["guess"],
        band=told["band"],
        text=told["text"],
        refusal=told["text"] if told["band"] == "decline" else None,
        entry=entry,
        title=base.title(entry, language) if entry else None,
        section=told["section"],
        citations=told["sources"],
        missing=told["missing"],
        guess=told["guess"],
        alternatives=[_line(base, one["entry"], language) for one in told["alternatives"]],
        choices=told["shown"],
        compared=told["compared"],
        language=language,
        chat=asked.chat,
        knowledge_version=seen.version,
    )


def search(caller: Caller, asked: models.Search) -> models.Found:
    """Entries that fit some words."""
    seen, language = caller.book, response_language(caller, asked.language)
    found = library.search(seen.base, asked.words, asked.kind)[: asked.limit]
    entries = [hit(library.card(seen.base, id_, language)) for id_ in found]
    return models.Found(entries=entries, knowledge_version=seen.version)


def read(caller: Caller, asked: models.Read) -> EntryTold:
    """An entry whole."""
    seen, language = caller.book, response_language(caller, asked.language)
    library.entry(seen.base, asked.id, language)
    return EntryTold.model_validate(whole(seen, asked.id, language))


def compare(caller: Caller, asked: models.Compare) -> models.Compared:
    """Two to four entries side by side."""
    seen, language = caller.book, response_language(caller, asked.language)
    cards = library.asked_for(seen.base, asked.ids, language)
    found = library.compare_cards(cards, seen, language)
    table = next((one for one in found.blocks if isinstance(one, Table)), Table((), ()))
    ids = (found.written.id,) if found.written else tuple(one.id for one in cards)
    return models.Compared(
        entries=[hit(one) for one in cards],
        written=found.written.id if found.written else None,
        heads=list(table.heads),
        rows=[[name, *cells] for name, cells in table.rows],
        text=as_text(Reply(language, found.blocks)),
        citations=cited_sources(
            (library.entry(seen.base, id_, language) for id_ in ids), seen, language
        ),
        language=language,
        knowledge_version=seen.version,
    )


def cited_sources(entries: Iterable[Entry], seen: RuleBook, language: str) -> list[Source]:
    """The passages that entries rest on, each once; for one without any, what it rests on."""
    found: dict[str, Source] = {}
    for entry in entries:
        passages = seen.base.citations(entry, language)
        for one in passages:
            found[one.id] = Source(id=one.id, title=one.title, states=one.states)
        if not passages:
            origin = entry.origin if entry.origin != "article" else "general"
            found.setdefault(origin, Source(id=origin))
    return list(found.values())


def response_language(caller: Caller, asked: str | None) -> Any:
    """The language of what is told: the one asked for, else that of the caller."""
    return asked or caller.language


def hit(card: library.Card) -> models.Hit:
    """An entry as lists have it."""
    kind = card.id.partition(".")[0]
    return models.Hit.model_validate(
        {"id": card.id, "kind": kind, "title": card.title, "summary": card.summary,
         "language": card.language}
    )  # fmt: skip


def _line(base: KnowledgeBase, id_: str, language: str) -> EntryLine:
    return EntryLine(id=id_, kind=id_.partition(".")[0], title=base.title(id_, language))
