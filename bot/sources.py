"""Where an answer comes from, in one line or in full."""

from __future__ import annotations

from bot.model import Block, Bullets, Footnote
from bot.texts import say
from knowledge.base import Citation, KnowledgeBase
from knowledge.model import Entry

SHORT_LIST = 4


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
    return Footnote("\n".join(_articles(base.citations(entry, language), language)), entry.id)


def full(entry: Entry, section: str, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The source of one section with what each passage states."""
    cited = () if is_general(entry, section) else base.citations(entry, language)
    states = tuple(say(language, "source.states", id=c.id, states=c.states) for c in cited)
    first = line(entry, section, base, language)
    return (first, Bullets(states)) if states else (first,)


def _articles(cited: tuple[Citation, ...], language: str) -> list[str]:
    by_article: dict[str, list[Citation]] = {}
    for citation in cited:
        by_article.setdefault(citation.title, []).append(citation)
    return [
        say(
            language,
            "source.article",
            author=group[0].author,
            title=title,
            passages=" ".join(f"#{c.id.partition('#')[2]}" for c in group[:SHORT_LIST]),
        )
        for title, group in by_article.items()
    ]
