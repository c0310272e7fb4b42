"""What holds in one market only: platforms and law, each line with the name of its market."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Block, Bullets, Footnote
from bot.script.detect import HONG_KONG, TAIWAN
from bot.texts import say
from bot.views.sources import GENERAL, is_general
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.markets import HOME, Market, MarketNote
from knowledge.engine.model import Entry

BESIDE = frozenset({
    "summary", "definition", "points", "steps", "do", "rows", "what_for", "responsibilities",
    "methods", "pause_points", "pitfalls",
})  # fmt: skip
"""The sections below which the reader's own market is told."""
WRITTEN: Mapping[str, tuple[Market, ...]] = {TAIWAN: ("tw", "hk"), HONG_KONG: ("hk",)}
"""The markets of those who write Chinese in a script. Traditional words by themselves do not tell
Taiwan from Hong Kong, so both are told; what Cantonese alone writes does."""


def reader_markets(language: str, script: str = "") -> tuple[Market, ...]:
    """The markets of those who read that language, Chinese in that *script*."""
    return WRITTEN.get(script, HOME[language]) if language == "zh" else HOME[language]


def blocks(id_: str, base: KnowledgeBase, language: str, script: str = "") -> tuple[Block, ...]:
    """The lines of every market, the reader's own first; nothing where there are none."""
    here = reader_markets(language, script)
    notes = sorted(base.markets(id_), key=lambda note: note.market not in here)
    return (Bullets(tuple(_line(note, language) for note in notes)),) if notes else ()


def local_lines(
    entry: Entry, section: str, base: KnowledgeBase, language: str, script: str = ""
) -> tuple[Block, ...]:
    """The lines of the reader's own market, to stand below *section*; marked as general practice
    where the section itself is an article's."""
    if section not in BESIDE:
        return ()
    notes = [
        note for note in base.markets(entry.id) if note.market in reader_markets(language, script)
    ]
    if not notes:
        return ()
    title = say(language, "markets.here")
    lines = tuple(_line(note, language) for note in notes)
    if entry.origin != "article" or is_general(entry, section):
        return (Bullets(lines, title),)
    mark = Footnote(say(language, "source.mark.general"))
    return (Bullets(lines, title + GENERAL), mark)


def _line(note: MarketNote, language: str) -> str:
    market = say(language, f"market.{note.market}")
    if note.law is None:
        return say(language, "pair.line", left=market, right=note.text(language))
    return say(
        language, "markets.law", market=market, law=note.law, checked=note.checked or "",
        text=note.text(language),
    )  # fmt: skip
