"""Where an answer comes from, in one line or in full."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Block, Bullets, Footnote
from bot.render.text import cells
from bot.texts import say
from knowledge.engine.base import Citation, KnowledgeBase
from knowledge.engine.model import Entry

SHORT_LIST = 4
LONGEST = 160
"""Columns of a line with several articles."""


def is_general(entry: Entry, section: str) -> bool:
    """Whether that section of the entry rests on general practice rather than on an article."""
    return entry.origin == "general" or section in entry.general


def line(entry: Entry, section: str, base: KnowledgeBase, language: str) -> Footnote:
    """The source of one section, in one line."""
    if entry.origin == "ours":
        return Footnote(say(language, "source.ours"), entry.id)
    if entry.origin == "organization" and not entry.sources:
        return Footnote(say(language, "source.organization"), entry.id)
    if is_general(entry, section):
        return Footnote(say(language, "source.general"), entry.id)
    return Footnote(articles(base.citations(entry, language), language), entry.id)


def articles(cited: Iterable[Citation], language: str) -> str:
    """The articles of these passages: in one line if it is a short one, else each in its own."""
    by_article: dict[str, list[Citation]] = {}
    for citation in dict.fromkeys(cited):
        by_article.setdefault(citation.title, []).append(citation)
    each = [_article(title, group, language) for title, group in by_article.items()]
    line = say(language, "source.line", articles=say(language, "list.semicolon").join(each))
    if cells(line) <= LONGEST:
        return line
    return "\n".join(say(language, "source.line", articles=one) for one in each)


def full(entry: Entry, section: str, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The source of one section with what each passage states."""
    cited = () if is_general(entry, section) else base.citations(entry, language)
    states = tuple(say(language, "source.states", id=c.id, states=c.states) for c in cited)
    first = line(entry, section, base, language)
    return (first, Bullets(states)) if states else (first,)


def _article(title: str, group: list[Citation], language: str) -> str:
    """An article and its passages; an author that nobody knows is left out."""
    author = group[0].author
    known = author and author != say(language, "source.anonymous")
    key = "source.article" if known else "source.article.anonymous"
    passages = " ".join(f"#{c.id.partition('#')[2]}" for c in group[:SHORT_LIST])
    return say(language, key, author=author, title=title, passages=passages)
