"""Where an answer comes from, in one line or in full."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from bot.model import Block, Bullets, Footnote
from bot.render.text import cells
from bot.texts import say
from knowledge.engine import cites
from knowledge.engine.base import Citation, KnowledgeBase
from knowledge.engine.model import Comparison, Entry

GENERAL, BEYOND = " \u2020", " \u2021"
"""The marks of a line that no article states, and of one that goes beyond what it states."""
LONGEST = 160
"""Columns of a line with several articles."""


def is_general(entry: Entry, section: str) -> bool:
    """Whether that section of the entry rests on general practice rather than on an article."""
    return cites.is_general(entry, section)


def mark_general_practice(entry: Entry) -> Entry:
    """The entry with a mark at each line of general practice that stands among an article's."""
    return cast(Entry, cites.mark_lines(entry, _mark))


def _mark(text: str, standing: cites.Standing) -> str:
    return text + (GENERAL if standing == "general" else BEYOND)


def adds_verdict(entry: Entry) -> bool:
    """Whether a comparison that an article makes ends with a judgement that none does."""
    stated = entry.origin == "article" and not is_general(entry, "rows")
    return isinstance(entry, Comparison) and stated and is_general(entry, "verdict")


def legend(entry: Entry, sections: Collection[str], language: str) -> str:
    """What the marks in these sections mean, "" where there are none."""
    standings = {
        standing
        for section in sections
        if cites.is_mixed(entry, section)
        for _, standing in cites.lines(entry, section)
    }
    if "rows" in sections and adds_verdict(entry):
        standings.add("general")
    keys = [key for key in ("general", "beyond") if key in standings]
    return "\n".join(say(language, f"source.mark.{key}") for key in keys)


def line(entry: Entry, section: str, base: KnowledgeBase, language: str) -> Footnote:
    """The source of one section, in one line."""
    if entry.origin == "ours":
        return Footnote(say(language, "source.ours"), entry.id, section)
    if entry.origin == "organization" and not entry.sources:
        return Footnote(say(language, "source.organization"), entry.id, section)
    if is_general(entry, section):
        return Footnote(say(language, "source.general"), entry.id, section)
    told = articles(base.citations(entry, language, section), language)
    marks = legend(entry, (section,), language)
    return Footnote("\n".join(filter(None, (told, marks))), entry.id, section)


def entry_footnote(
    entry: Entry, sections: Collection[str], base: KnowledgeBase, language: str
) -> Footnote:
    """The sources of several sections of an entry, and what the marks in them mean."""
    first = line(entry, "", base, language)
    marks = [legend(entry, sections, language)]
    if entry.origin == "article" and any(is_general(entry, section) for section in sections):
        marks.insert(0, say(language, "source.mark.section"))
    return Footnote("\n".join(filter(None, (first.text, *marks))), entry.id)


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


def full_source(
    entry: Entry, section: str, base: KnowledgeBase, language: str
) -> tuple[Block, ...]:
    """The source of one section with what each passage states."""
    cited = () if is_general(entry, section) else base.citations(entry, language, section)
    states = tuple(say(language, "source.states", id=c.id, states=c.states) for c in cited)
    first = line(entry, section, base, language)
    return (first, Bullets(states)) if states else (first,)


def _article(title: str, group: list[Citation], language: str) -> str:
    """An article and its passages; an author that nobody knows is left out."""
    author = group[0].author
    known = author and author != say(language, "source.anonymous")
    key = "source.article" if known else "source.article.anonymous"
    passages = " ".join(f"#{c.id.partition('#')[2]}" for c in group)
    return say(language, key, author=author, title=title, passages=passages)
